"""What a comparison found, as Markdown, CSV and JSON: one row a method, mean and standard deviation over seeds."""

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from statistics import mean, stdev

from sitsr_core.baselines.judge import Judged

MANY_DATES = 8
FIGURES = ("psnr", "cpsnr", "ssim", "sam", "ergas", "consistency", "spectrum_ratio")


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
    """

    name: str
    title: str
    seed: int | None
    parameters: int
    steps: int
    minutes: float
    judged: Judged = field(default_factory=dict)
    speed: float = 0.0

    def to_dict(self) -> dict:
        """Plain values."""
        return asdict(self)

    def methods(self) -> list[str]:
        """All methods that it was judged as."""
        return list(dict.fromkeys(method for rows in self.judged.values() for method in rows))

    def label(self, method: str) -> str:
        """What a row of the table is called."""
        return method.replace(self.name, self.title, 1) if method.startswith(self.name) else method

    def psnr(self, name: str, method: str, many: bool) -> float | None:
        """PSNR in a set with one date, or with ``MANY_DATES`` of them or as many as there are; None where that was not judged."""
        rows = self.judged.get(name, {}).get(method, {})
        numbers = sorted(int(case) for case in rows if case.isdigit())
        if not numbers or not many:
            return rows["1"]["psnr"] if 1 in numbers else None
        chosen = MANY_DATES if MANY_DATES in numbers else numbers[-1]
        return rows[str(chosen)]["psnr"] if chosen > 1 else None


def _cell(values: Iterable[float | None], base: Iterable[float | None] | None = None) -> str:
    """Mean ± standard deviation over seeds, and the difference from the base's mean."""
    found = [value for value in values if value is not None]
    if not found:
        return ""
    text = f"{mean(found):.2f}" + (f" ± {stdev(found):.2f}" if len(found) > 1 else "")
    compared = [value for value in base or () if value is not None]
    return text + (f" ({mean(found) - mean(compared):+.2f})" if compared else "")


def markdown(results: list[Result], against: str = "") -> str:
    """The table. ``against`` is the candidate whose own row every other one is compared with, in brackets."""
    sets = list(dict.fromkeys(name for result in results for name in result.judged))
    columns = [(name, many) for name in sets for many in (False, True)]
    head = ["system", "parameters", "LR px/s", "CPU min", "steps"]
    head += [f"{name.replace('_', ' ')}, {f'{MANY_DATES} dates' if many else '1 date'}" for name, many in columns]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    base = [result for result in results if result.name == against]
    for name in dict.fromkeys(result.name for result in results):
        runs = [result for result in results if result.name == name]
        first = runs[0]
        for method in first.methods():
            usual = method == first.methods()[0] and first.seed is not None
            cells = [f"{first.parameters:,}", f"{first.speed:,.0f}" if first.speed else ""] if usual else ["", ""]
            cells += [f"{mean(r.minutes for r in runs):.1f}", f"{mean(r.steps for r in runs):,.0f}"] if usual else ["", ""]
            for column, many in columns:
                compared = [b.psnr(column, against, many) for b in base] if method != against else None
                cells.append(_cell([r.psnr(column, method, many) for r in runs], compared))
            lines.append("| " + " | ".join([first.label(method), *cells]) + " |")
    seeds = sorted({result.seed for result in results if result.seed is not None})
    return "\n".join([*lines, "", f"PSNR in dB, mean over scenes (± standard deviation over seeds); seeds {seeds}.", ""])


def to_csv(results: list[Result]) -> str:
    """Everything judged, one row a method, set and case."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["system", "seed", "parameters", "steps", "cpu_minutes", "lr_pixels_per_second", "set", "method", "case", *FIGURES])
    for r in results:
        seed = "" if r.seed is None else r.seed
        for name, methods in r.judged.items():
            for method, cases in methods.items():
                for case, row in cases.items():
                    figures = [f"{row[f]:.6g}" if f in row else "" for f in FIGURES]
                    start = [r.name, seed, r.parameters, r.steps, f"{r.minutes:.2f}", f"{r.speed:.1f}"]
                    writer.writerow([*start, name, method, case, *figures])
    return text.getvalue()
