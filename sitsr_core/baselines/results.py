"""What a benchmark found, as Markdown, CSV and JSON: one row a method, mean and standard deviation over seeds."""

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from statistics import mean, stdev

from sitsr_core.baselines.judge import Judged
from sitsr_core.baselines.plan import Budget
from sitsr_core.evaluation.protocols import PROTOCOLS

MANY_DATES = 8
FIGURES = ("psnr", "cpsnr", "ssim", "sam", "ergas", "consistency", "spectrum_ratio")
START = ("dataset", "system", "seed", "parameters", "steps", "cpu_minutes", "lr_pixels_per_second", "memory_mb")


@dataclass
class Result:
    """One candidate trained from one seed.

    Attributes:
        name, title: of the candidate.
        seed: of its training; None for what is not trained.
        parameters: of its network.
        steps, minutes: what its training took, in optimizer steps and CPU minutes.
        judged: set -> method -> case -> figure -> mean over scenes.
        speed: coarse pixels a second; 0 where it was not measured.
        dataset: that it learned from and is judged on.
        memory: MB that its answer takes at its peak; 0 where it was not measured.
        failure: why there is no result; "" when there is one.
    """

    name: str
    title: str
    seed: int | None
    parameters: int
    steps: int
    minutes: float
    judged: Judged = field(default_factory=dict)
    speed: float = 0.0
    dataset: str = ""
    memory: float = 0.0
    failure: str = ""

    def to_dict(self) -> dict:
        """Plain values."""
        return asdict(self)

    def methods(self) -> list[str]:
        """All methods that it was judged as."""
        return list(dict.fromkeys(method for rows in self.judged.values() for method in rows))

    def label(self, method: str) -> str:
        """What a row of the table is called."""
        return method.replace(self.name, self.title, 1) if method.startswith(self.name) else method

    def figure(self, name: str, method: str, many: bool, figure: str = "psnr") -> float | None:
        """A figure in a set with one date, or with ``MANY_DATES`` of them or as many as there are; None where that was not judged."""
        rows = self.judged.get(name, {}).get(method, {})
        numbers = sorted(int(case) for case in rows if case.isdigit())
        if not numbers or not many:
            return rows["1"].get(figure) if 1 in numbers else None
        chosen = MANY_DATES if MANY_DATES in numbers else numbers[-1]
        return rows[str(chosen)].get(figure) if chosen > 1 else None


def _cell(values: Iterable[float | None], base: Iterable[float | None] | None = None, form: str = ".2f") -> str:
    """Mean ± standard deviation over seeds, and the difference from the base's mean."""
    found = [value for value in values if value is not None]
    if not found:
        return ""
    text = f"{mean(found):{form}}" + (f" ± {stdev(found):{form}}" if len(found) > 1 else "")
    compared = [value for value in base or () if value is not None]
    return text + (f" ({mean(found) - mean(compared):+.2f})" if compared else "")


def markdown(results: list[Result], budget: Budget, against: str = "") -> str:
    """One table a dataset, one more for the figures of others' protocols, and what failed.

    Args:
        results: of all systems, seeds and datasets.
        budget: that each training got.
        against: the candidate whose own row every other one is compared with, in brackets.
    """
    parts = []
    for dataset in dict.fromkeys(result.dataset for result in results):
        of_dataset = [result for result in results if result.dataset == dataset]
        good = [result for result in of_dataset if not result.failure]
        parts += [f"**{dataset}**", ""] if dataset else []
        parts += [*_table(good, against), ""] if good else []
        parts += [*_protocol_table(good), ""] if _protocol_figures(good) else []
        for result in of_dataset:
            if result.failure:
                parts.append(f"- {result.title}{'' if result.seed is None else f', seed {result.seed}'} failed: {result.failure}")
        parts += [""] if len(good) < len(of_dataset) else []
    seeds = sorted({result.seed for result in results if result.seed is not None})
    told = f"PSNR in dB, mean over scenes (± standard deviation over seeds); {budget} each; seeds {seeds}."
    return "\n".join([*parts, told, ""])


def _table(results: list[Result], against: str) -> list[str]:
    sets = list(dict.fromkeys(name for result in results for name in result.judged))
    columns = [(name, many) for name in sets for many in (False, True)]
    head = ["system", "parameters", "LR px/s", "MB", "CPU min", "steps"]
    head += [f"{name.replace('_', ' ')}, {f'{MANY_DATES} dates' if many else '1 date'}" for name, many in columns]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    base = [result for result in results if result.name == against]
    for runs, method in _rows(results):
        first = runs[0]
        cells = [""] * 5
        if method == first.methods()[0] and first.parameters:
            cells[:3] = [f"{first.parameters:,}", *(f"{value:,.0f}" if value else "" for value in (first.speed, first.memory))]
            if first.seed is not None:
                cells[3:] = [f"{mean(r.minutes for r in runs):.1f}", f"{mean(r.steps for r in runs):,.0f}"]
        for column, many in columns:
            compared = [b.figure(column, against, many) for b in base] if method != against else None
            cells.append(_cell([r.figure(column, method, many) for r in runs], compared))
        lines.append("| " + " | ".join([first.label(method), *cells]) + " |")
    return lines


def _protocol_table(results: list[Result]) -> list[str]:
    """Figures of others' protocols with as many dates as a method was given, up to ``MANY_DATES``."""
    figures = _protocol_figures(results)
    sets = list(dict.fromkeys(name for result in results for name in result.judged))
    head = ["set", "system", *(figure.replace("_", " ", 1) for figure in figures)]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for name in sets:
        for runs, method in _rows(results):
            if not runs[0].judged.get(name, {}).get(method):
                continue
            cells = []
            for figure in figures:
                found = (
                    value if (value := run.figure(name, method, True, figure)) is not None else run.figure(name, method, False, figure)
                    for run in runs
                )  # fmt: skip
                cells.append(_cell(found, form=".4g"))
            lines.append("| " + " | ".join([name.replace("_", " "), runs[0].label(method), *cells]) + " |")
    return lines


def _rows(results: list[Result]) -> Iterable[tuple[list[Result], str]]:
    """(the runs of a system, one of its methods), in the order of the table."""
    for name in dict.fromkeys(result.name for result in results):
        runs = [result for result in results if result.name == name]
        for method in runs[0].methods():
            yield runs, method


def _protocol_figures(results: list[Result]) -> list[str]:
    found = (
        figure
        for result in results
        for methods in result.judged.values()
        for cases in methods.values()
        for row in cases.values()
        for figure in row
    )
    return [figure for figure in dict.fromkeys(found) if figure.split("_")[0] in PROTOCOLS]


def to_csv(results: list[Result]) -> str:
    """Everything judged, one row a method, set and case; what failed has one row that says so."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    shown = [*FIGURES, *_protocol_figures(results)]
    writer.writerow([*START, "set", "method", "case", *shown, "failure"])
    for r in results:
        seed = "" if r.seed is None else r.seed
        start = [r.dataset, r.name, seed, r.parameters, r.steps, f"{r.minutes:.2f}", f"{r.speed:.1f}", f"{r.memory:.0f}"]
        if r.failure:
            writer.writerow([*start, "", "", "", *([""] * len(shown)), r.failure])
        for name, methods in r.judged.items():
            for method, cases in methods.items():
                for case, row in cases.items():
                    writer.writerow([*start, name, method, case, *(f"{row[f]:.6g}" if f in row else "" for f in shown), ""])
    return text.getvalue()
