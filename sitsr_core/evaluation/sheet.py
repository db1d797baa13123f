"""A sheet of crops side by side: what a table cannot show."""

from pathlib import Path

import numpy as np
import torch

from sitsr_core import sensor
from sitsr_core.evaluation.evaluate import predict
from sitsr_core.evaluation.sets import Scene
from sitsr_core.models.network import SuperResolver, filled_reference


def _rgb(image: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    stretched = (image[[2, 1, 0]] - low[:, None, None]) / (high - low)[:, None, None]
    return np.clip(stretched, 0, 1).transpose(1, 2, 0) ** (1 / 1.4)


def draw_sheet(network: SuperResolver, scenes: list[Scene], path: Path, side: int = 128, steps: int = 4) -> None:
    """One row a scene: the input, bicubic, one date, all dates, a sample, the truth; one stretch a row, from the truth."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    titles = ("input", "bicubic", "1 date", "all dates", "all dates, one sample", "truth")
    figure, axes = plt.subplots(len(scenes), len(titles), figsize=(2.2 * len(titles), 2.3 * len(scenes)), squeeze=False)
    for row, scene in zip(axes, scenes, strict=True):
        middle = (scene.truth.shape[-1] - side) // 8 * 4
        fine = slice(middle, middle + side)
        coarse = slice(middle // 4, (middle + side) // 4)
        one = scene.with_dates(1)
        reference = filled_reference(one.series)
        images = [
            reference[0].numpy()[:, coarse, coarse], sensor.upsample(reference)[0].numpy()[:, fine, fine],
            predict(network, one.series)[0][:, fine, fine], predict(network, scene.series)[0][:, fine, fine],
            _sample(network, scene, steps)[:, fine, fine], scene.truth[:, fine, fine],
        ]  # fmt: skip
        low, high = np.percentile(images[-1][[2, 1, 0]], (1, 99), axis=(1, 2))
        for axis, image, title in zip(row, images, titles, strict=True):
            axis.imshow(_rgb(image, low, high), interpolation="nearest")
            axis.set_axis_off()
            if row is axes[0]:
                axis.set_title(title, fontsize=9)
        row[0].text(0, -1.2, scene.name, fontsize=6, ha="left")
    figure.tight_layout(pad=0.3)
    figure.savefig(path, dpi=110)
    plt.close(figure)


@torch.inference_mode()
def _sample(network: SuperResolver, scene: Scene, steps: int) -> np.ndarray:
    noise = torch.randn(1, *scene.truth.shape, generator=torch.Generator().manual_seed(0))
    image = network.sample(network.encode(scene.series), noise, steps)
    bands = network.config.bands[: scene.truth.shape[0]]
    reference = int(scene.series.reference[0])
    return sensor.back_project(image, scene.series.reflectance[:, reference], scene.series.clear[:, reference][:, None], bands, 2)[
        0
    ].numpy()
