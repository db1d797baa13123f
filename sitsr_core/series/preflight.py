"""What is checked before a run: grids, pixel size, and what the user should hear."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from rasterio.crs import CRS
from rasterio.warp import transform as warp_points

from sitsr_core.errors import InputError
from sitsr_core.series.acquisition import Acquisition, Grid
from sitsr_core.series.bands import is_assumed
from sitsr_core.series.clear_sky import CLOUDY_DATE, ClearSky
from sitsr_core.series.discover import LISTED, Layer
from sitsr_core.series.header import RasterHeader
from sitsr_core.series.listing import listed
from sitsr_core.series.radiometry import DN_FLOATS, FLOATS, PICTURE, Radiometry
from sitsr_core.series.reader import is_ungeoreferenced, same_crs, same_grid

METRES_PER_DEGREE = 111_320.0
EXPECTED_GSD = 10.0
ONE_PIXEL_SIZE = 1.02  # pixels whose sides differ by less are of one size: degrees are never exactly 10 m
GSD_NOTE = f"the model expects about {EXPECTED_GSD:.0f} m"


@dataclass
class _Rasters:
    """Those of one grid: path -> header, in the order of their dates, and the numbers of these dates."""

    grid: Grid
    headers: dict[str, RasterHeader] = field(default_factory=dict)
    dates: set[int] = field(default_factory=set)

    @property
    def names(self) -> list[str]:
        """Each once."""
        return list(dict.fromkeys(header.name for header in self.headers.values()))


def common_grid(layers: Sequence[Layer], align: bool) -> Grid:
    """The grid of the series: the one that all rasters have; with ``align`` that of the finest pixels, of several such the commonest,
    and of these the earliest date's.

    Raises:
        InputError: rasters lie on several grids and ``align`` is off, or one cannot be aligned.
    """
    found = _by_grid(layers)
    if len(found) == 1:
        return found[0].grid
    if not align:
        raise _mixed_grids(found)
    unplaced = [rasters.names[0] for rasters in found if is_ungeoreferenced(rasters.grid)]
    if unplaced:
        raise InputError(
            f"'{unplaced[0]}' has no georeferencing, so it cannot be aligned.", "Georeference it, or give rasters of one size."
        )
    finest = min(_longer_side(rasters.grid) for rasters in found)
    fine = [rasters for rasters in found if _longer_side(rasters.grid) <= ONE_PIXEL_SIZE * finest]
    chosen = max(fine, key=lambda rasters: len(rasters.dates))  # the first of equals: that of the earliest date
    elsewhere = [rasters.names[0] for rasters in found if is_unrelated(rasters.grid, chosen.grid)]
    if elsewhere:
        raise InputError(f"'{elsewhere[0]}' shares no ground with {chosen.names[0]}.", "Give rasters of one place.")
    return chosen.grid


def _by_grid(layers: Sequence[Layer]) -> list[_Rasters]:
    """The rasters of each grid, in the order of the dates."""
    found: list[_Rasters] = []
    for number, layer in enumerate(layers):
        for header in layer.headers:
            rasters = next((one for one in found if same_grid(header.grid, one.grid)), None)
            if rasters is None:
                found.append(rasters := _Rasters(header.grid))
            rasters.headers[header.path] = header
            rasters.dates.add(number)
    return found


def _longer_side(grid: Grid) -> float:
    """Of a pixel, in metres: degrees are narrow away from the equator, though no detail is finer there."""
    return max(pixel_size_metres(grid) or grid.pixel_size)


def _mixed_grids(found: Sequence[_Rasters]) -> InputError:
    """Names the rasters that lie on another grid than most."""
    most = max(found, key=lambda rasters: (len(rasters.headers), -_longer_side(rasters.grid)))
    odd = [rasters for rasters in found if rasters is not most]
    what = " and ".join(dict.fromkeys(name for rasters in odd for name in _differences(rasters.grid, most.grid)))
    odd_names = list(dict.fromkeys(name for rasters in odd for name in rasters.names))
    names = listed(odd_names, LISTED)
    count = len(most.headers)
    if count == 1:
        text = f"The rasters do not share one grid: {most.names[0]} and {names} differ in {what}."
    elif len(odd_names) == 1:
        text = f"The rasters do not share one grid: {names} differs from the other {count} in {what}."
    else:
        text = f"The rasters do not share one grid: {names} differ from the other {count} in {what}."
    return InputError(
        text,
        "Remove what differs, or have all warped to one grid (--align; in Python align=True; in QGIS 'Fix' in the panel, 'Warp to one "
        "grid' in the dialog).",
    )


def require_one_order(layers: Sequence[Layer]) -> None:
    """Bands that nothing names can only be assumed where all rasters have the same number of them.

    Raises:
        InputError: rasters of different band counts, and the order of one of them would have to be assumed.
    """
    counts: dict[int, list[str]] = {}
    for layer in layers:
        counts.setdefault(layer.headers[0].count, []).append(layer.headers[0].name)
    if len(counts) > 1 and any(is_assumed(layer.band_source) for layer in layers):
        fewest, *_, most = sorted(counts, key=lambda count: len(counts[count]))
        raise InputError(
            f"The rasters have different numbers of bands ({', '.join(counts[fewest][:LISTED])}: {fewest}, {counts[most][0]}: {most}), "
            "and nothing names the bands.",
            "Leave the odd ones out, or describe the bands in the files (B02, B03, B04, B08).",
        )


def _differences(grid: Grid, first: Grid) -> list[str]:
    """What the grids differ in. Size and place are told of pixels of one size and CRS alone: from others they differ by themselves."""
    other_crs = not same_crs(grid.crs, first.crs)
    if other_crs:
        sides, others = pixel_size_metres(grid), pixel_size_metres(first)
        other_pixels = sides is not None and others is not None and not np.allclose(sides, others, rtol=ONE_PIXEL_SIZE - 1)
    else:
        other_pixels = not np.allclose(np.array(grid.transform)[[0, 1, 3, 4]], np.array(first.transform)[[0, 1, 3, 4]], rtol=1e-4)
    if other_crs or other_pixels:
        return [name for name, differs in (("CRS", other_crs), ("pixel size", other_pixels)) if differs]
    return ["size"] if (grid.width, grid.height) != (first.width, first.height) else ["place"]


def is_unrelated(other: Grid, grid: Grid) -> bool:
    """True when a raster shares no ground with the grid, or when neither its place nor its shape can relate the two."""
    if is_ungeoreferenced(other) or is_ungeoreferenced(grid):
        ratios = other.width / grid.width, other.height / grid.height
        return abs(ratios[0] / ratios[1] - 1) > 0.05
    return covered_share(other, grid) <= 0


def covered_share(other: Grid, grid: Grid) -> float:
    """Share of the grid's bounding box that a raster's covers, 0 to 1 (too much where it is turned); 1 where one has no place."""
    if is_ungeoreferenced(other) or is_ungeoreferenced(grid):
        return 1.0
    there, here = np.array(other.corners), np.array(grid.corners)
    if other.crs and grid.crs and not same_crs(other.crs, grid.crs):
        there = np.array(warp_points(CRS.from_wkt(other.crs), CRS.from_wkt(grid.crs), there[:, 0], there[:, 1])).T
    low, high = here.min(axis=0), here.max(axis=0)
    common = (np.minimum(there.max(axis=0), high) - np.maximum(there.min(axis=0), low)).clip(min=0)
    return float((common / (high - low)).prod())


def pixel_size_metres(grid: Grid) -> tuple[float, float] | None:
    """(x, y) size of a pixel in metres at the centre of the grid; None without georeferencing."""
    if is_ungeoreferenced(grid):
        return None
    x, y = grid.pixel_size
    if not grid.crs:
        return x, y
    crs = CRS.from_wkt(grid.crs)
    if crs.is_geographic:
        latitude = grid.point(grid.width / 2, grid.height / 2)[1]
        return x * METRES_PER_DEGREE * float(np.cos(np.radians(latitude))), y * METRES_PER_DEGREE
    factor = crs.linear_units_factor[1] if crs.is_projected else 1.0
    return x * factor, y * factor


def findings(
    layers: Sequence[Layer], grid: Grid, radiometry: Sequence[Radiometry], acquisitions: Sequence[Acquisition], sky: ClearSky | None
) -> list[str]:
    """Sentences for the user about a series that can be used, but with care."""
    notes = []
    assumed = sorted({layer.band_source for layer in layers if is_assumed(layer.band_source)})
    for source in assumed:
        numbers = next(layer.bands for layer in layers if layer.band_source == source)
        order = ", ".join(f"{role}={found.band}" for role, found in numbers.items())
        count = source.removeprefix("assumed order of ").removesuffix(" bands")
        notes.append(f"Nothing names the bands: the usual order of {count} bands is assumed ({order}).")
    notes += _grouped_radiometry(acquisitions, radiometry)
    notes += _warped(layers, grid)
    size = pixel_size_metres(grid)
    if size is None:
        notes.append("The rasters have no georeferencing; the output has none either.")
    elif not all(0.7 * EXPECTED_GSD <= side <= 1.4 * EXPECTED_GSD for side in size):
        notes.append(f"The pixels are {size[0]:.3g} x {size[1]:.3g} m; {GSD_NOTE}.")
    types = sorted({header.dtypes[0] for layer in layers for header in layer.headers})
    if len(types) > 1:
        notes.append(f"The rasters have different number types ({', '.join(types)}).")
    notes += _clouds(acquisitions)
    far = [one for one in acquisitions if max(map(abs, one.shift)) > 1]
    if far:
        shifts = ", ".join(f"{one.date} ({one.shift[0]:+.2f}, {one.shift[1]:+.2f})" for one in far[:LISTED])
        notes.append(f"Shifted by more than one pixel (rows, columns) against the clearest date: {shifts}.")
    return notes + _doubt(sky)


def _doubt(sky: ClearSky | None) -> list[str]:
    """What is said of a date that is alone and might have clouds."""
    if sky is None or not sky.alone or sky.hopeless[0] or sky.doubtful < CLOUDY_DATE:
        return []
    return [
        f"About {sky.doubtful:.0%} of the only date is as bright as cloud, and is kept, because it may be ground. "
        "Give a mask to leave clouds out, or more dates to tell the two apart."
    ]


def first_on(layers: Sequence[Layer], grid: Grid) -> RasterHeader:
    """The first raster that lies on the grid of the series as it is."""
    return next(header for layer in layers for header in layer.headers if same_grid(header.grid, grid))


def is_coarser(own: Grid, grid: Grid) -> bool:
    """Whether a raster of the grid ``own`` is less sharp on ``grid`` than what lies there as it is."""
    return _longer_side(own) > ONE_PIXEL_SIZE * _longer_side(grid)


def _warped(layers: Sequence[Layer], grid: Grid) -> list[str]:
    warped = {header.name: header.grid for layer in layers for header in layer.headers if not same_grid(header.grid, grid)}
    if not warped:
        return []
    notes = [f"Warped on the fly to the grid of {first_on(layers, grid).name}: {listed(list(warped), LISTED)}."]
    coarse = [name for name, own in warped.items() if is_coarser(own, grid)]
    if coarse:
        notes.append(f"Warped from coarser pixels, so less sharp than the others: {listed(coarse, LISTED)}.")
    return notes


def _clouds(acquisitions: Sequence[Acquisition]) -> list[str]:
    usable = [one for one in acquisitions if one.clear_fraction > 0.01]
    if not usable:
        return ["No date has clear pixels in the parts that were looked at: all are cloudy or without data."]
    return []


def _grouped_radiometry(acquisitions: Sequence[Acquisition], radiometry: Sequence[Radiometry]) -> list[str]:
    """One sentence for each kind of doubt, with the dates it concerns."""
    by_warning: dict[str, list[str]] = {}
    for one, found in zip(acquisitions, radiometry, strict=True):
        if found.warning:
            # A warning that names a file is about all files like it: the first stands for them.
            key = found.source if found.source in (PICTURE, FLOATS, DN_FLOATS) else found.warning
            by_warning.setdefault(key, [found.warning]).append(str(one.date))
    notes = []
    for key, (text, *dates) in by_warning.items():
        if key == text:
            told = f"{', '.join(dates[:LISTED])}{' and more' if len(dates) > LISTED else ''}"
            notes.append(f"{told}: {text}. Give scale and offset to be sure (in QGIS in the algorithm's dialog).")
        else:
            notes.append(text + (f" So do {len(dates) - 1} more dates." if len(dates) > 1 else ""))
    return notes


def fits_dtype(nodata: float | None, headers: Sequence[RasterHeader]) -> bool:
    """Whether the no-data value can be written in the rasters' own type."""
    kind = np.dtype(headers[0].dtypes[0])
    return nodata is None or kind.kind == "f" or (np.isfinite(nodata) and np.iinfo(kind).min <= nodata <= np.iinfo(kind).max)
