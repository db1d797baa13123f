"""The parts of QGIS's main window that plugins touch, on a window of our own: only the application itself has the real one."""

from qgis.core import QgsLayerTreeModel, QgsProject
from qgis.gui import QgisInterface, QgsBrowserGuiModel, QgsLayerTreeView, QgsMapCanvas, QgsMessageBar
from qgis.PyQt.QtWidgets import QDockWidget, QMainWindow


class Interface(QgisInterface):
    """Toolbar, Raster menu, canvas, layer tree and message bar."""

    def __init__(self):
        super().__init__()
        self.window = QMainWindow()
        self.toolbar = self.window.addToolBar("Plugins")
        self.raster_menu = self.window.menuBar().addMenu("Raster")
        self.canvas = QgsMapCanvas(self.window)
        self.tree = QgsLayerTreeView(self.window)
        self.tree.setModel(QgsLayerTreeModel(QgsProject.instance().layerTreeRoot(), self.tree))
        self.bar = QgsMessageBar(self.window)
        self.browser = QgsBrowserGuiModel(self.window)

    def mainWindow(self):
        return self.window

    def mapCanvas(self):
        return self.canvas

    def layerTreeView(self):
        return self.tree

    def messageBar(self):
        return self.bar

    def browserModel(self):
        return self.browser

    def addDockWidget(self, area, dock):
        self.window.addDockWidget(area, dock)

    def addTabifiedDockWidget(self, area, dock, beside=(), raised=False):
        others = [one for one in self.window.findChildren(QDockWidget) if self.window.dockWidgetArea(one) == area and one.isVisible()]
        self.window.addDockWidget(area, dock)
        for one in others[:1]:
            self.window.tabifyDockWidget(one, dock)
        if raised:
            dock.raise_()

    def removeDockWidget(self, dock):
        self.window.removeDockWidget(dock)

    def setActiveLayer(self, layer):
        self.tree.setCurrentLayer(layer)
        return True

    def activeLayer(self):
        return self.tree.currentLayer()

    def addToolBarIcon(self, action):
        self.toolbar.addAction(action)
        return 0

    def removeToolBarIcon(self, action):
        self.toolbar.removeAction(action)

    def addPluginToRasterMenu(self, name, action):
        menus = {menu.title(): menu for menu in (entry.menu() for entry in self.raster_menu.actions()) if menu}
        (menus.get(name) or self.raster_menu.addMenu(name)).addAction(action)

    def removePluginRasterMenu(self, name, action):
        for entry in self.raster_menu.actions():
            menu = entry.menu()
            if menu is not None and menu.title() == name:
                menu.removeAction(action)
                if not menu.actions():
                    self.raster_menu.removeAction(entry)
                    menu.deleteLater()
