"""The figures of an evaluation: distortion against perception, gain against dates, calibration. Need matplotlib."""

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.special import erf, erfinv

from sitsr_core.evaluation.evaluate import COVERED, gains, numbers

STYLE: Any = {"font.size": 9, "axes.grid": True, "grid.alpha": 0.3, "axes.spines.top": False, "axes.spines.right": False}
MARKERS = "sDv^P*Xhd<>"


def _panels(names: list[str], shared_y: bool = False) -> tuple[Figure, list[Axes]]:
    """One panel a name, up to three in a row."""
    columns = min(3, len(names))
    rows = -(-len(names) // columns)
    figure, grid = plt.subplots(rows, columns, figsize=(4.3 * columns, 3.6 * rows), squeeze=False, sharey=shared_y)
    axes = list(grid.flat)
    for axis in axes[len(names) :]:
        axis.set_visible(False)
    for axis, name in zip(axes, names, strict=False):
        axis.set_title(name)
    return figure, axes


def _save(figure: Figure, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    plt.close(figure)


def _most(rows: dict) -> dict[str, float]:
    return rows[str(numbers(rows)[-1])]


def draw_tradeoff(results: dict[str, dict], samples: dict[str, dict[int, str]], path: Path) -> None:
    """PSNR against the power beyond the coarse Nyquist frequency, with all dates: up is less error, 1 is the sharpness of the truth.

    Args:
        results: set -> result.
        samples: model -> steps -> method of its sample with so many steps; drawn as a line from the model's mean.
        path: of the PNG.
    """
    with plt.rc_context(STYLE):
        figure, axes = _panels(list(results))
        for axis, result in zip(axes, results.values(), strict=False):
            points = _points(result)
            drawn = set()
            for number, (model, steps) in enumerate(samples.items()):
                chain = [(str(n), points[method]) for n, method in sorted(steps.items()) if method in points]
                drawn |= {model, *steps.values()}
                if model in points:
                    _draw_chain(axis, model, [("mean", points[model]), *chain], f"C{number}")
            rest = [method for method in points if method not in drawn]
            for marker, method in zip(MARKERS, rest, strict=False):
                axis.plot(*points[method], marker, color="0.35", label=method, markersize=6)
            axis.axvline(1, color="k", linewidth=0.8, linestyle=":")
            axis.set_xlabel("spectrum ratio (1: as the truth)")
            axis.set_ylabel("PSNR, dB")
            axis.legend(fontsize=7)
        _save(figure, path)


def _points(result: dict) -> dict[str, tuple[float, float]]:
    """Method -> mean (spectrum ratio, PSNR) with all dates, over the scenes on which everyone was judged."""
    methods = list(result["mean"])
    shared = [rows for rows in result["scenes"].values() if all(method in rows for method in methods)]
    found = {method: [_most(rows[method]) for rows in shared] for method in methods}
    return {
        method: (float(np.mean([f["spectrum_ratio"] for f in rows])), float(np.mean([f["psnr"] for f in rows])))
        for method, rows in found.items()
    }


def _draw_chain(axis: Axes, model: str, chain: list[tuple[str, tuple[float, float]]], colour: str) -> None:
    """A model's mean and its samples in order of steps, each named."""
    axis.plot(*zip(*(point for _, point in chain), strict=True), "o-", color=colour, label=f"{model}: mean, then steps", markersize=4)
    for text, point in chain:
        axis.annotate(text, point, xytext=(4, 4), textcoords="offset points", fontsize=7, color=colour)


def draw_gains(results: dict[str, dict], methods: list[str], limits: dict[str, dict[float, dict[int, float]]], path: Path) -> None:
    """Gain over one date against the number of dates, with the best linear estimator's where the set is simulated.

    Args:
        results: set -> result.
        methods: that are drawn, as means over the scenes that have one date and more.
        limits: set -> shift error -> number of dates -> dB.
        path: of the PNG.
    """
    names = [name for name, result in results.items() if any(gains(result, method) for method in methods)]
    if not names:
        return
    with plt.rc_context(STYLE):
        figure, axes = _panels(names)
        for axis, name in zip(axes, names, strict=False):
            shown = {1}
            for number, method in enumerate(methods):
                found = {n: gains(results[name], method, n) for n in numbers(results[name]["mean"].get(method, {}))}
                curve = {1: 0.0} | {n: float(np.mean(values)) for n, values in found.items() if values}
                if len(curve) > 1:
                    axis.plot(list(curve), list(curve.values()), "o-", markersize=4, color=f"C{number % 10}", label=method)
                    shown |= set(curve)
            for style, (error, limit) in zip(("--", ":"), limits.get(name, {}).items(), strict=False):
                known = f"shifts known to {error} px" if error else "exact shifts"
                axis.plot(list(limit), list(limit.values()), style, color="k", linewidth=1, label=f"best linear, {known}")
                shown |= set(limit)
            axis.axhline(0, color="k", linewidth=0.6)
            axis.set_xscale("log", base=2)
            axis.set_xticks(sorted(shown), [str(n) for n in sorted(shown)])
            axis.minorticks_off()
            axis.set_xlabel("dates")
            axis.set_ylabel("gain over one date, dB")
            axis.legend(fontsize=7)
        _save(figure, path)


def draw_calibration(results: dict[str, dict], path: Path) -> None:
    """How many standard deviations cover what they should, on axes on which a normal error is the diagonal; below it is overconfident.

    Observed is the k whose share of a normal error was covered; ticks name the shares.
    """
    methods = list(dict.fromkeys(m for result in results.values() for m, rows in result["mean"].items() if "coverage_2std" in _most(rows)))
    if not methods:
        return
    shares = [f"{100 * erf(k / np.sqrt(2)):.3g} %" for k in COVERED]
    with plt.rc_context(STYLE):
        figure, axes = _panels(methods, shared_y=True)
        for axis, method in zip(axes, methods, strict=False):
            axis.plot([0, 3.3], [0, 3.3], color="k", linewidth=0.8, linestyle=":", label="normal")
            for name, result in results.items():
                rows = result["mean"].get(method)
                if rows:
                    observed = np.array([_most(rows)[f"coverage_{k}std"] for k in COVERED])
                    axis.plot(COVERED, np.sqrt(2) * erfinv(observed.clip(0, 0.9999)), "o-", markersize=4, label=name)
            axis.set_xticks(COVERED, [f"±{k:g}\n{share}" for k, share in zip(COVERED, shares, strict=True)], fontsize=7)
            axis.set_yticks(COVERED, shares, fontsize=7)
            axis.set_xlim(0.3, 3.2)
            axis.set_ylim(0, 3.6)
            axis.set_xlabel("predicted: standard deviations, share of a normal error")
            axis.set_ylabel("observed share of errors")
            axis.legend(fontsize=7, loc="upper left")
        _save(figure, path)
