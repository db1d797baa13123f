"""Shifts between dates: sign, accuracy, doubt."""

import numpy as np
import pytest
from fixtures.rasters import BANDS, DATES, moved, place, to_numbers, write_raster, write_series
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.registration import phase_cross_correlation

from sitsr_core.series import alignment
from sitsr_core.series.image_series import ImageSeries

CLEAR = [np.ones((128, 128), bool)]


@settings(max_examples=12, deadline=None)
@given(st.floats(-2, 2), st.floats(-2, 2))
def test_content_lies_where_the_shift_says(dy, dx):
    """Content at (row, column) of the reference is at (row + dy, column + dx) of the date."""
    ground = place(128, 128)
    found = alignment.estimate_shift([ground], CLEAR, [moved(ground, dy, dx)], CLEAR)
    assert found.known and abs(found.dy - dy) < 0.02 and abs(found.dx - dx) < 0.02


def test_the_sign_on_a_whole_pixel():
    ground = place(128, 128)
    date = np.roll(ground, (3, -2), axis=(1, 2))
    assert np.array_equal(date[:, 53, 38], ground[:, 50, 40])
    found = alignment.estimate_shift([ground], CLEAR, [date], CLEAR)
    assert (found.dy, found.dx) == pytest.approx((3, -2), abs=0.03)


@pytest.mark.parametrize("normalization", [None, "phase"])
def test_it_is_what_scikit_image_finds(normalization):
    one, other = place(96, 128)[3], moved(place(96, 128), 0.7, -1.3)[3]
    spectrum = alignment.cross_spectrum(one, other)
    if normalization:
        spectrum = alignment._without_amplitude(spectrum)
    back = phase_cross_correlation(one, other, upsample_factor=alignment.UPSAMPLE, normalization=normalization)[0]
    assert alignment.peak_shift(spectrum) == pytest.approx((-back[0], -back[1]), abs=0.021)


def test_seasons_and_cloud_do_not_hide_a_shift():
    rng = np.random.default_rng(3)
    ground = place(128, 128)
    date = moved(ground, 0.4, -0.6) * np.array([1.2, 0.8, 1.4, 0.6])[:, None, None] + 0.02
    date[:, :40, :60] = 0.7 + 0.05 * rng.normal(size=(4, 40, 60))
    clear = CLEAR[0].copy()
    clear[:44, :64] = False
    found = alignment.estimate_shift([ground], CLEAR, [date], [clear])
    assert found.known and (found.dy, found.dx) == pytest.approx((0.4, -0.6), abs=0.03)


@pytest.mark.parametrize("other", [place(128, 128, seed=9), np.zeros((4, 128, 128), np.float32)])
def test_what_cannot_be_told_is_unknown(other):
    found = alignment.estimate_shift([place(128, 128)], CLEAR, [other], CLEAR)
    assert (found.dy, found.dx, found.known) == (0, 0, False)


def test_too_little_clear_is_unknown():
    clear = np.zeros((128, 128), bool)
    clear[:20] = True
    assert not alignment.estimate_shift([place(128, 128)], CLEAR, [place(128, 128)], [clear]).known


def test_the_reference_is_clear_and_recent():
    assert alignment.choose_reference([0.5, 1.0, 0.99, 0.9], [False] * 4) == 2
    assert alignment.choose_reference([0.5, 1.0, 0.99, 0.9], [False, True, True, False]) == 3
    assert alignment.choose_reference([0.0, 1.0], [False, True]) == 1


def test_the_shifts_of_a_series(tmp_path):
    shifts = {DATES[0]: (0.35, -0.4), DATES[1]: (-0.6, 0.15)}
    with ImageSeries.open(write_series(tmp_path, size=(128, 160), shifts=shifts, clouds={DATES[2]: 1.0})) as series:
        a, b, cloud, reference = series.acquisitions
        assert reference.shift == (0, 0) and reference.shift_known
        assert a.shift == pytest.approx(shifts[DATES[0]], abs=0.08) and a.shift_known
        assert b.shift == pytest.approx(shifts[DATES[1]], abs=0.08) and b.shift_known
        assert cloud.shift == (0, 0) and not cloud.shift_known


def test_more_than_a_pixel_is_warned_about(tmp_path):
    with ImageSeries.open(write_series(tmp_path, size=(128, 128), shifts={DATES[1]: (1.6, 0)})) as series:
        text = next(text for text in series.warnings if "more than one pixel" in text)
        assert DATES[1] in text and DATES[0] not in text


def test_blocks_of_a_large_image(tmp_path):
    ground = to_numbers(place(900, 900))
    paths = [
        write_raster(tmp_path / f"{date}.tif", np.roll(ground, shift, axis=(1, 2)), descriptions=BANDS, tiled=True)
        for date, shift in ((DATES[0], (1, 2)), (DATES[1], (0, 0)))
    ]
    with ImageSeries.open(paths) as series:
        assert series.acquisitions[0].shift == pytest.approx((1, 2), abs=0.03)
