"""A log that shows its last lines as they come, until the user scrolls up."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QPlainTextEdit


class LogView(QPlainTextEdit):
    """Read-only text. Qt's own following ends when the widget is resized or when long lines are wrapped later than they are added.

    Args:
        most_lines: earlier ones are dropped.
    """

    def __init__(self, most_lines: int, parent=None):
        super().__init__(parent)
        self.follows = True
        self.setReadOnly(True)
        self.setMaximumBlockCount(most_lines)
        bar = self.verticalScrollBar()
        bar.actionTriggered.connect(self.look)
        bar.rangeChanged.connect(self.follow)

    def look(self, *_) -> None:
        """The user scrolled: at the end new lines are followed, elsewhere not."""
        bar = self.verticalScrollBar()
        self.follows = bar.sliderPosition() >= bar.maximum()

    def follow(self, *_) -> None:
        """There is more or less to scroll."""
        if self.follows:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def clear(self) -> None:
        """Begin anew."""
        self.follows = True
        super().clear()
