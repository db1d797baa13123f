"""Which windows are computed, and what each must read around itself. Pure functions over whole numbers."""

from dataclasses import dataclass

from sitsr_core.job import FACTOR
from sitsr_core.models.trim import Trim
from sitsr_core.series.acquisition import Grid, Window

TILE_STEP = 64  # input pixels; its fine pixels (256 at a factor of 4) are a block of the output file: no block belongs to two tiles


@dataclass(frozen=True)
class Tile:
    """One unit of work and of recording.

    Attributes:
        index: position in the plan, row by row.
        core: the input pixels whose result this tile delivers.
    """

    index: int
    core: Window


def plan_tiles(area: Window, tile: int) -> tuple[Tile, ...]:
    """Cut ``area`` into cores of ``tile`` x ``tile`` input pixels (smaller at the right and the lower edge), row by row."""
    if tile < TILE_STEP or tile % TILE_STEP:
        raise ValueError(f"tile must be a multiple of {TILE_STEP}, not {tile}")
    cores = [
        Window(row, column, min(tile, area.row + area.height - row), min(tile, area.column + area.width - column))
        for row in range(area.row, area.row + area.height, tile)
        for column in range(area.column, area.column + area.width, tile)
    ]
    return tuple(Tile(index, core) for index, core in enumerate(cores))


def round_tile(tile: int) -> int:
    """The next multiple of the step that the output file's blocks allow."""
    return max(TILE_STEP, -(-tile // TILE_STEP) * TILE_STEP)


def padded_window(core: Window, halo: int, alignment: int) -> Window:
    """What must be read to compute ``core``: the halo on all sides, then outwards to absolute multiples of ``alignment``.

    Origins are aligned against the image, not against the job's area, so that a part of an image gives the same pixels as the whole.
    The result may stick out of the image.
    """
    top, bottom = _aligned_span(core.row, core.height, halo, alignment)
    left, right = _aligned_span(core.column, core.width, halo, alignment)
    return Window(top, left, bottom - top, right - left)


def reach_of(grid: Grid, margin: int, alignment: int) -> Window:
    """The image and ``margin`` pixels around it, outwards to multiples of ``alignment``: beyond, nothing is computed."""
    return padded_window(Window(0, 0, grid.height, grid.width), margin, alignment)


def common_window(one: Window, other: Window) -> Window:
    """What two windows share; without height or width where that is nothing."""
    top, left = max(one.row, other.row), max(one.column, other.column)
    bottom = min(one.row + one.height, other.row + other.height)
    right = min(one.column + one.width, other.column + other.width)
    return Window(top, left, max(0, bottom - top), max(0, right - left))


def open_sides(window: Window, reach: Window) -> Trim:
    """The sides of a window within ``reach`` beyond which the image goes on."""
    return Trim(
        top=window.row > reach.row,
        bottom=window.row + window.height < reach.row + reach.height,
        left=window.column > reach.column,
        right=window.column + window.width < reach.column + reach.width,
    )


def trimmed_window(window: Window, pixels: int, trim: Trim) -> Window:
    """The window without ``pixels`` on each side of ``trim``."""
    height = window.height - pixels * (trim.top + trim.bottom)
    width = window.width - pixels * (trim.left + trim.right)
    return Window(window.row + pixels * trim.top, window.column + pixels * trim.left, height, width)


def _aligned_span(start: int, size: int, halo: int, alignment: int) -> tuple[int, int]:
    low = start - halo
    high = start + size + halo
    return low - low % alignment, high + (-high) % alignment


def cut_core(core: Window, largest: int) -> tuple[Window, ...]:
    """The core in parts of at most ``largest`` pixels a side, so that one part is computed at a time."""
    rows = [(r, min(largest, core.row + core.height - r)) for r in range(core.row, core.row + core.height, largest)]
    columns = [(c, min(largest, core.column + core.width - c)) for c in range(core.column, core.column + core.width, largest)]
    return tuple(Window(r, c, h, w) for r, h in rows for c, w in columns)


def inner_slices(core: Window, outer: Window, factor: int = 1) -> tuple[slice, slice]:
    """Where ``core`` lies in an array that covers ``outer``, on a grid ``factor`` times finer."""
    row, column = (core.row - outer.row) * factor, (core.column - outer.column) * factor
    return slice(row, row + core.height * factor), slice(column, column + core.width * factor)


def fine_transform(grid: Grid, area: Window, factor: int = FACTOR) -> tuple[float, float, float, float, float, float]:
    """The affine transform of the output: the area's corner, pixels ``factor`` times smaller than the input's."""
    a, b, c, d, e, f = grid.transform
    x, y = c + a * area.column + b * area.row, f + d * area.column + e * area.row
    return a / factor, b / factor, x, d / factor, e / factor, y
