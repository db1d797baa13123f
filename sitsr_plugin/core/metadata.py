"""Where a result comes from, as QGIS layer metadata in a file beside the raster."""

from __future__ import annotations

import os

from qgis.core import QgsRasterLayer

from . import tr

SETTINGS = ("mode", "steps", "members", "orientations", "seed", "max_dates", "back_projection")


def metadata_path(raster: str) -> str:
    """The metadata file that QGIS looks for beside a raster."""
    return f"{os.path.splitext(raster)[0]}.qmd"


def history(date: str, job: dict, result: dict) -> list:
    """Sentences: the dates used, the model, the settings, the inputs and what the run warned about.

    Args:
        date: ISO date of the result.
        job: what the worker was asked for.
        result: what it answered.
    """
    model = result.get("model", {})
    lines = [
        tr("Super-resolved by sitsr for {date}.").format(date=date),
        tr("Dates used: {dates}.").format(dates=", ".join(result.get("dates_used", {}).get(date, []))),
        tr("Model: {model}.").format(model=", ".join(f"{name} {value}" for name, value in model.items())),
        tr("Settings: {settings}.").format(settings=", ".join(f"{name} {job[name]}" for name in SETTINGS if name in job)),
        *(tr("Input: {path}").format(path=path) for path in job["inputs"]),
    ]
    return lines + list(result.get("warnings", []))


def write_metadata(output: dict, job: dict, result: dict) -> None:
    """Write the metadata file of one result; ``output`` is the worker's ``{"path", "date", "kind"}`` record."""
    layer = QgsRasterLayer(output["path"], output["date"], "gdal")
    if not layer.isValid():
        return
    metadata = layer.metadata()
    metadata.setType("dataset")
    metadata.setTitle(os.path.splitext(os.path.basename(output["path"]))[0])
    metadata.setAbstract(tr("Detail finer than the input's pixels is estimated by a model, not observed."))
    metadata.setCrs(layer.crs())
    metadata.setHistory(history(output["date"], job, result))
    layer.setMetadata(metadata)
    # a folder that takes the raster but no metadata is no reason to fail
    layer.saveNamedMetadata(metadata_path(layer.source()))
