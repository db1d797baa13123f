"""The action, the dialog it opens, and the run as a background task."""

from itertools import combinations

import pytest
from qgis.core import QgsApplication, QgsLayerTreeLayer, QgsProcessingOutputLayerDefinition, QgsRasterLayer


@pytest.fixture
def opened(plugin, iface, project, series, qtbot):
    """The dialog, opened by the toolbar's action with three of four layers selected, one of them in a group."""
    layers = [QgsRasterLayer(path, f"date {number}") for number, path in enumerate(series)]
    project.addMapLayers(layers, False)
    root = project.layerTreeRoot()
    group = root.addGroup("summer")
    group.addLayer(layers[0])
    for layer in layers[1:]:
        root.addLayer(layer)
    for node in (group, root.findLayer(layers[1].id()), root.findLayer(layers[2].id())):
        index = iface.tree.node2index(node)
        iface.tree.selectionModel().select(index, iface.tree.selectionModel().SelectionFlag.Select)
    [action] = [action for action in iface.toolbar.actions() if action.text() == "Super-resolve time series"]
    action.trigger()
    yield plugin.dialog, layers
    plugin.dialog.close()


def test_the_dialog_has_the_selected_layers(opened):
    dialog, layers = opened
    assert dialog.isVisible()
    assert sorted(dialog.createProcessingParameters()["INPUT"]) == sorted(layer.source() for layer in layers[:3])


def test_the_dialog_can_be_seen(opened, qtbot, tmp_path):
    dialog, _ = opened
    dialog.resize(1000, 760)
    qtbot.wait(200)
    picture = dialog.grab()
    path = tmp_path / "dialog.png"
    assert picture.save(str(path))
    print(path)
    image = picture.toImage()
    colours = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
    assert len(colours) > 20


def test_the_menu_has_the_action(plugin, iface):
    [menu] = [entry.menu() for entry in iface.raster_menu.actions() if entry.text() == "sitsr"]
    assert [action.text() for action in menu.actions()] == [
        "Time series panel",
        "Super-resolve time series",
        "Temporal profile",
        "Try it on a sample series",
        "Python environment…",
        "Models…",
        "User guide",
    ]


def test_the_buttons_look_different_and_say_their_names(plugin, iface):
    actions = iface.toolbar.actions()
    images = [action.icon().pixmap(24, 24).toImage() for action in actions]
    assert all(one != other for one, other in combinations(images, 2))
    assert all(action.toolTip().startswith(f"{action.text()}\n") for action in actions)


def test_the_menu_opens_the_sample_series(plugin, python):
    plugin.sample_action.trigger()
    assert plugin.dialog.isVisible() and plugin.dialog.algorithm().name() == "tryit"
    plugin.dialog.close()


def test_the_sample_series_asks_for_an_environment_first(plugin, monkeypatch):
    from sitsr.sitsr_plugin.gui import environment_dialog

    monkeypatch.delenv("SITSR_PYTHON", raising=False)
    plugin.dialog = None
    plugin.sample_action.trigger()
    [dialog] = environment_dialog._shown
    assert dialog.isVisible() and plugin.dialog is None
    environment_dialog.remove_environment_dialog()


def test_the_panel_is_a_tab_beside_what_is_there(plugin, iface, project, qtbot):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtWidgets import QDockWidget

    other = QDockWidget("Toolbox", iface.window)
    iface.window.show()
    iface.window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, other)
    plugin.panel_action.setChecked(True)
    try:
        assert iface.window.tabifiedDockWidgets(other) == [plugin.dock] and plugin.panel_action.isChecked()
        qtbot.waitUntil(lambda: not plugin.dock.visibleRegion().isEmpty())
    finally:
        plugin.panel_action.setChecked(False)
        iface.window.removeDockWidget(other)
        other.deleteLater()
        plugin.unload()
        plugin.initGui()


def test_the_menu_opens_the_environment_and_unloading_takes_it_away(plugin, iface, python, qtbot):
    from sitsr.sitsr_plugin.gui import environment_dialog

    plugin.environment_action.trigger()
    [dialog] = environment_dialog._shown
    qtbot.waitUntil(lambda: dialog.task is None, timeout=120_000)
    assert dialog.isVisible()
    plugin.unload()
    assert not environment_dialog._shown
    plugin.initGui()


def test_a_task_with_wrong_parameters_is_not_started(plugin, project):
    from sitsr.sitsr_plugin.core.task import BackgroundRun

    with pytest.raises(Exception, match="No rasters were given"):
        BackgroundRun({"OUTPUT": "TEMPORARY_OUTPUT"})


def test_a_task_runs_and_loads_its_result(plugin, project, series, python, folder, qtbot):
    from sitsr.sitsr_plugin.core.task import BackgroundRun

    answers = []
    output = QgsProcessingOutputLayerDefinition(str(folder / "june.tif"), project)
    run = BackgroundRun({"INPUT": series, "TARGET": "2021-06-02", "OUTPUT": output}, lambda fine, results: answers.append((fine, results)))
    run.start()
    qtbot.waitUntil(lambda: bool(answers), timeout=60_000)
    fine, results = answers[0]
    assert fine, run.feedback.textLog()
    assert results["OUTPUT"] == str(folder / "june.tif")
    [layer] = project.mapLayers().values()
    assert layer.name() == "Super-resolved 2021-06-02"
    assert layer.width() == 160
    node = project.layerTreeRoot().findLayer(layer.id())
    assert isinstance(node, QgsLayerTreeLayer) and node.parent().name() == "sitsr"
    QgsApplication.processEvents()


def test_a_task_can_be_cancelled(plugin, project, series, python, folder, qtbot):
    from sitsr.sitsr_plugin.core.task import BackgroundRun

    answers = []
    run = BackgroundRun({"INPUT": series, "OUTPUT": str(folder / "never.tif")}, lambda fine, results: answers.append(fine))
    run.start()
    qtbot.wait(700)
    run.cancel()
    qtbot.waitUntil(lambda: bool(answers), timeout=2_500)
    assert answers == [False]
    assert not (folder / "never.tif").exists()
