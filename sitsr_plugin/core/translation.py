"""The interface in the user's language."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

from . import PLUGIN_ROOT

FOLDER = PLUGIN_ROOT / "resources" / "i18n"


def translation_file(locale: str, folder: Path = FOLDER) -> Path | None:
    """The compiled translation for a locale such as ``fr_CA``: the country's own, else the language's; None when there is neither."""
    for name in (locale, locale.partition("_")[0]):
        path = folder / f"sitsr_{name}.qm"
        if name and path.is_file():
            return path
    return None


def install_translation() -> QTranslator | None:
    """Have Qt translate sitsr's texts into QGIS's language. Keep what is returned; None when English serves."""
    path = translation_file(QgsApplication.locale())
    translator = QTranslator()
    if path is None or not translator.load(str(path)):
        return None
    QCoreApplication.installTranslator(translator)
    return translator


def remove_translation(translator: QTranslator | None) -> None:
    """Take a translation away again."""
    if translator is not None:
        QCoreApplication.removeTranslator(translator)
