"""What a draw begins with."""

import pytest
import torch

from sitsr_core.models.detail_noise import CORRELATION, CORRELATION_VISIBLE, detail_noise, filter_radius
from sitsr_core.series.acquisition import BANDS


def white(seed: int = 0, size: int = 256) -> torch.Tensor:
    return torch.randn(1, 4, size, size, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("factor", [2, 3, 4])
def test_it_has_variance_1_and_the_visible_bands_agree(factor):
    noise = detail_noise(white(), BANDS, factor)[0]
    assert noise.std((1, 2)).tolist() == pytest.approx([1] * 4, abs=0.02)
    correlation = torch.corrcoef(noise.flatten(1))
    assert correlation[0, 2] == pytest.approx(CORRELATION_VISIBLE, abs=0.02)
    assert correlation[1, 3] == pytest.approx(CORRELATION, abs=0.03)


@pytest.mark.parametrize("factor", [2, 3, 4])
def test_most_of_it_lies_just_above_the_nyquist_frequency_of_the_input(factor):
    power = torch.fft.fft2(detail_noise(white(), BANDS, factor)[0, 0]).abs() ** 2
    axis = torch.fft.fftfreq(256)
    radius = torch.hypot(axis[:, None], axis)
    observed, detail = radius < 0.25 / factor, (radius > 0.5 / factor) & (radius < 1 / factor)
    assert power[detail].mean() > 5 * power[observed].mean()


def test_half_precision_is_not_used_for_it():
    with torch.autocast("cpu", torch.bfloat16):
        noise = detail_noise(white(), BANDS, 4)
    assert noise.dtype == torch.float32 and torch.equal(noise, detail_noise(white(), BANDS, 4))


def test_it_is_local_and_a_band_does_not_depend_on_those_behind_it():
    changed, before = white(), white()
    changed[0, 2, 100, 120] += 10
    differs = (detail_noise(changed, BANDS, 4) != detail_noise(before, BANDS, 4))[0]
    assert not differs[:2].any() and differs[2:].any()
    rows, columns = differs.any(0).nonzero().T
    radius = filter_radius(4)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (100 - radius, 100 + radius, 120 - radius, 120 + radius)
    assert torch.allclose(detail_noise(before[:, :3], BANDS[:3], 4), detail_noise(before, BANDS, 4)[:, :3], atol=1e-6)
