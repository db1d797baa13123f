"""An irregular cloudy series of 40 m as Sentinel-2 would have seen it, from the real scene of 10 m.

Nothing of what is drawn here reaches the product but the files: it has to find dates, shifts, clouds and radiometry by itself.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from sitsr_core import sensor
from sitsr_core.datasets.observation import add_noise, field, pass_clouds, project
from sitsr_core.datasets.simulate import MARGIN
from sitsr_core.demo.scene import Scene, write_raster

SEED = 20210107
TARGET = "2021-01-07"
TRUTH = "truth_10m.tif"
# date -> share of the image under cloud
DATES = {
    "2020-11-03": 0.0,
    "2020-11-18": 0.25,
    "2020-12-05": 0.0,
    "2020-12-13": 0.9,
    "2020-12-28": 0.0,
    TARGET: 0.0,
    "2021-01-19": 0.4,
    "2021-02-01": 0.0,
    "2021-02-06": 0.0,
    "2021-03-10": 0.0,
}
CHANGED = ("2020-11-03", "2021-03-10")  # on these the ground differs too: parts turn brighter or darker
NOISE = 0.001  # reflectance, at a reflectance of 0.15: a signal-to-noise ratio of 150
SHIFT = 0.5  # coarse pixels, each way


@dataclass(frozen=True)
class Sample:
    """The files of the series, its truth, and what only the baselines may know.

    Attributes:
        folder: the rasters of the series, one a date, and nothing else.
        target: the raster of the target date.
        truth: (C, 4h, 4w) reflectance at the target date.
        series: (T, C, h, w) reflectance as written.
        clear: (T, h, w) bool, the true clear pixels.
    """

    folder: Path
    target: Path
    truth: np.ndarray
    series: np.ndarray
    clear: np.ndarray


def prepare(scene: Scene, output: Path) -> Sample:
    """Simulate the series and write it under ``output``. The same scene gives the same files."""
    generator = torch.Generator().manual_seed(SEED)
    fine = torch.from_numpy(scene.reflectance)
    height, width = ((size - 2 * MARGIN) // sensor.FACTOR for size in fine.shape[1:])
    inner = (slice(None), slice(MARGIN, MARGIN + sensor.FACTOR * height), slice(MARGIN, MARGIN + sensor.FACTOR * width))
    truth_transform = scene.transform @ scene.transform.translation(MARGIN, MARGIN)
    transform = truth_transform @ scene.transform.scale(sensor.FACTOR)
    folder = output / "series"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("sample_40m_*"):
        old.unlink()
    series, clear = [], []
    for date, cover in DATES.items():
        pixels, sees = _see(fine, scene.bands, date, cover, (height, width), generator)
        write_raster(folder / f"sample_40m_{date}.tif", pixels.numpy(), transform, scene.bands, scene.crs)
        series.append(pixels.numpy())
        clear.append(sees.numpy())
    truth = scene.reflectance[inner]
    write_raster(output / TRUTH, truth, truth_transform, scene.bands, scene.crs)
    return Sample(folder, folder / f"sample_40m_{TARGET}.tif", truth, np.stack(series), np.stack(clear))


def _see(
    fine: Tensor, bands: tuple[str, ...], date: str, cover: float, size: tuple[int, int], generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """One date: pixels (C, h, w) and its clear mask (h, w). The target date has no shift, drift or cloud, so that its truth is known."""
    moves = 0.0 if date == TARGET else 1.0
    shift = moves * SHIFT * (2 * torch.rand(2, generator=generator) - 1)
    drift = moves * torch.randn(2, len(bands), 1, 1, generator=generator)
    pixels = project(fine, bands, shift, size) * torch.exp(0.03 * drift[0]) + 0.001 * drift[1]
    change, cloud = field(size, generator), field(size, generator)
    if date in CHANGED:
        pixels = pixels * torch.exp(0.25 * torch.sigmoid(10 * (change - 1)) - 0.25 * torch.sigmoid(10 * (-change - 1)))
    pixels, clear = pass_clouds(pixels, cloud, cover)
    return add_noise(pixels, NOISE, generator), clear
