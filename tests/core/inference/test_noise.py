"""Noise: normal, independent, the same for a pixel whatever the tile, and fast."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sitsr_core.inference.noise import position_noise


@pytest.fixture(scope="module")
def plane() -> np.ndarray:
    return position_noise(3, -100, -50, 700, 700, 4)


def test_it_is_standard_normal(plane):
    assert plane.dtype == np.float32
    for band in plane:
        assert stats.kstest(band.ravel()[::7], "norm").pvalue > 1e-4
    assert abs(plane.mean()) < 4 / np.sqrt(plane.size)
    assert abs(plane.std() - 1) < 4 / np.sqrt(2 * plane.size)
    assert abs((plane**4).mean() - 3) < 4 * np.sqrt(96 / plane.size)
    assert 4.5 < np.abs(plane).max() < 6.8


def test_neighbours_bands_members_and_seeds_are_independent(plane):
    limit = 5 / np.sqrt(plane[0].size)
    pairs = [
        (plane[:, 1:], plane[:, :-1]),
        (plane[:, :, 1:], plane[:, :, :-1]),
        (plane[:, 1:, 1:], plane[:, :-1, :-1]),
        (plane[0], plane[1]),
        (plane[0], plane[2]),
        (plane[1], plane[2]),
        (plane, position_noise(4, -100, -50, 700, 700, 4)),
        (plane, position_noise(3, -100, -50, 700, 700, 4, number=1)),
        (plane[0], plane[0].T),
    ]
    for one, other in pairs:
        assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < limit
        assert abs(np.corrcoef(one.ravel() ** 2, other.ravel() ** 2)[0, 1]) < limit


@settings(deadline=None, max_examples=40)
@given(st.integers(-200, 10**6), st.integers(-200, 10**6), st.integers(1, 60), st.integers(1, 60), st.integers(-(2**70), 2**70))
def test_a_pixel_has_the_same_noise_in_any_window(row, column, height, width, seed):
    whole = position_noise(seed, row, column, height + 9, width + 9, 3, number=2)
    part = position_noise(seed, row + 4, column + 7, height, width, 3, number=2)
    assert np.array_equal(part, whole[:, 4 : 4 + height, 7 : 7 + width])


def test_fewer_bands_are_the_first_bands():
    assert np.array_equal(position_noise(1, 0, 0, 20, 20, 3), position_noise(1, 0, 0, 20, 20, 4)[:3])


def test_ten_million_values_in_well_under_a_second():
    start = time.process_time()
    position_noise(0, 0, 0, 1600, 1600, 4)
    assert time.process_time() - start < 0.8
