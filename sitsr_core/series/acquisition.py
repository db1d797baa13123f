"""What one date of a series is: where its bands are, and how its numbers become reflectance."""

import datetime
import math
from dataclasses import dataclass

import numpy as np

BANDS = ("B02", "B03", "B04", "B08")


@dataclass(frozen=True)
class BandSource:
    """One band in one raster: a path that GDAL opens and a 1-based band number."""

    path: str
    band: int


@dataclass(frozen=True)
class Grid:
    """The pixel grid that all dates share: CRS (WKT, may be empty), affine transform (a, b, c, d, e, f), size in pixels."""

    crs: str
    transform: tuple[float, float, float, float, float, float]
    width: int
    height: int

    def point(self, column: float, row: float) -> tuple[float, float]:
        """Coordinates of a place in pixels; (0, 0) is the outer corner of the first pixel."""
        a, b, c, d, e, f = self.transform
        return a * column + b * row + c, d * column + e * row + f

    @property
    def corners(self) -> list[tuple[float, float]]:
        """Coordinates of the four outer corners."""
        return [self.point(column, row) for column in (0, self.width) for row in (0, self.height)]

    @property
    def pixel_size(self) -> tuple[float, float]:
        """Sides (x, y) of a pixel in units of the CRS."""
        a, b, _, d, e, _ = self.transform
        return math.hypot(a, d), math.hypot(b, e)


@dataclass(frozen=True)
class Window:
    """A rectangle in input pixels; ``row`` and ``column`` may be negative (reads are mirrored at the image's edge)."""

    row: int
    column: int
    height: int
    width: int


@dataclass(frozen=True)
class Acquisition:
    """One date of the series.

    Attributes:
        name: what the user calls it (the layer or file name).
        date: the sensing day.
        date_source: where the date came from, for the table ("file name", "TIFF tag", ...).
        bands: role -> source.
        scale: reflectance = DN * scale + offset.
        offset: see ``scale``.
        radiometry_source: how scale and offset were found.
        nodata: the files' no-data value, or None.
        mask: SCL or user's mask, or None for the built-in clear-sky estimate.
        mask_kind: "scl", "clear" (non-zero is clear) or "estimated".
        clear_fraction: share of the image that is valid and clear, 0..1.
        shift: (dy, dx) in input pixels against the series' most clear date: content at (row, column) of the reference is found at
            (row + dy, column + dx) of this date.
        shift_known: False when the estimate was not reliable (shift is then (0, 0)).
        coarser: warped from larger pixels, so less sharp than the series' grid; target or reference only when asked for or without another.
    """

    name: str
    date: datetime.date
    date_source: str
    bands: dict[str, BandSource]
    scale: float
    offset: float
    radiometry_source: str
    nodata: float | None = None
    mask: BandSource | None = None
    mask_kind: str = "estimated"
    clear_fraction: float = 1.0
    shift: tuple[float, float] = (0.0, 0.0)
    shift_known: bool = True
    coarser: bool = False


@dataclass(frozen=True)
class SeriesWindow:
    """Pixels of every date in one window.

    Attributes:
        reflectance: (T, C, h, w) float32, 0 where not valid.
        valid: (T, h, w) bool, data present in all bands.
        clear: (T, h, w) bool, valid and free of cloud and shadow.
    """

    reflectance: np.ndarray
    valid: np.ndarray
    clear: np.ndarray
