"""The one protocol by which results are judged: on reflectance, never on stretched 8-bit values, with a border cropped.

All images are (C, H, W) float arrays in reflectance; ``mask`` is (H, W) bool, True where a pixel counts.
Pixels whose reference is not finite never count; an image that is not finite where it counts gives NaN.
"""

import numpy as np
from scipy.ndimage import minimum_filter, uniform_filter
from skimage.metrics import structural_similarity

BORDER = 8  # fine pixels left out at each side
PEAK = 1.0  # reflectance
SHIFT_TOLERANCE = 3  # fine pixels, as PROBA-V's cPSNR (Martens et al. 2019)
HOMOGENEOUS_WINDOW = 9  # fine pixels
HOMOGENEOUS_STD = 0.01  # reflectance; water and bare fields are below it, trees and crops in rows above
HOMOGENEOUS_PIXELS = 100  # fewer are no ground for a figure


def _crop(image: np.ndarray, border: int) -> np.ndarray:
    return image[..., border : image.shape[-2] - border, border : image.shape[-1] - border]


def _counted(reference: np.ndarray, mask: np.ndarray | None, border: int) -> np.ndarray:
    """(H - 2 border, W - 2 border) bool: where the reference is finite and the mask allows. Raises ValueError when that is nowhere."""
    finite = np.isfinite(reference).all(0)
    counted = _crop(finite if mask is None else finite & mask, border)
    if not counted.any():
        raise ValueError("no pixel of the reference counts")
    return counted


def mean_squared_error(image: np.ndarray, reference: np.ndarray, mask: np.ndarray | None = None, border: int = BORDER) -> float:
    """Mean squared error over bands and counted pixels."""
    counted = _counted(reference, mask, border)
    difference = _crop(image, border)[:, counted].astype(np.float64) - _crop(reference, border)[:, counted]
    return float(np.mean(difference**2))


def psnr(image: np.ndarray, reference: np.ndarray, mask: np.ndarray | None = None, border: int = BORDER) -> float:
    """Peak signal-to-noise ratio in dB, with a peak of 1 (reflectance)."""
    return _decibels(mean_squared_error(image, reference, mask, border))


def ssim(image: np.ndarray, reference: np.ndarray, mask: np.ndarray | None = None, border: int = BORDER) -> float:
    """Structural similarity (Wang et al. 2004), mean over bands; the data range is the reference's 1st to 99th percentile."""
    counted = _counted(reference, mask, border)
    values = []
    for band, truth in zip(_crop(image, border), _crop(reference, border), strict=True):
        low, high = np.percentile(truth[counted], (1, 99))
        clean = np.where(counted, truth, low)
        _, similarity = structural_similarity(np.where(counted, band, low), clean, data_range=max(high - low, 1e-6), full=True)
        values.append(similarity[counted].mean())
    return float(np.mean(values))


def sam(image: np.ndarray, reference: np.ndarray, mask: np.ndarray | None = None, border: int = BORDER) -> float:
    """Spectral angle in degrees, mean over pixels (Kruse et al. 1993)."""
    counted = _counted(reference, mask, border)
    a, b = (_crop(x, border)[:, counted].astype(np.float64) for x in (image, reference))
    cosine = (a * b).sum(0) / np.maximum(np.linalg.norm(a, axis=0) * np.linalg.norm(b, axis=0), 1e-12)
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))).mean())


def ergas(image: np.ndarray, reference: np.ndarray, mask: np.ndarray | None = None, border: int = BORDER, factor: int = 4) -> float:
    """Relative dimensionless global error (Wald 2000): 100 / factor * sqrt(mean_b (rmse_b / mean_b)^2)."""
    counted = _counted(reference, mask, border)
    a, b = (_crop(x, border)[:, counted].astype(np.float64) for x in (image, reference))
    relative = np.mean((a - b) ** 2, axis=1) / np.maximum(b.mean(1) ** 2, 1e-12)
    return float(100 / factor * np.sqrt(relative.mean()))


