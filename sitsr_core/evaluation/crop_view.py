"""What a sheet shows of an image: the busiest window, in natural colours."""

import numpy as np

RGB = ("B04", "B03", "B02")


def colour_positions(bands: list[str]) -> list[int]:
    """Where red, green and blue are among the bands; where one is missing, the first band three times (grey)."""
    return [bands.index(band) for band in RGB] if set(RGB) <= set(bands) else [0, 0, 0]


def stretched(image: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Red, green and blue (3, H, W) stretched from low to high (3,) and brightened: (H, W, 3) from 0 to 1."""
    between = (image - low[:, None, None]) / np.maximum(high - low, 1e-6)[:, None, None]
    return np.clip(between, 0, 1).transpose(1, 2, 0) ** (1 / 1.4)


def busiest(truth: np.ndarray, side: int) -> tuple[slice, slice]:
    """The window of ``side`` fine pixels, on a lattice of 16 and off the border, with the largest contrast: there is something to see."""
    corners = [(r, c) for r in range(8, truth.shape[1] - side - 7, 16) for c in range(8, truth.shape[2] - side - 7, 16)] or [(0, 0)]
    row, column = max(corners, key=lambda rc: float(truth[:, rc[0] : rc[0] + side, rc[1] : rc[1] + side].std((1, 2)).mean()))
    return slice(row, row + side), slice(column, column + side)
