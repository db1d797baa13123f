"""The parameters that all algorithms on a series share, and the job fields that they become."""

from __future__ import annotations

import os

from qgis.core import (
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFile,
    QgsProcessingParameterMatrix,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsProject,
    QgsProperty,
)

from ..core import PluginError, tr
from ..core.compat import FILE_FILE, FILE_FOLDER, FLAG_ADVANCED, NUMBER_DOUBLE, NUMBER_INTEGER, TYPE_RASTER
from ..core.layers import SeriesItem, dates_of, flatten, masks_of, parse_bands, series_items

INPUT = "INPUT"
FOLDER = "FOLDER"
DATES = "DATES"
DATE_TABLE = "DATE_TABLE"
BANDS = "BANDS"
SCALE = "SCALE"
OFFSET = "OFFSET"
MASKS = "MASKS"
ALIGN = "ALIGN"


def with_help(definition: QgsProcessingParameterDefinition, text: str, advanced: bool = False) -> QgsProcessingParameterDefinition:
    """The definition with its help, hidden under "Advanced" when it is rarely needed."""
    definition.setHelp(text)
    if advanced:
        definition.setFlags(definition.flags() | FLAG_ADVANCED)
    return definition


def integer(name: str, text: str, default: int, low: int, high: int) -> QgsProcessingParameterNumber:
    """A whole number with its limits."""
    return QgsProcessingParameterNumber(name, text, NUMBER_INTEGER, default, False, low, high)


def optional_number(name: str, text: str) -> QgsProcessingParameterNumber:
    """A number that may be left out."""
    return QgsProcessingParameterNumber(name, text, NUMBER_DOUBLE, None, True)


def is_asked(value) -> bool:
    """Whether a destination was given (None and an empty text mean that it is skipped)."""
    if isinstance(value, QgsProcessingOutputLayerDefinition):
        value = value.sink.staticValue()
    return value is not None and value != ""


def named_place(value, context: QgsProcessingContext) -> str:
    """The path that a destination names; empty when it is skipped or a temporary one."""
    if isinstance(value, QgsProcessingOutputLayerDefinition):
        value = value.sink
    if isinstance(value, QgsProperty):
        value = value.valueAsString(context.expressionContext(), "")[0]
    return value if isinstance(value, str) and value != QgsProcessing.TEMPORARY_OUTPUT else ""


def destination_project(value) -> QgsProject | None:
    """The project that a destination's layer is to be loaded into; None when it is not to be loaded."""
    return value.destinationProject if isinstance(value, QgsProcessingOutputLayerDefinition) else None


def series_definitions() -> list:
    """What describes a series: which rasters and when."""
    return [
        with_help(
            QgsProcessingParameterMultipleLayers(INPUT, tr("Rasters of the series"), TYPE_RASTER, None, True),
            tr(
                "The same place on different dates: one raster a date, one a band and date, or one stacked raster (which needs a "
                "table of dates)."
            ),
        ),
        with_help(
            QgsProcessingParameterFile(FOLDER, tr("Or a folder with the rasters"), FILE_FOLDER, "", None, True),
            tr("Used when no rasters are given: every raster in it belongs to the series, results of sitsr apart."),
        ),
        with_help(
            QgsProcessingParameterMatrix(DATES, tr("Dates"), 0, False, [tr("Layer"), tr("Date")], None, True),
            tr(
                "Only for rasters whose date sitsr cannot find by itself, or finds wrong: the layer (name, file name or position "
                "from 1) and its date as YYYY-MM-DD. Otherwise the date comes from the layer's temporal range, the file's tags, "
                "its metadata or its name."
            ),
        ),
    ]


def advanced_definitions() -> list:
    """How to read a series whose files do not say it themselves."""
    return [
        with_help(
            QgsProcessingParameterFile(DATE_TABLE, tr("Table of dates (CSV)"), FILE_FILE, "csv", None, True),
            tr("A file with the columns layer and date that says the date of each raster, or of each position in a stack."),
            True,
        ),
        with_help(
            QgsProcessingParameterString(BANDS, tr("Band numbers"), "", False, True),
            tr(
                "Such as B02=1,B03=2,B04=3,B08=4; only when the bands cannot be told from their names, wavelengths or the file "
                "names. The same for every raster."
            ),
            True,
        ),
        with_help(
            optional_number(SCALE, tr("Scale to reflectance")),
            tr(
                "What turns the stored numbers into reflectance (0 to 1): reflectance = value * scale + offset. Left out, it is detected "
                "for each date (1/10000 for Sentinel-2)."
            ),
            True,
        ),
        with_help(
            optional_number(OFFSET, tr("Offset to reflectance")),
            tr(
                "What is added to get reflectance. Left out, it is detected for each date: -0.1 for Sentinel-2 products since January 2022 "
                "(baseline 04.00), 0 before."
            ),
            True,
        ),
        with_help(
            QgsProcessingParameterMultipleLayers(MASKS, tr("Masks"), TYPE_RASTER, None, True),
            tr(
                "Scene classification, or rasters whose non-zero pixels are clear: one for all, or one for each input in the same "
                "order; of a folder or a stack, one for all, or one for each date, with the date in its name. Without them clouds are "
                "found by a built-in estimate."
            ),
            True,
        ),
        with_help(
            QgsProcessingParameterBoolean(ALIGN, tr("Warp to one grid"), False),
            tr(
                "Brings rasters that differ in CRS, extent or pixel size onto one grid: that of the date with the finest pixels. Off, "
                "they are refused, because warping blurs what several dates add."
            ),
            True,
        ),
    ]


def items_given(parameters: dict, context: QgsProcessingContext) -> bool:
    """Whether rasters are given, and not a folder."""
    return bool(flatten(parameters.get(INPUT), context))


def items_of(parameters: dict, context: QgsProcessingContext) -> list:
    """The rasters of the series; for a folder the folder itself. Raises PluginError."""
    items = series_items(parameters.get(INPUT), context)
    if items:
        return items
    folder = str(parameters.get(FOLDER) or "")
    if not folder:
        raise PluginError(tr("No rasters were given."), tr("Choose at least one multispectral raster, or a folder."))
    if not os.path.exists(folder):
        raise PluginError(tr("The folder '{folder}' does not exist.").format(folder=folder))
    return [SeriesItem(os.path.basename(folder), os.path.abspath(folder))]


def series_job(algorithm: QgsProcessingAlgorithm, parameters: dict, context: QgsProcessingContext) -> dict:
    """The job fields that say what the series is. Raises PluginError."""
    items = items_of(parameters, context)
    masks = series_items(parameters.get(MASKS), context)
    table = algorithm.parameterAsFile(parameters, DATE_TABLE, context)
    if table and not os.path.isfile(table):
        raise PluginError(tr("The table of dates '{path}' does not exist.").format(path=table))
    number = algorithm.parameterAsDouble
    return {
        "inputs": [item.path for item in items],
        "dates": dates_of(items, algorithm.parameterAsMatrix(parameters, DATES, context)),
        "date_table": os.path.abspath(table) if table else "",
        "bands": parse_bands(algorithm.parameterAsString(parameters, BANDS, context)),
        "scale": number(parameters, SCALE, context) if parameters.get(SCALE) is not None else None,
        "offset": number(parameters, OFFSET, context) if parameters.get(OFFSET) is not None else None,
        "masks": masks_of(items, masks),
        "align": algorithm.parameterAsBoolean(parameters, ALIGN, context),
    }
