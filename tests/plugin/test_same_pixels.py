"""The panel, a batch over three areas, a model3 and qgis_process make the same pixels."""

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
from batch_dialog import run_batch
from model3 import model_of
from panel import click, finished, menu_action
from qgis import processing
from qgis.core import (
    Qgis,
    QgsProcessing,
    QgsProcessingModelChildParameterSource,
    QgsProcessingParameterExtent,
    QgsProcessingParameterMultipleLayers,
    QgsRectangle,
)
from rasters import read

ROOT = Path(__file__).resolve().parents[2]
ALGORITHM = "sitsr:superresolvetimeseries"
AREAS = (
    "430100,430180,4649800,4649880 [EPSG:32631]",
    "430200,430280,4649800,4649880 [EPSG:32631]",
    "430000,430080,4649900,4649980 [EPSG:32631]",
)


def from_the_panel(dock, crs, output, qtbot):
    """A run of the panel on the first area."""
    menu_action(dock, "All raster layers").trigger()
    dock.series.timer.stop()
    dock.options.extent.setOutputExtentFromUser(QgsRectangle(430100, 4649800, 430180, 4649880), crs)
    dock.options.output.setFilePath(str(output))
    click(dock.bar.run, qtbot)
    finished(dock, qtbot)
    assert dock.bar.status.text().startswith("Done"), dock.bar.status.text()


def from_a_batch(series, outputs, folder, qtbot, monkeypatch):
    """A batch with a row for each area."""
    rows = [
        {"PARAMETERS": {"INPUT": repr(series), "EXTENT": repr(area)}, "OUTPUTS": {"OUTPUT": str(output)}}
        for area, output in zip(AREAS, outputs, strict=True)
    ]
    run_batch(ALGORITHM, rows, folder, False, monkeypatch, qtbot)
    assert all(output.exists() for output in outputs)


def from_a_model(series, output, folder):
    """A model3, written and read again, with the series and the area as its inputs."""
    several = QgsProcessingParameterMultipleLayers("series", "Series", QgsProcessing.SourceType.TypeRaster)
    inputs = [several, QgsProcessingParameterExtent("area", "Area")]
    sources = {
        name: QgsProcessingModelChildParameterSource.fromModelParameter(source)
        for name, source in (("INPUT", "series"), ("EXTENT", "area"))
    }
    model, image = model_of(ALGORITHM, inputs, sources, folder / "finer.model3")
    processing.run(model, {"series": series, "area": AREAS[0], image: str(output)})


def from_qgis_process(series, output, home):
    """qgis_process in a profile of its own; parameters as JSON where it takes them (QGIS 3.24 and later)."""
    (home / "plugins").mkdir(parents=True)
    (home / "plugins" / "sitsr").symlink_to(ROOT, target_is_directory=True)
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")},
        "HOME": str(home),
        "QGIS_CUSTOM_CONFIG_PATH": str(home / "qgis"),
        "QGIS_PLUGINPATH": str(home / "plugins"),
    }

    def call(*arguments, **more):
        done = subprocess.run(["qgis_process.bin", *arguments], env=environment, capture_output=True, text=True, timeout=300, **more)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout[done.stdout.index("{") :]) if "--json" in arguments else done.stdout

    call("plugins", "enable", "sitsr")
    if Qgis.QGIS_VERSION_INT >= 32400:
        inputs = json.dumps({"inputs": {"INPUT": series, "EXTENT": AREAS[0], "OUTPUT": str(output)}})
        answer = call("run", ALGORITHM, "-", input=inputs)
        answer = json.loads(answer[answer.index("{") :])
    else:
        answer = call("--json", "run", ALGORITHM, *(f"--INPUT={path}" for path in series), f"--EXTENT={AREAS[0]}", f"--OUTPUT={output}")
    assert answer["results"]["OUTPUT"] == str(output)


@pytest.mark.slow
def test_every_way_gives_the_same_pixels(dock, layers, series, python, folder, tmp_path, qtbot, monkeypatch):
    names = ("panel", "batch1", "batch2", "batch3", "model", "process")
    path = {name: folder / f"{name}.tif" for name in names}
    from_the_panel(dock, layers[0].crs(), path["panel"], qtbot)
    from_a_batch(series, [path[f"batch{number}"] for number in (1, 2, 3)], tmp_path, qtbot, monkeypatch)
    from_a_model(series, path["model"], tmp_path)
    from_qgis_process(series, path["process"], tmp_path / "home")
    pixels = {name: read(path[name]) for name in names}
    expected, place, crs = pixels["panel"]
    assert expected.shape == (4, 32, 32) and place[:4:3] == (430100.0, 4649880.0)
    for name in ("batch1", "model", "process"):
        np.testing.assert_array_equal(pixels[name][0], expected, err_msg=name)
        assert pixels[name][1:] == (place, crs)
    for name in ("batch2", "batch3"):
        assert pixels[name][0].shape == expected.shape and not np.array_equal(pixels[name][0], expected)
