"""A date given by hand must be of a raster of the series, a band number of a band that is used: a typo is never passed over."""

import difflib
import os
from collections.abc import Iterable, Mapping

from sitsr_core.errors import InputError
from sitsr_core.series.bands import check_known_roles
from sitsr_core.series.date_table import GivenDates, layer_keys, sidecar_dates
from sitsr_core.series.dates import date_from_name, netcdf_times
from sitsr_core.series.header import RasterHeader
from sitsr_core.series.listing import Listing


def require_known_names(inputs: Iterable[str], listing: Listing, given: GivenDates, bands: Mapping[str, int]) -> None:
    """Raise InputError for a date that is given by hand for no raster of the series, or a number for a band that is not used.

    A raster is known by its path, file name or stem, a date of a stack by its position from 1. Files that were left out of a folder
    are known too.
    """
    check_known_roles(bands)
    paths = [*(path for path in inputs if not os.path.isdir(path)), *(header.path for header in listing.rasters)]
    left_out = (name for found in listing.left_out.values() for name in found)
    names = {key for path in [*paths, *(product.name for product in listing.products), *left_out] for key in layer_keys(path)}
    positions = max((_positions(header, given) for header in listing.rasters), default=0)
    for key, date in given.by_hand.items():
        if key not in names and not (_is_plain_number(key) and 1 <= int(key) <= positions):
            raise no_layer(f"The date {date} is given for '{key}', which is no layer of the series.", key, names)


def _positions(header: RasterHeader, given: GivenDates) -> int:
    """How many positions a raster has that a date may be given for: none when it is no stack of several dates."""
    if netcdf_times(header) is not None:
        return header.count
    if header.count < 2:
        return 0
    described = {found.date for text in header.descriptions if (found := date_from_name(text, "band description"))}
    count = max(len(given.stack_dates()), len(sidecar_dates(header.path).stack_dates()), len(described))
    return count if count > 1 else 0


def _is_plain_number(key: str) -> bool:
    """Whether a position is written as GivenDates looks it up: "1", not "01" or "²"."""
    return key.isdecimal() and len(key) < 10 and key == str(int(key))


def no_layer(sentence: str, key: str, names: Iterable[str]) -> InputError:
    """The ``sentence`` says that something is given for ``key``, which is none of ``names``; the nearest of these is proposed."""
    near = difflib.get_close_matches(os.path.basename(key), sorted({os.path.basename(name) for name in names}), 1)
    hint = f"Did you mean '{near[0]}'?" if near else "Name a layer of the series."
    return InputError(sentence, hint)
