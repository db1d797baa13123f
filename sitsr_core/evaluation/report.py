"""A whole evaluation: every set judged and printed as it is done, then tables, figures and sheets written to a folder."""

import json
from collections.abc import Callable
from pathlib import Path

from sitsr_core.datasets.simulate import STEADY
from sitsr_core.errors import writing
from sitsr_core.evaluation.evaluate import evaluate
from sitsr_core.evaluation.linear_limit import NUMBERS, SceneStatistics, linear_gains, statistics
from sitsr_core.evaluation.scene import Scene
from sitsr_core.evaluation.sets import SHIFT_ERROR, SIMULATED
from sitsr_core.evaluation.shared_detail import shared_gains
from sitsr_core.evaluation.systems import Panel
from sitsr_core.evaluation.tables import limit_sentence, markdown, shared_sentence, summary, to_csv

SHEET_SCENES = 2  # of each set

SHIFT_ERRORS = (0.0, SHIFT_ERROR)  # of the best linear estimators

Limits = dict[float, dict[int, float]]  # shift error in coarse pixels -> number of dates -> dB


def linear_limits(name: str, scenes: list[Scene]) -> tuple[SceneStatistics, Limits] | None:
    """What the best linear estimator gains by dates on a simulated set, for exact shifts and for shifts known as in the set; else None."""
    if name not in SIMULATED:
        return None
    found = statistics(scenes, STEADY.noise[0])
    return found, {error: linear_gains(found, error) for error in SHIFT_ERRORS}


def run_evaluation(
    panel: Panel, sets: dict[str, list[Scene]], slow_scenes: int, out: Path, say: Callable[[str], None], protocols: tuple[str, ...] = ()
) -> dict:
    """Judge, tell each set's table, write everything below ``out``; returns what goes into the line of JSON. Raises OutputError.

    Args:
        panel: who is judged.
        sets: name -> scenes.
        slow_scenes: how many scenes of a set slow methods are judged on.
        out: folder; made when it is not there.
        say: told each table.
        protocols: of others, beside this project's own.
    """
    with writing(out):  # before the long work
        out.mkdir(parents=True, exist_ok=True)
    results: dict[str, dict] = {}
    limits: dict[str, Limits] = {}
    bounds: dict[str, Limits] = {}
    tables = []
    for name, scenes in sets.items():
        results[name] = evaluate(panel.methods, scenes, slow_scenes, protocols)
        table = markdown(name, results[name])
        limit = linear_limits(name, scenes)
        if limit:
            limits[name] = limit[1]
            table += limit_sentence(*limit)
        shared = shared_gains(scenes, NUMBERS, SHIFT_ERRORS)
        if shared:
            bounds[name] = shared
            table += shared_sentence(shared)
        say(table)
        tables.append(table)
    figures = {"evaluate": summary(results), "linear_limit": _plain(limits | bounds)}
    with writing(out):
        (out / "tables.md").write_text("\n".join(tables), encoding="utf-8")
        (out / "scenes.csv").write_text(to_csv(results), encoding="utf-8")
        (out / "summary.json").write_text(json.dumps(figures, indent=2), encoding="utf-8")
        _draw(panel, sets, results, limits, out, say)
    return figures


def _draw(
    panel: Panel, sets: dict[str, list[Scene]], results: dict[str, dict], limits: dict[str, Limits], out: Path, say: Callable[[str], None]
) -> None:
    try:
        from sitsr_core.evaluation import figures, sheet
    except ImportError:
        say("No figures: matplotlib is not installed.")
        return
    figures.draw_tradeoff(results, panel.samples, out / "perception_distortion.png")
    figures.draw_gains(results, [method.name for method in panel.methods if not method.slow], limits, out / "gain_of_dates.png")
    figures.draw_calibration(results, out / "calibration.png")
    for name, encoder in panel.encoders.items():
        sheet.draw_sheet(encoder, {key: scenes[:SHEET_SCENES] for key, scenes in sets.items()}, out / f"sheet_{name}.png")


def _plain(limits: dict[str, Limits]) -> dict:
    """{set: {"shift_error_0.1": {number of dates: dB}}}."""
    return {
        name: {f"shift_error_{error:g}": {str(n): round(gain, 3) for n, gain in found.items()} for error, found in limit.items()}
        for name, limit in limits.items()
    }
