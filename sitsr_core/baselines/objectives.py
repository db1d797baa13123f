"""What the published systems minimise: plain functions as those of ``training.objectives``."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sitsr_core.baselines.ddpm import diffuse
from sitsr_core.baselines.srdiff import Srdiff
from sitsr_core.datasets.simulate import TrainingBatch
from sitsr_core.models.network import NetworkConfig, filled_reference
from sitsr_core.training.distributed import ALONE, Processes
from sitsr_core.training.objectives import inner, log_squared_error


def regression_objective(
    network: nn.Module, batch: TrainingBatch, generator: torch.Generator, processes: Processes = ALONE
) -> tuple[Tensor, dict[str, float]]:
    """The Charbonnier loss of this project's own mean, normalised by sample, so that systems differ and not their losses."""
    unit = torch.tensor(NetworkConfig().residual_std, device=batch.truth.device).view(1, -1, 1, 1)[:, : batch.truth.shape[1]]
    loss, gain = log_squared_error(network(batch.series), batch, unit, processes)
    return loss, {"loss": loss.item(), "gain_db": gain}


def noise_objective(
    network: Srdiff, batch: TrainingBatch, generator: torch.Generator, processes: Processes = ALONE
) -> tuple[Tensor, dict[str, float]]:
    """L1 of the noise at a random step (Li et al. 2022, algorithm 1), plus L1 of the coarse encoder's own regression."""
    coarse = filled_reference(batch.series)
    condition, regression = network.encode(coarse)
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
