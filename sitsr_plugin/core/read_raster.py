"""A raster that is only read: nothing is written beside it.

A QGIS layer that is made of a file computes a stretch at once, and GDAL keeps the statistics of it: beside the file, or, of a raster
in a zip file, in that archive.
"""

from __future__ import annotations

from qgis.core import QgsCoordinateReferenceSystem, QgsProviderRegistry, QgsRasterDataProvider, QgsRectangle


class ReadRaster:
    """What a ``QgsRasterLayer`` says of its grid and its pixels, by the names that it has there."""

    def __init__(self, path: str):
        found = QgsProviderRegistry.instance().createProvider("gdal", path)
        self.path = path
        self.provider = found if isinstance(found, QgsRasterDataProvider) and found.isValid() else None

    def isValid(self) -> bool:
        return self.provider is not None

    def source(self) -> str:
        return self.path

    def dataProvider(self) -> QgsRasterDataProvider:
        return self.provider

    def crs(self) -> QgsCoordinateReferenceSystem:
        return self.provider.crs()

    def extent(self) -> QgsRectangle:
        return self.provider.extent()

    def width(self) -> int:
        return self.provider.xSize()

    def height(self) -> int:
        return self.provider.ySize()

    def rasterUnitsPerPixelX(self) -> float:
        return self.extent().width() / self.width()

    def rasterUnitsPerPixelY(self) -> float:
        return self.extent().height() / self.height()
