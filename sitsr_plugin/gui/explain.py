"""What a control is for, where users look for it: in its tooltip and under "What's this?" (Shift+F1)."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QWidget


def explain(text: str, *widgets: QWidget) -> None:
    """Say what these widgets are for; parts of a widget take it from the whole."""
    for widget in widgets:
        widget.setToolTip(text)
        widget.setWhatsThis(text)
