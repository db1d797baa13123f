"""What a raster says about itself, read once: everything the date, band and radiometry ladders look at."""

import logging
import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field

import rasterio
from rasterio.enums import MaskFlags
from rasterio.errors import NotGeoreferencedWarning, RasterioError

from sitsr_core.errors import InputError
from sitsr_core.series.acquisition import Grid

# Series without georeferencing are worked on in pixels; ``preflight`` says so once, so rasterio need not at each open.
warnings.filterwarnings("ignore", category=NotGeoreferencedWarning)


class _HarmlessGdalNotes(logging.Filter):
    """Drops GDAL's remarks about odd but readable TIFF directories, which rasterio logs at each open of each file."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.levelno <= logging.WARNING and "CPLE_AppDefined" in record.getMessage())


for _name in ("rasterio._env", "rasterio._err"):
    logging.getLogger(_name).addFilter(_HarmlessGdalNotes())


@dataclass(frozen=True)
class RasterHeader:
    """Metadata of one raster; no pixels.

    Attributes:
        path: what GDAL opens.
        nodata: no-data value of each band, None where there is none.
        tags: dataset tags of the default and IMAGERY domains.
        band_tags: the same of each band.
        descriptions: text of each band, empty where there is none.
        colours: colour interpretation of each band ("red", "undefined", ...).
        masked: the file carries its own validity (alpha band or mask band).
        subdatasets: paths, for containers such as netCDF.
        sources: paths of the files that a VRT reads.
    """

    path: str
    driver: str
    grid: Grid
    count: int
    dtypes: tuple[str, ...] = ()
    nodata: tuple[float | None, ...] = ()
    tags: dict[str, str] = field(default_factory=dict)
    band_tags: tuple[dict[str, str], ...] = ()
    descriptions: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    scales: tuple[float, ...] = ()
    offsets: tuple[float, ...] = ()
    masked: bool = False
    subdatasets: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What the user calls it."""
        return display_name(self.path)


def display_name(path: str) -> str:
    """File name of a path, also of GDAL's ``netcdf:/folder/file.nc:variable`` and of a trailing slash."""
    return os.path.basename(path.rstrip("/\\").replace('"', "").replace("\\", "/"))


def read_header(path: str) -> RasterHeader:
    """Open a raster for its metadata only. Raises InputError when it is missing, empty or no raster, or a VRT of missing files."""
    try:
        with rasterio.Env(), rasterio.open(path) as dataset:
            bands = dataset.indexes
            sources = tuple(file for file in dataset.files if file != path) if dataset.driver == "VRT" else ()
            _require_sources(path, sources)
            return RasterHeader(
                path=path,
                driver=dataset.driver,
                grid=Grid(
                    dataset.crs.to_wkt() if dataset.crs else "",
                    tuple(dataset.transform)[:6],
                    dataset.width,
                    dataset.height,
                ),
                count=dataset.count,
                dtypes=tuple(dataset.dtypes),
                nodata=tuple(dataset.nodatavals),
                tags=dataset.tags() | dataset.tags(ns="IMAGERY"),
                band_tags=tuple(dataset.tags(band) | dataset.tags(band, ns="IMAGERY") for band in bands),
                descriptions=tuple(text or "" for text in dataset.descriptions),
                colours=tuple(colour.name for colour in dataset.colorinterp) if dataset.count else (),
                scales=tuple(dataset.scales),
                offsets=tuple(dataset.offsets),
                masked=any(flag in flags for flags in dataset.mask_flag_enums for flag in (MaskFlags.per_dataset, MaskFlags.alpha)),
                subdatasets=tuple(dataset.subdatasets),
                sources=sources,
            )
    except (RasterioError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error


def _require_sources(path: str, sources: Sequence[str]) -> None:
    """A VRT opens without what it reads; its pixels would then be called damaged."""
    missing = [source for source in sources if _is_plain_path(source) and not os.path.exists(source)]
    if missing:
        raise InputError(
            f"'{display_name(path)}' reads '{missing[0]}', which does not exist.",
            "Put the file back, build the VRT again, or leave the VRT out of the series.",
        )


def _unreadable(path: str, error: Exception) -> InputError:
    name = display_name(path)
    if _is_plain_path(path):
        if not os.path.exists(path):
            return InputError(f"'{os.path.abspath(path)}' does not exist.", "Check the path.", detail=f"{path}: {error}")
        if not os.access(path, os.R_OK):
            return InputError(f"'{name}' cannot be opened: no permission to read it.", "Change its permissions.", detail=str(error))
        if os.path.getsize(path) == 0:
            return InputError(f"'{name}' is empty (0 bytes).", "Copy or download it again.", detail=str(error))
    return InputError(
        f"'{name}' is not a raster that can be read.",
        "Give GeoTIFF, JPEG 2000, VRT, netCDF or another raster GDAL opens.",
        detail=str(error),
    )


def _is_plain_path(path: str) -> bool:
    return not path.startswith("/vsi") and "://" not in path and not (":" in path[2:] and not os.path.exists(path))
