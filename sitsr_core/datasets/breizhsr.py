"""BreizhSR (Okabayashi, Audebert, Donike and Pelletier 2024): SPOT 6/7 at 2.5 m beside Sentinel-2 series of Brittany in 2018, RGB, x4.

    dataset_train.pkl, dataset_test.pkl   pandas tables: spot6_image (a relative path), sen2_acquisitions {days: path}, dates_spot6,
                                          dates_sen2 (one a path, in their order), type_split ("train" or "val"), x, y
    ..                                    SPOT uint8, 3 x 300 x 300;  Sentinel-2 uint16, / 10000, 3 x 75 x 75; red, green, blue

The tables are read without unpickling anything (``pickled_table``), or from dataset_train.csv and dataset_test.csv, where those are
(``convert``). As the authors do, images are cropped to a size that is a multiple of 8 fine pixels, 74 and 296, and dates whose image is
not square are left out. The series are cloud-free. SPOT's 8 bits are no reflectance: its radiometry is matched when the dataset is
prepared, by a gain and an offset a band, which the authors' histogram matching (``evaluation.protocols.breizhsr``) does not notice.
"""

import csv
import datetime
import io
import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from sitsr_core.datasets.pairs import DatasetCard, Entry, Pair
from sitsr_core.datasets.pickled_table import read_pickled_table
from sitsr_core.datasets.reading import EPOCH, day_of, read_image, read_table, require
from sitsr_core.errors import InputError
from sitsr_core.series.acquisition import BANDS
from sitsr_core.whole_file import write_whole

CARD = DatasetCard(
    name="breizhsr",
    title="BreizhSR (Okabayashi, Audebert, Donike and Pelletier 2024)",
    factor=4,
    matched=True,
    licence="Fine images: SPOT 6/7, Airbus; series: modified Copernicus Sentinel data. See the page of the dataset for the terms of both.",
    citation="A. Okabayashi, N. Audebert, S. Donike, C. Pelletier: Cross-Sensor Super-Resolution of Irregularly Sampled Sentinel-2 Time "
    "Series. EarthVision, CVPR Workshops, 2024.",
    source="https://zenodo.org/records/11551220",
)
PARTS = {"train": "train", "val": "validation", "test": "test"}
TABLES = ("dataset_train", "dataset_test")
COLUMNS = ("spot6_image", "sen2_acquisitions", "dates_spot6", "dates_sen2")
SPLITS = ("type_split", "split")  # what the column is called
SIDE, FINE_SIDE = 75, 300
KEPT, FINE_KEPT = 74, 296
WHITE, SCALE = 255.0, 1e-4
PIXEL = 10.0


@dataclass(frozen=True)
class Row:
    """A place: its fine image with its day, its series with their days, and its part; paths are relative to the dataset's folder."""

    image: str
    day: datetime.date
    series: tuple[str, ...]
    days: tuple[datetime.date, ...]
    part: str


def entries(root: Path) -> list[Entry]:
    """The places of both tables, those of the training first. Raises InputError for tables that cannot be read."""
    rows = (row for table in TABLES for row in read_rows(root, table))
    return [Entry(row.image.rpartition(".")[0], PARTS[row.part], partial(_load, root, row)) for row in rows]


def read_rows(root: Path, table: str) -> list[Row]:
    """The rows of a table: of its CSV where that is, else of its pickle. Raises InputError."""
    path = root / f"{table}.csv"
    if path.is_file():
        return [_row_of_texts(path, number, row) for number, row in enumerate(read_table(path, (*COLUMNS, "split")), 2)]
    path = root / f"{table}.pkl"
    if not path.is_file():
        raise InputError(f"'{root}' has no table '{table}.pkl'.", "Give the folder that BreizhSR was unpacked to.")
    found = read_pickled_table(path)
    missing = next((column for column in COLUMNS if column not in found), None)
    if missing:
        raise InputError(f"The table '{path}' has no column '{missing}'.", "Fetch it again.")
    split = next((found[name] for name in SPLITS if name in found), ["train" if table == TABLES[0] else "test"] * len(found[COLUMNS[0]]))
    columns = zip(*(found[column] for column in COLUMNS), split, strict=True)
    return [_row(path, number, *values) for number, values in enumerate(columns, 1)]


