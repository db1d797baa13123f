"""QGIS as the pictures need it: a clean project, the sample series, the panel, and patience."""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from qgis.core import QgsApplication, QgsMapThemeCollection, QgsProject, QgsRasterLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QDate, QEvent, Qt, QTimer
from qgis.PyQt.QtWidgets import QApplication, QDockWidget, QToolBar, QWidget
from qgis.utils import iface, plugins

OUT = Path(os.environ.get("SITSR_PICTURES", "."))
HOME = Path(os.environ["HOME"])
PYTHON = HOME / "python" / "bin" / "python"
WINDOW = (1240, 690)
TALL = (1500, 1080)  # enough for the whole panel
PANEL_WIDTH = 690  # wide enough for all columns of its table
LAYERS_WIDTH = 360
RESIZING = 0.6  # seconds; a map is drawn anew half a second after it was resized
DRAWING = 120  # seconds, at most
# Docks and toolbars that take the room of what the pictures are about.
ASIDE = ("Browser", "Browser2", "LayerStyling", "Temporal Controller", "mDigitizeToolBar", "mAdvancedDigitizeToolBar", "mLabelToolBar")
ASIDE += ("mDatabaseToolBar", "mWebToolBar", "mHelpToolBar", "mSnappingToolBar", "mMeshToolBar", "mAnnotationsToolBar", "mVectorToolBar")
LONG = 1800  # seconds
SAMPLES = 48  # across a picture that is looked at for being blank
_pictures: dict[str, Callable[[Stage], QWidget]] = {}


def picture(function: Callable[[Stage], QWidget]) -> Callable[[Stage], QWidget]:
    """Registers a function that arranges what its picture shows and returns the widget; the picture is named after it."""
    _pictures[function.__name__] = function
    return function


