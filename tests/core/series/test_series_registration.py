"""Least squares on a shift that is nearly right: how exact it is, and when it leaves the shift alone."""

import numpy as np
import pytest
import torch
from fixtures.rasters import moved, place

from sitsr_core import sensor
from sitsr_core.datasets.simulate import observe_shifted
from sitsr_core.series.registration import refined

CLEAR = np.ones((48, 48), bool)


def folded(shifts: list[tuple[float, float]], size: int = 48) -> np.ndarray:
    """(T, C, size, size) of one fine scene full of detail as the sensor samples it, with noise."""
    rng = np.random.default_rng(0)
    margin = 12
    spectrum = np.fft.rfft2(rng.normal(size=(4, 4 * size + 2 * margin, 4 * size + 2 * margin)))
    frequency = np.hypot(np.fft.fftfreq(spectrum.shape[1])[:, None], np.fft.rfftfreq(spectrum.shape[1])[None])
    scene = np.fft.irfft2(spectrum / np.maximum(frequency, 1 / 64), s=(spectrum.shape[1],) * 2)
    scene = torch.from_numpy(0.2 + 0.05 * scene / scene.std()).float()[None, None].expand(1, len(shifts), -1, -1, -1)
    sigma = torch.tensor([[sensor.psf_sigma(band) for band in ("B02", "B03", "B04", "B08")]])
    seen = observe_shifted(scene, torch.tensor([shifts]), sigma, size)[0].numpy()
    return seen + rng.normal(scale=0.001, size=seen.shape)


@pytest.mark.parametrize("shift", [(0.4, -0.3), (-0.5, 0.5), (0.05, 0.0), (1.3, -0.8)])
def test_aliased_images_are_registered_to_a_hundredth_of_a_pixel(shift):
    reference, date = folded([(0.0, 0.0), shift])
    found = refined([reference], [CLEAR], [date], [CLEAR], (shift[0] + 0.1, shift[1] - 0.1))
    assert found == pytest.approx(shift, abs=0.01)


def test_changed_regions_cloud_and_another_season_do_not_pull():
    reference, date = folded([(0.0, 0.0), (0.3, 0.2)])
    date = date * np.array([1.2, 0.8, 1.4, 0.6])[:, None, None] + 0.02
    date[:, :16, 30:] = date[:, 16:32, 20:38].copy()  # another scene
    date[:, 30:, :12] = 0.7
    clear = CLEAR.copy()
    clear[28:, :14] = False
    assert refined([reference], [CLEAR], [date], [clear], (0.35, 0.15)) == pytest.approx((0.3, 0.2), abs=0.02)


def test_the_blocks_are_taken_together():
    reference, date = folded([(0.0, 0.0), (0.3, -0.2)])
    halves = [slice(0, 24), slice(24, 48)]
    parts = ([image[:, rows] for rows in halves] for image in (reference, date))
    clear = [CLEAR[rows] for rows in halves]
    one, other = parts
    assert refined(one, clear, other, clear, (0.35, -0.15)) == pytest.approx((0.3, -0.2), abs=0.015)


@pytest.mark.parametrize(
    "other",
    [np.zeros((4, 48, 48)), -place(48, 48), place(48, 48, seed=9), moved(place(48, 48), 3, 3)],
    ids=["flat", "inverted", "another place", "far off"],
)
def test_what_cannot_be_told_stays_as_it_was(other):
    found = refined([place(48, 48)], [CLEAR], [other], [CLEAR], (0.1, 0.1))
    assert np.abs(np.subtract(found, 0.1)).max() <= 0.5


def test_without_clear_pixels_the_shift_stays():
    ground = place(48, 48)
    assert refined([ground], [CLEAR], [ground], [~CLEAR], (0.1, -0.2)) == (0.1, -0.2)
