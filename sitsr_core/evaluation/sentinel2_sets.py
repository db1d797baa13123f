"""Sets whose truth is Sentinel-2 at its own 10 m and whose input is that degraded to 40 m: real radiometry, real other dates.

``real_series``: do other real dates help or harm, as they lie and with the sensor's shifts in coarse pixels? ``real_scenes``: single dates
of other places.
"""

import datetime
import math
from collections.abc import Iterator

import numpy as np
import torch
from scipy.ndimage import minimum_filter

from sitsr_core import sensor
from sitsr_core.datasets.places import Place
from sitsr_core.evaluation.scene import FineDates, Scene
from sitsr_core.models.network import SeriesBatch
from sitsr_core.sensor import FACTOR
from sitsr_core.series.acquisition import BANDS, Window
from sitsr_core.series.image_series import ImageSeries

CLEAR_DATE = 0.98
REACH = 2  # coarse pixels: what is not clear spoils the pixels around it, by the blur of A and by bicubic interpolation
WINDOWS = 2  # a series is judged in 2 x 2 windows
SCENE_SIDE = 128  # fine pixels of a single-date scene
LAND = 0.1  # reflectance in B08, which water absorbs
LAND_SHARE = 0.5


def real_series(
    name: str, reflectance: np.ndarray, clear: np.ndarray, days: np.ndarray, shifts: np.ndarray, known: np.ndarray,
    windows: int = WINDOWS, at_scale: bool = False,
) -> Iterator[Scene]:  # fmt: skip
    """Every clear date of a real series as truth at its own resolution, the whole series degraded by 4 as input, in windows of the place.

    A pixel counts where the reference date is clear ``REACH`` coarse pixels around: to fill its gaps by other dates is another task, and
    would be taken for a gain. The windows share one place and its dates, so their figures are not independent. They come in turns: the
    first scenes show every date once, each in another window. Shifts are those estimated at the truth's resolution.

    Degraded as they lie, the dates keep a quarter of their shifts, in pixels: less than the product is given, which starts from the
    sensor's own.

    Args:
        name: of the series.
        reflectance: (T, C, H, W); H and W multiples of 4.
        clear: (T, H, W) bool.
        days: (T,).
        shifts: (T, 2) of each date, in the series' own pixels.
        known: (T,) bool, whether the shift could be estimated.
        windows: along each axis.
        at_scale: move each other date by three times its shift, in whole fine pixels, before it is degraded, so that its shift in coarse
            pixels is the one that it had in fine ones.
    """
    usable = [i for i in range(len(days)) if clear[i].mean() > CLEAR_DATE]
    margin = _margin(shifts[[i for i in usable if known[i]]]) if at_scale else 0
    for turn in range(windows**2):
        for number, target in enumerate(usable):
            order = [target, *sorted((i for i in usable if i != target), key=lambda i: abs(days[i] - days[target]))]
            told = known[order] & known[target]
            told[0] = True  # of the reference against itself
            against = (shifts[order] - shifts[target]) * told[:, None]
            moves = np.rint((FACTOR - 1) * against).astype(int) if at_scale else np.zeros((len(order), 2), int)
            images = np.stack([_moved(reflectance[i], move, margin) for i, move in zip(order, moves, strict=True)])
            free = np.stack([_moved(clear[i], move, margin) for i, move in zip(order, moves, strict=True)])
            seen = np.asarray(free.reshape(len(order), free.shape[1] // FACTOR, FACTOR, free.shape[2] // FACTOR, FACTOR).all((2, 4)))
            counted = minimum_filter(seen[0], 2 * REACH + 1, mode="nearest").repeat(FACTOR, 0).repeat(FACTOR, 1)
            coarse = sensor.observe(torch.from_numpy(images), BANDS[: images.shape[1]]) * torch.from_numpy(seen)[:, None]
            window = (number + turn) % windows**2
            rows, columns = _windows(seen.shape[1], seen.shape[2], windows)[window]
            fine = slice(FACTOR * rows.start, FACTOR * rows.stop), slice(FACTOR * columns.start, FACTOR * columns.stop)
            series = SeriesBatch(
                reflectance=coarse[None, :, :, rows, columns], clear=torch.from_numpy(seen)[None, :, rows, columns].float(),
                shift=torch.from_numpy((against + moves) / FACTOR)[None].float(), shift_known=torch.from_numpy(told)[None].float(),
                days=torch.from_numpy(days[order] - days[target])[None].float(), reference=torch.zeros(1, dtype=torch.long),
            )  # fmt: skip
            label = f"{name}/{np.datetime64(int(days[target]), 'D')}" + (f"/{window}" if windows > 1 else "")
            dates = FineDates(images[:, :, *fine], shifts[order] - shifts[target] + moves)
            yield Scene(label, series, images[0][:, *fine], counted[fine], fine=dates)


def _margin(shifts: np.ndarray) -> int:
    """Fine pixels, in whole coarse ones, that no move at scale between dates of these shifts (T, 2) goes beyond."""
    return FACTOR * math.ceil(np.rint((FACTOR - 1) * np.ptp(shifts, axis=0)).max() / FACTOR) if len(shifts) else 0


def _moved(image: np.ndarray, move: np.ndarray, margin: int) -> np.ndarray:
    """The image (..., H, W) with its content moved by whole pixels (dy, dx), less ``margin`` on each side."""
    height, width = image.shape[-2:]
    row, column = margin - move
    return image[..., row : row + height - 2 * margin, column : column + width - 2 * margin]


def _windows(height: int, width: int, number: int) -> list[tuple[slice, slice]]:
    """``number`` x ``number`` equal windows, rows first, of whole coarse pixels."""
    rows, columns = height // number, width // number
    return [(slice(r * rows, (r + 1) * rows), slice(c * columns, (c + 1) * columns)) for r in range(number) for c in range(number)]


def read_series(files: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(reflectance, clear, days, shifts, known) for ``real_series``, as the product reads it; cropped to whole blocks of four pixels."""
    with ImageSeries.open(files) as series:
        height, width = series.grid.height // 4 * 4, series.grid.width // 4 * 4
        pixels = series.read(Window(0, 0, height, width))
        days = np.array([(a.date - datetime.date(1970, 1, 1)).days for a in series.acquisitions])
        shifts = np.array([a.shift for a in series.acquisitions], np.float32)
        known = np.array([a.shift_known for a in series.acquisitions])
    return pixels.reflectance, pixels.clear, days, shifts, known


def real_scenes(places: list[Place], side: int = SCENE_SIDE) -> Iterator[Scene]:
    """Single Sentinel-2 scenes as truth, degraded by 4 as the only date: windows side by side, all valid, half land (``LAND``) or more."""
    for place in places:
        if place.source != "sentinel2":
            continue
        height, width = place.valid.shape
        for row in range(0, height - side + 1, side):
            for column in range(0, width - side + 1, side):
                truth = place.crop(0, row, column, side)
                if place.crop_valid(row, column, side).all() and (truth[3] > LAND).mean() >= LAND_SHARE:
                    yield _single_date(f"{place.name}/{row}_{column}", truth)


def _single_date(name: str, truth: np.ndarray) -> Scene:
    """The scene whose only date is ``truth`` degraded by 4."""
    coarse = sensor.observe(torch.from_numpy(truth)[None], BANDS[: len(truth)])
    series = SeriesBatch(
        reflectance=coarse[None], clear=torch.ones(1, 1, *coarse.shape[2:]), shift=torch.zeros(1, 1, 2), shift_known=torch.ones(1, 1),
        days=torch.zeros(1, 1), reference=torch.zeros(1, dtype=torch.long),
    )  # fmt: skip
    return Scene(name, series, truth, np.ones(truth.shape[1:], bool))
