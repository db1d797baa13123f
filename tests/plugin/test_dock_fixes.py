"""What the panel offers when something is wrong with the series, and its options that are seldom needed."""

import json

import numpy as np
import pytest
from panel import LONG, cells, click, finished, menu_action
from qgis import processing
from qgis.core import QgsApplication, QgsProcessingContext, QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtWidgets import QLineEdit, QMenu, QToolButton
from rasters import BANDS, DATES, HEIGHT, WIDTH, read, write_raster

pytestmark = pytest.mark.usefixtures("python")


@pytest.fixture
def unchecked(dock, layers):
    """The panel with the four dates, not looked at by the worker."""
    menu_action(dock, "All raster layers").trigger()
    dock.series.timer.stop()
    return dock


def choose(dock, text):
    """Choose a fix from the button's menu."""
    [action] = [action for action in dock.series.fix.menu().actions() if action.text().startswith(text)]
    action.trigger()


def checked(dock, qtbot):
    """Wait for the worker's answer."""
    qtbot.waitUntil(lambda: not dock.series.timer.isActive() and not dock.series.inspector.busy, timeout=LONG)


def test_what_is_there_twice_and_another_grid_are_mended_by_a_click_each(dock, layers, project, series, tmp_path, qtbot):
    path, place = tmp_path / "s2_2021-07-01.tif", (430100.0, 4650000.0)
    write_raster(path, np.random.default_rng(3).integers(500, 2500, (4, HEIGHT, WIDTH)).astype("uint16"), BANDS, origin=place)
    project.addMapLayers([QgsRasterLayer(series[1], "a copy")])
    menu_action(dock, "All raster layers").trigger()
    checked(dock, qtbot)
    assert "2021-04-18 is given twice" in dock.series.notes.text() and not dock.series.fix.isHidden()
    assert "see below" in cells(dock, "Status") and "missing" not in cells(dock, "Date")
    project.addMapLayer(QgsRasterLayer(str(path), "elsewhere"))
    choose(dock, "Remove what is there twice (1)")
    assert len(cells(dock, "Name")) == 4
    menu_action(dock, "All raster layers").trigger()
    dock.series.remove_rows([cells(dock, "Name").index("a copy")] if "date 1" in cells(dock, "Name") else [])
    checked(dock, qtbot)
    assert "do not share one grid" in dock.series.notes.text()
    choose(dock, "Warp all dates to one grid")
    assert dock.options.more.align.isChecked() and dock.settings().align
    checked(dock, qtbot)
    assert dock.series.error == ""
    assert cells(dock, "Date") == [*DATES, "2021-07-01"]


def test_the_rasters_of_a_folder_are_warped_to_one_grid_too(dock, tmp_path, qtbot):
    for day, place in (("2021-06-01", (430000.0, 4650000.0)), ("2021-07-01", (430100.0, 4650000.0))):
        numbers = np.random.default_rng(3).integers(500, 2500, (4, HEIGHT, WIDTH)).astype("uint16")
        write_raster(tmp_path / f"s2_{day}.tif", numbers, BANDS, origin=place)
    dock.series.source.kind.setCurrentIndex(1)
    dock.series.source.folder.setFilePath(str(tmp_path))
    qtbot.waitUntil(lambda: "do not share one grid" in dock.series.notes.text(), timeout=LONG)
    choose(dock, "Warp all dates to one grid")
    qtbot.waitUntil(lambda: bool(dock.series.report), timeout=LONG)
    assert dock.series.error == "" and cells(dock, "Date") == ["2021-06-01", "2021-07-01"]


