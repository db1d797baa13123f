"""Results know their date: temporal properties, a shared stretch and a group, so that the Temporal Controller plays at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from qgis.core import (
    QgsDateTimeRange,
    QgsLayerTreeLayer,
    QgsProcessingContext,
    QgsProcessingLayerPostProcessorInterface,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QDateTime, Qt

from . import tr
from .compat import FIXED_TEMPORAL_RANGE
from .main_thread import do_in_main_thread
from .metadata import metadata_path
from .replaced_file import layers_of_file, read_again
from .style import apply_stretch, as_shown, cumulative_cut, shared_stretch, shown_bands, style_path

GROUP = "sitsr"
RANK = "sitsr/rank"
PRODUCT = "sitsr/product"
# QGIS holds no reference to a post-processor: without this Python drops it before the layer is loaded (QGIS#47533)
_alive: deque = deque(maxlen=1024)


def day_range(date: str) -> QgsDateTimeRange:
    """The whole UTC day of an ISO date."""
    begin = QDateTime.fromString(f"{date}T00:00:00Z", Qt.DateFormat.ISODate)
    return QgsDateTimeRange(begin, begin.addSecs(24 * 3600 - 1))


def set_date(layer: QgsRasterLayer, date: str) -> None:
    """Make a layer show on its day only, when time is played."""
    properties = layer.temporalProperties()
    properties.setMode(FIXED_TEMPORAL_RANGE)
    properties.setFixedTemporalRange(day_range(date))
    properties.setIsActive(True)


def write_styles(outputs: list, seen: list | None = None) -> None:
    """Write a style file beside each result: its date, and one stretch for all results of a kind.

    Args:
        outputs: the worker's ``{"path", "date", "kind"}`` records.
        seen: the stretch that the input's layers have on screen, for the images, in stored numbers; None takes one from the results.
    """
    layers = {}
    for output in outputs:
        layer = QgsRasterLayer(output["path"], output["date"], "gdal")
        if layer.isValid():
            layers.setdefault(output["kind"], []).append((layer, output["date"]))
    for kind, dated in layers.items():
        bands = shown_bands(dated[0][0], kind)
        fits = kind == "image" and seen is not None and len(seen) == len(bands)
        stretch = as_shown(dated[0][0], bands, seen) if fits else shared_stretch([cumulative_cut(layer, kind) for layer, _ in dated])
        for layer, date in dated:
            apply_stretch(layer, kind, stretch)
            set_date(layer, date)
            # a folder that takes the raster but no style is no reason to fail: the layer just loads with QGIS's default look
            layer.saveNamedStyle(style_path(layer.source()))


def title(output: dict) -> str:
    """What a result is called in the layer tree: its own title, or one for its kind and date."""
    if output.get("title"):
        return output["title"]
    names = {"uncertainty": tr("Uncertainty"), "clear_count": tr("Clear dates")}
    return f"{names.get(output['kind'], tr('Super-resolved'))} {output['date']}"


def load_with_date(context: QgsProcessingContext, output: dict, output_name: str, project: QgsProject | None, rank: int = 0) -> None:
    """Prepare the loading of one result.

    Args:
        context: of the running algorithm.
        output: the worker's record of the result; ``observed`` marks dates of a (simulated) series, which are no results.
        output_name: the Processing output it belongs to.
        project: when given, the result is loaded into it even if it has no destination parameter of its own.
        rank: results of a lower rank are shown above it.
    """
    path = output["path"]
    if not context.willLoadLayerOnCompletion(path):
        if project is None:
            return
        context.addLayerToLoadOnCompletion(path, QgsProcessingContext.LayerDetails(title(output), project, output_name))
    details = context.layerToLoadOnCompletionDetails(path)
    details.name = title(output)
    details.forceName = True
    if hasattr(details, "groupName"):
        details.groupName = GROUP
    if hasattr(details, "layerSortKey"):
        details.layerSortKey = -rank
    processor = DatedLayerPostProcessor(output, rank)
    _alive.append(processor)
    details.setPostProcessor(processor)


class DatedLayerPostProcessor(QgsProcessingLayerPostProcessorInterface):
    """Runs in the main thread once QGIS has loaded one result."""

    def __init__(self, output: dict, rank: int):
        super().__init__()
        self.output = output
        self.rank = rank

    def postProcessLayer(self, layer, context, feedback):
        if not isinstance(layer, QgsRasterLayer):
            return
        project = context.project() or QgsProject.instance()
        # QGIS gives the layer of the project where there is one of this file
        show_result({layer, *layers_of_file(project, self.output["path"])}, self.output)
        extend_project_range(project, day_range(self.output["date"]))
        move_to_group(project, layer, self.rank)


def show_result(layers: Iterable, output: dict) -> None:
    """Give layers of one file the pixels, style, metadata and date of the result that it holds now; ``output`` is the worker's record."""
    path = output["path"]
    read_again(layers, path)
    for layer in layers:
        layer.loadNamedStyle(style_path(path))
        layer.loadNamedMetadata(metadata_path(path))
        set_date(layer, output["date"])
        layer.setCustomProperty(PRODUCT, not output.get("observed", False))
        layer.triggerRepaint()


def show_again(project: QgsProject | None, outputs: list) -> None:
    """Let the project's layers of these results, which were written anew, show them; from any thread."""

    def show() -> None:
        for output in outputs:
            show_result(layers_of_file(project, output["path"]), output)

    if project is not None and outputs:
        do_in_main_thread(show)


def is_product(layer: QgsRasterLayer) -> bool:
    """Whether a layer was loaded as a result or as a truth to compare with: no date of a series."""
    # a project file gives texts back
    return str(layer.customProperty(PRODUCT, False)).lower() in ("true", "1")


def extend_project_range(project: QgsProject, days: QgsDateTimeRange) -> None:
    """Make the project's temporal range hold these days too."""
    settings = project.timeSettings()
    present = settings.temporalRange()
    begin, end = days.begin(), days.end()
    if present.begin().isValid() and present.begin() < begin:
        begin = present.begin()
    if present.end().isValid() and present.end() > end:
        end = present.end()
    settings.setTemporalRange(QgsDateTimeRange(begin, end))


def move_to_group(project: QgsProject, layer: QgsRasterLayer, rank: int) -> None:
    """Put a loaded layer into our group, above those of its rank and of higher ones, its legend folded.

    Where QGIS's window put it says nothing: beside the current layer, which may lie in our group (Processing does better since 3.32).
    """
    layer.setCustomProperty(RANK, rank)
    root = project.layerTreeRoot()
    node = root.findLayer(layer.id())
    if node is None:
        return
    group = root.findGroup(GROUP) or root.insertGroup(0, GROUP)
    place = 0
    for number, child in enumerate(group.children(), 1):
        other = child.layer() if isinstance(child, QgsLayerTreeLayer) else None
        if other is not None and other.id() != layer.id() and int(other.customProperty(RANK, 0)) < rank:
            place = number
    clone = node.clone()
    clone.setExpanded(False)
    # before the other is taken away: a layer without a node leaves the project
    group.insertChildNode(place, clone)
    node.parent().removeChildNode(node)
