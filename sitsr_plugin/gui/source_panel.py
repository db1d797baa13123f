"""Where the series comes from: layers of the project, a folder, or one stack."""

from __future__ import annotations

from qgis.core import QgsLayerTreeGroup, QgsProject, QgsRasterLayer
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QMenu, QSizePolicy, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from ..core import tr
from ..core.dock_settings import FOLDER, LAYERS, STACK, DockSettings
from ..core.temporal import is_product
from .explain import explain

KINDS = (LAYERS, FOLDER, STACK)
TYPING_MS = 500


def rasters_of(group: QgsLayerTreeGroup) -> list:
    """Ids of the raster layers in a group and its groups, in their order, but for our own results: they lie among the series' dates."""
    return [node.layerId() for node in group.findLayers() if isinstance(node.layer(), QgsRasterLayer) and not is_product(node.layer())]


class SourcePanel(QWidget):
    """The choice of a series. ``changed`` is sent when the user chose something else."""

    changed = pyqtSignal()

    def __init__(self, iface, project: QgsProject, parent=None):
        super().__init__(parent)
        self.iface, self.project = iface, project
        self.layers: list = []
        self.kind = QComboBox()
        self.kind.addItems([tr("Layers of the project"), tr("A folder"), tr("One stacked raster")])
        self.add = QToolButton()
        self.add.setText(tr("Add layers"))
        self.add.setObjectName("addLayers")
        self.add.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.add)
        self.menu.aboutToShow.connect(self.fill_menu)
        self.add.setMenu(self.menu)
        self.clear = QToolButton()
        self.clear.setText(tr("Clear"))
        self.folder = QgsFileWidget()
        self.folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.stack = QgsFileWidget()
        self.stack.setFilter(tr("Rasters (*.tif *.tiff *.vrt *.nc *.jp2 *.img);;All files (*)"))
        self.stack_dates = QLineEdit()
        self.stack_dates.setPlaceholderText(tr("Dates in order, such as 2021-04-03, 2021-04-18"))
        explain(tr("Where the images are: layers of this project, all rasters in a folder, or one raster that holds all dates."), self.kind)
        explain(
            tr("Add the selected layers, all raster layers, or those of a group to the series; results of sitsr only when selected."),
            self.add,
        )
        explain(tr("Take all layers out of the series; the project keeps them"), self.clear)
        explain(
            tr(
                "Every raster in the folder and its subfolders belongs to the series: one a date, one a band and date, or SAFE products, "
                "zipped too. "
                "Results of sitsr are left out."
            ),
            self.folder,
        )
        explain(tr("A raster whose bands are those of the first date, then those of the second, and so on."), self.stack)
        explain(tr("Left empty, the dates come from the band names or from a CSV table beside the file."), self.stack_dates)
        self.pages = QStackedWidget()
        for widgets in (self.row(self.add, self.clear), self.row(self.folder), self.column(self.stack, self.stack_dates)):
            self.pages.addWidget(widgets)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.kind)
        layout.addWidget(self.pages)
        self.show_page(0)
        self.kind.currentIndexChanged.connect(self.show_page)
        self.kind.activated.connect(self.tell)
        self.clear.clicked.connect(lambda: self.set_layers([]))
        # each letter that is typed changes the path: the folder "/" is not what "/data/series" begins with
        self.pause = QTimer(self)
        self.pause.setSingleShot(True)
        self.pause.setInterval(TYPING_MS)
        self.pause.timeout.connect(self.tell)
        self.folder.fileChanged.connect(lambda _: self.pause.start())
        self.stack.fileChanged.connect(lambda _: self.pause.start())
        self.stack_dates.editingFinished.connect(self.tell)

    def row(self, *widgets) -> QWidget:
        """Widgets beside each other."""
        page = QWidget()
        layout = QHBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in widgets:
            layout.addWidget(widget)
        if isinstance(widgets[0], QToolButton):
            layout.addStretch()
        return page

    def column(self, *widgets) -> QWidget:
        """Widgets below each other."""
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in widgets:
            layout.addWidget(widget)
        return page

    def show_page(self, number: int) -> None:
        """Show what belongs to the kind of source, as high as it needs to be."""
        for position in range(self.pages.count()):
            fits = QSizePolicy.Policy.Preferred if position == number else QSizePolicy.Policy.Ignored
            self.pages.widget(position).setSizePolicy(QSizePolicy.Policy.Preferred, fits)
        self.pages.setCurrentIndex(number)
        self.pages.updateGeometry()

    def tell(self, *_) -> None:
        """Something was chosen."""
        self.pause.stop()
        self.changed.emit()

    def fill_menu(self) -> None:
        """Offer the selected layers, all layers, and each group that holds rasters."""
        self.menu.clear()
        selected = self.selected()
        action = self.menu.addAction(tr("Selected layers ({count})").format(count=len(selected)))
        action.setEnabled(bool(selected))
        action.triggered.connect(lambda: self.add_layers(self.selected()))
        root = self.project.layerTreeRoot()
        every = rasters_of(root)
        action = self.menu.addAction(tr("All raster layers ({count})").format(count=len(every)))
        action.setEnabled(bool(every))
        action.triggered.connect(lambda: self.add_layers(rasters_of(self.project.layerTreeRoot())))
        groups = [(group.name(), rasters_of(group)) for group in root.findGroups(True)]
        groups = [(name, ids) for name, ids in groups if ids]
        if groups:
            self.menu.addSeparator()
        for name, ids in groups:
            action = self.menu.addAction(tr("Group {name} ({count})").format(name=name, count=len(ids)))
            action.triggered.connect(lambda _=False, ids=ids: self.add_layers(ids))

    def selected(self) -> list:
        """Ids of the raster layers selected in QGIS's layer tree, those in selected groups too."""
        view = self.iface.layerTreeView() if self.iface is not None else None
        return [layer.id() for layer in view.selectedLayersRecursive() if isinstance(layer, QgsRasterLayer)] if view is not None else []

    def add_layers(self, ids: list) -> None:
        """Add layers of the project that are not there yet."""
        self.set_layers([*self.layers, *(one for one in ids if one not in self.layers)])

    def set_layers(self, ids: list) -> None:
        """The series is made of these layers."""
        self.layers = list(ids)
        self.changed.emit()

    def restore(self, settings: DockSettings) -> None:
        """Show what a project remembers, without a word."""
        self.blockSignals(True)
        self.kind.setCurrentIndex(KINDS.index(settings.source) if settings.source in KINDS else 0)
        self.layers = [one for one in settings.layers if isinstance(self.project.mapLayer(one), QgsRasterLayer)]
        self.folder.setFilePath(settings.folder)
        self.stack.setFilePath(settings.stack)
        self.stack_dates.setText(settings.stack_dates)
        self.pause.stop()
        self.blockSignals(False)

    def kind_of(self) -> str:
        """Where the series comes from: layers, a folder or a stack."""
        return KINDS[self.kind.currentIndex()]

    def keep(self, settings: DockSettings) -> None:
        """Write the choice into the settings."""
        settings.source = self.kind_of()
        settings.layers = list(self.layers)
        settings.folder = self.folder.filePath()
        settings.stack = self.stack.filePath()
        settings.stack_dates = self.stack_dates.text().strip()
