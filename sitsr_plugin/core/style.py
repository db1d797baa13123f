"""How results look: true colour with one stretch for the whole run, kept in a style file beside each raster.

The file is what makes results of batch, models and qgis_process load the same way as those of the dialog.
"""

from __future__ import annotations

import math
import os
import re

from qgis.core import (
    QgsContrastEnhancement,
    QgsMultiBandColorRenderer,
    QgsRasterDataProvider,
    QgsRasterLayer,
    QgsRectangle,
    QgsSingleBandGrayRenderer,
)

TRUE_COLOUR = ("B04", "B03", "B02")
LOW, HIGH = 0.02, 0.98
SAMPLE_SIZE = 250_000
SAMPLE_SIDE = 150  # pixels a side of the sample that is read where QGIS gives no quantiles
ENHANCE = QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum


def style_path(raster: str) -> str:
    """The style file that QGIS looks for beside a raster."""
    return f"{os.path.splitext(raster)[0]}.qml"


def shown_bands(layer: QgsRasterLayer, kind: str) -> list:
    """The 1-based bands on screen: red, green and blue of an image, the first band of the others."""
    provider = layer.dataProvider()
    if kind != "image" or provider.bandCount() < 3:
        return [1]
    roles = {}
    for band in range(1, provider.bandCount() + 1):
        found = re.search(r"\bB0[1-9]\b", provider.generateBandName(band))
        if found:
            roles[found.group(0)] = band
    return [roles[role] for role in TRUE_COLOUR] if all(role in roles for role in TRUE_COLOUR) else [3, 2, 1]


def cumulative_cut(layer: QgsRasterLayer, kind: str) -> list:
    """(low, high) of each shown band: the 2 % and 98 % quantiles of a sample."""
    provider = layer.dataProvider()
    cuts = []
    for band in shown_bands(layer, kind):
        cut = provider.cumulativeCut(band, LOW, HIGH, provider.extent(), SAMPLE_SIZE)
        # QGIS 3.44 gives NaN for rasters with a scale
        cuts.append(cut if all(map(math.isfinite, cut)) else sampled_cut(layer, band))
    return cuts


def sampled_cut(layer: QgsRasterLayer, band: int, box: QgsRectangle | None = None) -> tuple:
    """The same two quantiles of pixels that are read here, of all or of a part; (0, 1) of a raster without data."""
    provider = layer.dataProvider()
    box = box or provider.extent()
    sides = box.width() / layer.rasterUnitsPerPixelX(), box.height() / layer.rasterUnitsPerPixelY()
    width, height = (max(1, min(SAMPLE_SIDE, round(side))) for side in sides)
    block = provider.block(band, box, width, height)
    places = ((row, column) for row in range(height) for column in range(width))
    found = (block.value(row, column) for row, column in places if not block.isNoData(row, column))
    values = sorted(value for value in found if math.isfinite(value))
    if not values:
        return 0.0, 1.0
    return values[int(LOW * (len(values) - 1))], values[int(HIGH * (len(values) - 1))]


def stored_number(provider: QgsRasterDataProvider, band: int, shown: float) -> float:
    """The number that the file stores, of one that QGIS shows: it applies scale and offset tags."""
    return (shown - provider.bandOffset(band)) / (provider.bandScale(band) or 1.0)


def as_stored(layer: QgsRasterLayer, bands: list, stretch: list) -> list:
    """A stretch of what QGIS shows of bands, in stored numbers."""
    return [tuple(stored_number(layer.dataProvider(), band, value) for value in part) for band, part in zip(bands, stretch)]


def as_shown(layer: QgsRasterLayer, bands: list, stretch: list) -> list:
    """A stretch of stored numbers, in what QGIS shows of these bands of the layer."""
    provider = layer.dataProvider()
    return [tuple(value * provider.bandScale(band) + provider.bandOffset(band) for value in part) for band, part in zip(bands, stretch)]


def shared_stretch(cuts: list) -> list:
    """One (low, high) a band for several rasters: the median, so that a hazy date does not wash out the others."""
    # not with the plugin, whose start it would take a tenth of
    import statistics

    bands = range(len(cuts[0]))
    return [tuple(statistics.median(cut[band][side] for cut in cuts) for side in (0, 1)) for band in bands]


def stretch_on_screen(layer: QgsRasterLayer, kind: str = "image") -> list | None:
    """(low, high) of each shown band as the user sees the layer, in stored numbers; None for other bands, or without a linear stretch."""
    renderer = layer.renderer()
    if not isinstance(renderer, QgsMultiBandColorRenderer):
        return None
    if [renderer.redBand(), renderer.greenBand(), renderer.blueBand()] != shown_bands(layer, kind):
        return None
    parts = (renderer.redContrastEnhancement(), renderer.greenContrastEnhancement(), renderer.blueContrastEnhancement())
    if any(part is None or part.contrastEnhancementAlgorithm() != ENHANCE for part in parts):
        return None
    return as_stored(layer, shown_bands(layer, kind), [(part.minimumValue(), part.maximumValue()) for part in parts])


def apply_stretch(layer: QgsRasterLayer, kind: str, stretch: list) -> None:
    """Give the layer its renderer. ``stretch`` is (low, high) for each shown band."""
    provider, bands = layer.dataProvider(), shown_bands(layer, kind)
    enhancements = [enhancement(provider.dataType(band), *stretch[position]) for position, band in enumerate(bands)]
    if len(bands) == 1:
        renderer = QgsSingleBandGrayRenderer(provider, 1)
        renderer.setContrastEnhancement(enhancements[0])
    else:
        renderer = QgsMultiBandColorRenderer(provider, *bands)
        renderer.setRedContrastEnhancement(enhancements[0])
        renderer.setGreenContrastEnhancement(enhancements[1])
        renderer.setBlueContrastEnhancement(enhancements[2])
    layer.setRenderer(renderer)


def enhancement(data_type, low: float, high: float) -> QgsContrastEnhancement:
    """A linear stretch between two values."""
    result = QgsContrastEnhancement(data_type)
    result.setMinimumValue(low)
    result.setMaximumValue(high if high > low else low + 1.0)
    result.setContrastEnhancementAlgorithm(ENHANCE, True)
    return result
