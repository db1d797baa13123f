"""The real Sentinel-2 scene in ``resources/sample``: 300 x 200 pixels of 10 m in Patagonia, four bands."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from rasterio.errors import RasterioError
from rasterio.transform import Affine

from sitsr_core.errors import InputError
from sitsr_core.series.radiometry import SCALING_TAG, scaling_text

SCENE = Path(__file__).resolve().parents[2] / "resources" / "sample" / "scene.tif"
BANDS = ("B02", "B03", "B04", "B08")
CRS = "EPSG:32719"
DN_PER_REFLECTANCE = 10000


@dataclass(frozen=True)
class Scene:
    """reflectance (C, H, W) float32 in the order of ``bands``, and where it lies."""

    reflectance: np.ndarray
    transform: Affine
    bands: tuple[str, ...] = BANDS
    crs: str = CRS


def read_scene(path: Path = SCENE) -> Scene:
    """The scene. Raises InputError when it is missing or damaged."""
    try:
        with rasterio.open(path) as raster:
            transform, crs = raster.transform, raster.crs.to_string()
        return Scene(read_raster(path), transform, BANDS, crs)
    except (RasterioError, AttributeError) as error:
        raise InputError(f"The sample scene '{path}' is missing or damaged.", "Install sitsr again.", str(error)) from error


def write_raster(path: Path, reflectance: np.ndarray, transform: Affine, bands: tuple[str, ...], crs: str = CRS, date: str = "") -> Path:
    """Reflectance (C, H, W) as Sentinel-2 gives it: a uint16 GeoTIFF of 1/10000 (as its tags say), named bands, its date if given.

    0 is no data, and what is not finite becomes that.
    """
    numbers = np.clip(np.rint(np.nan_to_num(reflectance * DN_PER_REFLECTANCE)), 1, 65535).astype(np.uint16)
    numbers[~np.isfinite(reflectance)] = 0
    profile = {"driver": "GTiff", "dtype": "uint16", "count": len(bands), "height": numbers.shape[1], "width": numbers.shape[2]}
    with rasterio.open(path, "w", **profile, crs=crs or None, transform=transform, nodata=0, compress="deflate") as raster:
        raster.write(numbers)
        raster.descriptions = bands
        raster.scales = (1 / DN_PER_REFLECTANCE,) * len(bands)
        raster.offsets = (0.0,) * len(bands)
        raster.update_tags(**{SCALING_TAG: scaling_text(1 / DN_PER_REFLECTANCE, 0.0)})
        if date:
            raster.update_tags(ACQUISITIONDATETIME=date)
    return path


def read_raster(path: Path) -> np.ndarray:
    """What ``write_raster`` wrote, or a result of the same scale: reflectance (C, H, W) float32, NaN where there is no data."""
    with rasterio.open(path) as raster:
        values = raster.read(masked=True).astype(np.float32).filled(np.nan)
    return values / DN_PER_REFLECTANCE
