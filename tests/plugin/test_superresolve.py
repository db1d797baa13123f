"""``sitsr:superresolvetimeseries`` with the real worker: what goes in, what comes out."""

import json
import os

import numpy as np
import pytest
from batch_dialog import log_text, run_batch
from model3 import model_of
from qgis import processing
from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingModelChildParameterSource,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingParameterMultipleLayers,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QTimer
from rasters import BANDS, DATES, HEIGHT, WIDTH, read, shown_pixels, write_raster, write_series

ALGORITHM = "sitsr:superresolvetimeseries"
pytestmark = pytest.mark.usefixtures("plugin", "python", "project")


def test_one_date_is_four_times_finer_on_the_same_ground(series, folder):
    output = str(folder / "june.tif")
    results = processing.run(ALGORITHM, {"INPUT": series, "TARGET": DATES[3], "OUTPUT": output})
    assert results["OUTPUT"] == output
    coarse, before, crs = read(series[3])
    fine, after, crs_after = read(output)
    assert fine.shape == (4, 4 * HEIGHT, 4 * WIDTH)
    assert fine.dtype == coarse.dtype
    assert after == (before[0], before[1] / 4, 0, before[3], 0, before[5] / 4)
    assert crs_after == crs
    averaged = fine.reshape(4, HEIGHT, 4, WIDTH, 4).mean(axis=(2, 4))
    assert np.corrcoef(averaged.ravel(), coarse.ravel())[0, 1] > 0.9
    assert results["TARGET_DATES"] == DATES[3]
    assert DATES[3] in results["DATES_USED"].split(",")
    assert 0 <= results["CONSISTENCY"] < 0.01
    assert results["SECONDS"] > 0
    assert results["PATHS"] == [output]
    layer = QgsRasterLayer(output, "june")
    assert [band in layer.bandName(number + 1) for number, band in enumerate(BANDS)] == [True] * 4


def test_ensemble_with_uncertainty_and_count_goes_where_the_user_wants(series, folder):
    wanted = {name: str(folder / "deep" / f"{name}.tif") for name in ("OUTPUT", "UNCERTAINTY_OUTPUT", "CLEAR_COUNT_OUTPUT")}
    (folder / "deep").mkdir()
    results = processing.run(ALGORITHM, {"INPUT": series, "MODE": 2, "MEMBERS": 2, "STEPS": 1, "SEED": 5, **wanted})
    assert {name: results[name] for name in wanted} == wanted
    spread, _, _ = read(wanted["UNCERTAINTY_OUTPUT"])
    assert spread.dtype == np.float32 and spread.shape == (4, 4 * HEIGHT, 4 * WIDTH)
    assert np.nanmin(spread) >= 0 and np.nanmax(spread) < 1
    count, _, _ = read(wanted["CLEAR_COUNT_OUTPUT"])
    assert count.max() <= len(series)
    tifs = sorted(name for name in os.listdir(folder / "deep") if name.endswith(".tif"))
    assert tifs == sorted(f"{name}.tif" for name in wanted)
    [job] = [name for name in os.listdir(folder / "deep") if name.endswith(".job.json")]
    assert json.loads((folder / "deep" / job).read_text())["seed"] == 5


def test_all_dates_go_to_the_folder_and_load_with_dates(series, folder, project):
    output = QgsProcessingOutputLayerDefinition("TEMPORARY_OUTPUT", project)
    results = processing.runAndLoadResults(ALGORITHM, {"INPUT": series, "TARGET": "all", "OUTPUT": output, "OUTPUT_FOLDER": str(folder)})
    assert results["TARGET_DATES"].split(",") == list(DATES)
    assert [os.path.basename(path) for path in sorted(results["PATHS"])] == [f"sitsr_{date}.tif" for date in DATES]
    assert results["OUTPUT"].endswith(f"sitsr_{DATES[-1]}.tif")
    layers = sorted(project.mapLayers().values(), key=lambda layer: layer.name())
    assert [layer.name() for layer in layers] == [f"Super-resolved {date}" for date in DATES]
    assert all(layer.temporalProperties().isActive() for layer in layers)
    assert {project.layerTreeRoot().findLayer(layer.id()).parent().name() for layer in layers} == {"sitsr"}
    assert len({layer.renderer().redContrastEnhancement().maximumValue() for layer in layers}) == 1
    assert project.timeSettings().temporalRange().end().toUTC().date().toString("yyyy-MM-dd") == DATES[-1]


