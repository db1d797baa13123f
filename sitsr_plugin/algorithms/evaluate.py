"""How near a super-resolved raster comes to a reference raster, by the figures of the field."""

from __future__ import annotations

import csv
import io
import json

from qgis.core import (
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterRasterLayer,
)

from ..core import PluginError, tr
from ..core.layers import parse_bands, series_items
from . import parameters as shared
from .base import WorkerAlgorithm
from .evaluation_report import evaluation_page, figure_names, method_names
from .parameters import BANDS, INPUT, OFFSET, SCALE, with_help
from .run_parameters import OUTPUT

REFERENCE = "REFERENCE"
COARSE = "COARSE"
OUTPUT_JSON = "OUTPUT_JSON"
OUTPUT_CSV = "OUTPUT_CSV"
PIXELS = "PIXELS"
BANDS_COMPARED = "BANDS_COMPARED"


class Evaluate(WorkerAlgorithm):
    """``sitsr:evaluate``."""

    raster_parameters = (INPUT, REFERENCE, COARSE)
    written_last = (OUTPUT, OUTPUT_JSON, OUTPUT_CSV)
    guide_page = "evaluating"

    def name(self):
        return "evaluate"

    def displayName(self):
        return tr("Evaluate against a reference")

    def tags(self):
        return tr("evaluate,compare,quality,accuracy,psnr,ssim,spectral angle,ergas,metrics,validation,sentinel-2").split(",")

    def shortDescription(self):
        return tr("Measures how near a super-resolved raster comes to a reference raster.")

    def shortHelpString(self):
        return tr(
            "Compares a super-resolved raster with a reference of the same pixels, in reflectance, in the bands that both have and where "
            "both have data; a border of 8 pixels is left out.\n"
            "PSNR: how small the errors are, in decibels; more is better. PSNR, shifts allowed: the same when a shift of up to three "
            "pixels and a constant difference are forgiven. SSIM: likeness of structures, at most 1. Spectral angle: error of colour, in "
            "degrees; less is better. ERGAS: relative error over all bands; less is better.\n"
            "With the input that the image was computed from, the report shows bicubic interpolation beside the result, and for both the "
            "mean difference to the observed pixels when they are blurred and sampled as the sensor does.\n"
            "The reference must lie on the image's pixels; it may be larger or smaller. The report is a page; the same figures go to "
            "JSON and CSV if asked, and are outputs for models.\n"
            "It also says how the numbers of each raster became reflectance. Results of sitsr state that of themselves and of their "
            "input; other files do not always, and what is a guess is called so: then give scale and offset."
        )

    def initAlgorithm(self, configuration=None):
        for definition in (
            with_help(
                QgsProcessingParameterRasterLayer(INPUT, tr("Super-resolved image")),
                tr("The raster to be judged, at most 4096 x 4096 pixels."),
            ),
            with_help(
                QgsProcessingParameterRasterLayer(REFERENCE, tr("Reference image")),
                tr("What it should look like, with pixels of the same size that lie on each other."),
            ),
            with_help(
                QgsProcessingParameterRasterLayer(COARSE, tr("Input image of that date"), None, True),
                tr("What the image was computed from: for bicubic interpolation and the difference to the observed pixels."),
            ),
            *(one for one in shared.advanced_definitions() if one.name() in (BANDS, SCALE, OFFSET)),
            with_help(
                QgsProcessingParameterFileDestination(OUTPUT, tr("Report"), tr("HTML files (*.html)"), None, True),
                tr("The figures as a page; it opens in the results viewer."),
            ),
            with_help(
                QgsProcessingParameterFileDestination(OUTPUT_JSON, tr("Report for programs"), tr("JSON files (*.json)"), None, True, False),
                tr("The same figures as JSON."),
                True,
            ),
            with_help(
                QgsProcessingParameterFileDestination(OUTPUT_CSV, tr("Report as a table"), tr("CSV files (*.csv)"), None, True, False),
                tr("The same figures as CSV, one row a method."),
                True,
            ),
        ):
            self.addParameter(definition)
        for figure, label in figure_names().items():
            for method, who in method_names().items():
                self.addOutput(QgsProcessingOutputNumber(output_name(figure, method), f"{label}, {who}"))
        self.addOutput(QgsProcessingOutputNumber(PIXELS, tr("Pixels compared")))
        self.addOutput(QgsProcessingOutputString(BANDS_COMPARED, tr("Bands compared")))

    def describe(self, parameters, context):
        paths = {}
        for name, needed in ((INPUT, True), (REFERENCE, True), (COARSE, False)):
            items = series_items(parameters.get(name), context)
            if needed and len(items) != 1:
                label = self.parameterDefinition(name).description()
                raise PluginError(tr("'{label}' was not given.").format(label=label), tr("Choose one raster ({name}).").format(name=name))
            paths[name] = items[0].path if items else ""
        number = self.parameterAsDouble
        return {
            "image": paths[INPUT],
            "reference": paths[REFERENCE],
            "input": paths[COARSE],
            "bands": parse_bands(self.parameterAsString(parameters, BANDS, context)),
            "scale": number(parameters, SCALE, context) if parameters.get(SCALE) is not None else None,
            "offset": number(parameters, OFFSET, context) if parameters.get(OFFSET) is not None else None,
        }

    def processAlgorithm(self, parameters, context, feedback):
        report = {
            **self.compute(self.job, feedback, "compare"),
            "files": {name: self.job[name] for name in ("image", "reference", "input")},
        }
        pages = {OUTPUT: evaluation_page(report), OUTPUT_JSON: json.dumps(report, indent=2), OUTPUT_CSV: as_csv(report["rows"])}
        answer = self.write_texts(pages, parameters, context)
        for method, figures in report["rows"].items():
            for figure, value in figures.items():
                if value is not None:
                    answer[output_name(figure, method)] = value
            feedback.pushInfo(
                f"{method_names()[method]}: "
                + ", ".join(f"{label} {figures[name]:.5g}" for name, label in figure_names().items() if figures.get(name) is not None)
            )
        return {**answer, PIXELS: report["pixels"], BANDS_COMPARED: ",".join(report["bands"])}


def output_name(figure: str, method: str) -> str:
    """PSNR for the result, PSNR_BICUBIC for bicubic interpolation, and so on."""
    return figure.upper() if method == "result" else f"{figure}_{method}".upper()


def as_csv(rows: dict) -> str:
    """One row a method, one column a figure; empty where there is none."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = list(next(iter(rows.values())))
    writer.writerow(["method", *names])
    for method, figures in rows.items():
        writer.writerow([method, *("" if figures[name] is None else figures[name] for name in names)])
    return text.getvalue()
