"""The zip unpacked into a fresh profile, as "Install from ZIP" does, and run from there."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from osgeo import gdal

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "plugin"), str(ROOT / "tests" / "release")]

import package  # noqa: E402
from rasters import DATES, HEIGHT, WIDTH, write_series  # noqa: E402


@pytest.fixture(scope="module")
def profile(tmp_path_factory):
    """A folder of profiles whose default one has the plugin from the zip, and nothing else."""
    folder = tmp_path_factory.mktemp("custom")
    path = tmp_path_factory.mktemp("package") / "sitsr.zip"
    package.write_zip(package.content(), path)
    plugins = folder / "profiles" / "default" / "python" / "plugins"
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            archive.extract(name, plugins)
    return folder


@pytest.fixture(scope="module")
def qgis_process(profile, tmp_path_factory):
    """Call qgis_process with that profile; returns the finished process."""
    dropped = ("PYTHONPATH", "PYTHONHOME", "QGIS_PLUGINPATH")
    environment = {
        **{name: value for name, value in os.environ.items() if name not in dropped},
        "HOME": str(tmp_path_factory.mktemp("home")),
        "XDG_RUNTIME_DIR": str(tmp_path_factory.mktemp("runtime")),
        "QGIS_CUSTOM_CONFIG_PATH": str(profile),
        "QT_QPA_PLATFORM": "offscreen",
        "SITSR_PYTHON": os.environ.get("SITSR_PYTHON") or str(ROOT / ".venv" / "bin" / "python"),
        "OMP_NUM_THREADS": "1",
    }

    def call(*arguments):
        return subprocess.run(["qgis_process.bin", *arguments], env=environment, capture_output=True, text=True, timeout=300)

    enabled = call("plugins", "enable", "sitsr")
    assert enabled.returncode == 0, enabled.stdout + enabled.stderr
    return call


def test_its_algorithms_are_listed(qgis_process):
    listed = qgis_process("list").stdout
    assert "superresolvetimeseries" in listed and "inspectseries" in listed


def test_it_computes_with_the_code_of_the_zip(qgis_process, profile, tmp_path):
    """Not with a package of the same name that the worker's Python may have."""
    core = profile / "profiles" / "default" / "python" / "plugins" / "sitsr" / "sitsr_core" / "__init__.py"
    text = core.read_text(encoding="utf-8")
    core.write_text(text + '\n__version__ = "0.0.7"\n', encoding="utf-8")
    output = tmp_path / "fine.tif"
    inputs = [f"--INPUT={path}" for path in write_series(tmp_path)]
    done = qgis_process("--json", "run", "sitsr:superresolvetimeseries", *inputs, f"--TARGET={DATES[2]}", f"--OUTPUT={output}")
    core.write_text(text, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout[done.stdout.index("{") :])["results"]["OUTPUT"] == str(output)
    raster = gdal.Open(str(output))
    assert (raster.RasterXSize, raster.RasterYSize) == (4 * WIDTH, 4 * HEIGHT)
    assert "0.0.7" in raster.GetMetadata().values() or "0.0.7" in json.dumps(raster.GetMetadata())
