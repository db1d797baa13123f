"""What the user is asked before something is lost."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QMessageBox, QWidget

from ..core import tr


def may_replace(parent: QWidget, count: int, folder: str) -> bool:
    """Ask whether so many results in a folder may be replaced; they stay unless the user says yes."""
    text = (
        tr("'{folder}' holds a result that this run would replace.")
        if count == 1
        else tr("'{folder}' holds {count} results that this run would replace.")
    )
    again = tr("Replace it?") if count == 1 else tr("Replace them?")
    yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No
    question = f"{text.format(folder=folder, count=count)} {again}"
    return QMessageBox.question(parent, tr("Super-resolve time series"), question, yes | no, no) == yes
