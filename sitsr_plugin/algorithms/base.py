"""What all algorithms share: identity, and errors that become one sentence in the log."""

from __future__ import annotations

from qgis.core import QgsProcessingAlgorithm, QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback, QgsProperty
from qgis.PyQt.QtGui import QIcon

from ..core import PLUGIN_ROOT, PluginError, tr
from ..core.environment import check, find_interpreter
from ..core.guide import guide_url
from ..core.layers import flatten, is_for_the_worker
from ..core.places import require_places, with_written, write_text
from ..core.temporal import show_again
from ..core.worker_client import run_worker
from . import parameters as shared

ICON = PLUGIN_ROOT / "resources" / "icons" / "sitsr.svg"
UNSEEN = QgsProperty.fromExpression("''")  # which QGIS takes for a raster, not for a list, without looking at it


class WorkerAlgorithm(QgsProcessingAlgorithm):
    """An algorithm that describes a job and lets the worker compute."""

    raster_parameters: tuple = ()
    written_last: tuple = ()  # destinations of files that are written when all is computed
    guide_page = "README"
    written: tuple = ()  # the worker's records of the rasters that the run wrote

    def group(self):
        return tr("Time series")

    def groupId(self):
        return "timeseries"

    def icon(self):
        return QIcon(str(ICON))

    def svgIconPath(self):
        return str(ICON)

    def helpUrl(self):
        return guide_url(self.guide_page)

    def createInstance(self):
        return type(self)()

    def describe(self, parameters: dict, context: QgsProcessingContext) -> dict:
        """The job that these parameters mean. Raises PluginError."""
        raise PluginError(tr("This algorithm describes no job."))

    def late_places(self, job: dict, parameters: dict, context: QgsProcessingContext) -> list:
        """The files that are written when all is computed, as far as the user named them."""
        return list(filter(None, (shared.named_place(parameters.get(name), context) for name in self.written_last)))

    def checked_job(self, parameters: dict, context: QgsProcessingContext) -> dict:
        """The job that these parameters mean, whose results can be written. Raises PluginError."""
        job = self.describe(parameters, context)
        require_places(self.late_places(job, parameters, context))
        return job

    def checkParameterValues(self, parameters, context):
        try:
            self.checked_job(parameters, context)
        except PluginError as error:
            return False, str(error)
        parameters = self.what_qgis_opens(parameters, context)
        fine, message = super().checkParameterValues(parameters, context)
        if not fine and (culprit := self.unreadable(parameters, context)):
            message = tr("'{path}' cannot be read as a raster.").format(path=culprit)
        return fine, message

    def what_qgis_opens(self, parameters: dict, context: QgsProcessingContext) -> dict:
        """The parameters without what only the worker can open; of one that must be given, a stand-in."""
        opened = dict(parameters)
        for name in self.raster_parameters:
            entries = flatten(parameters.get(name), context)
            kept = [entry for entry in entries if not is_for_the_worker(entry)]
            if len(kept) < len(entries):
                may_lack = self.parameterDefinition(name).checkValueIsAcceptable(None)
                opened[name] = kept or (None if may_lack else UNSEEN)
        return opened

    def unreadable(self, parameters, context) -> str:
        """The first input that QGIS cannot open, for the message; empty when they all open."""
        for name in self.raster_parameters:
            for entry in flatten(parameters.get(name), context):
                if isinstance(entry, str) and not self.parameterAsLayerList({name: [entry]}, name, context):
                    return entry
        return ""

    def prepareAlgorithm(self, parameters, context, feedback):
        # here and not later: layers belong to the main thread
        try:
            self.job = self.checked_job(parameters, context)
        except PluginError as error:
            raise QgsProcessingException(str(error)) from error
        return True

    def postProcessAlgorithm(self, context, feedback):
        show_again(context.project(), [output for output in self.written if not context.willLoadLayerOnCompletion(output["path"])])
        return {}

    def geotiff(self, parameters, name: str, context) -> str:
        """The path of a raster destination. Raises QgsProcessingException when it asks for another format."""
        path = self.parameterAsOutputLayer(parameters, name, context)
        if not path.lower().endswith((".tif", ".tiff")):
            raise QgsProcessingException(tr("The result is a GeoTIFF: '{path}' must end in .tif.").format(path=path))
        return path

    def write_texts(self, texts: dict, parameters, context, before: tuple = ()) -> dict:
        """Write each text to the file destination of its name, if that was given.

        Args:
            texts: by the destinations' names.
            before: results that were written before, for the error if there is one.

        Returns:
            The paths by name.
        """
        written = {}
        for name, text in texts.items():
            path = self.parameterAsFileOutput(parameters, name, context)
            if not path:
                continue
            try:
                write_text(path, text)
            except PluginError as error:
                raise QgsProcessingException(with_written(error, [*before, *written.values()])) from error
            written[name] = path
        return written

    def compute(self, job: dict, feedback: QgsProcessingFeedback, task: str) -> dict:
        """Run the worker. Raises QgsProcessingException with the one sentence for the user."""
        try:
            interpreter = find_interpreter()
            check(interpreter)
            return run_worker(interpreter, job, feedback, task)
        except PluginError as error:
            raise QgsProcessingException(str(error)) from error


class SeriesAlgorithm(WorkerAlgorithm):
    """An algorithm on a series that the user gives."""

    raster_parameters = (shared.INPUT, shared.MASKS)

    def describe(self, parameters: dict, context: QgsProcessingContext) -> dict:
        """The job fields that say what the series is. Raises PluginError."""
        return shared.series_job(self, parameters, context)
