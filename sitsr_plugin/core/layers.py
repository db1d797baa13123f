"""QGIS layers and the user's texts become the fields of a job."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass

from qgis.core import QgsMapLayer, QgsProcessingContext, QgsProcessingUtils, QgsProject, QgsProperty, QgsRasterLayer

from . import PluginError, tr
from .compat import FIXED_TEMPORAL_RANGE
from .products import is_archive, is_container, names_in, product_name
from .temporal import is_product

ALL_DATES = "all"
BAND_ROLE = re.compile(r"^(B\d[\dA]?)\s*[=:]\s*(\d+)$", re.IGNORECASE)
DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_:.]?(0[1-9]|1[0-2])[-_:.]?(0[1-9]|[12]\d|3[01])(?!\d)")
REMOTE = re.compile(r"^(/vsi|[A-Za-z][A-Za-z0-9_]+:|<)")


@dataclass(frozen=True)
class SeriesItem:
    """One raster of the series: what the user calls it, what GDAL opens, its date from the layer (ISO, empty when it has none)."""

    name: str
    path: str
    date: str = ""


def gdal_path(layer: QgsMapLayer) -> str:
    """What GDAL opens for a layer: a file, a /vsi path or a subdataset. Raises PluginError when it is not GDAL's."""
    provider = layer.dataProvider() if isinstance(layer, QgsRasterLayer) else None
    if provider is None:
        raise PluginError(tr("'{name}' is not a raster layer.").format(name=layer.name()), tr("Give multispectral rasters."))
    if provider.name() != "gdal":
        raise PluginError(
            tr("The layer '{name}' comes from the '{provider}' provider, which the worker cannot read.").format(
                name=layer.name(), provider=provider.name()
            ),
            tr("Export it to a GeoTIFF first (Export > Save As > Raw data)."),
        )
    # QGIS appends open options and credentials after a bar
    path = provider.dataSourceUri()
    if path.lstrip().startswith("<"):  # a virtual raster written out, with whatever it holds
        return path
    path = path.split("|")[0]
    return os.path.abspath(path) if os.path.exists(path) else path


def layer_date(layer: QgsRasterLayer) -> str:
    """The day of a layer's fixed temporal range; empty when it has none or when the range is longer than a day."""
    properties = layer.temporalProperties()
    if properties is None or not properties.isActive() or properties.mode() != FIXED_TEMPORAL_RANGE:
        return ""
    begin, end = properties.fixedTemporalRange().begin(), properties.fixedTemporalRange().end()
    if not begin.isValid() or (end.isValid() and begin.secsTo(end) > 24 * 3600):
        return ""
    return begin.date().toString("yyyy-MM-dd")


def series_items(value, context: QgsProcessingContext) -> list:
    """The rasters behind a multiple-layers parameter's value: layers, layer ids or names, or anything GDAL opens."""
    items = []
    for entry in flatten(value, context):
        layer = entry if isinstance(entry, QgsMapLayer) else QgsProcessingUtils.mapLayerFromString(str(entry), context, False)
        if layer is not None:
            items.append(SeriesItem(layer.name(), gdal_path(layer), layer_date(layer) if isinstance(layer, QgsRasterLayer) else ""))
            continue
        path = str(entry)
        if not REMOTE.match(path) and not os.path.exists(path):
            raise PluginError(tr("'{path}' is neither a layer of the project nor an existing file.").format(path=path))
        items.append(SeriesItem(os.path.basename(path) or path, os.path.abspath(path) if os.path.exists(path) else path))
    return items


def is_for_the_worker(entry) -> bool:
    """Whether this is a text of which QGIS makes no layer, but the worker a raster, or the better sentence on why not."""
    if not isinstance(entry, str):
        return False
    unreadable = os.path.isfile(entry) and not os.access(entry, os.R_OK)
    return is_container(entry) or unreadable or bool(REMOTE.match(entry))


def layers_below(folder: str, project: QgsProject | None) -> list:
    """The raster layers of a project whose files lie below a folder, in archives there too; sitsr's own results are not among them."""
    inside = os.path.join(os.path.realpath(folder), "")
    found = []
    for layer in project.mapLayers().values() if project is not None else ():
        provider = layer.dataProvider() if isinstance(layer, QgsRasterLayer) and layer.isValid() else None
        if provider is None or provider.name() != "gdal" or is_product(layer):
            continue
        path = gdal_path(layer)
        path = path[len("/vsizip/") :] if path.startswith("/vsizip/") else path
        if os.path.realpath(path).startswith(inside):
            found.append(layer)
    return found


def flatten(value, context: QgsProcessingContext) -> list:
    """A parameter value as a flat list of layers and non-empty texts."""
    if isinstance(value, QgsProperty):
        value, _ = value.value(context.expressionContext())
    if value is None or value == "":
        return []
    if isinstance(value, (list, tuple)):
        return [entry for part in value for entry in flatten(part, context)]
    return [value]


def parse_bands(text: str) -> dict:
    """``B02=2,B03=3`` -> ``{"B02": 2, "B03": 3}``. Raises PluginError."""
    bands = {}
    for part in filter(None, (piece.strip() for piece in re.split(r"[,;\s]+(?=B)", text.strip(), flags=re.IGNORECASE))):
        match = BAND_ROLE.match(part.rstrip(",; "))
        if match is None or int(match.group(2)) < 1:
            raise PluginError(
                tr("'{text}' does not say which band is which.").format(text=part), tr("Write it as B02=1,B03=2,B04=3,B08=4.")
            )
        bands[match.group(1).upper()] = int(match.group(2))
    return bands


