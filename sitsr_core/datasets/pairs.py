"""What every dataset's loader yields, whatever its layout: series with the fine image of one of their days."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Pair:
    """A series and the fine image that is to be made of it.

    Attributes:
        name: of the place, unique in its dataset; split files are written in these names.
        bands: names of the C bands; where a sensor is not Sentinel-2, those of Sentinel-2's that are nearest.
        series: (T, C, h, w) float32 reflectance.
        days: (T,) days since 1970-01-01, all 0 where a dataset has no dates.
        clear: (T, h, w) bool, data without cloud.
        reference: (C, factor h, factor w) float32 reflectance.
        reference_day: as ``days``.
        valid: (factor h, factor w) bool, where the reference counts.
        pixel_size: metres of a pixel of the series.
    """

    name: str
    bands: tuple[str, ...]
    series: np.ndarray
    days: np.ndarray
    clear: np.ndarray
    reference: np.ndarray
    reference_day: int
    valid: np.ndarray
    pixel_size: float

    @property
    def factor(self) -> int:
        """Fine pixels in a pixel of the series, along an axis."""
        return self.reference.shape[-1] // self.series.shape[-1]


@dataclass(frozen=True)
class Entry:
    """One place of a dataset, not read yet.

    Attributes:
        name: of the place.
        part: "train", "validation" or "test".
        load: reads it: one pair or several that share their series. Raises InputError for what is missing or damaged.
    """

    name: str
    part: str
    load: Callable[[], list[Pair]]


@dataclass(frozen=True)
class DatasetCard:
    """What is said of a dataset wherever it is used.

    Attributes:
        name: short, of its loader and script.
        title: with its authors and year.
        factor: of its pairs.
        matched: whether its fine images are another sensor's, in another radiometry and not registered to a fraction of a pixel, so that
            preparing brings them to the series.
        licence: of the data.
        citation: how its authors ask to be cited.
        source: where it is to be had.
    """

    name: str
    title: str
    factor: int
    matched: bool
    licence: str
    citation: str
    source: str
