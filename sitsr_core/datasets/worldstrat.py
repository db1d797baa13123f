"""WorldStrat (Cornebise, Orsolic and Kalaitzis 2022): SPOT 6/7 at 1.5 m beside 16 Sentinel-2 dates of 3,928 places, x4.

    hr_dataset/<AOI>/<AOI>_ps.tiff                uint16, R G B N, 1.5 m, / 10000 (or hr_dataset/12bit/<AOI>/..)
    lr_dataset/<AOI>/L2A/<AOI>-<n>-L2A_data.tiff  float32 reflectance, 12 bands, about 160 x 160 pixels, EPSG:4326
                         <AOI>-<n>-CLM.tiff       0 is clear
    metadata.csv                                  (tile), n, lowres_date, highres_date, ..
    stratified_train_val_test_split.csv           tile, split, ..

The pansharpened image is averaged onto a grid 4 times finer than the series, about 2.5 m, whose pixels, like the series', are parts of a
degree and so not square in metres. It is another sensor's: its radiometry is matched when the dataset is prepared.
"""

from collections import defaultdict
from functools import partial
from pathlib import Path

import numpy as np
import rasterio
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.transform import Affine
from rasterio.warp import reproject

from sitsr_core.datasets.pairs import DatasetCard, Entry, Pair
from sitsr_core.datasets.reading import day_of, read_image, read_table, require
from sitsr_core.errors import InputError
from sitsr_core.series.acquisition import BANDS

CARD = DatasetCard(
    name="worldstrat",
    title="WorldStrat (Cornebise, Orsolic and Kalaitzis 2022)",
    factor=4,
    matched=True,
    licence="Fine images: SPOT, Airbus, CC BY-NC 4.0. Series: modified Copernicus Sentinel data.",
    citation="J. Cornebise, I. Orsolic, F. Kalaitzis: Open High-Resolution Satellite Imagery: The WorldStrat Dataset - With Application to "
    "Super-Resolution. NeurIPS 2022, Datasets and Benchmarks.",
    source="https://zenodo.org/records/6810792",
)
PARTS = {"train": "train", "val": "validation", "test": "test"}
SERIES_BANDS, SERIES_COUNT = (1, 2, 3, 7), 12  # B02 B03 B04 B08 of B01 .. B12
FINE_BANDS = (2, 1, 0, 3)  # blue first
FINE_SCALE = 1e-4
MIN_COVERED = 0.999  # share of a fine pixel that must be seen
METRES_A_DEGREE = 111_320.0
METADATA, SPLIT = "metadata.csv", "stratified_train_val_test_split.csv"

Dates = list[tuple[int, int, int]]  # number of the date, its day, the fine image's day


def entries(root: Path) -> list[Entry]:
    """The places that the split names, in its order. Raises InputError for tables that cannot be read."""
    split = root / SPLIT
    rows = read_table(split, ("tile", "split"))
    known = _rows_of_places(root / METADATA)
    for row in rows:
        require(row["split"] in PARTS, split, f"puts '{row['tile']}' into '{row['split']}', not into one of {', '.join(PARTS)}")
    return [Entry(row["tile"], PARTS[row["split"]], partial(_load, root, row["tile"], known.get(row["tile"], []))) for row in rows]


def _rows_of_places(path: Path) -> dict[str, list[dict[str, str]]]:
    """The rows of metadata.csv by place; its first column has no name."""
    found = defaultdict(list)
    for row in read_table(path, ("n", "lowres_date", "highres_date")):
        found[row.get("") or row.get("tile") or ""].append(row)
    return found


def _dates(path: Path, name: str, rows: list[dict[str, str]]) -> Dates:
    """Each date once, by number. Raises InputError."""
    require(bool(rows), path, f"has no line for '{name}'")
    found = {}
    for row in rows:
        require(row["n"].strip().isdigit(), path, f"has '{row['n']}' for the number of a date of '{name}'")
        number = int(row["n"])
        what = f"'{name}', number {number}"
        found[number] = number, day_of(row["lowres_date"], path, what), day_of(row["highres_date"], path, what)
    return sorted(found.values())


def _load(root: Path, name: str, rows: list[dict[str, str]]) -> list[Pair]:
    dates = _dates(root / METADATA, name, rows)
    folder = root / "lr_dataset" / name / "L2A"
    images: list[np.ndarray] = []
    masks: list[np.ndarray] = []
    for number, _, _ in dates:
        path, mask_path = folder / f"{name}-{number}-L2A_data.tiff", folder / f"{name}-{number}-CLM.tiff"
        image, mask = read_image(path, SERIES_COUNT)[0][list(SERIES_BANDS)], read_image(mask_path, 0)[0][0]
        require(not images or image.shape == images[0].shape, path, "is not of the size of the other dates")
        require(mask.shape == image.shape[1:], mask_path, "is not of the size of its image")
        images.append(image)
        masks.append((mask == 0) & np.isfinite(image).all(0) & (image > 0).any(0))
    series, clear = np.stack(images), np.stack(masks)
    fine = root / "hr_dataset" / name / f"{name}_ps.tiff"
    if not fine.exists():
        fine = root / "hr_dataset" / "12bit" / name / f"{name}_ps.tiff"
    reference, valid, pixel = _on_the_fine_grid(fine, folder / f"{name}-{dates[0][0]}-L2A_data.tiff")
    return [
        Pair(
            name=name,
            bands=BANDS,
            series=np.where(clear[:, None], series, 0).astype(np.float32),
            days=np.array([day for _, day, _ in dates], np.float32),
            clear=clear,
            reference=reference,
            reference_day=dates[0][2],
            valid=valid,
            pixel_size=pixel,
        )
    ]


def _on_the_fine_grid(path: Path, coarse: Path) -> tuple[np.ndarray, np.ndarray, float]:
    """Reflectance (4, 4h, 4w) and valid (4h, 4w) of a fine image on the grid of a date divided by 4; metres of that date's pixel."""
    numbers = read_image(path, len(FINE_BANDS))[0][list(FINE_BANDS)]
    with rasterio.open(path) as fine, rasterio.open(coarse) as date:
        require(fine.crs is not None, path, "has no CRS")
        require(date.crs is not None, coarse, "has no CRS")
        a, b, c, d, e, f = date.transform[:6]
        to = Affine(a / CARD.factor, b / CARD.factor, c, d / CARD.factor, e / CARD.factor, f)
        shape = CARD.factor * date.height, CARD.factor * date.width
        places = {"src_transform": fine.transform, "src_crs": fine.crs, "dst_transform": to, "dst_crs": date.crs}
        pixel = abs(e) * (METRES_A_DEGREE if date.crs.is_geographic else 1.0)
    seen = (numbers > 0).any(0).astype(np.float32)
    try:
        image, covered = np.zeros((len(numbers), *shape), np.float32), np.zeros(shape, np.float32)
        reproject(numbers.astype(np.float32) * FINE_SCALE, image, resampling=Resampling.average, **places)
        reproject(seen, covered, resampling=Resampling.average, init_dest_nodata=True, **places)
    except RasterioError as error:
        raise InputError(f"The training image '{path}' cannot be warped to '{coarse}'.", "Fetch both again.", str(error)) from error
    valid = covered >= MIN_COVERED
    require(bool(valid.any()), path, "does not show the ground of its series")
    return np.where(valid, image, 0), valid, round(pixel, 2)
