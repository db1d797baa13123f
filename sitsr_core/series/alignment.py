"""Sub-pixel shift of each date against the clearest one, estimated once on clear pixels.

Cross-correlation refined by a matrix-multiplied DFT (Guizar-Sicairos et al. 2008) of high-passed, Hann-windowed blocks, for each block and
band by itself; the median over all is the date's shift, and their spread tells whether to believe it. Plain correlation is the more exact
where two dates look alike; where seasons differ, phase correlation, which drops the amplitudes, still agrees with itself. The one whose
estimates agree better is kept, and least squares on the same pixels (``registration``) makes it exact.

The result is that of scikit-image's ``phase_cross_correlation`` (a test holds them together). Its small matrix products go through threaded
BLAS, which took 50 ms a call instead of 1 on a busy machine, and it would transform each block once more for the second normalisation.
"""

import dataclasses
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from skimage.filters import gaussian

from sitsr_core.series.registration import refined

BLOCK = 128  # pixels; the side of what is correlated
MIN_BLOCK = 32
MAX_BLOCKS = 8
UPSAMPLE = 50
HIGH_PASS_SIGMA = 3.0
MIN_CLEAR = 0.35  # share of a block that must be clear on both dates
MAX_SHIFT = 6.0  # pixels; beyond that it is no sub-pixel matter and the peak is most likely false
MAX_SPREAD = 0.25  # pixels; half the interquartile range of the estimates
GOOD_SPREAD = 0.1
MIN_ESTIMATES = 3


@dataclass(frozen=True)
class Shift:
    """(dy, dx) as in ``Acquisition.shift`` and whether it is known; ``spread`` is half the interquartile range in pixels."""

    dy: float
    dx: float
    known: bool
    spread: float


UNKNOWN = Shift(0.0, 0.0, False, float("inf"))
NONE = Shift(0.0, 0.0, True, 0.0)


def estimate_shift(
    reference: Sequence[np.ndarray], reference_clear: Sequence[np.ndarray], moved: Sequence[np.ndarray], moved_clear: Sequence[np.ndarray]
) -> Shift:
    """Shift of ``moved`` against ``reference``: content at (row, column) of the reference is found at (row + dy, column + dx) of the other.

    Args:
        reference, moved: (C, h, w) arrays, one per block of the sample.
        reference_clear, moved_clear: (h, w) bool of each.
    """
    spectra = []
    tiles = _clear_tiles(reference_clear, moved_clear)
    for number, rows, columns in tiles:
        weight = (reference_clear[number][rows, columns] & moved_clear[number][rows, columns]).astype(np.float64)
        smooth_weight = np.maximum(gaussian(weight, HIGH_PASS_SIGMA, mode="reflect"), 1e-3)
        for one, other in zip(reference[number][:, rows, columns], moved[number][:, rows, columns], strict=True):
            pair = (_prepared(one, weight, smooth_weight), _prepared(other, weight, smooth_weight))
            if np.any(pair[0]) and np.any(pair[1]):
                spectra.append(cross_spectrum(*pair))
    if len(spectra) < MIN_ESTIMATES:
        return UNKNOWN
    best = _combined([peak_shift(spectrum) for spectrum in spectra])
    if best.spread > GOOD_SPREAD:
        best = min(best, _combined([peak_shift(_without_amplitude(spectrum)) for spectrum in spectra]), key=lambda shift: shift.spread)
    if not best.known:
        return best
    one, one_clear, other, other_clear = (
        [blocks[number][..., rows, columns] for number, rows, columns in tiles]
        for blocks in (reference, reference_clear, moved, moved_clear)
    )
    dy, dx = refined(one, one_clear, other, other_clear, (best.dy, best.dx))
    return dataclasses.replace(best, dy=round(dy, 4), dx=round(dx, 4))


