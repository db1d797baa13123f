"""The part of the image that a job asks for."""

import pytest
from rasterio.crs import CRS
from rasterio.warp import transform_bounds

from sitsr_core.errors import JobError
from sitsr_core.inference.area import job_area, note_on_area
from sitsr_core.series.acquisition import Grid, Window

GRID = Grid("", (10.0, 0.0, 500000.0, 0.0, -10.0, 4600000.0), 100, 90)


def test_area_is_the_image_unless_asked_otherwise():
    assert job_area(GRID, None, None) == Window(0, 0, 90, 100)


def test_window_is_column_row_width_height_and_is_clipped():
    assert job_area(GRID, [10, 20, 30, 40], None) == Window(20, 10, 40, 30)
    assert job_area(GRID, [90, 80, 50, 50], None) == Window(80, 90, 10, 10)


def test_bounds_are_widened_to_whole_pixels():
    assert job_area(GRID, None, [500100, 4599600, 500400, 4599800]) == Window(20, 10, 20, 30)
    assert job_area(GRID, None, [500105, 4599605, 500395, 4599795]) == Window(20, 10, 20, 30)


def test_bounds_may_be_of_another_crs():
    grid = Grid(CRS.from_epsg(32631).to_wkt(), (10, 0, 500_000, 0, -10, 5_000_000), 1000, 1000)
    box = [502_000.0, 4_994_000.0, 504_000.0, 4_996_000.0]
    there = list(transform_bounds("EPSG:32631", "EPSG:4326", *box))
    found = job_area(grid, None, there, "EPSG:4326")
    assert abs(found.row - 400) <= 3 and abs(found.column - 200) <= 3 and 200 <= found.width <= 206
    assert job_area(grid, None, box, "EPSG:32631") == job_area(grid, None, box) == Window(400, 200, 200, 200)
    with pytest.raises(JobError, match="The bounds cannot be placed: 'nowhere'"):
        job_area(grid, None, box, "nowhere")


@pytest.mark.parametrize(
    ("window", "bounds"),
    [([100, 0, 5, 5], None), (None, [0, 0, 10, 10]), ([0, 0, 5, 5], [500000, 4599000, 501000, 4600000])],
)
def test_an_area_outside_the_image_is_refused(window, bounds):
    with pytest.raises(JobError) as caught:
        job_area(GRID, window, bounds)
    if not (window and bounds):
        numbers = ", ".join(map(str, window or bounds))
        assert (f"The window {numbers} lies outside" in str(caught.value)) is (window is not None)
        assert (f"The bounds {numbers} lie outside" in str(caught.value)) is (bounds is not None)


@pytest.mark.parametrize(
    ("window", "bounds", "words"),
    [
        ([0, 0, 0, 5], None, "The area 0, 0, 0, 5 is empty"),
        (None, [500400, 4599600, 500100, 4599800], "Give xmin, ymin, xmax, ymax"),
        (None, [0, 0, 10, 10], "whose bounds are 500000, 4599100, 501000, 4600000. Give an area that overlaps"),
    ],
)
def test_what_is_wrong_with_an_area_is_told(window, bounds, words):
    with pytest.raises(JobError, match=words):
        job_area(GRID, window, bounds)


def test_bounds_that_do_not_exist_in_their_crs_are_refused():
    grid = Grid(CRS.from_epsg(32631).to_wkt(), GRID.transform, 100, 90)
    with pytest.raises(JobError, match=r"The bounds 484366, 4688591, 484846, 4689071 do not exist in 'EPSG:4326'"):
        job_area(grid, None, [484366, 4688591, 484846, 4689071], "EPSG:4326")


def test_an_area_of_which_only_a_part_lies_on_the_image_is_told():
    bounds = [500900, 4599900, 501200, 4600300]
    area = job_area(GRID, None, bounds)
    (note,) = note_on_area(GRID, None, bounds, "", area)
    assert note == "Only a part of the bounds 500900, 4599900, 501200, 4600300 lies on the image: 10 x 10 pixels from column 90, row 0."
    assert note_on_area(GRID, None, None, "", area) == note_on_area(GRID, None, [500900, 4599900, 501000, 4600000], "", area) == []
