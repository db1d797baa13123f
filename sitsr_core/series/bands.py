"""Which band of a raster plays which role: B02 (blue), B03 (green), B04 (red), B08 (near infrared)."""

import os
import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

from sitsr_core.errors import InputError
from sitsr_core.series.acquisition import BANDS
from sitsr_core.series.header import RasterHeader

RGB = BANDS[:3]
Where = TypeVar("Where")  # a band is found: its number, or file and number

# Band orders by band count, used only when nothing in the file names its bands; the first two are Sentinel-2's own orders.
L2A_ORDER = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B11", "B12")
L1C_ORDER = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11", "B12")
TEN_AND_TWENTY_METRES = ("B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B11", "B12")
ASSUMED_ORDERS = {12: L2A_ORDER, 13: L1C_ORDER, 10: TEN_AND_TWENTY_METRES, 4: BANDS, 3: ("B04", "B03", "B02")}

# Central wavelengths of Sentinel-2 in nanometres and the half width within which a stated wavelength is taken for the band.
WAVELENGTHS = {"B02": (492, 25), "B03": (560, 25), "B04": (665, 25), "B08": (833, 20)}
WAVELENGTH_TAGS = ("WAVELENGTH", "CENTRAL_WAVELENGTH", "CENTRAL_WAVELENGTH_UM", "CENTER_WAVELENGTH", "CENTRE_WAVELENGTH")

COMMON_NAMES = {
    "B02": ("blue", "bleu", "blau"),
    "B03": ("green", "vert"),
    "B04": ("red", "rouge"),
    "B08": ("nir", "nir1", "near infrared", "near-infrared", "near_infrared", "infrared", "infrarouge"),
}
_BAND_TOKEN = re.compile(r"(?<![A-Za-z0-9])(?:band[ _-]?|b)0?(\d{1,2}|8a)(?![A-Za-z0-9])", re.IGNORECASE)
_SCL_TOKEN = re.compile(r"(?<![A-Za-z0-9])SCL(?![A-Za-z])", re.IGNORECASE)


def role_from_text(text: str) -> str | None:
    """Band name in a description or a file name: "B02", "b2", "Band 4 - Red", "B8A", "nir", "SCL"; None when it names no band."""
    if _SCL_TOKEN.search(text):
        return "SCL"
    tokens = {match[1].upper() for match in _BAND_TOKEN.finditer(text)}
    if len(tokens) == 1:
        number = tokens.pop()
        return f"B{number}" if number == "8A" else f"B{int(number):02d}"
    words = re.sub(r"[^a-z0-9]+", " ", text.lower()).split()
    joined = f" {' '.join(words)} "
    found = [role for role, names in COMMON_NAMES.items() if any(f" {re.sub(r'[^a-z0-9]+', ' ', name)} " in joined for name in names)]
    # "Red edge" and "SWIR" are no visible bands though a word of theirs says so.
    return found[0] if len(found) == 1 and not re.search(r"edge|swir|narrow|short", joined) else None


def role_from_wavelength(tags: dict[str, str]) -> str | None:
    """Role of a band whose tags give its central wavelength in nanometres or micrometres."""
    upper = {key.upper(): value for key, value in tags.items()}
    for key in WAVELENGTH_TAGS:
        match = re.match(r"\s*([0-9.]+)", upper.get(key, ""))
        if not match:
            continue
        value = float(match[1])
        nanometres = value * 1000 if value < 20 else value
        for role, (centre, half_width) in WAVELENGTHS.items():
            if abs(nanometres - centre) <= half_width:
                return role
        return "other"
    return None


def find_roles(header: RasterHeader, given: dict[str, int]) -> tuple[dict[str, int], str]:
    """Roles of the bands of a raster that holds all bands of one date.

    Args:
        given: the user's mapping role -> 1-based band number; wins over everything.

    Returns:
        role -> 1-based band number, and where it came from ("band descriptions", "assumed order of 12 bands", ...).

    Raises:
        InputError: a band number the file does not have, or nothing to tell the bands by.
    """
    if given:
        wrong = {role: band for role, band in given.items() if not 1 <= band <= header.count}
        if wrong:
            role, band = next(iter(wrong.items()))
            raise InputError(f"'{header.name}' has {header.count} bands, so {role} cannot be band {band}.", "Correct the band numbers.")
        return check_roles(dict(given), header.name), "given by the user"
    for roles, source in (
        ([role_from_text(text) for text in header.descriptions], "band descriptions"),
        ([role_from_text(tags.get("BANDNAME", tags.get("NAME", ""))) for tags in header.band_tags], "band tags"),
        ([role_from_wavelength(tags) for tags in header.band_tags], "wavelengths"),
        # Many-band files are often tagged as RGB pictures by accident: only believed for three or four bands.
        ([role_from_text(colour) for colour in header.colours if header.count <= 4], "colour interpretation"),
    ):
        found = _first_of_each(roles)
        if set(RGB) <= set(found):
            return found, source
    order = ASSUMED_ORDERS.get(header.count)
    if order is None and header.count == 5 and "alpha" in header.colours:
        order = (*BANDS, "alpha")
    if order is None:
        raise InputError(
            f"'{header.name}' has {header.count} band{'s' * (header.count != 1)}, and nothing says which are B02, B03, B04 and B08.",
            "Give the band numbers, name the bands in the descriptions, or give one file per band with B02, B03, B04, B08 in its name; "
            "if it is a stack, give its dates as a CSV table with the columns layer,date, where layer is the position 1, 2, 3.",
        )
    return {role: order.index(role) + 1 for role in BANDS if role in order}, f"assumed order of {header.count} bands"


def check_known_roles(roles: Iterable[str]) -> None:
    """Raise InputError for a role that is none of ``BANDS``."""
    unknown = sorted(set(roles) - set(BANDS))
    if unknown:
        raise InputError(f"'{unknown[0]}' is not a band this can use.", f"Give the numbers of {', '.join(BANDS)}.")


def check_roles(roles: dict[str, Where], name: str) -> dict[str, Where]:
    """In the order of ``BANDS``. Raise InputError without blue, green and red."""
    missing = [role for role in RGB if role not in roles]
    if missing:
        raise InputError(f"'{name}' has no {', '.join(missing)}.", "Blue, green and red (B02, B03, B04) are needed; B08 is welcome.")
    return {role: roles[role] for role in BANDS if role in roles}


def is_assumed(source: str) -> bool:
    """True when the order of the bands is an assumption the user should hear of."""
    return source.startswith("assumed")


def file_role(header: RasterHeader) -> str | None:
    """Role of a single-band raster: netCDF variable or GeoPackage table, description, file name (``..._B08_10m.jp2``), wavelength."""
    variable = header.path.rpartition(":")[2] if header.driver in ("netCDF", "HDF5Image", "HDF5", "GPKG") else ""
    texts = [variable, header.descriptions[0] if header.descriptions else "", os.path.splitext(header.name)[0]]
    for text in texts:
        role = role_from_text(text)
        if role:
            return role
    role = role_from_wavelength(header.band_tags[0]) if header.band_tags else None
    return role if role in BANDS else None


def _first_of_each(roles: Sequence[str | None]) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, role in enumerate(roles, 1):
        if role in BANDS:
            found.setdefault(str(role), number)
    return {role: found[role] for role in BANDS if role in found}
