"""What Qt 6 no longer takes, read from the syntax trees and compared with the real classes: short enum names and what is gone."""

import ast
import importlib.util
import inspect
import re
import subprocess
import sys
from enum import Enum
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [ROOT / "__init__.py", *sorted((ROOT / "sitsr_plugin").rglob("*.py"))]
MODULES = ("qgis.PyQt.QtCore", "qgis.PyQt.QtGui", "qgis.PyQt.QtWidgets", "qgis.core", "qgis.gui")
GONE = {
    *("exec_", "print_", "toTime_t", "fromTime_t", "setTime_t", "grabWidget", "setResizeMode", "globalPos", "setCodec"),
    *("QRegExp", "QRegExpValidator", "QDesktopWidget", "QMatrix", "QTextCodec", "QGLWidget", "QSignalMapper", "QWebView"),
    *("QtWebKit", "QtWebKitWidgets", "QtScript", "qApp", "QStringList"),
}
# Qt 6 has these in QtGui: an import from QtWidgets is the second of two tries.
MOVED = {"QAction", "QActionGroup", "QShortcut", "QFileSystemModel", "QUndoCommand", "QUndoGroup", "QUndoStack"}
# Prints the dotted names it is given that PyQt6 has not; in a process of its own, for two Qt in one do not get on.
LOOK_UP = """
import functools, importlib, sys
for name in sys.argv[1:]:
    module, *rest = name.split(".")
    try:
        functools.reduce(getattr, rest, importlib.import_module("PyQt6." + module))
    except (ImportError, AttributeError):
        print(name)
"""


def is_enum(thing) -> bool:
    return isinstance(thing, type) and issubclass(thing, int | Enum)


def is_member(thing) -> bool:
    """A value of a named enum; a plain number, such as a version, is none."""
    return isinstance(thing, Enum) or (isinstance(thing, int) and type(thing) not in (int, bool))


def is_flag_set(thing) -> bool:
    """The class of combined flags, such as ``Qt.Alignment``, that only Qt 5 has."""
    return isinstance(thing, type) and not is_enum(thing) and all(name in vars(thing) for name in ("__or__", "__invert__", "__int__"))


@pytest.fixture(scope="module")
def short_names(qapp):
    """The names of enum members that classes of Qt and QGIS have outside of their enums."""
    classes = [thing for name in MODULES for _, thing in inspect.getmembers(importlib.import_module(name), inspect.isclass)]
    return {name for owner in classes if not is_enum(owner) for name, value in vars(owner).items() if is_member(value)}


def imported(tree: ast.AST) -> dict:
    """What the file's names from QGIS and Qt stand for, local names of enums too; None for anything else that is imported."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update({(alias.asname or alias.name).split(".")[0]: None for alias in node.names})
        elif isinstance(node, ast.ImportFrom):
            ours = node.level == 0 and node.module.split(".")[0] == "qgis"
            module = importlib.import_module(node.module) if ours else None
            found.update({alias.asname or alias.name: getattr(module, alias.name, None) for alias in node.names})
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and is_enum(thing := resolved(node.value, found)):
            found[node.targets[0].id] = thing
    return found


def resolved(node: ast.expr, names: dict):
    """The object a dotted name stands for, None when that is unknown."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    return getattr(resolved(node.value, names), node.attr, None) if isinstance(node, ast.Attribute) else None


def problems(tree: ast.AST, short_names: set) -> list:
    """Everything in a file that Qt 6 does not take, one sentence each."""
    names = imported(tree)
    found = [f"line {node.lineno}: {name} is gone in Qt 6" for node in ast.walk(tree) for name in sorted(words(node) & GONE)]
    for node in (node for node in ast.walk(tree) if isinstance(node, ast.Attribute)):
        text, owner = f"line {node.lineno}: {ast.unparse(node)}", resolved(node.value, names)
        if isinstance(owner, type) and not is_enum(owner):
            value = getattr(owner, node.attr, None)
            if is_member(value):
                found.append(f"{text} names its enum's member without the enum")
            elif is_flag_set(value) or (value is None and owner.__module__.startswith("PyQt")):
                found.append(f"{text} is not in Qt 6")
        elif owner is None and node.attr in short_names and not (foreign(node.value, names) or is_class_name(node.value)):
            found.append(f"{text} names an enum's member through an object")
        if node.attr in ("connect", "disconnect", "emit") and isinstance(node.value, ast.Subscript):
            found.append(f"{text} chooses a signal by its types, which differ in Qt 6")
    return found + moved(tree)


def words(node: ast.AST) -> set:
    """The names that one node of the tree uses."""
    if isinstance(node, ast.Attribute):
        return {node.attr}
    if isinstance(node, ast.ImportFrom):
        return {alias.name for alias in node.names} | set((node.module or "").split("."))
    return {node.id} if isinstance(node, ast.Name) else set()


