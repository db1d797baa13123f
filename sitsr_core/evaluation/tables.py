"""Evaluation results as Markdown, CSV and the one line of JSON that scripts read."""

import csv
import io
from collections.abc import Iterable

from sitsr_core.evaluation.evaluate import Figures, gains, numbers
from sitsr_core.evaluation.linear_limit import SceneStatistics, linear_gain_over_bicubic
from sitsr_core.evaluation.protocols import PROTOCOLS

COLUMNS = (
    "psnr", "cpsnr", "ssim", "sam", "ergas", "consistency", "spectrum_ratio", "homogeneous_std_ratio", "coverage_1std", "coverage_2std",
    "std_correlation",
)  # fmt: skip
WORSE = -0.05  # dB: a scene that loses more by its other dates is counted


def columns(results: Iterable[dict]) -> list[str]:
    """``COLUMNS``, then the figures of others' protocols that any of the results has."""
    found = (figure for result in results for rows in result["mean"].values() for row in rows.values() for figure in row)
    return [*COLUMNS, *dict.fromkeys(figure for figure in found if figure.split("_")[0] in PROTOCOLS)]


def markdown(name: str, result: dict) -> str:
    """One set's table, mean ± standard deviation over scenes, and what it says of dates against one and of one against bicubic."""
    shown = columns([result])
    lines = [
        f"**{name}**, {len(result['scenes'])} scenes",
        "",
        "| method | dates | scenes | " + " | ".join(shown) + " |",
        "|---" * (len(shown) + 3) + "|",
    ]
    for method, rows in result["mean"].items():
        for case, row in rows.items():
            number, _, shuffle = case.partition(" ")
            judged = sum(case in scene.get(method, {}) for scene in result["scenes"].values())
            cells = [f"{row[c]:.4g} ± {result['std'][method][case][c]:.2g}" if c in row else "" for c in shown]
            label = f"{method}, {shuffle.replace('_', ' ')}" if shuffle else method
            lines.append(f"| {label} | {number} | {judged} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", *_sentences(result), ""])


def _sentences(result: dict) -> list[str]:
    lines = []
    for method in result["mean"]:
        over = [
            rows[method]["1"]["psnr"] - rows["bicubic"]["1"]["psnr"]
            for rows in result["scenes"].values()
            if "bicubic" not in method and "bicubic" in rows and "1" in rows.get(method, {})
        ]
        if over:
            lines.append(f"- {method}, one date against bicubic: {_spread(over)}.")
        more = gains(result, method)
        if more:
            worse = sum(gain < WORSE for gain in more)
            lines.append(f"- {method}, all dates against one: {_spread(more)}; {worse} of {len(more)} scenes lose more than {-WORSE} dB.")
    return lines


def _spread(values: list[float]) -> str:
    return f"mean {sum(values) / len(values):+.2f} dB, worst {min(values):+.2f}, best {max(values):+.2f}"


def limit_sentence(scene: SceneStatistics, limits: dict[float, dict[int, float]]) -> str:
    """The best linear estimator's gains; limits: shift error in coarse pixels -> number of dates -> dB over one date."""
    one = f"- best linear estimator with one date against bicubic: {linear_gain_over_bicubic(scene):+.2f} dB\n"
    of = f"  (spectrum 1/f^{scene.slope:.2f}, contrast {scene.contrast:.3f}, noise {scene.noise:.4f} of reflectance)\n"
    return one + _by_shift_error("best linear estimator", limits) + of


def shared_sentence(gains: dict[float, dict[int, float]]) -> str:
    """What real other dates can add to the best linear estimator: shift error in coarse pixels -> number of dates -> dB over one date."""
    return _by_shift_error("best linear estimator that is told what these dates share,", gains)


def _by_shift_error(who: str, gains: dict[float, dict[int, float]]) -> str:
    return "".join(
        f"- {who} against one date, "
        + ("exact shifts" if not error else f"shifts known to {error} pixel")
        + ": "
        + ", ".join(f"{number} dates {gain:+.2f} dB" for number, gain in found.items() if number > 1)
        + "\n"
        for error, found in gains.items()
    )


def to_csv(results: dict[str, dict]) -> str:
    """Every scene of every set, one row a method and case."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    shown = columns(results.values())
    writer.writerow(["set", "scene", "method", "case", *shown])
    for name, result in results.items():
        for scene, methods in result["scenes"].items():
            for method, rows in methods.items():
                for case, row in rows.items():
                    writer.writerow([name, scene, method, case, *(f"{row[c]:.6g}" if c in row else "" for c in shown)])
    return text.getvalue()


def summary(results: dict[str, dict]) -> dict:
    """{set: {method: {"psnr": {number of dates: ..}, "ssim": .., .., "dates": n}}}; figures but PSNR are those of n dates, the most."""
    return {name: {method: _summarised(rows) for method, rows in result["mean"].items()} for name, result in results.items()}


def _summarised(rows: dict[str, Figures]) -> dict:
    given = numbers(rows)
    last = rows[str(given[-1])]
    found: dict = {"psnr": {str(number): round(rows[str(number)]["psnr"], 3) for number in given}}
    found |= {figure: round(value, 5) for figure, value in last.items() if figure in COLUMNS[1:] or figure.split("_")[0] in PROTOCOLS}
    found["dates"] = given[-1]
    for case, row in rows.items():
        number, _, shuffle = case.partition(" ")
        if shuffle:
            found[f"psnr_{shuffle}"] = {number: round(row["psnr"], 3)}
    return found
