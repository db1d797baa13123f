"""How clear each date is in a part of the image: a field in a cloudy tile may be clear, and a cloud in a clear tile may lie on it."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from sitsr_core.series.acquisition import Acquisition, Window
from sitsr_core.series.image_series import ImageSeries

BLOCK = 96  # pixels a side of the nine blocks that are looked at


def clear_within(series: ImageSeries, area: Window) -> tuple[Acquisition, ...]:
    """The acquisitions with their clear share of the area, by a bounded look at it.

    Raises:
        InputError: pixels that cannot be read.
    """
    blocks = [
        Window(row, column, min(BLOCK, area.height), min(BLOCK, area.width))
        for row in _starts(area.row, area.height)
        for column in _starts(area.column, area.width)
    ]
    shares = np.mean([series.read(block).clear.mean((1, 2)) for block in blocks], axis=0)
    return tuple(dataclasses.replace(one, clear_fraction=float(share)) for one, share in zip(series.acquisitions, shares, strict=True))


def clearer(acquisitions: Sequence[Acquisition], others: Sequence[Acquisition]) -> tuple[Acquisition, ...]:
    """The same dates twice, with the larger of their clear shares."""
    return tuple(
        dataclasses.replace(one, clear_fraction=max(one.clear_fraction, other.clear_fraction))
        for one, other in zip(acquisitions, others, strict=True)
    )


def _starts(first: int, size: int) -> list[int]:
    """Where blocks begin at the beginning, the middle and the end of a length."""
    room = max(0, size - BLOCK)
    return sorted({first, first + room // 2, first + room})
