"""The Processing provider ``sitsr``."""

from __future__ import annotations

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from .algorithms.base import ICON
from .algorithms.evaluate import Evaluate
from .algorithms.finetune import FineTune
from .algorithms.inspectseries import InspectSeries
from .algorithms.simulateseries import SimulateSeries
from .algorithms.superresolvetimeseries import SuperResolveTimeSeries
from .algorithms.tryit import TryIt
from .core import tr


class SitsrProvider(QgsProcessingProvider):
    """Holds the algorithms; writes GeoTIFF only."""

    def id(self):
        return "sitsr"

    def name(self):
        return "sitsr"

    def longName(self):
        return tr("sitsr: super-resolution of satellite image time series")

    def icon(self):
        return QIcon(str(ICON))

    def svgIconPath(self):
        return str(ICON)

    def supportedOutputRasterLayerExtensions(self):
        return ["tif", "tiff"]

    def defaultRasterFileExtension(self, hasGeometry=True):
        return "tif"

    def loadAlgorithms(self):
        for algorithm in (SuperResolveTimeSeries, InspectSeries, TryIt, SimulateSeries, Evaluate, FineTune):
            self.addAlgorithm(algorithm())
