"""The network: any number of dates, permutation, masks, missing NIR, and the receptive field it states."""

import dataclasses
import math

import pytest
import torch

from sitsr_core import sensor
from sitsr_core.models import temporal_encoder
from sitsr_core.models.diffusion import sampling_times
from sitsr_core.models.extend import EXTEND_RADIUS
from sitsr_core.models.harmonise import HARMONISE_RADIUS
from sitsr_core.models.network import GUIDED_AMPLITUDE, SeriesBatch, filled_reference
from sitsr_core.models.temporal_encoder import position_encoding
from sitsr_core.models.trim import ALL_SIDES, NO_SIDE, Trim


def _permuted(batch: SeriesBatch, order: list[int]) -> SeriesBatch:
    fields = {name: getattr(batch, name)[:, order] for name in ("reflectance", "clear", "shift", "shift_known", "days")}
    return SeriesBatch(**fields, reference=torch.tensor([order.index(int(batch.reference[0]))]))


@torch.inference_mode()
@pytest.mark.parametrize("dates", [1, 2, 7, 20])
def test_any_number_of_dates(tiny_network, make_batch, dates):
    prediction = tiny_network.encode(make_batch(2, dates, 10))
    assert prediction.mean.shape == prediction.std.shape == (2, 4, 40, 40)
    assert torch.isfinite(prediction.mean).all()
    assert (prediction.std > 0).all()


@torch.inference_mode()
def test_order_of_dates_does_not_matter(tiny_network, make_batch):
    batch = make_batch(1, 5, 12)
    a, b = tiny_network.encode(batch).mean, tiny_network.encode(_permuted(batch, [3, 0, 4, 2, 1])).mean
    assert torch.allclose(a, b, atol=1e-5)


@torch.inference_mode()
def test_cloudy_dates_have_no_influence(tiny_network, make_batch):
    batch = make_batch(1, 4, 12)
    batch.clear[:, 2] = 0
    without = _permuted(batch, [0, 1, 3])
    batch.reflectance[:, 2] = 7.0
    assert torch.allclose(tiny_network.encode(batch).mean, tiny_network.encode(without).mean, atol=1e-5)


@torch.inference_mode()
def test_nothing_clear_gives_finite_values(tiny_network, make_batch):
    batch = make_batch(1, 3, 8)
    batch.clear[:] = 0
    assert torch.isfinite(tiny_network.encode(batch).mean).all()


@torch.inference_mode()
def test_shift_is_used_and_an_unknown_one_is_not(tiny_network, make_batch):
    batch = make_batch(1, 3, 12)
    moved = dataclasses.replace(batch, shift=batch.shift + 0.4)
    assert not torch.allclose(tiny_network.encode(batch).mean, tiny_network.encode(moved).mean, atol=1e-5)
    unknown = [dataclasses.replace(b, shift_known=torch.zeros(1, 3)) for b in (batch, moved)]
    assert torch.equal(tiny_network.encode(unknown[0]).mean, tiny_network.encode(unknown[1]).mean)


@torch.inference_mode()
def test_series_without_nir(tiny_network, make_batch):
    batch = make_batch(1, 3, 12, bands=3)
    prediction = tiny_network.encode(batch)
    assert prediction.mean.shape == (1, 3, 48, 48)
    assert tiny_network.sample(prediction, torch.randn(1, 3, 48, 48), 2).shape == (1, 3, 48, 48)


@torch.inference_mode()
def test_cloudy_reference_is_filled_by_the_nearest_clear_date(make_batch):
    batch = make_batch(1, 3, 8)
    batch.clear[0, 0, :, :4] = 0
    batch.days[:] = torch.tensor([0.0, 1.0, 900.0])
    filled = filled_reference(batch)
    assert torch.equal(filled[..., 4:], batch.reflectance[:, 0, :, :, 4:])
    assert torch.allclose(filled[..., :4], batch.reflectance[:, 1, :, :, :4], atol=1e-3)


@torch.inference_mode()
def test_ground_that_no_date_shows_is_that_around_it(make_batch):
    batch = make_batch(1, 2, 40)
    batch.clear[:, :, :, 10:] = 0
    batch.reflectance[:, :, :, :, 10:] = 7.0
    filled = filled_reference(batch)
    assert torch.equal(filled[..., :10], batch.reflectance[:, 0, :, :, :10])
    near = filled[..., 10 : 10 + EXTEND_RADIUS]
    known = batch.reflectance[:, 0, :, :, :10]
    assert near.min() >= known.min() and near.max() <= known.max() and (filled[..., 10 + EXTEND_RADIUS :] == 0).all()


