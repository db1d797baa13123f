"""The preview: the middle of the map, super-resolved in seconds, beside its input."""

from __future__ import annotations

from dataclasses import replace

from qgis.core import QgsCoordinateTransform, QgsCsException, QgsProcessingUtils, QgsProject, QgsRasterLayer, QgsRectangle

from ..core import tr
from ..core.band_roles import TRUE_COLOUR, band_roles
from ..core.dock_parameters import extent_text, run_parameters
from ..core.dock_settings import EVERY, LATEST, TICKED, DockSettings
from ..core.read_raster import ReadRaster
from ..core.true_colour import true_colour
from .preview_window import PreviewWindow

SIDE = 128


def preview_box(layer: QgsRasterLayer | ReadRaster, canvas) -> QgsRectangle:
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


def colour_bands(layer: QgsRasterLayer) -> list:
    """The bands of a result that show red, green and blue."""
    found = band_roles(layer.dataProvider())
    return [found[role] for role in TRUE_COLOUR]


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

    def start(self, settings: DockSettings, layer: QgsRasterLayer | ReadRaster, canvas) -> None:
        """Run the same algorithm on the small area. Raises PluginError."""
        self.box = preview_box(layer, canvas)
        self.pixels = round(self.box.width() / layer.rasterUnitsPerPixelX()) * round(self.box.height() / layer.rasterUnitsPerPixelY())
        small = preview_settings(settings, extent_text(self.box, layer.crs()))
        output = QgsProcessingUtils.generateTempFilename("preview.tif")
        self.controller.start(run_parameters(small, output, None))

    def show_result(self, results: dict, report: dict) -> str:
        """Open the window; returns a sentence when there is nothing to compare.

        Args:
            results: of the run.
            report: the worker's report of the series.
        """
        date = str(results.get("TARGET_DATES", ""))
        used = [one for one in report.get("dates", []) if one["date"] in str(results.get("DATES_USED", "")).split(",")]
        shown = next((one for one in used if one["date"] == date), used[-1] if used else {"date": "", "sources": {}})
        source, bands = true_colour(shown["sources"], shown["date"])
        output = QgsRasterLayer(results["OUTPUT"], date, "gdal")
        if not source.isValid() or not output.isValid():
            return tr("The input of this date cannot be opened as one raster, so it cannot be shown beside the result.")
        bands = bands, colour_bands(output)
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
