"""The rules of the house, read from the syntax trees and the files themselves: who imports whom, and what is never written."""

import ast
import configparser
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import sitsr_core

ROOT = Path(__file__).resolve().parents[2]
TOP_LEVEL = {
    ".ci", ".gitignore", "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "__init__.py", "metadata.txt", "pyproject.toml",
    "docs", "resources", "sitsr_core", "sitsr_plugin", "tests", "training",
}  # fmt: skip
MOST_LINES = 400
LONGEST_IN_A_SCRIPT = 45
NEVER_IMPORTED = {"pickle", "cPickle", "dill", "marshal", "shelve", "joblib"}
NEVER_CALLED = {"eval", "exec", "os.system", "os.popen", "yaml.load", "torch.hub.load"}
QT = {"qgis", "PyQt5", "PyQt6", "PySide2", "PySide6"}
REQUIRED_METADATA = (
    "name", "description", "about", "version", "qgisMinimumVersion", "author", "email", "tracker", "repository", "homepage",
    "hasProcessingProvider", "category", "tags", "icon", "changelog",
)  # fmt: skip
# A folder of somebody's machine, not a part of a longer path or address.
MACHINE_PATH = re.compile(r"(?<![\w./:}~-])/(?:" + "|".join(("work", "root", "home", "tmp", "Users")) + r")(?![\w-])")
UNFINISHED = re.compile(r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error")) + r")\b")


def tracked() -> list[Path]:
    """Every file of the project: what git tracks, or all files where git cannot tell."""
    git = shutil.which("git") if (ROOT / ".git").exists() else None
    listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True).stdout.decode() if git else ""
    if listed:
        return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    roots = [ROOT / name for name in TOP_LEVEL]
    found = [path for root in roots for path in (root.rglob("*") if root.is_dir() else [root])]
    return [path for path in found if path.is_file() and "__pycache__" not in path.parts]


