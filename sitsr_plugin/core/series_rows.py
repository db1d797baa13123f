"""The table of a series: one row a date, before and after the worker looked at it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from . import tr
from .layers import SeriesItem
from .worker_sentences import in_own_language, is_undated

RASTER_SUFFIXES = (".tif", ".tiff", ".jp2", ".vrt", ".nc", ".nc4", ".img", ".h5", ".hdf", ".dat", ".bil", ".ntf")
MOST_FILES = 2000
MOST_ENTRIES = 20_000  # files and folders looked at, which takes well under a second: the caller's window waits
UNCHECKED = "unchecked"
UNDATED = "undated"
WRONG = "wrong"


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
    """The rasters below a folder, by their file names, in order; at most ``MOST_FILES``, among the first ``MOST_ENTRIES`` entries."""
    found, seen = [], 0
    for place, folders, files in os.walk(folder):
        folders.sort()
        seen += len(folders) + len(files)
        found += [SeriesItem(name, os.path.join(place, name)) for name in sorted(files) if name.lower().endswith(RASTER_SUFFIXES)]
        if len(found) >= MOST_FILES or seen >= MOST_ENTRIES:
            break
    return found[:MOST_FILES]


def unchecked_rows(items: Iterable[SeriesItem], given: dict, by_path: bool = True) -> list:
    """One row a file, before the worker answered. ``given`` maps keys to the dates that the user typed."""
    rows = []
    for item in items:
        key = item.path if by_path else os.path.basename(item.path)
        typed = given.get(key, "")
        source = tr("typed") if typed else tr("layer") if item.date else ""
        rows.append(SeriesRow(item.name, (key,), typed or item.date, source, path=item.path))
    return rows


def checked_rows(report: dict, items: Sequence[SeriesItem], by_path: bool = True, editable: bool = True, given: dict | None = None) -> list:
    """One row a date, from the worker's report, which calls given both what the user typed (``given``) and what the layer knows."""
    rows = []
    for found in report.get("dates", []):
        files = files_of(found["name"], items)
        in_folder = "/" in found["name"] and all(item.name == os.path.basename(item.path) for item in files)  # one of several so called
        keys = [item.path for item in files] if by_path else [] if in_folder else [os.path.basename(item.path) for item in files]
        keys = keys or [found["name"]]
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


def files_of(name: str, items: Sequence[SeriesItem]) -> list:
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
    return [
        replace(row, status=trouble if os.path.basename(row.path or row.name) in message or row.name in message else UNCHECKED)
        for row in rows
    ]


def known_dates(given: dict, items: Iterable[SeriesItem], by_path: bool = True) -> dict:
    """The typed dates of files that the series still has: others would be refused."""
    parts = [Path(item.path).parts for item in items]
    names = {item.path for item in items} if by_path else {name for one in parts for name in (*one, "/".join(one[-2:]))}
    return {key: date for key, date in given.items() if key in names}


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