def foreign(node: ast.expr, names: dict) -> bool:
    """Whether a dotted name begins with an import that is not of Qt or QGIS."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in names and names[node.id] is None


def is_class_name(node: ast.expr) -> bool:
    """Whether a dotted name ends like an enum of QGIS: one that only a later QGIS has cannot be looked up."""
    return isinstance(node, ast.Attribute) and node.attr[:1].isupper()


def moved(tree: ast.AST) -> list:
    """Imports from where only Qt 5 has the class, unless Qt 6's place is tried first."""
    handlers = [handler for node in ast.walk(tree) if isinstance(node, ast.Try) for handler in node.handlers]
    second_tries = {id(node) for handler in handlers for node in ast.walk(handler)}
    return [
        f"line {node.lineno}: {alias.name} is in QtGui in Qt 6"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "qgis.PyQt.QtWidgets" and id(node) not in second_tries
        for alias in node.names
        if alias.name in MOVED
    ]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("from qgis.PyQt.QtCore import Qt\nQt.UserRole", "Qt.UserRole"),
        ("from qgis.PyQt import QtCore\nQtCore.Qt.Horizontal", "QtCore.Qt.Horizontal"),
        ("from qgis.PyQt.QtWidgets import QMessageBox as Box\nBox.Yes | Box.StandardButton.No", "Box.Yes"),
        ("from qgis.PyQt.QtCore import Qt\nQt.Alignment(0)", "Qt.Alignment"),
        ("from qgis.PyQt.QtCore import Qt\nQt.NoSuchName", "Qt.NoSuchName"),
        ("class A:\n    def f(self):\n        return self.Accepted", "self.Accepted"),
        ("view.setDragDropMode(view.InternalMove)", "view.InternalMove"),
        ("from qgis.core import QgsTask\nQgsTask.CanCancel", "QgsTask.CanCancel"),
        ("dialog.exec_()", "exec_ is gone"),
        ("from qgis.PyQt.QtCore import QRegExp", "QRegExp is gone"),
        ("box.activated[str].connect(f)", "box.activated[str].connect"),
        ("from qgis.PyQt.QtWidgets import QAction", "QAction is in QtGui"),
    ],
)
def test_the_check_sees_what_qt_6_does_not_take(short_names, code, said):
    found = problems(ast.parse(code), short_names)
    assert len(found) == 1 and said in found[0], found


@pytest.mark.parametrize(
    "code",
    [
        "from qgis.PyQt.QtCore import Qt\nQt.ItemDataRole.UserRole\nQt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight",
        "from qgis.PyQt.QtWidgets import QFrame\nshapes = QFrame.Shape\nshapes.NoFrame",
        "from qgis.core import Qgis\nQgis.QGIS_VERSION_INT\nQgis.MessageLevel.Info",
        "from qgis.core import Qgis\nQgis.EnumOfALaterVersion.Raster",
        "import threading\nthreading.Timer(1, print)\ndialog.exec()\nmask = table[key]",
        "try:\n    from qgis.PyQt.QtGui import QAction\nexcept ImportError:\n    from qgis.PyQt.QtWidgets import QAction",
    ],
)
def test_the_check_takes_what_is_in_both(short_names, code):
    assert problems(ast.parse(code), short_names) == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_plugin_is_ready_for_qt_6(short_names, path):
    assert problems(ast.parse(path.read_text(encoding="utf-8")), short_names) == []


def qt_names(tree: ast.AST) -> set:
    """The dotted names from Qt that a file uses, such as ``QtCore.Qt.ItemDataRole.UserRole``."""
    origins: dict = {}
    for node in (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("qgis.PyQt")):
        for alias in node.names:
            # of two tries the first is Qt 6's
            origins.setdefault(alias.asname or alias.name, f"{node.module}.{alias.name}".removeprefix("qgis.PyQt."))
    dotted = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute | ast.Name)}
    parts = [text.partition(".") for text in dotted if re.fullmatch(r"\w+(\.\w+)*", text)]
    return {origins[first] + dot + rest for first, dot, rest in parts if first in origins}


def not_in_qt_6(names: set) -> list:
    """Those that PyQt6 has not; the test is skipped where PyQt6 is not installed."""
    if importlib.util.find_spec("PyQt6") is None:
        pytest.skip("PyQt6 is not installed")
    return subprocess.run([sys.executable, "-c", LOOK_UP, *sorted(names)], capture_output=True, text=True, check=True).stdout.split()


def test_the_look_up_sees_what_qt_6_has_not():
    code = "from qgis.PyQt.QtGui import QPalette as P\nP.ColorRole.Background\nP.ColorRole.Base\nP().window().color"
    assert qt_names(ast.parse(code)) == {f"QtGui.QPalette{rest}" for rest in ("", ".ColorRole", ".ColorRole.Background", ".ColorRole.Base")}
    assert not_in_qt_6(qt_names(ast.parse(code))) == ["QtGui.QPalette.ColorRole.Background"]


def test_all_names_from_qt_are_in_qt_6():
    names = set().union(*(qt_names(ast.parse(path.read_text(encoding="utf-8"))) for path in SOURCES))
    assert len(names) > 100
    assert not_in_qt_6(names) == []
