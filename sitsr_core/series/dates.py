"""The date ladder: from what the user said down to the folder's name, keeping where each date came from."""

import datetime
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass

from sitsr_core.series.header import RasterHeader

EARLIEST = datetime.date(1972, 1, 1)

# Tags that hold the sensing time. Creation and processing times (TIFFTAG_DATETIME, GENERATION_TIME) are not among them.
SENSING_TAGS = (
    "ACQUISITIONDATETIME",
    "ACQUISITION_DATETIME",
    "ACQUISITION_DATE",
    "ACQUISITIONDATE",
    "SENSING_TIME",
    "SENSING_DATE",
    "DATATAKE_1_DATATAKE_SENSING_START",
    "DATATAKE_SENSING_START",
    "PRODUCT_START_TIME",
    "DATE_ACQUIRED",
    "DATE",
    "DATETIME",
    "TIME",
)
DOUBTFUL_TAGS = ("TIFFTAG_DATETIME",)

_YEAR = r"(?:19[7-9]\d|20\d\d)"
_MONTH = r"(?:0[1-9]|1[0-2])"
_DAY = r"(?:0[1-9]|[12]\d|3[01])"
# The sensing time of a Sentinel-2 product or granule name comes first; the last stamp is when it was processed.
_PRODUCT = re.compile(rf"S2[ABCD]_MSI(?:L1C|L2A)_({_YEAR})({_MONTH})({_DAY})T\d{{6}}", re.IGNORECASE)
_OLD_PRODUCT = re.compile(rf"S2[AB]_OPER_.*_V({_YEAR})({_MONTH})({_DAY})T\d{{6}}", re.IGNORECASE)
_GRANULE = re.compile(rf"(?<![A-Z0-9])T\d{{2}}[A-Z]{{3}}_({_YEAR})({_MONTH})({_DAY})T\d{{6}}", re.IGNORECASE)
_SEPARATED = re.compile(rf"(?<!\d)({_YEAR})([-_. ])({_MONTH})\2({_DAY})(?!\d)")
_COMPACT = re.compile(rf"(?<!\d)({_YEAR})({_MONTH})({_DAY})(?:T\d{{4,6}}|(?!\d))")
_DAY_OF_YEAR = re.compile(rf"(?<![0-9])({_YEAR})(\d{{3}})(?:T\d{{4,6}})?(?!\d)")


@dataclass(frozen=True)
class DateFound:
    """A date and the rung of the ladder it came from; ``doubtful`` says why it must not be used unasked."""

    date: datetime.date
    source: str
    doubtful: str = ""


def find_date(header: RasterHeader, product: DateFound | None = None) -> DateFound | None:
    """The best date a single-date raster gives by itself.

    Order: sensing tags, the product's metadata (``product``), the product or granule name, the file name, the folder names, and last,
    marked as doubtful, the TIFF's own date, which usually tells when the file was written.
    """
    from_tags = date_from_tags([header.tags, *header.band_tags[:1]])
    if from_tags and not from_tags.doubtful:
        return from_tags
    if product:
        return product
    path = header.path.replace("\\", "/").replace('"', "")
    parts = [part for part in path.split("/") if part]
    for text, source in [(part, "file name" if part == parts[-1] else "folder name") for part in reversed(parts[-5:])]:
        found = date_from_name(text, source)
        if found:
            return found
    return from_tags


def date_from_tags(tag_sets: Iterable[dict[str, str]]) -> DateFound | None:
    """A date from TIFF, GDAL or netCDF tags."""
    doubtful = None
    for tags in tag_sets:
        upper = {key.upper().rpartition("#")[2]: value for key, value in tags.items()}
        for key in SENSING_TAGS:
            date = parse_loose(upper.get(key, ""))
            if date:
                return DateFound(date, f"tag {key}")
        for key in DOUBTFUL_TAGS:
            date = parse_loose(upper.get(key, ""))
            if date and doubtful is None:
                doubtful = DateFound(date, f"tag {key}", f"only {key} says {date}, usually the day the file was written")
    return doubtful


def date_from_name(name: str, source: str = "file name") -> DateFound | None:
    """A date from a file or folder name. Two different dates in one name give a doubtful one."""
    stem = os.path.splitext(name)[0] if source == "file name" else name
    for pattern in (_PRODUCT, _OLD_PRODUCT, _GRANULE):
        match = pattern.search(stem)
        if match and (date := _checked(*match.groups())):
            return DateFound(date, f"Sentinel-2 name ({source})")
    found = [_checked(m[1], m[3], m[4]) for m in _SEPARATED.finditer(stem)] + [_checked(*m.groups()) for m in _COMPACT.finditer(stem)]
    dates = sorted({date for date in found if date})
    if not dates:
        days = {date for m in _DAY_OF_YEAR.finditer(stem) if (date := _from_day_of_year(m[1], m[2]))}
        dates, source = sorted(days), f"{source} (day of year)"
    if len(dates) > 1:
        return DateFound(dates[0], source, f"its {source} has more than one date ({', '.join(map(str, dates))})")
    return DateFound(dates[0], source) if dates else None


def netcdf_times(header: RasterHeader) -> list[datetime.date | None] | None:
    """The date of each band of a netCDF variable with a time dimension, from its units (CF conventions); None when it has none."""
    for key, units in header.tags.items():
        dimension, _, attribute = key.rpartition("#")
        match = re.match(r"(second|minute|hour|day)s?\s+since\s+(.+)", units.strip(), re.IGNORECASE) if attribute == "units" else None
        if not match:
            continue
        start = _parse_time(match[2])
        values = [tags.get(f"NETCDF_DIM_{dimension}") for tags in header.band_tags]
        if start is None or not values or any(value is None for value in values):
            continue
        unit = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0}[match[1].lower()]
        return [_shifted(start, float(value) * unit) for value in values if value is not None]
    return None


def parse_loose(text: str) -> datetime.date | None:
    """A date from the text of a tag or table: ISO, "2021:07:21 10:50:31", "20210721T105031", "2021/07/21"."""
    match = re.match(rf"\s*({_YEAR})[-:/.]?({_MONTH})[-:/.]?({_DAY})(?!\d)", text)
    return _checked(*match.groups()) if match else None


def _parse_time(text: str) -> datetime.datetime | None:
    match = re.match(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?)?", text)
    if not match:
        return None
    try:
        return datetime.datetime(*(int(part) for part in match.groups() if part is not None))  # type: ignore[arg-type]
    except ValueError:
        return None


def _shifted(start: datetime.datetime, seconds: float) -> datetime.date | None:
    try:
        return (start + datetime.timedelta(seconds=seconds)).date()
    except (OverflowError, ValueError):
        return None


def _checked(year: str, month: str, day: str) -> datetime.date | None:
    try:
        date = datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None
    return date if EARLIEST <= date <= datetime.date.today() + datetime.timedelta(days=366) else None


def _from_day_of_year(year: str, day: str) -> datetime.date | None:
    if not 1 <= int(day) <= 366:
        return None
    date = datetime.date(int(year), 1, 1) + datetime.timedelta(days=int(day) - 1)
    return date if date.year == int(year) else None
