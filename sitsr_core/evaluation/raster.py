"""A whole raster in reflectance, as a comparison takes it, with how its numbers became that."""

from dataclasses import dataclass, replace

import numpy as np

from sitsr_core.errors import InputError
from sitsr_core.inference.events import Listener, Message
from sitsr_core.series.acquisition import Grid, Window
from sitsr_core.series.header import display_name
from sitsr_core.series.image_series import ImageSeries
from sitsr_core.series.preflight import GSD_NOTE
from sitsr_core.series.radiometry import ASSUMED_NOTE, LIFTED_NOTE, is_guessed, offset_is_guessed

MOST_PIXELS = 4096 * 4096
ANY_DATE = "2000-01-01"  # a comparison asks for no date
SETTLED_LATER = (ASSUMED_NOTE, LIFTED_NOTE, GSD_NOTE)  # by the other rasters; fine pixels are what is compared


@dataclass(frozen=True)
class Scaling:
    """reflectance = number * scale + offset; ``source`` says how that was found, ``guessed`` that nothing states it."""

    scale: float
    offset: float
    source: str
    guessed: bool = False

    @property
    def open_offset(self) -> bool:
        """Whether the raster alone left open if the +1000 of baseline 04.00 is in its numbers."""
        return offset_is_guessed(self.source)


@dataclass(frozen=True)
class Raster:
    """reflectance (C, H, W) float32, valid (H, W), the bands, the grid and the scaling of a raster."""

    path: str
    reflectance: np.ndarray
    valid: np.ndarray
    bands: tuple[str, ...]
    grid: Grid
    scaling: Scaling

    def part(self, bands: tuple[str, ...], window: Window) -> tuple[np.ndarray, np.ndarray]:
        """Reflectance of some bands and valid, in a window."""
        place = (slice(window.row, window.row + window.height), slice(window.column, window.column + window.width))
        return self.reflectance[[self.bands.index(band) for band in bands]][:, *place], self.valid[place]

    def rescaled(self, scaling: Scaling) -> "Raster":
        """The same numbers read with another scaling."""
        gain = scaling.scale / self.scaling.scale
        if (gain, scaling.offset) == (1.0, self.scaling.offset):
            return replace(self, scaling=scaling)
        moved = self.reflectance * np.float32(gain) + np.float32(scaling.offset - gain * self.scaling.offset)
        return replace(self, reflectance=np.where(self.valid, moved, np.float32(0)), scaling=scaling)


def read_raster(path: str, bands: dict[str, int], scale: float | None, offset: float | None, tell: Listener) -> Raster:
    """A raster read as a series of one date is; ``bands``, ``scale`` and ``offset`` as in ``SuperResolutionJob``. Raises InputError."""
    with ImageSeries.open([path], dates={path: ANY_DATE}, bands=bands, scale=scale, offset=offset, estimate=False) as series:
        grid, one = series.grid, series.acquisitions[0]
        if grid.width * grid.height > MOST_PIXELS:
            size = f"'{path}' has {grid.width} x {grid.height} pixels"
            raise InputError(f"{size}, more than a comparison takes ({MOST_PIXELS:,}).", "Clip a part of it first.")
        for text in series.warnings:
            if not any(note in text for note in SETTLED_LATER):
                tell(Message("warning", f"{display_name(path)}: {text}"))
        window = series.read(Window(0, 0, grid.height, grid.width), [0])
        scaling = Scaling(one.scale, one.offset, one.radiometry_source, is_guessed(one.radiometry_source))
        return Raster(path, window.reflectance[0], window.valid[0], tuple(series.bands), grid, scaling)
