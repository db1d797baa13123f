"""One date of the series as one raster in true colour, also where each band is a file."""

from __future__ import annotations

from html import escape

from qgis.core import Qgis, QgsProcessingUtils, QgsRasterLayer

from .band_roles import TRUE_COLOUR
from .read_raster import ReadRaster
from .style import style_path

GDAL_TYPES = ("Byte", "UInt16", "Int16", "UInt32", "Int32", "Float32", "Float64")
WHOLE = """<VRTDataset rasterXSize="{width}" rasterYSize="{height}">
<SRS>{crs}</SRS>
<GeoTransform>{west!r}, {x!r}, 0, {north!r}, 0, -{y!r}</GeoTransform>
{bands}
</VRTDataset>
"""
BAND = """<VRTRasterBand dataType="{kind}" band="{number}">{nodata}
<SimpleSource><SourceFilename relativeToVRT="0">{path}</SourceFilename><SourceBand>{band}</SourceBand></SimpleSource>
</VRTRasterBand>"""
# with a style beside it QGIS computes no stretch, whose statistics GDAL would keep beside the bands or in their archive
STYLE = """<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22"><pipe>
<rasterrenderer type="multibandcolor" redBand="1" greenBand="2" blueBand="3" alphaBand="-1" opacity="1"/>
</pipe></qgis>
"""


def true_colour(sources: dict, name: str) -> tuple:
    """(raster, its bands that are red, green and blue); the raster is not valid where they cannot be shown as one.

    Args:
        sources: role -> (path, band), as the worker's report says.
        name: of the raster.
    """
    found = [sources[role] for role in TRUE_COLOUR if role in sources]
    paths = [path for path, _ in found]
    if len(found) == len(TRUE_COLOUR) and (len(set(paths)) > 1 or paths[0].startswith("/vsi")):
        joined = join([(ReadRaster(path), path, band) for path, band in found])
        return QgsRasterLayer(joined, name, "gdal"), [1, 2, 3]
    return QgsRasterLayer(paths[0] if paths else "", name, "gdal"), [band for _, band in found]


def join(sources: list) -> str:
    """Write a VRT of (raster, path, band) of one grid as its bands. Returns its path; empty when they are not of one grid."""
    first = sources[0][0]
    if not all(one.isValid() and (one.width(), one.height()) == (first.width(), first.height()) for one, _, _ in sources):
        return ""
    bands = []
    for number, (layer, path, band) in enumerate(sources, 1):
        provider = layer.dataProvider()
        nodata = f"<NoDataValue>{provider.sourceNoDataValue(band)!r}</NoDataValue>" if provider.sourceHasNoDataValue(band) else ""
        kind = next((name for name in GDAL_TYPES if provider.sourceDataType(band) == getattr(Qgis.DataType, name)), "Float32")
        bands.append(BAND.format(kind=kind, number=number, nodata=nodata, path=escape(path), band=band))
    box = first.extent()
    text = WHOLE.format(
        width=first.width(),
        height=first.height(),
        crs=escape(first.crs().toWkt()),
        west=box.xMinimum(),
        north=box.yMaximum(),
        x=first.rasterUnitsPerPixelX(),
        y=first.rasterUnitsPerPixelY(),
        bands="\n".join(bands),
    )
    path = QgsProcessingUtils.generateTempFilename("input.vrt")
    for name, content in ((path, text), (style_path(path), STYLE)):
        with open(name, "w", encoding="utf-8") as file:
            file.write(content)
    return path
