"""Training the candidates of a plan, each for the same CPU time or the same number of steps.

The learning rate falls over a number of steps, so that time has to be turned into steps before a training starts: a few steps with one
and with the most dates are timed, in CPU seconds of this process (all its threads), and kept in the run's folder, so that a resumed run
goes on to the same end. What it took in the end is summed up from the log and reported beside the result.
"""

import dataclasses
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from sitsr_core.baselines.adversarial import AdversarialObjective
from sitsr_core.baselines.plan import Budget, Candidate, Stage
from sitsr_core.baselines.registry import find_system
from sitsr_core.datasets.folder_sampler import FolderSampler
from sitsr_core.datasets.sampler import PlaceSampler, expected_dates
from sitsr_core.datasets.simulate import TrainingBatch
from sitsr_core.errors import JobError
from sitsr_core.training.config import TrainingConfig
from sitsr_core.training.data import TrainingData
from sitsr_core.training.log import NAME as LOG
from sitsr_core.training.trainer import Trainer
from sitsr_core.whole_file import write_whole

TIMED = 2
BUDGET = "budget.json"


@dataclass(frozen=True)
class Spent:
    """What a candidate's training took: optimizer steps and CPU minutes, over all stages."""

    steps: int
    minutes: float


@dataclass
class _FixedDates:
    """Batches with always the same number of dates."""

    sampler: PlaceSampler | FolderSampler
    dates: int

    def batch(self, step: int) -> TrainingBatch:
        return self.sampler.batch(step, self.dates)


def build(config: TrainingConfig) -> nn.Module:
    """The untrained network of a configuration; its seed is the objective's. Raises ModelError."""
    torch.manual_seed(config.optimization.seed)
    return find_system(config.system).build(config.network)


def seconds_per_step(config: TrainingConfig, sampler: PlaceSampler | FolderSampler) -> float:
    """Expected CPU seconds of an optimizer step, from a few steps with the fewest and the most dates: time is linear in their number.

    Adversarial training takes longer once the adversary has joined: both parts are timed, and weighed by the share of each.
    """
    alone = config.optimization.pretraining if _adversarial(config) else 1.0
    parts = [(alone, config), (1 - alone, _without_pretraining(config))]
    return sum(share * _seconds_of_first_steps(part, sampler) for share, part in parts if share > 0)


def _adversarial(config: TrainingConfig) -> bool:
    return isinstance(find_system(config.system).objectives.get(config.optimization.objective), AdversarialObjective)


def _without_pretraining(config: TrainingConfig) -> TrainingConfig:
    return dataclasses.replace(config, optimization=dataclasses.replace(config.optimization, pretraining=0.0))


def _seconds_of_first_steps(config: TrainingConfig, sampler: PlaceSampler | FolderSampler) -> float:
    found, most = [], min(config.sampler.max_dates, getattr(sampler, "max_dates", config.sampler.max_dates))
    for dates in sorted({1, most}):
        with tempfile.TemporaryDirectory() as folder:
            trainer = Trainer(build(config), _FixedDates(sampler, dates), config, Path(folder))
            trainer.train_step()
            found.append(sum(trainer.train_step()["cpu_seconds"] for _ in range(TIMED)) / TIMED)
    expected = expected_dates(most, config.sampler.alone, config.sampler.favour_few)
    return found[0] + (found[-1] - found[0]) * (expected - 1) / max(1, most - 1)


def planned_steps(stage: Stage, budget: Budget, sampler: PlaceSampler | FolderSampler, folder: Path) -> int:
    """Steps that a stage may take; timed once, then read from the folder. Raises JobError, OutputError."""
    require_budget(stage, budget, folder)
    require_settings(stage, folder)
    path = folder / BUDGET
    if path.exists():
        return int(json.loads(path.read_text(encoding="utf-8"))["steps"])
    kept: dict[str, object] = {"budget": str(budget), "share": stage.share, "settings": settings(stage)}
    if budget.steps:
        steps = max(1, round(budget.steps * stage.share))
    else:
        seconds = seconds_per_step(stage.config, sampler)
        steps = max(1, round(60 * budget.minutes * stage.share / seconds))
        kept["seconds_per_step"] = seconds
    write_whole(path, json.dumps(kept | {"steps": steps}))
    return steps


def require_budget(stage: Stage, budget: Budget, folder: Path) -> None:
    """Raise JobError when a stage was begun with another budget: one table must not mix them."""
    path = folder / BUDGET
    if not path.exists():
        return
    begun = json.loads(path.read_text(encoding="utf-8"))
    if (begun.get("budget"), begun.get("share")) != (str(budget), stage.share):
        raise JobError(
            f"'{folder}' was begun with another budget, {begun.get('budget')}, than {budget}.", "Give the former one, or another --out."
        )


def settings(stage: Stage) -> dict[str, Any]:
    """What a training is, but where its images lie: its steps and its seed follow from the budget and the folder."""
    found = stage.config.to_dict()
    return json.loads(json.dumps({key: value for key, value in found.items() if key not in ("data", "split")}))


def require_settings(stage: Stage, folder: Path) -> None:
    """Raise JobError when a stage was begun with other settings: its results would pass for those of the new ones."""
    path = folder / BUDGET
    begun = json.loads(path.read_text(encoding="utf-8")).get("settings") if path.exists() else None
    if begun is None:
        return
    now = settings(stage)
    for table in now:
        if begun.get(table) != now[table]:
            what = _differing(begun.get(table), now[table])
            raise JobError(f"'{folder}' was begun with other settings: [{table}] {what}.", "Give the former ones, or another --out.")


def _differing(begun: Any, now: Any) -> str:
    """The first entry of a table that differs."""
    if not isinstance(begun, dict) or not isinstance(now, dict):
        return f"was {begun!r}, is {now!r}"
    name = next(key for key in {**begun, **now} if begun.get(key) != now.get(key))
    return f"{name} was {begun.get(name)!r}, is {now.get(name)!r}"


def stage_folders(candidate: Candidate, folder: Path) -> list[Path]:
    """Where each stage is trained."""
    return [folder / f"{number}_{stage.config.optimization.objective}" for number, stage in enumerate(candidate.stages, 1)]


def train(candidate: Candidate, seed: int, budget: Budget, data: TrainingData, folder: Path) -> Trainer:
    """Train all stages, or go on where a former call was stopped: the trainer of the last, with both its weights and their average."""
    start: nn.Module | None = None
    for stage, stage_folder in zip(candidate.stages, stage_folders(candidate, folder), strict=True):
        seeded = dataclasses.replace(stage.config, sampler=dataclasses.replace(stage.config.sampler, seed=seed))
        sampler = data.sampler(seeded)
        config = stage.seeded(seed, planned_steps(stage, budget, sampler, stage_folder))
        trainer = Trainer(start or build(config), sampler, config, stage_folder)
        trainer.run()
        start = trainer.averaged_network().train()
    return trainer


def spent(candidate: Candidate, folder: Path) -> Spent:
    """Sums over the logs of all stages."""
    lines = []
    for stage_folder in stage_folders(candidate, folder):
        lines += [json.loads(line) for line in (stage_folder / LOG).read_text(encoding="utf-8").splitlines()]
    return Spent(len(lines), sum(line["cpu_seconds"] for line in lines) / 60)
