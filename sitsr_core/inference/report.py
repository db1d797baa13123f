"""What a run hands back."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from sitsr_core.inference.places import OutputFile


@dataclass
class Result:
    """The outcome of a job.

    Attributes:
        outputs: every raster written.
        target_dates: dates delivered.
        consistency: date -> band -> mean |A x - y| in reflectance, over the date's clear pixels; dates that were not observed are absent.
        dates_used: target date -> acquisitions it was computed from.
        model: name, version, hash.
        device: where the network ran in the end.
        precision: in which it ran in the end.
        seconds: wall time.
        lr_pixels_per_second: input pixels times target dates, per second.
        warnings: sentences for the user.
        series: one dictionary a date, as ``sitsr inspect`` shows it.
        memory: predicted and actual peak, in megabytes.
        resumed_tiles: tiles that an earlier, interrupted run had finished.
    """

    outputs: tuple[OutputFile, ...]
    target_dates: list[str]
    consistency: dict[str, dict[str, float]]
    dates_used: dict[str, list[str]]
    model: dict[str, str]
    device: str
    precision: str
    seconds: float
    lr_pixels_per_second: float
    warnings: list[str]
    series: list[dict]
    memory: dict[str, float] = field(default_factory=dict)
    resumed_tiles: int = 0

    def to_dict(self) -> dict:
        """Plain values, as the worker sends them."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {**values, "outputs": [output.to_dict() for output in self.outputs]}


@dataclass
class Consistency:
    """Sums |A x - y| of one date over tiles, in a fixed order so that equal runs add equally."""

    bands: tuple[str, ...]
    total: np.ndarray = field(init=False)
    count: int = 0

    def __post_init__(self) -> None:
        self.total = np.zeros(len(self.bands))

    def add(self, sums: np.ndarray, count: int) -> None:
        """Add a tile's (C,) sums over ``count`` pixels."""
        self.total += sums
        self.count += count

    def means(self) -> dict[str, float]:
        """Band -> mean, empty when no pixel was seen."""
        return {band: float(total / self.count) for band, total in zip(self.bands, self.total, strict=True)} if self.count else {}


def by_date(values: Mapping[datetime.date, dict[str, float]]) -> dict[str, dict[str, float]]:
    """Keys as text; dates without an observation are left out."""
    return {str(date): means for date, means in values.items() if means}
