"""What real other dates can add, at most, to a *linear* reconstruction: the yardstick of "uses time" where the ground changes.

A date can tell of another no more than both share. How much that is at each fine frequency is measured on the fine images of the dates
themselves: their cross spectra, ring by ring, from windows (Welch 1967, IEEE Trans. Audio Electroacoust. 15(2)). With these the best linear
estimator of the reference from the blurred, decimated dates is a small Wiener problem at each coarse frequency, as in ``linear_limit``,
whose dates share everything. It is told all spectra, which no product is: what it gains is a bound, not a rival.
"""

import itertools
from collections.abc import Iterable, Sequence

import numpy as np

from sitsr_core.evaluation.linear_limit import COARSE, aliased_frequencies, wiener_error
from sitsr_core.evaluation.scene import FineDates, Scene
from sitsr_core.sensor import FACTOR, psf_sigma

WINDOW = 64  # fine pixels
RINGS = np.linspace(0, 0.5, 17)  # cycles per fine pixel
LEAST_NOISE = 1e-4  # reflectance of a coarse pixel; keeps the problem well posed where dates repeat each other


def cross_spectra(fine: FineDates) -> np.ndarray:
    """(T, T, rings) power density that two dates share, their shifts taken out, as the mean over bands, reflectance squared x pixels."""
    side = min(WINDOW, *fine.images.shape[-2:])
    v, u = np.meshgrid(np.fft.fftfreq(side), np.fft.fftfreq(side))
    window = np.hanning(side)[:, None] * np.hanning(side)[None, :]
    corners = [
        (row, column)
        for row in range(0, fine.images.shape[-2] - side + 1, side // 2)
        for column in range(0, fine.images.shape[-1] - side + 1, side // 2)
    ]
    radius = np.hypot(u, v)
    inside = [(radius >= low) & (radius < high) for low, high in itertools.pairwise(RINGS)]
    aligned = np.exp(2j * np.pi * (u * fine.shifts[:, 0, None, None] + v * fine.shifts[:, 1, None, None]))[:, None]
    found = np.zeros((len(fine.images), len(fine.images), len(inside)))
    for row, column in corners:
        piece = fine.images[:, :, row : row + side, column : column + side].astype(np.float64)
        spectrum = np.fft.fft2((piece - piece.mean((2, 3), keepdims=True)) * window) * aligned
        for number, ring in enumerate(inside):
            of_ring = spectrum[..., ring].reshape(len(piece), -1)
            found[:, :, number] += (of_ring @ of_ring.conj().T).real / ring.sum()
    return found / ((window**2).sum() * len(corners) * fine.images.shape[1])


def on_aliases(spectra: np.ndarray) -> np.ndarray:
    """(T, T, frequencies, aliases) for ``linear_limit.wiener_error`` of what ``cross_spectra`` returns."""
    radius, middle = np.hypot(*aliased_frequencies()), (RINGS[:-1] + RINGS[1:]) / 2
    return np.array([[np.interp(radius, middle, of_pair) for of_pair in row] for row in spectra]) / (FACTOR * COARSE) ** 2


def shared_gains(scenes: Iterable[Scene], numbers: Sequence[int], shift_errors: Sequence[float]) -> dict[float, dict[int, float]]:
    """Shift error in coarse pixels -> number of dates -> dB over one date.

    Mean over the scenes that have so many dates and the fine images of all of them; empty without such scenes.
    """
    gains: dict[float, dict[int, list[float]]] = {}
    for scene in scenes:
        possible = [number for number in numbers if 1 < number <= scene.dates]
        if scene.fine is None or not possible:
            continue
        sigma, noise = float(np.mean([psf_sigma(band) for band in scene.bands])), max(scene.fine.noise, LEAST_NOISE)
        shared, shifts = on_aliases(cross_spectra(scene.fine)), scene.series.shift[0].double().numpy()
        for error in shift_errors:
            one, *more = (wiener_error(shared[:n, :n], shifts[:n], sigma, noise, error) for n in (1, *possible))
            for number, found in zip(possible, more, strict=True):
                gains.setdefault(error, {}).setdefault(number, []).append(10 * np.log10(one / found))
    return {error: {number: float(np.mean(found)) for number, found in by_dates.items()} for error, by_dates in gains.items()}
