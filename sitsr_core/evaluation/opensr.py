"""The seven numbers of opensr-test (Aybar et al. 2024, IEEE GRSL, doi:10.1109/LGRS.2024.3401394) on a triplet of images.

The observed image LR, the super-resolved SR and the true HR, with 16 fine pixels cropped at each side. Consistency compares LR with SR
brought down bilinearly with antialiasing: the mean absolute difference (reflectance), the mean spectral angle in degrees (spectral), and
the length of the shift between them (spatial). For the rest, SR is freed of systematic error (harmonised): its histograms become HR's,
band by band, and its shift against HR is taken out. Synthesis is its mean absolute difference to LR brought up bilinearly. With the
distance |x - y| / |x + y| (the package's "nd"), mean over bands, pixel by pixel,

    d_im = d(SR, HR) / d(LR, HR),   d_om = d(SR, LR) / d(LR, HR),   H = d_im + d_om - 1
    improvement = d_im + d_om (1 - exp(-g H)),   omission = d_om + d_im (1 - exp(-g H)),   hallucination = exp(-g d_im d_om)

where any of the three distances exceeds the 75th percentile of d(LR, HR). A softmin of temperature T turns the three into shares, whose
means are what is printed: they add up to 1. g = 0.05 and T = 0.25 are the defaults of version 1.3.3 of the package; other versions had
others, and a figure of another paper is comparable only where they are the same.

Deviations: shifts are found as there by phase correlation of the bands' mean to 1/50 pixel, but an image is moved with its edge repeated,
where the package fills with 0; a pixel in which LR and HR are equal is left out.
"""

import numpy as np
import torch
from scipy import ndimage
from skimage.exposure import match_histograms
from skimage.registration import phase_cross_correlation
from torch.nn import functional

BORDER = 16  # fine pixels
GAMMA, TEMPERATURE = 0.05, 0.25
QUANTILE = 0.75
LARGEST_SHIFT = 5.0  # pixels; a larger one is taken for a failure
UPSAMPLING = 50
TINY = 1e-8


def seven_numbers(lr: np.ndarray, sr: np.ndarray, hr: np.ndarray, rgb: tuple[int, ...]) -> dict[str, float]:
    """reflectance, spectral, spatial, synthesis, hallucination, omission, improvement.

    Args:
        lr: (C, h, w) reflectance of the observed date.
        sr, hr: (C, factor h, factor w).
        rgb: positions of the bands that shifts are measured on.

    Raises:
        ValueError: images too small for the border.
    """
    factor = hr.shape[-1] // lr.shape[-1]
    if min(hr.shape[-2:]) <= 2 * BORDER + factor:
        raise ValueError(f"an image of {hr.shape[-2]} x {hr.shape[-1]} pixels has nothing inside a border of {BORDER}")
    lr = _inner(lr, BORDER // factor)
    sr, hr = _inner(sr, factor * (BORDER // factor)), _inner(hr, factor * (BORDER // factor))
    down, up = _resized(sr, 1 / factor), _resized(lr, factor)
    shift = _shift(down[list(rgb)], lr[list(rgb)])
    harmonised = harmonise(sr, hr)
    return {
        "reflectance": float(np.abs(down - lr).mean()),
        "spectral": float(spectral_angle(lr, down).mean()),
        "spatial": float(np.hypot(*shift)),
        "synthesis": float(np.abs(up - harmonised).mean()),
    } | correctness(up, harmonised, hr)


def correctness(lr: np.ndarray, sr: np.ndarray, hr: np.ndarray) -> dict[str, float]:
    """Shares of hallucination, omission and improvement of images (C, H, W) of one size. NaN where LR is HR everywhere."""
    reference, to_truth, to_input = _distance(lr, hr), _distance(sr, hr), _distance(sr, lr)
    threshold = np.sort(reference, axis=None)[int(QUANTILE * reference.size) - 1]
    counted = (np.maximum(np.maximum(reference, to_truth), to_input) > threshold) & (reference > 0)
    if not counted.any():
        return dict.fromkeys(("hallucination", "omission", "improvement"), float("nan"))
    im, om = to_truth[counted] / reference[counted], to_input[counted] / reference[counted]
    bent = 1 - np.exp(-GAMMA * (im + om - 1))
    scores = np.stack([np.exp(-GAMMA * im * om), om + im * bent, im + om * bent])
    shares = np.exp(-(scores - scores.min(0)) / TEMPERATURE)  # as exp(-scores / T), which may be 0 for all three
    shares = (shares / shares.sum(0)).mean(1)
    return dict(zip(("hallucination", "omission", "improvement"), map(float, shares), strict=True))


def harmonise(sr: np.ndarray, hr: np.ndarray) -> np.ndarray:
    """SR with HR's histograms, band by band, and laid onto it."""
    matched = match_histograms(sr, hr, channel_axis=0)
    dy, dx = _shift(matched, hr)
    return np.stack([ndimage.shift(band, (dy, dx), order=1, mode="nearest") for band in matched]) if dy or dx else matched


def spectral_angle(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """(H, W) degrees between the spectra of two images (C, H, W)."""
    x, y = x.astype(np.float64), y.astype(np.float64)
    cosine = (x * y).sum(0) / np.maximum(np.linalg.norm(x, axis=0) * np.linalg.norm(y, axis=0), 1e-12)
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


def _distance(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return (np.abs(x - y) / np.abs(x + y + TINY)).mean(0)


def _shift(moving: np.ndarray, fixed: np.ndarray) -> tuple[float, float]:
    """(dy, dx) pixels by which to move an image (C, H, W) onto the other; 0 when they are implausible."""
    found, _, _ = phase_cross_correlation(fixed.mean(0), moving.mean(0), upsample_factor=UPSAMPLING)
    return (float(found[0]), float(found[1])) if np.hypot(*found) <= LARGEST_SHIFT else (0.0, 0.0)


def _inner(image: np.ndarray, border: int) -> np.ndarray:
    return image[:, border : image.shape[1] - border, border : image.shape[2] - border]


def _resized(image: np.ndarray, factor: float) -> np.ndarray:
    scaled = functional.interpolate(
        torch.from_numpy(np.ascontiguousarray(image))[None], scale_factor=factor, mode="bilinear", antialias=True
    )
    return scaled[0].numpy()
