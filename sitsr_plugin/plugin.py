"""What QGIS loads and unloads: the Processing provider, the actions in the toolbar and in the Raster menu, the panel."""

from __future__ import annotations

from collections.abc import Callable

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
SAMPLE = "sitsr:tryit"


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
        self.sample_action = None
        self.guide_action = None
        self.connections = []
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
        self.panel_action = self.make_action(
            "sitsrPanel",
            own_icon("panel"),
            tr("Time series panel"),
            self.show_panel,
            tr("Show or hide the panel that checks, previews and super-resolves a time series"),
            True,
        )
        self.action = self.make_action(
            "sitsrSuperResolve",
            own_icon("sitsr"),
            tr("Super-resolve time series"),
            self.open_dialog,
            tr("Make a finer image from the selected raster layers"),
        )
        self.profile_action = self.make_action(
            "sitsrProfileTool",
            own_icon("profile"),
            tr("Temporal profile"),
            self.start_profile,
            tr("Click on the map: the reflectance of that place over the dates, input against output"),
            True,
        )
        self.sample_action = self.make_action(
            "sitsrTryIt",
            theme_icon("mActionStart"),
            tr("Try it on a sample series"),
            self.open_sample,
            tr("See a result without any data of yours"),
        )
        self.environment_action = self.make_action(
            "sitsrEnvironment",
            theme_icon("mIconPythonFile"),
            tr("Python environment…"),
            self.open_environment,
            tr("Make, choose or test the Python that computes"),
        )
        self.models_action = self.make_action(
            "sitsrModels",
            theme_icon("processingModel"),
            tr("Models…"),
            self.open_models,
            tr("See the models with their cards, add and remove some"),
        )
        self.guide_action = self.make_action(
            "sitsrGuide",
            theme_icon("mActionHelpContents"),
            tr("User guide"),
            self.open_guide,
            tr("Open the illustrated user guide in the browser"),
        )
        for action in self.toolbar_actions():
            self.iface.addToolBarIcon(action)
        for action in self.menu_actions():
            self.iface.addPluginToRasterMenu(MENU, action)

    def make_action(self, name: str, icon: QIcon, text: str, slot: Callable, purpose: str, checkable: bool = False) -> QAction:
        """An entry of the menu, perhaps a button of the toolbar; pointed at, it says its name too, which the guide calls it by.

        When QGIS starts it makes the first line of a button's tooltip bold and the others paragraphs.
        """
        action = QAction(icon, text, self.iface.mainWindow())
        action.setObjectName(name)
        action.setToolTip(f"{text}\n{purpose}")
        action.setCheckable(checkable)
        signal = action.toggled if slot == self.show_panel else action.triggered
        signal.connect(slot)
        self.connections.append((signal, slot))
        return action

    def toolbar_actions(self) -> tuple:
        """The buttons, in their order."""
        return self.panel_action, self.action, self.profile_action

    def menu_actions(self) -> tuple:
        """The entries of the menu, in their order."""
        return (*self.toolbar_actions(), self.sample_action, self.environment_action, self.models_action, self.guide_action)

    def unload(self):
        """Remove all that was added."""
        # Processing's dialogs delete themselves when they are closed
        if self.dialog is not None and not sip.isdeleted(self.dialog):
            self.dialog.close()
        self.dialog = None
        if self.action is not None:
            while self.connections:
                signal, slot = self.connections.pop()
                signal.disconnect(slot)
            if self.profile is not None:
                self.profile.close_down()
                self.profile = None
            for action in self.toolbar_actions():
                self.iface.removeToolBarIcon(action)
            for action in self.menu_actions():
                self.iface.removePluginRasterMenu(MENU, action)
                action.deleteLater()
            self.action = self.panel_action = self.profile_action = self.environment_action = self.models_action = None
            self.sample_action = self.guide_action = None
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
            # as high as the window: a tab beside the toolbox, say, and not half of the height each
            self.iface.addTabifiedDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock, [], True)
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
        selected = self.selected_rasters()
        self.show_algorithm(ALGORITHM, {"INPUT": selected} if selected else {})

    def open_sample(self, *_):
        """Show the dialog of the sample series; where there is nothing to compute with yet, the window that makes it."""
        from .core.environment import missing_environment

        if missing_environment():
            self.open_environment()
        else:
            self.show_algorithm(SAMPLE, {})

    def show_algorithm(self, name: str, parameters: dict):
        """Show an algorithm's dialog."""
        from qgis import processing

        self.dialog = processing.createAlgorithmDialog(name, parameters)
        if self.dialog is not None:
            self.dialog.show()


def own_icon(name: str) -> QIcon:
    """An icon that comes with the plugin."""
    return QIcon(str(PLUGIN_ROOT / "resources" / "icons" / f"{name}.svg"))


def theme_icon(name: str) -> QIcon:
    """An icon of QGIS's own."""
    return QgsApplication.getThemeIcon(f"/{name}.svg")
