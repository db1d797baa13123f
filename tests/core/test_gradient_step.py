"""Steps that bring the mean closer to what the dates show."""

import dataclasses

import pytest
import torch

from sitsr_core import sensor
from sitsr_core.models.data_fidelity import SEEN_RADIUS, seen_by_dates
from sitsr_core.models.gradient_step import REGULARISATION, STEP_RADIUS, GradientStep, sharpening_kernels
from sitsr_core.models.temporal_encoder import AlignedDates, sampled_positions
from sitsr_core.models.trim import ALL_SIDES, NO_SIDE

SIGMA = torch.tensor([sensor.psf_sigma(band) for band in ("B02", "B03", "B04", "B08")])
SIZE = 24


@pytest.fixture
def step():
    torch.manual_seed(0)
    return GradientStep(4, 8, 16, 4)


def awoken(step):
    torch.nn.init.normal_(step.change.weight, std=0.1)
    return step


def dates_of(image, shift, clear=None):
    """What dates with these shifts show of an image (B, C, 4 SIZE, 4 SIZE) without noise."""
    padded = torch.nn.functional.pad(image, (4 * SEEN_RADIUS,) * 4, mode="replicate")
    pixels = seen_by_dates(padded, shift, SIGMA[: image.shape[1]], 4)
    clear = torch.ones(*shift.shape[:2], SIZE, SIZE) if clear is None else clear
    return AlignedDates(pixels, clear, shift, sampled_positions(shift, 4), torch.ones(*shift.shape[:2], 1, SIZE, SIZE))


@pytest.fixture
def shift():
    return torch.rand(1, 3, 2, generator=torch.Generator().manual_seed(1)) - 0.5


FEATURES = torch.zeros(1, 8, SIZE, SIZE)


@torch.inference_mode()
def test_a_step_goes_further_towards_the_truth_the_more_dates_there_are(step):
    """Before any training, from an image that has lost half of its contrast."""
    truth = torch.nn.functional.avg_pool2d(torch.rand(1, 4, 4 * SIZE + 4, 4 * SIZE + 4), 5, 1)
    image = truth.mean() + 0.5 * (truth - truth.mean())
    shift = torch.rand(1, 16, 2) - 0.5

    def error(dates: int) -> float:
        pull, change = step(image, dates_of(truth, shift[:, :dates]), FEATURES, SIGMA, trim=NO_SIDE)
        assert (change == 0).all()
        return ALL_SIDES.crop(image + pull - truth, 16).square().mean().item()

    before = ALL_SIDES.crop(image - truth, 16).square().mean().item()
    assert error(8) < error(2) < error(1) < before


@torch.inference_mode()
@pytest.mark.parametrize("part", [0, 1])
def test_what_lies_further_off_than_the_trim_changes_nothing(step, shift, part):
    awoken(step)
    image = torch.rand(1, 4, 4 * SIZE, 4 * SIZE)
    dates = dates_of(torch.rand(1, 4, 4 * SIZE, 4 * SIZE), shift)
    whole = step(image, dates, FEATURES, SIGMA, trim=NO_SIDE)[part]
    inside = step(image, dates, FEATURES, SIGMA, trim=ALL_SIDES)[part]
    assert torch.allclose(ALL_SIDES.crop(whole, 4 * STEP_RADIUS), inside, atol=1e-5)


@torch.inference_mode()
def test_dates_that_show_the_image_pull_at_nothing(step, shift):
    awoken(step)
    step.of_gradient.weight[:, 64:] = 0  # the density tells how many dates there are
    image = torch.rand(1, 4, 4 * SIZE, 4 * SIZE)
    pull, change = step(image, dates_of(image, shift), FEATURES, SIGMA, trim=NO_SIDE)
    none = step(image, dates_of(image, shift, torch.zeros(1, 3, SIZE, SIZE)), FEATURES, SIGMA, trim=NO_SIDE)
    assert pull.abs().max() < 1e-4
    assert torch.allclose(change, none[1], atol=1e-4)


@torch.inference_mode()
@pytest.mark.parametrize("withheld", ["clear", "gate"])
def test_what_is_not_clear_or_not_believed_pulls_at_nothing(step, shift, withheld):
    awoken(step)
    image, other = torch.rand(2, 1, 4, 4 * SIZE, 4 * SIZE)
    dates, same = dates_of(other, shift), dates_of(image, shift)
    nothing = {withheld: torch.zeros_like(getattr(dates, withheld))}
    dates, same = dataclasses.replace(dates, **nothing), dataclasses.replace(same, **nothing)
    pull, change = step(image, dates, FEATURES, SIGMA, trim=NO_SIDE)
    assert (pull == 0).all()
    assert torch.equal(change, step(image, same, FEATURES, SIGMA, trim=NO_SIDE)[1])


@torch.inference_mode()
def test_ground_that_has_changed_pulls_less_the_more_it_has_changed(step, shift):
    image = torch.full((1, 4, 4 * SIZE, 4 * SIZE), 0.5)

    def pull(change: float) -> float:
        return step(image, dates_of(image + change, shift), FEATURES, SIGMA, trim=NO_SIDE)[0].abs().mean().item()

    assert pull(100.0) < 0.1 * pull(0.1)


def test_the_preconditioner_inverts_what_the_sensor_lets_through():
    """Blurred twice and sharpened, a wave of the input's Nyquist frequency comes back as strong as the regularisation leaves it."""
    kernel = sharpening_kernels(SIGMA, 4)
    assert torch.allclose(kernel.sum(1), torch.ones(4))
    reach = kernel.shape[1] // 2
    wave = torch.cos(2 * torch.pi * torch.arange(-reach, reach + 1) / 8)
    blurred_twice = torch.tensor([sensor.MTF_AT_NYQUIST[band] ** 2 for band in ("B02", "B03", "B04", "B08")])
    expected = blurred_twice * (1 + REGULARISATION) / (blurred_twice + REGULARISATION)
    assert torch.allclose(blurred_twice * (kernel @ wave), expected, rtol=0.2)
