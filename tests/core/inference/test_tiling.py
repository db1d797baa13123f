"""The tile plan: every pixel once, halos aligned, areas checked."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.crs import CRS
from rasterio.warp import transform_bounds

from sitsr_core.errors import JobError
from sitsr_core.inference.tiling import (
    common_window,
    cut_core,
    fine_transform,
    inner_slices,
    job_area,
    open_sides,
    padded_window,
    plan_tiles,
    reach_of,
    round_tile,
    trimmed_window,
)
from sitsr_core.models.trim import ALL_SIDES, NO_SIDE, Trim
from sitsr_core.series.acquisition import Grid, Window

GRID = Grid("", (10.0, 0.0, 500000.0, 0.0, -10.0, 4600000.0), 100, 90)
windows = st.builds(Window, st.integers(0, 300), st.integers(0, 300), st.integers(1, 300), st.integers(1, 300))


@settings(deadline=None)
@given(windows, st.sampled_from((64, 128, 256, 4096)))
def test_every_pixel_belongs_to_exactly_one_tile(area, tile):
    count = np.zeros((area.height, area.width), int)
    for part in plan_tiles(area, tile):
        rows, columns = inner_slices(part.core, area)
        count[rows, columns] += 1
    assert (count == 1).all()


@settings(deadline=None)
@given(windows, st.integers(20, 200))
def test_parts_of_a_core_cover_it_once(core, largest):
    count = np.zeros((core.height, core.width), int)
    for part in cut_core(core, largest):
        assert max(part.height, part.width) <= largest
        rows, columns = inner_slices(part, core)
        count[rows, columns] += 1
    assert (count == 1).all()


@settings(deadline=None)
@given(windows, st.integers(0, 70), st.sampled_from((1, 2, 4)))
def test_padded_window_holds_the_halo_and_is_aligned_to_the_image(core, halo, alignment):
    padded = padded_window(core, halo, alignment)
    assert padded.row % alignment == padded.column % alignment == padded.height % alignment == padded.width % alignment == 0
    assert core.row - halo - alignment < padded.row <= core.row - halo
    assert core.row + core.height + halo <= padded.row + padded.height < core.row + core.height + halo + alignment
    assert core.column + core.width + halo <= padded.column + padded.width


@settings(deadline=None)
@given(windows, st.integers(20, 200), st.integers(0, 70), st.sampled_from((1, 2, 4)))
def test_what_was_read_for_a_tile_serves_its_parts(core, largest, halo, alignment):
    outer = padded_window(core, halo, alignment)
    for part in cut_core(core, largest):
        inner = padded_window(part, halo, alignment)
        assert outer.row <= inner.row and inner.row + inner.height <= outer.row + outer.height
        assert outer.column <= inner.column and inner.column + inner.width <= outer.column + outer.width


def test_what_the_network_leaves_out_is_taken_off_each_side_where_the_image_goes_on():
    window = Window(-12, 41, 100, 80)
    assert trimmed_window(window, 23, ALL_SIDES) == Window(11, 64, 54, 34)
    assert trimmed_window(window, 23, Trim(bottom=True, right=True)) == Window(-12, 41, 77, 57)


def test_nothing_is_read_far_beyond_the_image():
    grid = Grid("", (10, 0, 0, 0, -10, 0), width=301, height=200)
    reach = reach_of(grid, 12, 2)
    assert reach == Window(-12, -12, 224, 326)
    window = common_window(padded_window(Window(0, 192, 64, 64), 40, 2), reach)
    assert window == Window(-12, 152, 116, 144) and open_sides(window, reach) == Trim(bottom=True, left=True, right=True)
    assert open_sides(reach, reach) == NO_SIDE


@settings(deadline=None)
@given(windows, st.integers(20, 200), st.integers(0, 70), st.sampled_from((1, 2, 4)))
def test_a_pixel_has_its_halo_or_the_edge_of_what_is_computed(core, largest, halo, alignment):
    reach = reach_of(Grid("", (10, 0, 0, 0, -10, 0), core.column + core.width + 30, core.row + core.height + 30), 12, alignment)
    for part in cut_core(core, largest):
        window = common_window(padded_window(part, halo, alignment), reach)
        given_back = trimmed_window(window, halo, open_sides(window, reach))
        assert given_back.row <= part.row and given_back.row + given_back.height >= part.row + part.height
        assert given_back.column <= part.column and given_back.column + given_back.width >= part.column + part.width


@pytest.mark.parametrize(("asked", "got"), [(1, 64), (64, 64), (65, 128), (100, 128), (4096, 4096)])
def test_tile_is_rounded_up_to_whole_file_blocks(asked, got):
    assert round_tile(asked) == got


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
    [([100, 0, 5, 5], None), ([0, 0, 0, 5], None), (None, [0, 0, 10, 10]), ([0, 0, 5, 5], [500000, 4599000, 501000, 4600000])],
)
def test_an_area_outside_the_image_is_refused(window, bounds):
    with pytest.raises(JobError) as caught:
        job_area(GRID, window, bounds)
    if not (window and bounds):
        assert ("The window [" in str(caught.value) and "] lies outside" in str(caught.value)) is (window is not None)
        assert ("The bounds [" in str(caught.value) and "] lie outside" in str(caught.value)) is (bounds is not None)


def test_fine_transform_keeps_the_corner_and_quarters_the_pixel():
    assert fine_transform(GRID, Window(20, 10, 5, 5)) == (2.5, 0.0, 500100.0, 0.0, -2.5, 4599800.0)