def cpsnr(image: np.ndarray, reference: np.ndarray, mask: np.ndarray | None = None, border: int = BORDER) -> float:
    """Shift-tolerant, bias-corrected PSNR: the best over shifts of up to 3 fine pixels (Martens et al. 2019).

    Raises ValueError when ``border`` is less than that.
    """
    tolerance = SHIFT_TOLERANCE
    if border < tolerance:
        raise ValueError(f"a border of {border} is narrower than the shifts of {tolerance}")
    counted = _counted(reference, mask, border)
    truth = _crop(reference, border)[:, counted].astype(np.float64)
    moves = _moved(image, border, tolerance)
    return _decibels(min(_unbiased_error(moved[:, counted].astype(np.float64), truth) for moved in moves))


def probav_cpsnr(image: np.ndarray, reference: np.ndarray, mask: np.ndarray) -> float:
    """cPSNR as the PROBA-V competition defines it (Martens et al. 2019, eq. 2 to 4), on images whose largest value is 1.

    The *image* loses 3 pixels on each side, and is compared with the windows of that size of the reference at all 49 places; what counts is
    decided by the mask of the reference's window, and so is the bias. ``cpsnr`` crops the reference instead, so that all shifts are judged
    on the same pixels. Raises ValueError when no pixel counts.
    """
    inner = _crop(image, SHIFT_TOLERANCE)
    found = []
    for window, counted in zip(
        _moved(reference, SHIFT_TOLERANCE, SHIFT_TOLERANCE), _moved(mask[None], SHIFT_TOLERANCE, SHIFT_TOLERANCE), strict=True
    ):
        if counted.any():
            found.append(_unbiased_error(inner[:, counted[0]].astype(np.float64), window[:, counted[0]].astype(np.float64)))
    if not found:
        raise ValueError("no pixel of the reference counts")
    return _decibels(min(found))


def normalised_score(scores: dict[str, float], baseline: dict[str, float]) -> float:
    """The PROBA-V competition's score: mean over scenes of the baseline's cPSNR over the cPSNR reached; lower is better, 1 is the baseline.

    Raises ValueError for a scene without a baseline, or without scenes.
    """
    missing = sorted(set(scores) - set(baseline))
    if missing or not scores:
        raise ValueError(f"no baseline for {missing[0]}" if missing else "no scenes")
    return float(np.mean([baseline[scene] / score for scene, score in scores.items()]))


def shift_mae(image: np.ndarray, reference: np.ndarray, mask: np.ndarray | None = None, border: int = BORDER) -> float:
    """Mean absolute error at the best of all shifts of up to 3 fine pixels (Okabayashi et al. 2024), on the same pixels for all."""
    if border < SHIFT_TOLERANCE:
        raise ValueError(f"a border of {border} is narrower than the shifts of {SHIFT_TOLERANCE}")
    counted = _counted(reference, mask, border)
    truth = _crop(reference, border)[:, counted].astype(np.float64)
    return float(min(np.abs(moved[:, counted] - truth).mean() for moved in _moved(image, border, SHIFT_TOLERANCE)))


def _moved(image: np.ndarray, border: int, tolerance: int) -> list[np.ndarray]:
    """The windows (C, H - 2 border, W - 2 border) of an image at all places up to ``tolerance`` from the middle, row by row."""
    height, width = (size - 2 * border for size in image.shape[-2:])
    places = range(border - tolerance, border + tolerance + 1)
    return [image[..., row : row + height, column : column + width] for row in places for column in places]


def _unbiased_error(image: np.ndarray, truth: np.ndarray) -> float:
    """Mean squared error (C, n) after each band's bias."""
    difference = truth - image
    return float(np.mean((difference - difference.mean(1, keepdims=True)) ** 2))


