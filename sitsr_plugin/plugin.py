"""What QGIS loads and unloads: the Processing provider, the actions in the toolbar and in the Raster menu, the panel."""

from qgis.core import QgsApplication, QgsRasterLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices, QIcon

try:  # Qt 6 moved QAction
    from qgis.PyQt.QtGui import QAction
except ImportError:
    from qgis.PyQt.QtWidgets import QAction

from .core import PLUGIN_ROOT, tr
from .core.guide import guide_url
from .core.translation import install_translation, remove_translation
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
        self.panel_action = None
        self.environment_action = None
        self.environment_opened = False
        self.models_action = None
        self.models_dialog = None
        self.guide_action = None
        self.dock = None
        self.profile_action = None
        self.profile = None
        self.translator = None

    def initProcessing(self):
        """Add the provider; all that qgis_process calls."""
        if self.provider is None:
            self.translator = install_translation()
            self.provider = SitsrProvider()
            QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self):
        """Add the provider and the actions."""
        self.initProcessing()
        icon, window = QIcon(str(PLUGIN_ROOT / "resources" / "icons" / "sitsr.svg")), self.iface.mainWindow()
        self.panel_action = QAction(icon, tr("Time series panel"), window)
        self.panel_action.setObjectName("sitsrPanel")
        self.panel_action.setToolTip(tr("Show or hide the panel that checks, previews and super-resolves a time series"))
        self.panel_action.setCheckable(True)
        self.panel_action.toggled.connect(self.show_panel)
        self.action = QAction(icon, tr("Super-resolve time series"), window)
        self.action.setObjectName("sitsrSuperResolve")
        self.action.setToolTip(tr("Make a finer image from the selected raster layers"))
        self.action.triggered.connect(self.open_dialog)
        self.environment_action = QAction(icon, tr("Python environment…"), window)
        self.environment_action.setObjectName("sitsrEnvironment")
        self.environment_action.setToolTip(tr("Make, choose or test the Python that computes"))
        self.environment_action.triggered.connect(self.open_environment)
        self.models_action = QAction(icon, tr("Models…"), window)
        self.models_action.setObjectName("sitsrModels")
        self.models_action.setToolTip(tr("See the models with their cards, add and remove some"))
        self.models_action.triggered.connect(self.open_models)
        self.profile_action = QAction(QIcon(str(PLUGIN_ROOT / "resources" / "icons" / "profile.svg")), tr("Temporal profile"), window)
        self.profile_action.setObjectName("sitsrProfileTool")
        self.profile_action.setToolTip(tr("Click on the map: the reflectance of that place over the dates, input against output"))
        self.profile_action.setCheckable(True)
        self.profile_action.triggered.connect(self.start_profile)
        self.guide_action = QAction(QgsApplication.getThemeIcon("/mActionHelpContents.svg"), tr("User guide"), self.iface.mainWindow())
        self.guide_action.setObjectName("sitsrGuide")
        self.guide_action.setToolTip(tr("Open the illustrated user guide in the browser"))
        self.guide_action.triggered.connect(self.open_guide)
        for action in (self.panel_action, self.action, self.profile_action):
            self.iface.addToolBarIcon(action)
        for action in self.menu_actions():
            self.iface.addPluginToRasterMenu(MENU, action)

    def menu_actions(self) -> tuple:
        """The entries of the menu, in their order."""
        return self.panel_action, self.action, self.profile_action, self.environment_action, self.models_action, self.guide_action

    def unload(self):
        """Remove all that was added."""
        # Processing's dialogs delete themselves when they are closed
        if self.dialog is not None and not sip.isdeleted(self.dialog):
            self.dialog.close()
        self.dialog = None
        if self.action is not None:
            self.action.triggered.disconnect(self.open_dialog)
            self.panel_action.toggled.disconnect(self.show_panel)
            self.environment_action.triggered.disconnect(self.open_environment)
            self.models_action.triggered.disconnect(self.open_models)
            self.guide_action.triggered.disconnect(self.open_guide)
            self.profile_action.triggered.disconnect(self.start_profile)
            if self.profile is not None:
                self.profile.close_down()
                self.profile = None
            for action in (self.panel_action, self.action, self.profile_action):
                self.iface.removeToolBarIcon(action)
            for action in self.menu_actions():
                self.iface.removePluginRasterMenu(MENU, action)
                action.deleteLater()
            self.action = self.panel_action = self.profile_action = self.environment_action = self.models_action = None
            self.guide_action = None
        if self.models_dialog is not None:
            self.models_dialog.close()
            self.models_dialog.deleteLater()
            self.models_dialog = None
        if self.environment_opened:
            from .gui.environment_dialog import remove_environment_dialog

            remove_environment_dialog()
        if self.dock is not None:
            self.dock.visibilityChanged.disconnect(self.follow_panel)
            self.dock.close_down()
            self.iface.removeDockWidget(self.dock)
            self.dock.deleteLater()
            self.dock = None
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None
            remove_translation(self.translator)
            self.translator = None

    def open_environment(self, *_):
        """Show the window that makes, chooses and tests the Python to compute in."""
        from .gui.environment_dialog import open_environment_dialog

        self.environment_opened = True
        open_environment_dialog(self.iface.mainWindow())

    def open_guide(self, *_):
        """Show the user guide in the browser."""
        QDesktopServices.openUrl(QUrl(guide_url()))

    def open_models(self, *_):
        """Show the window with the models, of which there is one."""
        if self.models_dialog is None:
            from .gui.models_dialog import ModelsDialog

            self.models_dialog = ModelsDialog(self.iface.mainWindow())
        self.models_dialog.fill()
        self.models_dialog.show()
        self.models_dialog.raise_()

    def start_profile(self, on: bool):
        """Let clicks on the map fill the temporal profile; its window is made when it is first asked for."""
        if self.profile is None:
            from .gui.profile_tool import ProfileTool

            self.profile = ProfileTool(self.iface, self.profile_action, lambda: self.dock.series.report if self.dock is not None else {})
        self.profile.start(on)

    def show_panel(self, shown: bool):
        """Show or hide the panel; it is made when it is first shown."""
        if self.dock is None and shown:
            from .gui.dock import SeriesDock

            self.dock = SeriesDock(self.iface, parent=self.iface.mainWindow())
            self.iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
            self.dock.visibilityChanged.connect(self.follow_panel)
        if self.dock is not None:
            self.dock.setUserVisible(shown)

    def follow_panel(self, *_):
        """The action shows whether the panel is open; behind another tab it still is."""
        self.panel_action.setChecked(self.dock.toggleViewAction().isChecked())

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
