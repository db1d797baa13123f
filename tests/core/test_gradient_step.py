"""Steps that bring the mean closer to what the dates show."""

import dataclasses

import pytest
import torch

from sitsr_core import sensor
from sitsr_core.models.data_fidelity import SEEN_RADIUS, seen_by_dates
from sitsr_core.models.gradient_step import STEP_RADIUS, GradientStep
from sitsr_core.models.temporal_encoder import AlignedDates, cropped, sampled_positions

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


def test_it_begins_as_the_identity(step, shift):
    image, other = torch.rand(2, 1, 4, 4 * SIZE, 4 * SIZE)
    assert (step(image, dates_of(other, shift), FEATURES, SIGMA, trim=False) == 0).all()


@torch.inference_mode()
def test_what_lies_further_off_than_the_trim_changes_nothing(step, shift):
    awoken(step)
    image = torch.rand(1, 4, 4 * SIZE, 4 * SIZE)
    dates = dates_of(torch.rand(1, 4, 4 * SIZE, 4 * SIZE), shift)
    whole = step(image, dates, FEATURES, SIGMA, trim=False)
    inside = step(image, dates, FEATURES, SIGMA, trim=True)
    assert torch.allclose(cropped(whole, 4 * STEP_RADIUS), inside, atol=1e-6)


@torch.inference_mode()
def test_dates_that_show_the_image_pull_at_nothing(step, shift):
    """The change is what it is without any date: the misfit is 0."""
    awoken(step)
    step.of_gradient.weight[:, 64:] = 0  # the density tells how many dates there are
    image = torch.rand(1, 4, 4 * SIZE, 4 * SIZE)
    shown = step(image, dates_of(image, shift), FEATURES, SIGMA, trim=False)
    none = step(image, dates_of(image, shift, torch.zeros(1, 3, SIZE, SIZE)), FEATURES, SIGMA, trim=False)
    assert torch.allclose(shown, none, atol=1e-4)


@torch.inference_mode()
@pytest.mark.parametrize("withheld", ["clear", "gate"])
def test_what_is_not_clear_or_not_believed_pulls_at_nothing(step, shift, withheld):
    awoken(step)
    image, other = torch.rand(2, 1, 4, 4 * SIZE, 4 * SIZE)
    dates, same = dates_of(other, shift), dates_of(image, shift)
    nothing = {withheld: torch.zeros_like(getattr(dates, withheld))}
    dates, same = dataclasses.replace(dates, **nothing), dataclasses.replace(same, **nothing)
    assert torch.equal(step(image, dates, FEATURES, SIGMA, trim=False), step(image, same, FEATURES, SIGMA, trim=False))


@torch.inference_mode()
def test_ground_that_has_changed_pulls_less_the_more_it_has_changed(step, shift):
    awoken(step)
    step.of_gradient.weight[:, 64:] = 0
    image = torch.full((1, 4, 4 * SIZE, 4 * SIZE), 0.5)
    nothing = step(image, dates_of(image, shift), FEATURES, SIGMA, trim=False)

    def pull(change: float) -> float:
        changed = dates_of(image + change, shift)
        return (step(image, changed, FEATURES, SIGMA, trim=False) - nothing).abs().mean().item()

    assert pull(100.0) < 0.1 * pull(0.1)
