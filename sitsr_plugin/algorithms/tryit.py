"""A result on screen within a minute: the sample series that comes with sitsr, super-resolved and judged."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingOutputNumber,
    QgsProcessingOutputRasterLayer,
    QgsProcessingOutputString,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterRasterDestination,
)

from ..core import PluginError, tr
from ..core.models import resolve_model
from ..core.temporal import load_with_date, write_styles
from . import parameters as shared
from . import run_parameters as run
from .base import WorkerAlgorithm
from .parameters import with_help
from .run_parameters import MODES, OUTPUT, OUTPUT_FOLDER

TRUTH = "TRUTH"
TARGET_DATE = "TARGET_DATE"
DATE_COUNT = "DATE_COUNT"
PSNR = "PSNR"
PSNR_BICUBIC = "PSNR_BICUBIC"
SECONDS = "SECONDS"


class TryIt(WorkerAlgorithm):
    """``sitsr:tryit``."""

    written_last = (OUTPUT,)
    guide_page = "tutorial"

    def name(self):
        return "tryit"

    def displayName(self):
        return tr("Try it on a sample series")

    def tags(self):
        return tr("sample,example,demo,tutorial,first steps,super-resolution,sentinel-2,time series").split(",")

    def shortDescription(self):
        return tr("Super-resolves a sample series that comes with sitsr and compares the result with the truth.")

    def shortHelpString(self):
        return tr(
            "Shows what sitsr does, without any data of yours. From a real Sentinel-2 scene of 10 m that comes with sitsr it simulates ten "
            "dates of 40 m, some of them cloudy, as GeoTIFFs with dates; then it super-resolves one of them to 10 m, finding dates, clouds "
            "and shifts by itself, and compares the result with the scene.\n"
            "The series, the result and the true scene are loaded with their dates and one stretch: switch layers on and off to compare "
            "them, or play them with the Temporal Controller. PSNR and PSNR_BICUBIC tell how near the result and plain bicubic "
            "interpolation come to the truth, in decibels; more is better.\n"
            "The series can be used afterwards as the input of Super-resolve time series and Inspect series."
        )

    def initAlgorithm(self, configuration=None):
        for definition in (
            run.mode_definition(),
            run.model_definition(),
            with_help(
                QgsProcessingParameterRasterDestination(OUTPUT, tr("Super-resolved image")),
                tr("A GeoTIFF. When it is loaded, the series and the true scene are too."),
            ),
            with_help(
                QgsProcessingParameterFolderDestination(OUTPUT_FOLDER, tr("Folder for the sample series")),
                tr("The ten dates go to its subfolder series, the true scene beside that."),
            ),
        ):
            self.addParameter(definition)
        for output in (
            QgsProcessingOutputRasterLayer(TRUTH, tr("True scene")),
            QgsProcessingOutputString(TARGET_DATE, tr("Date of the result")),
            QgsProcessingOutputNumber(DATE_COUNT, tr("Number of dates")),
            QgsProcessingOutputNumber(PSNR, tr("PSNR of the result (dB)")),
            QgsProcessingOutputNumber(PSNR_BICUBIC, tr("PSNR of bicubic interpolation (dB)")),
            QgsProcessingOutputNumber(SECONDS, tr("Seconds of computing")),
        ):
            self.addOutput(output)

    def describe(self, parameters, context):
        for name, label in ((OUTPUT, tr("Super-resolved image")), (OUTPUT_FOLDER, tr("Folder for the sample series"))):
            if name in parameters and not shared.is_asked(parameters[name]):
                raise PluginError(tr("'{label}' was not given.").format(label=label), tr("Set {name}.").format(name=name))
        return {
            "mode": MODES[self.parameterAsEnum(parameters, run.MODE, context)],
            "model": resolve_model(self.parameterAsString(parameters, run.MODEL, context)),
        }

    def processAlgorithm(self, parameters, context, feedback):
        target = self.geotiff(parameters, OUTPUT, context)
        folder = self.parameterAsString(parameters, OUTPUT_FOLDER, context)
        result = self.compute({**self.job, "output": target, "folder": folder}, feedback, "try_it")
        date, figures = result["target"], result["figures"]
        image = {"path": target, "date": date, "kind": "image"}
        truth = {**image, "path": result["truth"], "title": tr("Truth {date}").format(date=date)}
        # the input of that day right below the truth: switched off one after the other, the three compare
        dates = sorted(result["series"], key=lambda one: (one["date"] != date, one["date"]))
        series = [{**one, "kind": "image", "observed": True, "title": tr("Sample {date}").format(date=one["date"])} for one in dates]
        self.written = (image, truth, *series)
        write_styles(list(self.written))
        project = shared.destination_project(parameters.get(OUTPUT))
        for rank, output in enumerate(self.written):
            load_with_date(context, output, OUTPUT, project, rank)
        feedback.pushInfo(
            tr("Nearness to the true scene: bicubic interpolation {bicubic:.2f} dB, sitsr {sitsr:.2f} dB.").format(
                bicubic=figures["bicubic"]["psnr"], sitsr=figures["result"]["psnr"]
            )
        )
        return {
            OUTPUT: target,
            OUTPUT_FOLDER: folder,
            TRUTH: result["truth"],
            TARGET_DATE: date,
            DATE_COUNT: len(series),
            PSNR: figures["result"]["psnr"],
            PSNR_BICUBIC: figures["bicubic"]["psnr"],
            SECONDS: result["seconds"],
        }
