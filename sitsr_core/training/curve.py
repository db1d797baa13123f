"""The course of a training, read back from its log, thinned so that it can be drawn."""

import json
from pathlib import Path

from sitsr_core.training.log import NAME

MOST_POINTS = 200


def read_curve(folder: Path, most: int = MOST_POINTS) -> dict[str, list[list[float]]]:
    """Points: "loss", at most ``most`` points [step, mean loss of the steps up to it]; and "held_out", [step, value] of each validation.

    A validation's value is the gain over bicubic in dB with all dates, or for a denoiser its loss. No log, no points.
    """
    path = folder / NAME
    rows = _rows(path.read_text(encoding="utf-8")) if path.exists() else []
    block = max(1, -(-len(rows) // most))
    losses = []
    for start in range(0, len(rows), block):
        part = rows[start : start + block]
        losses.append([float(part[-1]["step"]), sum(row["loss"] for row in part) / len(part)])
    seen = [(row["step"], _validated(row)) for row in rows]
    return {"loss": losses, "held_out": [[float(step), value] for step, value in seen if value is not None]}


def _rows(text: str) -> list[dict]:
    """Whole lines only: the last one of a training that goes on may be cut."""
    rows = []
    for line in text.splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict) and "step" in row and "loss" in row:
            rows.append(row)
    return rows


def _validated(row: dict) -> float | None:
    """With one date and with several there are two gains: the one with the most dates counts."""
    gains = {name.removeprefix("held_out_"): value for name, value in row.items() if name.startswith("held_out_")}
    numbers = [int(name) for name in gains if name.isdigit()]
    return gains[str(max(numbers))] if numbers else gains.get("loss")
