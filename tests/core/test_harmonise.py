"""Other dates take the brightness of the reference around each pixel, and keep their detail."""

import pytest
import torch

from sitsr_core.models.harmonise import HARMONISE_RADIUS, harmonised

SIZE = 96
REFERENCE = torch.tensor([1])


def _dates() -> tuple[torch.Tensor, torch.Tensor]:
    """Three dates of one scene with detail, (1, 3, 2, h, w): the first brighter across the image, the last hazy on the left."""
    generator = torch.Generator().manual_seed(0)
    scene = 0.1 + 0.02 * torch.randn(1, 1, 2, SIZE, SIZE, generator=generator)
    across = torch.linspace(0, 1, SIZE)
    brightness = torch.stack([0.03 + 0 * across, 0 * across, 0.05 * (1 - across)])[None, :, None, None]
    return scene + brightness, torch.ones(1, 3, SIZE, SIZE)


def test_dates_that_differ_in_brightness_alone_become_the_reference():
    reflectance, clear = _dates()
    result = harmonised(reflectance, clear, REFERENCE)
    assert torch.equal(result[:, 1], reflectance[:, 1])
    assert (reflectance - reflectance[:, 1:2]).abs().max() > 0.045
    left = (result - reflectance[:, 1:2]).abs()
    assert left[..., HARMONISE_RADIUS:-HARMONISE_RADIUS, HARMONISE_RADIUS:-HARMONISE_RADIUS].max() < 0.0015
    assert left.max() < 0.007  # in the corners, where a quarter of the surroundings is there


def test_detail_of_a_date_is_kept():
    reflectance, clear = _dates()
    reflectance[0, 0, :, 40:42, 40:42] += 0.1
    result = harmonised(reflectance, clear, REFERENCE)
    assert (result[0, 0, :, 40:42, 40:42] - result[0, 1, :, 40:42, 40:42]).min() > 0.095


def test_under_a_cloud_of_the_reference_there_is_no_edge_and_far_inside_the_dates_are_as_they_were():
    reflectance, clear = _dates()
    clear[0, 1, :, 40:] = 0
    reflectance[0, 1, :, :, 40:] = 0
    result = harmonised(reflectance, clear, REFERENCE)
    change = result[0, 0] - reflectance[0, 0]
    edge = change[..., 40].mean(), change[..., 39].mean()
    assert edge[0] == pytest.approx(-0.03, abs=0.003)
    assert abs(edge[0] - edge[1]) < 0.001
    assert change[..., 40 + HARMONISE_RADIUS :].abs().max() == 0
    fading = change[..., 40 : 40 + HARMONISE_RADIUS].mean((0, 1)).abs()
    assert (fading[1:] < fading[:-1] + 1e-4).all()


def test_cloud_does_not_count_and_stays_empty():
    reflectance, clear = _dates()
    clear[0, 0, 30:60, 30:60] = 0
    reflectance[0, 0, :, 30:60, 30:60] = 0.9
    result = harmonised(reflectance, clear, REFERENCE)
    assert result[0, 0, :, 30:60, 30:60].abs().max() == 0
    assert (result - reflectance[:, 1:2])[0, 0, :, 30:60, 10:30].abs().max() < 0.0025


def test_a_reference_that_sees_nothing_changes_nothing():
    reflectance, clear = _dates()
    clear[0, 1] = 0
    assert torch.equal(harmonised(reflectance, clear, REFERENCE)[:, [0, 2]], reflectance[:, [0, 2]])


@pytest.mark.parametrize("column", [0, 7, 40])
def test_a_window_gives_what_the_whole_image_gives(column):
    reflectance, clear = _dates()
    clear[0, 1, 20:70, 30:60] = 0
    width = 2 * HARMONISE_RADIUS + 12
    part = harmonised(reflectance[..., column : column + width], clear[..., column : column + width], REFERENCE)
    whole = harmonised(reflectance, clear, REFERENCE)[..., column : column + width]
    inside = slice(HARMONISE_RADIUS, HARMONISE_RADIUS + 12)
    assert torch.equal(part[..., inside], whole[..., inside])