def test_results_look_like_the_input_and_say_where_they_come_from(series, folder, project):
    from sitsr.sitsr_plugin.core.style import apply_stretch, stretch_on_screen

    layer = QgsRasterLayer(series[0], "first")
    project.addMapLayer(layer)
    seen = [(50.0, 2500.0), (60.0, 2600.0), (70.0, 2700.0)]
    apply_stretch(layer, "image", seen)
    output = str(folder / "styled.tif")
    processing.run(ALGORITHM, {"INPUT": [layer.id(), *series[1:]], "TARGET": DATES[0], "OUTPUT": output})
    fine = QgsRasterLayer(output, "fine")
    assert stretch_on_screen(fine) == seen
    fine.loadNamedMetadata(str(folder / "styled.qmd"))
    told = "\n".join(fine.metadata().history())
    assert DATES[0] in told and series[1] in told and "small" in told and "seed" in told
    assert "not observed" in fine.metadata().abstract()


def test_a_temporary_folder_is_not_a_folder_of_that_name(series, folder, monkeypatch):
    monkeypatch.chdir(folder)
    targets = ",".join(DATES[:2])
    results = processing.run(
        ALGORITHM, {"INPUT": series, "TARGET": targets, "OUTPUT": "TEMPORARY_OUTPUT", "OUTPUT_FOLDER": "TEMPORARY_OUTPUT"}
    )
    assert len(results["PATHS"]) == 2 and all(os.path.exists(path) for path in results["PATHS"])
    assert os.listdir(folder) == []


def test_the_extent_may_be_in_another_crs(series, folder):
    output = str(folder / "part.tif")
    # 430100..430200 E, 4649800..4649900 N
    processing.run(ALGORITHM, {"INPUT": series, "EXTENT": "430100,430200,4649800,4649900 [EPSG:32631]", "OUTPUT": output})
    fine, transform, _ = read(output)
    assert fine.shape == (4, 40, 40)
    assert (transform[0], transform[3]) == (430100.0, 4649900.0)
    processing.run(ALGORITHM, {"INPUT": series, "EXTENT": "2.1567,2.1578,41.9985,41.9993 [EPSG:4326]", "OUTPUT": output})
    fine, transform, _ = read(output)
    assert fine.shape[1] < 4 * HEIGHT and fine.shape[2] < 4 * WIDTH
    assert (transform[0] - 430000) % 10 == 0


def test_a_folder_and_a_table_of_dates(tmp_path, folder):
    source = tmp_path / "nameless"
    source.mkdir()
    rng = np.random.default_rng(3)
    for name in ("first", "second"):
        write_raster(source / f"{name}.tif", rng.integers(300, 2500, (4, 24, 24)).astype("uint16"), BANDS)
    table = tmp_path / "dates.csv"
    table.write_text("layer,date\nfirst.tif,2020-05-01\nsecond.tif,2020-06-01\n")
    output = str(folder / "out.tif")
    results = processing.run(ALGORITHM, {"FOLDER": str(source), "DATE_TABLE": str(table), "OUTPUT": output})
    assert results["TARGET_DATES"] == "2020-06-01"
    matrix = ["first.tif", "2020-07-01", "second.tif", "2020-06-01"]
    paths = [str(source / f"{name}.tif") for name in ("first", "second")]
    results = processing.run(ALGORITHM, {"INPUT": paths, "DATES": matrix, "OUTPUT": output})
    assert results["TARGET_DATES"] == "2020-07-01"


def test_the_layers_temporal_range_is_its_date(series, folder, project):
    from sitsr.sitsr_plugin.core.temporal import set_date

    layers = [QgsRasterLayer(path, f"layer {number}") for number, path in enumerate(series)]
    project.addMapLayers(layers)
    set_date(layers[0], "2022-01-02")
    context = QgsProcessingContext()
    context.setProject(project)
    # the dialog hands over the sources, not the layers
    results = processing.run(ALGORITHM, {"INPUT": [layer.source() for layer in layers], "OUTPUT": str(folder / "x.tif")}, context=context)
    assert results["TARGET_DATES"] == "2022-01-02"