def _decibels(error: float) -> float:
    return float(10 * np.log10(PEAK**2 / max(error, 1e-20)))


def spectrum_ratio(image: np.ndarray, reference: np.ndarray, border: int = BORDER, factor: int = 4) -> float:
    """Power of the image over the reference's beyond the coarse Nyquist frequency and up to the fine one; 1 is right, bicubic is near 0."""

    def power(x: np.ndarray) -> float:
        x = _crop(x, border).astype(np.float64)
        window = np.hanning(x.shape[-2])[:, None] * np.hanning(x.shape[-1])[None, :]
        spectrum = np.abs(np.fft.fft2((x - x.mean((-2, -1), keepdims=True)) * window)) ** 2
        radius = np.hypot(np.fft.fftfreq(x.shape[-2])[:, None], np.fft.fftfreq(x.shape[-1])[None, :])
        return float(spectrum[:, (radius > 0.5 / factor) & (radius <= 0.5)].sum())

    return power(image) / max(power(reference), 1e-20)


def coverage(
    image: np.ndarray, std: np.ndarray, reference: np.ndarray, times: float, mask: np.ndarray | None = None, border: int = BORDER
) -> float:
    """Share of errors within ``times`` standard deviations."""
    counted = _counted(reference, mask, border)
    error = np.abs(_crop(image - reference, border)[:, counted])
    return float((error <= times * _crop(std, border)[:, counted]).mean())


def std_correlation(
    image: np.ndarray, std: np.ndarray, reference: np.ndarray, mask: np.ndarray | None = None, border: int = BORDER
) -> float:
    """Pearson correlation of the standard deviation with the absolute error, mean over bands: does it know *where* it errs?

    Even the true spread of a normal error stays below sqrt(2 / pi) = 0.8, because one error says little of its spread.
    """
    counted = _counted(reference, mask, border)
    error = np.abs(_crop(image - reference, border)[:, counted]).astype(np.float64)
    return float(np.mean([np.corrcoef(e, s)[0, 1] for e, s in zip(error, _crop(std, border)[:, counted], strict=True)]))


def homogeneous_std_ratio(image: np.ndarray, reference: np.ndarray, mask: np.ndarray | None = None, border: int = BORDER) -> float:
    """Local standard deviation of the image over the reference's where the reference is homogeneous; 1 is right, more is invented.

    A window of 9x9 fine pixels is homogeneous when its variance in the reference, mean over bands, is below ``HOMOGENEOUS_STD`` squared
    and all its pixels count (water, bare fields). A pixel counts when all windows around it are, so that the blur of an edge 4 pixels
    further is not taken for an invention. The ratio is that of the roots of the local variances, mean over those pixels and all bands.
    NaN where fewer than ``HOMOGENEOUS_PIXELS`` are left.
    """
    counted = _counted(reference, mask, border)
    truth = np.where(counted, _crop(reference, border), 0).astype(np.float64)
    expected, found = _local_variance(truth), _local_variance(_crop(image, border).astype(np.float64))
    flat = minimum_filter(counted, HOMOGENEOUS_WINDOW, mode="constant") & (expected < HOMOGENEOUS_STD**2)
    homogeneous = minimum_filter(flat, HOMOGENEOUS_WINDOW, mode="constant")
    if homogeneous.sum() < HOMOGENEOUS_PIXELS:
        return float("nan")
    return float(np.sqrt(found[homogeneous].mean() / max(expected[homogeneous].mean(), 1e-20)))


def _local_variance(image: np.ndarray) -> np.ndarray:
    """Variance in the window around each pixel, mean over bands: (C, H, W) -> (H, W)."""
    size = (1, HOMOGENEOUS_WINDOW, HOMOGENEOUS_WINDOW)
    centred = image - image.mean((1, 2), keepdims=True)  # against cancellation
    return (uniform_filter(centred**2, size) - uniform_filter(centred, size) ** 2).mean(0).clip(0)
