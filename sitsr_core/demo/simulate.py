"""An irregular cloudy series of 40 m as Sentinel-2 would have seen it, from the real scene of 10 m.

Nothing of what is drawn here reaches the product but the files: it has to find dates, shifts, clouds and radiometry by itself.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
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
CHANGED = ("2020-11-03", "2021-03-10")  # on these the ground differs too: parts of it are drier and brighter, others wetter and darker
# Log gains of B02, B03, B04, B08. Soil that dries brightens least in blue, unlike what haze does; wet soil is darker in all.
DRY, WET = (0.08, 0.16, 0.22, 0.25), (-0.2, -0.23, -0.25, -0.25)
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
    where, cloud = field((fine.shape[1], fine.shape[2]), generator), field(size, generator)
    ground = changed(fine, where) if date in CHANGED else fine
    pixels = project(ground, bands, shift, size) * torch.exp(0.03 * drift[0]) + 0.001 * drift[1]
    pixels, clear = pass_clouds(pixels, cloud, cover)
    return add_noise(pixels, NOISE, generator), clear


def changed(fine: Tensor, where: Tensor) -> Tensor:
    """Ground (C, H, W) that has dried where the field ``where`` (H, W) is high and is wet where it is low, along its own outlines."""
    relief = F.avg_pool2d(fine.mean(0)[None, None], 9, stride=1, padding=4, count_include_pad=False)[0, 0]
    edge = where + 0.5 * (relief - relief.mean()) / relief.std()
    dry, wet = (torch.tensor(gains[: len(fine)])[:, None, None] for gains in (DRY, WET))
    return fine * torch.exp(dry * torch.sigmoid(10 * (edge - 1)) + wet * torch.sigmoid(10 * (-edge - 1)))
