"""One run at a time of a Processing algorithm in the background, with what it says as signals in the main thread."""

from __future__ import annotations

from qgis.core import QgsProcessingFeedback, QgsProject
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..core.task import ALGORITHM, BackgroundRun


class SpokenFeedback(QgsProcessingFeedback):
    """A feedback whose sentences can be heard from another thread."""

    step = pyqtSignal(str)
    said = pyqtSignal(str, str)

    def __init__(self):
        super().__init__(False)
        self.error = ""

    def setProgressText(self, text):
        self.step.emit(text)

    def pushInfo(self, info):
        self.said.emit("info", info)

    def pushWarning(self, warning):
        self.said.emit("warning", warning)

    def reportError(self, error, fatalError=False):
        self.error = error
        self.said.emit("error", error)


class RunController(QObject):
    """Starts, cancels and forgets runs.

    Signals:
        progress: 0..100.
        step: what is being done, with the time left when it is known.
        said: (level, sentence); level is info, warning or error.
        ended: (succeeded, results, error sentence); not sent for an abandoned run.
    """

    progress = pyqtSignal(float)
    step = pyqtSignal(str)
    said = pyqtSignal(str, str)
    ended = pyqtSignal(bool, dict, str)

    def __init__(self, parent=None):
        super().__init__(parent)
        self.run = None
        self.cancelled = False
        self.leaving: list = []

    @property
    def busy(self) -> bool:
        """Whether a run is under way."""
        return self.run is not None

    def start(self, parameters: dict, algorithm: str = ALGORITHM, project: QgsProject | None = None) -> None:
        """Start a run; one that is under way is abandoned. Raises PluginError when the parameters are wrong."""
        self.abandon()
        feedback = SpokenFeedback()
        run = BackgroundRun(parameters, None, algorithm, project, feedback)
        run.on_finished = lambda succeeded, results: self.finish(run, succeeded, results)
        feedback.progressChanged.connect(self.progress)
        feedback.step.connect(self.step)
        feedback.said.connect(self.said)
        self.run, self.cancelled = run, False
        run.start()

    def finish(self, run: BackgroundRun, succeeded: bool, results: dict) -> None:
        """The present run ended."""
        if run is self.run:
            self.run = None
            self.ended.emit(succeeded, results, run.feedback.error)

    def cancel(self) -> None:
        """Stop the run; ``ended`` follows within two seconds."""
        if self.run is not None:
            self.cancelled = True
            self.run.cancel()

    def abandon(self) -> None:
        """Stop the run and hear no more of it."""
        if self.run is None:
            return
        run, self.run = self.run, None
        for signal in (run.feedback.progressChanged, run.feedback.step, run.feedback.said):
            signal.disconnect()
        run.abandon()
        # kept until it has ended: its thread still uses it
        self.leaving = [old for old in self.leaving if not old.wait(0)] + [run]

    def close(self) -> None:
        """Abandon the run and wait for every thread to end, at most a few seconds."""
        self.abandon()
        for run in self.leaving:
            run.wait()
        self.leaving.clear()
