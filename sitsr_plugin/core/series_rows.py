"""The table of a series: one row a date, before and after the worker looked at it."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from . import tr
from .layers import SeriesItem, is_below
from .products import (
    PRODUCT_ARCHIVE,
    PRODUCT_METADATA,
    RASTER_SUFFIXES,
    band_prefix,
    is_archive,
    is_container,
    is_safe,
    product_in,
    product_name,
)
from .worker_sentences import in_own_language, is_undated

MOST_FILES = 2000
MOST_ENTRIES = 20_000  # files and folders looked at, which takes well under a second: the caller's window waits
UNCHECKED = "unchecked"
UNDATED = "undated"
WRONG = "wrong"
REFUSED = (UNDATED, WRONG)
WHOLE_PRODUCT = "SAFE product"  # the worker's word for how it told the bands apart


@dataclass(frozen=True)
class SeriesRow:
    """What is known of one date.

    Attributes:
        name: what the user calls it.
        keys: what the algorithm's table of dates calls the files of this date.
        date: ISO, empty while unknown.
        date_source: where the date came from.
        clear_percent, scale, offset, shift: what the worker found; None while unknown. ``shift`` is (rows, columns) in pixels.
        status: the worker's word, ``unchecked``, ``undated`` or ``wrong``.
        path: of the first of its files.
    """

    name: str
    keys: tuple = ()
    date: str = ""
    date_source: str = ""
    clear_percent: float | None = None
    scale: float | None = None
    offset: float | None = None
    shift: tuple | None = None
    status: str = UNCHECKED
    path: str = ""


def folder_items(folder: str) -> list:
    """What lies below a folder, in order: rasters, and SAFE products as one each, in folders or zip files.

    At most ``MOST_FILES``, among the first ``MOST_ENTRIES`` entries.
    """
    if not folder:
        return []
    folder = os.path.abspath(folder)
    if product_in(folder) or any(os.path.isfile(os.path.join(folder, name)) for name in PRODUCT_METADATA):
        return [SeriesItem(product_in(folder) or os.path.basename(folder), folder)]
    found, seen = [], 0
    for place, folders, files in os.walk(folder):
        seen += len(folders) + len(files)
        names = [*filter(is_safe, folders), *filter(is_listed, files)]
        found += [SeriesItem(name, os.path.join(place, name)) for name in sorted(names)]
        # a product is one item, whatever lies in it
        folders[:] = sorted(name for name in folders if not is_safe(name))
        if len(found) >= MOST_FILES or seen >= MOST_ENTRIES:
            break
    return found[:MOST_FILES]


def is_listed(file: str) -> bool:
    """Whether a file of this name belongs to the series of its folder: a raster, or a zipped product."""
    return file.lower().endswith(RASTER_SUFFIXES) or bool(PRODUCT_ARCHIVE.match(file))


def file_keys(items: Sequence[SeriesItem], by_path: bool) -> dict:
    """Path -> what the algorithm's table of dates calls it: its path, or within a folder the name that the worker knows."""
    if by_path:
        return {item.path: item.path for item in items}
    names = {item.path: product_name(item.path) if is_packed(item) else os.path.basename(item.path) for item in items}
    shared = Counter(names.values())
    # one folder a date: files of one name
    return {path: path if shared[name] > 1 and not is_safe(name) else name for path, name in names.items()}


def is_packed(item: SeriesItem) -> bool:
    """Whether an item is a product, not a raster."""
    return is_safe(item.path) or is_archive(item.path)


def unchecked_rows(items: Iterable[SeriesItem], given: dict, by_path: bool = True) -> list:
    """One row a file, before the worker answered. ``given`` maps keys to the dates that the user typed."""
    items = list(items)
    rows, names = [], file_keys(items, by_path)
    for item in items:
        key = names[item.path]
        typed = given.get(key, "")
        source = tr("typed") if typed else tr("layer") if item.date else ""
        rows.append(SeriesRow(item.name, (key,), typed or item.date, source, path=item.path))
    return rows


def checked_rows(report: dict, items: Sequence[SeriesItem], by_path: bool = True, editable: bool = True, given: dict | None = None) -> list:
    """One row a date, from the worker's report, which calls given both what the user typed (``given``) and what the layer knows."""
    rows, names = [], file_keys(items, by_path)
    for found in report.get("dates", []):
        files = files_of(found, items)
        keys = [names[item.path] for item in files] or [found["name"]]
        if not by_path and any(map(is_packed, files)):
            whole = report.get("band_sources", {}).get(found["name"], WHOLE_PRODUCT) == WHOLE_PRODUCT
            keys = [found["name"]] if whole else sorted({os.path.basename(path) for path in paths_of(found)})
        in_folder = "/" in found["name"] and all(item.name == os.path.basename(item.path) for item in files)  # one of several so called
        rows.append(
            SeriesRow(
                name=files[0].name if len(files) == 1 and not in_folder else found["name"],
                keys=tuple(keys) if editable else (),
                date=found["date"],
                date_source=told_date(files, keys, given or {}) or in_own_language(found["date_source"]),
                clear_percent=found["clear_percent"],
                scale=found["scale"],
                offset=found["offset"],
                shift=tuple(found["shift"]) if found["shift_known"] else None,
                status=found["status"],
                path=files[0].path if files else "",
            )
        )
    return rows


