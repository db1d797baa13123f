"""Fine images to learn from: places with one or more dates, read into memory once, cropped as reflectance.

Each loader turns one layout on disk into ``Place`` records. Aerial images are 8-bit display values; they are brought to a linear,
reflectance-like scale by undoing a gamma of 2.2. What is learned from them is texture, not absolute radiometry.
"""

import datetime
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.ndimage import gaussian_filter
from skimage.registration import phase_cross_correlation

from sitsr_core.datasets.reading import read_image, require
from sitsr_core.errors import InputError

GAMMA = 2.2
DISPLAY_WHITE = 0.6  # reflectance of display value 255
MAX_INTRINSIC_SHIFT = 3.0  # fine pixels; a larger estimate is taken for a failure
CLEAR_SCL = (4, 5, 6, 7, 11)


@dataclass
class Place:
    """One site's fine images.

    Attributes:
        name: unique; the split file is written in these names.
        source: which collection it is from.
        images: (D, C, H, W) as stored; C is 3 (B02 B03 B04) or 4 (and B08).
        days: (D,) days since 1970-01-01.
        valid: (H, W) bool.
        shifts: (D, 2) fine pixels (dy, dx) of each date against the first.
        scale, offset: reflectance = value * scale + offset; scale is None for 8-bit display values.
    """

    name: str
    source: str
    images: np.ndarray
    days: np.ndarray
    valid: np.ndarray
    shifts: np.ndarray
    scale: float | None = None
    offset: float = 0.0

    def crop(self, date: int, row: int, column: int, size: int) -> np.ndarray:
        """Reflectance (C, size, size) float32; what lies outside the image is mirrored."""
        return self.to_reflectance(self.images[date][:, *self._window(row, column, size)])

    def crop_valid(self, row: int, column: int, size: int) -> np.ndarray:
        """The mask of ``crop`` (size, size) bool."""
        return self.valid[self._window(row, column, size)]

    def _window(self, row: int, column: int, size: int) -> tuple[np.ndarray, np.ndarray]:
        height, width = self.valid.shape
        return mirror(np.arange(row, row + size), height)[:, None], mirror(np.arange(column, column + size), width)[None, :]

    def to_reflectance(self, values: np.ndarray) -> np.ndarray:
        """Stored values to float32 reflectance."""
        if self.scale is None:
            return (DISPLAY_WHITE * (np.arange(256) / 255.0) ** GAMMA).astype(np.float32)[values]
        return values.astype(np.float32) * np.float32(self.scale) + np.float32(self.offset)


def mirror(index: np.ndarray, size: int) -> np.ndarray:
    """Indices reflected about the first and the last pixel until they lie inside."""
    if size == 1:
        return np.zeros_like(index)
    period = 2 * (size - 1)
    folded = np.abs(index) % period
    return np.minimum(folded, period - folded)


def intrinsic_shifts(images: np.ndarray) -> np.ndarray:
    """(D, 2) shift of each date's content against the first date's, from phase correlation of the high-passed green band."""

    def prepare(image: np.ndarray) -> np.ndarray:
        green = image[1].astype(np.float32)
        window = np.hanning(green.shape[0])[:, None] * np.hanning(green.shape[1])[None, :]
        return (green - gaussian_filter(green, 4)) * window

    first = prepare(images[0])
    shifts = np.zeros((len(images), 2), np.float32)
    for date in range(1, len(images)):
        moved, _, _ = phase_cross_correlation(first, prepare(images[date]), upsample_factor=20)
        if np.abs(moved).max() <= MAX_INTRINSIC_SHIFT:
            shifts[date] = -moved
    return shifts


def _day(year: int, month: int = 7, day: int = 1) -> int:
    return (datetime.date(year, month, day) - datetime.date(1970, 1, 1)).days


def _single(name: str, source: str, image: np.ndarray, valid: Any = None, scale: float | None = None, offset: float = 0.0) -> Place:
    valid = np.ones(image.shape[1:], bool) if valid is None else valid
    return Place(name, source, image[None], np.array([_day(2020)]), valid, np.zeros((1, 2), np.float32), scale, offset)


