"""A raster on the grid of a series, for its CRS, extent and pixels: that of the worker's report, else the first that is found."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from .layers import DAY
from .products import PRODUCT_METADATA, RASTER_SUFFIXES, is_archive, names_in
from .read_raster import ReadRaster
from .series_rows import MOST_ENTRIES, folder_items

FINE_BAND = re.compile(r"(^|_)B0[2348](_10m)?\.(jp2|tiff?)$", re.IGNORECASE)
MOST_TRIES = 20
UNDATED = "9999"


def grid_layer(report: dict, paths: Iterable[str]) -> ReadRaster | None:
    """The raster whose grid is that of the series.

    Args:
        report: the worker's; empty while there is none.
        paths: of the series: rasters, folders, archives, metadata files of products.
    """
    return first_valid([report["grid"]["source"]] if report else []) or first_raster(paths)


def first_raster(paths: Iterable[str], dates: Mapping[str, str] | None = None) -> ReadRaster | None:
    """The raster of the earliest date, whose grid the series has unless dates are warped; None when none can be opened.

    Args:
        dates: path or file name -> ISO date, where it is known; else the names say it.
    """
    candidates = (one for path in in_order(paths, dates or {}) for one in rasters_of(path, dates or {}))
    return first_valid(itertools.islice(candidates, MOST_TRIES))


def first_valid(paths: Iterable[str]) -> ReadRaster | None:
    """The first that QGIS opens."""
    layers = (ReadRaster(path) for path in paths)
    return next((layer for layer in layers if layer.isValid()), None)


def rasters_of(path: str, dates: Mapping[str, str]) -> Iterator[str]:
    """What GDAL may open of one input, the most likely first."""
    if os.path.basename(path) in PRODUCT_METADATA:
        path = os.path.dirname(os.path.abspath(path))
    if is_archive(path):
        yield from bands_first(f"/vsizip/{os.path.abspath(path)}/{name}" for name in names_in(path))
    elif not os.path.isdir(path):
        yield path
    else:
        items = folder_items(path)
        if [item.path for item in items] == [os.path.abspath(path)]:
            yield from bands_first(files_below(path))
        else:
            for item in in_order([item.path for item in items], dates):
                yield from rasters_of(item, dates)


def files_below(folder: str) -> Iterator[str]:
    """All files below a folder, at most ``MOST_ENTRIES``."""
    every = (os.path.join(place, name) for place, _, names in os.walk(folder) for name in names)
    return itertools.islice(every, MOST_ENTRIES)


def bands_first(paths: Iterable[str]) -> list:
    """The rasters among these files, bands of 10 m before all others."""
    rasters = [path for path in paths if path.lower().endswith(RASTER_SUFFIXES) and "QI_DATA" not in path]
    return sorted(rasters, key=lambda path: (not FINE_BAND.search(os.path.basename(path)), path))


def in_order(paths: Iterable[str], dates: Mapping[str, str]) -> list:
    """Sorted by date, those without one last; of one date, bands of 10 m first."""

    def rank(path: str) -> tuple:
        return day_of(path, dates), not FINE_BAND.search(os.path.basename(path))

    return sorted(paths, key=rank)


def day_of(path: str, dates: Mapping[str, str]) -> str:
    """The date of a path: the known one, else that of its name or of the folder nearest to it that has one."""
    known = dates.get(path) or dates.get(os.path.basename(path))
    named = next(filter(None, map(DAY.search, reversed(Path(path).parts))), None)
    return known or ("-".join(named.groups()) if named else UNDATED)
