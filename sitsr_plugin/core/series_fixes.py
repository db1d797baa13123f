"""What can be done about what is wrong with a series, as buttons say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import tr
from .series_rows import UNDATED, WRONG, SeriesRow

REMOVE, SET_DATE, ALIGN = "remove", "set date", "align"


@dataclass(frozen=True)
class Fix:
    """One thing to do.

    Attributes:
        kind: ``REMOVE`` takes files out of the series, ``SET_DATE`` asks for a date, ``ALIGN`` warps all dates to one grid.
        text: what the button says.
        rows: numbers of the rows that it is about.
    """

    kind: str
    text: str
    rows: tuple = ()


def row_fixes(row: SeriesRow, number: int, removable: bool) -> list:
    """What can be done about one row."""
    found = []
    if row.keys:
        found.append(Fix(SET_DATE, tr("Set the date of {name}…").format(name=row.name), (number,)))
    if removable:
        found.append(Fix(REMOVE, tr("Remove {name}").format(name=row.name), (number,)))
    return found


def series_fixes(rows: Sequence[SeriesRow], removable: bool, warpable: bool = False) -> list:
    """What can be done about the series, the most likely first.

    Args:
        rows: of the table.
        removable: whether rows can be taken out of the series.
        warpable: whether the worker refused its rasters because they lie on several grids.
    """
    found = []
    if warpable:
        found.append(Fix(ALIGN, tr("Warp all dates to one grid")))
    if removable:
        doubles = tuple(number for number, row in enumerate(rows) if row.path and row.path in [other.path for other in rows[:number]])
        cloudy = tuple(number for number, row in enumerate(rows) if row.status == "cloudy")
        empty = tuple(number for number, row in enumerate(rows) if row.status == "no data")
        for numbers, text in (
            (doubles if any(row.status == WRONG for row in rows) else (), tr("Remove what is there twice ({count})")),
            (empty, tr("Remove dates without data ({count})")),
            (cloudy, tr("Remove cloudy dates ({count})")),
        ):
            if numbers:
                found.append(Fix(REMOVE, text.format(count=len(numbers)), numbers))
    for number, row in enumerate(rows):
        if row.status in (UNDATED, WRONG) and not any(number in fix.rows for fix in found):
            found += row_fixes(row, number, removable)
    return found
