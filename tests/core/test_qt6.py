"""What Qt 6 no longer has does not appear in the plugin; read from the syntax trees, so no Qt is needed.

``tests/plugin/test_plugin_folder.py`` asks the real classes which of their attributes are enum values; this finds those reached
through ``self`` too, and names that are gone.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [ROOT / "__init__.py", *sorted((ROOT / "sitsr_plugin").rglob("*.py"))]
# Classes, functions and methods of Qt 5 that PyQt6 or QGIS's Qt 6 builds do not have.
GONE = {
    "exec_", "print_", "QRegExp", "QRegExpValidator", "QDesktopWidget", "QTextCodec", "QSignalMapper", "QStringRef", "QMatrix", "QGLWidget",
    "QWebView", "QWebPage", "QWebSettings", "qApp", "Q_ENUMS", "Q_FLAGS", "setTabStopWidth", "tabStopWidth", "setMargin", "toTime_t",
    "setTime_t", "fromTime_t", "midButton", "MidButton", "setResizeMode", "setClickable", "setMovable", "desktop",
    "AA_EnableHighDpiScaling", "AA_UseHighDpiPixmaps", "setCodec",
    "globalX", "globalY",
}  # fmt: skip
MOVED = {"QAction", "QActionGroup", "QShortcut", "QUndoStack", "QUndoCommand", "QFileSystemModel"}  # from QtWidgets to QtGui


def parents(tree: ast.AST) -> dict:
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}


def from_qgis(tree: ast.AST) -> set[str]:
    """Names that are imported from qgis."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "qgis"]
    return {alias.asname or alias.name for node in imports for alias in node.names}


def unscoped(tree: ast.AST) -> list[str]:
    """Attributes like ``Qt.UserRole`` or ``self.Accepted``: a value taken from a class, not from its enum."""
    above, owners, own = parents(tree), from_qgis(tree) | {"self", "cls"}, set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            own |= {
                target.id for line in node.body if isinstance(line, ast.Assign) for target in line.targets if isinstance(target, ast.Name)
            }
    found = []
    for node in ast.walk(tree):
        if not (
            isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in owners and node.attr[0].isupper()
        ):
            continue
        parent = above[node]
        inside = isinstance(parent, ast.Attribute) or (isinstance(parent, ast.Call) and parent.func is node)
        if not inside and not node.attr.isupper() and node.attr not in own:
            found.append(f"{node.value.id}.{node.attr} (line {node.lineno})")
    return found


def gone(tree: ast.AST) -> list[str]:
    """Names that Qt 6 does not have, and classes taken from where they no longer are with nothing to fall back on."""
    above, found = parents(tree), []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in GONE:
            found.append(f"{node.attr} (line {node.lineno})")
        elif isinstance(node, ast.ImportFrom):
            found += [f"{alias.name} (line {node.lineno})" for alias in node.names if alias.name in GONE]
            guarded = isinstance(above.get(node), ast.Try | ast.ExceptHandler)
            if node.module == "qgis.PyQt.QtWidgets" and not guarded:
                found += [f"{alias.name} from QtWidgets (line {node.lineno})" for alias in node.names if alias.name in MOVED]
        elif isinstance(node, ast.Import):
            found += [f"import {alias.name} (line {node.lineno})" for alias in node.names if alias.name == "sip"]
    return found


def test_the_checks_see_what_qt_6_lacks():
    bad = ast.parse(
        "from qgis.PyQt.QtCore import Qt, QRegExp\nfrom qgis.PyQt.QtWidgets import QAction, QDialog\nimport sip\n"
        "role = Qt.UserRole\nclass D(QDialog):\n    def go(self):\n        return self.exec_() == self.Accepted\n"
    )
    assert unscoped(bad) == ["Qt.UserRole (line 4)", "self.Accepted (line 7)"]
    assert sorted(text.split()[0] for text in gone(bad)) == ["QAction", "QRegExp", "exec_", "import"]
    good = ast.parse(
        "from qgis.core import Qgis\nfrom qgis.PyQt.QtCore import Qt\nrole = Qt.ItemDataRole.UserRole\nv = Qgis.QGIS_VERSION_INT < 33600\n"
        "try:\n    from qgis.PyQt.QtGui import QAction\nexcept ImportError:\n    from qgis.PyQt.QtWidgets import QAction\n"
    )
    assert unscoped(good) == gone(good) == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_plugin_runs_on_qt_6(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert unscoped(tree) == []
    assert gone(tree) == []
