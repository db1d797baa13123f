"""The choice of a model by its name."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QComboBox

from ..core import tr
from ..core.models import models


class ModelChoice(QComboBox):
    """Every model, the default one first; the list is read again whenever it is opened, since models are added and removed elsewhere."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self.fill("")

    def fill(self, chosen: str) -> None:
        """List the models and choose one; a name that is not there stays listed, so that a run says that it is missing."""
        silent = self.blockSignals(True)
        self.clear()
        self.addItem(tr("Default"), "")
        self.setItemData(0, tr("The model that sitsr takes when none is named: small and fast."), Qt.ItemDataRole.ToolTipRole)
        for model in models():
            self.addItem(model.name, model.name)
            self.setItemData(self.count() - 1, model.card.get("description", ""), Qt.ItemDataRole.ToolTipRole)
        if self.findData(chosen) < 0:
            self.addItem(chosen, chosen)
        self.setCurrentIndex(self.findData(chosen))
        self.blockSignals(silent)

    def chosen(self) -> str:
        """The model's name; empty for the default one."""
        return self.currentData() or ""

    def showPopup(self) -> None:
        """Qt opens the list."""
        self.fill(self.chosen())
        super().showPopup()
