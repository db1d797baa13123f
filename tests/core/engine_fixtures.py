"""What the tests of the engine, the worker and the command line share: real rasters and a real, small network. Plain functions."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import rasterio
import torch
from rasterio.transform import from_origin

from sitsr_core.inference.engine import super_resolve
from sitsr_core.inference.report import Result
from sitsr_core.job import SuperResolutionJob
from sitsr_core.models.card import ModelCard, save_model
from sitsr_core.models.network import NetworkConfig, SuperResolver

ROOT = Path(__file__).resolve().parents[2]
BANDS = ("B02", "B03", "B04", "B08")
DATES = ("2024-06-01", "2024-06-11", "2024-06-16")
UTM = from_origin(500000, 4600000, 10, 10)


def small_model(path: Path, bands: tuple[str, ...] = BANDS, seed: int = 0, factor: int = 4) -> str:
    """A network of a few thousand weights whose heads are away from zero, saved as any model is."""
    torch.manual_seed(seed)
    config = NetworkConfig(
        bands=bands, encoder_width=8, encoder_blocks=1, heads=2, trunk_width=12, trunk_blocks=1, gradient_steps=1,
        denoiser_width=8, denoiser_blocks=1, factor=factor,
        center=(0.1,) * len(bands), spread=(0.1,) * len(bands), residual_std=(0.02,) * len(bands),
    )  # fmt: skip
    network = SuperResolver(config)
    with torch.no_grad():
        for head in (network.denoiser.head, network.denoiser.condition_detail, network.mean_head, network.gradient_steps[0].change):
            head.weight.normal_(0, 0.1)
    save_model(network, ModelCard(name="test", version="1"), path)
    return str(path)


def scene(height: int, width: int, bands: int = 4, seed: int = 0) -> np.ndarray:
    """(bands, height, width) float32 reflectance of fields: blocks, a gradient, a little noise."""
    rng = np.random.default_rng(seed)
    blocks = rng.uniform(0.04, 0.22, (bands, -(-height // 6), -(-width // 6)))
    image = np.kron(blocks, np.ones((6, 6)))[:, :height, :width]
    image = image + np.linspace(0, 0.03, width)[None, None, :]
    if bands == 4:
        image[3] += 0.15
    return (image + np.random.default_rng(seed + 99).normal(0, 0.002, image.shape)).astype(np.float32)


def write_raster(path: Path, pixels: np.ndarray, bands=BANDS, crs="EPSG:32631", transform=UTM, scaling=None, **profile) -> str:
    """Write (bands, h, w) as they are."""
    count, height, width = pixels.shape
    with rasterio.open(
        path, "w", driver="GTiff", width=width, height=height, count=count, dtype=pixels.dtype, crs=crs, transform=transform, **profile
    ) as dataset:
        dataset.write(pixels)
        if bands:
            dataset.descriptions = bands
        if scaling:
            dataset.scales, dataset.offsets = (scaling[0],) * count, (scaling[1],) * count
    return str(path)


def numbers(reflectance: np.ndarray, dtype: str = "uint16") -> np.ndarray:
    """Reflectance as Sentinel-2 stores it (1/10000), or as float."""
    return reflectance.astype(dtype) if dtype.startswith("float") else np.clip(np.rint(reflectance * 1e4), 1, None).astype(dtype)


def write_series(folder: Path, height: int = 90, width: int = 100, dates=DATES, dtype: str = "uint16", bands=BANDS, **profile) -> list[str]:
    """One raster a date of the same fields; a little darker from date to date."""
    folder.mkdir(parents=True, exist_ok=True)
    profile = {"nodata": 0, **profile} if dtype.startswith("uint") else profile
    fields = scene(height, width, len(bands))
    return [
        write_raster(folder / f"S2_{date.replace('-', '')}.tif", numbers(fields * (1 - 0.03 * i) + 0.003, dtype), bands, **profile)
        for i, date in enumerate(dates)
    ]


def write_mask(path: Path, clear: np.ndarray, transform=UTM, crs="EPSG:32631") -> str:
    """A mask whose non-zero pixels are clear."""
    return write_raster(path, clear.astype(np.uint8)[None], bands=(), crs=crs, transform=transform)


def run(inputs: list[str], output: Path, model: str, **fields) -> Result:
    """super_resolve in this process, on two threads at most, in float32 unless told otherwise."""
    fields = {"precision": "float32", "threads": 1, "tile": 64, **fields}
    return super_resolve(SuperResolutionJob(inputs=inputs, output=str(output), model=model, **fields))


def pixels_of(path: Path | str) -> np.ndarray:
    """All bands of a raster."""
    with rasterio.open(path) as dataset:
        return dataset.read()


def environment() -> dict[str, str]:
    """For child processes: this checkout, one thread."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}


def start_worker(job_path: Path, *arguments: str) -> subprocess.Popen:
    """A real worker process."""
    command = [sys.executable, "-m", "sitsr_core.worker", str(job_path), *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
