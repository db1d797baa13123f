"""The panel: from empty to finished, and what it says when something is wrong."""

from pathlib import Path

from qgis.core import QgsRasterLayer
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QDockWidget, QToolButton, QWidget

from .stage import HOME, RESIZING, TALL, Stage, picture

ENSEMBLE = 2
TARGET = "2021-01-07"  # the date of the sample series' true scene

PROFILE_HEIGHT = 380
FRAME = 65  # days from the first date to that one


@picture
def panel_empty(stage: Stage) -> QWidget:
    stage.clear(panel=True, size=(1240, 1040))
    stage.settle()
    return stage.window


@picture
def panel_filled(stage: Stage) -> QWidget:
    stage.clear(panel=True, size=TALL)
    return stage.fill_panel(*stage.load_sample())


@picture
def panel_ticked(stage: Stage) -> QWidget:
    stage.clear(panel=True, size=TALL)
    panel = stage.fill_panel()
    panel.options.target.setCurrentIndex(1)
    panel.series.model.set_ticked([row.date for row in panel.series.model.rows[4:7]])
    panel.options.mode.setCurrentIndex(ENSEMBLE)
    panel.remember()
    stage.settle()
    return panel


@picture
def panel_more(stage: Stage) -> QWidget:
    stage.clear(panel=True, size=(1500, 1240))
    panel = stage.fill_panel(*stage.load_sample())
    panel.options.more.setCollapsed(False)
    stage.settle()
    return panel


@picture
def preview(stage: Stage) -> QWidget:
    stage.clear(panel=True)
    panel = stage.fill_panel(*stage.load_sample())
    stage.show_day(TARGET)
    panel.bar.preview.click()
    stage.until(lambda: not panel.controller.busy)
    stage.wait(RESIZING)
    stage.draw(*panel.preview.window.canvases)
    return panel.preview.window


@picture
def panel_running(stage: Stage) -> QWidget:
    stage.clear(panel=True, size=TALL)
    panel = stage.fill_panel()
    panel.options.mode.setCurrentIndex(ENSEMBLE)
    panel.bar.run.click()
    stage.until(lambda: panel.bar.bar.value() > 200 or not panel.controller.busy)
    stage.wait(0.3)
    return panel


@picture
def panel_cancelled(stage: Stage) -> QWidget:
    stage.clear(panel=True, size=TALL)
    panel = stage.fill_panel()
    panel.options.target.setCurrentIndex(2)
    panel.options.output.setFilePath(str(HOME / "every_date"))
    run_folder = Path(f"{HOME / 'every_date'}.sitsr-run")
    panel.bar.run.click()
    stage.until(lambda: any(run_folder.glob("tile-*.npz")) or not panel.controller.busy)
    panel.bar.cancel.click()
    stage.until(lambda: not panel.controller.busy)
    stage.settle()
    return panel


@picture
def finished(stage: Stage) -> QWidget:
    stage.clear(panel=True)
    layers = stage.load_sample()
    stage.fill_panel(*layers)
    stage.show_day(TARGET)
    stage.run_panel()
    stage.hide_panel()
    stage.result_beside("Input", f"sample_40m_{TARGET}")
    return stage.window


@picture
def temporal_controller(stage: Stage) -> QWidget:
    stage.clear(panel=True, size=(1240, 560))
    panel = stage.fill_panel()
    panel.options.target.setCurrentIndex(2)
    stage.run_panel()
    stage.hide_panel()
    controller = stage.window.findChild(QDockWidget, "Temporal Controller")
    controller.show()
    controller.findChild(QWidget, "mNavigationAnimated").click()
    steps = controller.findChild(QWidget, "mTimeStepsComboBox")
    steps.setCurrentIndex(steps.findText("days"))
    controller.findChild(QToolButton, "mSetRangeButton").menu().actions()[0].trigger()  # to full range
    stage.window.resizeDocks([controller], [1], Qt.Orientation.Vertical)
    stage.settle()
    stage.zoom_to(next(iter(stage.project.mapLayers().values())))
    stage.show_only("Super-resolved")
    stage.canvas.temporalController().setCurrentFrameNumber(FRAME)
    stage.settle()
    return stage.window


@picture
def profile(stage: Stage) -> QWidget:
    stage.clear(panel=True, size=(1240, 780))
    layers = stage.load_sample()
    panel = stage.fill_panel(*layers)
    panel.options.target.setCurrentIndex(2)
    stage.run_panel()
    stage.hide_panel()
    stage.show_only(f"Super-resolved {TARGET}")
    stage.plugin.profile_action.trigger()
    tool = stage.plugin.profile
    tool.tool.canvasClicked.emit(layers[0].extent().center(), Qt.MouseButton.LeftButton)
    stage.window.resizeDocks([tool.dock], [PROFILE_HEIGHT], Qt.Orientation.Vertical)
    stage.settle()
    stage.zoom_to(layers[0])
    stage.settle()
    tool.dock.plot.point_at(TARGET)
    return stage.window


@picture
def uncertainty(stage: Stage) -> QWidget:
    stage.clear(panel=True)
    panel = stage.fill_panel()
    panel.options.mode.setCurrentIndex(ENSEMBLE)
    stage.show_day(TARGET)
    stage.run_panel()
    stage.hide_panel()
    stage.zoom_to(next(iter(stage.project.mapLayers().values())))
    stage.result_beside("Uncertainty", "Uncertainty")
    return stage.window


@picture
def error_no_date(stage: Stage) -> QWidget:
    stage.clear(panel=True, size=TALL)
    paths = sorted(stage.sample().glob("*.tif"))[:3]
    folder = HOME / "undated"
    folder.mkdir(exist_ok=True)
    layers = [
        QgsRasterLayer(str(undated(path, folder / f"field_{name}.tif")), f"field_{name}") for path, name in zip(paths, "abc", strict=True)
    ]
    stage.project.addMapLayers(layers)
    stage.zoom_to(layers[0])
    return stage.fill_panel(*layers)


@picture
def error_grids(stage: Stage) -> QWidget:
    stage.clear(panel=True, size=TALL)
    layers = stage.load_sample()[:3]
    other = HOME / "other grid 2020-12-20.tif"
    warped(layers[0].source(), other)
    layers.append(QgsRasterLayer(str(other), other.stem))
    stage.project.addMapLayer(layers[-1])
    return stage.fill_panel(*layers)


@picture
def error_no_environment(stage: Stage) -> QWidget:
    import os

    stage.clear(panel=True, size=TALL)
    del os.environ["SITSR_PYTHON"]
    stage.fill_panel()
    return stage.panel


def undated(source: Path, target: Path) -> Path:
    """A copy of a raster without a word about its date."""
    from osgeo import gdal

    gdal.Translate(str(target), str(source), metadataOptions=[], noData=None)
    dataset = gdal.Open(str(target), gdal.GA_Update)
    dataset.SetMetadata({})
    dataset.FlushCache()
    return target


def warped(source: str, target: Path) -> Path:
    """A copy of a raster with other pixels."""
    from osgeo import gdal

    gdal.Warp(str(target), source, xRes=30, yRes=30)
    return target