def test_of_pixels_of_two_sizes_the_finer_are_counted(unchecked, layers, project, tmp_path, qtbot):
    coarse = np.random.default_rng(3).integers(500, 2500, (4, HEIGHT // 2, WIDTH // 2)).astype("uint16")
    write_raster(tmp_path / "s2_2021-03-01.tif", coarse, BANDS, pixel=20.0)
    project.addMapLayer(QgsRasterLayer(str(tmp_path / "s2_2021-03-01.tif"), "the first"))
    menu_action(unchecked, "All raster layers").trigger()
    unchecked.options.more.align.setChecked(True)
    checked(unchecked, qtbot)
    assert cells(unchecked, "Name")[0] == "the first"
    unchecked.options.extent.setOutputExtentFromUser(QgsRectangle(430100, 4649800, 430200, 4649900), layers[0].crs())
    assert "40 x 40 pixels of 2.5 m" in unchecked.bar.estimate.text()


def test_a_row_has_a_menu_of_its_own(unchecked, qtbot):
    panel = unchecked.series

    def menu_of(row):
        panel.table.customContextMenuRequested.emit(panel.table.visualRect(panel.model.index(row, 0)).center())
        return panel.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)[-1]

    menu = menu_of(2)
    assert [action.text() for action in menu.actions()] == ["Set the date of date 2…", "Remove date 2"]
    menu.actions()[0].trigger()
    menu.close()
    [editor] = panel.table.viewport().findChildren(QLineEdit)
    editor.setText("2021-05-09")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: cells(unchecked, "Date")[2] == "2021-05-09")
    panel.timer.stop()
    assert unchecked.settings().given == {panel.items[2].path: "2021-05-09"}
    menu = menu_of(0)
    menu.actions()[1].trigger()
    menu.close()
    assert cells(unchecked, "Name") == ["date 1", "date 2", "date 3"]


def test_cloudy_and_empty_dates_can_be_removed_and_a_folders_cannot(sitsr):
    from sitsr.sitsr_plugin.core.series_fixes import series_fixes
    from sitsr.sitsr_plugin.core.series_rows import SeriesRow

    found = (("a", "ok"), ("b", "cloudy"), ("c", "no data"))
    rows = [SeriesRow(name, (name,), "2021-01-01", status=status, path=name) for name, status in found]
    assert [(fix.text, fix.rows) for fix in series_fixes(rows, True)] == [
        ("Remove dates without data (1)", (2,)), ("Remove cloudy dates (1)", (1,)),
    ]  # fmt: skip
    assert series_fixes(rows, False) == []


def test_masks_go_with_a_folder_too(dock, series, project, tmp_path):
    from sitsr.sitsr_plugin.core.dock_parameters import series_parameters

    write_raster(tmp_path / "clear.tif", np.ones((1, HEIGHT, WIDTH), "uint8"))
    project.addMapLayer(QgsRasterLayer(str(tmp_path / "clear.tif"), "clear"))
    dock.series.source.kind.setCurrentIndex(1)
    dock.series.source.folder.setFilePath(str(tmp_path))
    more = dock.options.more
    more.masks.showPopup()
    more.masks.hidePopup()
    more.masks.setCurrentIndex(more.masks.findText("Masks clear (1)"))
    dock.series.timer.stop()
    parameters = series_parameters(dock.settings())
    assert more.masks.isEnabled() and parameters["FOLDER"] == str(tmp_path)
    assert [project.mapLayer(one).name() for one in parameters["MASKS"]] == ["clear"]


