"""Real QGIS without a display, the plugin loaded as QGIS loads it, and small real rasters."""

import importlib
import os
import sys
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["OMP_NUM_THREADS"] = "1"

ROOT = Path(__file__).resolve().parents[2]
PYTHON = Path(os.environ.get("SITSR_PYTHON") or ROOT / ".venv" / "bin" / "python")  # tests may take the variable away
sys.path.insert(0, str(Path(__file__).parent))

from interface import Interface  # noqa: E402
from rasters import write_series  # noqa: E402


@pytest.fixture(scope="session")
def qapp(tmp_path_factory):
    """One QGIS application with a profile of its own; pytest-qt uses it too."""
    from qgis.core import QgsApplication
    from qgis.PyQt.QtCore import QSettings

    home = tmp_path_factory.mktemp("home")
    os.environ["HOME"] = str(home)
    os.environ["XDG_RUNTIME_DIR"] = str(tmp_path_factory.mktemp("runtime"))
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(home / "settings"))
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(home / "settings"))
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], True, str(home / "profile"))
    application.initQgis()
    yield application
    application.exitQgis()


@pytest.fixture(scope="session")
def iface(qapp):
    """A main window with the parts of QGIS's that the plugin and Processing's dialogs touch."""
    import qgis.utils

    # Processing's modules copy it when they are imported
    qgis.utils.iface = Interface()
    yield qgis.utils.iface
    # a window that was shown must go before Qt does
    qgis.utils.iface.window.close()


@pytest.fixture(scope="session")
def sitsr(qapp, iface, tmp_path_factory):
    """The repository imported as the plugin folder ``sitsr``, with Processing ready."""
    folder = tmp_path_factory.mktemp("plugins")
    (folder / "sitsr").symlink_to(ROOT, target_is_directory=True)
    sys.path.insert(0, str(folder))
    sys.path.append("/usr/share/qgis/python/plugins")
    from processing.core.Processing import Processing

    Processing.initialize()
    return importlib.import_module("sitsr")


@pytest.fixture(scope="session")
def plugin(sitsr, iface):
    """The plugin, loaded."""
    loaded = sitsr.classFactory(iface)
    loaded.initGui()
    yield loaded
    loaded.unload()


@pytest.fixture
def python(monkeypatch):
    """The worker's interpreter, given by the environment variable."""
    assert PYTHON.exists(), "make the worker's environment first (make setup)"
    monkeypatch.setenv("SITSR_PYTHON", str(PYTHON))
    return str(PYTHON)


@pytest.fixture
def project(qapp):
    """An empty project."""
    from qgis.core import QgsProject

    QgsProject.instance().clear()
    yield QgsProject.instance()
    QgsProject.instance().clear()


@pytest.fixture(scope="session")
def series(tmp_path_factory):
    """Paths of four dates of one small place, uint16, four named bands, UTM."""
    return write_series(tmp_path_factory.mktemp("series"))


@pytest.fixture
def folder(tmp_path):
    """An empty folder for results."""
    made = tmp_path / "results"
    made.mkdir()
    return made


@pytest.fixture
def dock(plugin, iface, project, qtbot):
    """The panel, opened by the toolbar's button in an empty project."""
    plugin.panel_action.setChecked(True)
    yield plugin.dock
    plugin.panel_action.setChecked(False)
    plugin.unload()
    plugin.initGui()


@pytest.fixture
def layers(project, series):
    """The four dates as layers of the project."""
    from qgis.core import QgsRasterLayer

    layers = [QgsRasterLayer(path, f"date {number}") for number, path in enumerate(series)]
    project.addMapLayers(layers)
    return layers


@pytest.fixture
def filled(dock, layers, qtbot):
    """The panel with the four dates, looked at by the worker."""
    from panel import LONG, menu_action

    menu_action(dock, "All raster layers").trigger()
    qtbot.waitUntil(lambda: bool(dock.series.report), timeout=LONG)
    return dock


@pytest.fixture
def wheels(tmp_path):
    """An empty folder for wheels."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    return folder
