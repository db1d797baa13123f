"""The rasters that a temporal profile reads: the results in the project, the panel's series, and other dated rasters of the project."""

from __future__ import annotations

import html
import json
import os
import re
from dataclasses import dataclass, field

from qgis.core import Qgis, QgsMapLayer, QgsProject, QgsRasterLayer

from . import PluginError
from .band_roles import TRUE_COLOUR, band_roles, named_roles
from .layers import DAY, gdal_path, layer_date
from .read_raster import ReadRaster

TAG = re.compile(r"<li>([A-Za-z_][\w.]*)=(.*?)</li>", re.DOTALL)
DATE_TAGS = ("ACQUISITIONDATETIME", "SENSING_TIME", "PRODUCT_START_TIME", "DATATAKE_1_DATATAKE_SENSING_START", "TIFFTAG_DATETIME")
DN_SCALE = 1e-4
FLOATS = ("Float32", "Float64")


@dataclass(frozen=True)
class DatedRaster:
    """The bands of one date.

    Attributes:
        date: ISO.
        name: of the layer or file.
        bands: role -> (layer, 1-based band).
        scale, offset: reflectance = stored number * scale + offset.
        mask: (layer, 1-based band) or None; ``mask_kind``: ``scl``, or ``clear`` (non-zero is clear).
        cloudy, partly_cloudy: what the worker said of the date.
        assumed: nothing says its scale, so the usual one is taken.
    """

    date: str
    name: str
    bands: dict
    scale: float = DN_SCALE
    offset: float = 0.0
    mask: tuple | None = None
    mask_kind: str = ""
    cloudy: bool = False
    partly_cloudy: bool = False
    assumed: bool = False


@dataclass
class Sources:
    """Both sides, in the order in which they are believed where two have the same date."""

    inputs: list = field(default_factory=list)
    outputs: list = field(default_factory=list)


class OpenedRasters:
    """Opens rasters that are not layers of the project, each once."""

    def __init__(self):
        self.layers: dict = {}

    def __call__(self, path: str) -> ReadRaster | None:
        if path not in self.layers:
            self.layers[path] = ReadRaster(path)
        return self.layers[path] if self.layers[path].isValid() else None


def find_sources(project: QgsProject, report: dict, opened: OpenedRasters) -> Sources:
    """Every dated raster of both sides.

    Args:
        project: its rasters, those on top first.
        report: the worker's report of the panel's series; empty when there is none.
        opened: keeps what the report names open.
    """
    found = Sources(inputs=series_rasters(report, opened))
    layers = [layer for layer in project.layerTreeRoot().layerOrder() if is_readable(layer)]
    told = {layer.id(): tags(layer) for layer in layers}
    results = [layer for layer in layers if "SITSR_MODEL" in told[layer.id()] and named_roles(layer.dataProvider())]
    found.outputs = [one for one in (result_raster(layer, told[layer.id()]) for layer in results) if one is not None]
    scalings = input_scalings(told[layer.id()] for layer in results)
    listed = {path for row in report.get("dates", []) for path, _ in row.get("sources", {}).values()}
    cloudy = cloudy_dates(told[layer.id()] for layer in results)
    for layer in layers:
        if "SITSR_MODEL" in told[layer.id()] or file_of(layer) in listed or is_as_fine(layer, results):
            continue
        date, roles = date_of(layer, told[layer.id()]), band_roles(layer.dataProvider())
        if date and all(role in roles for role in TRUE_COLOUR):
            scale, offset, known = scaling_of(layer, scalings)
            bands = {role: (layer, band) for role, band in roles.items()}
            found.inputs.append(DatedRaster(date, layer.name(), bands, scale, offset, cloudy=date in cloudy, assumed=not known))
    return found


def is_readable(layer: QgsMapLayer) -> bool:
    """Whether this is a raster that GDAL reads."""
    return isinstance(layer, QgsRasterLayer) and layer.isValid() and layer.providerType() == "gdal"


def tags(layer: QgsRasterLayer) -> dict:
    """The raster's GDAL tags, as far as QGIS shows them."""
    return {name: html.unescape(text) for name, text in TAG.findall(layer.dataProvider().htmlMetadata())}


