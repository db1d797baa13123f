"""Whoever points at a control reads what it is for; what is pointed at in the guide is there."""

import re
import sys
from pathlib import Path

import pytest
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QDateEdit, QDialogButtonBox, QLineEdit, QPlainTextEdit

ROOT = Path(__file__).resolve().parents[2]
CONTROLS = (QAbstractButton, QAbstractItemView, QComboBox, QDateEdit, QLineEdit, QPlainTextEdit)
PAGES = sorted((ROOT / "docs").glob("*.md"))
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def unexplained(window) -> list:
    """The controls of a window that neither they themselves nor what they are part of explain; not what Qt and QGIS put into theirs."""
    return [
        f"{type(control).__name__} {control.objectName()} {getattr(control, 'text', str)()}"
        for control in window.findChildren(CONTROLS)
        if not control.objectName().startswith(("qt_", "ScrollLeft", "ScrollRight"))
        and not any(isinstance(part, QDialogButtonBox) or part.isWindow() or part.whatsThis() for part in parts(control, window))
    ]


def parts(control, window):
    """The control and what it is part of, up to the window."""
    while control is not window:
        yield control
        control = control.parentWidget()


def test_every_control_of_the_panel_is_explained(dock):
    assert unexplained(dock.widget()) == []


def test_every_column_of_the_table_is_explained(dock):
    model = dock.series.model
    helps = {model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole) for column in range(model.columnCount())}
    assert len(helps) == model.columnCount() and all(helps)


def test_every_control_of_the_windows_is_explained(plugin, qtbot):
    from sitsr.sitsr_plugin.gui.environment_dialog import EnvironmentDialog
    from sitsr.sitsr_plugin.gui.models_dialog import ModelsDialog

    for window in (EnvironmentDialog(), ModelsDialog()):
        qtbot.addWidget(window)
        assert unexplained(window) == []


def test_the_menu_opens_the_guide(plugin, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda address: opened.append(address.toString()))
    plugin.guide_action.trigger()
    [address] = opened
    assert address.startswith("https://") and (ROOT / "docs" / address.rpartition("/")[2]).is_file()


def test_without_an_environment_the_panel_leads_to_one(dock, layers, qtbot, monkeypatch):
    from sitsr.sitsr_plugin.gui import environment_dialog

    monkeypatch.delenv("SITSR_PYTHON", raising=False)
    dock.series.source.set_layers([layer.id() for layer in layers])
    qtbot.waitUntil(lambda: bool(dock.series.error), timeout=5000)
    assert dock.series.notes.text() == "sitsr has no Python environment to compute in yet."
    for button in (dock.series.get_environment, dock.bar.run, dock.bar.preview):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        [window] = environment_dialog._shown
        assert window.isVisible() and not dock.controller.busy
        window.close()
    monkeypatch.setenv("SITSR_PYTHON", sys.executable)
    dock.series.show_notes()
    assert dock.series.get_environment.isHidden()


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md"], ids=lambda page: page.stem)
def test_links_and_pictures_of_the_guide_exist(page):
    targets = [target for target in LINK.findall(page.read_text(encoding="utf-8")) if not target.startswith(("http", "#"))]
    assert targets
    for target in targets:
        name, _, anchor = target.partition("#")
        path = (page.parent / name).resolve()
        assert path.is_file(), f"{page.name}: {target}"
        if anchor:
            heads = [slug(line.lstrip("# ")) for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
            assert anchor in heads, f"{page.name}: {target}"


def test_the_pages_are_those_that_the_index_lists_and_small():
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    assert {page.name for page in PAGES} - {"README.md"} <= set(LINK.findall(index))
    assert sum(path.stat().st_size for path in (ROOT / "docs").rglob("*") if path.is_file()) < 2_000_000


def test_the_guide_names_every_algorithm(plugin):
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    for algorithm in QgsApplication.processingRegistry().providerById("sitsr").algorithms():
        assert algorithm.displayName() in text, algorithm.id()


def slug(head: str) -> str:
    """The anchor that GitHub gives a head."""
    return re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-")
