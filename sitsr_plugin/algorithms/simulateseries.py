"""A fine image becomes a Sentinel-2-like series four times coarser, with known shifts, clouds and truth: for teaching and training."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingOutputFile,
    QgsProcessingOutputFolder,
    QgsProcessingOutputMultipleLayers,
    QgsProcessingOutputString,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from ..core import PluginError, tr
from ..core.compat import NUMBER_DOUBLE
from ..core.layers import parse_bands, parse_date, series_items
from ..core.temporal import load_with_date, write_styles
from . import parameters as shared
from .base import WorkerAlgorithm
from .parameters import BANDS, INPUT, OFFSET, SCALE, integer, with_help
from .run_parameters import OUTPUT, OUTPUT_FOLDER, SEED

DATE_COUNT = "DATE_COUNT"
FIRST_DATE = "FIRST_DATE"
CLOUDY = "CLOUDY"
SHIFT = "SHIFT"
NOISE = "NOISE"
SERIES_FOLDER = "SERIES_FOLDER"
MASK_FOLDER = "MASK_FOLDER"
TABLE = "TABLE"
PATHS = "PATHS"
DATES = "DATES"


class SimulateSeries(WorkerAlgorithm):
    """``sitsr:simulateseries``."""

    raster_parameters = (INPUT,)
    written_last = (OUTPUT,)
    guide_page = "evaluating"

    def name(self):
        return "simulateseries"

    def displayName(self):
        return tr("Simulate series")

    def tags(self):
        return tr("simulate,synthetic,degrade,point spread function,clouds,shifts,training,teaching,sentinel-2,time series").split(",")

    def shortDescription(self):
        return tr("Makes a Sentinel-2-like series four times coarser from one fine image.")

    def shortHelpString(self):
        return tr(
            "Makes a series of several dates, with pixels four times larger, of one fine image: each band is blurred by Sentinel-2's point "
            "spread function and sampled at a random sub-pixel shift; brightness drifts a little from date to date; some dates have "
            "clouds with shadows; noise is added. The same seed gives the same series.\n"
            "The folder gets one GeoTIFF a date with its date tag (series), one mask a date with 1 where it is clear (masks) and a table "
            "of the true shifts and clear shares (shifts.csv). The first date has no shift, cloud or change of brightness, so that the "
            "fine image is its truth; that is written too, cut to the extent of the series.\n"
            "Shifts are in coarse pixels: what lies at row r and column c of the first date lies at r + shift_row and c + shift_column.\n"
            "Use it to see what super-resolution can and cannot bring back (Evaluate compares with the truth), or to make training data. "
            "The image is held in memory: clip large ones first."
        )

    def initAlgorithm(self, configuration=None):
        double = NUMBER_DOUBLE
        for definition in (
            with_help(
                QgsProcessingParameterRasterLayer(INPUT, tr("Fine image")),
                tr("A raster with blue, green, red and, if it has it, near infrared; of any pixel size. At most 4096 x 4096 pixels."),
            ),
            with_help(integer(DATE_COUNT, tr("Number of dates"), 8, 1, 100), tr("How many images the series has.")),
            with_help(
                QgsProcessingParameterString(FIRST_DATE, tr("First date"), "2024-06-01"),
                tr("As YYYY-MM-DD. The others follow 5, 10 or 15 days apart."),
            ),
            with_help(
                QgsProcessingParameterNumber(CLOUDY, tr("Share of cloudy dates (%)"), double, 30, False, 0, 100),
                tr("How many of the other dates have clouds; these cover 10 to 70 % of the image."),
            ),
            with_help(
                integer(SEED, tr("Seed"), 0, 0, 2**31 - 1),
                tr("The number that the random draws start from. The same seed gives the same series."),
            ),
            with_help(
                QgsProcessingParameterNumber(SHIFT, tr("Largest shift (coarse pixels)"), double, 0.5, False, 0, 1),
                tr("Each date lies beside the first by a random shift of up to this, in rows and in columns."),
                True,
            ),
            with_help(
                QgsProcessingParameterNumber(NOISE, tr("Noise (reflectance)"), double, 0.001, False, 0, 0.1),
                tr("Standard deviation of the noise at a reflectance of 0.15; 0.001 is that of Sentinel-2."),
                True,
            ),
            *(one for one in shared.advanced_definitions() if one.name() in (BANDS, SCALE, OFFSET)),
            with_help(
                QgsProcessingParameterRasterDestination(OUTPUT, tr("True image")),
                tr("The fine image as reflectance times 10000, cut to the series' extent. When it is loaded, the series is too."),
            ),
            with_help(
                QgsProcessingParameterFolderDestination(OUTPUT_FOLDER, tr("Folder for the series")),
                tr("Gets the subfolders series and masks, and the table of true shifts."),
            ),
        ):
            self.addParameter(definition)
        for output in (
            QgsProcessingOutputFolder(SERIES_FOLDER, tr("Folder with the series alone")),
            QgsProcessingOutputFolder(MASK_FOLDER, tr("Folder with the masks")),
            QgsProcessingOutputFile(TABLE, tr("Table of true shifts")),
            QgsProcessingOutputMultipleLayers(PATHS, tr("Rasters of the series")),
            QgsProcessingOutputString(DATES, tr("Dates")),
        ):
            self.addOutput(output)

    def describe(self, parameters, context):
        items = series_items(parameters.get(INPUT), context)
        if len(items) != 1:
            raise PluginError(tr("No fine image was given."), tr("Choose one multispectral raster."))
        number = self.parameterAsDouble
        return {
            "input": items[0].path,
            "count": self.parameterAsInt(parameters, DATE_COUNT, context),
            "first_date": parse_date(self.parameterAsString(parameters, FIRST_DATE, context)),
            "cloudy": number(parameters, CLOUDY, context) / 100,
            "shift": number(parameters, SHIFT, context),
            "noise": number(parameters, NOISE, context),
            "seed": self.parameterAsInt(parameters, SEED, context),
            "bands": parse_bands(self.parameterAsString(parameters, BANDS, context)),
            "scale": number(parameters, SCALE, context) if parameters.get(SCALE) is not None else None,
            "offset": number(parameters, OFFSET, context) if parameters.get(OFFSET) is not None else None,
        }

    def processAlgorithm(self, parameters, context, feedback):
        truth = self.geotiff(parameters, OUTPUT, context)
        folder = self.parameterAsString(parameters, OUTPUT_FOLDER, context)
        result = self.compute({**self.job, "truth": truth, "folder": folder}, feedback, "simulate")
        dates = [one["date"] for one in result["series"]]
        image = {"path": truth, "date": dates[0], "kind": "image", "title": tr("Truth {date}").format(date=dates[0])}
        series = [
            {**one, "kind": "image", "observed": True, "title": tr("Simulated {date}").format(date=one["date"])} for one in result["series"]
        ]
        self.written = (image, *series)
        write_styles(list(self.written))
        project = shared.destination_project(parameters.get(OUTPUT))
        for rank, output in enumerate(self.written):
            load_with_date(context, output, OUTPUT, project, rank)
        for one in series:
            row, column = one["shift_row"], one["shift_column"]
            feedback.pushInfo(
                tr("{date}: shift {row:+.2f} {column:+.2f}, {clear:.1f} % clear").format(
                    date=one["date"], row=row, column=column, clear=one["clear_percent"]
                )
            )
        return {
            OUTPUT: truth,
            OUTPUT_FOLDER: folder,
            SERIES_FOLDER: result["folder"],
            MASK_FOLDER: result["masks"],
            TABLE: result["table"],
            PATHS: [one["path"] for one in series],
            DATES: ",".join(dates),
        }