def date_of(layer: QgsRasterLayer, told: dict) -> str:
    """The day of a layer: its temporal range, its tags, its file's name, its own name; empty when none of them says it."""
    named = layer_date(layer)
    if named:
        return named
    texts = [told.get(name, "") for name in DATE_TAGS] + [os.path.basename(file_of(layer)), layer.name()]
    found = next((match for match in map(DAY.search, texts) if match), None)
    return "-".join(found.groups()) if found else ""


def file_of(layer: QgsRasterLayer) -> str:
    """What GDAL opens for a layer; empty when it is not GDAL's."""
    try:
        return gdal_path(layer)
    except PluginError:
        return ""


def result_raster(layer: QgsRasterLayer, told: dict) -> DatedRaster | None:
    """A super-resolved image; None when nothing says its date."""
    date, roles = date_of(layer, told), named_roles(layer.dataProvider())
    scale, offset = plain(told.get("SITSR_SCALING", ""), 2) or (DN_SCALE, 0.0)
    return DatedRaster(date, layer.name(), {role: (layer, band) for role, band in roles.items()}, scale, offset) if date else None


def plain(text: str, count: int) -> list | None:
    """A list of so many numbers from JSON, or None."""
    try:
        values = json.loads(text) if text else None
    except ValueError:
        return None
    fits = isinstance(values, list) and len(values) == count and all(isinstance(one, (int, float)) for one in values)
    return values if fits else None


def input_scalings(results) -> dict:
    """File name -> (scale, offset), as the results' tags say how their inputs were read."""
    found: dict = {}
    for told in results:
        try:
            names, scalings = json.loads(told.get("SITSR_INPUTS", "[]")), json.loads(told.get("SITSR_INPUT_SCALINGS", "[]"))
            for number, (scale, offset) in enumerate(scalings[: len(names)]):
                found[names[number]] = float(scale), float(offset)
        except (ValueError, TypeError):
            continue
    return found


def cloudy_dates(results) -> set:
    """Dates that a result of the same date left out: the nearest date of all is used unless it is cloudy."""
    found = set()
    for told in results:
        date, used = told.get("ACQUISITIONDATETIME", "")[:10], told.get("SITSR_DATES_USED", "")
        if date and used and date not in used:
            found.add(date)
    return found


def scaling_of(layer: QgsRasterLayer, scalings: dict) -> tuple:
    """(scale, offset, whether that is known): as the results say, as the file's tags say, else what is usual for the type."""
    told = scalings.get(os.path.basename(file_of(layer))) or scalings.get(layer.name())
    if told:
        return (*told, True)
    provider = layer.dataProvider()
    stored = provider.bandScale(1), provider.bandOffset(1)
    if stored != (1.0, 0.0):
        return (*stored, True)
    return (1.0, 0.0, True) if is_float(provider.dataType(1)) else (DN_SCALE, 0.0, False)


def is_float(data_type) -> bool:
    """Whether a raster's type holds reflectance as it is."""
    return data_type in [getattr(Qgis.DataType, name) for name in FLOATS]


def is_as_fine(layer: QgsRasterLayer, results: list) -> bool:
    """Whether a raster's pixels are as small as those of a result in its CRS: then it is no input, but perhaps a reference."""
    size = layer.rasterUnitsPerPixelX()
    return any(layer.crs() == one.crs() and size < 2 * one.rasterUnitsPerPixelX() for one in results)


def series_rasters(report: dict, opened: OpenedRasters) -> list:
    """The panel's series, as the worker read it."""
    rasters = []
    for row in report.get("dates", []):
        bands = {role: (opened(path), band) for role, (path, band) in row.get("sources", {}).items()}
        bands = {role: source for role, source in bands.items() if source[0] is not None}
        if not bands:
            continue
        mask = row.get("mask")
        layer = opened(mask[0]) if mask else None
        rasters.append(
            DatedRaster(
                date=row["date"],
                name=row["name"],
                bands=bands,
                scale=row["scale"],
                offset=row["offset"],
                mask=(layer, mask[1]) if layer is not None else None,
                mask_kind=row.get("mask_kind", ""),
                cloudy=row["status"] == "cloudy",
                partly_cloudy=row["status"] == "partly cloudy",
            )
        )
    return rasters
