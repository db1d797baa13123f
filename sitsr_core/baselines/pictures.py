"""The pictures of a benchmark: learning curves from the trainings' logs, and a sheet of the same crops by everyone. Need matplotlib."""

import json
import textwrap
from collections.abc import Callable
from pathlib import Path

import numpy as np

from sitsr_core.baselines.crops import TRUTH, Crops
from sitsr_core.baselines.plan import Candidate, Plan
from sitsr_core.baselines.runs import stage_folders
from sitsr_core.errors import writing
from sitsr_core.evaluation.crop_view import stretched
from sitsr_core.training.log import NAME as LOG

SMOOTHED = 0.05  # share of a curve that is averaged
INTERPOLATION = "interpolation"
TITLE = 26  # characters over a column of the sheet
GAIN, LOSS = "gain_db", "loss"
LABELS = {GAIN: "gain over bicubic on the training's batches, dB", LOSS: "loss over its first value"}

Curve = tuple[np.ndarray, np.ndarray]  # CPU minutes, values


def draw_pictures(plan: Plan, datasets: list[str], out: Path, say: Callable[[str], None]) -> None:
    """``curves.png`` and ``sheet_DATASET.png``, of what there is. Raises OutputError."""
    try:
        import matplotlib

        matplotlib.use("Agg")
    except ImportError:
        say("No pictures: matplotlib is not installed.")
        return
    _draw_curves({name: _curves(plan, out / name) for name in datasets}, out / "curves.png")
    for name in datasets:
        _draw_sheet(plan, out / name, out / f"sheet_{name}.png")


def _curves(plan: Plan, folder: Path) -> dict[str, dict[str, Curve]]:
    """Figure -> title -> curve of the first seed, over all stages; a figure that a system does not log is left out."""
    found: dict[str, dict[str, Curve]] = {GAIN: {}, LOSS: {}}
    for candidate in plan.candidates:
        lines = _log(candidate, folder / candidate.name / f"seed_{plan.seeds[0]}")
        minutes = np.cumsum([line["cpu_seconds"] for line in lines]) / 60
        for figure in (GAIN, LOSS):
            kept = [index for index, line in enumerate(lines) if figure in line]
            if len(kept) > 1:
                values = smooth(np.array([lines[index][figure] for index in kept]))
                found[figure][candidate.title] = minutes[kept], values / abs(values[0]) if figure == LOSS and values[0] else values
    return found


def _log(candidate: Candidate, folder: Path) -> list[dict]:
    """The lines of a run's logs; the last of a killed one may be cut."""
    lines = []
    for stage in stage_folders(candidate, folder):
        path = stage / LOG
        for text in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
            try:
                lines.append(json.loads(text))
            except ValueError:
                continue
    return lines


def smooth(values: np.ndarray) -> np.ndarray:
    """Running mean over ``SMOOTHED`` of the curve, over fewer values at its ends."""
    reach = max(1, round(SMOOTHED * len(values) / 2))
    total = np.concatenate([[0.0], np.cumsum(values)])
    first = np.clip(np.arange(len(values)) - reach, 0, None)
    last = np.clip(np.arange(len(values)) + reach + 1, None, len(values))
    return (total[last] - total[first]) / (last - first)


def _draw_curves(curves: dict[str, dict[str, dict[str, Curve]]], path: Path) -> None:
    import matplotlib.pyplot as plt

    shown = {name: found for name, found in curves.items() if any(found.values())}
    if not shown:
        return
    figure, axes = plt.subplots(len(shown), 2, figsize=(11, 3.8 * len(shown)), squeeze=False)
    for row, (name, found) in zip(axes, shown.items(), strict=True):
        for axis, kind in zip(row, (GAIN, LOSS), strict=True):
            for number, (title, (minutes, values)) in enumerate(found[kind].items()):
                axis.plot(minutes, values, label=title, linewidth=1.2, color=f"C{number % 10}", linestyle="-" if number < 10 else "--")
            axis.set_title(name, fontsize=9)
            axis.set_xlabel("CPU minutes", fontsize=8)
            axis.set_ylabel(LABELS[kind], fontsize=8)
            axis.grid(alpha=0.3)
            if found[kind]:
                axis.legend(fontsize=6)
    with writing(path):
        figure.tight_layout()
        figure.savefig(path, dpi=120)
    plt.close(figure)


def _draw_sheet(plan: Plan, folder: Path, path: Path) -> None:
    """One row a set, one column a system; one stretch a row, from the truth."""
    import matplotlib.pyplot as plt

    images = Crops.load(folder / INTERPOLATION).images
    titles = {TRUTH: TRUTH, "bicubic": "bicubic"}
    for candidate in plan.candidates:
        images = Crops.load(folder / candidate.name / f"seed_{plan.seeds[0]}").images | images
        titles[candidate.name] = candidate.title
    sets = [key.partition("/")[0] for key in images if key.endswith(f"/{TRUTH}")]
    columns = [key for key in titles if any(f"{name}/{key}" in images for name in sets)]
    if not sets or len(columns) < 2:
        return
    columns = [*(key for key in columns if key != TRUTH), TRUTH]
    figure, axes = plt.subplots(len(sets), len(columns), figsize=(1.9 * len(columns) + 0.4, 2.0 * len(sets) + 0.4), squeeze=False)
    for row, name in zip(axes, sets, strict=True):
        low, high = np.percentile(images[f"{name}/{TRUTH}"], (1, 99), axis=(1, 2))
        row[0].set_ylabel(name.replace("_", " "), fontsize=7)
        for axis, key in zip(row, columns, strict=True):
            if f"{name}/{key}" in images:
                axis.imshow(stretched(images[f"{name}/{key}"], low, high), interpolation="nearest")
            axis.set_xticks([])
            axis.set_yticks([])
    for axis, key in zip(axes[0], columns, strict=True):
        axis.set_title(textwrap.fill(titles[key], TITLE), fontsize=7)
    with writing(path):
        figure.tight_layout(pad=0.3)
        figure.savefig(path, dpi=110)
    plt.close(figure)
