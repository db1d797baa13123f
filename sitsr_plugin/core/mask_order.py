"""Cloud masks in the order of the series: the algorithm takes them one for each raster."""

from __future__ import annotations

from qgis.core import QgsProject, QgsRasterLayer

from .layers import gdal_path
from .profile_sources import date_of, is_readable, tags


def mask_groups(project: QgsProject) -> list:
    """(name, ids) of the groups that hold only one-band rasters, and of each one-band raster outside them."""
    root, found, taken = project.layerTreeRoot(), [], set()
    for group in root.findGroups(True):
        layers = [node.layer() for node in group.findLayers()]
        if len(layers) > 1 and all(is_mask(layer) for layer in layers):
            found.append((group.name(), [layer.id() for layer in layers]))
            taken |= {layer.id() for layer in layers}
    alone = [layer for layer in root.layerOrder() if is_mask(layer) and layer.id() not in taken]
    return found + [(layer.name(), [layer.id()]) for layer in alone]


def is_mask(layer) -> bool:
    """Whether a layer can be a mask: one band that GDAL reads."""
    return isinstance(layer, QgsRasterLayer) and is_readable(layer) and layer.bandCount() == 1


def masks_in_order(project: QgsProject, masks: list, series: list, given: dict) -> list:
    """Ids of the masks, each at the place of the raster of its date; as they are where dates do not tell.

    Args:
        masks, series: ids of layers.
        given: path -> date, typed by the user.
    """
    if len(masks) < 2:
        return list(masks)
    by_date = {date_in(project, one): one for one in masks}
    wanted = [date_in(project, one, given) for one in series]
    if "" in wanted or len(by_date) != len(masks) or not set(wanted) <= set(by_date):
        return list(masks)
    return [by_date[date] for date in wanted]


def date_in(project: QgsProject, layer_id: str, given: dict | None = None) -> str:
    """The date of a layer; empty when nothing says it."""
    layer = project.mapLayer(layer_id)
    if not isinstance(layer, QgsRasterLayer) or not is_readable(layer):
        return ""
    return (given or {}).get(gdal_path(layer)) or date_of(layer, tags(layer))
