"""Results that the plugin writes last: whether they can be is known before anything is computed, and a late refusal says what there is."""

import errno
import os
import subprocess
import sys

import numpy as np
import pytest
from panel import LONG
from qgis import processing
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputLayerDefinition,
    QgsProperty,
    QgsRasterLayer,
)
from rasters import BANDS, DATES, shown_pixels, write_raster

SUPER_RESOLVE = "sitsr:superresolvetimeseries"
LAST = (
    (SUPER_RESOLVE, "UNCERTAINTY_OUTPUT", "u.tif"),
    (SUPER_RESOLVE, "CLEAR_COUNT_OUTPUT", "c.tif"),
    ("sitsr:finetune", "OUTPUT_HTML", "r.html"),
    ("sitsr:inspectseries", "OUTPUT", "r.html"),
    ("sitsr:inspectseries", "OUTPUT_JSON", "r.json"),
    ("sitsr:evaluate", "OUTPUT", "r.html"),
    ("sitsr:evaluate", "OUTPUT_JSON", "r.json"),
    ("sitsr:evaluate", "OUTPUT_CSV", "r.csv"),
    ("sitsr:simulateseries", "OUTPUT", "truth.tif"),
    ("sitsr:tryit", "OUTPUT", "fine.tif"),
)
NOTHING_LEARNED = {
    "model": "mine", "learned": ["a"], "held_out": [], "pairs": 1, "metrics": {}, "picture": "", "seconds": 1.0,
    "curves": {stage: {"loss": [], "held_out": []} for stage in ("mean", "flow")},
}  # fmt: skip
pytestmark = pytest.mark.usefixtures("plugin", "python", "project")


def given(algorithm, series, folder):
    """Parameters that are right."""
    return {
        SUPER_RESOLVE: {"INPUT": series, "OUTPUT": str(folder / "fine.tif")},
        "sitsr:finetune": {"FOLDER": str(folder), "DATA": "x", "LICENCE": "CC0-1.0", "OUTPUT": str(folder / "mine.safetensors")},
        "sitsr:inspectseries": {"INPUT": series},
        "sitsr:evaluate": {"INPUT": series[0], "REFERENCE": series[1]},
        "sitsr:simulateseries": {"INPUT": series[0], "OUTPUT_FOLDER": str(folder / "series")},
        "sitsr:tryit": {"OUTPUT_FOLDER": str(folder / "series")},
    }[algorithm]


def failure(algorithm, parameters):
    """The sentence that stops a run."""
    with pytest.raises(QgsProcessingException) as caught:
        processing.run(algorithm, parameters, feedback=QgsProcessingFeedback(False))
    return str(caught.value)


@pytest.fixture
def computed(monkeypatch):
    """What was asked of the worker, which answers nothing."""
    from sitsr.sitsr_plugin.algorithms.base import WorkerAlgorithm

    asked = []
    monkeypatch.setattr(WorkerAlgorithm, "compute", lambda self, job, *_: asked.append(job) or {})
    return asked


@pytest.fixture
def read_only(tmp_path):
    """A folder that not even root may write to."""
    place = tmp_path / "locked"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m,ro", "tmpfs", str(place)]
    if sys.platform != "linux" or os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("mounting needs root on Linux")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize(("algorithm", "name", "file"), LAST)
def test_a_place_that_cannot_be_written_is_known_before_computing(algorithm, name, file, series, folder, computed):
    (folder / "file").touch()
    wanted = str(folder / "file" / file)
    said = failure(algorithm, {**given(algorithm, series, folder), name: wanted})
    assert f"'{wanted}' cannot be written: a part of its path is a file, not a folder. Choose another place." in said
    assert computed == [] and os.listdir(folder) == ["file"]


def test_a_read_only_folder_is_known_before_computing(series, folder, read_only, computed):
    for algorithm, name, file in LAST:
        wanted = read_only / "new" / file
        definition = QgsProcessingOutputLayerDefinition(str(wanted))
        for value in (str(wanted), definition) if file.endswith(".tif") else (str(wanted),):
            said = failure(algorithm, {**given(algorithm, series, folder), name: value})
            assert f"'{wanted}' cannot be written: permission denied. Choose a folder you may write to." in said
    assert computed == [] and os.listdir(folder) == []