@torch.inference_mode()
def test_the_brightness_of_other_dates_hardly_matters(tiny_network, make_batch, monkeypatch):
    batch = make_batch(1, 3, 48)
    brighter = dataclasses.replace(batch, reflectance=batch.reflectance.clone())
    brighter.reflectance[:, 1:] += 0.05

    def change() -> float:
        return float((tiny_network.encode(brighter).mean - tiny_network.encode(batch).mean).abs().mean())

    with_it = change()
    monkeypatch.setattr("sitsr_core.models.network.harmonised", lambda reflectance, *_: reflectance)
    assert with_it < 0.1 * change()


@torch.inference_mode()
@pytest.mark.parametrize("mode", ["mean", "sample"])
def test_halo_covers_the_receptive_field(tiny_network, make_batch, mode):
    """A pixel changed outside the halo of the left part leaves that part as it was; one inside reaches it."""
    steps, iterations, size, changed_from = 2, 1, 136, 100
    halo = tiny_network.halo(mode, steps, iterations)
    batch = make_batch(1, 2, size)
    noise = torch.randn(1, 4, 4 * size, 4 * size, generator=torch.Generator().manual_seed(1))

    def run(series: SeriesBatch) -> torch.Tensor:
        prediction = tiny_network.encode(series)
        x = prediction.mean if mode == "mean" else tiny_network.sample(prediction, noise, steps)
        return sensor.back_project(x, series.reflectance[:, 0], series.clear[:, :1], tiny_network.config.bands, iterations)

    before = run(batch)
    changed = dataclasses.replace(batch, reflectance=batch.reflectance.clone())
    changed.reflectance[:, :, :, :, changed_from:] += 0.5
    difference = (run(changed) - before).abs().amax((0, 1, 2))
    assert difference[: 4 * (changed_from - halo)].max() == 0
    assert difference[4 * (changed_from - 1)] > 0


@torch.inference_mode()
@pytest.mark.parametrize("drawn", [NO_SIDE, Trim(left=True, right=True)], ids=["with its edge", "trimmed"])
def test_a_draw_of_a_tile_is_that_of_the_whole(tiny_network, make_batch, drawn):
    """The tile is given the noise of what is left of it when it is trimmed; denoiser and filter see that edge."""
    steps, trim, halo = 2, tiny_network.trim, tiny_network.halo("sample", 2)
    size, middle = 2 * halo + 40, halo + 20
    batch, noise = make_batch(1, 1, size), torch.randn(1, 4, 4 * size, 4 * size, generator=torch.Generator().manual_seed(1))
    whole = tiny_network.sample(tiny_network.encode(batch), noise, steps)
    window = slice(middle - halo, middle + 4 + halo)
    part = dataclasses.replace(
        batch, reflectance=batch.reflectance[..., window], clear=batch.clear[..., window], trim=Trim(left=True, right=True)
    )  # fmt: skip
    left = slice(4 * (window.start + trim), 4 * (window.stop - trim))
    tile = tiny_network.sample(tiny_network.encode(part), noise[..., left], steps, drawn)
    left = slice(left.start + 4 * tiny_network.draw_trim(steps) * drawn.left, left.stop - 4 * tiny_network.draw_trim(steps) * drawn.right)
    assert tile.shape[-1] == left.stop - left.start
    core = slice(4 * middle, 4 * (middle + 4))
    assert torch.allclose(tile[..., core.start - left.start : core.stop - left.start], whole[..., core], atol=1e-5)


