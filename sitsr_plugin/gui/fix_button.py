"""A button whose menu offers what can be done about a series."""

from __future__ import annotations

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QMenu, QToolButton

from ..core import tr
from .explain import explain


class FixButton(QToolButton):
    """Hidden while there is nothing to do.

    Signals:
        chosen: the ``Fix`` that the user chose.
    """

    chosen = pyqtSignal(object)

    def __init__(self, parent=None):
        super().__init__(parent)
        self.setObjectName("fix")
        explain(tr("What can be done about it"), self)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setMenu(QMenu(self))
        self.offer([])

    def offer(self, fixes: list) -> None:
        """Offer these fixes."""
        self.setText(tr("Fix ({count})").format(count=len(fixes)))
        self.setVisible(bool(fixes))
        self.menu().clear()
        fill_menu(self.menu(), fixes, self.chosen.emit)


def fill_menu(menu: QMenu, fixes: list, chosen) -> None:
    """One entry a fix; ``chosen`` is called with it."""
    for fix in fixes:
        menu.addAction(fix.text).triggered.connect(lambda _=False, fix=fix: chosen(fix))
