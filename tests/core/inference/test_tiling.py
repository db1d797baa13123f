"""The tile plan: every pixel once, halos aligned, areas checked."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitsr_core.inference.tiling import (
    common_window,
    cut_core,
    fine_transform,
    inner_slices,
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


def test_fine_transform_keeps_the_corner_and_quarters_the_pixel():
    assert fine_transform(GRID, Window(20, 10, 5, 5)) == (2.5, 0.0, 500100.0, 0.0, -2.5, 4599800.0)
