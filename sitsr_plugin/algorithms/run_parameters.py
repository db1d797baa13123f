"""What the user may choose for a super-resolution run, besides the series itself."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingParameterEnum,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterString,
)

from ..core import tr
from ..core.compat import FILE_FILE
from .parameters import integer, with_help

TARGET = "TARGET"
MODE = "MODE"
EXTENT = "EXTENT"
MODEL = "MODEL"
STEPS = "STEPS"
MEMBERS = "MEMBERS"
SEED = "SEED"
MAX_DATES = "MAX_DATES"
BACK_PROJECTION = "BACK_PROJECTION"
TILE = "TILE"
DEVICE = "DEVICE"
PRECISION = "PRECISION"
FORMAT = "FORMAT"
OUTPUT = "OUTPUT"
UNCERTAINTY_OUTPUT = "UNCERTAINTY_OUTPUT"
CLEAR_COUNT_OUTPUT = "CLEAR_COUNT_OUTPUT"
OUTPUT_FOLDER = "OUTPUT_FOLDER"

MODES = ("mean", "sample", "ensemble")
PRECISIONS = ("auto", "float32", "bfloat16", "float16")
FORMATS = ("GTiff", "COG")


def mode_definition() -> QgsProcessingParameterEnum:
    """What kind of image to make."""
    modes = [tr("Faithful (mean)"), tr("Detailed (one sample)"), tr("Detailed with uncertainty (ensemble)")]
    return with_help(
        QgsProcessingParameterEnum(MODE, tr("Mode"), modes, False, 0),
        tr(
            "0 faithful: the expected image, fastest. 1 detailed: one plausible image. 2 detailed with uncertainty: mean and "
            "spread of several."
        ),
    )


def model_filter() -> str:
    """For file dialogs; QGIS takes only what fits it, so it must let a model's bare name through."""
    return tr("Models (*.safetensors)") + ";;" + tr("Any name") + " (*)"


def model_definition() -> QgsProcessingParameterFile:
    """Which weights to compute with."""
    return with_help(
        QgsProcessingParameterFile(MODEL, tr("Model (a .safetensors file)"), FILE_FILE, "", None, True, model_filter()),
        tr("Left out, the default model. The name of a model in Raster > sitsr > Models works too."),
        True,
    )


def main_definitions() -> list:
    """What to make: the date, the mode, the area."""
    return [
        with_help(
            QgsProcessingParameterString(TARGET, tr("Target date (empty for the latest)"), "", False, True),
            tr("The date the result shows, as YYYY-MM-DD; several with commas, or all. It need not be one of the series' dates."),
        ),
        mode_definition(),
        with_help(
            QgsProcessingParameterExtent(EXTENT, tr("Extent to process"), None, True),
            tr("Left out, the whole image. Whole input pixels are kept."),
        ),
    ]


def rare_definitions() -> list:
    """How to compute it, for those who want to choose."""
    return [
        model_definition(),
        with_help(integer(STEPS, tr("Denoising steps"), 4, 1, 1000), tr("Steps of each sample; not used in the faithful mode."), True),
        with_help(integer(MEMBERS, tr("Members of the ensemble"), 8, 2, 256), tr("Samples drawn in the mode with uncertainty."), True),
        with_help(integer(SEED, tr("Seed"), 0, 0, 2**31 - 1), tr("The same seed gives the same raster."), True),
        with_help(integer(MAX_DATES, tr("Most dates to use"), 16, 1, 256), tr("The nearest usable dates to the target are taken."), True),
        with_help(
            integer(BACK_PROJECTION, tr("Back-projection iterations"), 3, 0, 20),
            tr("How often the result is pulled to the observed pixels; 0 for never."),
            True,
        ),
        with_help(
            integer(TILE, tr("Tile size in input pixels"), 0, 0, 4096),
            tr("0 chooses it from the free memory. It does not change the result."),
            True,
        ),
        with_help(
            QgsProcessingParameterString(DEVICE, tr("Device"), "auto", False, True),
            tr("auto (takes a GPU that works), cpu, cuda, cuda:0 or mps."),
            True,
        ),
        with_help(
            QgsProcessingParameterEnum(PRECISION, tr("Precision"), list(PRECISIONS), False, 0), tr("auto follows the machine."), True
        ),
        with_help(
            QgsProcessingParameterEnum(FORMAT, tr("File format"), [tr("GeoTIFF with overviews"), tr("Cloud-optimised GeoTIFF")], False, 0),
            tr("0 GeoTIFF (BigTIFF when it must be), 1 COG."),
            True,
        ),
    ]


def destinations() -> list:
    """Where the results go."""
    return [
        with_help(
            QgsProcessingParameterRasterDestination(OUTPUT, tr("Super-resolved image"), None, True),
            tr("A GeoTIFF. Not used when several dates are asked."),
        ),
        with_help(
            QgsProcessingParameterRasterDestination(UNCERTAINTY_OUTPUT, tr("Uncertainty"), None, True, False),
            tr(
                "Standard deviation of the error, in reflectance, one band for each band. Asked for with several dates, one file "
                "a date is written."
            ),
        ),
        with_help(
            QgsProcessingParameterRasterDestination(CLEAR_COUNT_OUTPUT, tr("Clear dates of each pixel"), None, True, False),
            tr("How many clear acquisitions each pixel had. Asked for with several dates, one file a date is written."),
        ),
        with_help(
            QgsProcessingParameterFolderDestination(OUTPUT_FOLDER, tr("Folder for several dates"), None, True, False),
            tr("Needed when several target dates, or all, are asked: one file a date is written in it."),
        ),
    ]
