"""Dates the user gives: a mapping, or a CSV table with the columns ``layer,date``."""

import csv
import datetime
import os
from dataclasses import dataclass, field

from sitsr_core.errors import InputError, JobError
from sitsr_core.job import parse_date
from sitsr_core.series.dates import DateFound, parse_loose

DATE_COLUMNS = ("date", "datetime", "acquisition", "time")
BY_HAND = "given"  # the source of a date that no table gave
LAYER_COLUMNS = ("layer", "file", "path", "name", "raster", "band", "position")


@dataclass
class GivenDates:
    """What the user said: layer (path, file name, stem, or 1-based position in a stack, as text) -> date."""

    by_layer: dict[str, DateFound] = field(default_factory=dict)

    @property
    def by_hand(self) -> dict[str, datetime.date]:
        """Those that no table gave."""
        return {layer: found.date for layer, found in self.by_layer.items() if found.source == BY_HAND}

    def of_layer(self, path: str) -> DateFound | None:
        """The date given for a raster, by its path, file name or name without suffix."""
        for key in layer_keys(path):
            if key in self.by_layer:
                return self.by_layer[key]
        return None

    def of_position(self, position: int) -> DateFound | None:
        """The date given for the 1-based ``position`` in a stack."""
        return self.by_layer.get(str(position))

    def stack_dates(self) -> list[DateFound]:
        """The dates given by position: those of 1, 2, 3 ... up to the first that is missing."""
        dates: list[DateFound] = []
        while found := self.of_position(len(dates) + 1):
            dates.append(found)
        return dates


def layer_keys(path: str) -> list[str]:
    """The names a user may call a raster by, the most exact first: its path, its name with and without its folder, its stem."""
    whole, name = os.path.abspath(path), os.path.basename(path.rstrip("/"))
    within = f"{os.path.basename(os.path.dirname(whole))}/{name}"
    return [path, whole, os.path.realpath(path), within, name, os.path.splitext(name)[0]]


def given_dates(dates: dict[str, str], table: str) -> GivenDates:
    """The user's mapping and table as one; the mapping wins. Raises InputError."""
    found = read_table(table, "date table") if table else {}
    for layer, text in dates.items():
        try:
            found[str(layer)] = DateFound(parse_date(text), BY_HAND)
        except JobError as error:
            raise InputError(f"The date given for '{os.path.basename(str(layer))}' is '{text}'.", "Write it as YYYY-MM-DD.") from error
    return GivenDates(found)


def sidecar_dates(path: str) -> GivenDates:
    """Dates of a stack from a CSV of the same name beside it, or from ``dates.csv`` in its folder, if there is one."""
    folder, name = os.path.split(path)
    for candidate in (os.path.join(folder, os.path.splitext(name)[0] + ".csv"), os.path.join(folder, "dates.csv")):
        if os.path.isfile(candidate):
            return GivenDates(read_table(candidate, f"sidecar table {os.path.basename(candidate)}"))
    return GivenDates()


def read_table(path: str, source: str) -> dict[str, DateFound]:
    """Rows of a CSV with a ``date`` column and, unless it lists the dates of a stack in order, a ``layer`` column.

    Raises:
        InputError: no such file, no date column, a row whose date cannot be read.
    """
    name = os.path.basename(path)
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        if not os.path.exists(path):
            raise InputError(f"The date table '{os.path.abspath(path)}' does not exist.", "Check the path.", detail=str(error)) from error
        raise InputError(f"The date table '{name}' cannot be read.", "Give a CSV text file.", detail=str(error)) from error
    first = text.partition("\n")[0]
    delimiter = max((",", ";", "\t"), key=first.count)
    reader = csv.reader(text.splitlines(), delimiter=delimiter)
    rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    header = [cell.strip().lower() for cell in rows[0][1]] if rows else []
    date_column = next((header.index(column) for column in DATE_COLUMNS if column in header), None)
    if date_column is None:
        raise InputError(f"The date table '{name}' has no column 'date'.", "Its first line must be: layer,date")
    layer_column = next((header.index(column) for column in LAYER_COLUMNS if column in header and column != "date"), None)
    found: dict[str, DateFound] = {}
    for number, (line, row) in enumerate(rows[1:], 1):
        written = row[date_column].strip() if date_column < len(row) else ""
        date = parse_loose(written)
        if date is None:
            message = f"The date '{written}' in line {line} of the date table '{name}' cannot be read."
            raise InputError(message if written else f"Line {line} of the date table '{name}' has no date.", "Write dates as YYYY-MM-DD.")
        layer = str(number) if layer_column is None or layer_column >= len(row) else row[layer_column].strip()
        if layer in found:
            raise InputError(f"The date table '{name}' names '{layer}' twice.", "Give one row per layer.")
        found[layer] = DateFound(date, source)
    return found
