"""What QGIS loads and unloads: the Processing provider, one action in the toolbar and in the Raster menu."""

from qgis.core import QgsApplication, QgsRasterLayer
from qgis.PyQt import sip
from qgis.PyQt.QtGui import QIcon

try:  # Qt 6 moved QAction
    from qgis.PyQt.QtGui import QAction
except ImportError:
    from qgis.PyQt.QtWidgets import QAction

from .core import PLUGIN_ROOT, tr
from .provider import SitsrProvider

MENU = "sitsr"
ALGORITHM = "sitsr:superresolvetimeseries"


class SitsrPlugin:
    """The plugin. ``iface`` is None in qgis_process."""

    def __init__(self, iface):
        self.iface = iface
        self.provider = None
        self.action = None
        self.dialog = None

    def initProcessing(self):
        """Add the provider; all that qgis_process calls."""
        if self.provider is None:
            self.provider = SitsrProvider()
            QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self):
        """Add the provider and the action."""
        self.initProcessing()
        self.action = QAction(
            QIcon(str(PLUGIN_ROOT / "resources" / "icons" / "sitsr.svg")), tr("Super-resolve time series"), self.iface.mainWindow()
        )
        self.action.setObjectName("sitsrSuperResolve")
        self.action.setToolTip(tr("Make an image four times finer from the selected raster layers"))
        self.action.triggered.connect(self.open_dialog)
        self.iface.addToolBarIcon(self.action)
        self.iface.addPluginToRasterMenu(MENU, self.action)

    def unload(self):
        """Remove all that was added."""
        # Processing's dialogs delete themselves when they are closed
        if self.dialog is not None and not sip.isdeleted(self.dialog):
            self.dialog.close()
        self.dialog = None
        if self.action is not None:
            self.iface.removePluginRasterMenu(MENU, self.action)
            self.iface.removeToolBarIcon(self.action)
            self.action.triggered.disconnect(self.open_dialog)
            self.action.deleteLater()
            self.action = None
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None

    def selected_rasters(self) -> list:
        """Ids of the raster layers selected in the layer tree, those of selected groups too."""
        view = self.iface.layerTreeView()
        return [layer.id() for layer in view.selectedLayersRecursive() if isinstance(layer, QgsRasterLayer)] if view is not None else []

    def open_dialog(self, *_):
        """Show the algorithm's dialog with the selected layers filled in; its run is a background task."""
        from qgis import processing

        selected = self.selected_rasters()
        self.dialog = processing.createAlgorithmDialog(ALGORITHM, {"INPUT": selected} if selected else {})
        if self.dialog is not None:
            self.dialog.show()