def _clear_tiles(reference_clear: Sequence[np.ndarray], moved_clear: Sequence[np.ndarray]) -> list[tuple[int, slice, slice]]:
    """The clearest parts of the blocks, as (block, rows, columns)."""
    found = []
    for number, (one, other) in enumerate(zip(reference_clear, moved_clear, strict=True)):
        for rows in _tiles(one.shape[0]):
            for columns in _tiles(one.shape[1]):
                share = float((one[rows, columns] & other[rows, columns]).mean())
                if share >= MIN_CLEAR and min(rows.stop - rows.start, columns.stop - columns.start) >= MIN_BLOCK:
                    found.append((share, number, rows, columns))
    found.sort(key=lambda tile: -tile[0])
    return [tile[1:] for tile in found[:MAX_BLOCKS]]


def _combined(estimates: Sequence[tuple[float, float]]) -> Shift:
    shifts = np.array(estimates)
    dy, dx = np.median(shifts, axis=0)
    low, high = np.percentile(shifts, [25, 75], axis=0)
    spread = float((high - low).max() / 2)
    if spread > MAX_SPREAD or max(abs(dy), abs(dx)) > MAX_SHIFT:
        return Shift(0.0, 0.0, False, max(spread, MAX_SPREAD))
    return Shift(float(dy), float(dx), True, spread)


def choose_reference(clear_fractions: Sequence[float], coarser: Sequence[bool]) -> int:
    """The clearest date, of those that were not warped from coarser pixels if one of them is clear anywhere.

    Among dates equally clear to two percent it is the latest, which is on Sentinel-2's global reference.
    """
    sharp = [index for index, share in enumerate(clear_fractions) if share > 0 and not coarser[index]] or range(len(clear_fractions))
    best = max(clear_fractions[index] for index in sharp)
    return max(index for index in sharp if clear_fractions[index] >= best - 0.02)


def _tiles(size: int) -> list[slice]:
    """A length cut into parts of about ``BLOCK``, all of it used."""
    count = max(1, round(size / BLOCK))
    edges = np.linspace(0, size, count + 1).astype(int)
    return [slice(int(a), int(b)) for a, b in itertools.pairwise(edges)]


def _prepared(image: np.ndarray, weight: np.ndarray, smooth_weight: np.ndarray) -> np.ndarray:
    """High-passed and windowed, with cloud and gaps (weight 0) flattened so that their outlines do not correlate."""
    detail = (image - gaussian(image * weight, HIGH_PASS_SIGMA, mode="reflect") / smooth_weight) * weight
    limit = 4 * np.std(detail) + 1e-12
    window = np.outer(np.hanning(image.shape[0]), np.hanning(image.shape[1]))
    return np.clip(detail, -limit, limit) * window


def cross_spectrum(reference: np.ndarray, moved: np.ndarray) -> np.ndarray:
    """Spectrum of the correlation of two (h, w) images; its peak lies at the shift of ``moved``."""
    return np.conj(np.fft.fft2(reference)) * np.fft.fft2(moved)


def _without_amplitude(spectrum: np.ndarray) -> np.ndarray:
    amplitude = np.abs(spectrum)
    return spectrum / np.maximum(amplitude, 100 * np.finfo(float).eps * amplitude.max())


def peak_shift(spectrum: np.ndarray) -> tuple[float, float]:
    """(dy, dx) of the correlation's peak to 1/``UPSAMPLE`` pixel: first to a pixel, then on two finer grids around it."""
    correlation = np.abs(np.fft.ifft2(spectrum))
    peak = np.unravel_index(np.argmax(correlation), correlation.shape)
    shift = [float(at - size if at > size // 2 else at) for at, size in zip(peak, spectrum.shape, strict=True)]
    for step, reach in ((5 / UPSAMPLE, 8), (1 / UPSAMPLE, 5)):
        offsets = np.arange(-reach, reach + 1) * step
        rows, columns = (
            np.exp(2j * np.pi * np.outer(at + offsets, np.fft.fftfreq(size))) for at, size in zip(shift, spectrum.shape, strict=True)
        )
        # einsum, not matrix products: see the head of this file.
        fine = np.abs(np.einsum("uc,vc->uv", np.einsum("ur,rc->uc", rows, spectrum), columns))
        best = np.unravel_index(np.argmax(fine), fine.shape)
        shift = [at + float(offsets[index]) for at, index in zip(shift, best, strict=True)]
    return shift[0], shift[1]
