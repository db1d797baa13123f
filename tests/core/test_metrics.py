"""The one protocol, against brute force and known values."""

import numpy as np
import pytest

from sitsr_core import metrics

RNG = np.random.default_rng(0)
TRUTH = 0.1 + 0.2 * RNG.random((4, 64, 64))


def test_psnr_of_a_constant_error():
    assert metrics.psnr(TRUTH + 0.01, TRUTH) == pytest.approx(40.0)


def test_border_and_mask_are_left_out():
    image, mask = TRUTH + 0.01, np.ones((64, 64), bool)
    image[:, 0] += 9
    image[:, 30, 30] += 9
    mask[30, 30] = False
    assert metrics.psnr(image, TRUTH, mask) == pytest.approx(40.0)


def test_a_reference_without_pixels_is_refused():
    for metric in (metrics.psnr, metrics.ssim, metrics.sam, metrics.ergas, metrics.cpsnr):
        with pytest.raises(ValueError, match="no pixel"):
            metric(TRUTH, TRUTH, np.zeros((64, 64), bool))
    with pytest.raises(ValueError, match="border"):
        metrics.cpsnr(TRUTH, TRUTH, border=2)


def test_what_the_reference_lacks_is_not_counted_and_what_the_image_lacks_is():
    hole = TRUTH.copy()
    hole[1, 30, 30] = np.nan
    for metric in (metrics.psnr, metrics.ssim, metrics.sam, metrics.ergas, metrics.cpsnr):
        assert np.isfinite(metric(TRUTH + 0.01, hole))
    assert np.isnan(metrics.psnr(hole, TRUTH))


def test_ergas_by_hand():
    truth = np.stack([np.full((32, 32), 0.1), np.full((32, 32), 0.4)])
    image = truth + np.array([0.01, 0.02])[:, None, None]
    assert metrics.ergas(image, truth) == pytest.approx(25 * np.sqrt((0.1**2 + 0.05**2) / 2))


def test_sam_ignores_brightness_and_knows_right_angles():
    assert metrics.sam(1.7 * TRUTH, TRUTH) == pytest.approx(0.0, abs=1e-4)
    a, b = np.zeros((2, 32, 32)), np.zeros((2, 32, 32))
    a[0], b[1] = 1, 1
    assert metrics.sam(a, b) == pytest.approx(90.0)


def test_ssim_and_ergas_of_equals():
    assert metrics.ssim(TRUTH, TRUTH) == pytest.approx(1.0)
    assert metrics.ergas(TRUTH, TRUTH) == 0
    assert metrics.ssim(TRUTH + 0.05 * RNG.standard_normal(TRUTH.shape), TRUTH) < 0.9


def test_cpsnr_forgives_shift_and_bias():
    moved = np.roll(TRUTH, (2, -3), (1, 2)) + 0.05
    assert metrics.cpsnr(moved, TRUTH) > 100
    assert metrics.cpsnr(np.roll(TRUTH, 4, 1), TRUTH) < 30


def test_cpsnr_is_the_brute_force_best():
    image = TRUTH + 0.02 * RNG.standard_normal(TRUTH.shape)
    errors = []
    for u in range(-3, 4):
        for v in range(-3, 4):
            difference = TRUTH[:, 8:56, 8:56] - np.roll(image, (-u, -v), (1, 2))[:, 8:56, 8:56]
            errors.append(np.mean((difference - difference.mean((1, 2), keepdims=True)) ** 2))
    assert metrics.cpsnr(image, TRUTH) == pytest.approx(10 * np.log10(1 / min(errors)))


def test_spectrum_ratio():
    assert metrics.spectrum_ratio(TRUTH, TRUTH) == pytest.approx(1.0)
    assert metrics.spectrum_ratio(np.zeros_like(TRUTH), TRUTH) == 0


def test_coverage_of_a_normal_error():
    std = np.full_like(TRUTH, 0.02)
    image = TRUTH + std * RNG.standard_normal(TRUTH.shape)
    assert metrics.coverage(image, std, TRUTH, 2) == pytest.approx(0.954, abs=0.01)


def test_correlation_of_the_std_with_the_error():
    std = RNG.uniform(0, 0.04, TRUTH.shape)
    image = TRUTH + std * RNG.standard_normal(TRUTH.shape)
    right, wrong = (metrics.std_correlation(image, spread, TRUTH) for spread in (std, RNG.permutation(std.ravel()).reshape(std.shape)))
    assert 0.4 < right < 0.8
    assert abs(wrong) < 0.1


def test_homogeneous_std_ratio_is_of_flat_places_away_from_edges():
    truth = 0.2 + 0.002 * RNG.standard_normal((4, 96, 96))
    truth[:, :, 60:] += 0.3 * RNG.random((4, 96, 36))  # a town
    assert metrics.homogeneous_std_ratio(truth, truth) == pytest.approx(1)
    invented = truth + 0.004 * RNG.standard_normal(truth.shape)
    assert metrics.homogeneous_std_ratio(invented, truth) == pytest.approx(np.sqrt(1 + 2**2), abs=0.1)
    blurred = truth.copy()
    blurred[:, :, 56:60] += 0.2  # the town's edge runs over
    assert metrics.homogeneous_std_ratio(blurred, truth) == pytest.approx(1)
    town = np.concatenate([truth[:, :, 60:]] * 2, axis=2)
    assert np.isnan(metrics.homogeneous_std_ratio(town, town))
    mask = np.zeros((96, 96), bool)
    mask[:, 60:] = True
    assert np.isnan(metrics.homogeneous_std_ratio(truth, truth, mask))
