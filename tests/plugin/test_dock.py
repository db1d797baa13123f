"""The panel, clicked as a user would, through to finished layers."""

import json
from pathlib import Path

import pytest
from panel import LONG, cells, click, finished, menu_action, type_date
from qgis.core import QgsApplication, QgsPointXY, QgsProject, QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QDialog, QDockWidget, QScrollArea
from rasters import BANDS, DATES, HEIGHT, WIDTH, read, write_series

try:  # Qt 6 moved QAction
    from qgis.PyQt.QtGui import QAction
except ImportError:
    from qgis.PyQt.QtWidgets import QAction

pytestmark = pytest.mark.usefixtures("python")


def test_layers_fill_the_table(filled):
    assert cells(filled, "Name") == ["date 0", "date 1", "date 2", "date 3"]
    assert cells(filled, "Date") == list(DATES)
    assert set(cells(filled, "Date from")) == {"file name"}
    assert all(float(text) > 50 for text in cells(filled, "Clear %"))
    assert "pace" not in filled.bar.estimate.text()
    assert f"{4 * WIDTH} x {4 * HEIGHT} pixels of 2.5 m, {len(BANDS)} bands" in filled.bar.estimate.text()
    assert filled.bar.run.isEnabled() and not filled.bar.cancel.isEnabled() and filled.bar.resume.isHidden()


def test_an_empty_panel_offers_nothing_to_run(dock):
    assert cells(dock, "Name") == []
    assert not dock.bar.run.isEnabled() and not dock.bar.preview.isEnabled()


def test_the_panel_may_be_as_narrow_as_others(dock):
    assert dock.minimumSizeHint().width() <= 400


def test_a_narrow_panel_scrolls_up_and_down_only(dock, iface, qtbot):
    iface.window.show()
    dock.setFloating(True)
    dock.resize(120, 400)
    [area] = dock.findChildren(QScrollArea)
    qtbot.waitUntil(lambda: area.height() < 400 and area.verticalScrollBar().maximum() > 0)
    assert area.horizontalScrollBar().maximum() == 0
    dock.setFloating(False)


def test_a_group_and_the_selection_can_be_added(dock, layers, iface, project):
    group = project.layerTreeRoot().addGroup("spring")
    for layer in layers[:2]:
        group.addLayer(layer)
    menu_action(dock, "Group spring (2)").trigger()
    assert cells(dock, "Name") == ["date 0", "date 1"]
    assert not menu_action(dock, "Selected layers (0)").isEnabled()
    index = iface.tree.node2index(project.layerTreeRoot().findLayer(layers[3].id()))
    iface.tree.selectionModel().select(index, iface.tree.selectionModel().SelectionFlag.Select)
    menu_action(dock, "Selected layers (1)").trigger()
    assert cells(dock, "Name") == ["date 0", "date 1", "date 3"]


def test_a_folder_and_a_date_typed_for_one_of_its_files(dock, series, qtbot):
    dock.series.source.kind.setCurrentIndex(1)
    dock.series.source.folder.setFilePath(str(Path(series[0]).parent))
    qtbot.waitUntil(lambda: bool(dock.series.report), timeout=LONG)
    assert cells(dock, "Date") == list(DATES)
    assert type_date(dock, 0, "2021-04-05")
    qtbot.waitUntil(lambda: bool(dock.series.report), timeout=LONG)
    assert cells(dock, "Date")[0] == "2021-04-05"
    assert cells(dock, "Date from")[0] == "typed" and cells(dock, "Date from")[1] == "file name"


def test_a_path_being_typed_is_not_looked_at_letter_by_letter(dock, series, qtbot, monkeypatch):
    from sitsr.sitsr_plugin.gui import series_panel

    looked, real = [], series_panel.folder_items
    monkeypatch.setattr(series_panel, "folder_items", lambda folder: looked.append(folder) or real(folder))
    dock.series.source.kind.setCurrentIndex(1)
    path = str(Path(series[0]).parent)
    qtbot.keyClicks(dock.series.source.folder.lineEdit(), path)
    qtbot.waitUntil(lambda: len(cells(dock, "Name")) == len(series), timeout=LONG)
    assert looked == [path]


def test_a_folder_without_rasters_is_told(dock, tmp_path, qtbot):
    dock.series.source.kind.setCurrentIndex(1)
    dock.series.source.folder.setFilePath(str(tmp_path))
    qtbot.waitUntil(lambda: dock.series.notes.text() == f"There are no rasters in '{tmp_path}'.")
    dock.series.source.kind.setCurrentIndex(0)
    dock.series.source.tell()
    assert dock.series.notes.text().startswith("Add images")