FILES = tracked()
PYTHON = [path for path in FILES if path.suffix == ".py"]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def below(folder: str) -> list[Path]:
    """The Python files of a top-level folder."""
    return [path for path in PYTHON if path.is_relative_to(ROOT / folder)]


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imported(tree: ast.AST) -> Iterator[str]:
    """Absolute modules that are imported anywhere in the file, inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or ""
            if node.module == "qgis":
                yield from (f"qgis.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and called(node) in ("importlib.import_module", "import_module", "__import__"):
            yield from (argument.value for argument in node.args[:1] if isinstance(argument, ast.Constant))


def called(call: ast.Call) -> str:
    """Dotted name of what is called, as far as it is written out."""
    parts, node = [], call.func
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join(reversed([*parts, node.id])) if isinstance(node, ast.Name) else ""


def dangers(tree: ast.AST) -> list[str]:
    """What must not be in any file: code from data, shells, unsafe archives and loads."""
    found = [f"imports {name}" for name in imported(tree) if name.partition(".")[0] in NEVER_IMPORTED]
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name, options = called(call), {word.arg: word.value for word in call.keywords}
        if name in NEVER_CALLED or name.endswith(".extractall"):
            found.append(f"line {call.lineno} calls {name}")
        if "shell" in options and getattr(options["shell"], "value", None) is not False:
            found.append(f"line {call.lineno} uses a shell")
        if name == "torch.load" and getattr(options.get("weights_only"), "value", None) is not True:
            found.append(f"line {call.lineno} loads more than weights")
    return found


def test_the_checks_see_what_they_forbid():
    bad = "import pickle\nfrom os import path\nexec('1')\nsubprocess.run('x', shell=True)\ntorch.load(f)\nmodel.eval()\ndialog.exec()\n"
    assert [text.split()[-1] for text in dangers(ast.parse(bad))] == ["pickle", "exec", "shell", "weights"]
    assert set(imported(ast.parse("from qgis import core\ndef f():\n    import numpy.linalg\n"))) == {"qgis", "qgis.core", "numpy.linalg"}
    folder = "/" + "home"
    assert MACHINE_PATH.search(f"open('{folder}/someone/x')") and not MACHINE_PATH.search(f"https://example.org{folder}/x")


def test_plugin_imports_only_the_standard_library_and_qgis():
    allowed = set(sys.stdlib_module_names) | {"qgis"}
    files = [*below("sitsr_plugin"), ROOT / "__init__.py"]
    assert len(files) > 5
    assert not {(named(path), name) for path in files for name in imported(tree_of(path)) if name.partition(".")[0] not in allowed}


def test_plugin_does_not_evaluate_annotations():
    """``int | None`` in a signature stops the Python 3.9 of older QGIS where annotations are evaluated, which vermin does not see."""
    future = "from __future__ import annotations"
    assert not [named(path) for path in below("sitsr_plugin") if (text := path.read_text(encoding="utf-8")).strip() and future not in text]


def test_plugin_reaches_qt_only_through_qgis():
    for path in below("sitsr_plugin"):
        assert not {name.partition(".")[0] for name in imported(tree_of(path))} & (QT - {"qgis"}), named(path)


@pytest.mark.parametrize("folder", ["sitsr_core", "training", "tests/core", "tests/benchmarks"])
def test_core_and_training_know_no_qgis(folder):
    files = below(folder)
    assert files
    for path in files:
        names = {name.partition(".")[0] for name in imported(tree_of(path))}
        assert not names & (QT | {"sitsr_plugin", "processing"}), named(path)


def test_nothing_runs_code_from_data():
    found = {named(path): problems for path in PYTHON if (problems := dangers(tree_of(path)))}
    assert not found


def test_training_scripts_are_thin():
    scripts = below("training")
    assert scripts
    for path in scripts:
        for node in ast.walk(tree_of(path)):
            assert not isinstance(node, ast.ClassDef), f"{named(path)} defines {node.name}: it belongs in sitsr_core"
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                assert length <= LONGEST_IN_A_SCRIPT, f"{named(path)}: {node.name} has {length} lines"


def test_top_level_holds_the_house_and_no_more():
    assert {path.relative_to(ROOT).parts[0] for path in FILES} <= TOP_LEVEL


def test_no_file_is_too_long():
    long = {named(path): lines for path in PYTHON if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES}
    assert not long


def test_no_machine_path_and_nothing_unfinished():
    found = []
    for path in FILES:
        data = path.read_bytes()
        if b"\0" in data or path.name == "LICENSE":
            continue
        for number, line in enumerate(data.decode("utf-8").splitlines(), 1):
            if MACHINE_PATH.search(line) or UNFINISHED.search(line):
                found.append(f"{named(path)}:{number}: {line.strip()[:100]}")
    assert not found


def test_public_functions_and_classes_have_docstrings():
    """In the package, whatever other files may use says what it is."""
    bare = []
    for path in below("sitsr_core"):
        tree = tree_of(path)
        if path.name != "__init__.py" and not ast.get_docstring(tree):
            bare.append(named(path))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node):
                bare.append(f"{named(path)}: {node.name}")
    assert not bare


@pytest.fixture(scope="module")
def metadata():
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(ROOT / "metadata.txt", encoding="utf-8")
    return parser["general"]


def test_metadata_has_what_the_plugin_repository_demands(metadata):
    assert not [field for field in REQUIRED_METADATA if not metadata.get(field, "").strip()]
    assert metadata["hasProcessingProvider"] == "yes"
    assert metadata["category"] == "Raster"
    assert metadata["qgisMinimumVersion"] == "3.22"
    assert "plugin" not in metadata["name"].lower()
    assert (ROOT / metadata["icon"]).is_file()


def test_one_version_everywhere(metadata):
    assert metadata["version"] == sitsr_core.__version__
    assert metadata["version"] in metadata["changelog"]
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == sitsr_core.__version__


def test_locked_packages_satisfy_the_declared_ones():
    """The lock holds every direct dependency, pinned, with the hashes of its wheels, and nothing without."""
    folder = ROOT / "resources" / "requirements"
    texts = {path.name: re.sub(r"^#.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE) for path in folder.glob("*.txt")}
    assert texts.pop("core.txt") == "-r packages.txt\n-r torch-cpu.txt\n"
    hashed = r"([A-Za-z0-9_.-]+==[0-9][A-Za-z0-9.]*)(\+cpu)?( ; [^\\\n]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+\n+"
    assert all(re.fullmatch(f"({hashed})+", texts[name]) for name in ("packages.txt", "torch-cpu.txt"))
    pins = [found[0] for text in texts.values() for found in re.findall(hashed, text)]
    assert texts["torch-cuda.txt"].strip() in pins
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[<>=!~ ]", text)[0].lower() for text in project["dependencies"]}
    assert declared <= {pin.partition("==")[0].lower() for pin in pins}


def test_licence_fits_the_metadata(metadata):
    assert "GNU GENERAL PUBLIC LICENSE" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert metadata["license"] == "GPL-3.0-or-later"