class Stage:
    """The running QGIS and what is done with it again and again."""

    def __init__(self):
        self.iface = iface
        self.window = iface.mainWindow()
        self.plugin = plugins["sitsr"]
        self.canvas = iface.mapCanvas()
        self.project = QgsProject.instance()
        self.made: list[QWidget] = []
        self.seconds: list[tuple] = []

    # --- patience -------------------------------------------------------------------------------------------------------------------

    def wait(self, seconds: float) -> None:
        """Let QGIS work for a while."""
        self.until(lambda: False, seconds, strict=False)

    def until(self, is_so: Callable[[], bool], seconds: float = LONG, strict: bool = True) -> None:
        """Let QGIS work until something is so. Raises TimeoutError."""
        end = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > end:
                if strict:
                    raise TimeoutError("This took too long.")
                return
            QApplication.processEvents()
            time.sleep(0.02)

    def settle(self) -> None:
        """Wait for what is laid out late, then for the maps."""
        self.wait(RESIZING)
        self.draw(*maps_in(self.window))

    def draw(self, *canvases: QgsMapCanvas) -> None:
        """Draw maps anew and wait until each has been. That none is being drawn says little: a map may be waiting to begin."""
        for canvas in canvases:
            done: list[bool] = []

            def note(done: list[bool] = done) -> None:
                done.append(True)

            canvas.mapCanvasRefreshed.connect(note)
            canvas.refresh()
            self.until(lambda done=done, canvas=canvas: bool(done) and not canvas.isDrawing(), DRAWING)
            canvas.mapCanvasRefreshed.disconnect(note)

    # --- what is on stage -----------------------------------------------------------------------------------------------------------

    def clear(self, panel: bool = False, size: tuple[int, int] = WINDOW) -> None:
        """A new project in a window of this size, with or without the panel."""
        for widget in self.made:
            if not sip.isdeleted(widget):  # Processing's dialogs delete themselves when they are closed
                widget.close()
        self.made.clear()
        for dock, _ in self.seconds:
            dock.close()
        self.seconds.clear()
        self.window.findChild(QWidget, "mNavigationOff").click()
        self.plugin.unload()
        self.plugin.initGui()
        self.iface.newProject(False)
        self.iface.messageBar().clearWidgets()
        for part in (*self.window.findChildren(QDockWidget), *self.window.findChildren(QToolBar)):
            if part.objectName() in ASIDE:
                part.hide()
        os.environ["SITSR_PYTHON"] = str(PYTHON)
        self.window.resize(*size)
        self.widen_layers()
        if panel:
            self.plugin.panel_action.setChecked(True)
            self.window.resizeDocks([self.panel], [PANEL_WIDTH], Qt.Orientation.Horizontal)
        self.wait(0.2)

    def widen_layers(self) -> None:
        """The layers' names are seen whole."""
        self.window.resizeDocks([self.window.findChild(QDockWidget, "Layers")], [LAYERS_WIDTH], Qt.Orientation.Horizontal)

    def hide_panel(self) -> None:
        """Leave its room to the map."""
        self.plugin.panel_action.setChecked(False)
        self.wait(0.2)
        self.widen_layers()

    @property
    def panel(self) -> QDockWidget:
        """The plugin's panel."""
        return self.plugin.dock

    def keep(self, widget: QWidget) -> QWidget:
        """Show a window until the next picture."""
        self.made.append(widget)
        widget.show()
        self.wait(0.3)
        return widget

    def sample(self) -> Path:
        """The folder with the ten dates of the sample series; beside it the true scene. Made once."""
        folder = HOME / "sample"
        if not folder.exists():
            self.run("sitsr:tryit", OUTPUT=str(HOME / "sample.tif"), OUTPUT_FOLDER=str(folder))
        return folder / "series"

    def run(self, algorithm: str, **parameters) -> dict:
        """The results of an algorithm."""
        from qgis import processing

        return processing.run(algorithm, parameters)

    def dialog(self, algorithm: str, **parameters) -> QWidget:
        """An algorithm's own dialog."""
        from qgis import processing

        return self.keep(processing.createAlgorithmDialog(algorithm, parameters))

    def press_run(self, dialog: QWidget) -> None:
        """Click Run in an algorithm's dialog and wait for its results."""
        dialog.runButton().click()
        self.until(lambda: dialog.wasExecuted() and dialog.runButton().isEnabled())
        self.settle()

    def load_sample(self) -> list[QgsRasterLayer]:
        """The sample series as layers of the project, by their names."""
        layers = [QgsRasterLayer(str(path), path.stem) for path in sorted(self.sample().glob("*.tif"))]
        self.project.addMapLayers(layers)
        self.zoom_to(layers[0])
        return layers

    def zoom_to(self, layer: QgsRasterLayer) -> None:
        """The map shows a layer in its own CRS."""
        self.canvas.setDestinationCrs(layer.crs())
        box = layer.extent()
        box.scale(1.04)
        self.canvas.setExtent(box)
        self.canvas.refresh()

    def fill_panel(self, *layers: QgsRasterLayer) -> QDockWidget:
        """Give the layers, or the folder of the sample series, to the panel and wait for its report."""
        if layers:
            self.panel.series.source.set_layers([layer.id() for layer in layers])
        else:
            self.panel.series.source.kind.setCurrentIndex(1)
            self.panel.series.source.folder.setFilePath(str(self.sample()))
        self.until(lambda: bool(self.panel.series.report or self.panel.series.error))
        self.settle()
        return self.panel

    def run_panel(self) -> None:
        """Click Run in the panel and wait for the end."""
        self.panel.bar.run.click()
        self.until(lambda: not self.panel.controller.busy)
        self.wait(1)
        self.iface.messageBar().clearWidgets()
        self.settle()

    def show_only(self, *names: str) -> None:
        """Layers by the beginnings of their names, visible alone and without their legends."""
        root = self.project.layerTreeRoot()
        for node in root.findLayers():
            node.setItemVisibilityChecked(node.name().startswith(names))
            node.setExpanded(False)
        self.settle()

    def second_map(self, title: str, *names: str) -> None:
        """A second map view at the side that shows these layers alone, as View > New Map View makes it."""
        self.show_only(*names)
        themes, root = self.project.mapThemeCollection(), self.project.layerTreeRoot()
        model = self.iface.layerTreeView().layerTreeModel()
        themes.insert(title, QgsMapThemeCollection.createThemeFromCurrentState(root, model))
        canvas = self.iface.createNewMapCanvas(title)
        canvas.setTheme(title)
        canvas.setDestinationCrs(self.canvas.mapSettings().destinationCrs())
        dock = canvas
        while not isinstance(dock, QDockWidget):
            dock = dock.parentWidget()
        dock.setFloating(False)
        self.window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        self.seconds.append((dock, canvas))
        self.wait(0.3)
        self.window.resizeDocks([dock], [(self.window.width() - LAYERS_WIDTH) // 2], Qt.Orientation.Horizontal)
        self.widen_layers()
        self.settle()

    def same_extent(self) -> None:
        """All maps show the place that the main one shows, at one scale at which it fits into each."""
        maps = [self.canvas, *(canvas for _, canvas in self.seconds)]
        extent = self.canvas.extent()
        for canvas in maps:
            canvas.setExtent(extent)
        scale = max(canvas.scale() for canvas in maps)
        for canvas in maps:
            canvas.zoomScale(scale)
        self.settle()

    def result_beside(self, title: str, *names: str) -> None:
        """The result in the main map, and layers in a second one at the side, both of one place at one scale."""
        self.second_map(title, *names)
        self.show_only("Super-resolved")
        self.same_extent()

    def show_day(self, date: str) -> None:
        """Ask the panel for the result of one day."""
        self.panel.options.target.setCurrentIndex(3)
        self.panel.options.other.setDate(QDate.fromString(date, "yyyy-MM-dd"))


def maps_in(widget: QWidget) -> list[QgsMapCanvas]:
    """The maps with layers that are in sight in a window."""
    return [canvas for canvas in widget.findChildren(QgsMapCanvas) if canvas.isVisible() and canvas.layers()]


def is_blank(widget: QWidget) -> bool:
    """Whether a widget shows one colour only."""
    small = widget.grab().toImage().scaled(SAMPLES, SAMPLES)
    return len({small.pixel(x, y) for x in range(SAMPLES) for y in range(SAMPLES)}) == 1


def take(stage: Stage, name: str) -> None:
    """One picture. Raises RuntimeError when it, or a map in it, is blank."""
    widget = _pictures[name](stage)
    stage.wait(0.2)
    if any(is_blank(part) for part in (widget, *maps_in(widget))):
        raise RuntimeError(f"{name}: it is blank, or a map in it is.")
    if not widget.grab().save(str(OUT / f"{name}.png")):
        raise OSError(f"{name}.png cannot be written.")
    print(name, flush=True)


def take_all() -> None:
    """What QGIS calls when it starts: takes the pictures once it stands, and ends it."""
    from . import panel, tools, windows  # noqa: F401  they register their pictures

    chosen = [name for name in os.environ.get("SITSR_ONLY", "").split(",") if name]

    def begin() -> None:
        code = 0
        try:
            stage = Stage()
            for name in chosen or _pictures:
                take(stage, name)
            stage.clear()
        except BaseException:
            traceback.print_exc()
            code = 1
        sys.stdout.flush()
        sys.stderr.flush()
        QgsProject.instance().setDirty(False)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QgsApplication.exit(code)

    QTimer.singleShot(1500, begin)