def test_a_model_knows_it_too_where_nobody_checks_the_parameters(series, folder, computed):
    from qgis.core import QgsApplication

    (folder / "file").touch()
    parameters = {**given(SUPER_RESOLVE, series, folder), "UNCERTAINTY_OUTPUT": str(folder / "file" / "u.tif")}
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(SUPER_RESOLVE)
    _, succeeded = algorithm.run(parameters, QgsProcessingContext(), QgsProcessingFeedback(False))
    assert not succeeded and computed == []


def test_places_that_are_not_used_are_not_looked_at(series, folder, computed):
    (folder / "file").touch()
    several = {
        "INPUT": series,
        "TARGET": "all",
        "OUTPUT_FOLDER": str(folder / "dates"),
        "UNCERTAINTY_OUTPUT": str(folder / "file" / "u.tif"),
    }
    processing.run(SUPER_RESOLVE, several)
    processing.run(SUPER_RESOLVE, {**given(SUPER_RESOLVE, series, folder), "UNCERTAINTY_OUTPUT": "TEMPORARY_OUTPUT"})
    assert len(computed) == 2


def test_a_destination_may_be_an_expression(sitsr):
    from sitsr.sitsr_plugin.algorithms.parameters import named_place

    context = QgsProcessingContext()
    assert named_place(QgsProcessingOutputLayerDefinition(QgsProperty.fromExpression("'/a/' || 'b.tif'")), context) == "/a/b.tif"
    assert named_place("TEMPORARY_OUTPUT", context) == named_place(None, context) == ""


def test_a_late_refusal_names_the_result_which_has_its_style(series, folder, monkeypatch):
    from sitsr.sitsr_plugin.algorithms.base import WorkerAlgorithm

    compute = WorkerAlgorithm.compute

    def then_the_folder_is_gone(self, *arguments):
        result = compute(self, *arguments)
        (folder / "later").touch()
        return result

    monkeypatch.setattr(WorkerAlgorithm, "compute", then_the_folder_is_gone)
    wanted, output, beside = (str(folder / name) for name in ("later/u.tif", "fine.tif", "fine_std.tif"))
    said = failure(SUPER_RESOLVE, {"INPUT": series, "OUTPUT": output, "UNCERTAINTY_OUTPUT": wanted})
    assert f"'{wanted}' cannot be written: a part of its path is a file" in said
    assert f"Already written, and kept: '{output}', '{beside}'." in said
    assert all(QgsRasterLayer(path, "x").isValid() for path in (output, beside))
    assert {"fine.qml", "fine.qmd", "fine_std.qml", "fine_std.qmd"} <= set(os.listdir(folder))


def test_a_late_refusal_reloads_the_layer_of_the_result(series, folder, project, qtbot, monkeypatch):
    """In the background, as the panel and the toolbox run it."""
    from sitsr.sitsr_plugin.algorithms.base import WorkerAlgorithm
    from sitsr.sitsr_plugin.core.task import BackgroundRun

    output, ended = folder / "fine.tif", []
    write_raster(output, np.full((4, 8, 8), 500, "uint16"), BANDS)
    layer = QgsRasterLayer(str(output), "fine")
    project.addMapLayer(layer)
    before = shown_pixels(layer)

    def compute(self, *_):
        for name, values in (("fine.tif", np.full((4, 8, 8), 900, "uint16")), ("fine_std.tif", np.ones((4, 8, 8), "float32"))):
            write_raster(folder / "new.tif", values, BANDS)
            (folder / "new.tif").replace(folder / name)
        (folder / "later").touch()
        record = {"date": DATES[3], "kind": "image", "path": str(output)}
        return {"outputs": [record, {**record, "kind": "uncertainty", "path": str(folder / "fine_std.tif")}]}

    monkeypatch.setattr(WorkerAlgorithm, "compute", compute)
    parameters = {"INPUT": series, "OUTPUT": str(output), "UNCERTAINTY_OUTPUT": str(folder / "later" / "u.tif")}
    run = BackgroundRun(parameters, lambda succeeded, _: ended.append(succeeded), project=project)
    run.start()
    qtbot.waitUntil(lambda: bool(ended), timeout=LONG)
    assert ended == [False]
    assert shown_pixels(layer) == shown_pixels(QgsRasterLayer(str(output), "there")) != before
    assert project.mapLayers() == {layer.id(): layer}


