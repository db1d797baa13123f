"""What QGIS and plugins.qgis.org demand of the folder and of the code, before anything runs."""

import ast
import configparser
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [ROOT / "__init__.py", *sorted((ROOT / "sitsr_plugin").rglob("*.py"))]


@pytest.fixture(scope="module")
def metadata():
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string((ROOT / "metadata.txt").read_text(encoding="utf-8"))
    return dict(parser["general"])


def test_metadata_has_what_the_repository_demands(metadata):
    for field in (
        *("name", "description", "about", "version", "qgisminimumversion", "author", "email", "tracker", "repository", "homepage"),
        *("hasprocessingprovider", "category", "tags", "icon", "changelog"),
    ):
        assert metadata.get(field), field
    assert "plugin" not in metadata["name"].lower()
    assert (metadata["qgisminimumversion"], metadata["qgismaximumversion"]) == ("3.22", "4.99")
    assert metadata["hasprocessingprovider"] == "yes"
    assert metadata["category"] == "Raster"
    assert re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]+", metadata["email"])
    for field in ("tracker", "repository", "homepage"):
        assert metadata[field].startswith("https://")
    assert (ROOT / metadata["icon"]).is_file()
    assert (ROOT / "LICENSE").is_file()


def test_the_version_is_that_of_the_core(metadata):
    found = re.search(r'__version__ = "(.+?)"', (ROOT / "sitsr_core" / "__init__.py").read_text(encoding="utf-8"))
    assert metadata["version"] == found.group(1)
    assert metadata["version"] in metadata["changelog"]


def test_importing_the_plugin_takes_nothing_heavy(tmp_path):
    (tmp_path / "sitsr").symlink_to(ROOT, target_is_directory=True)
    script = (
        "import sys, time, json; sys.path.insert(0, sys.argv[1]); "
        "own = time.process_time(); import qgis.core, qgis.PyQt.QtWidgets; own = time.process_time() - own; "
        "sys.pycache_prefix, sys.dont_write_bytecode = sys.argv[1], False; "
        "before = set(sys.modules); t = time.process_time(); "
        "import sitsr.sitsr_plugin.plugin; t = time.process_time() - t; "
        "print(json.dumps([t / own, sorted({n.split('.')[0] for n in set(sys.modules) - before})]))"
    )
    # the first run compiles, as the first start of QGIS with a new version does
    for _ in range(2):
        answer = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True)
    assert list(tmp_path.rglob("plugin.*.pyc"))
    share, modules = json.loads(answer.stdout.splitlines()[-1])
    # of the processor, and beside what QGIS's own libraries take, so that neither the machine nor what else it does has a say
    assert share < 0.15
    assert not {"torch", "numpy", "rasterio", "osgeo", "scipy", "skimage", "processing", "sitsr_core"} & set(modules)


def test_only_standard_library_and_qgis_are_imported():
    allowed = set(sys.stdlib_module_names) | {"qgis"}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module]
            else:
                continue
            assert all(name.split(".")[0] in allowed for name in names), f"{path.name}: {names}"
            assert not any(re.match(r"PyQt\d", name) for name in names), path.name
