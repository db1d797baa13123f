"""Colours and names of the bands in a temporal profile."""

from __future__ import annotations

from qgis.PyQt.QtGui import QColor, QIcon, QPalette, QPixmap

from ..core import tr
from ..core.profile import NDVI

# (on light ground, on dark ground)
COLOURS = {
    "B02": ("#1f6fd1", "#6cb0ff"),
    "B03": ("#1d8a3e", "#5fd07f"),
    "B04": ("#c8322b", "#ff8078"),
    "B08": ("#8a3fb5", "#d59bff"),
    NDVI: ("#8a6100", "#e6b84a"),
}
INKS = ("#202020", "#d8d8d8")  # on light ground, on dark ground
LEGIBLE = 96  # of 255, by which ink and ground must differ in lightness


def colour(name: str, palette: QPalette, ground: QPalette.ColorRole = QPalette.ColorRole.Base) -> QColor:
    """A quantity's colour, legible on the palette's ground."""
    return QColor(COLOURS[name][palette.color(ground).lightness() < 128])


def text_colour(palette: QPalette) -> QColor:
    """The colour of texts and lines on the palette's ground: its text, unless that can hardly be seen.

    QGIS's dark themes colour texts by style sheets, which a plot that is drawn does not follow, and leave them dark in the palette.
    """
    text, ground = palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.Base)
    return text if abs(text.lightness() - ground.lightness()) >= LEGIBLE else QColor(INKS[ground.lightness() < 128])


def quantity_name(name: str) -> str:
    """What a quantity is called."""
    names = {"B02": tr("Blue"), "B03": tr("Green"), "B04": tr("Red"), "B08": tr("Near infrared")}
    return names.get(name, name)


def swatch(name: str, palette: QPalette, size: int) -> QIcon:
    """A patch of the quantity's colour."""
    patch = QPixmap(size, size)
    patch.fill(colour(name, palette))
    return QIcon(patch)
