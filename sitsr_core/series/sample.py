"""A bounded look at every date: the blocks from which radiometry, clear share and shift are estimated once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sitsr_core.series.acquisition import BandSource, Grid, Window
from sitsr_core.series.reader import RasterReader

BLOCK = 256
WHOLE_IMAGE = 600_000  # pixels up to which the whole image is the sample
BUDGET = 48_000_000  # values kept over all dates and bands


@dataclass(frozen=True)
class Sample:
    """Blocks of one date.

    Attributes:
        values: one (C, h, w) array per block, in the files' dtype.
        valid: one (h, w) bool array per block.
    """

    values: list[np.ndarray]
    valid: list[np.ndarray]

    def pixels(self) -> np.ndarray:
        """Valid pixels of all blocks as (C, n)."""
        return np.concatenate([values[:, valid] for values, valid in zip(self.values, self.valid, strict=True)], axis=1)

    @property
    def valid_fraction(self) -> float:
        """Share of the sampled pixels that have data."""
        return float(np.mean(np.concatenate([valid.ravel() for valid in self.valid])))


def sample_windows(grid: Grid, dates: int, bands: int) -> list[Window]:
    """The same blocks for every date: the whole of a small image, else up to nine blocks spread over it.

    The number of blocks falls with the number of dates, so that what is kept stays within ``BUDGET`` values.
    """
    budget = BUDGET // max(1, dates * bands)
    if grid.width * grid.height <= min(WHOLE_IMAGE, budget):
        return [Window(0, 0, grid.height, grid.width)]
    height, width = min(BLOCK, grid.height), min(BLOCK, grid.width)
    fractions = [(0.5, 0.5), (0.17, 0.17), (0.83, 0.83), (0.17, 0.83), (0.83, 0.17), (0.5, 0.17), (0.5, 0.83), (0.17, 0.5), (0.83, 0.5)]
    count = int(np.clip(budget // (height * width), 1, len(fractions)))
    spots = {(int((grid.height - height) * down), int((grid.width - width) * right)) for down, right in fractions[:count]}
    return [Window(row, column, height, width) for row, column in sorted(spots)]


def read_sample(reader: RasterReader, sources: Sequence[BandSource], windows: Sequence[Window]) -> Sample:
    """Read the blocks of one date."""
    blocks = [reader.read(sources, window) for window in windows]
    return Sample([values for values, _ in blocks], [valid for _, valid in blocks])