@torch.inference_mode()
@pytest.mark.parametrize("sides", [ALL_SIDES, Trim(top=True), Trim(bottom=True, right=True), Trim(left=True, right=True)])
@pytest.mark.parametrize(("precision", "rounding", "rounded"), [(torch.float32, 1e-5, 0), (torch.bfloat16, 3e-4, 0.005)])
def test_trimming_changes_no_pixel_that_it_keeps(tiny_network, make_batch, precision, rounding, rounded, sides):
    """But for rounding: convolutions in half precision round a few pixels by the size of what they are given, on some processors."""
    trim, size = tiny_network.trim, 164
    batch = make_batch(2, 3, size)
    batch.shift[:, 1] += 1.3
    batch.clear[:, 0, 10:75, 15:80] = 0
    with torch.autocast("cpu", torch.bfloat16, enabled=precision == torch.bfloat16):
        whole = tiny_network.encode(batch)
        trimmed = dataclasses.replace(batch, trim=sides)
        inside, mean = tiny_network.encode(trimmed), tiny_network.mean(trimmed)
    height, width = size - trim * (sides.top + sides.bottom), size - trim * (sides.left + sides.right)
    assert inside.features.shape[-2:] == (height, width)
    assert inside.mean.shape[-2:] == inside.std.shape[-2:] == (4 * height, 4 * width)
    for name, scale in (("mean", 4), ("std", 4), ("features", 1)):
        atol = 1e-5 if name == "features" else rounding  # heads round to half precision, differently by the size of what they are given
        close = torch.isclose(sides.crop(getattr(whole, name), scale * trim), getattr(inside, name), atol=atol)
        assert (~close).float().mean() <= rounded, name
    assert torch.equal(mean, inside.mean)


@torch.inference_mode()
def test_trim_is_the_receptive_field_of_mean_and_spread(tiny_network, make_batch):
    """What is left out on each side is what feels a pixel beyond the edge, and some pixels besides: weights and the PSF fade out."""
    size, trim = 124, tiny_network.trim
    batch = make_batch(1, 3, size)
    batch.clear[0, batch.reference, :, 1:] = 0  # harmonising reaches furthest under a cloud,
    batch.clear[..., HARMONISE_RADIUS + 1 :] = 0  # and from there on what ground is taken for that no date shows
    batch.shift[:] = torch.tensor([[[0.0, 0.0], [2.0, 2.0], [-0.5, -2.0]]])
    changed = dataclasses.replace(batch, reflectance=batch.reflectance.clone())
    changed.reflectance[:, 1:, ..., 0] += 5
    difference = (tiny_network.encode(changed).mean - tiny_network.encode(batch).mean).abs().amax((0, 1, 2))
    assert difference[4 * trim + 4 :].max() == 0
    assert difference[4 * (trim - 16) : 4 * trim].max() > 0


@torch.inference_mode()
def test_dates_encoded_some_at_a_time_are_the_same(tiny_network, make_batch, monkeypatch):
    batch = make_batch(2, 5, 16)
    together = tiny_network.encode(batch).mean
    monkeypatch.setattr(temporal_encoder, "PIXELS_AT_ONCE", 3 * 16 * 16)
    assert torch.allclose(tiny_network.encode(batch).mean, together, atol=1e-6)


def test_position_encoding_is_signed_and_bounded():
    code = position_encoding(torch.tensor([[-40.0, 0.0, 40.0, 2000.5]]))
    assert code.abs().max() <= 1
    assert not torch.allclose(code[0, 0], code[0, 2])
    assert torch.isfinite(code).all()


@torch.inference_mode()
def test_missing_nir_is_shown_as_the_training_shows_it(tiny_network, make_batch):
    """The training gives four bands with a NIR of 0; a series of three bands must mean the same to the network, samples included."""
    rgb = make_batch(1, 3, 12, bands=3)
    padded = dataclasses.replace(rgb, reflectance=torch.nn.functional.pad(rgb.reflectance, (0, 0, 0, 0, 0, 1)))
    of_three, of_four = tiny_network.encode(rgb), tiny_network.encode(padded)
    assert torch.allclose(of_three.mean, of_four.mean[:, :3], atol=1e-6)
    assert torch.allclose(of_three.std, of_four.std[:, :3], atol=1e-6)
    noisy, (t,) = torch.randn(1, 4, 48, 48), sampling_times(1)
    noisy[:, 3] = 0
    sampled = tiny_network.sample(of_three, noisy[:, :3], 1)
    noisy = tiny_network.first_noise(noisy) * (torch.arange(4) < 3)[:, None, None]
    shown = tiny_network.detail(of_three.mean, of_three.std)
    assert (shown[:, [3, 7]] == 0).all()
    slope = tiny_network.denoise(noisy, torch.tensor([t]), tiny_network.denoiser.condition(of_four.features, shown))[:, :3]
    step = (1 - t) * math.pi / 2 * (1 + (1 - t) / (2 * t))  # of a method of second order, whose slope was 0 before
    expected = of_three.mean + GUIDED_AMPLITUDE * of_three.std * (noisy[:, :3] + step * slope)
    assert torch.allclose(sampled, expected, atol=1e-5)