def test_a_late_refusal_of_the_report_names_the_model(series, folder, monkeypatch):
    from sitsr.sitsr_plugin.algorithms.base import WorkerAlgorithm

    monkeypatch.setattr(WorkerAlgorithm, "compute", lambda *_: (folder / "later").touch() or NOTHING_LEARNED)
    parameters = {**given("sitsr:finetune", series, folder), "OUTPUT_HTML": str(folder / "later" / "r.html")}
    said = failure("sitsr:finetune", parameters)
    assert "r.html' cannot be written: a part of its path is a file, not a folder. Choose another place." in said
    assert f"Already written, and kept: '{parameters['OUTPUT']}'." in said


def test_missing_folders_are_made(series, folder, monkeypatch):
    from sitsr.sitsr_plugin.algorithms.inspectseries import InspectSeries

    monkeypatch.setattr(InspectSeries, "compute", lambda *_: {"dates": []})
    page = folder / "a" / "b" / "r.html"
    processing.run("sitsr:inspectseries", {"INPUT": series, "OUTPUT": str(page)})
    assert page.exists()


def test_a_file_moves_to_another_disk_whole_or_not_at_all(sitsr, folder, monkeypatch):
    from sitsr.sitsr_plugin.core import PluginError, places

    source, target, replace = folder / "made.tif", folder / "new" / "wanted.tif", os.replace

    def only_beside(one, other):
        if os.path.dirname(one) != os.path.dirname(other):
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        replace(one, other)

    monkeypatch.setattr(os, "replace", only_beside)
    source.write_text("pixels")
    places.move_file(str(source), str(target))
    assert target.read_text() == "pixels" and os.listdir(target.parent) == ["wanted.tif"] and not source.exists()

    def full(_, part):
        with open(part, "w") as file:
            file.write("pix")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(places.shutil, "copyfile", full)
    source.write_text("others")
    with pytest.raises(PluginError, match=r"The disk that holds '.*wanted.tif' is full. Free some space"):
        places.move_file(str(source), str(target))
    assert target.read_text() == "pixels" and os.listdir(target.parent) == ["wanted.tif"] and source.read_text() == "others"


def test_what_was_noted_of_the_file_before_goes(sitsr, folder):
    """Statistics of the older file would give the new one its stretch."""
    from sitsr.sitsr_plugin.core.places import move_file

    for name in ("wanted.tif", "wanted.tif.aux.xml", "wanted.tif.ovr", "made.tif"):
        (folder / name).write_text(name)
    move_file(str(folder / "made.tif"), str(folder / "wanted.tif"))
    assert os.listdir(folder) == ["wanted.tif"] and (folder / "wanted.tif").read_text() == "made.tif"


def test_every_refusal_has_its_sentence(sitsr, folder):
    from sitsr.sitsr_plugin.core import PluginError
    from sitsr.sitsr_plugin.core.places import require_places, unwritable

    for path, words in (
        (folder, "is a folder. Give the name of a file."),
        (folder / ("n" * 300), "its name is too long. Choose a shorter name"),
    ):
        with pytest.raises(PluginError, match=words):
            require_places([str(path)])
    told = str(unwritable("x", OSError(errno.EIO, "Input/output error")))
    assert told == "'x' cannot be written: Input/output error. Choose another place for the output."
    (folder / "old.html").write_text("old")
    require_places([str(folder / "old.html"), str(folder / "new" / "new.html")])
    assert os.listdir(folder) == ["old.html"] and (folder / "old.html").read_text() == "old"
