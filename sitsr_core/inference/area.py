"""The part of the image that a job asks for, in pixels of the input."""

import math
from collections.abc import Sequence

from rasterio.crs import CRS
from rasterio.errors import CRSError, RasterioError
from rasterio.warp import transform_bounds

from sitsr_core.errors import JobError
from sitsr_core.inference.tiling import common_window
from sitsr_core.series.acquisition import Grid, Window


def job_area(grid: Grid, window: list[int] | None, bounds: list[float] | None, bounds_crs: str = "") -> Window:
    """The input pixels a job asks for.

    Args:
        grid: the series' grid.
        window: (column, row, width, height) in input pixels, or None.
        bounds: (xmin, ymin, xmax, ymax), widened to whole pixels, or None.
        bounds_crs: of ``bounds``; empty for the grid's.

    Raises:
        JobError: both are given, the area lies outside the image or is empty, or the CRS is not known.
    """
    asked, whole = _asked(grid, window, bounds, bounds_crs), Window(0, 0, grid.height, grid.width)
    if asked is None:
        return whole
    if not asked.height or not asked.width:
        raise JobError(f"The area {_numbers(window or bounds)} is empty.", "Give one of a pixel or more.")
    clipped = common_window(asked, whole)
    if not clipped.height or not clipped.width:
        text = f"The bounds {_numbers(bounds)} lie outside the image, whose bounds are {_own_bounds(grid)}."
        if window is not None:
            text = f"The window {_numbers(window)} lies outside the image of {grid.width} x {grid.height} pixels."
        raise JobError(text, "Give an area that overlaps the input.")
    return clipped


def note_on_area(grid: Grid, window: list[int] | None, bounds: list[float] | None, bounds_crs: str, area: Window) -> list[str]:
    """A sentence for the user where only a part of what was asked for lies on the image. Arguments as of ``job_area``, and its result."""
    if _asked(grid, window, bounds, bounds_crs) in (None, area):
        return []
    size, column, row = f"{area.width} x {area.height}", area.column, area.row
    if window is not None:
        return [f"Only a part of the window {_numbers(window)} lies on the image: {size} pixels from column {column}, row {row}."]
    return [f"Only a part of the bounds {_numbers(bounds)} lies on the image: {size} pixels from column {column}, row {row}."]


def _asked(grid: Grid, window: list[int] | None, bounds: list[float] | None, bounds_crs: str) -> Window | None:
    """What was asked for in pixels, also beyond the image; None for all. Raises JobError."""
    if window is not None and bounds is not None:
        raise JobError("Both a window and bounds were given.", "Give one of them.")
    if window is not None:
        column, row, width, height = (int(value) for value in _four_numbers("window", window))
        return Window(row, column, height, width)
    if bounds is None:
        return None
    xmin, ymin, xmax, ymax = _four_numbers("bounds", bounds)
    if ymin > ymax or (xmin > xmax and not bounds_crs):  # in degrees they may cross the antimeridian
        raise JobError(f"The bounds are {_numbers(bounds)}.", "Give xmin, ymin, xmax, ymax.")
    return _bounds_window(grid, _in_crs_of(grid, bounds, bounds_crs))


def _numbers(values: Sequence[float] | None) -> str:
    return ", ".join(f"{value:.10g}" for value in values or ())


def _own_bounds(grid: Grid) -> str:
    """xmin, ymin, xmax, ymax, and their CRS if it has a short name."""
    x, y = zip(*grid.corners, strict=True)
    crs = CRS.from_wkt(grid.crs).to_string() if grid.crs else ""
    return _numbers([min(x), min(y), max(x), max(y)]) + (f" ({crs})" if 0 < len(crs) < 20 else "")


def _four_numbers(name: str, values: list) -> list:
    if len(values) != 4 or not all(isinstance(v, int | float) and abs(v) < 1e15 for v in values):
        raise JobError(f"{name} is {values!r}.", "Give four numbers.")
    return list(values)


def _in_crs_of(grid: Grid, bounds: list, crs: str) -> list:
    """Bounds in the grid's CRS."""
    if not crs or not grid.crs:
        return bounds
    try:
        given, own = CRS.from_user_input(crs), CRS.from_wkt(grid.crs)
        placed = bounds if given == own else list(transform_bounds(given, own, *bounds))
    except (CRSError, RasterioError) as error:
        raise JobError(f"The bounds cannot be placed: '{crs}'.", "Give their CRS as EPSG:4326 or as WKT.", str(error)) from error
    if not all(map(math.isfinite, placed)):
        raise JobError(f"The bounds {_numbers(bounds)} do not exist in '{crs}'.", "Give the CRS that they are in.")
    return placed


def _bounds_window(grid: Grid, bounds: list[float]) -> Window:
    """Pixels touched by the bounds. Coordinates within a thousandth of a pixel edge count as on it (rounding of text)."""
    a, b, c, d, e, f = grid.transform
    determinant = a * e - b * d
    corners = [(x, y) for x in (bounds[0], bounds[2]) for y in (bounds[1], bounds[3])]
    columns = [(e * (x - c) - b * (y - f)) / determinant for x, y in corners]
    rows = [(a * (y - f) - d * (x - c)) / determinant for x, y in corners]
    top, bottom = _whole_pixels(rows)
    left, right = _whole_pixels(columns)
    return Window(top, left, bottom - top, right - left)


def _whole_pixels(values: list[float]) -> tuple[int, int]:
    return int((min(values) + 1e-3) // 1), -int((-max(values) + 1e-3) // 1)
