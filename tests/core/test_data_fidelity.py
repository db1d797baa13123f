"""What the dates would see of a draft, and what the network does with the difference."""

import dataclasses

import pytest
import torch

from sitsr_core import sensor
from sitsr_core.datasets.simulate import MARGIN, observe_shifted
from sitsr_core.models.data_fidelity import SEEN_RADIUS, back_from_dates, seen_by_dates, shifted_psf
from sitsr_core.models.network import NetworkConfig, SuperResolver
from sitsr_core.models.trim import ALL_SIDES, NO_SIDE

BANDS = ("B02", "B03", "B04", "B08")
SIGMA = torch.tensor([sensor.psf_sigma(band) for band in BANDS])


@pytest.mark.parametrize("size", [9, 16, 37])
def test_dates_see_what_the_simulated_sensor_sees(size):
    """The same operator as that of the training's simulation, which has no limit of the PSF."""
    torch.manual_seed(0)
    image = torch.rand(2, 4, 4 * size + 2 * MARGIN, 4 * size + 2 * MARGIN)
    shift = torch.rand(2, 3, 2) - 0.5
    expected = observe_shifted(image[:, None].expand(-1, 3, -1, -1, -1), shift, SIGMA.expand(2, -1), size)
    seen = seen_by_dates(ALL_SIDES.crop(image, MARGIN), shift, SIGMA, 4)
    assert torch.allclose(seen, ALL_SIDES.crop(expected, SEEN_RADIUS), atol=1e-4)


def test_without_a_shift_it_is_the_operator_of_the_sensor():
    image = torch.rand(1, 4, 60, 48)
    seen = seen_by_dates(image, torch.zeros(1, 1, 2), SIGMA, 4)
    assert torch.allclose(seen[:, 0], ALL_SIDES.crop(sensor.observe(image, BANDS), SEEN_RADIUS), atol=1e-4)


def test_a_ramp_shows_the_sign_of_the_shift():
    """Content at (r, c) of the image lies at (r + dy, c + dx) of the date, so its pixel shows the image's (r - dy, c - dx)."""
    rows = (torch.arange(48.0) - 1.5) / 4
    image = rows[None, None, :, None].expand(1, 4, 48, 48)
    seen = seen_by_dates(image, torch.tensor([[[0.4, 0.1]]]), SIGMA, 4)
    assert torch.allclose(seen[0, 0, 0, :, 0], torch.arange(2.0, 10) - 0.4, atol=1e-3)


def test_the_psf_weighs_to_one_and_fades_at_its_ends():
    kernel = shifted_psf(torch.tensor([-0.5, 0.0, 0.5]), SIGMA, 4)
    assert torch.allclose(kernel.sum(-1), torch.ones(3, 4))
    assert (kernel[..., 0] / kernel.amax(-1)).max() < 0.003


@pytest.mark.parametrize("size", [(9, 37), (40, 16)])
def test_the_way_back_from_the_dates_is_the_transpose_of_the_way_there(size):
    torch.manual_seed(1)
    shift, values = torch.rand(2, 3, 2) - 0.5, torch.rand(2, 3, 4, *size)
    image = torch.rand(2, 4, *(4 * (n + 2 * SEEN_RADIUS) for n in size))
    there = (seen_by_dates(image, shift, SIGMA, 4) * values).sum()
    back = back_from_dates(torch.nn.functional.pad(values, (SEEN_RADIUS,) * 4), shift, SIGMA, 4)
    back = (torch.nn.functional.pixel_shuffle(back, 4) * image).sum()
    assert back.item() == pytest.approx(there.item(), rel=1e-5)


@pytest.fixture
def awake():
    """A small network whose fidelity stage is not asleep."""
    torch.manual_seed(0)
    config = NetworkConfig(encoder_width=8, encoder_blocks=1, heads=2, trunk_width=16, trunk_blocks=1, fidelity_blocks=1, denoiser_width=8)
    return SuperResolver(config).eval()


@torch.inference_mode()
def test_a_draft_that_explains_every_date_adds_nothing(awake, make_batch, monkeypatch):
    """Where all dates show what they would show of the draft, the misfit is 0 at every position."""
    batch = make_batch(1, 3, 16)
    monkeypatch.setattr("sitsr_core.models.network.harmonised", lambda reflectance, *_: reflectance)
    seen = {}

    def place(misfit, positions, gate):
        seen["misfit"] = misfit
        return torch.zeros(1, 5 * 16, 16, 16)

    monkeypatch.setattr(awake.encoder, "placed_sum", lambda *parts: torch.zeros(1, 5 * 16, 16, 16))
    features = awake._shared(batch).features
    draft = awake._estimate(awake.draft_head(features), batch.reflectance[:, 0], NO_SIDE)
    assert draft.shape == (1, 4, 64, 64)
    monkeypatch.setattr(awake, "_estimate", lambda outputs, filled, trim: draft)
    padded = torch.nn.functional.pad(draft, (8, 8, 8, 8), mode="replicate")
    batch = dataclasses.replace(batch, reflectance=seen_by_dates(padded, batch.shift, SIGMA, 4), clear=torch.ones_like(batch.clear))
    monkeypatch.setattr(awake.encoder, "placed_sum", place)
    awake._shared(batch)
    assert seen["misfit"][:, :, :4].abs().max() < 1e-3
    assert seen["misfit"][:, :, 4:].min() == 1


@torch.inference_mode()
@pytest.mark.parametrize("withheld", ["shift_known", "clear"])
def test_only_clear_dates_of_known_shift_are_compared(awake, make_batch, withheld):
    """With the gate of the misfits open or shut, a network that has nothing to compare says the same."""
    batch = make_batch(1, 2, 16)

    def with_gate(bias: float) -> torch.Tensor:
        awake.encoder.key_value.bias[-1] = bias
        return awake.encode(batch).mean

    assert not torch.allclose(with_gate(50.0), with_gate(-50.0), atol=1e-6)
    getattr(batch, withheld).zero_()
    assert torch.allclose(with_gate(50.0), with_gate(-50.0), atol=1e-6)


@torch.inference_mode()
def test_a_series_without_nir_makes_the_same_draft(awake, make_batch):
    rgb = make_batch(1, 3, 12, bands=3)
    padded = dataclasses.replace(rgb, reflectance=torch.nn.functional.pad(rgb.reflectance, (0, 0, 0, 0, 0, 1)))
    assert torch.allclose(awake.encode(rgb).mean, awake.encode(padded).mean[:, :3], atol=1e-6)
