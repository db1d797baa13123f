"""What is compared: a folder of TOML files, one for what all candidates share (plan.toml) and one for what each has of its own.

plan.toml is a training configuration (``training.config``) plus ``minutes`` of CPU time for each candidate and a list of ``seeds``.
Every other file, whose name is the candidate's, holds only what differs, and optionally its ``title``; ``stages``, trainings one after
another, each a table of ``objective``, its ``share`` of the minutes and anything of [optimization]; and ``also``, further ways to judge
it (``ALSO``).
"""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sitsr_core.baselines.registry import OWN, find_system
from sitsr_core.errors import JobError
from sitsr_core.training.config import TrainingConfig, laid_over, merged, read_values

COMMON = "plan.toml"
ALSO = ("without_average", "without_back_projection", "steps")


@dataclass(frozen=True)
class Stage:
    """One training of a candidate and its share of the candidate's CPU time."""

    config: TrainingConfig
    share: float

    def seeded(self, seed: int, steps: int) -> TrainingConfig:
        """The configuration for one seed, of the data and of the objective, with the steps that the budget allows."""
        optimization = dataclasses.replace(self.config.optimization, seed=seed, steps=steps)
        optimization.warmup = min(optimization.warmup, max(1, steps // 10))
        return dataclasses.replace(self.config, optimization=optimization, sampler=dataclasses.replace(self.config.sampler, seed=seed))


@dataclass(frozen=True)
class Candidate:
    """One row of the table: a system or a variant of one, trained in stages."""

    name: str
    title: str
    stages: tuple[Stage, ...]
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """All candidates, the CPU minutes that each gets for each seed, and where the data is."""

    data: str
    split: str
    minutes: float
    seeds: tuple[int, ...]
    candidates: tuple[Candidate, ...]


def read_plan(folder: str | Path, data: str = "", minutes: float = 0.0, seeds: tuple[int, ...] = (), only: tuple[str, ...] = ()) -> Plan:
    """Read a folder. What is given here takes the place of what plan.toml says. Raises JobError."""
    folder = Path(folder)
    common = read_values(folder / COMMON)
    given = _number(common.pop("minutes", 0), folder / COMMON)
    found = common.pop("seeds", [0])
    if data:
        common["data"] = data
    if not isinstance(found, list) or not all(type(seed) is int for seed in found):
        raise JobError(f"'{folder / COMMON}' has seeds = {found!r}.", "Give a list of whole numbers.")
    paths = {path.stem: path for path in sorted(folder.glob("*.toml")) if path.name != COMMON}
    unknown = [name for name in only if name not in paths]
    if unknown or not paths:
        raise JobError(f"'{folder}' has no candidate '{', '.join(unknown) or '*.toml'}'.", f"There are: {', '.join(paths) or 'none'}.")
    candidates = tuple(_candidate(name, common, read_values(path)) for name, path in paths.items() if not only or name in only)
    config = candidates[0].stages[0].config
    return Plan(config.data, config.split, minutes or given, seeds or tuple(found), candidates)


def _candidate(name: str, common: dict[str, Any], own: dict[str, Any]) -> Candidate:
    title, stages, also = str(own.pop("title", name)), own.pop("stages", [{}]), own.pop("also", [])
    if not isinstance(also, list) or not set(also) <= set(ALSO):
        raise JobError(f"The candidate '{name}' has also = {also!r}.", f"Give a list of {', '.join(ALSO)}.")
    system = find_system(str(own.get("system", OWN)))
    values = laid_over(common, own)
    if not isinstance(stages, list) or not stages or not all(isinstance(stage, dict) for stage in stages):
        raise JobError(f"The candidate '{name}' has stages = {stages!r}.", "Give a list of tables.")
    usual = next(iter(system.objectives))
    built = []
    for stage in stages:
        options = dict(stage)
        share = _number(options.pop("share", 1.0), name)
        built.append(Stage(TrainingConfig.from_dict(merged(values, {"optimization": {"objective": usual} | options})), share))
    total = sum(stage.share for stage in built)
    if abs(total - 1) > 1e-6:
        raise JobError(f"The shares of the stages of '{name}' add up to {total:g}.", "They must add up to 1.")
    return Candidate(name, title, tuple(built), tuple(also))


def _number(value: Any, owner: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise JobError(f"'{owner}' gives {value!r} for its minutes or a share.", "Give a positive number.")
    return float(value)
