"""The preview: the middle of the map, super-resolved in seconds, beside its input."""

from __future__ import annotations

from dataclasses import replace

from qgis.core import QgsCoordinateTransform, QgsCsException, QgsProcessingUtils, QgsProject, QgsRasterLayer, QgsRectangle

from ..core import tr
from ..core.band_roles import TRUE_COLOUR, band_roles
from ..core.dock_parameters import extent_text, run_parameters
from ..core.dock_settings import EVERY, LATEST, TICKED, DockSettings
from ..core.layers import parse_bands
from .preview_window import PreviewWindow

SIDE = 128


def preview_box(layer: QgsRasterLayer, canvas) -> QgsRectangle:
    """About 128 x 128 input pixels around the middle of the map, in the layer's CRS; the layer's own middle when the map is elsewhere."""
    extent, middle = layer.extent(), layer.extent().center()
    if canvas is not None:
        transform = QgsCoordinateTransform(canvas.mapSettings().destinationCrs(), layer.crs(), QgsProject.instance())
        try:
            shown = transform.transform(canvas.center())
            middle = shown if extent.contains(shown) else middle
        except QgsCsException:
            pass
    width = min(SIDE * layer.rasterUnitsPerPixelX(), extent.width())
    height = min(SIDE * layer.rasterUnitsPerPixelY(), extent.height())
    # moved inside where the middle is near the edge, so that the box keeps its size
    x = min(max(middle.x(), extent.xMinimum() + width / 2), extent.xMaximum() - width / 2)
    y = min(max(middle.y(), extent.yMinimum() + height / 2), extent.yMaximum() - height / 2)
    return QgsRectangle(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def preview_settings(settings: DockSettings, box: str) -> DockSettings:
    """The settings of the preview: one date, the small area, no output of its own."""
    target = LATEST if settings.target == EVERY else settings.target
    return replace(settings, target=target, ticked=settings.ticked[-1:] if target == TICKED else [], extent=box, output="")


def colour_bands(layer: QgsRasterLayer, roles: str) -> list:
    """The bands that show red, green and blue: as the user said, as the file names them, or in the usual order."""
    found = band_roles(layer.dataProvider(), parse_bands(roles))
    return [found[role] for role in TRUE_COLOUR] if all(role in found for role in TRUE_COLOUR) else [1]


class PreviewRun:
    """Starts the small run and opens the window with its result.

    Args:
        controller: runs the algorithm; its owner calls ``show_result`` when the run ended.
        parent: of the window.
    """

    def __init__(self, controller, parent=None):
        self.controller, self.parent = controller, parent
        self.window = None
        self.box = QgsRectangle()
        self.pixels = 0
        self.roles = ""

    def start(self, settings: DockSettings, layer: QgsRasterLayer, canvas) -> None:
        """Run the same algorithm on the small area. Raises PluginError."""
        self.box = preview_box(layer, canvas)
        self.pixels = round(self.box.width() / layer.rasterUnitsPerPixelX()) * round(self.box.height() / layer.rasterUnitsPerPixelY())
        self.roles = settings.bands
        small = preview_settings(settings, extent_text(self.box, layer.crs()))
        output = QgsProcessingUtils.generateTempFilename("preview.tif")
        self.controller.start(run_parameters(small, output, None))

    def show_result(self, results: dict, rows: list) -> str:
        """Open the window; returns a sentence when there is nothing to compare."""
        date = str(results.get("TARGET_DATES", ""))
        used = [row for row in rows if row.path and row.date in str(results.get("DATES_USED", "")).split(",")]
        row = next((row for row in used if row.date == date), used[-1] if used else None)
        output = QgsRasterLayer(results["OUTPUT"], date, "gdal")
        source = QgsRasterLayer(row.path, row.date, "gdal") if row is not None else None
        if source is None or not source.isValid() or len(row.keys) != 1 or not output.isValid():
            return tr("The input of this date is not one raster, so it cannot be shown beside the result.")
        bands = colour_bands(source, self.roles), colour_bands(output, "")
        if len(bands[0]) != len(bands[1]):
            return tr("It is not known which bands of the input are red, green and blue, so it cannot be shown beside the result.")
        self.close_window()
        self.window = PreviewWindow(source, output, bands, self.box, self.parent)
        self.window.show()
        return ""

    def close_window(self) -> None:
        """Close the window, if it is open."""
        if self.window is not None:
            self.window.close()
            self.window.deleteLater()
            self.window = None
