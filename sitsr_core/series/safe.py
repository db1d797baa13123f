"""Sentinel-2 products in SAFE layout: their band files and what their metadata say (sensing time, baseline, offset)."""

import posixpath
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from sitsr_core.series.acquisition import BANDS
from sitsr_core.series.dates import DateFound, date_from_name, parse_loose

PRODUCT_METADATA = ("MTD_MSIL2A.xml", "MTD_MSIL1C.xml")
MAX_METADATA_BYTES = 8_000_000


@dataclass(frozen=True)
class SafeProduct:
    """One product.

    Attributes:
        name: the product's folder name.
        bands: role (and "SCL") -> path of its raster.
        date: sensing day, or None.
        scale: of BOA or TOA reflectance, or None when the metadata do not say.
        offset: reflectance offset from BOA_ADD_OFFSET / RADIO_ADD_OFFSET, 0 for older baselines, None when unknown.
    """

    name: str
    bands: dict[str, str]
    date: DateFound | None
    scale: float | None
    offset: float | None


def list_files(path: str) -> list[str]:
    """Paths GDAL opens for all files below a folder, or in a ``.zip`` (as ``/vsizip/``)."""
    if path.lower().endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            return [f"/vsizip/{path}/{name}" for name in sorted(archive.namelist()) if not name.endswith("/")]
    return sorted(str(file) for file in Path(path).rglob("*") if file.is_file())


def read_product(files: list[str]) -> SafeProduct | None:
    """The product whose files these are; None when they are no SAFE product with 10 m bands.

    Args:
        files: what ``list_files`` gave, of one product.
    """
    metadata = next((file for file in files if posixpath.basename(_slashed(file)) in PRODUCT_METADATA), "")
    bands: dict[str, str] = {}
    for role in BANDS:
        # L2A keeps IMG_DATA/R10m/*_B02_10m.jp2, L1C IMG_DATA/*_B02.jp2.
        _take(bands, role, rf"_{role}(_10m)?\.(jp2|tiff?)$", files)
    _take(bands, "SCL", r"_SCL_20m\.(jp2|tiff?)$", files)
    if not set(BANDS) <= set(bands):
        return None
    text = _read_text(metadata) if metadata else ""
    name = next((part for part in reversed(_slashed(metadata or files[0]).split("/")) if part.upper().endswith(".SAFE")), "")
    start = _value(text, "PRODUCT_START_TIME") or _value(text, "DATATAKE_SENSING_START")
    date = parse_loose(start) if start else None
    found = DateFound(date, "SAFE metadata") if date else date_from_name(name, "SAFE name")
    quantification = _value(text, "BOA_QUANTIFICATION_VALUE") or _value(text, "QUANTIFICATION_VALUE")
    scale = 1.0 / float(quantification) if quantification else None
    return SafeProduct(
        name or posixpath.basename(_slashed(bands["B02"])), bands, found, scale, _offset(text, float(quantification or 10000))
    )


def _take(bands: dict[str, str], role: str, pattern: str, files: list[str]) -> None:
    for file in files:
        if re.search(pattern, file, re.IGNORECASE) and "QI_DATA" not in file:
            bands[role] = file


def _offset(text: str, quantification: float) -> float | None:
    added = re.findall(r"<(?:BOA|RADIO)_ADD_OFFSET[^>]*>\s*(-?\d+)", text)
    if added:
        return float(added[0]) / quantification
    baseline = _value(text, "PROCESSING_BASELINE")
    if baseline:
        return -1000.0 / quantification if float(baseline) >= 4.0 else 0.0
    return None


def _value(text: str, tag: str) -> str:
    match = re.search(rf"<{tag}[^>]*>\s*([^<\s]+)", text)
    return match[1] if match else ""


def _read_text(path: str) -> str:
    """The metadata as text. They are searched, not parsed: no XML entity of a hostile product is ever expanded."""
    if path.startswith("/vsizip/"):
        archive, _, member = path[len("/vsizip/") :].partition(".zip/")
        with zipfile.ZipFile(archive + ".zip") as opened, opened.open(member) as file:
            return file.read(MAX_METADATA_BYTES).decode("utf-8", "replace")
    with open(path, "rb") as plain:
        return plain.read(MAX_METADATA_BYTES).decode("utf-8", "replace")


def _slashed(path: str) -> str:
    return path.replace("\\", "/")
