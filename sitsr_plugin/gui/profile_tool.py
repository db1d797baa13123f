"""The map tool of the temporal profile: a click on the map fills the window."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsPointXY, QgsProject
from qgis.gui import QgsMapToolEmitPoint, QgsVertexMarker
from qgis.PyQt.QtCore import QObject, Qt, QTimer
from qgis.PyQt.QtGui import QColor

from ..core.profile import read_profile
from ..core.profile_sources import OpenedRasters, find_sources
from .profile_dock import ProfileDock

PATIENCE_MS = 250


class ProfileTool(QObject):
    """Owns the map tool, the mark on the map and the window. Call ``close_down`` before it is deleted.

    Args:
        iface: QGIS's.
        action: the button that the tool goes with.
        report: gives the worker's report of the panel's series, empty when there is none.
    """

    def __init__(self, iface, action, report: Callable[[], dict], project: QgsProject | None = None):
        super().__init__()
        self.iface, self.report = iface, report
        self.project = project or QgsProject.instance()
        self.canvas = iface.mapCanvas()
        self.opened = OpenedRasters()
        self.place: tuple | None = None
        self.marker = None
        self.tool = QgsMapToolEmitPoint(self.canvas)
        self.tool.setAction(action)
        self.tool.setCursor(Qt.CursorShape.CrossCursor)
        self.tool.canvasClicked.connect(self.click)
        self.dock = ProfileDock(iface, iface.mainWindow())
        iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.dock)
        self.dock.visibilityChanged.connect(self.follow_window)
        # results arrive one by one, and get their dates a moment after they are added
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(PATIENCE_MS)
        self.timer.timeout.connect(self.read)
        self.project.layersAdded.connect(self.layers_changed)
        self.project.layersRemoved.connect(self.layers_changed)

    def start(self, on: bool) -> None:
        """The button was pressed: take the map's clicks, or give them back."""
        if on:
            self.dock.setUserVisible(True)
            self.canvas.setMapTool(self.tool)
        else:
            self.canvas.unsetMapTool(self.tool)

    def click(self, point: QgsPointXY, *_) -> None:
        """A place was clicked."""
        self.place = QgsPointXY(point), self.canvas.mapSettings().destinationCrs()
        self.dock.setUserVisible(True)
        self.mark()
        self.read()

    def read(self) -> None:
        """Read the place, again if it was read before."""
        if self.place is None:
            return
        sources = find_sources(self.project, self.report(), self.opened)
        self.dock.show_profile(read_profile(sources, *self.place, self.project))

    def layers_changed(self, *_) -> None:
        """What can be read changed."""
        if self.place is not None:
            self.timer.start()

    def mark(self) -> None:
        """Show the place on the map."""
        if self.marker is None:
            self.marker = QgsVertexMarker(self.canvas)
            self.marker.setIconType(QgsVertexMarker.IconType.ICON_CROSS)
            self.marker.setIconSize(14)
            self.marker.setPenWidth(3)
            self.marker.setColor(QColor("#ff3b30"))
        self.marker.setCenter(self.place[0])

    def unmark(self) -> None:
        """Take the mark off the map."""
        if self.marker is not None:
            self.canvas.scene().removeItem(self.marker)
            self.marker = None

    def follow_window(self, *_) -> None:
        """Without its window the tool takes no clicks and leaves no mark; behind another tab it still has one."""
        if not self.dock.toggleViewAction().isChecked():
            self.canvas.unsetMapTool(self.tool)
            self.unmark()
            self.opened = OpenedRasters()

    def close_down(self) -> None:
        """Let go of everything."""
        self.timer.stop()
        self.project.layersAdded.disconnect(self.layers_changed)
        self.project.layersRemoved.disconnect(self.layers_changed)
        self.dock.visibilityChanged.disconnect(self.follow_window)
        self.canvas.unsetMapTool(self.tool)
        self.tool.deleteLater()
        self.unmark()
        self.iface.removeDockWidget(self.dock)
        self.dock.deleteLater()
        self.deleteLater()
