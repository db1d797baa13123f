"""The window that lists the models with their cards, adds one from a file and removes added ones."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QCursor
from qgis.PyQt.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
)

from ..core import PluginError, tr
from ..core.model_card import card_html
from ..core.models import DEFAULT, add_model, models, remove_model
from .explain import explain


class ModelsDialog(QDialog):
    """Models on the left, the chosen one's card on the right."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self.setWindowTitle(tr("sitsr: models"))
        self.list, self.card, self.status = QListWidget(), QTextBrowser(), QLabel()
        self.status.setWordWrap(True)
        self.status.setTextFormat(Qt.TextFormat.PlainText)
        self.add_button, self.remove_button = QPushButton(tr("Add from a file…")), QPushButton(tr("Remove"))
        explain(tr("The models that a run can take"), self.list)
        explain(tr("What the chosen model was trained on, and how well it does"), self.card)
        explain(tr("Check a model file and copy it into the QGIS profile"), self.add_button)
        explain(tr("Delete the added model from the QGIS profile"), self.remove_button)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(self.list)
        parts.addWidget(self.card)
        parts.setStretchFactor(0, 1)
        parts.setStretchFactor(1, 3)
        parts.setChildrenCollapsible(False)
        buttons = QHBoxLayout()
        buttons.addWidget(self.add_button)
        buttons.addWidget(self.remove_button)
        buttons.addStretch(1)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.addWidget(parts, 1)
        layout.addWidget(self.status)
        layout.addLayout(buttons)
        self.resize(self.fontMetrics().averageCharWidth() * 110, self.fontMetrics().height() * 34)
        self.list.currentItemChanged.connect(lambda *_: self.show_card())
        self.add_button.clicked.connect(lambda: self.choose_file())
        self.remove_button.clicked.connect(lambda: self.remove())
        close.rejected.connect(self.reject)
        self.fill()

    def fill(self, chosen: str = "") -> None:
        """List the models and show the chosen one's card, else the first's."""
        self.list.clear()
        for model in models():
            text = tr("{name} (comes with sitsr)") if model.bundled else tr("{name} (added)")
            if model.bundled and model.name == DEFAULT:
                text = tr("{name} (the default)")
            item = QListWidgetItem(text.format(name=model.name))
            item.setData(Qt.ItemDataRole.UserRole, model)
            self.list.addItem(item)
            if model.name == chosen or self.list.count() == 1:
                self.list.setCurrentItem(item)
        self.show_card()

    def chosen(self):
        """The chosen model, None when there is none."""
        item = self.list.currentItem()
        return item.data(Qt.ItemDataRole.UserRole) if item is not None else None

    def show_card(self) -> None:
        """The chosen model's card; only added models can be removed."""
        model = self.chosen()
        self.card.setHtml(card_html(model) if model is not None else "")
        self.remove_button.setEnabled(model is not None and not model.bundled)

    def choose_file(self) -> None:
        """Ask for a file and add it."""
        path, _ = QFileDialog.getOpenFileName(self, tr("Add a model"), "", tr("Models (*.safetensors)"))
        if path:
            self.add(Path(path))

    def add(self, path: Path) -> None:
        """Check a file and add it; the sentence below the list says how it went."""
        self.status.setText(tr("Checking '{name}' ...").format(name=path.name))
        self.setEnabled(False)
        QgsApplication.setOverrideCursor(QCursor(Qt.CursorShape.WaitCursor))
        try:
            model = add_model(path)
        except PluginError as error:
            self.status.setText(str(error))
        else:
            self.fill(model.name)
            self.status.setText(tr("'{name}' was added. Give this name as the model of a run.").format(name=model.name))
        finally:
            QgsApplication.restoreOverrideCursor()
            self.setEnabled(True)

    def remove(self) -> None:
        """Remove the chosen model."""
        model = self.chosen()
        try:
            remove_model(model)
        except PluginError as error:
            self.status.setText(str(error))
            return
        self.fill()
        self.status.setText(tr("'{name}' was removed.").format(name=model.name))
