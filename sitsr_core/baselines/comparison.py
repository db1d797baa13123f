"""A whole comparison, unattended: train what is missing, judge what is not judged yet, measure everyone's speed, write the tables.

Everything is kept below one folder (``OUT/CANDIDATE/seed_N``): a comparison that was stopped goes on, also inside a training. Several
processes may work on different candidates of one folder; the last to run without ``only`` writes the whole table.
"""

import json
from collections.abc import Callable
from pathlib import Path

from sitsr_core.baselines.judge import judge, judge_interpolations, methods, parameters, throughput
from sitsr_core.baselines.plan import Candidate, Plan
from sitsr_core.baselines.results import Result, markdown, to_csv
from sitsr_core.baselines.runs import build, require_budget, spent, stage_folders, train
from sitsr_core.datasets.places import Place, load_places
from sitsr_core.datasets.split import split_places
from sitsr_core.evaluation.scene import Scene
from sitsr_core.evaluation.sets import held_out
from sitsr_core.whole_file import write_whole

INTERPOLATION = "interpolation"
NAMES = ("table.md", "table.csv", "table.json")


def compare(plan: Plan, out: Path, scenes: int, say: Callable[[str], None], against: str = "") -> str:
    """Do all of it; returns the Markdown table.

    Args:
        plan: who, on what data, for how long.
        out: folder.
        scenes: of each held-out set, at most.
        say: told what is being done.
        against: name of the candidate that the others are compared with.

    Raises:
        SitsrError: data, options or checkpoints that cannot be used, or a folder that cannot be written.
    """
    places = split_places(load_places(plan.data), plan.split)["train"]
    sets = held_out(plan.data, plan.split, scenes)
    results = [_interpolation(out / INTERPOLATION / f"judged_{scenes}.json", sets)]
    for seed in plan.seeds:
        for candidate in plan.candidates:
            say(f"{candidate.title}, seed {seed}")
            folder = out / candidate.name / f"seed_{seed}"
            results.append(_result(candidate, seed, plan.minutes, places, sets, folder, f"judged_{scenes}.json"))
    for candidate in plan.candidates:
        speed = throughput(build(candidate.stages[-1].config).eval())
        say(f"{candidate.title}: {speed:,.0f} LR px/s")
        for result in results:
            result.speed = speed if result.name == candidate.name else result.speed
    table = markdown(results, against)
    listing = json.dumps([result.to_dict() for result in results], indent=1)
    for name, text in zip(NAMES, (table, to_csv(results), listing), strict=True):
        write_whole(out / name, text)
    return table


def _result(
    candidate: Candidate, seed: int, minutes: float, places: list[Place], sets: dict[str, list[Scene]], folder: Path, name: str
) -> Result:  # fmt: skip
    for stage, stage_folder in zip(candidate.stages, stage_folders(candidate, folder), strict=True):
        require_budget(stage, minutes, stage_folder)
    path = folder / name
    if path.exists():
        return Result(**json.loads(path.read_text(encoding="utf-8")) | {"title": candidate.title})
    trainer = train(candidate, seed, minutes, places, folder)
    took = spent(candidate, folder)
    count = parameters(trainer.network)
    result = Result(candidate.name, candidate.title, seed, count, took.steps, took.minutes, judge(methods(candidate, trainer), sets))
    write_whole(path, json.dumps(result.to_dict(), indent=1))
    return result


def _interpolation(path: Path, sets: dict[str, list[Scene]]) -> Result:
    if path.exists():
        return Result(**json.loads(path.read_text(encoding="utf-8")))
    result = Result(INTERPOLATION, INTERPOLATION, None, 0, 0, 0.0, judge_interpolations(sets))
    write_whole(path, json.dumps(result.to_dict(), indent=1))
    return result
