"""The measures of others' protocols, against the slow way of writing them."""

import numpy as np
import pytest

from sitsr_core import metrics

RNG = np.random.default_rng(1)
TRUTH = RNG.random((1, 40, 44))
IMAGE = np.clip(np.roll(TRUTH, (1, -2), (1, 2)) + 0.05 * RNG.standard_normal(TRUTH.shape), 0, 1)
MASK = RNG.random((40, 44)) > 0.3


def test_probavs_cpsnr_is_the_competitions_definition_pixel_by_pixel():
    errors = []
    for u in range(7):
        for v in range(7):
            differences = [
                TRUTH[0, u + r, v + c] - IMAGE[0, 3 + r, 3 + c] for r in range(34) for c in range(38) if MASK[u + r, v + c]
            ]  # fmt: skip
            bias = sum(differences) / len(differences)
            errors.append(sum((one - bias) ** 2 for one in differences) / len(differences))
    assert metrics.probav_cpsnr(IMAGE, TRUTH, MASK) == pytest.approx(-10 * np.log10(min(errors)))


def test_probavs_cpsnr_forgives_shift_and_brightness_and_no_more():
    everything = np.ones(TRUTH.shape[1:], bool)
    assert metrics.probav_cpsnr(np.roll(TRUTH, (3, -3), (1, 2)) + 0.1, TRUTH, everything) > 100
    assert metrics.probav_cpsnr(np.roll(TRUTH, 4, 1), TRUTH, everything) < 20
    with pytest.raises(ValueError, match="no pixel"):
        metrics.probav_cpsnr(IMAGE, TRUTH, ~everything)


def test_what_is_masked_does_not_count():
    spoiled = np.where(MASK, TRUTH, 9.0)
    assert metrics.probav_cpsnr(IMAGE, spoiled, MASK) == metrics.probav_cpsnr(IMAGE, TRUTH, MASK)


def test_normalised_score_is_the_mean_of_the_ratios():
    assert metrics.normalised_score({"a": 50.0, "b": 40.0}, {"a": 45.0, "b": 44.0, "c": 1.0}) == pytest.approx((0.9 + 1.1) / 2)
    with pytest.raises(ValueError, match="no baseline for d"):
        metrics.normalised_score({"d": 50.0}, {"a": 45.0})
    with pytest.raises(ValueError, match="no scenes"):
        metrics.normalised_score({}, {"a": 45.0})


def test_shift_mae_is_the_brute_force_best():
    errors = [
        np.abs(TRUTH[:, 8:32, 8:36] - np.roll(IMAGE, (-u, -v), (1, 2))[:, 8:32, 8:36]).mean() for u in range(-3, 4) for v in range(-3, 4)
    ]
    assert metrics.shift_mae(IMAGE, TRUTH) == pytest.approx(min(errors))
    assert metrics.shift_mae(np.roll(TRUTH, (2, -3), (1, 2)), TRUTH) == 0
    with pytest.raises(ValueError, match="narrower"):
        metrics.shift_mae(IMAGE, TRUTH, border=2)
