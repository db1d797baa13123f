"""How fast and in how much memory a series is super-resolved, end to end from GeoTIFF to GeoTIFF.

    python tests/benchmarks/throughput.py            # 8 dates of 1024 x 1024 and of 4096 x 4096 pixels: half an hour on two cores
    python tests/benchmarks/throughput.py --quick    # 256 and 512 pixels: about a minute; the names of the figures stay the same

Each run is a process of its own, because a peak of memory is that of a process. The last line is JSON. ``conv_peak_gflops`` is the best
3 x 3 convolution that this machine does in the network's precision, measured in the same run; ``conv_peak_fraction`` is what the network
achieves of it in mode *mean*, counting the convolutions of delivered pixels only: halos, reading, back-projection and writing are loss.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
DATES = [f"2024-{month:02d}-{day:02d}" for month in (5, 6) for day in (1, 9, 17, 25)]
BANDS = ("B02", "B03", "B04", "B08")
PATTERN = 512  # pixels of the scene, repeated with a shift
# Published times on two cores for four bands, see the project's notes on related work.
PUBLISHED = {"SRDiff (diffusion, one date)": 15.6, "LDSR-S2 (latent diffusion, one date)": 78.0}


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small images")
    parser.add_argument("--sizes", type=int, nargs=2, default=None, metavar=("SMALL", "LARGE"), help="input pixels a side (1024 4096)")
    parser.add_argument("--model", default="", help="a bundled name or a .safetensors file")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--scratch", default=None, help="folder for the rasters (about 2.5 GB)")
    parser.add_argument("--one-run", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    if options.one_run:
        return one_run(options.one_run)
    small, large = options.sizes or ((256, 512) if options.quick else (1024, 4096))
    with tempfile.TemporaryDirectory(dir=options.scratch) as scratch:
        report(Path(scratch), small, large, options)
    return 0


def report(scratch: Path, small: int, large: int, options: argparse.Namespace) -> None:
    """Measure everything, print it, end with the line of JSON."""
    common = {"model": options.model, "threads": options.threads}
    inputs = write_series(scratch / "small", small)
    mean = measure(scratch, {"inputs": inputs, **common})
    side = min(small, 512)
    sample = measure(scratch, {"inputs": inputs, "mode": "sample", "steps": 4, "window": [0, 0, side, side], **common})
    peak = convolution_peak(mean["precision"], options.threads)
    flops = flops_per_pixel(options.model)
    big = measure(scratch, {"inputs": write_series(scratch / "large", large), **common})
    fraction = flops * mean["lr_pixels_per_second"] / peak
    where = f"{mean['device']} in {mean['precision']}"
    print(f"{len(DATES)} dates, {len(BANDS)} bands, {os.cpu_count()} cores, {where}, model {mean['model']['name']}")
    print(f"network: {flops / 1e6:.2f} MFLOP for each input pixel; best 3 x 3 convolution here: {peak / 1e9:.0f} GFLOP/s")
    for name, run in ((f"mean {small}", mean), (f"sample, 4 steps {side}", sample), (f"mean {large}", big)):
        print(f"{name:<24} {run['lr_pixels_per_second']:>9.0f} input px/s   {run['seconds']:>7.1f} s   peak {run['memory']['peak_mb']} MB")
    for name, speed in PUBLISHED.items():
        ratios = mean["lr_pixels_per_second"] / speed, sample["lr_pixels_per_second"] / speed
        print(f"{name:<40} {speed:>6.1f} input px/s: mean is {ratios[0]:.0f}, sample {ratios[1]:.0f} times as fast")
    figures = {
        "mean_lr_px_per_s": mean["lr_pixels_per_second"],
        "sample_lr_px_per_s": sample["lr_pixels_per_second"],
        "peak_rss_mb_1024": mean["memory"]["peak_mb"],
        "peak_rss_mb_4096": big["memory"]["peak_mb"],
        "conv_peak_gflops": round(peak / 1e9, 1),
        "conv_peak_fraction": round(fraction, 4),
    }
    print(json.dumps({"benchmark": figures}))


def measure(scratch: Path, job: dict) -> dict:
    """Run one job in a process of its own; its result."""
    output = scratch / "fine.tif"
    path = scratch / "job.json"
    path.write_text(json.dumps({**job, "output": str(output), "overwrite": True}))
    done = subprocess.run([sys.executable, __file__, "--one-run", str(path)], stdout=subprocess.PIPE, text=True, check=True)
    output.unlink()
    return json.loads(done.stdout.splitlines()[-1])


def one_run(path: str) -> int:
    """In the child: the job, its result as JSON."""
    from sitsr_core import SuperResolutionJob, super_resolve

    print(json.dumps(super_resolve(SuperResolutionJob.from_file(path)).to_dict()))
    return 0


def write_series(folder: Path, size: int) -> list[str]:
    """One tiled, compressed GeoTIFF a date, written strip by strip."""
    import rasterio
    from scipy.ndimage import gaussian_filter

    folder.mkdir()
    texture = gaussian_filter(np.random.default_rng(0).standard_normal((len(BANDS), PATTERN, PATTERN)), (0, 1.2, 1.2), mode="wrap")
    fields = gaussian_filter(np.random.default_rng(1).standard_normal((len(BANDS), PATTERN, PATTERN)), (0, 9, 9), mode="wrap")
    scene = 1400 + 250 * texture / texture.std() + 350 * fields / fields.std() + np.array([0, 100, 50, 1400])[:, None, None]
    profile = {
        "driver": "GTiff", "width": size, "height": size, "count": len(BANDS), "dtype": "uint16", "nodata": 0, "crs": "EPSG:32631",
        "transform": rasterio.transform.from_origin(500000, 4600000, 10, 10), "tiled": True, "blockxsize": 256, "blockysize": 256,
        "compress": "deflate",
    }  # fmt: skip
    paths = []
    for number, date in enumerate(DATES):
        noise = np.random.default_rng(number + 2)
        paths.append(str(folder / f"S2_{date.replace('-', '')}.tif"))
        with rasterio.open(paths[-1], "w", **profile) as dataset:
            dataset.descriptions = BANDS
            for row in range(0, size, 256):
                height = min(256, size - row)
                rows, columns = np.arange(row, row + height) % PATTERN, np.arange(size) % PATTERN
                strip = scene[:, rows][:, :, columns] + noise.normal(0, 15, (len(BANDS), height, size))
                dataset.write(np.clip(strip, 1, 10000).astype("uint16"), window=rasterio.windows.Window(0, row, size, height))
    return paths


def convolution_peak(precision: str, threads: int, size: int = 256) -> float:
    """Best FLOP/s of a 3 x 3 convolution in channels_last over some widths."""
    import torch

    if threads:
        torch.set_num_threads(threads)
    dtype = getattr(torch, precision)
    best = 0.0
    with torch.inference_mode():
        for width in (64, 96, 128, 192, 256):
            layer = torch.nn.Conv2d(width, width, 3, padding=1).to(dtype).to(memory_format=torch.channels_last)
            image = torch.randn(1, width, size, size).to(dtype).contiguous(memory_format=torch.channels_last)
            layer(image)
            seconds = []
            for _ in range(6):
                start = time.perf_counter()
                layer(image)
                seconds.append(time.perf_counter() - start)
            best = max(best, 2 * 9 * width**2 * size**2 / min(seconds))
    return best


def flops_per_pixel(model: str, size: int = 64) -> float:
    """Convolution and matrix FLOP of *mean* for one input pixel of the series, all dates together."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    from sitsr_core.models.card import load_model
    from sitsr_core.models.network import SeriesBatch

    dates = len(DATES)
    batch = SeriesBatch(
        reflectance=torch.rand(1, dates, len(BANDS), size, size), clear=torch.ones(1, dates, size, size), shift=torch.zeros(1, dates, 2),
        shift_known=torch.ones(1, dates), days=torch.arange(float(dates))[None], reference=torch.tensor([dates - 1]),
    )  # fmt: skip
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        load_model(model).encode(batch)
    return counter.get_total_flops() / size**2


if __name__ == "__main__":
    sys.exit(main())
