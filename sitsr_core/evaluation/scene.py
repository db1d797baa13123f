"""A scene to judge on: a series, its fine truth, and the ways its dates can be picked or dealt out wrongly."""

import dataclasses
from dataclasses import dataclass

import numpy as np
import torch

from sitsr_core.models.network import SeriesBatch
from sitsr_core.series.acquisition import BANDS


@dataclass
class Scene:
    """One series (batch of 1), its truth (C, 4h, 4w) reflectance and where it counts (4h, 4w)."""

    name: str
    series: SeriesBatch
    truth: np.ndarray
    mask: np.ndarray

    @property
    def bands(self) -> tuple[str, ...]:
        """Names of the truth's bands."""
        return BANDS[: len(self.truth)]

    @property
    def dates(self) -> int:
        """How many dates the series has."""
        return self.series.days.shape[1]

    def observed(self) -> tuple[torch.Tensor, torch.Tensor]:
        """The reference date's reflectance (1, C, h, w) and clear mask (1, 1, h, w)."""
        reference = int(self.series.reference[0])
        return self.series.reflectance[:, reference], self.series.clear[:, reference, None]

    def with_dates(self, number: int) -> "Scene":
        """The scene with the reference and the next ``number`` - 1 dates."""
        reference = int(self.series.reference[0])
        order = [reference] + [i for i in range(self.dates) if i != reference]
        return self.pick(order[:number])

    def pick(self, order: list[int]) -> "Scene":
        """The scene with the dates of ``order``, whose first is the reference."""
        s = self.series
        fields = {n: getattr(s, n)[:, order] for n in ("reflectance", "clear", "shift", "shift_known", "days")}
        return dataclasses.replace(self, series=SeriesBatch(**fields, reference=torch.zeros(1, dtype=torch.long)))

    def with_shuffled_shifts(self) -> "Scene":
        """The shifts of the other dates (the reference is the first) dealt out wrongly: shows whether they are used."""
        return self._dealt_wrongly("shift", 1)

    def with_shuffled_days(self) -> "Scene":
        """The days of the other dates dealt out wrongly, the near ones' to the far ones.

        Where nothing changes with time, that should change nothing.
        """
        return self._dealt_wrongly("days", max(1, (self.dates - 1) // 2))

    def _dealt_wrongly(self, field: str, turn: int) -> "Scene":
        values = getattr(self.series, field).clone()
        values[:, 1:] = values[:, 1:].roll(turn, 1)
        return dataclasses.replace(self, series=dataclasses.replace(self.series, **{field: values}))
