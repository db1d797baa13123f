"""The mean over orientations: series turned and turned back, and what follows of it."""

import dataclasses

import pytest
import torch

from sitsr_core.errors import JobError
from sitsr_core.job import ORIENTATION_COUNTS, SuperResolutionJob
from sitsr_core.models.network import filled_reference
from sitsr_core.models.orientations import ORIENTATIONS, mean_over_orientations, oriented, turned_back
from sitsr_core.models.trim import Trim
from sitsr_core.sensor import upsample


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_an_oriented_series_turns_back(make_batch, orientation):
    batch = make_batch(1, 3, 20)
    assert torch.equal(turned_back(oriented(batch, orientation).reflectance, orientation), batch.reflectance)
    assert torch.equal(turned_back(oriented(batch, orientation).clear, orientation), batch.clear)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_shifts_point_where_the_content_went(make_batch, orientation):
    """A date that is the reference moved by whole pixels is that in every orientation too."""
    batch = make_batch(1, 2, 20)
    batch.reflectance[:, 1] = batch.reflectance[:, 0].roll((1, -2), (-2, -1))
    batch.shift[:, 1] = torch.tensor([1.0, -2.0])
    turned = oriented(batch, orientation)
    dy, dx = (int(step) for step in turned.shift[0, 1])
    assert torch.equal(turned.reflectance[:, 1], turned.reflectance[:, 0].roll((dy, dx), (-2, -1)))


@pytest.mark.parametrize("count", ORIENTATION_COUNTS)
def test_the_mean_over_orientations_turns_with_the_series(tiny_network, make_batch, count):
    batch = make_batch(1, 3, 20)

    def mean_of(series):
        return tiny_network.encode(series).mean

    with torch.inference_mode():
        plain = mean_over_orientations(mean_of, batch, count)
        for orientation in ORIENTATIONS[:count]:
            again = mean_over_orientations(mean_of, oriented(batch, orientation), count)
            assert torch.allclose(turned_back(again, orientation), plain, atol=1e-5)
        assert torch.allclose(mean_over_orientations(mean_of, batch, count, mean_of(batch)), plain, atol=1e-6)


@pytest.mark.parametrize("sides", [Trim(top=True), Trim(right=True), Trim(bottom=True, left=True)])
def test_what_is_trimmed_turns_with_the_series(tiny_network, make_batch, sides):
    batch = make_batch(1, 2, 90)

    def mean_of(series):
        return tiny_network.encode(series).mean

    with torch.inference_mode():
        whole = mean_over_orientations(mean_of, batch, 8)
        trimmed = mean_over_orientations(mean_of, dataclasses.replace(batch, trim=sides), 8)
    assert torch.allclose(trimmed, sides.crop(whole, 4 * tiny_network.trim), atol=1e-5)


def test_what_knows_no_direction_is_left_as_it_is(make_batch):
    batch = make_batch(1, 1, 20)
    bicubic = upsample(filled_reference(batch))
    assert torch.allclose(mean_over_orientations(lambda series: upsample(filled_reference(series)), batch, 8), bicubic, atol=1e-6)


@pytest.mark.parametrize("count", [0, 3, 16])
def test_other_numbers_of_orientations_are_refused(count):
    with pytest.raises(JobError, match="orientations"):
        SuperResolutionJob(["a.tif"], "b.tif", orientations=count).validate()
