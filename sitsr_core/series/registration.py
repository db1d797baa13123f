"""A known shift made more exact: least squares on the grey values themselves (Lucas and Kanade 1981).

Correlation finds a shift from anywhere, to some hundredths of a pixel. From there, what the dates differ by is the gradient of the image
times what the shift lacks, and all clear pixels of all bands together tell that to about 0.01 pixel. It matters: several dates gain
twice as much where their shifts are known to 0.01 pixel instead of 0.1 (``evaluation.linear_limit``).

Both dates are smoothed before, because what is finer than two pixels is folded differently into each of them, and what is coarser than
some pixels is taken off, because haze and seasons change it. Pixels that changed count little.
"""

from collections.abc import Sequence

import numpy as np
from scipy import ndimage

SMOOTH, COARSE = 1.0, 4.0  # pixels; what is kept lies between these two scales
MARGIN = 4  # pixels from cloud, gaps and edges that are not counted
ITERATIONS = 2  # from some hundredths of a pixel the first step leaves less than a thousandth to the second
OUTLIER = 2.0  # robust standard deviations at which a pixel counts half
FURTHEST = 0.5  # pixels from the given shift; further, the two dates do not look alike enough
LEAST_PIXELS = 200

Blocks = Sequence[np.ndarray]


def refined(
    reference: Blocks, reference_clear: Blocks, moved: Blocks, moved_clear: Blocks, shift: tuple[float, float]
) -> tuple[float, float]:
    """The shift (dy, dx) of ``moved`` against ``reference``, from one that is right to some tenths of a pixel.

    Content at (row, column) of the reference is found at (row + dy, column + dx) of the other. Where the dates do not allow a better
    answer, the given one comes back.

    Args:
        reference, moved: (C, h, w) arrays, one per block.
        reference_clear, moved_clear: (h, w) bool of each.
        shift: to begin with, pixels.
    """
    pairs = []
    for one, one_clear, other, other_clear in zip(reference, reference_clear, moved, moved_clear, strict=True):
        clear = ndimage.binary_erosion(one_clear & other_clear, iterations=MARGIN, border_value=0)
        if clear.any():
            for a, b in zip(_detail(one, one_clear), _detail(other, other_clear), strict=True):
                pairs.append((ndimage.spline_filter(a, 3, mode="nearest"), b, clear))
    if sum(int(clear.sum()) for _, _, clear in pairs) < LEAST_PIXELS:
        return shift
    found = np.array(shift, np.float64)
    for _ in range(ITERATIONS):
        step = _least_squares(pairs, found)
        if step is None:
            return shift
        found += step
        if np.abs(found - shift).max() > FURTHEST:
            return shift
    return float(found[0]), float(found[1])


def _detail(images: np.ndarray, clear: np.ndarray) -> np.ndarray:
    """What lies between the two scales in (C, h, w), of the clear pixels (h, w)."""
    return smoothed(images, clear, SMOOTH) - smoothed(images, clear, COARSE)


def smoothed(images: np.ndarray, clear: np.ndarray, sigma: float) -> np.ndarray:
    """Images (C, h, w) without what is finer than ``sigma`` pixels, of the clear pixels (h, w) alone."""
    weight = clear.astype(np.float64)
    return ndimage.gaussian_filter(images * weight, (0, sigma, sigma)) / np.maximum(ndimage.gaussian_filter(weight, sigma), 1e-3)


def _least_squares(pairs: list[tuple[np.ndarray, np.ndarray, np.ndarray]], shift: np.ndarray) -> np.ndarray | None:
    """What ``shift`` lacks, (2,), from all pairs of (reference as spline coefficients, moved, clear); None where nothing tells."""
    normal, right = np.zeros((2, 2)), np.zeros(2)
    for reference, moved, clear in pairs:
        seen = ndimage.shift(reference, shift, order=3, mode="nearest", prefilter=False)
        gradient = np.stack([-part[clear] for part in np.gradient(seen)])  # of what is seen, by the shift
        seen, actual = seen[clear], moved[clear]
        # einsum, not matrix products: those go through threaded BLAS, see ``alignment``.
        gain = np.einsum("n,n", seen, actual) / max(float(np.einsum("n,n", seen, seen)), 1e-12)
        difference = actual - gain * seen
        scale = 1.4826 * float(np.median(np.abs(difference)))
        if gain <= 0 or scale <= 0:
            continue  # a band that shows the contrary, or nothing
        gradient = gain * gradient
        weight = 1 / (scale**2 + (difference / OUTLIER) ** 2)
        weighted = gradient * weight
        normal += np.einsum("an,bn->ab", weighted, gradient)
        right += np.einsum("an,n->a", weighted, difference)
    if np.linalg.cond(normal) > 1e6:
        return None
    return np.linalg.solve(normal, right)
