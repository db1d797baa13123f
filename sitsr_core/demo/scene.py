"""The real Sentinel-2 scene that comes inside the ``xarray-spatial`` wheel: 300 x 200 pixels of 10 m in Patagonia, four bands."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import Affine
from scipy.io import netcdf_file

from sitsr_core.errors import InputError

MEMBERS = {"B02": "blue", "B03": "green", "B04": "red", "B08": "nir"}
FOLDER = "xrspatial/datasets/sentinel-2"
VARIABLE = "__xarray_dataarray_variable__"
CRS = "EPSG:32719"
DN_PER_REFLECTANCE = 10000


@dataclass(frozen=True)
class Scene:
    """reflectance (C, H, W) float32 in the order of ``bands``, and where it lies."""

    reflectance: np.ndarray
    transform: Affine
    bands: tuple[str, ...] = tuple(MEMBERS)
    crs: str = CRS


def read_scene(folder: Path) -> Scene:
    """The scene from the wheel in ``folder``. Raises InputError when there is none or it is damaged."""
    wheels = sorted(folder.glob("xarray_spatial-*.whl"))
    if not wheels:
        raise InputError(f"There is no xarray-spatial wheel in '{folder}'.", "Run make demo, which fetches it.")
    layers = []
    try:
        with zipfile.ZipFile(wheels[-1]) as archive:
            for name in MEMBERS.values():
                with netcdf_file(io.BytesIO(archive.read(f"{FOLDER}/{name}_band.nc")), "r", mmap=False) as data:
                    variable = data.variables[VARIABLE]
                    layers.append(np.asarray(variable.data, dtype=np.float32) / DN_PER_REFLECTANCE)
                    transform = Affine(*(float(value) for value in variable.transform[:6]))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise InputError(
            f"The sample scene in '{wheels[-1]}' cannot be read.", "Delete that file and run make demo again.", str(error)
        ) from error
    return Scene(np.stack(layers), transform)


def write_raster(path: Path, reflectance: np.ndarray, transform: Affine, bands: tuple[str, ...], crs: str = CRS) -> Path:
    """Reflectance (C, H, W) as Sentinel-2 gives it: a uint16 GeoTIFF of 1/10000 (as its scale tag says), 0 for no data, named bands."""
    numbers = np.clip(np.rint(reflectance * DN_PER_REFLECTANCE), 1, 65535).astype(np.uint16)
    profile = {"driver": "GTiff", "dtype": "uint16", "count": len(bands), "height": numbers.shape[1], "width": numbers.shape[2]}
    with rasterio.open(path, "w", **profile, crs=crs, transform=transform, nodata=0, compress="deflate") as raster:
        raster.write(numbers)
        raster.descriptions = bands
        raster.scales = (1 / DN_PER_REFLECTANCE,) * len(bands)
        raster.offsets = (0.0,) * len(bands)
    return path


def read_raster(path: Path) -> np.ndarray:
    """What ``write_raster`` wrote, or a result of the same scale: reflectance (C, H, W) float32, NaN where there is no data."""
    with rasterio.open(path) as raster:
        values = raster.read(masked=True).astype(np.float32).filled(np.nan)
    return values / DN_PER_REFLECTANCE
