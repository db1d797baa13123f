"""A sheet of crops side by side: what a table cannot show. Needs matplotlib."""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from sitsr_core.evaluation.crop_view import busiest, colour_positions, stretched
from sitsr_core.evaluation.methods import Bicubic, Encoder, MeanProduct, SampleProduct
from sitsr_core.evaluation.scene import Scene

TITLES = ("bicubic", "mean, 1 date", "mean, all dates", "sample, all dates", "truth", "standard deviation")
SIDE = 96  # fine pixels


def _images(encoder: Encoder, scene: Scene, steps: int) -> list[np.ndarray]:
    """Whole images in the order of ``TITLES``."""
    one = scene.with_dates(1)
    mean = MeanProduct("", encoder).predict(scene)
    assert mean.std is not None
    sample = SampleProduct("", encoder, steps).predict(scene).image
    judged = list(scene.judged)
    of_network = [Bicubic().predict(one).image, MeanProduct("", encoder).predict(one).image, mean.image, sample]
    return [*(image[judged] for image in of_network), scene.truth, mean.std[judged]]


def draw_sheet(encoder: Encoder, scenes: dict[str, list[Scene]], path: Path, side: int = SIDE, steps: int = 4) -> None:
    """One row a scene, one column an entry of ``TITLES``; one stretch a row, from the truth, but that of the standard deviation.

    Args:
        encoder: of the model.
        scenes: set -> scenes.
        path: of the PNG.
        side: of the crops in fine pixels; a smaller scene is shown whole.
        steps: of the sample.
    """
    rows = [(name, scene) for name, found in scenes.items() for scene in found]
    figure, axes = plt.subplots(len(rows), len(TITLES), figsize=(2.2 * len(TITLES) + 0.5, 2.2 * len(rows) + 0.4), squeeze=False)
    for column, title in enumerate(TITLES):
        axes[0, column].set_title(title, fontsize=10)
    for row, (name, scene) in zip(axes, rows, strict=True):
        window = busiest(scene.truth, min(side, *scene.truth.shape[1:]))
        *images, std = (image[:, *window] for image in _images(encoder, scene, steps))
        shown = colour_positions([scene.bands[position] for position in scene.judged])
        low, high = np.percentile(images[-1][shown], (1, 99), axis=(1, 2))
        for axis, image in zip(row, images, strict=False):
            axis.imshow(stretched(image[shown], low, high), interpolation="nearest")
        spread = std[:3].mean(0)
        top = float(np.percentile(spread, 99))
        row[-1].imshow(spread, interpolation="nearest", cmap="magma", vmin=0, vmax=top)
        row[-1].text(2, 2, f"0 to {top:.3f}", fontsize=8, color="w", va="top", bbox={"facecolor": "k", "alpha": 0.6, "pad": 1.5})
        dates = "1 date" if scene.dates == 1 else f"{scene.dates} dates"
        row[0].set_ylabel(f"{name}, {dates}\n{scene.name}", fontsize=7)
        for axis in row:
            axis.set_xticks([])
            axis.set_yticks([])
    width, height = figure.get_size_inches()
    figure.subplots_adjust(0.5 / width, 0.05 / height, 0.998, 1 - 0.3 / height, wspace=0.03, hspace=0.03)
    figure.savefig(path, dpi=110)
    plt.close(figure)
