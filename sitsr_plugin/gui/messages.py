"""Sentences for the user: in QGIS's message bar, or in a label where there is no main window."""

from __future__ import annotations

from qgis.core import Qgis

from ..core import tr

LEVELS = {
    "info": Qgis.MessageLevel.Info,
    "warning": Qgis.MessageLevel.Warning,
    "error": Qgis.MessageLevel.Critical,
    "success": Qgis.MessageLevel.Success,
}
SECONDS = {"info": 6, "warning": 12, "error": 0, "success": 8}


class Messages:
    """Where sentences go.

    Args:
        iface: QGIS's, or None.
        fallback: called with the sentence; it is shown in the dock as well, whether there is a message bar or not.
    """

    def __init__(self, iface, fallback):
        self.bar = iface.messageBar() if iface is not None else None
        self.fallback = fallback

    def tell(self, level: str, text: str) -> None:
        """Say it: ``level`` is info, warning, error or success."""
        self.fallback(text)
        if self.bar is not None:
            self.bar.pushMessage(tr("sitsr"), text, LEVELS[level], SECONDS[level])
