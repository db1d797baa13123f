"""One small picture of each date of a series: true colours with one stretch for all, and what was taken for cloud marked.

The image is read thinned, from overviews where there are some: memory and the size of the pictures do not depend on it.
"""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from sitsr_core.errors import Cancelled
from sitsr_core.inference.events import Listener, Progress, StopQuestion
from sitsr_core.series.acquisition import Grid
from sitsr_core.series.image_series import ImageSeries

EDGE = 160  # longest side of a picture; as one byte a pixel it stays below 40 KB in base64 whatever it shows
LOOKED_AT = 800  # longest side of what is read, on which clouds are estimated
COLOURS = 128
RGB = ("B04", "B03", "B02")
PERCENTILES = (1, 99)
CLOUD, TINT = np.array([255, 0, 170], np.float32), 0.3
EMPTY, STRIPE = 225, 180


@dataclass(frozen=True)
class Look:
    """One date as small as its picture: colours (3, h, w) in reflectance, and data and cloud (h, w) where most of a pixel has it."""

    colours: np.ndarray
    data: np.ndarray
    cloud: np.ndarray

    @classmethod
    def of(cls, colours: np.ndarray, valid: np.ndarray, clear: np.ndarray, size: tuple[int, int]) -> "Look":
        """From the red, green and blue (3, H, W) of a date, its valid and its clear pixels (H, W)."""
        area, data = block_sums(np.ones(valid.shape), size), block_sums(valid, size)
        small = np.stack([block_sums(plane * valid, size) for plane in colours]) / np.maximum(data, 1)
        return cls(small.astype(np.float32), data > 0.5 * area, block_sums(valid & ~clear, size) > 0.5 * np.maximum(data, 1))


def thinned_size(grid: Grid, longest: int) -> tuple[int, int]:
    """Rows and columns of the image with its longest side not above ``longest``."""
    share = min(1.0, longest / max(grid.height, grid.width))
    return max(1, round(share * grid.height)), max(1, round(share * grid.width))


def thinning(grid: Grid) -> float:
    """How many times larger than the image's the pixels are on which clouds are estimated for the pictures."""
    return grid.height / thinned_size(grid, LOOKED_AT)[0]


def quicklooks(series: ImageSeries, tell: Listener = lambda _: None, should_stop: StopQuestion = lambda: False) -> list[str]:
    """A PNG of each date in base64, in the order of the series' dates. Raises InputError and Cancelled."""
    size = thinned_size(series.grid, EDGE)
    red_green_blue = [series.bands.index(band) for band in RGB]
    looks = []
    for number, seen in enumerate(series.thinned(*thinned_size(series.grid, LOOKED_AT))):
        if should_stop():
            raise Cancelled(hint="")
        tell(Progress((number + 1) / len(series.acquisitions), None, f"Quicklook {number + 1} of {len(series.acquisitions)}"))
        looks.append(Look.of(seen.reflectance[0, red_green_blue], seen.valid[0], seen.clear[0], size))
    low, high = shared_stretch(looks)
    return [base64.b64encode(png(picture(look, low, high))).decode() for look in looks]


def block_sums(plane: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """(H, W) summed over the blocks of a grid of ``size``, which need not all be equally large."""
    rows, columns = (np.arange(count) * full // count for count, full in zip(size, plane.shape, strict=True))
    return np.add.reduceat(np.add.reduceat(plane.astype(np.float64), rows, axis=0), columns, axis=1)


def shared_stretch(looks: Sequence[Look]) -> tuple[np.ndarray, np.ndarray]:
    """Reflectance (3, 1, 1) shown as black and as white: percentiles of the clear pixels of all dates, of all data where none is clear.

    The span is the same for the three colours, about each one's own middle, so that the dullest of them does not show its noise.
    """
    for where in ([look.data & ~look.cloud for look in looks], [look.data for look in looks]):
        seen = np.concatenate([look.colours[:, some] for look, some in zip(looks, where, strict=True)], axis=1)
        if seen.size:
            low, high = np.percentile(seen, PERCENTILES, axis=1)
            middle, half = (low + high) / 2, max(float((high - low).max()) / 2, 1e-4)
            return (middle - half)[:, None, None], (middle + half)[:, None, None]
    return np.zeros((3, 1, 1)), np.ones((3, 1, 1))


def picture(look: Look, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """(h, w, 3) uint8: cloud tinted and outlined, pixels without data striped."""
    shown = 255 * np.clip((look.colours - low) / (high - low), 0, 1)
    tint = np.where(outline(look.cloud), 1.0, np.where(look.cloud, TINT, 0.0))
    shown = (1 - tint) * shown + tint * CLOUD[:, None, None]
    rows, columns = np.indices(look.data.shape)
    stripes = np.where((rows + columns) % 6 < 2, STRIPE, EMPTY)
    return np.where(look.data, shown, stripes).round().astype(np.uint8).transpose(1, 2, 0)


def outline(mask: np.ndarray) -> np.ndarray:
    """The pixels of a mask that have a neighbour outside it; the edge of the picture is none."""
    padded = np.pad(mask, 1, mode="edge")
    inside = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return mask & ~inside


def png(pixels: np.ndarray) -> bytes:
    """(h, w, 3) uint8 as a PNG of at most ``COLOURS`` colours: a byte a pixel."""
    file = io.BytesIO()
    Image.fromarray(pixels).quantize(COLOURS).save(file, "PNG", optimize=True)
    return file.getvalue()
