"""The built-in clear-sky estimate, for series that come without an SCL or a mask of the user's.

Cloud and haze brighten blue more than red: HOT = B02 - B04 / 2 (haze optimised transform, Zhang et al. 2002) is nearly the same for soil,
vegetation and most water, so a rise of HOT *against the same place on clear dates* marks cloud, while a bright village stays clear. The
clear dates are chosen once, when the series is opened; a pixel's mask then depends on the pixels within ``HALO`` of it and on nothing
else, so it is the same in every tile. All sums are of integers, hence exact in whatever order a tile makes them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sitsr_core.series.date_threads import of_each_date

UNIT = 10_000  # integer features per unit of reflectance

# Rises over the clear dates, mean of 5 x 5 pixels, in 1e-4 reflectance.
RISE_HOT = 250
RISE_BLUE = 300
# Without clear dates to compare with: bright, and white rather than soil.
CLOUD_BLUE = 2800
CLOUD_HOT = 1300
# Cloud shadow, on dates that have clouds: much darker than on clear dates where that is not dark itself.
SHADOW_RATIO = 0.6
SHADOW_MIN_REFERENCE = 1200

SMOOTH, SPECK, GROW = 2, 1, 4  # radii in pixels
HALO = SMOOTH + 2 * SPECK + GROW
MAX_REFERENCES = 7
TRUSTED_REFERENCES = 3
CLOUDY_DATE = 0.02  # share of cloud from which shadows are looked for
HOPELESS_DATE = 0.10  # share of clear pixels below which a date is not used at all


@dataclass(frozen=True)
class ClearSky:
    """What was settled when the series was opened.

    Attributes:
        references: indices of the clear dates that all are compared with; empty when there is none.
        has_clouds: per date, whether cloud shadows are looked for.
        hopeless: per date, whether nearly all is cloud, so that what is left is not trusted either.
        alone: whether there is one date only. Then a bright roof cannot be told from a cloud, and nothing could stand in for it: unless
            the date is hopeless, all of it is clear.
        doubtful: of a date that is alone, the share that is as bright as cloud.
    """

    references: tuple[int, ...]
    has_clouds: tuple[bool, ...]
    hopeless: tuple[bool, ...]
    alone: bool = False
    doubtful: float = 0.0

    def clear(self, date: int, reflectance: np.ndarray, valid: np.ndarray, sky: "Composite | None") -> np.ndarray:
        """Clear pixels (h, w) of a date; see ``clear_pixels``."""
        if self.hopeless[date]:
            return np.zeros_like(valid)
        if self.alone:
            return valid
        clear = clear_pixels(reflectance, valid, sky, self.has_clouds[date])
        if sky is not None and len(self.references) < TRUSTED_REFERENCES:
            # Two dates have no majority: a cloud in the reference itself is then found by its brightness.
            clear &= clear_pixels(reflectance, valid, None, False)
        return clear


@dataclass(frozen=True)
class Composite:
    """What a place looks like under a clear sky: integer features, (h, w) each, and where there is any."""

    blue: np.ndarray
    hot: np.ndarray
    bright: np.ndarray
    known: np.ndarray


def features(reflectance: np.ndarray) -> np.ndarray:
    """(C, h, w) reflectance -> (3, h, w) int32: blue, HOT, and near infrared (or the mean of green and red without it)."""
    scaled = np.rint(np.clip(reflectance, -1.0, 4.0) * np.float32(UNIT)).astype(np.int32)
    bright = scaled[3] if len(scaled) > 3 else (scaled[1] + scaled[2]) // 2
    return np.stack([scaled[0], scaled[0] - scaled[2] // 2, bright])


def composite(reflectance: Sequence[np.ndarray], valid: Sequence[np.ndarray]) -> Composite:
    """Per-pixel lower median over clear dates: (C, h, w) reflectance and (h, w) validity of each."""
    stack = np.stack([features(one) for one in reflectance])
    data = np.stack(list(valid))
    stack[~np.broadcast_to(data[:, None], stack.shape)] = np.iinfo(np.int32).max
    stack.sort(axis=0)
    count = data.sum(axis=0)
    middle = np.take_along_axis(stack, np.broadcast_to(np.maximum(count - 1, 0) // 2, (1, *stack.shape[1:])), axis=0)[0]
    middle = np.where(count > 0, middle, 0)
    return Composite(middle[0], middle[1], middle[2], count > 0)


def clear_pixels(reflectance: np.ndarray, valid: np.ndarray, reference: Composite | None, shadows: bool) -> np.ndarray:
    """Clear pixels of one date. Right at least ``HALO`` pixels inside the arrays.

    Args:
        reflectance: (C, h, w).
        valid: (h, w).
        reference: the place under a clear sky, or None.
        shadows: look for cloud shadows too.

    Returns:
        (h, w) bool.
    """
    blue, hot, bright = features(reflectance)
    count = box_sum(valid.astype(np.int32), SMOOTH)
    cloud = (box_sum(blue * valid, SMOOTH) > CLOUD_BLUE * count) & (box_sum(hot * valid, SMOOTH) > CLOUD_HOT * count)
    if reference is not None:
        both = valid & reference.known
        count = box_sum(both.astype(np.int32), SMOOTH)
        rise_hot = box_sum((hot - reference.hot) * both, SMOOTH) > RISE_HOT * count
        rise_blue = box_sum((blue - reference.blue) * both, SMOOTH) > RISE_BLUE * count
        cloud = np.where(count > 0, rise_hot & rise_blue, cloud)
        if shadows:
            now, then = box_sum(bright * both, SMOOTH), box_sum(reference.bright * both, SMOOTH)
            darker = box_sum((blue - reference.blue) * both, SMOOTH) < 0
            cloud |= (10 * now < round(10 * SHADOW_RATIO) * then) & (then > SHADOW_MIN_REFERENCE * count) & darker
    side = 2 * SPECK + 1
    core = box_sum(cloud.astype(np.int32), SPECK) == side * side
    return valid & (box_sum(core.astype(np.int32), SPECK + GROW) == 0)


def fit(
    blocks_of: Callable[[int], list[np.ndarray]], valid: Sequence[Sequence[np.ndarray]], threads: int = 0
) -> tuple[ClearSky, list[list[np.ndarray]]]:
    """Choose the clear dates of a series and settle what depends on a whole date.

    Args:
        blocks_of: date -> its sample blocks, (C, h, w) reflectance each; called again rather than kept, to bound the memory.
        valid: per date and block, (h, w).
        threads: on which dates are looked at side by side; 0: as many as there are processors.

    Returns:
        the settings, and the clear pixels of each date and block.
    """
    dates = range(len(valid))
    nothing = (False,) * len(dates)
    unclouded = _shares(_masks(ClearSky((), nothing, nothing), blocks_of, valid, threads), valid)
    if len(dates) == 1:
        sky = ClearSky((), nothing, (unclouded[0] < HOPELESS_DATE,), alone=True, doubtful=1 - unclouded[0])
        return sky, _masks(sky, blocks_of, valid, threads)
    haze = of_each_date(lambda date: _median_hot(blocks_of(date), valid[date]), dates, threads)
    open_sky = [date for date in dates if unclouded[date] > 0.5]
    seed = sorted(open_sky, key=lambda date: haze[date])[: max(3, min(MAX_REFERENCES, len(open_sky) // 4))]
    shares = _shares(_masks(ClearSky(tuple(seed), nothing, nothing), blocks_of, valid, threads), valid)
    usable = [date for date in open_sky if shares[date] > 0.5]
    # Typical dates, not the very darkest: those would make each ordinary summer haze look like cloud.
    usual = float(np.median([haze[date] for date in usable])) if usable else 0.0
    ranked = sorted(usable, key=lambda date: (-round(shares[date] * 25), abs(haze[date] - usual)))
    references = tuple(sorted(ranked[:MAX_REFERENCES]))
    masks = _masks(ClearSky(references, nothing, nothing), blocks_of, valid, threads)
    has_clouds = tuple(share < 1 - CLOUDY_DATE for share in _shares(masks, valid))
    if any(has_clouds):
        masks = _masks(ClearSky(references, has_clouds, nothing), blocks_of, valid, threads)
    hopeless = tuple(share < HOPELESS_DATE for share in _shares(masks, valid))
    return ClearSky(references, has_clouds, hopeless), [[mask & (not hopeless[date]) for mask in masks[date]] for date in dates]


def _masks(
    sky: ClearSky, blocks_of: Callable[[int], list[np.ndarray]], valid: Sequence[Sequence[np.ndarray]], threads: int
) -> list[list[np.ndarray]]:
    """Clear pixels of all dates and blocks under some settings."""
    composites: list[Composite | None] = [None] * len(valid[0])
    if sky.references:
        looks = [blocks_of(date) for date in sky.references]
        for block in range(len(valid[0])):
            composites[block] = composite([look[block] for look in looks], [valid[date][block] for date in sky.references])

    def clear_of(date: int) -> list[np.ndarray]:
        blocks = zip(blocks_of(date), valid[date], composites, strict=True)
        return [sky.clear(date, one, data, reference) for one, data, reference in blocks]

    return of_each_date(clear_of, range(len(valid)), threads)


def _median_hot(reflectance: Sequence[np.ndarray], valid: Sequence[np.ndarray]) -> float:
    values = [features(one)[1][where] for one, where in zip(reflectance, valid, strict=True) if where.any()]
    return float(np.median(np.concatenate(values))) if values else np.inf


def _shares(clear: Sequence[Sequence[np.ndarray]], valid: Sequence[Sequence[np.ndarray]]) -> list[float]:
    """Share of the valid pixels of each date that is clear."""
    totals = [sum(int(one.sum()) for one in blocks) for blocks in valid]
    return [sum(int(one.sum()) for one in blocks) / total if total else 0.0 for blocks, total in zip(clear, totals, strict=True)]


def box_sum(values: np.ndarray, radius: int) -> np.ndarray:
    """Sum over the (2 radius + 1) x (2 radius + 1) pixels around each pixel, 0 outside the array.

    Exact: integers only, of a dtype that holds the sum.
    """
    size = 2 * radius + 1
    padded = np.pad(values, radius)
    rows = sum((padded[step : padded.shape[0] - size + 1 + step] for step in range(1, size)), padded[: padded.shape[0] - size + 1])
    return sum((rows[:, step : rows.shape[1] - size + 1 + step] for step in range(1, size)), rows[:, : rows.shape[1] - size + 1])