def told_date(files: Sequence[SeriesItem], keys: Iterable[str], given: dict) -> str:
    """Where the worker's date came from when the plugin told it; empty when the worker found it."""
    if any(key in given for key in keys):
        return tr("typed")
    return tr("layer") if any(item.date for item in files) else ""


def files_of(found: dict, items: Sequence[SeriesItem]) -> list:
    """The files or products behind one of the worker's dates: those that its bands and its mask lie in, else those of its name."""
    places = {place for path in paths_of(found) for place in places_of(path)}
    return [item for item in items if plain(item.path) in places] or files_named(found["name"], items)


def paths_of(found: dict) -> list:
    """The rasters that one of the worker's dates is read from."""
    sources = [*found.get("sources", {}).values(), *filter(None, [found.get("mask")])]
    return [path for path, _ in sources]


def plain(path: str) -> str:
    """A path with slashes only, of what lies in an archive without GDAL's prefix."""
    path = path.replace("\\", "/").rstrip("/")
    return path[len("/vsizip/") :] if path.startswith("/vsizip/") else path


def places_of(path: str) -> Iterator[str]:
    """A path, and the folders and archives that it lies in."""
    place = plain(path)
    while place:
        yield place
        place = place.rpartition("/")[0]


def files_named(name: str, items: Sequence[SeriesItem]) -> list:
    """The files behind the worker's name of a date: one file, or the files (one a band) that begin with it."""
    paths = [(item.path.rstrip("/\\").replace('"', "").replace("\\", "/"), item) for item in items]
    names = [(os.path.basename(path), item) for path, item in paths]
    exact = [item for path, item in paths if f"/{path}".endswith(f"/{name}")]  # a name may have its folder before it
    if not exact and len(items) == 1 and name.startswith(names[0][0]):
        return list(items)  # a date in a stack
    return exact[:1] or [item for base, item in names if base.startswith(name)]


def blamed_rows(rows: Sequence[SeriesRow], message: str) -> list:
    """The rows again; those that an error names are marked as undated or wrong."""
    trouble = UNDATED if is_undated(message) else WRONG
    return [replace(row, status=trouble if is_named(row, message) else UNCHECKED) for row in rows]


def is_named(row: SeriesRow, message: str) -> bool:
    """Whether a sentence of the worker's is about a row: it has its path, or its name where it is no part of another's path."""
    names = {row.name, os.path.basename(row.path), *row.keys} - {""}
    if row.path and (is_safe(row.path) or is_archive(row.path)):
        names.add(product_name(row.path))
    prefix = next(filter(None, map(band_prefix, names)), "")
    told = plain(message)
    return (
        bool(row.path and re.search(rf"{re.escape(plain(row.path))}(?!\w)", told))
        or any(re.search(rf"(?<![\w/-]){re.escape(name)}(?!\w)", told) for name in names)
        or bool(prefix and re.search(rf"(?<![\w/-]){re.escape(prefix)}", told))
    )


def known_dates(given: dict, items: Iterable[SeriesItem], by_path: bool = True) -> dict:
    """The typed dates of files that the series still has: others would be refused."""
    items = list(items)
    names = {item.path for item in items} | set(file_keys(items, by_path).values())
    if not by_path:
        parts = [Path(item.path).parts for item in items]
        names |= {name for one in parts for name in (*one, "/".join(one[-2:]))}
    packed = [] if by_path else [item.path for item in items if is_container(item.path)]
    return {key: date for key, date in given.items() if key in names or any(is_below(path, key) for path in packed)}


def date_matrix(given: dict) -> list:
    """The algorithm's table of dates, flat: key, date, key, date..."""
    return [cell for key, date in given.items() for cell in (key, date)]


def status_text(row: SeriesRow) -> str:
    """The status in a few words."""
    return {
        "ok": tr("ok"),
        "partly cloudy": tr("partly cloudy"),
        "cloudy": tr("cloudy"),
        "no data": tr("no data"),
        "shift unknown": tr("shift unknown"),
        UNCHECKED: tr("not checked"),
        UNDATED: tr("type a date"),
        WRONG: tr("see below"),
    }.get(row.status, row.status)


def fix_text(row: SeriesRow) -> str:
    """What to do about the status, in a sentence."""
    return {
        "ok": tr("Nothing to do."),
        "partly cloudy": tr("Nothing to do: its clear pixels are used."),
        "cloudy": tr("Less than a tenth is clear, so it adds little: remove it, or choose a mask under More options if the sky was clear."),
        "no data": tr("Remove it: it holds no data."),
        "shift unknown": tr("Nothing to do: too little of it is clear to measure its shift, so it is used as it lies."),
        UNCHECKED: tr("The worker has not looked at it yet: press Check."),
        UNDATED: tr("Correct the date in the Date column, or remove the row."),
        WRONG: tr("Do what the sentence above says, or remove the row."),
    }.get(row.status, "")
