"""What is minimised: plain functions of (network, batch, generator, processes) -> (loss, figures to log).

The batch is this process's part of a step's batch; the mean of the losses over processes is the loss of the whole batch.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from sitsr_core import sensor
from sitsr_core.datasets.simulate import TrainingBatch
from sitsr_core.models.diffusion import corrupt, training_times
from sitsr_core.models.network import NetworkConfig, Prediction, SuperResolver, filled_reference
from sitsr_core.training.distributed import ALONE, Processes

BORDER = 8  # fine pixels left out at the patch's edge, where convolutions saw zeros
SMALLEST_ERROR = 1e-3  # squared units: about the sensor's noise; smaller errors are not told apart
SPREAD_WEIGHT = 0.05
TAIL = 4.0  # standard deviations
DRAWS = 2  # share one evaluation of the frozen encoder, which takes as long as the denoiser
RESIDUAL_LIMIT = 6.0  # standard deviations; rarer residuals would only frighten the denoiser


def inner(image: Tensor) -> Tensor:
    """The image without ``BORDER``."""
    return image[..., BORDER:-BORDER, BORDER:-BORDER]


def usual_unit(image: Tensor) -> Tensor:
    """The usual unit of the bands' errors, for networks that have none of their own: of an image (B, C, H, W), (1, C, 1, 1)."""
    return torch.tensor(NetworkConfig().residual_std, device=image.device).view(1, -1, 1, 1)[:, : image.shape[1]]


@dataclass
class Lesson:
    """What a teacher expects of the truth, (B, C, factor h, factor w), and the share of the surprise beyond it that is learned from."""

    expected: Tensor
    surprise: float


def log_squared_error(
    mean: Tensor, batch: TrainingBatch, unit: Tensor, processes: Processes = ALONE, lesson: Lesson | None = None
) -> tuple[Tensor, float]:
    """Log root mean squared error of an estimate (B, C, factor h, factor w), in units of ``unit``, over samples; and the dB over bicubic.

    The squared error is least for the expected image, which is what the mean is to be; absolute errors would lead to the median, which
    is darker where a few roofs are bright. By the logarithm, quiet scenes count as much as busy ones, as in a mean of PSNRs.
    With a lesson e, |m - x|^2 = |m - e|^2 + |e - x|^2 + 2 (m - e)(e - x); of the last term, most of which is noise that no network can
    foresee, the share ``surprise`` is kept, so that the loss is least at e + surprise (x - e).
    """
    weight, truth = inner(batch.weight.expand_as(batch.truth)), inner(batch.truth)

    def squares(one: Tensor, other: Tensor) -> Tensor:
        return weight * ((one - other) / unit) ** 2

    error = learned = squares(inner(mean), truth)
    if lesson is not None:
        expected = inner(lesson.expected)
        uncorrelated = squares(inner(mean), expected) + squares(expected, truth)
        learned = lesson.surprise * error + (1 - lesson.surprise) * uncorrelated
    base = squares(inner(sensor.upsample(filled_reference(batch.series), batch.factor)), truth)
    share = weight.mean((1, 2, 3)).clamp(min=1e-3)
    loss = 0.5 * torch.log(learned.mean((1, 2, 3)) / share + SMALLEST_ERROR)
    gain = 10 * torch.log10(processes.mean(base.sum()) / processes.mean(error.detach().sum()))
    return loss.mean(), gain.item()


def mean_objective(
    network: SuperResolver,
    batch: TrainingBatch,
    generator: torch.Generator,
    processes: Processes = ALONE,
    lesson: Lesson | None = None,
) -> tuple[Tensor, dict[str, float]]:
    """Squared error of the mean and Gaussian likelihood of its error."""
    prediction = network.encode(batch.series)
    error, gain = log_squared_error(prediction.mean, batch, network.residual_std, processes, lesson)
    spread = spread_loss(prediction, batch, network.residual_std)
    loss = error + SPREAD_WEIGHT * spread
    return loss, {"loss": loss.item(), "log_error": error.item(), "spread": spread.item(), "gain_db": gain}


def spread_loss(prediction: Prediction, batch: TrainingBatch, unit: Tensor) -> Tensor:
    """Negative log likelihood of the error of a mean that is held fixed, as a normal one of the predicted spread: a scalar.

    Both are in units of ``unit`` (1, C, 1, 1).
    """
    weight = inner(batch.weight.expand_as(batch.truth))
    share = weight.mean((1, 2, 3)).clamp(min=1e-3)
    std = inner(prediction.std) / unit
    # Beyond TAIL the likelihood's quadratic goes on as a line: a missed cloud must not blow up the spread.
    scaled = (inner(prediction.mean.detach()) - inner(batch.truth)) / unit / std
    loss = (weight * (torch.log(std) + F.huber_loss(scaled, torch.zeros_like(scaled), "none", TAIL))).mean((1, 2, 3)) / share
    return loss.mean()


def spread_objective(
    network: SuperResolver, batch: TrainingBatch, generator: torch.Generator, processes: Processes = ALONE
) -> tuple[Tensor, dict[str, float]]:
    """The loss of the spread alone; only its head learns. Before "flow", whose residuals are in units of the spread."""
    loss = spread_loss(network.encode(batch.series), batch, network.residual_std)
    return loss, {"loss": loss.item()}


def flow_objective(
    network: SuperResolver, batch: TrainingBatch, generator: torch.Generator, processes: Processes = ALONE
) -> tuple[Tensor, dict[str, float]]:
    """|F - F*|^2 on the normalised residual (truth - mean) / std; only the denoiser learns, from ``DRAWS`` draws a sample."""
    with torch.no_grad():
        prediction = network.encode(batch.series)
        weight = batch.weight.expand_as(batch.truth)
        residual = ((batch.truth - prediction.mean) / prediction.std).clamp(-RESIDUAL_LIMIT, RESIDUAL_LIMIT) * (weight > 0)
        given = (weight > 0).to(residual.dtype).amax((2, 3), keepdim=True)
        detail = network.detail(prediction.mean, prediction.std) * torch.cat([given, given], dim=1)
        residual, weight, features, detail = (part.repeat_interleave(DRAWS, 0) for part in (residual, weight, prediction.features, detail))
    # A band that the source lacks is all 0 for the denoiser, as it is when a series without it is sampled.
    samples = processes.count * len(residual)  # noise and times are drawn for the whole batch
    noise = processes.part(torch.randn(samples, *residual.shape[1:], generator=generator)).to(residual.device)
    noise = network.first_noise(noise) * (weight > 0)
    t = processes.part(training_times(samples, generator)).to(residual.device)
    noisy, target = corrupt(residual, noise, t)
    slope = network.denoise(noisy, t, network.denoiser.condition(features, detail))
    error = inner(slope - target) ** 2 * inner(weight)
    loss = error.mean() / processes.mean(inner(weight).mean()).clamp(min=1e-3)
    return loss, {"loss": loss.item(), "residual_std": residual.std().item()}


OBJECTIVES = {"mean": mean_objective, "spread": spread_objective, "flow": flow_objective}


def trainable(network: SuperResolver, objective: str) -> list[torch.nn.Parameter]:
    """The parameters that an objective moves."""
    if objective == "spread":
        return list(network.std_head.parameters())
    denoiser = {id(p) for p in network.denoiser.parameters()}
    return [p for p in network.parameters() if (id(p) in denoiser) == (objective == "flow")]
