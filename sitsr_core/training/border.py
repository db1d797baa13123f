"""Series whose data end within the patch, as at the edge of an image or of an orbit: no date shows what lies beyond."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sitsr_core.datasets.simulate import TrainingBatch
from sitsr_core.training.distributed import ALONE, Processes

FURTHEST = 0.45  # of the patch's side, from its centre to where the data end: at least half of the patch is left


def end_data(batch: TrainingBatch, share: float, generator: torch.Generator, processes: Processes) -> TrainingBatch:
    """The batch, with the data of a share of its samples ending at a straight line; what lies beyond is not learned from."""
    if not share:
        return batch
    remaining = processes.part(_remaining(processes.count * len(batch.truth), batch.series.clear.shape[-1], share, generator))
    remaining = remaining.to(batch.truth.device)[:, None]
    series = replace(batch.series, reflectance=batch.series.reflectance * remaining[:, :, None], clear=batch.series.clear * remaining)
    return TrainingBatch(series, batch.truth, batch.weight * F.interpolate(remaining, scale_factor=float(batch.factor), mode="nearest"))


@dataclass
class Bordered:
    """An objective (``objectives.py``) on batches in which the data of a share of the samples end."""

    objective: Callable[..., tuple[Tensor, dict[str, float]]]
    border: float

    def __call__(
        self, network: nn.Module, batch: TrainingBatch, generator: torch.Generator, processes: Processes = ALONE
    ) -> tuple[Tensor, dict[str, float]]:
        """Loss and figures to log."""
        return self.objective(network, end_data(batch, self.border, generator, processes), generator, processes)


def _remaining(samples: int, size: int, share: float, generator: torch.Generator) -> Tensor:
    """1 where there are data, else 0: (samples, size, size). Half of the lines lie along the axes."""
    ended, along, turn, distance = torch.rand(4, samples, generator=generator)
    angle = 2 * math.pi * torch.where(along < 0.5, torch.floor(4 * turn) / 4, turn)[:, None, None]
    position = (torch.arange(size) - (size - 1) / 2) / size
    towards = position[:, None] * torch.sin(angle) + position * torch.cos(angle)
    return ((towards < FURTHEST * distance[:, None, None]) | (ended >= share)[:, None, None]).float()
