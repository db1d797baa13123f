"""An algorithm as a background task: the same code path as the toolbox, with its result loaded into the project."""

from __future__ import annotations

import time
from collections.abc import Callable

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingUtils,
    QgsProject,
)
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QEventLoop

from . import PluginError, tr

ALGORITHM = "sitsr:superresolvetimeseries"


class BackgroundRun:
    """One run in QGIS's task manager. Keep it until it is finished.

    Args:
        parameters: those of the algorithm.
        on_finished: called in the main thread with (succeeded, results) after the layers are loaded.
        algorithm: its id.
        project: where the results go.
        feedback: told progress and messages, from the run's thread.

    Raises:
        PluginError: the parameters are wrong, or the algorithm is not there.
    """

    def __init__(
        self,
        parameters: dict,
        on_finished: Callable | None = None,
        algorithm: str = ALGORITHM,
        project: QgsProject | None = None,
        feedback: QgsProcessingFeedback | None = None,
    ):
        self.project = project or QgsProject.instance()
        self.on_finished = on_finished
        self.abandoned = False
        self.context = QgsProcessingContext()
        self.context.setProject(self.project)
        self.feedback = feedback or QgsProcessingFeedback()
        self.algorithm = QgsApplication.processingRegistry().createAlgorithmById(algorithm)
        if self.algorithm is None:
            raise PluginError(tr("The algorithm '{name}' is not registered.").format(name=algorithm), tr("Enable the Processing plugin."))
        fine, reason = self.algorithm.checkParameterValues(parameters, self.context)
        if not fine:
            raise PluginError(reason)
        self.task = QgsProcessingAlgRunnerTask(self.algorithm, parameters, self.context, self.feedback)
        self.task.executed.connect(self.finish)

    def start(self) -> None:
        """Hand the run to the task manager."""
        QgsApplication.taskManager().addTask(self.task)

    def cancel(self) -> None:
        """Stop within two seconds; nothing is written."""
        self.feedback.cancel()

    def abandon(self) -> None:
        """Stop, load nothing, and tell nobody: who started it is going away."""
        self.on_finished, self.abandoned = None, True
        self.feedback.cancel()

    def wait(self, seconds: float = 3.0) -> bool:
        """Wait for a cancelled run to end; whether it did."""
        until = time.monotonic() + seconds
        while not sip.isdeleted(self.task) and self.task.isActive() and time.monotonic() < until:
            # a task learns of its end by an event; sleeping lets its thread have the interpreter
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
            time.sleep(0.02)
        return sip.isdeleted(self.task) or not self.task.isActive()

    def finish(self, succeeded: bool, results: dict) -> None:
        """Load what the algorithm asked to be loaded, then tell the caller."""
        if succeeded and not self.abandoned:
            self.load_results()
        if self.on_finished is not None:
            self.on_finished(succeeded, results)

    def load_results(self) -> None:
        """Move the results into the project, as Processing's own dialog does."""
        for source, details in self.context.layersToLoadOnCompletion().items():
            layer = QgsProcessingUtils.mapLayerFromString(source, self.context)
            if layer is None:
                self.feedback.reportError(tr("'{path}' was written but cannot be loaded.").format(path=source))
                continue
            details.setOutputLayerName(layer)
            # of a file that the project shows already it is the project's own layer
            if self.context.temporaryLayerStore().takeMapLayer(layer) is not None:
                self.project.addMapLayer(layer)
            if details.postProcessor() is not None:
                details.postProcessor().postProcessLayer(layer, self.context, self.feedback)
