"""Which band of a raster in QGIS plays which role: B02 (blue), B03 (green), B04 (red), B08 (near infrared)."""

from __future__ import annotations

import re

from qgis.core import QgsRasterDataProvider

ROLES = ("B02", "B03", "B04", "B08")
TRUE_COLOUR = ("B04", "B03", "B02")
# Usual orders by band count, where nothing names the bands: those that the worker assumes.
USUAL_ORDERS = {
    3: {"B04": 1, "B03": 2, "B02": 3},
    4: {"B02": 1, "B03": 2, "B04": 3, "B08": 4},
    10: {"B02": 1, "B03": 2, "B04": 3, "B08": 7},
    12: {"B02": 2, "B03": 3, "B04": 4, "B08": 8},
    13: {"B02": 2, "B03": 3, "B04": 4, "B08": 8},
}
# "Band 1: B02" and no more: "B02 standard deviation (reflectance)" is the uncertainty of a band, not the band.
NAMED = re.compile(r"(?:^|[:(\s])B0?([2348])\)?$", re.IGNORECASE)


def named_roles(provider: QgsRasterDataProvider) -> dict:
    """Role -> 1-based number of the bands that are called by their role."""
    roles: dict = {}
    for band in range(1, provider.bandCount() + 1):
        found = NAMED.search(provider.generateBandName(band).strip())
        if found:
            roles.setdefault(f"B0{found.group(1)}", band)
    return roles


def band_roles(provider: QgsRasterDataProvider, given: dict | None = None) -> dict:
    """Role -> 1-based band number: as the user said, as the file names them, else in the usual order; empty when nothing tells."""
    roles = given or named_roles(provider)
    if not all(role in roles for role in TRUE_COLOUR):
        roles = USUAL_ORDERS.get(provider.bandCount(), {})
    return {role: roles[role] for role in ROLES if 1 <= roles.get(role, 0) <= provider.bandCount()}