def test_masks_uncertainty_and_clear_dates(unchecked, layers, project, folder, tmp_path, qtbot):
    """The first date's left half is masked; the masks' order in their group is not that of the series."""
    group = project.layerTreeRoot().addGroup("clouds")
    for number, date in reversed(list(enumerate(DATES))):
        clear = np.ones((1, HEIGHT, WIDTH), "uint8")
        clear[:, :, : WIDTH // 2] = number > 0
        write_raster(tmp_path / f"mask_{date}.tif", clear)
        layer = QgsRasterLayer(str(tmp_path / f"mask_{date}.tif"), f"mask {date}")
        project.addMapLayer(layer, False)
        group.addLayer(layer)
    more = unchecked.options.more
    more.masks.showPopup()
    more.masks.hidePopup()
    more.masks.setCurrentIndex(more.masks.findText("Masks clouds (4)"))
    unchecked.series.timer.stop()
    more.uncertainty.click()
    more.clear_count.click()
    unchecked.options.output.setFilePath(str(folder / "june.tif"))
    settings = unchecked.settings()
    assert [project.mapLayer(one).name() for one in settings.masks] == [f"mask {date}" for date in DATES]
    click(unchecked.bar.run, qtbot)
    finished(unchecked, qtbot)
    assert unchecked.bar.status.text().startswith("Done"), unchecked.bar.status.text()
    assert sorted(path.name for path in folder.glob("*.tif")) == ["june.tif", "june_clear_count.tif", "june_std.tif"]
    made = {layer.name(): project.layerTreeRoot().findLayer(layer.id()).parent().name() for layer in project.mapLayers().values()}
    assert {name for name, parent in made.items() if parent == "sitsr"} == {
        f"{kind} 2021-06-02" for kind in ("Super-resolved", "Uncertainty", "Clear dates")
    }
    count, _, _ = read(folder / "june_clear_count.tif")
    assert count.dtype == np.uint8 and (count[0, :, : 2 * WIDTH] == 3).all() and (count[0, :, 2 * WIDTH :] == 4).all()
    # kept in the project, and forgotten with the layers
    unchecked.restore()
    unchecked.series.timer.stop()
    assert unchecked.settings() == settings and not more.isCollapsed()
    project.removeMapLayers(settings.masks)
    unchecked.series.timer.stop()
    assert unchecked.settings().masks == []
    unchecked.options.mode.setCurrentIndex(2)
    assert not more.uncertainty.isEnabled()


def test_orientations_are_averaged_and_remembered(unchecked, layers, series, project, folder, qtbot):
    box = "430100,430180,4649800,4649880 [EPSG:32631]"
    unchecked.options.extent.setOutputExtentFromUser(QgsRectangle(430100, 4649800, 430180, 4649880), layers[0].crs())
    more = unchecked.options.more
    more.orientations.setCurrentIndex(more.orientations.findText("Two", Qt.MatchFlag.MatchStartsWith))
    unchecked.options.output.setFilePath(str(folder / "two.tif"))
    click(unchecked.bar.run, qtbot)
    finished(unchecked, qtbot)
    assert unchecked.bar.status.text().startswith("Done"), unchecked.bar.status.text()
    processing.run("sitsr:superresolvetimeseries", {"INPUT": series, "EXTENT": box, "OUTPUT": str(folder / "one.tif")})
    jobs = [json.loads((folder / f"{name}.tif.job.json").read_text()) for name in ("one", "two")]
    assert [job["orientations"] for job in jobs] == [1, 2]
    one, two = (read(folder / f"{name}.tif")[0].astype(float) for name in ("one", "two"))
    assert 0 < np.abs(one - two).mean() < 0.05 * one.mean()
    more.orientations.setCurrentIndex(more.orientations.findData(8))
    more.setCollapsed(True)
    unchecked.restore()
    unchecked.series.timer.stop()
    assert unchecked.settings().orientations == 8 and not more.isCollapsed()


def test_the_algorithm_takes_each_number_of_orientations(plugin, series, tmp_path):
    algorithm = QgsApplication.processingRegistry().algorithmById("sitsr:superresolvetimeseries").create()
    given = {"INPUT": series, "OUTPUT": str(tmp_path / "fine.tif")}
    jobs = [algorithm.describe({**given, **asked}, QgsProcessingContext()) for asked in ({}, *({"ORIENTATIONS": n} for n in range(4)))]
    assert [job["orientations"] for job in jobs] == [1, 1, 2, 4, 8]
    assert [text.split()[0].strip(":,") for text in algorithm.parameterDefinition("ORIENTATIONS").options()] == [
        "One",
        "Two",
        "Four",
        "Eight",
    ]


def test_a_rectangle_drawn_on_the_map_is_the_area(unchecked, layers, iface, qtbot):
    iface.canvas.resize(320, 320)
    iface.canvas.setDestinationCrs(layers[0].crs())
    iface.canvas.setExtent(QgsRectangle(430000, 4649680, 430400, 4650000))
    [button] = [one for one in unchecked.options.extent.findChildren(QToolButton) if one.menu()]
    # "Draw on Canvas", which newer QGIS calls "Draw on Map Canvas"
    [draw] = [action for action in button.menu().actions() if action.text().startswith("Draw on ")]
    draw.trigger()
    to_pixel = iface.canvas.mapSettings().mapToPixel()
    corners = (to_pixel.transform(*corner) for corner in ((430100, 4649900), (430200, 4649800)))
    begin, end = (QPoint(int(place.x()), int(place.y())) for place in corners)
    view = iface.canvas.viewport()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=begin)
    qtbot.mouseMove(view, end)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=end)
    west, east, *_ = (float(text) for text in unchecked.options.area().split(" ")[0].split(","))
    assert west == pytest.approx(430100, abs=5) and east == pytest.approx(430200, abs=5)
    assert unchecked.settings().extent.endswith("[EPSG:32631]")
