"""What real dates can add to linear reconstruction: everything where they are one image, nothing where they share nothing."""

import dataclasses

import numpy as np
import pytest
import torch

from sitsr_core.evaluation.linear_limit import SceneStatistics, linear_error, wiener_error
from sitsr_core.evaluation.scene import FineDates, Scene
from sitsr_core.evaluation.shared_detail import RINGS, cross_spectra, on_aliases, shared_gains
from sitsr_core.models.network import SeriesBatch
from sitsr_core.sensor import psf_sigma

SIDE = 128
SHIFTS = np.array([[0.0, 0.0], [2.0, -1.0], [1.2, 1.6]])  # fine pixels


def _frequencies() -> tuple[np.ndarray, np.ndarray]:
    return np.fft.fftfreq(SIDE)[:, None], np.fft.fftfreq(SIDE)[None, :]


def _image(seed: int) -> np.ndarray:
    u, v = _frequencies()
    radius = np.hypot(u, v)
    radius[0, 0] = np.inf
    image = np.fft.ifft2(np.fft.fft2(np.random.default_rng(seed).normal(size=(4, SIDE, SIDE))) / radius**1.1).real
    return 0.05 * image / image.std()


def _moved(image: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """The image as a date shows it that is shifted so."""
    u, v = _frequencies()
    return np.fft.ifft2(np.fft.fft2(image) * np.exp(-2j * np.pi * (u * shift[0] + v * shift[1]))).real


def _scene(images: np.ndarray, noise: float = 0.001) -> Scene:
    dates, coarse = len(images), SIDE // 4
    series = SeriesBatch(
        reflectance=torch.zeros(1, dates, 4, coarse, coarse), clear=torch.ones(1, dates, coarse, coarse),
        shift=torch.from_numpy(SHIFTS[None, :dates] / 4).float(), shift_known=torch.ones(1, dates),
        days=torch.zeros(1, dates), reference=torch.zeros(1, dtype=torch.long),
    )  # fmt: skip
    fine = FineDates(images, SHIFTS[:dates], noise)
    return Scene("place", series, images[0], np.ones((SIDE, SIDE), bool), fine=fine)


def test_dates_of_one_image_share_all_of_it_when_their_shifts_are_taken_out():
    image = _image(0)
    spectra = cross_spectra(FineDates(np.stack([_moved(image, shift) for shift in SHIFTS]), SHIFTS))
    own = spectra[0, 0]
    assert own[2:-1] == pytest.approx(own[2] * (((RINGS[:-1] + RINGS[1:]) / 2)[2:-1] / (RINGS[2:4].mean())) ** -2.2, rel=0.3)
    assert np.allclose(spectra[0, 1, 1:12] / own[1:12], 1, atol=0.1)
    turned = cross_spectra(FineDates(np.stack([_moved(image, shift) for shift in SHIFTS]), -SHIFTS))
    assert turned[0, 1, 8] < 0.5 * own[8]  # the sign of the shifts matters


@pytest.mark.parametrize("shift_error", [0.0, 0.1])
def test_what_they_add_is_then_that_of_scenes_that_stand_still(shift_error):
    middle = (RINGS[:-1] + RINGS[1:]) / 2
    shared = on_aliases(np.broadcast_to(middle**-2.2, (3, 3, len(middle))))
    still = SceneStatistics(2.2, np.sqrt(shared[0, 0].sum()), 1e-4, psf_sigma("B02"))
    for number in (2, 3):
        shifts = SHIFTS[:number] / 4
        gain = wiener_error(shared[:number, :number], shifts, still.sigma, still.noise, shift_error)
        gain /= wiener_error(shared[:1, :1], shifts[:1], still.sigma, still.noise, shift_error)
        expected = linear_error(still, shifts, shift_error) / linear_error(still, shifts[:1], shift_error)
        assert gain == pytest.approx(expected, rel=0.05)


def test_dates_that_share_nothing_add_nothing():
    same = _scene(np.stack([_moved(_image(0), shift) for shift in SHIFTS]))
    others = _scene(np.stack([_image(seed) for seed in range(3)]))
    gains, none = (shared_gains([scene], (2, 3, 8), (0.0, 0.1)) for scene in (same, others))
    assert set(gains[0.0]) == {2, 3}  # none has eight dates
    assert gains[0.0][3] > gains[0.0][2] > 0.2
    assert gains[0.0][3] > gains[0.1][3] > 0.5 * gains[0.0][3]
    assert 0 <= none[0.0][3] < 0.1 * gains[0.0][3]


def test_scenes_without_fine_images_of_their_dates_are_left_out():
    scene = _scene(_image(0)[None])
    assert shared_gains([scene, dataclasses.replace(scene, fine=None)], (2, 4), (0.0,)) == {}
    three = _scene(np.stack([_image(seed) for seed in range(3)]))
    assert three.with_dates(2).fine is None