def test_the_batch_dialog_gives_each_row_its_file(series, folder, project, qtbot, monkeypatch):
    rows = [
        {
            "PARAMETERS": {"INPUT": repr(series), "TARGET": repr(date), "MODE": "0"},
            "OUTPUTS": {"OUTPUT": str(folder / f"{date}.tif")},
        }
        for date in DATES[:2]
    ]
    run_batch(ALGORITHM, rows, folder, True, monkeypatch, qtbot)
    assert not np.array_equal(read(folder / f"{DATES[0]}.tif")[0], read(folder / f"{DATES[1]}.tif")[0])
    assert sorted(layer.name() for layer in project.mapLayers().values()) == [f"Super-resolved {date}" for date in DATES[:2]]


def test_a_row_of_a_batch_can_be_cancelled(tmp_path, folder, monkeypatch, qtbot):
    """QGIS 3.22 runs rows in the main thread: its windows must go on."""
    paths = write_series(tmp_path, DATES[:2], width=80, height=80)
    given = {"INPUT": str(paths), "MODE": "0", "TARGET": f"'{DATES[0]}'"}
    rows = [{"PARAMETERS": given, "OUTPUTS": {"OUTPUT": str(folder / f"{number}.tif")}} for number in range(2)]
    clicked, timer = [], QTimer()

    def watch(dialog):
        def look():
            if not clicked and "computes on" in log_text(dialog):
                clicked.append(True)
                dialog.cancelButton().click()

        timer.timeout.connect(look)
        timer.start(50)

    said = run_batch(ALGORITHM, rows, folder, False, monkeypatch, qtbot, watch)
    timer.stop()
    assert clicked
    assert said.index("Input parameters") < said.index("computes on") < said.index("Cancelled: no output was written")
    assert [path.name for path in folder.glob("*.tif")] == []


def test_a_layer_shows_the_result_that_replaced_its_file(series, folder, project):
    """Also when the result is not to be loaded."""
    output = str(folder / "out.tif")
    processing.run(ALGORITHM, {"INPUT": series, "TARGET": DATES[0], "OUTPUT": output})
    layer = QgsRasterLayer(output, "mine")
    project.addMapLayer(layer)
    before = shown_pixels(layer)
    processing.run(ALGORITHM, {"INPUT": series, "TARGET": DATES[3], "MODE": 1, "OUTPUT": output})
    assert shown_pixels(layer) == shown_pixels(QgsRasterLayer(output, "again")) != before
    assert layer.temporalProperties().fixedTemporalRange().begin().toUTC().date().toString("yyyy-MM-dd") == DATES[3]
    assert layer.name() == "mine" and list(project.mapLayers().values()) == [layer]


def test_a_model_holds_the_algorithm(series, folder):
    several = QgsProcessingParameterMultipleLayers("series", "Series", QgsProcessing.TypeRaster)
    source = QgsProcessingModelChildParameterSource
    sources = {"INPUT": source.fromModelParameter("series"), "TARGET": source.fromStaticValue(DATES[1])}
    model, image = model_of(ALGORITHM, [several], sources, folder / "finer.model3")
    results = processing.run(model, {"series": series, image: str(folder / "model.tif")})
    assert results[image] == str(folder / "model.tif")
    assert read(folder / "model.tif")[0].shape == (4, 4 * HEIGHT, 4 * WIDTH)


def failure(parameters):
    """The sentence that stops a run."""
    with pytest.raises(QgsProcessingException) as caught:
        processing.run(ALGORITHM, parameters, feedback=QgsProcessingFeedback(False))
    assert "Traceback" not in str(caught.value)
    return str(caught.value)


