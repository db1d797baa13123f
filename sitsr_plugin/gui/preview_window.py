"""Input and output side by side, with the same stretch, in canvases that move together."""

from __future__ import annotations

from qgis.core import QgsMultiBandColorRenderer, QgsRasterLayer, QgsRectangle, QgsSingleBandGrayRenderer
from qgis.gui import QgsMapCanvas, QgsMapToolPan
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from ..core import tr
from ..core.style import as_shown, as_stored, enhancement, sampled_cut
from .explain import explain


def cut_of(layer: QgsRasterLayer, bands: list, box: QgsRectangle) -> list:
    """(low, high) of each band within the box; QGIS's own function would write a histogram beside the file."""
    return [sampled_cut(layer, band, box) for band in bands]


def paint(layer: QgsRasterLayer, bands: list, stretch: list) -> None:
    """Show these bands with this stretch."""
    provider = layer.dataProvider()
    parts = [enhancement(provider.dataType(band), *stretch[position]) for position, band in enumerate(bands)]
    if len(bands) == 3:
        renderer = QgsMultiBandColorRenderer(provider, *bands)
        renderer.setRedContrastEnhancement(parts[0])
        renderer.setGreenContrastEnhancement(parts[1])
        renderer.setBlueContrastEnhancement(parts[2])
    else:
        renderer = QgsSingleBandGrayRenderer(provider, bands[0])
        renderer.setContrastEnhancement(parts[0])
    layer.setRenderer(renderer)


class PreviewWindow(QDialog):
    """The comparison.

    Args:
        source, output: the rasters; not layers of the project.
        bands: the bands to show of each, as many of one as of the other.
        box: the area, in the rasters' CRS.
    """

    def __init__(self, source: QgsRasterLayer, output: QgsRasterLayer, bands: tuple, box: QgsRectangle, parent=None):
        super().__init__(parent)
        self.setWindowTitle(tr("Preview of {date}").format(date=output.name()))
        self.layers = (source, output)
        stretch = cut_of(source, bands[0], box)
        paint(source, bands[0], stretch)
        paint(output, bands[1], as_shown(output, bands[1], as_stored(source, bands[0], stretch)))
        self.box = box
        self.linking = False
        self.canvases = tuple(self.make_canvas(layer) for layer in self.layers)
        self.arrange()
        self.resize(940, 560)
        self.show_all()
        for canvas in self.canvases:
            canvas.extentsChanged.connect(lambda canvas=canvas: self.link(canvas))

    def make_canvas(self, layer: QgsRasterLayer) -> QgsMapCanvas:
        """A canvas with one raster, to pan and zoom."""
        canvas = QgsMapCanvas(self)
        canvas.setCanvasColor(QColor(self.palette().window().color()))
        canvas.setDestinationCrs(layer.crs())
        canvas.setLayers([layer])
        canvas.setMinimumSize(240, 240)
        canvas.pan = QgsMapToolPan(canvas)
        canvas.setMapTool(canvas.pan)
        return canvas

    def arrange(self) -> None:
        """A title over each canvas, buttons below."""
        pair = QHBoxLayout()
        titles = tr("Input {date}"), tr("Super-resolved {date}")
        for position, canvas in enumerate(self.canvases):
            column = QVBoxLayout()
            label = QLabel(titles[position].format(date=self.layers[position].name()))
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            explain(tr("Drag to move, turn the wheel to zoom: both sides follow"), label, canvas)
            column.addWidget(label)
            column.addWidget(canvas, 1)
            pair.addLayout(column)
        note = QLabel(tr("Detail finer than the input's pixels is estimated by a model, not observed. Both have the same stretch."))
        note.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        whole = QPushButton(tr("Show all"))
        whole.setAutoDefault(False)
        explain(tr("Show the whole preview again"), whole)
        whole.clicked.connect(self.show_all)
        buttons.addButton(whole, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.addLayout(pair, 1)
        layout.addWidget(note)
        layout.addWidget(buttons)

    def show_all(self, *_) -> None:
        """Both canvases show the whole preview."""
        self.canvases[0].setExtent(self.box)
        self.link(self.canvases[0])
        for canvas in self.canvases:
            canvas.refresh()

    def link(self, moved: QgsMapCanvas) -> None:
        """The other canvas shows what this one shows."""
        if self.linking:
            return
        self.linking = True
        other = self.canvases[1] if moved is self.canvases[0] else self.canvases[0]
        other.setExtent(moved.extent())
        other.refresh()
        self.linking = False

    def closeEvent(self, event):
        for canvas in self.canvases:
            canvas.stopRendering()
            canvas.setLayers([])
        self.layers = ()  # belong to no project, and must be gone before QGIS is
        super().closeEvent(event)
