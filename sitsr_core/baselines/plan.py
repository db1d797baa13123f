"""What is compared: a folder of TOML files, one for what all candidates share (plan.toml) and one for what each has of its own.

plan.toml is a training configuration (``training.config``) plus ``minutes`` of CPU time for each candidate, a list of ``seeds``, and
``more``, another folder of candidates, relative to this one, which take part only when they are named. Every other file, whose name is
the candidate's, holds only what differs, and optionally its ``title``; ``stages``, trainings one after another, each a table of
``objective``, its ``share`` of the budget and anything of [optimization]; and ``also``, further ways to judge it (``ALSO``). A system of
the registry that has no file is trained for its usual objective with the plan's options.
"""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sitsr_core.baselines.registry import OWN, SYSTEMS, find_system
from sitsr_core.errors import JobError
from sitsr_core.training.config import TrainingConfig, laid_over, merged, read_values

COMMON = "plan.toml"
ALSO = ("without_average", "without_back_projection", "steps")


@dataclass(frozen=True)
class Budget:
    """What each candidate gets for each seed: CPU minutes or, where ``steps`` is not 0, optimizer steps."""

    minutes: float
    steps: int = 0

    def __str__(self) -> str:
        return f"{self.steps} steps" if self.steps else f"{self.minutes:g} CPU minutes"


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

    def fitted(self, data: str, split: str, bands: tuple[str, ...], factor: int) -> "Candidate":
        """The candidate for another data folder, whose bands and factor its network takes. Raises JobError, ModelError."""
        stages = []
        for stage in self.stages:
            network = _fitted(stage.config.network, bands, factor)
            stages.append(dataclasses.replace(stage, config=dataclasses.replace(stage.config, data=data, split=split, network=network)))
        return dataclasses.replace(self, stages=tuple(stages))


@dataclass(frozen=True)
class Plan:
    """All candidates, what each gets for each seed, and where the usual data is."""

    data: str
    split: str
    budget: Budget
    seeds: tuple[int, ...]
    candidates: tuple[Candidate, ...]


def read_plan(folder: str | Path, budget: Budget | None = None, seeds: tuple[int, ...] = (), only: tuple[str, ...] = ()) -> Plan:
    """Read a folder. What is given here takes the place of what plan.toml says; ``only`` names the candidates. Raises JobError."""
    folder = Path(folder)
    common = read_values(folder / COMMON)
    given = _number(common.pop("minutes", 0), folder / COMMON)
    found, more = common.pop("seeds", [0]), common.pop("more", "")
    if not isinstance(found, list) or not all(type(seed) is int for seed in found):
        raise JobError(f"'{folder / COMMON}' has seeds = {found!r}.", "Give a list of whole numbers.")
    paths = {path.stem: path for path in sorted(folder.glob("*.toml")) if path.name != COMMON}
    usual = list(paths)
    if isinstance(more, str) and more:
        paths = {path.stem: path for path in sorted((folder / more).glob("*.toml"))} | paths
    known = [*paths, *(name for name in SYSTEMS if name not in paths)]
    unknown = [name for name in only if name not in known]
    if unknown or not usual:
        raise JobError(f"'{folder}' has no candidate '{', '.join(unknown) or '*.toml'}'.", f"There are: {', '.join(known) or 'none'}.")
    chosen = [name for name in known if name in only] if only else usual
    candidates = tuple(_candidate(name, common, read_values(paths[name]) if name in paths else {"system": name}) for name in chosen)
    config = candidates[0].stages[0].config
    return Plan(config.data, config.split, budget or Budget(given), seeds or tuple(found), candidates)


def _fitted(network: Any, bands: tuple[str, ...], factor: int) -> Any:
    """A network's configuration for these bands and this factor; what it says of each band is taken along, by the band's name."""
    if (network.bands, network.factor) == (bands, factor):
        return network
    missing = [band for band in bands if band not in network.bands]
    if missing:
        raise JobError(f"The data have the band {missing[0]}, the plan's networks {', '.join(network.bands)}.", "Add it to [network].")
    picked = [network.bands.index(band) for band in bands]
    of_bands = {
        field.name: tuple(value[position] for position in picked)
        for field in dataclasses.fields(network)
        if isinstance(value := getattr(network, field.name), tuple)
        and len(value) == len(network.bands)
        and all(isinstance(one, float) for one in value)
    }
    return dataclasses.replace(network, bands=bands, factor=factor, **of_bands)


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
