"""What several dates can add, at most, to a *linear* reconstruction of scenes that stand still: the yardstick of "uses time".

A Gaussian scene of spectrum 1 / f^slope is blurred by the sensor's PSF and sampled every 4 fine pixels at known sub-pixel shifts, with
noise. At each coarse frequency the dates mix the same 16 aliased fine frequencies (Tsai and Huang 1984), and the best linear estimator
of these from noisy mixtures is a small Wiener problem of its own (Kim, Bose and Valenzuela 1990, IEEE Trans. ASSP 38(6)).

Shifts that are known with an error: with e ~ N(0, s^2) pixels per axis, the phase exp(2 pi i f e) of a date is known only in the mean,
exp(-2 pi^2 f^2 s^2); what is lost of its power acts as noise of that date. This is exact for the best estimator that is linear in the
pixels and knows only the told shifts.
"""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch

from sitsr_core.evaluation.scene import Scene
from sitsr_core.sensor import FACTOR, psf_sigma, upsample

COARSE = 32  # coarse frequencies along each axis
LARGEST_SCALE = 512  # fine pixels; the spectrum is flat beyond it
FITTED = (1 / 32, 1 / 2)  # cycles per fine pixel that the slope is fitted between
DRAWS = 4  # of shifts
NUMBERS = (1, 2, 4, 8, 16)


@dataclass
class SceneStatistics:
    """Of a set: its spectrum is 1 / f^slope, its standard deviation and that of the noise are in reflectance; PSF in fine pixels."""

    slope: float
    contrast: float
    noise: float
    sigma: float


def spectrum_slope(images: Iterable[np.ndarray]) -> float:
    """Exponent a of the power spectrum 1 / f^a of (C, H, W) images, from a straight line through log ring means within ``FITTED``."""
    rings = np.geomspace(*FITTED, 13)
    powers = []
    for image in images:
        window = np.hanning(image.shape[1])[:, None] * np.hanning(image.shape[2])[None, :]
        centred = image.astype(np.float64) - image.mean((1, 2), keepdims=True)
        power = (np.abs(np.fft.fft2(centred * window)) ** 2).mean(0) / (window**2).sum()
        radius = np.hypot(np.fft.fftfreq(image.shape[1])[:, None], np.fft.fftfreq(image.shape[2])[None, :])
        powers.append([power[(radius >= low) & (radius < high)].mean() for low, high in itertools.pairwise(rings)])
    middle = np.sqrt(rings[:-1] * rings[1:])
    return float(-np.polyfit(np.log(middle), np.log(np.mean(powers, axis=0)), 1)[0])


def statistics(scenes: list[Scene], noise: float) -> SceneStatistics:
    """Of simulated scenes whose noise has a standard deviation of ``noise`` at a reflectance of 0.15 and grows as in ``simulate``."""
    variances = [noise**2 * (0.3 + 0.7 * scene.observed()[0].clamp(min=0) / 0.15).mean().item() for scene in scenes]
    return SceneStatistics(
        slope=spectrum_slope(scene.truth for scene in scenes),
        contrast=float(np.sqrt(np.mean([scene.truth.var((1, 2)).mean() for scene in scenes]))),
        noise=float(np.sqrt(np.mean(variances))),
        sigma=float(np.mean([psf_sigma(band) for band in scenes[0].bands])),
    )


def _power(scene: SceneStatistics, squared: np.ndarray) -> np.ndarray:
    """The scene's power at squared frequencies that cover the fine grid once, cycles per fine pixel."""
    power = np.maximum(squared, 1 / LARGEST_SCALE**2) ** (-scene.slope / 2)
    power[squared == 0] = 0  # the mean is known
    return power * (scene.contrast**2 / power.sum())


def _blur(sigma: float, squared: np.ndarray) -> np.ndarray:
    """The PSF's transfer there."""
    return np.exp(-2 * np.pi**2 * sigma**2 * squared)


def aliased_frequencies() -> tuple[np.ndarray, np.ndarray]:
    """(u, v): the fine frequencies (coarse frequencies, aliases) that sampling mixes, cycles per fine pixel."""
    coarse = np.fft.fftfreq(COARSE) / FACTOR
    aliases = (coarse[:, None] + np.arange(FACTOR) / FACTOR + 0.5) % 1 - 0.5  # (COARSE, FACTOR)
    shape = (COARSE, COARSE, FACTOR, FACTOR)
    u, v = (np.broadcast_to(x, shape).reshape(COARSE**2, FACTOR**2) for x in (aliases[:, None, :, None], aliases[None, :, None, :]))
    return u, v


