"""Reading the files of datasets: each that is missing, damaged or not as its layout promises is one sentence that names it."""

import csv
import datetime
import warnings
from pathlib import Path

import numpy as np
import rasterio
from rasterio.errors import NotGeoreferencedWarning, RasterioError

from sitsr_core.errors import InputError

EPOCH = datetime.date(1970, 1, 1)


def read_image(path: Path, bands: int, gdal_name: str = "") -> tuple[np.ndarray, dict[str, str]]:
    """(C, H, W) and the tags of an image that must have ``bands`` bands (0: any number). Raises InputError."""
    try:
        # Without the option GDAL fills what a truncated JPEG lacks with grey.
        with warnings.catch_warnings(), rasterio.Env(GDAL_ERROR_ON_LIBJPEG_WARNING="YES"):
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(gdal_name or path) as source:
                image, tags = source.read(), source.tags()
    except (RasterioError, OSError) as error:
        raise InputError(f"The training image '{path}' cannot be read.", "Remove it or fetch it again.", str(error)) from error
    if bands and len(image) != bands:
        raise InputError(f"The training image '{path}' has {len(image)} bands instead of {bands}.", "Remove it or fetch it again.")
    return image, tags


def require(condition: bool, path: Path, fault: str) -> None:
    """Raise InputError unless the file is as its layout promises."""
    if not condition:
        raise InputError(f"The training image '{path}' {fault}.", "Remove it or fetch it again.")


def read_table(path: Path, columns: tuple[str, ...], delimiter: str = ",") -> list[dict[str, str]]:
    """The rows of a table with a header; all must have the columns. Raises InputError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, delimiter=delimiter, strict=True)
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"The table '{path}' cannot be read.", "Fetch it again.", repr(error)) from error
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise InputError(f"The table '{path}' has no column '{missing[0]}'.", "Fetch it again.")
    short = next((number for number, row in enumerate(rows, 2) if None in row or any(row[column] is None for column in columns)), None)
    if short is not None:
        raise InputError(f"Line {short} of the table '{path}' has not one value a column.", "Fetch it again.")
    return rows


def day_of(text: str, path: Path, what: str) -> int:
    """Days since 1970-01-01 of a text that begins with an ISO date. Raises InputError, which names the file and what has no date."""
    try:
        return (datetime.date.fromisoformat(text.strip()[:10]) - EPOCH).days
    except ValueError as error:
        raise InputError(f"The table '{path}' has no date for {what}, but '{text}'.", "Fetch it again.", str(error)) from error
