"""The picture and the figures of ``docs/real-or-invented.md``: the sample series from 40 m to 10 m, beside its truth.

``real_or_invented.py --out docs/images/real_or_invented.jpg``
"""

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np

from sitsr_core import metrics
from sitsr_core.demo.picture import compose, crop, stretch_of
from sitsr_core.demo.report import bicubic, figures
from sitsr_core.demo.scene import read_raster, read_scene
from sitsr_core.demo.simulate import DATES, TARGET, prepare
from sitsr_core.inference.engine import super_resolve
from sitsr_core.job import SuperResolutionJob

PLACE = (40, 16, 90, 120)  # row, column, height, width of what the picture shows, in fine pixels
OUT = Path(__file__).resolve().parents[2] / "docs" / "images" / "real_or_invented.jpg"


def results(series: Path, folder: Path) -> dict[str, np.ndarray]:
    """The mean, two samples, and the standard deviation that comes with an ensemble, each (C, H, W)."""
    paths = [str(next(series.glob(f"*{date}.tif"))) for date in DATES]
    found = {}
    for name, mode, seed in (("mean", "mean", 0), ("sample", "sample", 1), ("another", "sample", 2), ("ensemble", "ensemble", 0)):
        output = folder / f"{name}.tif"
        fields = {"inputs": paths, "target_dates": [TARGET], "mode": mode, "seed": seed}
        super_resolve(SuperResolutionJob(output=str(output), **fields))
        found[name] = read_raster(output)
    return {**found, "spread": read_raster(folder / "ensemble_std.tif")}


def as_grey(spread: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """(C, H, W) that a true-colour panel with the stretch ``low`` to ``high`` shows as grey: black 0, white the largest percentile."""
    mean = spread[:3].mean(axis=0)
    share = np.clip(mean / np.percentile(mean, 99), 0, 1)
    return np.stack([low[2 - band] + share * (high[2 - band] - low[2 - band]) for band in range(3)])


def main() -> int:
    """Compute, draw, print."""
    parser = argparse.ArgumentParser(description="Makes the picture of docs/real-or-invented.md and prints its figures.")
    parser.add_argument("--out", type=Path, default=OUT)
    path = parser.parse_args().out
    scene = read_scene()
    with tempfile.TemporaryDirectory() as name:
        sample = prepare(scene, Path(name))
        made = results(sample.folder, Path(name))
    observed = sample.series[list(DATES).index(TARGET)]
    truth = crop(sample.truth, *PLACE)
    row, column, height, width = (number // 4 for number in PLACE)
    panels = [
        ("Observed: 40 m, one date", crop(observed, row, column, height, width)),
        ("Faithful (mean of what is possible)", crop(made["mean"], *PLACE)),
        ("Truth: 10 m", truth),
        ("Detailed, seed 1", crop(made["sample"], *PLACE)),
        ("Detailed, seed 2", crop(made["another"], *PLACE)),
        ("Uncertainty: white is least sure", as_grey(crop(made["spread"], *PLACE), *stretch_of(truth))),
    ]
    compose([(panels[:3], truth), (panels[3:], truth)], path)
    print(f"{'':<22}{'error (RMSE)':>14}{'|Ax-y|':>10}")
    for label, image in {"bicubic": bicubic(observed), **{key: made[key] for key in ("mean", "sample", "another", "ensemble")}}.items():
        error = metrics.mean_squared_error(image, sample.truth) ** 0.5
        print(f"{label:<22}{error:>14.5f}{figures(image, sample, scene.bands)['consistency']:>10.5f}")
    print(f"the two samples differ by {metrics.mean_squared_error(made['sample'], made['another']) ** 0.5:.5f} (RMS)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
