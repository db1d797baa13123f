"""What the name of a Sentinel-2 product or file says besides the date: the tile, and whether it is a picture or a side product."""

import re

_TILE = re.compile(r"(?<![A-Z0-9])T\d{2}[C-HJ-NP-X][A-Z]{2}(?![A-Z0-9])", re.IGNORECASE)
# True-colour picture, aerosols, water vapour, preview, cloud and snow probability, dark vegetation; whatever their resolution.
_SIDE_FILE = re.compile(r"(?:^|[_-])(?:TCI|AOT|WVP|PVI|CLD(?:PRB)?|SNW(?:PRB)?|DDV)(?:_\d\dm)?(?:\.\w+)?$|(?:^|[_-])MSK_", re.IGNORECASE)


def tile_of(name: str) -> str:
    """The tile, such as T31TDG, or an empty text."""
    found = _TILE.search(name)
    return found[0].upper() if found else ""


def is_side_file(name: str) -> bool:
    """True for the file of a picture, of a side product or of a quality layer: none of them is a band."""
    return bool(_SIDE_FILE.search(name))
