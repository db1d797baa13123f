"""The mean of a network's answers to a series turned and mirrored in up to eight ways, each turned back.

The sensor and the ground know no up and no left, and what a network learned of them by chance is averaged out (the self-ensemble of
Timofte, Rothe and Van Gool 2016). It costs as many evaluations as there are orientations.
"""

from collections.abc import Callable
from dataclasses import replace

from torch import Tensor

from sitsr_core.models.network import SeriesBatch

# (mirrored left to right, mirrored top to bottom, transposed), so ordered that the first 2, 4 and 8 are closed under composition.
ORIENTATIONS = tuple((bool(n & 1), bool(n & 2), bool(n & 4)) for n in (0, 3, 1, 2, 4, 5, 6, 7))

Orientation = tuple[bool, bool, bool]


def oriented(batch: SeriesBatch, orientation: Orientation) -> SeriesBatch:
    """The series as it would look in that orientation: images (B, T, .., h, w) and shifts (B, T, 2)."""
    across, down, transposed = orientation
    axes = [axis for axis, mirrored in ((-1, across), (-2, down)) if mirrored]
    shift = batch.shift.clone()
    shift[..., 0] *= -1 if down else 1
    shift[..., 1] *= -1 if across else 1
    reflectance, clear = (image.flip(axes) for image in (batch.reflectance, batch.clear))
    if transposed:
        reflectance, clear, shift = reflectance.transpose(-1, -2), clear.transpose(-1, -2), shift.flip(-1)
    return replace(batch, reflectance=reflectance, clear=clear, shift=shift, trim=batch.trim.turned(*orientation))


def turned_back(image: Tensor, orientation: Orientation) -> Tensor:
    """An image (.., h, w) of an oriented series, in the orientation of the series."""
    across, down, transposed = orientation
    image = image.transpose(-1, -2) if transposed else image
    return image.flip([axis for axis, mirrored in ((-1, across), (-2, down)) if mirrored])


def mean_over_orientations(predict: Callable[[SeriesBatch], Tensor], batch: SeriesBatch, count: int, known: Tensor | None = None) -> Tensor:
    """Mean of the images that ``predict`` makes of the first ``count`` orientations; ``known`` is that of the first, if it is there."""
    total = predict(batch) if known is None else known
    for orientation in ORIENTATIONS[1:count]:
        total = total + turned_back(predict(oriented(batch, orientation)), orientation)
    return total / count
