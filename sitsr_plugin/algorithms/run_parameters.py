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
ORIENTATIONS = "ORIENTATIONS"
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
ORIENTATION_COUNTS = (1, 2, 4, 8)
PRECISIONS = ("auto", "float32", "bfloat16", "float16")
FORMATS = ("GTiff", "COG")


def mode_definition() -> QgsProcessingParameterEnum:
    """What kind of image to make."""
    modes = [tr("Faithful (mean)"), tr("Detailed (one sample)"), tr("Detailed with uncertainty (ensemble)")]
    return with_help(
        QgsProcessingParameterEnum(MODE, tr("Mode"), modes, False, 0),
        tr(
            "0 faithful: the expected image, best for measurements, and fastest. 1 detailed: one plausible image with sharper texture, "
            "best to look at. 2 detailed with uncertainty: the mean of several such images, and the error to be expected of it."
        ),
    )


def orientation_choices() -> list:
    """What the ``ORIENTATION_COUNTS`` mean."""
    return [
        tr("One: the series as it is"),
        tr("Two, for up to twice the time"),
        tr("Four, for up to four times the time"),
        tr("Eight, for up to eight times the time"),
    ]


def model_filter() -> str:
    """For file dialogs; QGIS takes only what fits it, so it must let a model's bare name through."""
    return tr("Models (*.safetensors)") + ";;" + tr("Any name") + " (*)"


def model_definition() -> QgsProcessingParameterFile:
    """Which weights to compute with."""
    return with_help(
        QgsProcessingParameterFile(MODEL, tr("Model (a .safetensors file)"), FILE_FILE, "", None, True, model_filter()),
        tr("The trained network. Left out, the default one. The name of a model in Raster > sitsr > Models works too."),
        True,
    )


def main_definitions() -> list:
    """What to make: the date, the mode, the area."""
    return [
        with_help(
            QgsProcessingParameterString(TARGET, tr("Target date (empty for the latest)"), "", False, True),
            tr(
                "The day that the result shows, as YYYY-MM-DD; several with commas, or the word all. It need not be one of the series' "
                "dates: the nearest clear dates make it."
            ),
        ),
        mode_definition(),
        with_help(
            QgsProcessingParameterExtent(EXTENT, tr("Extent to process"), None, True),
            tr("The part of the image to compute. Left out, all of it. It is widened to whole pixels of the input."),
        ),
    ]


def rare_definitions() -> list:
    """How to compute it, for those who want to choose."""
    return [
        model_definition(),
        with_help(
            integer(STEPS, tr("Denoising steps"), 4, 1, 1000),
            tr("How many small steps lead from noise to each plausible image. More take longer. Not used in the faithful mode."),
            True,
        ),
        with_help(
            integer(MEMBERS, tr("Members of the ensemble"), 8, 2, 256),
            tr(
                "How many plausible images the mode with uncertainty draws, in pairs: an odd number is rounded up. More bring their mean "
                "closer to the expected image and take longer."
            ),
            True,
        ),
        with_help(
            QgsProcessingParameterEnum(ORIENTATIONS, tr("Orientations to average"), orientation_choices(), False, 0),
            tr(
                "The expected image is computed from the series as it is and again from the series mirrored and turned; the average is a "
                "little nearer to the truth. Each orientation takes the time of the faithful mode once more. 0 one, 1 two, 2 four, 3 eight."
            ),
            True,
        ),
        with_help(
            integer(SEED, tr("Seed"), 0, 0, 2**31 - 1),
            tr("The number that the random draws start from. The same seed gives the same raster, another one another plausible image."),
            True,
        ),
        with_help(
            integer(MAX_DATES, tr("Most dates to use"), 16, 1, 256),
            tr("Of a longer series, the usable dates nearest to the target date are taken."),
            True,
        ),
        with_help(
            integer(BACK_PROJECTION, tr("Back-projection iterations"), 3, 0, 20),
            tr(
                "How often the result is corrected so that, blurred and sampled as the sensor does, it gives the observed pixels again; "
                "0 for never."
            ),
            True,
        ),
        with_help(
            integer(TILE, tr("Tile size in input pixels"), 0, 0, 4096),
            tr(
                "The image is computed in squares of this side, to save memory. 0 chooses it from the free memory. It does not "
                "change the result."
            ),
            True,
        ),
        with_help(
            QgsProcessingParameterString(DEVICE, tr("Device"), "auto", False, True),
            tr("What computes: auto (a graphics card that works, else the processor), cpu, cuda, cuda:0 or mps."),
            True,
        ),
        with_help(
            QgsProcessingParameterEnum(PRECISION, tr("Precision"), list(PRECISIONS), False, 0),
            tr("How exactly numbers are computed. auto takes the fastest that this machine does well; float32 is the most exact."),
            True,
        ),
        with_help(
            QgsProcessingParameterEnum(FORMAT, tr("File format"), [tr("GeoTIFF with overviews"), tr("Cloud-optimised GeoTIFF")], False, 0),
            tr("0 GeoTIFF, 1 cloud-optimised GeoTIFF, which can be read in parts over the internet. QGIS opens both."),
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
                "Standard deviation of the error, in reflectance, one band for each band: about 19 of 20 errors are smaller than twice its "
                "value. Asked for with several dates, one file a date is written."
            ),
        ),
        with_help(
            QgsProcessingParameterRasterDestination(CLEAR_COUNT_OUTPUT, tr("Clear dates of each pixel"), None, True, False),
            tr(
                "How many of the dates saw each pixel without cloud: where it is low, the result rests on little. Asked for with several "
                "dates, one file a date is written."
            ),
        ),
        with_help(
            QgsProcessingParameterFolderDestination(OUTPUT_FOLDER, tr("Folder for several dates"), None, True, False),
            tr("Needed when several target dates, or all, are asked: one file a date is written in it."),
        ),
    ]
