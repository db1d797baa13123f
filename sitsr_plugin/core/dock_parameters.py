"""The dock's settings become the parameters of the Processing algorithm."""

from __future__ import annotations

import os
import re

from qgis.core import QgsCoordinateReferenceSystem, QgsProcessingOutputLayerDefinition, QgsProcessingUtils, QgsProject, QgsRectangle

from ..algorithms import parameters as series
from ..algorithms import run_parameters as run
from . import PluginError, tr
from .dock_settings import ENSEMBLE, EVERY, FOLDER, LATEST, LAYERS, STACK, TICKED, DockSettings
from .layers import ALL_DATES
from .series_rows import date_matrix

RESULT_FILE = re.compile(r"sitsr_(\d{4}-\d\d-\d\d)\.tif")


def series_parameters(settings: DockSettings) -> dict:
    """The parameters that say what the series is."""
    parameters = {series.BANDS: settings.bands, series.ALIGN: settings.align, series.MASKS: list(settings.masks)}
    if settings.source == LAYERS:
        parameters[series.INPUT] = list(settings.layers)
        parameters[series.DATES] = date_matrix(settings.given)
    elif settings.source == FOLDER:
        parameters[series.FOLDER] = settings.folder
        parameters[series.DATES] = date_matrix(settings.given)
    elif settings.source == STACK:
        parameters[series.INPUT] = [settings.stack] if settings.stack else []
        dates = [part.strip() for part in re.split(r"[,;\s]+", settings.stack_dates) if part.strip()]
        parameters[series.DATES] = date_matrix({str(number): date for number, date in enumerate(dates, 1)})
    return parameters


def target_text(settings: DockSettings) -> str:
    """The algorithm's target dates. Raises PluginError when dates are to be ticked and none is."""
    if settings.target == LATEST:
        return ""
    if settings.target == EVERY:
        return ALL_DATES
    dates = settings.ticked if settings.target == TICKED else [settings.other]
    if not any(dates):
        raise PluginError(tr("No target date is chosen."), tr("Tick dates in the table, or choose the latest clear date."))
    return ",".join(sorted(dates))


def run_parameters(settings: DockSettings, output: str, project: QgsProject | None) -> dict:
    """All parameters of a run.

    Args:
        settings: of the dock.
        output: a file, or the folder of several dates.
        project: where the results are loaded; None loads nothing.
    """
    several = settings.several()
    sink = "TEMPORARY_OUTPUT" if several else output
    parameters = {
        **series_parameters(settings),
        run.TARGET: target_text(settings),
        run.MODE: settings.mode,
        run.MODEL: settings.model or None,
        run.ORIENTATIONS: run.ORIENTATION_COUNTS.index(settings.orientations),
        run.EXTENT: settings.extent or None,
        run.OUTPUT: QgsProcessingOutputLayerDefinition(sink, project) if project is not None else sink,
    }
    if several:
        parameters[run.OUTPUT_FOLDER] = output
    for wanted, name, ending in (
        (settings.uncertainty and settings.mode != ENSEMBLE, run.UNCERTAINTY_OUTPUT, "_std"),
        (settings.clear_count, run.CLEAR_COUNT_OUTPUT, "_clear_count"),
    ):
        if wanted:
            sink = "TEMPORARY_OUTPUT" if several else beside(output, ending)
            parameters[name] = QgsProcessingOutputLayerDefinition(sink, project) if project is not None else sink
    return parameters


def beside(output: str, ending: str) -> str:
    """The file beside an image that is called like it, with this ending."""
    stem, suffix = os.path.splitext(output)
    return f"{stem}{ending}{suffix}"


def output_path(settings: DockSettings) -> str:
    """Where the result goes: what the user chose, ``.tif`` added to a file's name without a suffix, else a new temporary file or folder."""
    if settings.output:
        return settings.output if settings.several() or os.path.splitext(settings.output)[1] else f"{settings.output}.tif"
    return QgsProcessingUtils.generateTempFilename("super_resolved" if settings.several() else "super_resolved.tif")


def results_in(folder: str, settings: DockSettings, report: dict) -> list:
    """Names of the images in a folder that a run of several dates would replace."""
    dates = settings.ticked if settings.target == TICKED else [date["date"] for date in report.get("dates", [])]
    try:
        found = sorted(name for name in os.listdir(folder) if RESULT_FILE.fullmatch(name))
    except OSError:
        return []
    return [name for name in found if not dates or RESULT_FILE.fullmatch(name).group(1) in dates]


def extent_text(box: QgsRectangle, crs: QgsCoordinateReferenceSystem) -> str:
    """An extent as the algorithm's parameter and as the project keeps it."""
    numbers = ",".join(f"{value:.10g}" for value in (box.xMinimum(), box.xMaximum(), box.yMinimum(), box.yMaximum()))
    return f"{numbers} [{crs.authid()}]" if crs.authid() else numbers


def read_extent(text: str):
    """(QgsRectangle, QgsCoordinateReferenceSystem) of such a text, or None."""
    found = re.fullmatch(r"\s*([^\[\]]+?)\s*(?:\[(.+)\])?\s*", text)
    try:
        west, east, south, north = (float(part) for part in found.group(1).split(",")) if found else ()
    except ValueError:
        return None
    return QgsRectangle(west, south, east, north), QgsCoordinateReferenceSystem(found.group(2) or "")