def wiener_error(shared: np.ndarray, shifts: np.ndarray, sigma: float, noise: float, shift_error: float) -> float:
    """Mean squared error of the best linear estimate of the first date's fine image from the coarse images of all, reflectance squared.

    Args:
        shared: (T, T, frequencies, aliases) power that two dates share, reflectance squared; the sum of a date's own is its variance.
        shifts: (T, 2) told shifts in coarse pixels.
        sigma: of the PSF, fine pixels.
        noise: standard deviation of coarse pixels, reflectance.
        shift_error: standard deviation of the dates' true shifts about the told ones, coarse pixels per axis; the first's has no error.
    """
    u, v = aliased_frequencies()
    squared = u**2 + v**2
    blur = _blur(sigma, squared)
    told, error = FACTOR * shifts[:, :, None, None], np.where(np.arange(len(shifts)) > 0, FACTOR * shift_error, 0)[:, None, None]
    certain = np.exp(-2 * np.pi**2 * error**2 * squared)  # (T, frequencies, aliases)
    transfer = blur * certain * np.exp(2j * np.pi * (u * told[:, 0] + v * told[:, 1]))
    lost = (blur**2 * (1 - certain**2) * np.einsum("aafs->afs", shared)).sum(2)
    covariance = np.einsum("afs,bfs,abfs->fab", transfer, transfer.conj(), shared, optimize=True)
    covariance += (lost.T + (noise / COARSE) ** 2)[:, :, None] * np.eye(len(shifts))
    cross = np.moveaxis(transfer * shared[0], 0, 1)  # (frequencies, T, aliases)
    explained = (cross.conj() * np.linalg.solve(covariance, cross)).sum()
    return float(shared[0, 0].sum() - explained.real)


def linear_error(scene: SceneStatistics, shifts: np.ndarray, shift_error: float) -> float:
    """Mean squared error of the best linear estimator in reflectance squared, see ``wiener_error``: all dates share everything."""
    u, v = aliased_frequencies()
    prior = _power(scene, u**2 + v**2)
    shared = np.broadcast_to(prior, (len(shifts), len(shifts), *prior.shape))
    return wiener_error(shared, shifts, scene.sigma, scene.noise, shift_error)


def bicubic_error(scene: SceneStatistics) -> float:
    """Mean squared error of bicubic interpolation (``sensor.upsample``) of one date, in reflectance squared.

    Interpolation is linear too: it multiplies every alias of a coarse frequency by the kernel's own spectrum at that alias.
    """
    side = COARSE * FACTOR
    frequency = np.fft.fftfreq(side)
    impulse = torch.zeros(1, 1, COARSE, COARSE)
    impulse[..., COARSE // 2, COARSE // 2] = 1
    centre = FACTOR * (COARSE // 2) + (FACTOR - 1) / 2
    spectrum = np.fft.fft(upsample(impulse, FACTOR)[0, 0].sum(1).numpy() / FACTOR)  # of its rows: the kernel is separable
    along = (spectrum * np.exp(2j * np.pi * frequency * centre)).real / FACTOR
    squared = frequency[:, None] ** 2 + frequency[None, :] ** 2
    prior, blur = _power(scene, squared), _blur(scene.sigma, squared)
    kernel = along[:, None] * along[None, :]
    seen = (prior * blur**2).reshape(FACTOR, COARSE, FACTOR, COARSE).sum((0, 2)) + (scene.noise / COARSE) ** 2
    return float((prior - 2 * kernel * blur * prior + kernel**2 * np.tile(seen, (FACTOR, FACTOR))).sum())


def linear_gain_over_bicubic(scene: SceneStatistics) -> float:
    """What the best linear estimator gains over bicubic interpolation with one date, dB."""
    return float(10 * np.log10(bicubic_error(scene) / linear_error(scene, np.zeros((1, 2)), 0.0)))


def linear_gains(scene: SceneStatistics, shift_error: float, numbers: Iterable[int] = NUMBERS) -> dict[int, float]:
    """Number of dates -> dB over one date, for shifts uniform in +-0.5 coarse pixels (mean error over a few draws of them)."""
    errors = {}
    for number in {1, *numbers}:
        rng = np.random.default_rng(0)
        draws = [rng.uniform(-0.5, 0.5, (number, 2)) for _ in range(DRAWS)]
        errors[number] = np.mean([linear_error(scene, np.concatenate([np.zeros((1, 2)), draw[1:]]), shift_error) for draw in draws])
    return {number: float(10 * np.log10(errors[1] / errors[number])) for number in numbers}
