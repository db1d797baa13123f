"""Other dates take the brightness of the reference around each pixel, and keep their detail."""

import pytest
import torch

from sitsr_core.models.harmonise import HARMONISE_RADIUS, REACH, harmonised

SIZE = 144
REFERENCE = torch.tensor([1])
DAYS = torch.tensor([[-20.0, 0.0, 10.0]])


def _dates() -> tuple[torch.Tensor, torch.Tensor]:
    """Three dates of one scene with detail, (1, 3, 2, h, w): the first brighter across the image, the last hazy on the left."""
    generator = torch.Generator().manual_seed(0)
    scene = 0.1 + 0.02 * torch.randn(1, 1, 2, SIZE, SIZE, generator=generator)
    across = torch.linspace(0, 1, SIZE)
    brightness = torch.stack([0.03 + 0 * across, 0 * across, 0.05 * (1 - across)])[None, :, None, None]
    return scene + brightness, torch.ones(1, 3, SIZE, SIZE)


def test_dates_that_differ_in_brightness_alone_become_the_reference():
    reflectance, clear = _dates()
    result = harmonised(reflectance, clear, DAYS, REFERENCE)
    assert torch.equal(result[:, 1], reflectance[:, 1])
    assert (reflectance - reflectance[:, 1:2]).abs().max() > 0.045
    left = (result - reflectance[:, 1:2]).abs()
    assert left[..., REACH:-REACH, REACH:-REACH].max() < 0.0015
    assert left.max() < 0.007  # in the corners, where a quarter of the surroundings is there


def test_detail_of_a_date_is_kept():
    reflectance, clear = _dates()
    reflectance[0, 0, :, 40:42, 40:42] += 0.1
    result = harmonised(reflectance, clear, DAYS, REFERENCE)
    assert (result[0, 0, :, 40:42, 40:42] - result[0, 1, :, 40:42, 40:42]).min() > 0.095


def test_under_a_cloud_of_the_reference_there_is_no_edge_and_far_inside_the_dates_agree():
    reflectance, clear = _dates()
    clear[0, 1, :, 60:] = 0
    reflectance[0, 1, :, :, 60:] = 0
    result = harmonised(reflectance, clear, DAYS, REFERENCE)
    change = result[0, 0] - reflectance[0, 0]
    edge = change[..., 60].mean(), change[..., 59].mean()
    assert edge[0] == pytest.approx(-0.03, abs=0.004)
    assert abs(edge[0] - edge[1]) < 0.001
    inside = slice(60 + REACH, SIZE - REACH)
    assert (reflectance[0, 0] - reflectance[0, 2])[:, REACH:-REACH, inside].abs().max() > 0.01
    assert (result[0, 0] - result[0, 2])[:, REACH:-REACH, inside].abs().max() < 0.002
    beyond = (result[0, 0] - reflectance[0, [0, 2]])[:, :, REACH:-REACH, 60 + HARMONISE_RADIUS : SIZE - REACH]
    assert beyond.amin(0).max() < 0.0005 and beyond.amax(0).min() > -0.0005  # between the two


def test_a_single_other_date_is_as_it_was_far_under_a_cloud():
    reflectance, clear = (images[:, :2] for images in _dates())
    clear[0, 1, :, 60:] = 0
    reflectance[0, 1, :, :, 60:] = 0
    change = (harmonised(reflectance, clear, DAYS[:, :2], REFERENCE) - reflectance)[0, 0]
    assert change[..., 60 + HARMONISE_RADIUS :].abs().max() < 1e-6
    fading = change[..., 60 : 60 + HARMONISE_RADIUS].mean((0, 1)).abs()
    assert (fading[1:] < fading[:-1] + 1e-4).all()


def test_cloud_does_not_count_and_stays_empty():
    reflectance, clear = _dates()
    clear[0, 0, 30:60, 30:60] = 0
    reflectance[0, 0, :, 30:60, 30:60] = 0.9
    result = harmonised(reflectance, clear, DAYS, REFERENCE)
    assert result[0, 0, :, 30:60, 30:60].abs().max() == 0
    assert (result - reflectance[:, 1:2])[0, 0, :, 30:60, 10:30].abs().max() < 0.0025


def test_where_the_reference_sees_nothing_the_dates_take_the_brightness_of_their_composite():
    reflectance, clear = _dates()
    clear[0, 1] = 0
    result = harmonised(reflectance, clear, DAYS, REFERENCE)[0, :, :, REACH:-REACH, REACH:-REACH]
    assert (result[0] - result[2]).abs().max() < 0.002
    assert torch.equal(harmonised(reflectance, clear, DAYS, REFERENCE)[:, 1], reflectance[:, 1])


@pytest.mark.parametrize("column", [0, 7, 40])
def test_a_window_gives_what_the_whole_image_gives(column):
    reflectance, clear = _dates()
    clear[0, 1, 20:70, 30:60] = 0
    width = 2 * HARMONISE_RADIUS + 12
    part = harmonised(reflectance[..., column : column + width], clear[..., column : column + width], DAYS, REFERENCE)
    whole = harmonised(reflectance, clear, DAYS, REFERENCE)[..., column : column + width]
    inside = slice(HARMONISE_RADIUS, HARMONISE_RADIUS + 12)
    assert torch.equal(part[..., inside], whole[..., inside])
