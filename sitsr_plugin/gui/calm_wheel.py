"""In what scrolls, the mouse wheel scrolls: it changes a control only after a click on it."""

from __future__ import annotations

from qgis.PyQt.QtCore import QEvent, QObject, Qt
from qgis.PyQt.QtWidgets import QAbstractSpinBox, QComboBox, QWidget


class CalmWheel(QObject):
    """Lets the wheel pass through what it watches, unless that has the focus."""

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Wheel and not watched.hasFocus():
            event.ignore()
            return True
        return False


def let_scroll(content: QWidget) -> None:
    """The wheel over any choice, number or date in ``content``, which scrolls, goes to the scrolling: no setting changes unseen."""
    calm = CalmWheel(content)
    for control in content.findChildren(QWidget):
        if isinstance(control, (QComboBox, QAbstractSpinBox)):
            control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            control.installEventFilter(calm)