def test_what_is_wrong_with_the_parameters_is_said_before_the_run(series, folder, tmp_path):
    output = str(folder / "out.tif")
    assert "No rasters were given" in failure({"OUTPUT": output})
    assert "'/nowhere.tif' is neither a layer" in failure({"INPUT": ["/nowhere.tif"], "OUTPUT": output})
    assert "'june' is not a date" in failure({"INPUT": series, "TARGET": "june", "OUTPUT": output})
    assert "'2021-07-16/2021-07-21' is not a date" in failure({"INPUT": series, "TARGET": "2021-07-16/2021-07-21", "OUTPUT": output})
    point = "430100,430100,4649800,4649800 [EPSG:32631]"
    assert "The extent has no area. Draw or type a rectangle." in failure({"INPUT": series, "EXTENT": point, "OUTPUT": output})
    assert "no folder to write them to" in failure({"INPUT": series, "TARGET": "all", "OUTPUT": output})
    assert "No output file was given" in failure({"INPUT": series, "TARGET": "", "OUTPUT": None})
    assert "must end in .tif" in failure({"INPUT": series, "OUTPUT": str(folder / "out.jp2")})
    text = tmp_path / "text.tif"
    text.write_text("not a raster")
    assert f"'{text}' cannot be read as a raster" in failure({"INPUT": [*series, str(text)], "OUTPUT": output})
    assert os.listdir(folder) == []


def test_what_the_worker_finds_wrong_is_one_sentence(series, folder, tmp_path):
    output = str(folder / "out.tif")
    assert "2021-04-03" in failure({"INPUT": series, "DATES": ["2", "2021-04-03"], "OUTPUT": output})
    other = tmp_path / "s2_2021-07-01.tif"
    write_raster(other, np.full((4, 20, 20), 900, "uint16"), BANDS)
    assert "s2_2021-07-01" in failure({"INPUT": [*series, str(other)], "OUTPUT": output})
    assert "damaged" in failure({"INPUT": series, "MODEL": broken_model(tmp_path), "OUTPUT": output}).lower()
    assert not [name for name in os.listdir(folder) if name.endswith(".tif")]


class Listener(QgsProcessingFeedback):
    """Keeps the warnings."""

    def __init__(self):
        super().__init__(False)
        self.warnings = []

    def pushWarning(self, text):
        self.warnings.append(text)


def test_display_values_given_as_reflectance_are_warned_about(folder, tmp_path):
    picture = tmp_path / "photo_2021-05-01.tif"
    write_raster(picture, np.random.default_rng(1).integers(20, 70, (3, 40, 40)).astype("uint8"), ("B02", "B03", "B04"))
    feedback = Listener()
    processing.run(ALGORITHM, {"INPUT": [str(picture)], "OUTPUT": str(folder / "out.tif")}, feedback=feedback)
    assert any("8-bit" in text for text in feedback.warnings), feedback.warnings


def test_an_image_one_pixel_wide_works(folder, tmp_path):
    sliver = tmp_path / "sliver_2021-05-01.tif"
    write_raster(sliver, np.random.default_rng(1).integers(500, 2500, (4, 30, 1)).astype("uint16"), BANDS)
    processing.run(ALGORITHM, {"INPUT": [str(sliver)], "OUTPUT": str(folder / "out.tif")})
    assert read(folder / "out.tif")[0].shape == (4, 120, 4)


def test_hopeless_rasters_and_places_are_one_sentence(series, folder, tmp_path):
    output = str(folder / "out.tif")
    one_band = tmp_path / "one_2021-05-01.tif"
    write_raster(one_band, np.full((1, 20, 20), 900, "uint16"))
    assert "one_2021-05-01" in failure({"INPUT": [str(one_band)], "OUTPUT": output})
    empty = tmp_path / "empty_2021-05-01.tif"
    write_raster(empty, np.zeros((4, 20, 20), "uint16"), BANDS, nodata=0)
    assert "no-data" in failure({"INPUT": [str(empty)], "OUTPUT": output})
    (folder / "file").touch()
    assert "file" in failure({"INPUT": series, "OUTPUT": str(folder / "file" / "out.tif")})
    assert os.listdir(folder) == ["file"]


def broken_model(folder):
    """A file that only looks like a model."""
    path = folder / "broken.safetensors"
    path.write_bytes(b"\x10\x00\x00\x00\x00\x00\x00\x00" + b"{ nothing here }")
    return str(path)


def test_a_missing_interpreter_is_said(series, folder, monkeypatch):
    monkeypatch.setenv("SITSR_PYTHON", "/nowhere/python")
    assert "'/nowhere/python' given by the environment variable SITSR_PYTHON does not exist" in failure(
        {"INPUT": series, "OUTPUT": str(folder / "out.tif")}
    )
    monkeypatch.delenv("SITSR_PYTHON")
    assert "-m venv" in failure({"INPUT": series, "OUTPUT": str(folder / "out.tif")})
