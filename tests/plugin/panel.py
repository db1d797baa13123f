"""What tests do with the panel."""

import os

from qgis.PyQt.QtCore import Qt

LONG = 1000 * int(os.environ.get("SITSR_TEST_PATIENCE", "180"))  # ms; more on a machine that does other things


def menu_action(dock, text):
    """An entry of the menu that adds layers."""
    dock.series.source.menu.aboutToShow.emit()
    [action] = [action for action in dock.series.source.menu.actions() if action.text().startswith(text)]
    return action


def cells(dock, column):
    """The texts of a column of the table."""
    model = dock.series.model
    heads = [model.headerData(number, Qt.Orientation.Horizontal) for number in range(model.columnCount())]
    return [model.index(row, heads.index(column)).data() for row in range(model.rowCount())]


def type_date(dock, row, text):
    """Type into the Date column."""
    return dock.series.model.setData(dock.series.model.index(row, 1), text)


def finished(dock, qtbot):
    """Wait for the run to end."""
    qtbot.waitUntil(lambda: not dock.controller.busy, timeout=LONG)


def click(button, qtbot):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
