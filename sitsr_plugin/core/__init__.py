"""What the algorithms and the windows share, without widgets."""

from __future__ import annotations

from pathlib import Path

from qgis.PyQt.QtCore import QCoreApplication

PLUGIN_ROOT = Path(__file__).resolve().parents[2]


def tr(text: str) -> str:
    """The text in the user's language."""
    return QCoreApplication.translate("sitsr", text)


class PluginError(Exception):
    """A failure the user can act on: one sentence what is wrong, one sentence what to do."""

    def __init__(self, message: str, hint: str = ""):
        super().__init__(f"{message} {hint}".strip())
        self.message = message
        self.hint = hint
