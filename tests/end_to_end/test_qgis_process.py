"""The whole way as a script takes it: qgis_process, Processing, the plugin, the worker, a GeoTIFF."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "plugin"))

from rasters import BANDS, DATES, HEIGHT, WIDTH, fine_scene, read, write_raster, write_series  # noqa: E402

BOADELLA = ROOT.parent / "shared" / "data" / "series" / "boadella"
ALGORITHM = "sitsr:superresolvetimeseries"


@pytest.fixture(scope="module")
def qgis_process(tmp_path_factory):
    """Call qgis_process with a fresh profile that has the plugin; returns the finished process."""
    home = tmp_path_factory.mktemp("home")
    plugins = tmp_path_factory.mktemp("plugins")
    (plugins / "sitsr").symlink_to(ROOT, target_is_directory=True)
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")},
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(tmp_path_factory.mktemp("runtime")),
        "QGIS_CUSTOM_CONFIG_PATH": str(home / "qgis"),
        "QGIS_PLUGINPATH": str(plugins),
        "QT_QPA_PLATFORM": "offscreen",
        "SITSR_PYTHON": os.environ.get("SITSR_PYTHON") or str(ROOT / ".venv" / "bin" / "python"),
        "OMP_NUM_THREADS": "1",
    }

    def call(*arguments):
        return subprocess.run(["qgis_process.bin", *arguments], env=environment, capture_output=True, text=True, timeout=300)

    enabled = call("plugins", "enable", "sitsr")
    assert enabled.returncode == 0, enabled.stderr
    return call


@pytest.fixture(scope="module")
def series(tmp_path_factory):
    """Four dates of one small place."""
    return write_series(tmp_path_factory.mktemp("series"))


def run(qgis_process, algorithm, paths, **parameters):
    """Run an algorithm and return its results."""
    inputs = [f"--INPUT={path}" for path in paths]
    done = qgis_process("--json", "run", algorithm, *inputs, *(f"--{name}={value}" for name, value in parameters.items()))
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout[done.stdout.index("{") :])["results"]


def test_the_algorithms_are_listed_and_explained(qgis_process):
    listed = qgis_process("list")
    for name in ("superresolvetimeseries", "inspectseries", "tryit", "simulateseries", "evaluate"):
        assert name in listed.stdout
    explained = qgis_process("help", ALGORITHM)
    assert explained.returncode == 0
    for name in ("INPUT", "TARGET", "MODE", "OUTPUT_FOLDER", "CONSISTENCY"):
        assert name in explained.stdout


def test_a_series_becomes_one_image_four_times_finer(qgis_process, series, tmp_path):
    output = tmp_path / "finer.tif"
    results = run(qgis_process, ALGORITHM, series, TARGET=DATES[2], OUTPUT=output)
    assert results["OUTPUT"] == str(output)
    _, before, crs = read(series[2])
    fine, after, crs_after = read(output)
    assert fine.shape == (4, 4 * HEIGHT, 4 * WIDTH) and fine.dtype == np.uint16
    assert after == (before[0], before[1] / 4, 0, before[3], 0, before[5] / 4)
    assert crs_after == crs
    tags = gdal.Open(str(output)).GetMetadata()
    assert tags["ACQUISITIONDATETIME"].startswith(DATES[2])
    assert tags["SITSR_MODE"] == "mean" and len(tags["SITSR_MODEL_HASH"]) >= 16
    assert 0 <= results["CONSISTENCY"] < 0.01
    assert (tmp_path / "finer.qml").exists()


def test_a_wrong_input_is_one_sentence(qgis_process, series, tmp_path):
    output = tmp_path / "never.tif"
    done = qgis_process("run", ALGORITHM, f"--INPUT={series[0]}", "--DATES=1,soon", f"--OUTPUT={output}")
    assert done.returncode != 0
    assert "'soon' is not a date" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert not output.exists()


def test_the_series_can_be_inspected(qgis_process, series, tmp_path):
    results = run(qgis_process, "sitsr:inspectseries", series, OUTPUT_JSON=tmp_path / "report.json")
    assert results["DATE_COUNT"] == 4
    assert [date["date"] for date in json.loads((tmp_path / "report.json").read_text())["dates"]] == list(DATES)


def test_a_simulated_series_can_be_evaluated_against_its_truth(qgis_process, tmp_path):
    fine, truth, folder = tmp_path / "aerial.tif", tmp_path / "truth.tif", tmp_path / "made"
    write_raster(fine, fine_scene(32, 24).astype("uint16"), BANDS, pixel=2.5)
    made = run(qgis_process, "sitsr:simulateseries", [fine], DATE_COUNT=2, CLOUDY=0, OUTPUT=truth, OUTPUT_FOLDER=folder)
    assert made["DATES"].startswith("2024-06-01,") and (folder / "shifts.csv").exists()
    judged = run(qgis_process, "sitsr:evaluate", [truth], REFERENCE=truth, COARSE=made["PATHS"][0], OUTPUT=tmp_path / "report.html")
    assert judged["PSNR"] > 150 > judged["PSNR_BICUBIC"] > 10 and (tmp_path / "report.html").exists()


@pytest.mark.skipif(not BOADELLA.is_dir(), reason="the real series is not on this machine")
def test_a_real_series_keeps_its_extent_crs_and_scale(qgis_process, tmp_path):
    """Twelve real dates in degrees, two of them cloudy, twelve bands of which four are used."""
    paths = sorted(str(path) for path in BOADELLA.glob("*.tif"))
    output = tmp_path / "boadella.tif"
    results = run(qgis_process, ALGORITHM, paths, BANDS="B02=2,B03=3,B04=4,B08=8", OUTPUT=output)
    coarse, before, crs = read(paths[-1])
    fine, after, crs_after = read(output)
    assert fine.shape == (4, 1508, 1520)
    assert fine.dtype == coarse.dtype
    np.testing.assert_allclose(after, (before[0], before[1] / 4, 0, before[3], 0, before[5] / 4), rtol=1e-12)
    assert crs_after == crs
    assert "2020-01-18" not in results["DATES_USED"].split(",")
    averaged = fine.reshape(4, 377, 4, 380, 4).mean(axis=(2, 4))
    difference = np.abs(averaged - coarse[[1, 2, 3, 7]]).mean()
    assert difference < 100, "a box average is not the sensor's blur, but the level must be the same"
