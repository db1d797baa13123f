"""Runs of the panel that are cancelled, resumed or left alone; the preview."""

import json
import os
import signal
from pathlib import Path

import pytest
from panel import LONG, click, finished, menu_action
from qgis.core import QgsProject, QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtWidgets import QMessageBox
from rasters import DATES, shown_pixels, write_series
from test_stopping import tifs, worker_pids

pytestmark = pytest.mark.usefixtures("python")


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Two dates that take long enough to be stopped."""
    return write_series(tmp_path_factory.mktemp("large"), DATES[:2], width=240, height=240)


@pytest.fixture
def computing(dock, project, large, folder, qtbot):
    """The panel while it computes a run that takes much longer than the test."""
    project.addMapLayers([QgsRasterLayer(path, f"large {number}") for number, path in enumerate(large)])
    menu_action(dock, "All raster layers").trigger()
    qtbot.waitUntil(lambda: bool(dock.series.report), timeout=LONG)
    dock.options.mode.setCurrentIndex(2)
    dock.options.output.setFilePath(str(folder / "never.tif"))
    click(dock.bar.run, qtbot)
    qtbot.waitUntil(lambda: "Tile" in dock.bar.status.text() or not dock.controller.busy, timeout=LONG)
    assert dock.controller.busy, dock.bar.status.text()
    return dock


def nothing_left(folder, qtbot):
    """The worker ends and leaves no image."""
    qtbot.waitUntil(lambda: worker_pids() == [], timeout=10_000)
    assert tifs(folder) == []


def test_cancel(computing, folder, qtbot):
    click(computing.bar.cancel, qtbot)
    finished(computing, qtbot)
    nothing_left(folder, qtbot)
    assert computing.bar.status.text().startswith("Cancelled.")
    assert computing.bar.run.isEnabled() and not computing.bar.cancel.isEnabled()


def test_closing_the_project_ends_the_run(computing, folder, qtbot):
    QgsProject.instance().clear()
    nothing_left(folder, qtbot)
    assert not computing.controller.busy and not computing.bar.run.isEnabled()
    qtbot.wait(200)
    assert QgsProject.instance().mapLayers() == {}
    assert QgsProject.instance().readEntry("sitsr", "dock", "")[0] == ""


def test_removing_a_layer_does_not_disturb_the_run(computing, project, folder, qtbot):
    project.removeMapLayers(list(project.mapLayers()))
    qtbot.wait(300)
    assert computing.controller.busy and len(worker_pids()) == 1
    assert computing.bar.cancel.isEnabled()
    click(computing.bar.cancel, qtbot)
    nothing_left(folder, qtbot)


def test_unloading_the_plugin_ends_the_run(computing, plugin, folder, qtbot):
    plugin.unload()
    nothing_left(folder, qtbot)
    qtbot.wait(200)
    plugin.initGui()


def start_every_date(dock, project, folder, tmp_path, qtbot):
    """Starts a run and waits for its first tile. Returns the folder with the tiles."""
    paths = write_series(tmp_path, DATES, width=56, height=56)
    project.addMapLayers([QgsRasterLayer(path, f"date {number}") for number, path in enumerate(paths)])
    menu_action(dock, "All raster layers").trigger()
    qtbot.waitUntil(lambda: bool(dock.series.report), timeout=LONG)
    assert dock.bar.resume.isHidden()
    dock.options.target.setCurrentIndex(2)
    dock.options.output.setFilePath(str(folder))
    tiles = Path(f"{folder}.sitsr-run")
    click(dock.bar.run, qtbot)
    qtbot.waitUntil(lambda: any(tiles.glob("tile-*.npz")), timeout=LONG)
    return tiles


def test_what_was_stopped_can_be_resumed(dock, project, folder, tmp_path, qtbot):
    tiles = start_every_date(dock, project, folder, tmp_path, qtbot)
    click(dock.bar.cancel, qtbot)
    finished(dock, qtbot)
    assert tifs(folder) == []
    assert dock.bar.status.text() == "Cancelled. Finished tiles are kept: Resume goes on."
    # the project remembers it
    dock.restore()
    assert not dock.bar.resume.isHidden()
    said = []
    dock.controller.said.connect(lambda level, text: said.append(text))
    click(dock.bar.resume, qtbot)
    finished(dock, qtbot)
    assert dock.bar.status.text().startswith("Done"), dock.bar.status.text()
    assert any(text.startswith("Resuming: ") for text in said)
    assert sorted(tifs(folder)) == [f"sitsr_{date}.tif" for date in DATES]
    assert dock.bar.resume.isHidden() and not tiles.exists()


def test_results_in_a_folder_are_replaced_only_when_told_so(filled, folder, qtbot, monkeypatch):
    asked = []

    def question(parent, title, text, buttons, default):
        asked.append((text, default))
        return answer

    monkeypatch.setattr(QMessageBox, "question", question)
    filled.options.target.setCurrentIndex(2)
    filled.options.output.setFilePath(str(folder))
    for name in (f"sitsr_{DATES[0]}.tif", f"sitsr_{DATES[0]}_std.tif", "sitsr_1999-01-01.tif", "other.tif"):
        (folder / name).write_text("mine")
    answer = QMessageBox.StandardButton.No
    click(filled.bar.run, qtbot)
    assert not filled.controller.busy and (folder / f"sitsr_{DATES[0]}.tif").read_text() == "mine"
    assert asked == [(f"'{folder}' holds a result that this run would replace. Replace it?", QMessageBox.StandardButton.No)]
    (folder / f"sitsr_{DATES[1]}.tif").write_text("mine")
    answer = QMessageBox.StandardButton.Yes
    click(filled.bar.run, qtbot)
    assert asked[1][0] == f"'{folder}' holds 2 results that this run would replace. Replace them?"
    assert filled.controller.busy
    click(filled.bar.cancel, qtbot)
    finished(filled, qtbot)


def test_only_what_a_run_writes_is_counted(sitsr, folder):
    from sitsr.sitsr_plugin.core.dock_parameters import results_in
    from sitsr.sitsr_plugin.core.dock_settings import EVERY, TICKED, DockSettings

    report = {"dates": [{"date": date} for date in DATES]}
    for date in (*DATES[:2], "1999-01-01"):
        (folder / f"sitsr_{date}.tif").touch()
    assert len(results_in(str(folder), DockSettings(target=EVERY), report)) == 2
    assert len(results_in(str(folder), DockSettings(target=EVERY), {})) == 3
    assert results_in(str(folder), DockSettings(target=TICKED, ticked=list(DATES[1:])), report) == [f"sitsr_{DATES[1]}.tif"]
    assert results_in(str(folder / "new"), DockSettings(target=EVERY), report) == []


def test_a_failed_run_says_why(filled, tmp_path, qtbot):
    (tmp_path / "a file").write_text("no folder")
    filled.options.output.setFilePath(str(tmp_path / "a file" / "x.tif"))
    click(filled.bar.run, qtbot)
    finished(filled, qtbot)
    assert "a file" in filled.bar.status.text() and not filled.bar.status.text().startswith("Done")
    assert filled.bar.run.isEnabled()
    # another series: no word of the one before
    filled.series.source.set_layers(filled.series.source.layers[:2])
    assert filled.bar.status.text() == ""


def test_a_killed_run_can_be_resumed(dock, project, folder, tmp_path, qtbot):
    start_every_date(dock, project, folder, tmp_path, qtbot)
    for pid in worker_pids():
        os.kill(pid, signal.SIGKILL)
    finished(dock, qtbot)
    said = dock.bar.status.text().replace("\u200b", "")
    assert said.startswith("The worker process was killed") and "Finished tiles are kept: run it again with the same output" in said
    assert not dock.bar.resume.isHidden()


def test_a_result_is_replaced_on_the_map_too(filled, project, folder, qtbot):
    output = str(folder / "twice.tif")
    filled.options.output.setFilePath(output)
    seen = []
    for product in (0, 1):
        filled.options.mode.setCurrentIndex(product)
        click(filled.bar.run, qtbot)
        finished(filled, qtbot)
        assert filled.bar.status.text().startswith("Done"), filled.bar.status.text()
        [layer] = [layer for layer in project.mapLayers().values() if layer.source() == output]
        there = QgsRasterLayer(output, "there")
        assert shown_pixels(layer) == shown_pixels(there)
        assert layer.renderer().redContrastEnhancement().maximumValue() == there.renderer().redContrastEnhancement().maximumValue()
        assert any(f"mode {('mean', 'sample')[product]}" in line for line in layer.metadata().history())
        seen.append(shown_pixels(layer))
    assert seen[0] != seen[1]


def test_the_preview_shows_input_and_output_alike(filled, layers, iface, project, qtbot):
    iface.canvas.setDestinationCrs(layers[0].crs())
    iface.canvas.setExtent(QgsRectangle(430100, 4649800, 430200, 4649900))
    click(filled.bar.preview, qtbot)
    finished(filled, qtbot)
    window = filled.preview.window
    assert window is not None and window.isVisible(), filled.bar.status.text()
    source, output = window.layers
    assert source.source() == layers[3].source()
    assert output.rasterUnitsPerPixelX() * 4 == source.rasterUnitsPerPixelX()
    stretches = [(layer.renderer().redContrastEnhancement(), layer.renderer().redBand()) for layer in window.layers]
    assert len({(found.minimumValue(), found.maximumValue(), band) for found, band in stretches}) == 1
    assert list(project.mapLayers().values()) == layers or len(project.mapLayers()) == len(layers)
    left, right = window.canvases
    left.zoomByFactor(0.5)
    assert right.extent() == left.extent()
    right.setExtent(QgsRectangle(430150, 4649850, 430160, 4649860))
    assert left.extent() == right.extent()
    colours = set()
    for canvas in window.canvases:
        window.show_all()
        canvas.waitWhileRendering()
        image = canvas.grab().toImage()
        colours |= {image.pixel(x, y) for x in range(0, image.width(), 9) for y in range(0, image.height(), 9)}
    assert len(colours) > 20
    filled.project_closed()
    assert filled.preview.window is None


def test_the_preview_is_as_large_as_it_may_be_and_inside(plugin, tmp_path, qtbot):
    from sitsr.sitsr_plugin.gui.preview import preview_box

    [path] = write_series(tmp_path, DATES[:1], width=200, height=160)
    layer = QgsRasterLayer(path, "wide")
    box = preview_box(layer, None)
    assert (box.width(), box.height()) == (1280, 1280)
    assert layer.extent().contains(box) and box.center() == layer.extent().center()


def test_the_chosen_model_makes_the_result(dock, project, folder, tmp_path, qtbot):
    paths = write_series(tmp_path, DATES[:2], width=40, height=40)
    project.addMapLayers([QgsRasterLayer(path, f"date {number}") for number, path in enumerate(paths)])
    menu_action(dock, "All raster layers").trigger()
    qtbot.waitUntil(lambda: bool(dock.series.report), timeout=LONG)
    dock.options.model.showPopup()
    assert [dock.options.model.itemText(row) for row in range(dock.options.model.count())] == ["Default", "small", "base"]
    dock.options.model.hidePopup()
    dock.options.model.setCurrentIndex(2)
    dock.options.output.setFilePath(str(folder / "deep.tif"))
    click(dock.bar.run, qtbot)
    finished(dock, qtbot)
    assert dock.bar.status.text().startswith("Done"), dock.bar.status.text()
    assert json.loads((folder / "deep.tif.job.json").read_text())["model"] == "base"