def parse_date(text: str) -> str:
    """An ISO date, a time after it dropped. Raises PluginError."""
    text = str(text).strip()
    try:
        if not re.fullmatch(r"(T\d\d.*| \d\d:\d\d.*)?", text[10:]):
            raise ValueError(text)
        return datetime.date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        raise PluginError(tr("'{text}' is not a date.").format(text=text), tr("Write it as YYYY-MM-DD.")) from None


def parse_targets(text: str) -> list:
    """Target dates: a date, several separated by commas, ``all``, or nothing for the latest. Raises PluginError."""
    parts = [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]
    if any(part.lower() == ALL_DATES for part in parts):
        return [ALL_DATES]
    return list(dict.fromkeys(parse_date(part) for part in parts))


def is_several(targets: list) -> bool:
    """Whether these target dates give several files."""
    return len(targets) > 1 or targets == [ALL_DATES]


def dates_of(items: list, rows: list) -> dict:
    """Path, of a product its name -> ISO date: what the user's table says, else the layer's temporal range.

    Args:
        items: the series.
        rows: the table, flat: layer, date, layer, date... A layer is its name, file name, path or position (from 1).
    """
    dates = {item.path: item.date for item in items if item.date}
    stack = len(items) == 1
    rows = [cell_text(cell) for cell in rows]
    for position in range(0, len(rows) - 1, 2):
        who, when = rows[position : position + 2]
        if not who and not when:
            continue
        if stack and who.isdigit():
            # the positions of the dates in a stack are the worker's to match
            dates[who] = parse_date(when)
            dates.pop(items[0].path, None)
        else:
            path = find_item(items, who).path
            # the worker looks for the date of a product by its name
            dates[product_name(path) if is_container(path) else path] = parse_date(when)
    return dates


def cell_text(cell) -> str:
    """A cell of a table as it was typed: QGIS makes numbers of what looks like one, of the position 1 a 1.0."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell if cell is not None else "").strip()


def find_item(items: list, who: str) -> SeriesItem:
    """The item that a table's first column means. Raises PluginError."""
    if who.isdigit() and 1 <= int(who) <= len(items):
        return items[int(who) - 1]
    for item in items:
        base = os.path.basename(item.path)
        if who in (item.name, item.path, base, os.path.splitext(base)[0]):
            return item
    if any(is_container(item.path) and is_below(item.path, who) for item in items):
        return SeriesItem(who, who)
    raise PluginError(
        tr("The table of dates names '{who}', which is not in the series.").format(who=who),
        tr("Use a layer's name, its file name or its position."),
    )


def is_below(place: str, name: str) -> bool:
    """Whether a file or folder of this name, with or without its suffix, lies somewhere below a folder or in an archive.

    A product's metadata file stands for its folder. The name may be a path, as files of one name need it.
    """
    if not os.path.isdir(place) and not is_archive(place):
        place = os.path.dirname(os.path.abspath(place))
    if os.path.isabs(name):
        return os.path.exists(name) and name.startswith(os.path.join(os.path.abspath(place), ""))
    if is_archive(place):
        return any(has_name(inside.split("/"), name) for inside in names_in(place))
    for folder, _, files in os.walk(place):
        if os.path.basename(folder) == name or any(
            has_name([file], name) or (is_archive(file) and is_below(os.path.join(folder, file), name)) for file in files
        ):
            return True
    return False


def has_name(parts: Sequence[str], name: str) -> bool:
    """Whether one of the parts of a path is called so, with or without its suffix."""
    return any(name in (part, os.path.splitext(part)[0]) for part in parts)


def masks_of(items: list, masks: list) -> dict:
    """Path -> mask path. One mask, without a name, serves every date; several must be as many as the inputs, in their order.

    For a folder or a stack, date -> mask path: several go to the dates that they say. Raises PluginError.
    """
    if not masks:
        return {}
    if len(masks) == 1:
        return {"": masks[0].path}
    if len(items) == 1:
        return masks_by_date(masks)
    if len(masks) != len(items):
        raise PluginError(
            tr("There are {masks} masks for {inputs} rasters.").format(masks=len(masks), inputs=len(items)),
            tr("Give one for all, or one for each, in the same order."),
        )
    return {item.path: masks[position].path for position, item in enumerate(items)}


def masks_by_date(masks: list) -> dict:
    """ISO date -> mask path, by the masks' layers or names. Raises PluginError when one says no date, or two say the same."""
    found: dict = {}
    for mask in masks:
        named = next((match for match in map(DAY.search, (os.path.basename(mask.path), mask.name)) if match), None)
        date = mask.date or ("-".join(named.groups()) if named else "")
        if not date:
            raise PluginError(
                tr("Nothing says the date of the mask '{name}'.").format(name=mask.name),
                tr("Several masks of a folder or a stack need their dates in their names, such as clear_2024-06-11.tif."),
            )
        if date in found:
            raise PluginError(tr("Two masks are of {date}.").format(date=date), tr("Give one for each date."))
        found[date] = mask.path
    return found
