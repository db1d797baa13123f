"""Others' protocols beside this project's own, so that a paper's table can be set beside ours: figures of one estimate of one scene.

    probav    cPSNR as the PROBA-V competition defines it (Martens et al. 2019), and the baseline's cPSNR over it, whose mean over scenes is
              the competition's normalised score; the latter where the dataset came with its baseline (norm.csv)
    breizhsr  Okabayashi et al. 2024 on 8-bit values: PSNR, SSIM, MAE, MSE and shift-tolerant MAE of red, green and blue
    opensr    the seven numbers of opensr-test (``opensr.py``)

They are defined on whole images and, but for PROBA-V, on images without gaps: others are left out. A protocol is refused where its bands
are missing.
"""

from collections.abc import Callable

import numpy as np
from skimage.exposure import match_histograms
from skimage.metrics import structural_similarity

from sitsr_core import metrics
from sitsr_core.errors import JobError
from sitsr_core.evaluation.opensr import seven_numbers
from sitsr_core.evaluation.scene import Scene

RGB = ("B04", "B03", "B02")
BREIZHSR_WHITE = (0.2058, 0.1583, 0.1118)  # 98th percentiles of its Sentinel-2 images, red, green, blue

Figures = dict[str, float]
Protocol = Callable[[np.ndarray, Scene], Figures]


def probav(image: np.ndarray, scene: Scene) -> Figures:
    """cPSNR and, where the scene has a baseline, baseline / cPSNR; image (C, H, W) as the truth, with a largest value of 1."""
    valid = scene.mask if scene.valid is None else scene.valid
    score = metrics.probav_cpsnr(image, scene.truth, valid)
    return {"probav_cpsnr": score} | ({"probav_score": scene.baseline / score} if scene.baseline else {})


def breizhsr(image: np.ndarray, scene: Scene) -> Figures:
    """Figures of 8-bit values; image (C, H, W) reflectance in the truth's bands.

    The image and the reference date are stretched from 0 to ``BREIZHSR_WHITE``; the truth takes the histograms of the reference date, band
    by band. Whatever gain and offset the truth was given before make no difference to that. LPIPS, which they print too, is left out: its
    network does not come with this project.
    """
    bands = [scene.bands[position] for position in scene.judged]
    if not set(RGB) <= set(bands):
        raise JobError(f"The protocol 'breizhsr' needs red, green and blue; '{scene.name}' has {', '.join(bands)}.", "Leave it out.")
    picked = [bands.index(band) for band in RGB]
    observed = scene.observed()[0][0, [scene.judged[position] for position in picked]].numpy()
    seen = _stretched(observed)
    truth = _eight_bit(match_histograms(scene.truth[picked], seen, channel_axis=0))
    made = _eight_bit(_stretched(image[picked]))
    error = float(np.mean((made - truth) ** 2))
    tolerance = metrics.SHIFT_TOLERANCE
    inner = made[:, tolerance:-tolerance, tolerance:-tolerance]
    height, width = inner.shape[1:]
    places = [(row, column) for row in range(2 * tolerance + 1) for column in range(2 * tolerance + 1)]
    return {
        "breizhsr_psnr": float(10 * np.log10(255**2 / max(error, 1e-10))),
        "breizhsr_ssim": float(structural_similarity(made, truth, channel_axis=0, data_range=255)),
        "breizhsr_mae": float(np.abs(made - truth).mean()),
        "breizhsr_mse": error,
        "breizhsr_shift_mae": float(min(np.abs(truth[:, r : r + height, c : c + width] - inner).mean() for r, c in places)),
    }


def _stretched(reflectance: np.ndarray) -> np.ndarray:
    """(3, H, W) red, green, blue -> 0 to 1."""
    white = np.array(BREIZHSR_WHITE, np.float32)[:, None, None]
    return np.clip(reflectance, 0, white) / white


def _eight_bit(values: np.ndarray) -> np.ndarray:
    return np.clip(np.round(255 * values), 0, 255)


def opensr(image: np.ndarray, scene: Scene) -> Figures:
    """The seven numbers; image (C, H, W) reflectance in the truth's bands."""
    judged = list(scene.judged)
    observed = scene.observed()[0][0, judged].numpy()
    bands = [scene.bands[position] for position in judged]
    rgb = tuple(bands.index(band) for band in RGB) if set(RGB) <= set(bands) else tuple(range(len(bands)))
    return {f"opensr_{name}": value for name, value in seven_numbers(observed, image, scene.truth, rgb).items()}


PROTOCOLS: dict[str, Protocol] = {"probav": probav, "breizhsr": breizhsr, "opensr": opensr}
WITH_GAPS = ("probav",)


def protocol_figures(names: tuple[str, ...], image: np.ndarray, scene: Scene) -> Figures:
    """All that the named protocols say of an image (C, H, W) of the truth's bands. Raises JobError."""
    whole = bool(scene.mask.all())
    found: Figures = {}
    for name in names:
        if whole or name in WITH_GAPS:
            found |= PROTOCOLS[name](image, scene)
    return found