def massachusetts(folder: Path) -> Iterator[Place]:
    """RGB tiles at 1.25 m with validity masks (Mnih 2013): each at 2.5 m and as it is. NAME.jpg beside NAME.mask.png."""
    for path in sorted(folder.glob("*.jpg")):
        blue_first = read_image(path, 3)[0][::-1]
        mask_path = path.with_name(path.stem + ".mask.png")
        valid = read_image(mask_path, 0)[0][0] > 0
        require(valid.shape == blue_first.shape[1:], mask_path, "is not of the size of its image")
        height, width = (blue_first.shape[1] // 2) * 2, (blue_first.shape[2] // 2) * 2
        linear = (blue_first[:, :height, :width] / 255.0) ** GAMMA
        halved = linear.reshape(3, height // 2, 2, width // 2, 2).mean((2, 4))
        halved_valid = valid[:height, :width].reshape(height // 2, 2, width // 2, 2).all((1, 3))
        yield _single(
            f"massachusetts/{path.stem}", "massachusetts_2.5m", np.rint(255 * halved ** (1 / GAMMA)).astype(np.uint8), halved_valid
        )
        yield _single(f"massachusetts/{path.stem}", "massachusetts_1.25m", np.ascontiguousarray(blue_first), valid)


def california(folder: Path) -> Iterator[Place]:
    """RGB and NIR chips at 1.2 m, up to three years of one place (NAIP; urban-tree-detection-data)."""
    years: dict[str, list[int]] = defaultdict(list)
    for path in sorted(folder.glob("*.rgb.jpg")):
        parts = re.fullmatch(r"(.+)_(\d{4})_([^_]+)\.rgb\.jpg", path.name)
        require(parts is not None, path, "is not named city_year_number.rgb.jpg")
        city, year, number = parts.groups()  # type: ignore[union-attr]
        years[f"{city}_{number}"].append(int(year))
    for place, found in sorted(years.items()):
        city, number = place.rsplit("_", 1)
        dates = [_california_date(folder / f"{city}_{year}_{number}.rgb.jpg") for year in sorted(found)]
        require(
            len({d.shape for d in dates}) == 1, folder / f"{city}_{min(found)}_{number}.rgb.jpg", "is not of the size of its other years"
        )
        images, days = np.stack(dates), np.array([_day(year) for year in sorted(found)])
        yield Place(f"california/{place}", "california", images, days, np.ones(images.shape[2:], bool), intrinsic_shifts(images))


def _california_date(rgb_path: Path) -> np.ndarray:
    """(4, H, W) from a pair of RGB and NIR images."""
    nir_path = rgb_path.with_name(rgb_path.name.replace(".rgb.", ".nir."))
    rgb, nir = read_image(rgb_path, 3)[0], read_image(nir_path, 1)[0]
    require(rgb.shape[1:] == nir.shape[1:], nir_path, "is not of the size of its RGB image")
    return np.concatenate([rgb[::-1], nir])


def north_dakota(folder: Path) -> Iterator[Place]:
    """One place in ten years, RGB and NIR at 5 m (NAIP)."""
    paths = sorted(folder.glob("naip_*.tif"))
    if paths:
        dates = [read_image(path, 4)[0][[2, 1, 0, 3]] for path in paths]
        height, width = min(d.shape[1] for d in dates), min(d.shape[2] for d in dates)
        images = np.stack([d[:, :height, :width] for d in dates])
        days = np.array([_day_of_name(path) for path in paths])
        yield Place("north_dakota", "north_dakota", images, days, np.ones(images.shape[2:], bool), intrinsic_shifts(images))


def _day_of_name(path: Path) -> int:
    """Days since 1970 from naip_YYYYMMDD.tif."""
    try:
        return _day(int(path.stem[5:9]), int(path.stem[9:11]), int(path.stem[11:13]))
    except ValueError as error:
        raise InputError(f"The training image '{path}' has no date in its name.", "Name it naip_YYYYMMDD.tif.") from error


def sentinel2(folder: Path) -> Iterator[Place]:
    """Single Sentinel-2 scenes, B02 B03 B04 B08 as DN, 0 = no data; a NOTE tag tells of the +1000 offset."""
    for path in sorted(folder.glob("*.tif")):
        image, tags = read_image(path, 4)
        offset = -0.1 if "1000" in tags.get("NOTE", "") else 0.0
        yield _single(f"sentinel2/{path.stem}", "sentinel2", image, (image > 0).all(0), 1e-4, offset)


def worldcereal(folder: Path) -> Iterator[Place]:
    """A Sentinel-2 series as a pair of netCDF files (10 m, and 20 m with SCL): its dates that are at least 95 % clear."""
    for fine in sorted(folder.glob("S2_L2A_10m_*.nc")):
        coarse = fine.with_name(fine.name.replace("_10m_", "_20m_"))
        images = np.stack([_read_netcdf(fine, band)[0] for band in ("B02", "B03", "B04", "B08")], axis=1)
        scl, days = _read_netcdf(coarse, "SCL")
        require(len(scl) == len(images), coarse, "has not the dates of its 10 m file")
        clear = np.isin(scl, CLEAR_SCL).mean((1, 2)) >= 0.95
        clear &= (images > 0).all((1, 2, 3))
        require(bool(clear.any()), fine, "has no date that is 95 % clear")
        images = images[clear]
        yield Place(
            f"series/{folder.name}", "worldcereal", images, days[clear], np.ones(images.shape[2:], bool), intrinsic_shifts(images), 1e-4
        )


def _read_netcdf(path: Path, variable: str) -> tuple[np.ndarray, np.ndarray]:
    """(D, H, W) and the dates of one variable, in days since 1970."""
    image, tags = read_image(path, 0, gdal_name=f'netcdf:"{path}":{variable}')
    try:
        values = json.loads("[" + tags["NETCDF_DIM_timestamp_VALUES"].strip("{}") + "]")
        unit, _, start = tags["timestamp#units"].partition(" since ")
        origin = (datetime.datetime.fromisoformat(start.strip()) - datetime.datetime(1970, 1, 1)) / datetime.timedelta(days=1)
        elapsed = np.array(values, float) / {"days": 1, "hours": 24, "minutes": 1440, "seconds": 86400}[unit.strip()]
    except (KeyError, ValueError) as error:
        raise InputError(f"The times of '{path}' cannot be read.", "Remove it or fetch it again.", repr(error)) from error
    require(len(elapsed) == len(image), path, "has not one time a date")
    return image, np.floor(origin + elapsed).astype(int)


LOADERS = {
    "fine/massachusetts": massachusetts,
    "fine/california": california,
    "fine/north_dakota_5m": north_dakota,
    "sentinel2/ports": sentinel2,
    "sentinel2/native": sentinel2,
    "series/worldcereal_31UDS": worldcereal,
}


def load_places(root: str | Path) -> list[Place]:
    """All places below ``root`` (layouts in ``LOADERS``). Raises InputError when there is none, or one cannot be read."""
    places = [place for name, loader in LOADERS.items() if (Path(root) / name).is_dir() for place in loader(Path(root) / name)]
    if not places:
        raise InputError(f"No training images were found below '{root}'.", f"Expected at least one of the folders {', '.join(LOADERS)}.")
    return places