def test_a_whole_disk_is_not_walked_through(dock, tmp_path, monkeypatch):
    from sitsr.sitsr_plugin.core import series_rows

    for number in range(6):
        (tmp_path / f"{number}").mkdir()
        (tmp_path / f"{number}" / "image.tif").touch()
    monkeypatch.setattr(series_rows, "MOST_ENTRIES", 8)
    assert len(series_rows.folder_items(str(tmp_path))) == 2


def test_a_stack_with_its_dates_in_a_line(dock, tmp_path, qtbot):
    import numpy as np
    from rasters import write_raster

    arrays = [read(path)[0] for path in write_series(tmp_path, DATES[:2])]
    write_raster(tmp_path / "stack.tif", np.concatenate(arrays))
    dock.series.source.kind.setCurrentIndex(2)
    dock.series.source.stack.setFilePath(str(tmp_path / "stack.tif"))
    dock.series.source.stack_dates.setText("2021-04-03, 2021-04-18")
    dock.series.source.stack_dates.editingFinished.emit()
    qtbot.waitUntil(lambda: bool(dock.series.report), timeout=LONG)
    assert cells(dock, "Date") == list(DATES[:2])
    assert not dock.series.model.flags(dock.series.model.index(0, 1)) & Qt.ItemFlag.ItemIsEditable


def test_a_date_can_be_corrected(filled, layers, qtbot):
    assert type_date(filled, 1, "2021-04-20")
    qtbot.waitUntil(lambda: bool(filled.series.report), timeout=LONG)
    assert cells(filled, "Date")[1] == "2021-04-20"
    assert not type_date(filled, 1, "last spring")
    assert "'last spring' is not a date" in filled.bar.status.text()


def test_a_typed_date_goes_with_its_layer(filled, qtbot):
    assert type_date(filled, 0, "2021-04-05")
    qtbot.waitUntil(lambda: bool(filled.series.report), timeout=LONG)
    filled.series.table.selectRow(0)
    with qtbot.waitSignal(filled.series.checked, timeout=LONG):
        click(filled.series.remove, qtbot)
    assert filled.series.error == ""
    assert cells(filled, "Date") == list(DATES[1:])


def test_a_missing_date_is_asked_for_and_typed(dock, project, tmp_path, qtbot):
    paths = [Path(path) for path in write_series(tmp_path, DATES[:2])]
    nameless = paths[0].rename(tmp_path / "nameless.tif")
    project.addMapLayers([QgsRasterLayer(str(path), path.stem) for path in (nameless, paths[1])])
    with qtbot.waitSignal(dock.series.checked, timeout=LONG):
        menu_action(dock, "All raster layers").trigger()
    assert cells(dock, "Status")[cells(dock, "Name").index("nameless")] == "type a date"
    dock.series.table.selectRow(cells(dock, "Name").index("nameless"))
    assert "The date is missing or doubtful" in dock.series.notes.text()
    assert "nameless: Correct the date in the Date column" in dock.series.notes.text()
    for button in (dock.bar.run, dock.bar.preview):
        assert not button.isEnabled() and button.toolTip() == dock.series.error
    type_date(dock, cells(dock, "Name").index("nameless"), "2021-04-03")
    qtbot.waitUntil(lambda: bool(dock.series.report), timeout=LONG)
    assert cells(dock, "Date") == list(DATES[:2])
    assert dock.bar.run.isEnabled() and dock.bar.run.toolTip().startswith("Start computing")


def test_run_to_finished_layers(filled, layers, project, folder, qtbot):
    filled.options.output.setFilePath(str(folder / "june.tif"))
    click(filled.bar.run, qtbot)
    assert filled.bar.cancel.isEnabled() and not filled.bar.run.isEnabled()
    finished(filled, qtbot)
    assert filled.bar.status.text().startswith("Done in"), filled.bar.status.text()
    [layer] = [layer for layer in project.mapLayers().values() if layer not in layers]
    assert (layer.name(), layer.width()) == ("Super-resolved 2021-06-02", 4 * WIDTH)
    assert Path(layer.source()) == folder / "june.tif"
    assert project.layerTreeRoot().findLayer(layer.id()).parent().name() == "sitsr"
    assert filled.bar.run.isEnabled() and filled.bar.bar.isHidden()
    assert "MB of memory" in filled.bar.log.toPlainText()
    assert "at the pace of the last run" in filled.bar.estimate.text()


