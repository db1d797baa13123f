"""What the worker can be asked to do: each task takes a job's plain values and gives its result as plain values.

What a task needs is imported when it is asked for: a wrong job is told in no time.
"""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from sitsr_core.job import SuperResolutionJob

if TYPE_CHECKING:
    from sitsr_core.inference.events import Listener, StopQuestion

Task = Callable[[dict, "Listener", "StopQuestion"], dict]


def super_resolve(values: dict, tell: "Listener", should_stop: "StopQuestion") -> dict:
    """Super-resolve a series: ``SuperResolutionJob`` -> ``Result``."""
    job = SuperResolutionJob.from_dict(values)
    from sitsr_core.inference.places import require_places

    require_places(job)  # before the engine is imported, which takes seconds
    from sitsr_core.inference.engine import super_resolve as run

    return run(job, tell, should_stop).to_dict()


def inspect(values: dict, tell: "Listener", should_stop: "StopQuestion") -> dict:
    """Say what a series looks like: ``SuperResolutionJob`` (the output may be empty) -> the report of ``inspect_series``.

    With a true ``quicklooks`` beside the job's fields the dates have their pictures.
    """
    fields = {name: value for name, value in values.items() if name != "quicklooks"}
    job = SuperResolutionJob.from_dict({**fields, "output": values.get("output") or "not-written.tif"})
    from sitsr_core.inspect import inspect_series

    return inspect_series(json.loads(job.to_json()), values.get("quicklooks") is True, tell, should_stop)


def try_it(values: dict, tell: "Listener", should_stop: "StopQuestion") -> dict:
    """Simulate the sample series and super-resolve it: ``TryItJob`` -> files and figures."""
    from sitsr_core.demo.try_it import TryItJob, try_it

    return try_it(TryItJob.from_dict(values), tell, should_stop)


def simulate(values: dict, tell: "Listener", should_stop: "StopQuestion") -> dict:
    """Simulate a series from a fine image: ``SimulationJob`` -> files."""
    from sitsr_core.datasets.simulate_series import SimulationJob, simulate_series

    return simulate_series(SimulationJob.from_dict(values), tell, should_stop)


def compare(values: dict, tell: "Listener", should_stop: "StopQuestion") -> dict:
    """Judge a raster against a reference: ``ComparisonJob`` -> figures."""
    from sitsr_core.evaluation.compare_rasters import ComparisonJob, compare_rasters

    return compare_rasters(ComparisonJob.from_dict(values), tell, should_stop)


def finetune(values: dict, tell: "Listener", should_stop: "StopQuestion") -> dict:
    """Fine-tune a model on a folder of pairs: ``FineTuneJob`` -> the model's file, the course of the training and figures."""
    from sitsr_core.training.finetune_job import FineTuneJob, run_finetune

    return run_finetune(FineTuneJob.from_dict(values), tell, should_stop)


def check_model(values: dict, tell: "Listener", should_stop: "StopQuestion") -> dict:
    """Load a model wholly, as a run does: its name or path as ``model`` -> ``card`` and ``hash``. Raises ModelError."""
    from sitsr_core.models.card import load_model, model_hash, model_path, read_header

    path = model_path(str(values.get("model", "")))
    load_model(str(path))
    return {"card": read_header(path)[1].to_dict(), "hash": model_hash(path)}


TASKS: dict[str, Task] = {
    "super_resolve": super_resolve, "inspect": inspect, "try_it": try_it, "simulate": simulate, "compare": compare,
    "finetune": finetune, "check_model": check_model,
}  # fmt: skip
