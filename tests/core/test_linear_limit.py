"""The best linear estimator's gain: against a direct solution in space, and in the limits where it is known."""

import numpy as np
import pytest
import torch

from sitsr_core.evaluation import linear_limit
from sitsr_core.evaluation.linear_limit import (
    SceneStatistics,
    bicubic_error,
    linear_error,
    linear_gain_over_bicubic,
    linear_gains,
    spectrum_slope,
)
from sitsr_core.sensor import upsample

SCENE = SceneStatistics(2.2, 0.06, 0.002, 2.09)


def power_law_image(slope: float, side: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    radius = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.fftfreq(side)[None, :])
    radius[0, 0] = np.inf
    return np.real(np.fft.ifft2(np.fft.fft2(rng.normal(size=(1, side, side))) * radius ** (-slope / 2)))


@pytest.mark.parametrize("slope", [1.8, 2.6])
def test_slope_of_a_power_law(slope):
    assert spectrum_slope(power_law_image(slope, 256, seed) for seed in range(4)) == pytest.approx(slope, abs=0.15)


@pytest.mark.parametrize("shift_error", [0.0, 0.1])
def test_error_is_that_of_the_wiener_estimator_in_space(monkeypatch, shift_error):
    """A small periodic scene, whose covariances are written down pixel by pixel, with uncertain shifts averaged over many draws."""
    coarse, factor = 4, 4
    monkeypatch.setattr(linear_limit, "COARSE", coarse)
    side = coarse * factor
    f = np.fft.fftfreq(side)
    u, v = np.meshgrid(f, f, indexing="ij")
    squared = u**2 + v**2
    prior = np.maximum(squared, 1 / 512**2) ** (-SCENE.slope / 2)
    prior[0, 0] = 0
    prior *= SCENE.contrast**2 / prior.sum()
    blur = np.exp(-2 * np.pi**2 * SCENE.sigma**2 * squared)
    shifts = np.array([[0, 0], [0.3, -0.2], [-0.4, 0.1]])
    rng = np.random.default_rng(0)
    pixels = np.stack(np.meshgrid(np.arange(side), np.arange(side), indexing="ij"), -1).reshape(-1, 2)
    waves = np.exp(2j * np.pi * (pixels[:, :1] * u.ravel() + pixels[:, 1:] * v.ravel()))  # (pixels, frequencies)
    sampled = waves.reshape(side, side, -1)[::factor, ::factor].reshape(coarse**2, -1)
    covariance, cross, draws = 0, 0, 1 if shift_error == 0 else 500
    for _ in range(draws):
        true = shifts + shift_error * rng.normal(size=shifts.shape) * (np.arange(3) > 0)[:, None]
        rows = np.concatenate([sampled * (blur * np.exp(2j * np.pi * factor * (u * dy + v * dx))).ravel() for dy, dx in true])
        covariance = covariance + (rows * prior.ravel()) @ rows.conj().T / draws
        cross = cross + (waves * prior.ravel()) @ rows.conj().T / draws
    # Noise of the pixels of ``linear_error`` is white over its own frequencies: per pixel its variance is noise^2.
    covariance = covariance + SCENE.noise**2 * np.eye(len(covariance))
    explained = np.real(np.trace(np.linalg.solve(covariance, cross.conj().T) @ cross)) / side**2
    assert linear_error(SCENE, shifts, shift_error) == pytest.approx(prior.sum() - explained, rel=1e-6 if shift_error == 0 else 0.03)


def test_more_dates_help_and_uncertain_shifts_less():
    exact, uncertain, lost = (linear_gains(SCENE, error) for error in (0.0, 0.1, 5.0))
    for gains in (exact, uncertain):
        assert gains[1] == 0
        assert list(gains.values()) == sorted(gains.values())
    assert all(uncertain[n] < exact[n] for n in (2, 4, 8, 16))
    assert lost[16] < 0.05  # dates whose place is unknown tell nothing
    assert exact[8] == pytest.approx(1.1, abs=0.3)


def test_dates_without_noise_and_at_the_same_place_add_nothing():
    still = np.zeros((8, 2))
    clean = SceneStatistics(2.2, 0.06, 1e-5, 2.09)
    assert linear_error(clean, still, 0.0) == pytest.approx(linear_error(clean, still[:1], 0.0), rel=0.02)
    noisy = SceneStatistics(2.2, 0.06, 0.02, 2.09)
    assert linear_error(noisy, still, 0.0) < 0.9 * linear_error(noisy, still[:1], 0.0)


def test_error_of_bicubic_interpolation_is_that_of_simulated_scenes():
    """Power-law scenes, blurred in the frequency domain, sampled, given noise and interpolated."""
    side, rng, errors = 4 * linear_limit.COARSE, np.random.default_rng(3), []
    f = np.fft.fftfreq(side)
    blur = np.exp(-2 * np.pi**2 * SCENE.sigma**2 * (f[:, None] ** 2 + f[None, :] ** 2))
    to_centres = np.exp(2j * np.pi * 1.5 * (f[:, None] + f[None, :]))  # coarse pixel i lies at the fine coordinate 4 i + 1.5
    for seed in range(24):
        fine = power_law_image(SCENE.slope, side, seed)[0]
        fine *= SCENE.contrast / fine.std()
        coarse = np.fft.ifft2(np.fft.fft2(fine) * blur * to_centres).real[::4, ::4] + SCENE.noise * rng.normal(size=(side // 4,) * 2)
        interpolated = upsample(torch.from_numpy(coarse)[None, None].float())[0, 0].numpy()
        errors.append(((interpolated - fine)[16:-16, 16:-16] ** 2).mean())
    assert bicubic_error(SCENE) == pytest.approx(np.mean(errors), rel=0.05)


def test_the_best_linear_estimator_is_better_than_bicubic():
    assert 0.5 < linear_gain_over_bicubic(SCENE) < 2
