"""Boxes to tick that are seen on dark ground too."""

from __future__ import annotations

from qgis.PyQt.QtGui import QPalette
from qgis.PyQt.QtWidgets import QStyledItemDelegate


class TickDelegate(QStyledItemDelegate):
    """Qt's Fusion style outlines a box in a darker shade of the window's colour, which vanishes in dark themes."""

    def initStyleOption(self, option, index):
        super().initStyleOption(option, index)
        option.palette.setColor(QPalette.ColorRole.Window, option.palette.color(QPalette.ColorRole.Text))
