"""A scene to judge on: a series, its fine truth, and the ways its dates can be picked or dealt out wrongly."""

import dataclasses
from dataclasses import dataclass

import numpy as np
import torch

from sitsr_core.models.network import SeriesBatch
from sitsr_core.series.acquisition import BANDS


@dataclass(frozen=True)
class FineDates:
    """What all dates of a scene look like at the truth's resolution, where that is known.

    Attributes:
        images: (T, C, factor h, factor w) reflectance, in the order of the series.
        shifts: (T, 2) of the images against the first, in fine pixels.
        noise: standard deviation of what was added to the coarse dates, reflectance.
    """

    images: np.ndarray
    shifts: np.ndarray
    noise: float = 0.0


@dataclass
class Scene:
    """One series, the truth that is to be made of it, and where it counts.

    Attributes:
        name: unique in its set.
        series: batch of 1.
        truth: (C, factor h, factor w) reflectance.
        mask: (factor h, factor w) bool.
        bands: names of the series' bands; the first ones of Sentinel-2's four when they are not given.
        judged: positions of the truth's C bands among them; all when they are not given. A band of the series that is not judged is 0:
            the network has it, the place has not.
        valid: (factor h, factor w) bool, where the truth is known whether the reference shows it or not; as ``mask`` when not given.
        baseline: cPSNR of the dataset's own baseline, where it came with one (PROBA-V).
        fine: of all dates, as the scene was made; picking dates leaves it out.
    """

    name: str
    series: SeriesBatch
    truth: np.ndarray
    mask: np.ndarray
    bands: tuple[str, ...] = ()
    judged: tuple[int, ...] = ()
    valid: np.ndarray | None = None
    baseline: float | None = None
    fine: FineDates | None = None

    def __post_init__(self) -> None:
        count = self.series.reflectance.shape[2]
        self.bands = self.bands or BANDS[:count]
        self.judged = self.judged or tuple(range(count))

    @property
    def factor(self) -> int:
        """Fine pixels in a coarse one, along an axis."""
        return self.truth.shape[-1] // self.series.reflectance.shape[-1]

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
        return dataclasses.replace(self, series=SeriesBatch(**fields, reference=torch.zeros(1, dtype=torch.long)), fine=None)

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
