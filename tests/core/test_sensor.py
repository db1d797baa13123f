"""Operator A and back-projection."""

import math

import pytest
import torch

from sitsr_core import sensor

BANDS = ("B02", "B03", "B04", "B08")


def test_sigma_is_that_of_the_mtf():
    assert sensor.psf_sigma("B02") == pytest.approx(2.09, abs=0.01)
    sigma = sensor.psf_sigma("B03")
    assert math.exp(-0.5 * (2 * math.pi * sigma / 8) ** 2) == pytest.approx(0.28, abs=1e-6)  # MTF at 1/8 cycle per fine pixel


def test_observing_a_ramp_does_not_shift_it():
    ramp = torch.arange(64.0).expand(1, 1, 64, 64)
    seen = sensor.observe(ramp, ["B02"])
    centre = 4 * torch.arange(16.0) + 1.5
    assert torch.allclose(seen[0, 0, 5, 3:13], centre[3:13], atol=1e-3)
    assert torch.allclose(sensor.observe(ramp.transpose(2, 3), ["B02"])[0, 0, 3:13, 5], centre[3:13], atol=1e-3)


def test_upsampling_a_ramp_does_not_shift_it():
    """The cubic's kernel (a = -0.75) ripples about a ramp by less than 0.2 fine pixels, but each coarse pixel's middle stays."""
    ramp = (4 * torch.arange(16.0) + 1.5).expand(1, 1, 16, 16)
    row = sensor.upsample(ramp)[0, 0, 20, 16:48]
    assert torch.allclose(row.view(8, 4).mean(1), ramp[0, 0, 0, 4:12], atol=1e-3)
    assert (row - torch.arange(16.0, 48.0)).abs().max() < 0.2


@pytest.mark.parametrize("shape", [(2, 3, 5, 37), (1, 4, 1, 1)])
def test_upsampling_is_the_bicubic_interpolation(shape):
    y = torch.rand(shape)
    expected = torch.nn.functional.interpolate(y, scale_factor=4, mode="bicubic", align_corners=False)
    assert torch.allclose(sensor.upsample(y), expected, atol=1e-6)


@pytest.mark.parametrize(("height", "width"), [(4, 4), (64, 68), (100, 140)])
def test_observing_is_a_convolution_with_each_bands_kernel(height, width):
    x, kernels = torch.rand(2, 4, height, width), sensor.psf_kernels(BANDS)
    padded = torch.nn.functional.pad(x, (6, 6, 6, 6), mode="replicate")
    kernel = kernels[:, None, :, None] * kernels[:, None, None, :]
    expected = torch.nn.functional.conv2d(padded, kernel, stride=4, groups=4)
    assert torch.allclose(sensor.observe(x, BANDS), expected, atol=1e-6)


def test_autocast_changes_neither():
    x, y = torch.rand(1, 4, 32, 32), torch.rand(1, 4, 8, 8)
    with torch.autocast("cpu", torch.bfloat16):
        seen, fine = sensor.observe(x, BANDS), sensor.upsample(y)
    assert torch.equal(seen, sensor.observe(x, BANDS)) and torch.equal(fine, sensor.upsample(y))


def test_a_constant_stays_constant():
    assert torch.allclose(sensor.observe(torch.full((1, 4, 32, 32), 0.37), BANDS), torch.tensor(0.37), atol=1e-6)


def test_back_projection_restores_consistency():
    generator = torch.Generator().manual_seed(0)
    truth = sensor.upsample(torch.rand(1, 4, 24, 24, generator=generator))
    observed = sensor.observe(truth, BANDS)
    start = sensor.upsample(observed)
    clear = torch.ones(1, 1, 24, 24)
    errors = [
        (sensor.observe(sensor.back_project(start, observed, clear, BANDS, n), BANDS) - observed).abs()[..., 4:-4, 4:-4].mean().item()
        for n in (0, 1, 2, 4)
    ]
    assert errors == sorted(errors, reverse=True)
    assert errors[1] < errors[0] / 3


def test_back_projection_leaves_cloudy_pixels_alone():
    x, y = 0.01 + torch.rand(1, 4, 64, 64), torch.rand(1, 4, 16, 16)
    assert torch.equal(sensor.back_project(x, y, torch.zeros(1, 1, 16, 16), BANDS, 3), x)


def test_nothing_is_darker_than_the_ground_unless_it_was_observed():
    x = torch.full((1, 1, 16, 16), -0.01)
    y = torch.full((1, 1, 4, 4), 0.05)
    y[..., 0, 0] = -0.004
    lifted = sensor.back_project(x, y, torch.zeros(1, 1, 4, 4), ["B02"], 0)
    assert (lifted[..., :4, :4] == torch.tensor(-0.004)).all()
    assert (lifted[..., 4:, :] == torch.tensor(sensor.DARKEST)).all()


def test_what_is_lifted_from_below_the_darkest_is_made_up_for():
    """A sharp image of dark ground with noise of the size of a draw's: the lifted pixels must not brighten the whole."""
    generator = torch.Generator().manual_seed(1)
    truth = 0.02 + 0.02 * sensor.upsample(torch.rand(1, 4, 24, 24, generator=generator))
    observed = sensor.observe(truth, BANDS)
    drawn = truth + 0.03 * torch.randn(truth.shape, generator=generator)
    assert (drawn < sensor.DARKEST).float().mean() > 0.1
    image = sensor.back_project(drawn, observed, torch.ones(1, 1, 24, 24), BANDS, 3)
    assert image.min() >= sensor.DARKEST
    assert (sensor.observe(image, BANDS) - observed).abs()[..., 4:-4, 4:-4].mean() < 0.0005


@pytest.mark.parametrize("factor", [2, 3, 4])
@pytest.mark.parametrize("iterations", [1, 2, 3, 8])
def test_back_projection_reaches_no_farther_than_it_says(factor, iterations):
    generator = torch.Generator().manual_seed(iterations)
    y, clear = 0.6 * torch.rand(1, 4, 16, 48, generator=generator), (torch.rand(1, 1, 16, 48, generator=generator) > 0.1).float()
    x = sensor.upsample(y, factor) + 0.02 * torch.randn(1, 4, 16 * factor, 48 * factor, generator=generator)
    changed = x.clone()
    changed[..., : 12 * factor] += 0.5 * torch.randn(1, 4, 16 * factor, 12 * factor, generator=generator)
    before, after = (sensor.back_project(image, y, clear, BANDS, iterations, factor) for image in (x, changed))
    radius = sensor.back_projection_radius(iterations)
    difference = (after - before).abs().amax((0, 1, 2))
    assert difference[(12 + radius) * factor :].max() < 1e-6
    assert difference[(12 + radius - 4) * factor :].max() > 1e-6 or iterations > 3


def test_kernels_that_are_kept_do_not_depend_on_who_asked_first():
    kernels = sensor.correction_kernels(BANDS)
    sensor.correction_kernels.cache_clear()
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        again = sensor.correction_kernels(BANDS)
    assert torch.equal(kernels, again)
    assert not again.is_inference()
