"""Judge a model on scenes: every method on the same work, figures as mean and standard deviation over scenes."""

from collections.abc import Iterable

import numpy as np
import torch

from sitsr_core import metrics, sensor
from sitsr_core.evaluation.sets import Scene
from sitsr_core.models.network import SeriesBatch, SuperResolver, filled_reference

NUMBERS = (1, 2, 4, 8, 16)
BACK_PROJECTION = 2


def median_bicubic(series: SeriesBatch) -> np.ndarray:
    """Bicubic interpolation of the per-pixel median over clear dates: (C, 4h, 4w)."""
    pixels = torch.where(series.clear[:, :, None] > 0, series.reflectance, torch.nan)
    median = torch.nan_to_num(pixels.nanmedian(1).values)
    return sensor.upsample(median)[0].numpy()


@torch.inference_mode()
def predict(network: SuperResolver, series: SeriesBatch, back_projection: int = BACK_PROJECTION) -> tuple[np.ndarray, np.ndarray]:
    """(mean, std) of the target date, (C, 4h, 4w), in *mean* mode with back-projection, float32."""
    prediction = network.encode(series)
    bands = network.config.bands[: series.reflectance.shape[2]]
    observed, clear = series.reflectance[:, int(series.reference[0])], series.clear[:, int(series.reference[0])][:, None]
    mean = sensor.back_project(prediction.mean, observed, clear, bands, back_projection)
    return mean[0].numpy(), prediction.std[0].numpy()


def _figures(image: np.ndarray, scene: Scene, bands: tuple[str, ...]) -> dict[str, float]:
    """The figures of ``tables.COLUMNS`` but coverage; consistency is |A x - y| in reflectance over clear pixels of the reference."""
    observed, clear = scene.observed()
    misfit = (sensor.observe(torch.from_numpy(image)[None], bands) - observed)[0].abs().numpy()
    return {
        "psnr": metrics.psnr(image, scene.truth, scene.mask),
        "cpsnr": metrics.cpsnr(image, scene.truth, scene.mask),
        "ssim": metrics.ssim(image, scene.truth, scene.mask),
        "sam": metrics.sam(image, scene.truth, scene.mask),
        "ergas": metrics.ergas(image, scene.truth, scene.mask),
        "spectrum_ratio": metrics.spectrum_ratio(image, scene.truth),
        "consistency": float(misfit[:, clear[0, 0].numpy() > 0].mean()),
    }


def evaluate_scene(network: SuperResolver, scene: Scene) -> dict[str, dict[str, float]]:
    """Method -> figures: bicubic, median_bicubic, the model with 1, 2, 4, 8, 16 dates (as many as there are) and with shuffled shifts."""
    bands = network.config.bands[: scene.truth.shape[0]]
    dates = scene.series.days.shape[1]
    rows = {
        "bicubic": _figures(sensor.upsample(filled_reference(scene.with_dates(1).series))[0].numpy(), scene, bands),
        "median_bicubic": _figures(median_bicubic(scene.series), scene, bands),
    }
    for number in sorted({n for n in NUMBERS if n < dates} | {min(dates, NUMBERS[-1])}):
        picked = scene.with_dates(number)
        mean, std = predict(network, picked.series)
        rows[str(number)] = _figures(mean, picked, bands) | {
            f"coverage_{k}std": metrics.coverage(mean, std, scene.truth, k, scene.mask) for k in (1, 2)
        }
    if dates > 2:  # one other date has nothing to swap its shift with
        shuffled = scene.with_dates(min(dates, 8)).with_shuffled_shifts()
        rows["shuffled_shifts"] = _figures(predict(network, shuffled.series)[0], shuffled, bands)
    return rows


def evaluate(network: SuperResolver, scenes: Iterable[Scene]) -> dict:
    """{"scenes": {name: rows}, "mean": rows, "std": rows} over all scenes."""
    found = {scene.name: evaluate_scene(network, scene) for scene in scenes}
    methods = list(dict.fromkeys(method for rows in found.values() for method in rows))
    summary: dict[str, dict] = {"scenes": found, "mean": {}, "std": {}}
    for method in methods:
        having = [rows[method] for rows in found.values() if method in rows]
        for statistic, reduce in (("mean", np.mean), ("std", np.std)):
            summary[statistic][method] = {key: float(reduce([row[key] for row in having])) for key in having[0]}
    return summary
