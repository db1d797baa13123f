"""What the published systems minimise: plain functions as those of ``training.objectives``."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sitsr_core.baselines.ddpm import diffuse
from sitsr_core.baselines.sr3 import Sr3, draw_levels
from sitsr_core.baselines.srdiff import ResidualDiffusion
from sitsr_core.datasets.simulate import TrainingBatch
from sitsr_core.models.network import filled_reference
from sitsr_core.training.distributed import ALONE, Processes
from sitsr_core.training.objectives import inner, log_squared_error, usual_unit


def regression_objective(
    network: nn.Module, batch: TrainingBatch, generator: torch.Generator, processes: Processes = ALONE
) -> tuple[Tensor, dict[str, float]]:
    """The loss of this project's own mean, without its likelihood of the error, so that systems differ and not their losses."""
    loss, gain = log_squared_error(network(batch.series), batch, usual_unit(batch.truth), processes)
    return loss, {"loss": loss.item(), "gain_db": gain}


def noise_objective(
    network: ResidualDiffusion, batch: TrainingBatch, generator: torch.Generator, processes: Processes = ALONE
) -> tuple[Tensor, dict[str, float]]:
    """L1 of the noise at a random step (Li et al. 2022, algorithm 1), plus L1 of the coarse encoder's own regression."""
    coarse = filled_reference(batch.series)
    condition, regression = network.encode(batch.series)
    present = (batch.weight > 0).expand_as(batch.truth)  # what the source lacks is 0, as it is when a series without it is sampled
    residual = network.scaled_residual(batch.truth, coarse) * present
    samples = processes.count * len(residual)  # noise and steps are drawn for the whole batch
    noise = processes.part(torch.randn(samples, *residual.shape[1:], generator=generator)).to(residual.device) * present
    t = processes.part(torch.randint(len(network.alphas), (samples,), generator=generator)).to(residual.device)
    predicted = network.predict_noise(diffuse(residual, noise, t, network.alphas), t, condition)
    weight = inner(batch.weight.expand_as(batch.truth))
    share = processes.mean(weight.mean()).clamp(min=1e-3)
    of_noise = (inner((predicted - noise).abs()) * weight).mean() / share
    of_encoder = (inner(F.l1_loss(regression.float(), network.normalise(batch.truth), reduction="none")) * weight).mean() / share
    loss = of_noise + of_encoder
    return loss, {"loss": loss.item(), "noise": of_noise.item(), "encoder": of_encoder.item()}


def noise_level_objective(
    network: Sr3, batch: TrainingBatch, generator: torch.Generator, processes: Processes = ALONE
) -> tuple[Tensor, dict[str, float]]:
    """L1 of the noise at a random noise level (Saharia et al. 2022, algorithm 1)."""
    present = (batch.weight > 0).expand_as(batch.truth)
    image = network.scaled(batch.truth) * present
    samples = processes.count * len(image)  # noise and levels are drawn for the whole batch
    noise = processes.part(torch.randn(samples, *image.shape[1:], generator=generator)).to(image.device) * present
    level = processes.part(draw_levels(samples, network.gammas, generator)).to(image.device)
    share_of_image, share_of_noise = (x.view(-1, 1, 1, 1) for x in (level, (1 - level**2).sqrt()))
    predicted = network.predict_noise(share_of_image * image + share_of_noise * noise, level, network.condition(batch.series))
    weight = inner(batch.weight.expand_as(batch.truth))
    loss = (inner((predicted - noise).abs()) * weight).mean() / processes.mean(weight.mean()).clamp(min=1e-3)
    return loss, {"loss": loss.item()}
