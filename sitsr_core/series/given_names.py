"""Names that the user gives something for (a date, a mask, a band) must be found in the series: a typo is never passed over."""

import difflib
import os
from collections.abc import Iterable, Mapping

from sitsr_core.errors import InputError
from sitsr_core.series.bands import check_known_roles
from sitsr_core.series.date_table import layer_keys
from sitsr_core.series.listing import Listing


def require_known_names(inputs: Iterable[str], listing: Listing, dates: Mapping[str, str], bands: Mapping[str, int]) -> None:
    """Raise InputError for a date that is given for no raster of the series, or a number for a band that is not used.

    A raster is known by its path, file name or stem, a date of a stack by its position from 1. Files that were left out of a folder
    are known too.
    """
    check_known_roles(bands)
    paths = [*(path for path in inputs if not os.path.isdir(path)), *(header.path for header in listing.rasters)]
    left_out = (name for found in listing.left_out.values() for name in found)
    names = {key for path in [*paths, *(product.name for product in listing.products), *left_out] for key in layer_keys(path)}
    positions = max((header.count for header in listing.rasters), default=0)
    for key, date in dates.items():
        if key not in names and not (key.isdigit() and 1 <= int(key) <= positions):
            raise no_layer(f"The date {date}", key, names)


def no_layer(what: str, key: str, names: Iterable[str]) -> InputError:
    """``what`` is given for ``key``, which is none of ``names``; the nearest of these is proposed."""
    near = difflib.get_close_matches(os.path.basename(key), sorted({os.path.basename(name) for name in names}), 1)
    hint = f"Did you mean '{near[0]}'?" if near else "Name a layer of the series."
    return InputError(f"{what} is given for '{key}', which is no layer of the series.", hint)
