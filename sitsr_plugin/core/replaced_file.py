"""Layers of a project that show a file which a run has replaced: QGIS goes on with the old one, which it holds open."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable

from qgis.core import QgsDataProvider, QgsProject, QgsProviderRegistry, QgsRasterLayer


def layers_of_file(project: QgsProject, path: str) -> list:
    """The project's layers that show a raster file, however they write its path."""
    return [layer for layer in project.mapLayers().values() if isinstance(layer, QgsRasterLayer) and shows(layer, path)]


def shows(layer: QgsRasterLayer, path: str) -> bool:
    """Whether a layer shows this file."""
    if layer.providerType() != "gdal":
        return False
    source = QgsProviderRegistry.instance().decodeUri("gdal", layer.source()).get("path", "")
    try:
        return os.path.samefile(source, path)
    except (OSError, ValueError):
        return False


def read_again(layers: Iterable, path: str) -> None:
    """Let layers show what their file holds now: its pixels, grid and CRS. Their style stays."""
    for layer in layers:
        # closes the old file
        layer.reload()
    # GDAL may have written the old file's statistics there when it was closed
    with contextlib.suppress(OSError):
        os.unlink(f"{path}.aux.xml")
    for layer in layers:
        options = QgsDataProvider.ProviderOptions()
        options.transformContext = layer.transformContext()
        layer.setDataSource(layer.source(), layer.name(), layer.providerType(), options)
