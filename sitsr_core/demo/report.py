"""The demo's figures: the results against the truth, beside what is had without a model."""

from pathlib import Path

import numpy as np
import torch

from sitsr_core import metrics, sensor
from sitsr_core.demo.scene import read_raster
from sitsr_core.demo.simulate import DATES, TARGET, Sample

LABELS = {
    "bicubic": "bicubic",
    "median_bicubic": "median + bicubic",
    "one_date": "sitsr, one date",
    "all_dates": "sitsr, all dates",
}


def bicubic(image: np.ndarray) -> np.ndarray:
    """(C, h, w) -> (C, 4h, 4w)."""
    return sensor.upsample(torch.from_numpy(np.ascontiguousarray(image))[None])[0].numpy()


def candidates(sample: Sample, one_date: Path, all_dates: Path) -> dict[str, np.ndarray]:
    """Method -> image (C, 4h, 4w). The median is given the true clear masks, which the product is not."""
    observed = sample.series[list(DATES).index(TARGET)]
    seen = np.where(sample.clear[:, None], sample.series, np.nan)
    return {
        "bicubic": bicubic(observed),
        "median_bicubic": bicubic(np.nanmedian(seen, axis=0)),
        "one_date": read_raster(one_date),
        "all_dates": read_raster(all_dates),
    }


def figures(image: np.ndarray, sample: Sample, bands: tuple[str, ...]) -> dict[str, float]:
    """PSNR (dB), SSIM and SAM (degrees) against the truth, and the mean |A x - y| in reflectance against the target date."""
    observed = sample.series[list(DATES).index(TARGET)]
    misfit = sensor.observe(torch.from_numpy(image)[None], bands)[0].numpy() - observed
    return {
        "psnr": metrics.psnr(image, sample.truth),
        "ssim": metrics.ssim(image, sample.truth),
        "sam": metrics.sam(image, sample.truth),
        "consistency": float(np.abs(misfit).mean()),
    }


def table(rows: dict[str, dict[str, float]]) -> str:
    """The figures of every method, aligned, for a terminal."""
    base = rows["bicubic"]["psnr"]
    lines = [f"{'':<18}{'PSNR dB':>9}{'gain':>8}{'SSIM':>8}{'SAM deg':>9}{'|Ax-y|':>10}"]
    for name, row in rows.items():
        gain = f"{row['psnr'] - base:+.2f}"
        lines.append(f"{LABELS[name]:<18}{row['psnr']:>9.2f}{gain:>8}{row['ssim']:>8.3f}{row['sam']:>9.3f}{row['consistency']:>10.5f}")
    return "\n".join(lines)