def convert(root: Path, out: Path) -> list[Path]:
    """Write both tables as CSV files, which open anywhere; returns their paths. Raises InputError, OutputError."""
    written = []
    for table in TABLES:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([*COLUMNS, "split"])
        for row in read_rows(root, table):
            days = [day.isoformat() for day in row.days]
            writer.writerow([row.image, json.dumps(row.series), row.day.isoformat(), json.dumps(days), row.part])
        write_whole(out / f"{table}.csv", text.getvalue())
        written.append(out / f"{table}.csv")
    return written


def _row_of_texts(path: Path, number: int, row: dict[str, str]) -> Row:
    """A line of a CSV table, in which paths and days are lists in JSON."""
    try:
        series, days = json.loads(row["sen2_acquisitions"]), json.loads(row["dates_sen2"])
    except ValueError as error:
        raise InputError(f"Line {number} of the table '{path}' has no list of paths and days.", "Fetch it again.", repr(error)) from error
    require(isinstance(series, list) and isinstance(days, list), path, f"has no list of paths and days in line {number}")
    what = f"line {number}"
    dates = [EPOCH + datetime.timedelta(days=day_of(str(day), path, what)) for day in (row["dates_spot6"], *days)]
    return _row(path, number, row["spot6_image"], dict(enumerate(series)), dates[0], dates[1:], row["split"])


def _row(path: Path, number: int, image: Any, series: Any, day: Any, days: Any, part: Any) -> Row:
    """A checked row."""
    what = f"row {number}"
    require(isinstance(series, dict) and isinstance(days, list) and bool(series), path, f"has no acquisitions in {what}")
    require(len(series) == len(days), path, f"has {len(series)} images and {len(days)} dates in {what}")
    for text in (image, *series.values()):
        plain = isinstance(text, str) and bool(text) and not PurePosixPath(text).is_absolute() and ".." not in PurePosixPath(text).parts
        require(plain, path, f"has no path within the dataset in {what}, but {text!r}")
    require(all(isinstance(one, datetime.date) for one in (day, *days)), path, f"has no date of an image in {what}")
    require(part in PARTS, path, f"puts {what} into {part!r}, not into one of {', '.join(PARTS)}")
    return Row(image, day, tuple(series.values()), tuple(days), part)


def _load(root: Path, row: Row) -> list[Pair]:
    images, days = [], []
    for text, day in zip(row.series, row.days, strict=True):
        path = root / text
        image = read_image(path, 3)[0]
        if image.shape[1] != image.shape[2]:
            continue
        require(image.shape[1] == SIDE, path, f"has {image.shape[1]} x {image.shape[2]} pixels instead of {SIDE} x {SIDE}")
        images.append(image[::-1, :KEPT, :KEPT])
        days.append((day - EPOCH).days)
    require(bool(images), root / row.image, "has no square image in its series")
    path = root / row.image
    fine = read_image(path, 3)[0]
    sizes = f"{fine.shape[1]} x {fine.shape[2]} pixels instead of {FINE_SIDE} x {FINE_SIDE}"
    require(fine.shape[1:] == (FINE_SIDE, FINE_SIDE), path, f"has {sizes}")
    require(fine.dtype == np.uint8, path, f"holds {fine.dtype} instead of 8-bit numbers")
    fine = fine[::-1, :FINE_KEPT, :FINE_KEPT]
    stored = np.stack(images)
    clear, valid = np.asarray((stored > 0).any(1)), np.asarray((fine > 0).any(0))
    return [
        Pair(
            name=row.image.rpartition(".")[0],
            bands=BANDS[:3],
            series=np.where(clear[:, None], stored * np.float32(SCALE), 0).astype(np.float32),
            days=np.array(days, np.float32),
            clear=clear,
            reference=np.where(valid, fine / np.float32(WHITE), 0).astype(np.float32),
            reference_day=(row.day - EPOCH).days,
            valid=valid,
            pixel_size=PIXEL,
        )
    ]
