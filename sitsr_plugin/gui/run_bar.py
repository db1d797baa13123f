"""Run, Cancel beside it, Resume and Preview; the progress and what the worker says."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from ..core import tr
from .explain import explain
from .log_view import LogView
from .narrow import with_breaks

STEPS = 1000
LOG_LINES = 500


class RunBar(QWidget):
    """The buttons and the progress of a run; what they do is the dock's."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self.estimate = QLabel()
        self.estimate.setWordWrap(True)
        self.status = QLabel()
        self.status.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setRange(0, STEPS)
        self.bar.setTextVisible(True)
        self.run = QPushButton(tr("Run"))
        self.run.setDefault(True)
        self.cancel = QPushButton(tr("Cancel"))
        self.resume = QPushButton(tr("Resume"))
        self.preview = QPushButton(tr("Preview"))
        explain(tr("Stop the run; finished tiles are kept"), self.cancel)
        self.purposes = {
            self.run: tr("Start computing in the background; QGIS stays usable"),
            self.resume: tr("Go on where the last run stopped: finished tiles are kept"),
            self.preview: tr("Super-resolve the middle of the map in a few seconds and compare it with the input"),
        }
        self.log = LogView(LOG_LINES)
        self.log.setFixedHeight(7 * self.log.fontMetrics().height())
        self.log.hide()
        self.show_log = QPushButton(tr("Log"))
        self.show_log.setCheckable(True)
        explain(tr("What the run said: device, memory, dates used"), self.show_log, self.log)
        self.show_log.toggled.connect(self.log.setVisible)
        buttons = QHBoxLayout()
        buttons.addWidget(self.preview)
        buttons.addWidget(self.show_log)
        buttons.addStretch()
        for button in (self.resume, self.run, self.cancel):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.estimate, self.bar, self.status):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        layout.addWidget(self.log)
        self.show_idle(False, False)

    def show_idle(self, ready: bool, resumable: bool, hindrance: str = "") -> None:
        """Nothing runs. ``ready``: there is a series; ``resumable``: a stopped run can go on; ``hindrance``: why none could succeed."""
        for button, purpose in self.purposes.items():
            button.setEnabled(ready and not hindrance)
            explain(hindrance or purpose, button)
        self.resume.setVisible(resumable)
        self.cancel.setEnabled(False)
        self.bar.hide()

    def show_running(self) -> None:
        """A run is under way."""
        for button in (self.run, self.preview, self.resume):
            button.setEnabled(False)
        self.cancel.setEnabled(True)
        self.log.clear()
        self.bar.setValue(0)
        self.bar.show()
        self.say(tr("Starting ..."))

    def show_progress(self, percent: float) -> None:
        """Percent done."""
        self.bar.setValue(round(percent * STEPS / 100))

    def say(self, text: str) -> None:
        """The line under the progress bar."""
        self.status.setText(with_breaks(text))
        self.status.setVisible(bool(text))

    def predict(self, text: str) -> None:
        """What is known of the result beforehand."""
        self.estimate.setText(text)
        self.estimate.setVisible(bool(text))
