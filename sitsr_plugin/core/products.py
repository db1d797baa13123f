"""What holds the rasters of a date without being one that QGIS opens: SAFE folders, archives, the metadata file of a product."""

from __future__ import annotations

import functools
import os
import re

RASTER_SUFFIXES = (".tif", ".tiff", ".jp2", ".vrt", ".nc", ".nc4", ".img", ".h5", ".hdf", ".dat", ".bil", ".ntf")
PRODUCT_METADATA = ("MTD_MSIL2A.xml", "MTD_MSIL1C.xml")
PRODUCT_ARCHIVE = re.compile(r"(S2[A-Z]_(OPER_PRD_)?MSIL(1C|2A)_.*|.*\.SAFE)\.zip$", re.IGNORECASE)
# S2A_MSIL2A_20210716T105031_N0301_R051_T31TDG_...: its bands are called T31TDG_20210716T105031_...
PRODUCT_NAME = re.compile(r"S2[A-Z]_MSIL(?:1C|2A)_(\d{8}T\d{6})_N\d{4}_R\d{3}_(T\w{5})_")
MOST_NAMES = 20_000


def is_safe(path: str) -> bool:
    """Whether this is called like a product's folder."""
    return path.rstrip("/\\").lower().endswith(".safe")


def is_archive(path: str) -> bool:
    """Whether this is a zip file that the worker opens up."""
    return path.lower().endswith(".zip") and not path.startswith("/vsi")


def is_container(path: str) -> bool:
    """Whether the worker looks for rasters in this, which QGIS does not open as a raster: a folder, an archive, a product's metadata."""
    return os.path.isdir(path) or (os.path.isfile(path) and (is_archive(path) or os.path.basename(path) in PRODUCT_METADATA))


def names_in(archive: str) -> tuple:
    """The names of the files in a zip file, at most ``MOST_NAMES``; none when it cannot be read."""
    try:
        found = os.stat(archive)
    except OSError:
        return ()
    return read_names(archive, found.st_size, found.st_mtime_ns)


@functools.lru_cache(maxsize=500)
def read_names(archive: str, *_version: int) -> tuple:
    """The same, kept until the file changes."""
    # not with the plugin, whose start it would slow down
    import zipfile

    try:
        with zipfile.ZipFile(archive) as opened:
            return tuple(name for name in opened.namelist()[:MOST_NAMES] if not name.endswith("/"))
    except (OSError, ValueError, zipfile.BadZipFile):
        return ()


def product_in(path: str) -> str:
    """The name of the innermost product's folder that a path names or lies in; empty when there is none."""
    return next((part for part in reversed(re.split(r"[/\\]", path)) if is_safe(part)), "")


def product_name(path: str) -> str:
    """What the worker calls a product, given as its folder, its archive or its metadata file."""
    if os.path.basename(path) in PRODUCT_METADATA:
        path = os.path.dirname(os.path.abspath(path))
    if not is_archive(path):
        return os.path.basename(path.rstrip("/\\"))
    return next(filter(None, map(product_in, names_in(path))), os.path.splitext(os.path.basename(path))[0])


def band_prefix(name: str) -> str:
    """What the names of a product's bands begin with; empty when its name does not say it."""
    found = PRODUCT_NAME.match(name)
    return f"{found.group(2)}_{found.group(1)}_" if found else ""
