"""Writes a georeferenced raster block by block and gives it its final name only when it is whole."""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import rasterio
import rasterio.shutil
from rasterio.enums import ColorInterp, Resampling
from rasterio.windows import Window as RasterWindow

from sitsr_core.inference.output_errors import no_silent_gdal_error, output_errors

BLOCK = 256
DEFLATE_LEVEL = 2  # of fine images hardly larger than by the usual 6, in a quarter of the time
_COLOURS = {"B02": ColorInterp.blue, "B03": ColorInterp.green, "B04": ColorInterp.red}

Block = tuple[int, int, np.ndarray]  # first row, first column, pixels (count, h, w)


@dataclass(frozen=True)
class RasterSpec:
    """Everything about a raster but its pixels.

    Attributes:
        width, height: pixels.
        crs: WKT; may be empty.
        transform: affine (a, b, c, d, e, f).
        dtype: numpy name.
        bands: band descriptions.
        nodata: declared no-data value, or None.
        scaling: per-band scale and offset tags, or None for none.
        tags: metadata of the dataset.
        resampling: how overviews are made.
        block: pixels a side of the file's blocks, a multiple of 16.
    """

    width: int
    height: int
    crs: str
    transform: tuple[float, float, float, float, float, float]
    dtype: str
    bands: tuple[str, ...]
    nodata: float | None = None
    scaling: tuple[float, float] | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    resampling: Resampling = Resampling.average
    block: int = BLOCK

    @property
    def raw_bytes(self) -> int:
        """Size without compression and overviews."""
        return self.width * self.height * len(self.bands) * np.dtype(self.dtype).itemsize


def write_raster(path: Path, spec: RasterSpec, blocks: Iterable[Block], cog: bool = False) -> None:
    """Write a tiled, compressed GeoTIFF with overviews, or a Cloud Optimized GeoTIFF.

    Args:
        path: a working file, not yet the final name.
        spec: what to write.
        blocks: pixels; each covers whole file blocks, so that no block is compressed twice.
        cog: lay the file out for reading over a network.

    Raises:
        OutputError: permission, disk full, or whatever else the system says.
    """
    plain = path.with_name(path.name + ".part") if cog else path
    with no_silent_gdal_error(path), rasterio.open(plain, "w", **_profile(spec)) as dataset:
        _describe(dataset, spec)
        for row, column, pixels in blocks:
            dataset.write(pixels, window=RasterWindow(column, row, pixels.shape[2], pixels.shape[1]))
    if cog:
        with no_silent_gdal_error(path):
            rasterio.shutil.copy(plain, path, driver="COG", **_cog_options(spec))
            plain.unlink()
        return
    levels = _overview_levels(spec)
    if levels:
        with no_silent_gdal_error(path), rasterio.open(plain, "r+") as dataset:
            dataset.build_overviews(levels, spec.resampling)


def _profile(spec: RasterSpec) -> dict:
    return {
        "driver": "GTiff",
        "width": spec.width,
        "height": spec.height,
        "count": len(spec.bands),
        "dtype": spec.dtype,
        "crs": spec.crs or None,
        "transform": rasterio.Affine(*spec.transform),
        "nodata": spec.nodata,
        "tiled": True,
        "blockxsize": spec.block,
        "blockysize": spec.block,
        "interleave": "band",
        "compress": "deflate",
        "zlevel": DEFLATE_LEVEL,
        "predictor": _predictor(spec),
        "bigtiff": "IF_SAFER",
        "photometric": "MINISBLACK",  # four bytes a pixel would otherwise make the near infrared an alpha band
        "alpha": "NO",
    }


def _predictor(spec: RasterSpec) -> int:
    return 3 if np.dtype(spec.dtype).kind == "f" else 2


def _cog_options(spec: RasterSpec) -> dict:
    return {
        "blocksize": BLOCK,
        "compress": "DEFLATE",
        "level": DEFLATE_LEVEL,
        "predictor": "YES",
        "bigtiff": "IF_SAFER",
        "overview_resampling": spec.resampling.name.upper(),
        "overviews": "AUTO",
    }


def _overview_levels(spec: RasterSpec) -> list[int]:
    levels = []
    factor = 2
    while max(spec.width, spec.height) > BLOCK * factor // 2:
        levels.append(factor)
        factor *= 2
    return levels


def _describe(dataset: rasterio.io.DatasetWriter, spec: RasterSpec) -> None:
    dataset.descriptions = spec.bands
    if spec.scaling is not None:
        dataset.scales = (spec.scaling[0],) * len(spec.bands)
        dataset.offsets = (spec.scaling[1],) * len(spec.bands)
    if all(name in spec.bands for name in _COLOURS):
        dataset.colorinterp = [_COLOURS.get(name, ColorInterp.undefined) for name in spec.bands]
    dataset.update_tags(**spec.tags)


def publish(work: Path, final: Path) -> None:
    """Give a whole file its final name, in one step where both are on one disk; a missing folder is made.

    What QGIS or GDAL noted of an older file there goes.
    """
    with output_errors(final):
        final.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.replace(work, final)
        except OSError as error:
            if not _another_disk(work, final):
                raise
            _copy_then_replace(work, final, error)
        for suffix in (".aux.xml", ".ovr", ".msk"):
            with suppress(FileNotFoundError):
                final.with_name(final.name + suffix).unlink()


def _another_disk(work: Path, final: Path) -> bool:
    return final.parent.is_dir() and work.stat().st_dev != final.parent.stat().st_dev


def _copy_then_replace(work: Path, final: Path, _: OSError) -> None:
    """The run folder was put on another disk: copy beside the final name first, so that the last step is still a rename."""
    import shutil

    beside = final.with_name(f".{final.name}.part")
    try:
        shutil.copyfile(work, beside)
        os.replace(beside, final)
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()
    work.unlink()
