"""Fine images to learn from: places with one or more dates, read into memory once, cropped as reflectance.

Each loader turns one layout on disk into ``Place`` records. Aerial images are 8-bit display values; they are brought to a linear,
reflectance-like scale by undoing a gamma of 2.2. What is learned from them is texture, not absolute radiometry.
"""

import datetime
import json
import warnings
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.errors import NotGeoreferencedWarning
from scipy.ndimage import gaussian_filter
from skimage.registration import phase_cross_correlation

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
        scale, offset: reflectance = value * scale + offset; None for 8-bit display values.
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
        height, width = self.images.shape[2:]
        rows, columns = mirror(np.arange(row, row + size), height), mirror(np.arange(column, column + size), width)
        return self.to_reflectance(self.images[date][:, rows[:, None], columns[None, :]])

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


def _read(path: Path) -> np.ndarray:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(path) as source:
                return source.read()
    except rasterio.errors.RasterioError as error:
        raise InputError(f"The training image '{path.name}' cannot be read.", "Remove it or fetch it again.", str(error)) from error


def _day(year: int, month: int = 7, day: int = 1) -> int:
    return (datetime.date(year, month, day) - datetime.date(1970, 1, 1)).days


def _single(name: str, source: str, image: np.ndarray, valid: Any = None, scale: float | None = None, offset: float = 0.0) -> Place:
    valid = np.ones(image.shape[1:], bool) if valid is None else valid
    return Place(name, source, image[None], np.array([_day(2020)]), valid, np.zeros((1, 2), np.float32), scale, offset)


def massachusetts(folder: Path) -> Iterator[Place]:
    """RGB tiles at 1.25 m with validity masks (Mnih 2013): each at 2.5 m and as it is."""
    for path in sorted(folder.glob("*.jpg")):
        blue_first = _read(path)[::-1]
        valid = _read(path.with_suffix("").with_suffix(".mask.png"))[0] > 0
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
        city, year, number = path.name.removesuffix(".rgb.jpg").rsplit("_", 2)
        years[f"{city}_{number}"].append(int(year))
    for place, found in sorted(years.items()):
        city, number = place.rsplit("_", 1)
        images = np.stack(
            [
                np.concatenate([_read(folder / f"{city}_{y}_{number}.rgb.jpg")[::-1], _read(folder / f"{city}_{y}_{number}.nir.jpg")])
                for y in sorted(found)
            ]
        )
        days = np.array([_day(y) for y in sorted(found)])
        yield Place(f"california/{place}", "california", images, days, np.ones(images.shape[2:], bool), intrinsic_shifts(images))


def north_dakota(folder: Path) -> Iterator[Place]:
    """One place in ten years, RGB and NIR at 5 m (NAIP)."""
    paths = sorted(folder.glob("naip_*.tif"))
    if paths:
        dates = [_read(path)[[2, 1, 0, 3]] for path in paths]
        height, width = min(d.shape[1] for d in dates), min(d.shape[2] for d in dates)
        images = np.stack([d[:, :height, :width] for d in dates])
        days = np.array([_day(int(p.stem[5:9]), int(p.stem[9:11]), int(p.stem[11:13])) for p in paths])
        yield Place("north_dakota", "north_dakota", images, days, np.ones(images.shape[2:], bool), intrinsic_shifts(images))


def sentinel2(folder: Path) -> Iterator[Place]:
    """Single Sentinel-2 scenes, B02 B03 B04 B08 as DN, 0 = no data; a NOTE tag tells of the +1000 offset."""
    for path in sorted(folder.glob("*.tif")):
        image = _read(path)
        with rasterio.open(path) as source:
            offset = -0.1 if "1000" in source.tags().get("NOTE", "") else 0.0
        yield _single(f"sentinel2/{path.stem}", "sentinel2", image, (image > 0).all(0), 1e-4, offset)


def worldcereal(folder: Path) -> Iterator[Place]:
    """A Sentinel-2 series as a pair of netCDF files (10 m, and 20 m with SCL): its dates that are at least 95 % clear."""
    for fine in sorted(folder.glob("S2_L2A_10m_*.nc")):
        coarse = fine.with_name(fine.name.replace("_10m_", "_20m_"))
        images = np.stack([_read_netcdf(fine, band)[0] for band in ("B02", "B03", "B04", "B08")], axis=1)
        scl, days = _read_netcdf(coarse, "SCL")
        clear = np.isin(scl, CLEAR_SCL).mean((1, 2)) >= 0.95
        clear &= (images > 0).all((1, 2, 3))
        images = images[clear]
        yield Place(
            f"series/{folder.name}", "worldcereal", images, days[clear], np.ones(images.shape[2:], bool), intrinsic_shifts(images), 1e-4
        )


def _read_netcdf(path: Path, variable: str) -> tuple[np.ndarray, np.ndarray]:
    """(D, H, W) and days since 1970 of one variable."""
    with rasterio.open(f"netcdf:{path}:{variable}") as source:
        tags = source.tags()
        values = json.loads("[" + tags.get("NETCDF_DIM_timestamp_VALUES", "{}").strip("{}") + "]")
        unit, _, start = tags["timestamp#units"].partition(" since ")
        origin = (datetime.date.fromisoformat(start.strip()[:10]) - datetime.date(1970, 1, 1)).days
        per_day = {"days": 1, "hours": 24, "minutes": 1440, "seconds": 86400}[unit.strip()]
        return source.read(), origin + np.floor(np.array(values) / per_day).astype(int)


LOADERS = {
    "fine/massachusetts": massachusetts,
    "fine/california": california,
    "fine/north_dakota_5m": north_dakota,
    "sentinel2/ports": sentinel2,
    "sentinel2/native": sentinel2,
    "series/worldcereal_31UDS": worldcereal,
}


def load_places(root: str | Path, sources: list[str] | None = None) -> list[Place]:
    """All places below ``root`` (layouts in ``LOADERS``). Raises InputError when there is none."""
    root = Path(root)
    places = [
        place
        for name, loader in LOADERS.items()
        if sources is None or name in sources
        if (root / name).is_dir()
        for place in loader(root / name)
    ]
    if not places:
        raise InputError(
            f"No training images were found below '{root.name}'.", f"Expected at least one of the folders {', '.join(LOADERS)}."
        )
    return places
