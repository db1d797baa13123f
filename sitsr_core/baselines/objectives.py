"""What the published systems minimise: plain functions of (network, batch, generator) -> (loss, figures), as ``training.objectives``."""

import torch
import torch.nn.functional as F
from torch import Tensor

from sitsr_core import sensor
from sitsr_core.baselines.ddpm import diffuse
from sitsr_core.baselines.highres_net import HighResNet
from sitsr_core.baselines.highres_net_ltae import HighResNetLtae
from sitsr_core.baselines.srdiff import Srdiff
from sitsr_core.datasets.simulate import TrainingBatch
from sitsr_core.models.network import NetworkConfig, filled_reference
from sitsr_core.training.objectives import inner


def normalised_charbonnier(mean: Tensor, batch: TrainingBatch, unit: Tensor) -> tuple[Tensor, float]:
    """Charbonnier loss of an estimate (B, C, 4h, 4w) in units of ``unit``, and the dB that it gains over bicubic.

    Each sample is divided by the root of bicubic's own error, so that quiet scenes count.
    """
    weight, truth = inner(batch.weight.expand_as(batch.truth)), inner(batch.truth)
    error = (inner(mean) - truth) / unit
    base = (inner(sensor.upsample(filled_reference(batch.series))) - truth) / unit
    share = weight.mean((1, 2, 3)).clamp(min=1e-3)
    difficulty = ((base.abs() * weight).mean((1, 2, 3)) / share + 0.05).sqrt()
    loss = (torch.sqrt(error**2 + 1e-4) * weight).mean((1, 2, 3)) / share / difficulty
    gain = 10 * torch.log10((base**2 * weight).sum() / (error.detach() ** 2 * weight).sum())
    return loss.mean(), gain.item()


def regression_objective(
    network: HighResNet | HighResNetLtae, batch: TrainingBatch, generator: torch.Generator
) -> tuple[Tensor, dict[str, float]]:
    """The Charbonnier loss of this project's own mean, normalised by sample, so that systems differ and not their losses."""
    unit = torch.tensor(NetworkConfig().residual_std, device=batch.truth.device).view(1, -1, 1, 1)[:, : batch.truth.shape[1]]
    loss, gain = normalised_charbonnier(network(batch.series), batch, unit)
    return loss, {"loss": loss.item(), "gain_db": gain}


def noise_objective(network: Srdiff, batch: TrainingBatch, generator: torch.Generator) -> tuple[Tensor, dict[str, float]]:
    """L1 of the noise at a random step (Li et al. 2022, algorithm 1), plus L1 of the coarse encoder's own regression."""
    coarse = filled_reference(batch.series)
    condition, regression = network.encode(coarse)
    present = (batch.weight > 0).expand_as(batch.truth)  # what the source lacks is 0, as it is when a series without it is sampled
    residual = network.scaled_residual(batch.truth, coarse) * present
    noise = torch.randn(residual.shape, generator=generator).to(residual.device) * present
    t = torch.randint(len(network.alphas), (len(residual),), generator=generator).to(residual.device)
    predicted = network.predict_noise(diffuse(residual, noise, t, network.alphas), t, condition)
    weight = inner(batch.weight.expand_as(batch.truth))
    share = weight.mean().clamp(min=1e-3)
    of_noise = (inner((predicted - noise).abs()) * weight).mean() / share
    of_encoder = (inner(F.l1_loss(regression.float(), network.normalise(batch.truth), reduction="none")) * weight).mean() / share
    loss = of_noise + of_encoder
    return loss, {"loss": loss.item(), "noise": of_noise.item(), "encoder": of_encoder.item()}
