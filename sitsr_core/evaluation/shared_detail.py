"""What real other dates can add, at most, to a *linear* reconstruction: the yardstick of "uses time" where the ground changes.

A date can tell of another no more than both share. How much that is at each fine frequency is measured on the fine images of the dates
themselves: their cross spectra, ring by ring, from windows (Welch 1967, IEEE Trans. Audio Electroacoust. 15(2)). With these the best linear
estimator of the reference from the blurred, decimated dates is a small Wiener problem at each coarse frequency, as in ``linear_limit``,
whose dates share everything. It is told all spectra and exact shifts, which no product is: what it gains is a bound, not a rival.
"""

import itertools
from collections.abc import Iterable

import numpy as np

from sitsr_core.evaluation.linear_limit import COARSE, aliased_frequencies
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


def errors_by_dates(spectra: np.ndarray, shifts: np.ndarray, sigma: float, noise: float, numbers: Iterable[int]) -> dict[int, float]:
    """Mean squared error of the first date's best linear estimate from the first 1, 2, .. dates, reflectance squared.

    Args:
        spectra: (T, T, rings), see ``cross_spectra``.
        shifts: (T, 2) of the coarse dates against the first, in coarse pixels.
        sigma: of the PSF, fine pixels.
        noise: standard deviation of coarse pixels, reflectance.
        numbers: of dates.
    """
    u, v = aliased_frequencies()
    radius, middle = np.hypot(u, v), (RINGS[:-1] + RINGS[1:]) / 2
    shared = np.array([[np.interp(radius, middle, of_pair) for of_pair in row] for row in spectra])  # (T, T, frequencies, aliases)
    told = FACTOR * shifts[:, :, None, None]
    transfer = np.exp(-2 * np.pi**2 * (sigma * radius) ** 2) * np.exp(2j * np.pi * (u * told[:, 0] + v * told[:, 1]))
    covariance = np.einsum("afs,bfs,abfs->fab", transfer, transfer.conj(), shared)
    covariance += max(noise, LEAST_NOISE) ** 2 * FACTOR**2 * np.eye(len(shifts))
    cross = np.moveaxis(transfer * shared[0], 0, 1)  # (frequencies, T, aliases)
    found = {}
    for number in numbers:
        solved = np.linalg.solve(covariance[:, :number, :number], cross[:, :number])
        found[number] = float((shared[0, 0] - (cross[:, :number].conj() * solved).real.sum(1)).sum() / (FACTOR * COARSE) ** 2)
    return found


def shared_gains(scenes: Iterable[Scene], numbers: Iterable[int]) -> dict[int, float]:
    """Number of dates -> dB over one date, mean over the scenes that have so many and the fine images of all their dates."""
    gains: dict[int, list[float]] = {number: [] for number in numbers}
    for scene in scenes:
        if scene.fine is None or scene.dates < 2:
            continue
        possible = [number for number in gains if number <= scene.dates]
        sigma = float(np.mean([psf_sigma(band) for band in scene.bands]))
        spectra, shifts = cross_spectra(scene.fine), scene.series.shift[0].double().numpy()
        errors = errors_by_dates(spectra, shifts, sigma, scene.fine.noise, [1, *possible])
        for number in possible:
            gains[number].append(10 * np.log10(errors[1] / errors[number]))
    return {number: float(np.mean(found)) for number, found in gains.items() if found}
