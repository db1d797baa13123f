"""Masks that come with the series: SCL rasters and the user's own."""

import datetime
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sitsr_core.errors import InputError
from sitsr_core.series.acquisition import BandSource, Grid, Window
from sitsr_core.series.bands import role_from_text
from sitsr_core.series.date_table import layer_keys
from sitsr_core.series.discover import Layer
from sitsr_core.series.given_names import no_layer
from sitsr_core.series.header import read_header
from sitsr_core.series.preflight import covered_share, is_unrelated
from sitsr_core.series.reader import RasterReader

# Sentinel-2 scene classes that show the ground: dark areas, vegetation, bare soil, water, unclassified, snow.
# Not: 0 no data, 1 saturated, 3 cloud shadow, 8 and 9 cloud, 10 thin cirrus.
SCL_CLEAR = (2, 4, 5, 6, 7, 11)
SCL_CLASSES = 12
COVERS_ALL = 0.99  # share of the series under a mask, from which on nothing is said


@dataclass(frozen=True)
class MaskSource:
    """Where a date's mask is, what its numbers mean ("scl", or "clear": non-zero is clear), and the share of the series that it covers."""

    source: BandSource
    kind: str
    covered: float = 1.0


def assign_masks(layers: Sequence[Layer], masks: Mapping[str, str], grid: Grid, reader: RasterReader) -> list[MaskSource | None]:
    """The mask of each date: the user's, else the SCL found with the bands, else None.

    A mask is given by a date's path, file name, layer name or ISO date, by a folder for all dates in it, or by "" for all that have no
    other.

    Raises:
        InputError: a mask for no date of the series, or one that cannot be read.
    """
    found: list[MaskSource | None] = [MaskSource(layer.mask, "scl") if layer.mask else None for layer in layers]
    for key, path in sorted(masks.items(), key=lambda given: given[0] != ""):
        # before folders: the working directory may hold one that is called like a date
        exact = [position for position, layer in enumerate(layers) if key in _names(layer)]
        positions = exact or [position for position, layer in enumerate(layers) if not key or _is_called(layer, key)]
        if not positions:
            names = {name for layer in layers for name in _names(layer)}
            raise no_layer(f"The mask '{path}' is given for '{key}', which is no layer of the series.", key, names)
        if os.path.isdir(path):
            raise InputError(
                f"The mask '{path}' is a folder.",
                "Give one raster for all dates, or one for each, such as 2024-06-11=clear_2024-06-11.tif.",
            )
        header = read_header(path)
        if is_unrelated(header.grid, grid):
            raise InputError(f"The mask '{header.name}' does not lie on the series.", "Give a mask of the same place.")
        source = BandSource(path, 1)
        mask = MaskSource(source, _kind(source, [header.name, *header.descriptions], grid, reader), covered_share(header.grid, grid))
        for position in positions:
            found[position] = mask
    return found


def notes_on(masks: Sequence[MaskSource | None]) -> list[str]:
    """A sentence for each mask that leaves a part of the series out."""
    partial = {mask.source.path: mask.covered for mask in masks if mask is not None and mask.covered < COVERS_ALL}
    return [
        f"The mask '{os.path.basename(path)}' covers {covered:.1%} of the series; what lies beyond it counts as cloud."
        for path, covered in partial.items()
    ]


def _is_called(layer: Layer, key: str) -> bool:
    """Whether a key that is nobody's exact name means the date."""
    if os.path.isdir(key):
        folder = os.path.join(os.path.realpath(key), "")
        return any(os.path.realpath(source.path).startswith(folder) for source in layer.bands.values())
    try:
        return datetime.date.fromisoformat(key[:10]) == layer.date.date
    except ValueError:
        return bool(set(layer_keys(key)) & _names(layer))


def _names(layer: Layer) -> set[str]:
    """What a date may be called."""
    return {layer.name, str(layer.date.date), *(key for source in layer.bands.values() for key in layer_keys(source.path))}


def _kind(source: BandSource, texts: Sequence[str], grid: Grid, reader: RasterReader) -> str:
    """SCL when a name says so, or when the values are classes and not only 0, 1 or 255."""
    if any(role_from_text(text) == "SCL" for text in texts):
        return "scl"
    height, width = min(512, grid.height), min(512, grid.width)
    values, valid = reader.read([source], Window((grid.height - height) // 2, (grid.width - width) // 2, height, width))
    seen = np.unique(values[0][valid])
    return "scl" if seen.size > 2 and seen.max() < SCL_CLASSES and seen.min() >= 0 else "clear"


def clear_of_mask(mask: MaskSource, window: Window, reader: RasterReader) -> np.ndarray:
    """Clear pixels (h, w) by a mask raster; where it has no data nothing is clear."""
    return _clear(mask, *reader.read([mask.source], window))


def thinned_clear(mask: MaskSource, height: int, width: int, reader: RasterReader) -> np.ndarray:
    """The same of the whole image in (height, width) pixels or fewer."""
    return _clear(mask, *reader.read_thinned([mask.source], height, width))


def _clear(mask: MaskSource, values: np.ndarray, valid: np.ndarray) -> np.ndarray:
    clear = np.isin(values[0], SCL_CLEAR) if mask.kind == "scl" else values[0] != 0
    return clear & valid
