"""Another sensor's fine image brought to a series: its misregistration measured, its radiometry matched band by band.

Both are judged on what Sentinel-2 would have seen of the fine image (``sensor.observe``), against the nearest clear date. The shift is
taken out by whole fine pixels, so that nothing is resampled; what is left is at most an eighth of a coarse pixel. Gain and offset are
those that give both the same mean and standard deviation (reduced major axis: a regression would take noise for a smaller gain), after
pixels that changed between the dates are set aside. They are fitted to what both show beyond some pixels: a series that is sharper or
more blurred than Sentinel-2 is must not be taken for one with more or less contrast.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from sitsr_core import sensor
from sitsr_core.series.alignment import Shift, estimate_shift
from sitsr_core.series.registration import smoothed

MIN_PIXELS = 64  # coarse pixels that a fit needs
TRIMMINGS = 3
OUTLIER = 3.0  # robust standard deviations
SMOOTH = 2.0  # coarse pixels, standard deviation
EDGE = 2  # coarse pixels at the image's edge, where the observation sees replicated pixels


@dataclass(frozen=True)
class Match:
    """How a fine image lies on the series, and how its numbers become the series'.

    Attributes:
        shift: of the fine image against the series, coarse pixels, as ``alignment.estimate_shift`` tells it.
        gain, offset: (C,) matched reflectance = reflectance * gain + offset.
        correlation: (C,) of the matched, observed image with the series, beyond some pixels.
        factor: fine pixels in a coarse one, along an axis.
    """

    shift: Shift
    gain: np.ndarray
    offset: np.ndarray
    correlation: np.ndarray
    factor: int

    @property
    def misregistration(self) -> float:
        """Length of the shift in coarse pixels; 0 where it is not known."""
        return float(np.hypot(self.shift.dy, self.shift.dx))

    @property
    def fine_pixels(self) -> tuple[int, int]:
        """The shift in whole fine pixels."""
        return round(self.factor * self.shift.dy), round(self.factor * self.shift.dx)

    def __str__(self) -> str:
        where = (
            f"shifted by ({self.shift.dy:+.2f}, {self.shift.dx:+.2f}) px (rows, columns)" if self.shift.known else "shift not measurable"
        )
        gains = ", ".join(f"{value:.2f}" for value in self.gain)
        return f"{where}; gains {gains}, correlation at least {self.correlation.min():.2f}."


def match(fine: np.ndarray, valid: np.ndarray, coarse: np.ndarray, clear: np.ndarray, bands: tuple[str, ...]) -> Match | None:
    """Match a fine image to a date of the series; None when fewer than MIN_PIXELS clear pixels are common to both.

    Args:
        fine: (C, factor h, factor w) reflectance, 0 where not valid.
        valid: (factor h, factor w) bool.
        coarse: (C, h, w) reflectance of the date.
        clear: (h, w) bool.
        bands: the C names, which decide the point spread function.
    """
    factor = fine.shape[-1] // coarse.shape[-1]
    seen, whole = observed(fine, valid, bands, factor)
    shift = estimate_shift([coarse], [clear], [seen], [whole])
    if not shift.known:
        shift = Shift(0.0, 0.0, False, shift.spread)
    pixels = round(factor * shift.dy), round(factor * shift.dx)
    if any(pixels):
        seen, whole = observed(moved_whole_pixels(fine, pixels), moved_whole_pixels(valid, pixels), bands, factor)
    counted = whole & clear
    if counted.sum() < MIN_PIXELS:
        return None
    fits = [_fit(one, other, counted) for one, other in zip(seen, coarse, strict=True)]
    gain, offset, correlation = (np.array(values, np.float32) for values in zip(*fits, strict=True))
    return Match(shift, gain, offset, correlation, factor)


def observed(fine: np.ndarray, valid: np.ndarray, bands: tuple[str, ...], factor: int) -> tuple[np.ndarray, np.ndarray]:
    """What the series' sensor would see: (C, h, w), and where it would see valid pixels only (h, w)."""
    seen = sensor.observe(torch.from_numpy(fine)[None], bands, factor)[0].numpy()
    missing = torch.from_numpy(~valid).float()[None, None]
    length = sensor.psf_length(factor)
    whole = functional.max_pool2d(missing, length, stride=factor, padding=(length - factor) // 2)[0, 0].numpy() == 0
    whole[:EDGE] = whole[-EDGE:] = whole[:, :EDGE] = whole[:, -EDGE:] = False
    return seen, whole


def _fit(seen: np.ndarray, wanted: np.ndarray, counted: np.ndarray) -> tuple[float, float, float]:
    """``fit_line`` of what two images (h, w) show beyond some pixels, where they count and have not changed."""
    kept = counted.copy()
    kept[counted] = unchanged(seen[counted], wanted[counted])
    return fit_line(*smoothed(np.stack([seen, wanted]), kept, SMOOTH)[:, kept])


def fit_line(seen: np.ndarray, wanted: np.ndarray) -> tuple[float, float, float]:
    """(gain, offset, correlation) that give ``seen`` the mean and standard deviation of ``wanted``, (n,) each, outliers left out."""
    kept = unchanged(seen, wanted)
    gain, offset = _line(seen[kept], wanted[kept])
    flat = min(seen[kept].std(), wanted[kept].std()) <= 1e-6
    return gain, offset, 0.0 if flat else float(np.corrcoef(seen[kept], wanted[kept])[0, 1])


def unchanged(seen: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """(n,) bool: what is no outlier of the line between the two, (n,) each."""
    kept = np.ones(len(seen), bool)
    for _ in range(TRIMMINGS):
        gain, offset = _line(seen[kept], wanted[kept])
        error = np.abs(gain * seen + offset - wanted)
        within = error <= OUTLIER * 1.4826 * np.median(error[kept]) + 1e-6
        if within.sum() < MIN_PIXELS:
            break
        kept = within
    return kept


def _line(seen: np.ndarray, wanted: np.ndarray) -> tuple[float, float]:
    spread = float(seen.std())
    gain = float(wanted.std()) / spread if spread > 1e-6 else 1.0
    return gain, float(wanted.mean()) - gain * float(seen.mean())


def moved_whole_pixels(image: np.ndarray, pixels: tuple[int, int]) -> np.ndarray:
    """out(r, c) = image(r + dy, c + dx), 0 beyond the edge: (..., H, W)."""
    result = np.zeros_like(image)
    to, source = zip(*(_overlap(size, step) for size, step in zip(image.shape[-2:], pixels, strict=True)), strict=True)
    result[..., *to] = image[..., *source]
    return result


def whole_pixels(valid: np.ndarray, factor: int) -> np.ndarray:
    """Where all fine pixels of a coarse one are valid: (factor h, factor w) bool -> (h, w) bool."""
    height, width = (size // factor for size in valid.shape)
    return np.asarray(valid.reshape(height, factor, width, factor).all(axis=(1, 3)))


def _overlap(size: int, step: int) -> tuple[slice, slice]:
    """Where pixels go to and where they come from along an axis."""
    return slice(max(0, -step), size - max(0, step)), slice(max(0, step), size - max(0, -step))