def test_ticked_dates_of_an_area_go_to_a_temporary_folder(filled, layers, project, qtbot):
    filled.options.target.setCurrentIndex(1)
    for row in (0, 2):
        assert filled.series.model.setData(filled.series.model.index(row, 1), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    filled.options.extent.setOutputExtentFromUser(QgsRectangle(430100, 4649800, 430200, 4649900), layers[0].crs())
    assert "2 dates of 40 x 40 pixels" in filled.bar.estimate.text()
    click(filled.bar.run, qtbot)
    finished(filled, qtbot)
    made = sorted((layer.name(), layer.width()) for layer in project.mapLayers().values() if layer not in layers)
    assert made == [("Super-resolved 2021-04-03", 40), ("Super-resolved 2021-05-08", 40)], filled.bar.status.text()


def test_ticking_nothing_is_one_sentence(filled, qtbot):
    filled.options.target.setCurrentIndex(1)
    click(filled.bar.run, qtbot)
    assert filled.bar.status.text().startswith("No target date is chosen.")
    assert not filled.controller.busy


def test_settings_are_remembered_in_the_project(filled, layers, project, tmp_path, qtbot):
    filled.options.bands.setCurrentIndex(1)
    filled.options.target.setCurrentIndex(3)
    filled.options.mode.setCurrentIndex(2)
    filled.options.model.setCurrentIndex(filled.options.model.findData("base"))
    filled.options.extent.setOutputExtentFromUser(QgsRectangle(430100, 4649800, 430200, 4649900), layers[0].crs())
    filled.options.output.setFilePath(str(tmp_path / "kept.tif"))
    assert type_date(filled, 0, "2021-04-04")
    before = filled.settings()
    path = str(tmp_path / "project.qgz")
    assert project.write(path)
    project.clear()
    assert cells(filled, "Name") == [] and filled.options.mode.currentIndex() == 0 and filled.options.model.chosen() == ""
    assert filled.options.band_roles() == "" and filled.options.area() == ""
    assert project.read(path)
    assert filled.settings() == before
    assert before.mode == 2 and before.model == "base" and before.bands.startswith("B02=1") and before.extent.startswith("430100,430200")
    assert cells(filled, "Name") == ["date 0", "date 1", "date 2", "date 3"]
    assert cells(filled, "Date")[0] == "2021-04-04"


def test_damaged_settings_are_defaults(dock, project):
    from sitsr.sitsr_plugin.core.dock_settings import DockSettings, load_settings

    for text in ("no JSON", "[1]", json.dumps({"mode": "two", "layers": 3, "unknown": 1})):
        project.writeEntry("sitsr", "dock", text)
        assert load_settings(project) == DockSettings()


def test_a_layer_that_leaves_the_project_leaves_the_series(filled, layers, project, qtbot):
    project.removeMapLayer(layers[0].id())
    assert cells(filled, "Name") == ["date 1", "date 2", "date 3"]
    qtbot.waitUntil(lambda: bool(filled.series.report), timeout=LONG)
    assert cells(filled, "Date") == list(DATES[1:])


def test_the_panel_works_without_a_main_window(plugin, project, layers, qtbot):
    from sitsr.sitsr_plugin.gui.dock import SeriesDock

    panel = SeriesDock(None, project)
    qtbot.addWidget(panel)
    menu_action(panel, "All raster layers").trigger()
    panel.messages.tell("warning", "a sentence")
    assert panel.bar.status.text() == "a sentence"
    qtbot.waitUntil(lambda: bool(panel.series.report), timeout=LONG)
    panel.close_down()


def test_the_button_follows_the_panel(dock, plugin, iface):
    iface.window.show()
    [action] = [action for action in iface.toolbar.actions() if action.objectName() == "sitsrPanel"]
    assert dock.isVisible() and action.isChecked()
    dock.close()
    assert not action.isChecked()
    action.trigger()
    assert plugin.dock is dock and dock.isVisible()


def test_reloading_five_times_leaves_nothing(sitsr, plugin, iface, qapp, qtbot):
    plugin.unload()
    qtbot.wait(50)
    before = count_parts(iface)
    for _ in range(5):
        loaded = sitsr.classFactory(iface)
        loaded.initGui()
        loaded.panel_action.setChecked(True)
        loaded.profile_action.trigger()
        loaded.profile.tool.canvasClicked.emit(QgsPointXY(0, 0), Qt.MouseButton.LeftButton)
        loaded.models_action.trigger()
        assert count_parts(iface) != before
        loaded.unload()
        qtbot.wait(50)
        assert count_parts(iface) == before
    plugin.initGui()


def count_parts(iface):
    """What the plugin could leave behind."""
    window, project = iface.window, QgsProject.instance()
    return (
        len(iface.toolbar.actions()),
        len(iface.raster_menu.actions()),
        len(window.findChildren(QDockWidget)),
        len(window.findChildren(QDialog)),
        len(window.findChildren(QAction)),
        len(iface.canvas.scene().items()),
        iface.canvas.mapTool(),
        len(QgsApplication.processingRegistry().providers()),
        QgsApplication.taskManager().count(),
        len(project.mapLayers()),
        iface.canvas.receivers(iface.canvas.mapToolSet),
        project.receivers(project.layersAdded),
        project.receivers(project.layersRemoved),
        iface.canvas.receivers(iface.canvas.extentsChanged),
        project.receivers(project.layersWillBeRemoved),
        project.receivers(project.readProject),
        project.receivers(project.cleared),
    )
