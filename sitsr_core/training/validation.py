"""Validation during training: the gain over bicubic with one date and with several, on fixed batches of sites never trained on."""

import dataclasses

import torch
from torch import Tensor, nn

from sitsr_core import sensor
from sitsr_core.baselines.registry import system_of
from sitsr_core.datasets.places import Place
from sitsr_core.datasets.sampler import PlaceSampler, SamplerConfig
from sitsr_core.datasets.simulate import STEADY, SimulationConfig, TrainingBatch
from sitsr_core.models.network import SeriesBatch, SuperResolver, filled_reference
from sitsr_core.sensor import FACTOR
from sitsr_core.training.objectives import inner

DATES = 8
BATCHES = 3
OF_IMAGES = ("mean", "adversarial")  # objectives after which a network answers with an image, without chance


def only_reference(batch: TrainingBatch) -> TrainingBatch:
    """The same batch with its reference date alone."""
    row = torch.arange(len(batch.truth))
    reference = batch.series.reference
    fields = ("reflectance", "clear", "shift", "shift_known", "days")
    picked = {name: getattr(batch.series, name)[row, reference][:, None] for name in fields}
    return dataclasses.replace(batch, series=SeriesBatch(**picked, reference=torch.zeros_like(reference)))


def moved_to(batch: TrainingBatch, device: str | torch.device) -> TrainingBatch:
    """The batch on a device."""
    return TrainingBatch(batch.series.to(device), batch.truth.to(device), batch.weight.to(device))


def expected_image(network: nn.Module, series: SeriesBatch) -> Tensor:
    """A network's answer without chance: (B, C, factor h, factor w) reflectance."""
    return network.encode(series).mean if isinstance(network, SuperResolver) else network.estimate(series, torch.Generator())  # type: ignore[operator]


def gains_over_bicubic(network: nn.Module, batch: TrainingBatch) -> tuple[Tensor, Tensor]:
    """dB that the mean gains over bicubic interpolation of the reference, with one date and with all: two of (B,).

    What the reference does not see counts for neither: all dates would be praised for filling its gaps.
    """
    counted = inner((batch.weight >= 1).expand_as(batch.truth))
    alone = only_reference(batch)
    images = (
        sensor.upsample(filled_reference(alone.series), batch.factor),
        expected_image(network, alone.series),
        expected_image(network, batch.series),
    )
    bicubic, one, many = (((inner(x - batch.truth) ** 2) * counted).sum((1, 2, 3)).clamp(min=1e-9) for x in images)
    return 10 * torch.log10(bicubic / one), 10 * torch.log10(bicubic / many)


def place_batches(places: list[Place], sampler: SamplerConfig, factor: int = FACTOR) -> dict[str, list[TrainingBatch]]:
    """Fixed batches of ``DATES`` dates: "steady" ones, simulated without change, and "changing" ones, of real dates where there are any."""
    options = dataclasses.replace(sampler, seed=sampler.seed + 777, drop_nir=0.0)
    calm = PlaceSampler(places, dataclasses.replace(options, real_dates=0.0), STEADY, factor)
    real = PlaceSampler(places, dataclasses.replace(options, real_dates=1.0), SimulationConfig(steady=0.0), factor)
    return {
        "steady": [calm.batch(step, dates=DATES) for step in range(BATCHES)],
        "changing": [real.batch(step, dates=DATES) for step in range(BATCHES)],
    }


class Validation:
    """Holds fixed batches of sites never trained on, by name. ``run`` returns figures to log."""

    def __init__(self, batches: dict[str, list[TrainingBatch]]):
        self.batches = batches

    @torch.no_grad()
    def run(self, network: nn.Module, objective: str) -> dict[str, float]:
        """For each name the mean gain in dB over bicubic at 1 and at all dates, and a sample's worst change from 1 to all; or the loss."""
        figures: dict[str, float] = {}
        device = next(network.parameters()).device
        for name, kept in self.batches.items():
            batches = [moved_to(batch, device) for batch in kept]
            if objective in OF_IMAGES:
                dates = batches[0].series.days.shape[1]
                one, many = (torch.cat(gains) for gains in zip(*(gains_over_bicubic(network, b) for b in batches), strict=True))
                figures |= {
                    f"{name}_1": one.mean().item(),
                    f"{name}_{dates}": many.mean().item(),
                    f"{name}_worst": (many - one).min().item(),
                }
            else:
                judge = system_of(network).objectives[objective]
                losses = [judge(network, b, torch.Generator().manual_seed(i))[0].item() for i, b in enumerate(batches)]
                figures[f"{name}_loss"] = sum(losses) / len(losses)
        return figures
