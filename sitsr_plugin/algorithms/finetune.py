"""A model that goes on learning from the user's own pairs of coarse series and fine images."""

from __future__ import annotations

import os

from qgis.core import (
    QgsProcessingException,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ..core import PluginError, tr
from ..core.compat import FILE_FOLDER, NUMBER_DOUBLE
from ..core.models import resolve_model
from . import run_parameters as run
from .base import WorkerAlgorithm
from .finetune_report import finetune_page, most_dates
from .parameters import FOLDER, integer, with_help
from .run_parameters import MODEL, OUTPUT, SEED

DATA = "DATA"
LICENCE = "LICENCE"
STEPS = "STEPS"
FLOW_STEPS = "FLOW_STEPS"
HOLD_OUT = "HOLD_OUT"
NAME = "NAME"
LEARNING_RATE = "LEARNING_RATE"
BATCH = "BATCH"
PATCH = "PATCH"
MAX_DATES = "MAX_DATES"
OUTPUT_HTML = "OUTPUT_HTML"
SITES, PAIRS = "SITES", "PAIRS"
LOSS = "LOSS"
GAIN_BEFORE, GAIN_AFTER = "GAIN_BEFORE", "GAIN_AFTER"
SECONDS = "SECONDS"
SUFFIX = ".safetensors"
NO_SITE = "none"


class FineTune(WorkerAlgorithm):
    """``sitsr:finetune``."""

    written_last = (OUTPUT_HTML,)

    def group(self):
        return tr("Models")

    def groupId(self):
        return "models"

    def name(self):
        return "finetune"

    def displayName(self):
        return tr("Fine-tune a model")

    def tags(self):
        return tr("fine-tune,train,training,learn,model,weights,transfer,orthophoto,aerial,sentinel-2,time series").split(",")

    def shortDescription(self):
        return tr("Lets a model learn from your own pairs of series and fine images.")

    def shortHelpString(self):
        return tr(
            "Lets a model go on learning from pairs of your own region or season: real series of 10 m and real fine images of the same "
            "places, such as orthophotos. The new model is a file that Super-resolve time series takes as Model; Raster > sitsr > "
            "Models adds it to the list.\n"
            "The folder holds one folder a site, each with a folder lr (the dates of the series, as Super-resolve time series reads them) "
            "and a folder hr (one or more fine images with their date in the name): same CRS, same extent, pixels smaller by exactly "
            "the model's factor (four times, 2.5 m, for those that come with sitsr). Each fine image is laid onto the nearest clear date "
            "by whole fine pixels and matched to its colours; one that lies more than a coarse pixel off is left out, which the log says.\n"
            "First the image and its spread are learned, then the denoiser of the detailed modes. With three sites or more, every tenth is "
            "held out: the report compares before and after on it, and the uncertainty is calibrated on it.\n"
            "The time left is shown from the first step on. It can be cancelled at any time; run it again with the same output and "
            "settings to go on. What was learned so far lies beside the output until then."
        )

    def initAlgorithm(self, configuration=None):
        for definition in (*main_definitions(), *rare_definitions(), *destinations()):
            self.addParameter(definition)
        for name, text in (
            (SITES, tr("Sites learned from")),
            (PAIRS, tr("Fine images learned from")),
            (LOSS, tr("Loss at the end")),
            (GAIN_BEFORE, tr("Gain over bicubic on held-out sites before (dB)")),
            (GAIN_AFTER, tr("Gain over bicubic on held-out sites after (dB)")),
            (SECONDS, tr("Seconds of computing")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, text))

    def describe(self, parameters, context):
        folder = self.parameterAsFile(parameters, FOLDER, context)
        if not folder or not os.path.isdir(folder):
            raise PluginError(
                tr("The folder '{folder}' does not exist.").format(folder=folder), tr("Choose the folder that holds the sites (FOLDER).")
            )
        texts = {name: self.parameterAsString(parameters, name, context).strip() for name in (DATA, LICENCE, HOLD_OUT, NAME)}
        for name in (DATA, LICENCE):
            if not texts[name]:
                label = self.parameterDefinition(name).description()
                raise PluginError(tr("'{label}' was not given.").format(label=label), tr("The model's card needs it."))
        integers = {name: self.parameterAsInt(parameters, name, context) for name in (STEPS, FLOW_STEPS, BATCH, PATCH, MAX_DATES, SEED)}
        return {
            "folder": os.path.abspath(folder),
            "model": resolve_model(self.parameterAsString(parameters, MODEL, context)),
            "data": texts[DATA],
            "licence": texts[LICENCE],
            "name": texts[NAME],
            "hold_out": sites_to_hold_out(texts[HOLD_OUT]),
            "learning_rate": self.parameterAsDouble(parameters, LEARNING_RATE, context),
            "device": self.parameterAsString(parameters, run.DEVICE, context) or "auto",
            **{name.lower(): value for name, value in integers.items()},
        }

    def processAlgorithm(self, parameters, context, feedback):
        path = self.parameterAsFileOutput(parameters, OUTPUT, context)
        if not path.lower().endswith(SUFFIX):
            raise QgsProcessingException(tr("The model's file '{path}' must end in {ending}.").format(path=path, ending=SUFFIX))
        result = self.compute({**self.job, "output": path, "overwrite": True}, feedback, "finetune")
        gains = {name: most_dates(figures) for name, figures in result["metrics"].items()}
        if gains:
            feedback.pushInfo(
                tr("On held-out sites, over bicubic interpolation: {before:+.2f} dB before, {after:+.2f} dB after.").format(**gains)
            )
        feedback.pushInfo(tr("To see the model in lists, add it in Raster > sitsr > Models."))
        losses = result["curves"]["mean"]["loss"]
        answer = {
            OUTPUT: path,
            SITES: len(result["learned"]),
            PAIRS: result["pairs"],
            SECONDS: result["seconds"],
            **({LOSS: losses[-1][1]} if losses else {}),
            **({GAIN_BEFORE: gains["before"], GAIN_AFTER: gains["after"]} if gains else {}),
        }
        page = {OUTPUT_HTML: finetune_page(result, self.job)}
        return {**answer, **self.write_texts(page, parameters, context, before=(path,))}


def sites_to_hold_out(text: str) -> list | None:
    """Names of sites; None when sitsr shall choose, an empty list for none."""
    if text.lower() == NO_SITE:
        return []
    return [name.strip() for name in text.split(",") if name.strip()] or None


def main_definitions() -> list:
    """What to learn from and for how long."""
    return [
        with_help(
            QgsProcessingParameterFile(FOLDER, tr("Folder of sites"), FILE_FOLDER),
            tr("Holds one folder a site, each with the folders lr (series) and hr (fine images)."),
        ),
        with_help(
            QgsProcessingParameterString(DATA, tr("What the images are")),
            tr("For the model's card, such as: orthophotos of Brittany 2021, IGN, and Sentinel-2 L2A."),
        ),
        with_help(
            QgsProcessingParameterString(LICENCE, tr("Licence of the new model")),
            tr("For the model's card. What the images' licences and that of the first model (GPL-3.0-or-later for those of sitsr) allow."),
        ),
        with_help(
            integer(STEPS, tr("Steps for the image"), 400, 1, 1_000_000),
            tr("How often the weights are corrected. More fit the pairs better, until the figures on held-out sites get worse."),
        ),
        with_help(
            integer(FLOW_STEPS, tr("Steps for the denoiser"), 150, 0, 1_000_000),
            tr("For the detailed modes; 0 leaves the denoiser as it is."),
        ),
        with_help(
            QgsProcessingParameterString(HOLD_OUT, tr("Sites to hold out"), "", False, True),
            tr("Names with commas: they are not learned from but judged on. Left empty, every tenth where there are three; none for none."),
        ),
    ]


def rare_definitions() -> list:
    """How to learn, for those who want to choose."""
    return [
        run.model_definition(),
        with_help(
            QgsProcessingParameterString(NAME, tr("Name of the new model"), "", False, True), tr("Left empty, the name of its file."), True
        ),
        with_help(
            QgsProcessingParameterNumber(LEARNING_RATE, tr("Learning rate"), NUMBER_DOUBLE, 3e-4, False, 1e-7, 1.0),
            tr("How far a step moves the weights at most. Lower it when the loss jumps."),
            True,
        ),
        with_help(integer(BATCH, tr("Patches a step"), 8, 1, 256), tr("Fewer take less memory and time a step."), True),
        with_help(integer(PATCH, tr("Side of a patch in input pixels"), 32, 16, 256), tr("Sites must be as large as this at least."), True),
        with_help(integer(MAX_DATES, tr("Most dates of a patch"), 8, 1, 64), tr("Each step draws from one to this many dates."), True),
        with_help(integer(SEED, tr("Seed"), 0, 0, 2**31 - 1), tr("The same seed draws the same patches."), True),
        with_help(
            QgsProcessingParameterString(run.DEVICE, tr("Device"), "auto", False, True),
            tr("auto (takes a GPU that works), cpu, cuda or cuda:0."),
            True,
        ),
    ]


def destinations() -> list:
    """Where the results go."""
    return [
        with_help(
            QgsProcessingParameterFileDestination(OUTPUT, tr("New model"), tr("Models (*.safetensors)")),
            tr("The model's file. A training that was cancelled is kept beside it, in a folder of its name and .sitsr-run."),
        ),
        with_help(
            QgsProcessingParameterFileDestination(OUTPUT_HTML, tr("Report"), tr("HTML files (*.html)"), None, True),
            tr("Loss curves, and figures and pictures of held-out sites before and after; it opens in the results viewer."),
        ),
    ]
