"""The temporal profile of a place: reflectance of each band and NDVI on every date, of the input and of the results."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsCsException, QgsPointXY, QgsProject, QgsRasterLayer

from . import tr
from .band_roles import ROLES
from .profile_sources import DatedRaster, Sources
from .read_raster import ReadRaster
from .style import stored_number

NDVI = "NDVI"
QUANTITIES = (*ROLES, NDVI)
# Sentinel-2 scene classes that show the ground; the worker's own choice
SCL_CLEAR = (2, 4, 5, 6, 7, 11)
OUTSIDE, NO_DATA, CLOUDY = "outside", "no data", "cloudy"


@dataclass(frozen=True)
class Reading:
    """One date of one side at the place.

    Attributes:
        date: ISO.
        raster: name of the layer or file.
        values: band role or ``NDVI`` -> reflectance or index; empty for a gap.
        gap: why there are no values: ``outside``, ``no data`` or ``cloudy``; empty when there are some.
        doubtful: the date is partly cloudy, and nothing says of this pixel whether it is.
        assumed: nothing says how its numbers become reflectance.
    """

    date: str
    raster: str
    values: dict = field(default_factory=dict)
    gap: str = ""
    doubtful: bool = False
    assumed: bool = False


@dataclass(frozen=True)
class Profile:
    """What was read at one place; both lists are sorted by date, one reading a date.

    Attributes:
        x, y, crs: the place.
        inputs, outputs: readings of the series and of the results.
        message: why there is nothing to plot; empty when there is something.
        notes: sentences on how it was read.
    """

    x: float
    y: float
    crs: str
    inputs: tuple = ()
    outputs: tuple = ()
    message: str = ""
    notes: tuple = ()

    def dates(self) -> list:
        """Every date that either side has, gaps included."""
        return sorted({one.date for one in (*self.inputs, *self.outputs)})

    def quantities(self) -> list:
        """The bands and NDVI that were read anywhere, in order."""
        return [name for name in QUANTITIES if any(name in one.values for one in (*self.inputs, *self.outputs))]

    def on(self, date: str) -> tuple:
        """The readings (input, output) of a date; None where a side has none."""
        return tuple(next((one for one in side if one.date == date), None) for side in (self.inputs, self.outputs))


def ndvi(red: float, infrared: float) -> float | None:
    """Normalised difference vegetation index (Rouse et al. 1974); None where both are dark or negative."""
    total = infrared + red
    return (infrared - red) / total if total > 1e-3 and min(red, infrared) > -0.05 else None


def read_profile(sources: Sources, point: QgsPointXY, crs: QgsCoordinateReferenceSystem, project: QgsProject) -> Profile:
    """Read one pixel of every dated raster.

    Args:
        sources: the rasters of both sides.
        point: the place, in ``crs``.
    """
    inputs, outputs = (one_a_date(read(raster, point, crs, project) for raster in side) for side in (sources.inputs, sources.outputs))
    message = what_is_missing(inputs, outputs)
    if not message:
        inputs, outputs = ([one for one in side if one.gap != OUTSIDE] for side in (inputs, outputs))
    return Profile(point.x(), point.y(), crs.authid(), tuple(inputs), tuple(outputs), message, notes(inputs))


def notes(inputs: list) -> tuple:
    """What the user should know of how the values were read."""
    assumed = sum(one.assumed for one in inputs)
    if not assumed:
        return ()
    if assumed == 1:
        return (tr("Reflectance of one input date is taken as value / 10000: choose the series in the panel to know it."),)
    text = tr("Reflectance of {count} input dates is taken as value / 10000: choose the series in the panel to know it.")
    return (text.format(count=assumed),)


def what_is_missing(inputs: list, outputs: list) -> str:
    """Why there is nothing to plot, and what to do; empty when there is something."""
    readings = [*inputs, *outputs]
    if any(one.values for one in readings):
        return ""
    if not readings:
        return tr("No raster with a date is in the project. Add the images of a series, or choose it in the time series panel.")
    if all(one.gap == OUTSIDE for one in readings):
        if len(readings) == 1:
            return tr("The only dated raster does not cover this place. Click on it.")
        return tr("None of the {count} dated rasters covers this place. Click on one of them.").format(count=len(readings))
    return tr("This place has no clear data on any date. Click somewhere else.")


def one_a_date(readings: Iterable[Reading]) -> list:
    """The first reading with values of each date, sorted; a date without any keeps its most telling gap."""
    rank = {"": 0, CLOUDY: 1, NO_DATA: 2, OUTSIDE: 3}
    best: dict = {}
    for one in readings:
        if one.date not in best or rank[one.gap] < rank[best[one.date].gap]:
            best[one.date] = one
    return [best[date] for date in sorted(best)]


def read(raster: DatedRaster, point: QgsPointXY, crs: QgsCoordinateReferenceSystem, project: QgsProject) -> Reading:
    """One raster's pixel."""

    def gap(reason: str) -> Reading:
        return Reading(raster.date, raster.name, gap=reason)

    values = {}
    for role, (layer, band) in raster.bands.items():
        place = within(layer, point, crs, project)
        if place is None:
            return gap(OUTSIDE)
        number = pixel(layer, band, place)
        if number is None:
            return gap(NO_DATA)
        values[role] = number * raster.scale + raster.offset
    if raster.cloudy or not is_clear(raster, point, crs, project):
        return gap(CLOUDY)
    if "B04" in values and "B08" in values:
        index = ndvi(values["B04"], values["B08"])
        if index is not None:
            values[NDVI] = index
    return Reading(raster.date, raster.name, values, "", raster.partly_cloudy and raster.mask is None, raster.assumed)


def is_clear(raster: DatedRaster, point: QgsPointXY, crs: QgsCoordinateReferenceSystem, project: QgsProject) -> bool:
    """What the date's mask says of the pixel; clear where there is no mask."""
    if raster.mask is None:
        return True
    layer, band = raster.mask
    place = within(layer, point, crs, project)
    number = None if place is None else pixel(layer, band, place)
    if number is None:
        return False
    return round(number) in SCL_CLEAR if raster.mask_kind == "scl" else number != 0


def within(
    layer: QgsRasterLayer | ReadRaster, point: QgsPointXY, crs: QgsCoordinateReferenceSystem, project: QgsProject
) -> QgsPointXY | None:
    """The place in the layer's CRS; None when the layer does not cover it."""
    try:
        place = QgsCoordinateTransform(crs, layer.crs(), project).transform(point)
    except QgsCsException:
        return None
    return place if layer.extent().contains(place) else None


def pixel(layer: QgsRasterLayer | ReadRaster, band: int, place: QgsPointXY) -> float | None:
    """The number that the file stores, without the scale and offset that QGIS applies; None for no data."""
    provider = layer.dataProvider()
    value, found = provider.sample(place, band)
    if not found or not math.isfinite(value):
        return None
    return stored_number(provider, band, value)


def csv_text(profile: Profile) -> str:
    """A table: one row a date and side, one column a band, empty cells for gaps."""
    names = profile.quantities()
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["date", "side", *names, "note", "raster", "x", "y", "crs"])
    sides = [("input", one) for one in profile.inputs] + [("super-resolved", one) for one in profile.outputs]
    for side, one in sorted(sides, key=lambda entry: (entry[1].date, entry[0])):
        note = one.gap or ("partly cloudy date" if one.doubtful else "")
        cells = [f"{one.values[name]:.5f}" if name in one.values else "" for name in names]
        writer.writerow([one.date, side, *cells, note, one.raster, f"{profile.x:.10g}", f"{profile.y:.10g}", profile.crs])
    return file.getvalue()
