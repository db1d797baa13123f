"""A sheet of crops side by side: what a table cannot show."""

from pathlib import Path

import numpy as np
import torch

from sitsr_core import sensor
from sitsr_core.evaluation.evaluate import BACK_PROJECTION, predict
from sitsr_core.evaluation.sets import Scene
from sitsr_core.models.network import SuperResolver, filled_reference

TITLES = ("input", "bicubic", "1 date", "all dates", "all dates, one sample", "truth")


def _rgb(image: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    stretched = (image[[2, 1, 0]] - low[:, None, None]) / np.maximum(high - low, 1e-6)[:, None, None]
    return np.clip(stretched, 0, 1).transpose(1, 2, 0) ** (1 / 1.4)


def _crops(network: SuperResolver, scene: Scene, side: int, steps: int) -> list[np.ndarray]:
    """The images of one row, in the order of ``TITLES``: the middle ``side`` fine pixels, or all of a smaller scene."""
    height, width = scene.truth.shape[1:]
    side = min(side, height, width) // 4 * 4
    top, left = (height - side) // 8 * 4, (width - side) // 8 * 4
    one = scene.with_dates(1)
    reference = filled_reference(one.series)
    coarse = reference[0, :, top // 4 : (top + side) // 4, left // 4 : (left + side) // 4].numpy()
    fine = [
        sensor.upsample(reference)[0].numpy(), predict(network, one.series)[0], predict(network, scene.series)[0],
        _sample(network, scene, steps), scene.truth,
    ]  # fmt: skip
    return [coarse, *(image[:, top : top + side, left : left + side] for image in fine)]


def draw_sheet(network: SuperResolver, scenes: list[Scene], path: Path, side: int = 128, steps: int = 4) -> None:
    """One row a scene, one column a method (``TITLES``), written to ``path``; one stretch a row, from the truth. Needs matplotlib."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(len(scenes), len(TITLES), figsize=(2.2 * len(TITLES), 2.3 * len(scenes)), squeeze=False)
    for column, title in enumerate(TITLES):
        axes[0, column].set_title(title, fontsize=9, pad=12)
    for row, scene in zip(axes, scenes, strict=True):
        images = _crops(network, scene, side, steps)
        low, high = np.percentile(images[-1][[2, 1, 0]], (1, 99), axis=(1, 2))
        for axis, image in zip(row, images, strict=True):
            axis.imshow(_rgb(image, low, high), interpolation="nearest")
            axis.set_axis_off()
        row[0].text(0, -1.2, scene.name, fontsize=6, ha="left")
    figure.tight_layout(pad=0.3, h_pad=1.2)
    figure.savefig(path, dpi=110)
    plt.close(figure)


@torch.inference_mode()
def _sample(network: SuperResolver, scene: Scene, steps: int) -> np.ndarray:
    noise = torch.randn(1, *scene.truth.shape, generator=torch.Generator().manual_seed(0))
    image = network.sample(network.encode(scene.series), noise, steps)
    bands = network.config.bands[: scene.truth.shape[0]]
    observed, clear = scene.observed()
    return sensor.back_project(image, observed, clear, bands, BACK_PROJECTION)[0].numpy()
