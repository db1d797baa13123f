"""A whole benchmark, unattended: train what is missing, judge what is not judged yet, measure speed and memory, write the tables.

Everything is kept below one folder (``OUT/DATASET/CANDIDATE/seed_N``): a benchmark that was stopped goes on, also inside a training.
Several processes may work on different candidates of one folder; the last to run with all of them writes the whole table. What fails is
said in the table and tried again by the next call; everyone else goes on.
"""

import json
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sitsr_core.baselines.crops import Crops
from sitsr_core.baselines.judge import judge, methods, parameters
from sitsr_core.baselines.measure import measured
from sitsr_core.baselines.pictures import draw_pictures
from sitsr_core.baselines.plan import Candidate, Plan
from sitsr_core.baselines.results import Result, markdown, to_csv
from sitsr_core.baselines.runs import require_budget, require_settings, spent, stage_folders, train
from sitsr_core.datasets.prepared import is_prepared
from sitsr_core.errors import InputError, JobError, OutputError, SitsrError
from sitsr_core.evaluation.methods import Method
from sitsr_core.evaluation.prepared_sets import bands_of, factor_of
from sitsr_core.evaluation.scene import Scene
from sitsr_core.evaluation.sets import held_out
from sitsr_core.evaluation.systems import Panel, assemble, interpolations, named_path, open_network, require_fitting
from sitsr_core.training.data import TrainingData
from sitsr_core.whole_file import write_whole

INTERPOLATION = "interpolation"
NAMES = ("table.md", "table.csv", "table.json")
FAILURE = "failure.txt"
PLACES = "places"
DATA = "data.json"  # where the images lie that a dataset's folder holds results on

Say = Callable[[str], None]


@dataclass(frozen=True)
class Dataset:
    """A data folder under the name that the table gives it: fine images (``datasets.places``) or a prepared dataset."""

    name: str
    folder: str


@dataclass(frozen=True)
class Options:
    """How everyone is judged.

    Attributes:
        scenes: of each held-out set, at most.
        side: coarse pixels of the scenes of a prepared dataset; 0 for whole images.
        protocols: of others, whose figures are wanted too.
        models: "NAME=FOLDER" of trainings or imported weights that are only judged.
        against: name of the candidate that the others are compared with.
        threads: for speed and memory.
        slow_scenes: of each set, for those whose answer takes many evaluations; None for all.
    """

    scenes: int = 16
    side: int = 64
    protocols: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    against: str = ""
    threads: int = 1
    slow_scenes: int | None = None

    @property
    def judged_file(self) -> str:
        """The name of a result that was judged in this way."""
        fewer = [] if self.slow_scenes is None else [f"slow{self.slow_scenes}"]
        return "_".join(["judged", str(self.scenes), str(self.side), *fewer, *sorted(self.protocols)]) + ".json"


def read_datasets(texts: list[str], usual: str) -> list[Dataset]:
    """The datasets of a command line: "FOLDER" or "NAME=FOLDER" each, or the plan's own. Raises JobError, InputError."""
    found = []
    for text in texts or [usual]:
        name, folder = named_path(text)
        if not Path(folder).is_dir():
            raise InputError(
                f"The data folder '{folder}' does not exist.", "Give the folder of the images or of a prepared dataset (--data)."
            )
        found.append(Dataset(name or (Path(folder).resolve().name if is_prepared(folder) else PLACES), folder))
    names = [dataset.name for dataset in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise JobError(f"Two datasets are called '{twice}'.", "Give one of them a name: --data NAME=FOLDER.")
    return found


def run_benchmark(plan: Plan, datasets: list[Dataset], out: Path, options: Options, say: Say) -> str:
    """Do all of it; returns the Markdown tables.

    Raises:
        SitsrError: a plan that cannot be followed, or a folder that cannot be written. What goes wrong with one dataset, one system or one
            model is in its row.
    """
    for dataset in datasets:
        _require_budgets(plan, out / dataset.name)
    results: list[Result] = []
    for dataset in datasets:
        with _told(results, dataset, "", dataset.name, None, out / dataset.name, say):
            results += _of_dataset(plan, dataset, out / dataset.name, options, say)
            (out / dataset.name / FAILURE).unlink(missing_ok=True)
    if all(result.failure for result in results):
        raise JobError(f"Nothing was judged: {results[0].failure}", f"See '{FAILURE}' below '{out}'.")
    table = markdown(results, plan.budget, options.against)
    for name, text in zip(NAMES, (table, to_csv(results), json.dumps([r.to_dict() for r in results], indent=1)), strict=True):
        write_whole(out / name, text)
    draw_pictures(plan, [dataset.name for dataset in datasets], out, say)
    return table


def _of_dataset(plan: Plan, dataset: Dataset, out: Path, options: Options, say: Say) -> list[Result]:
    _require_data(dataset, out)
    split = "" if is_prepared(dataset.folder) else plan.split
    data = TrainingData.read(dataset.folder, split)
    sets = held_out(dataset.folder, split, options.scenes, side=options.side)
    results: list[Result] = []
    interpolated = interpolations().methods
    folder = out / INTERPOLATION
    results.append(_kept(folder, options, lambda crops: _judged(dataset, INTERPOLATION, interpolated, sets, options, crops)))
    for text in options.models:
        with _told(results, dataset, text, text, None, out / "models", say):
            results.append(_of_model(text, dataset, sets, options))
    candidates = []
    for candidate in plan.candidates:
        with _told(results, dataset, candidate.name, candidate.title, None, out / candidate.name, say):
            candidates.append(_fitted(candidate, dataset, split, data))
    for seed in plan.seeds:
        for candidate in candidates:
            say(f"{dataset.name}: {candidate.title}, seed {seed}")
            folder = out / candidate.name / f"seed_{seed}"
            with _told(results, dataset, candidate.name, candidate.title, seed, folder, say):
                results.append(_of_candidate(candidate, seed, plan, dataset, data, sets, folder, options))
    for candidate in candidates:
        _measure(candidate, results, options.threads, say)
    return results


def _require_data(dataset: Dataset, out: Path) -> None:
    """Raise JobError when the folder holds results on other data; else note the data there."""
    folder, path = str(Path(dataset.folder).resolve()), out / DATA
    if not path.exists():
        write_whole(path, json.dumps({"folder": folder}))
    elif (kept := json.loads(path.read_text(encoding="utf-8"))["folder"]) != folder:
        raise JobError(
            f"'{out}' holds results on '{kept}', not on '{folder}'.", "Give another --out, or the data a name: --data NAME=FOLDER."
        )


def _require_budgets(plan: Plan, folder: Path) -> None:
    for candidate in plan.candidates:
        for seed in plan.seeds:
            run = folder / candidate.name / f"seed_{seed}"
            for stage, stage_folder in zip(candidate.stages, stage_folders(candidate, run), strict=True):
                require_budget(stage, plan.budget, stage_folder)


def _fitted(candidate: Candidate, dataset: Dataset, split: str, data: TrainingData) -> Candidate:
    if data.sites is None:
        network = candidate.stages[0].config.network
        return candidate.fitted(dataset.folder, split, network.bands, network.factor)
    sites = [site for part in data.sites.values() for site in part]
    return candidate.fitted(dataset.folder, split, bands_of(sites), factor_of(sites))


def _of_candidate(
    candidate: Candidate,
    seed: int,
    plan: Plan,
    dataset: Dataset,
    data: TrainingData,
    sets: dict[str, list[Scene]],
    folder: Path,
    options: Options,
) -> Result:
    def work(crops: Crops) -> Result:
        trainer = train(candidate, seed, plan.budget, data, folder)
        took = spent(candidate, folder)
        judged = judge(methods(candidate, trainer), sets, options.protocols, crops, options.slow_scenes)
        count = parameters(trainer.network)
        return Result(candidate.name, candidate.title, seed, count, took.steps, took.minutes, judged, dataset=dataset.name)

    for stage, stage_folder in zip(candidate.stages, stage_folders(candidate, folder), strict=True):
        require_settings(stage, stage_folder)
    result = _kept(folder, options, work)
    result.title = candidate.title
    return result


def _of_model(text: str, dataset: Dataset, sets: dict[str, list[Scene]], options: Options) -> Result:
    """A training or imported weights, which nothing is trained of here."""
    name, network = open_network(text)
    for scenes in sets.values():
        require_fitting(name, network, scenes)
    result = _judged(dataset, name, assemble(Panel([]), [(name, network)], samples=False).methods, sets, options, Crops())
    result.parameters = parameters(network)
    return result


def _judged(
    dataset: Dataset, name: str, judged: list[Method], sets: dict[str, list[Scene]], options: Options, crops: Crops
) -> Result:  # fmt: skip
    return Result(name, name, None, 0, 0, 0.0, judge(judged, sets, options.protocols, crops, options.slow_scenes), dataset=dataset.name)


def _kept(folder: Path, options: Options, work: Callable[[Crops], Result]) -> Result:
    """The folder's result where it was judged in the same way, else that of ``work``, kept with its crops."""
    path = folder / options.judged_file
    if path.exists():
        return Result(**json.loads(path.read_text(encoding="utf-8")))
    crops = Crops()
    result = work(crops)
    crops.save(folder)
    write_whole(path, json.dumps(result.to_dict(), indent=1))
    (folder / FAILURE).unlink(missing_ok=True)
    return result


def _measure(candidate: Candidate, results: list[Result], threads: int, say: Say) -> None:
    """Write a candidate's speed and memory into its results."""
    own = [result for result in results if result.name == candidate.name and not result.failure]
    if not own:
        return
    try:
        pace = measured(candidate.stages[-1].config, threads)
    except SitsrError as error:
        say(str(error))
        return
    say(f"{candidate.title}: {pace.speed:,.0f} LR px/s, {pace.memory:,.0f} MB")
    for result in own:
        result.speed, result.memory = pace.speed, pace.memory


@contextmanager
def _told(results: list[Result], dataset: Dataset, name: str, title: str, seed: int | None, folder: Path, say: Say) -> Iterator[None]:
    """What fails inside becomes a row that says so, and a file with all that is known; being told to stop is no failure."""
    try:
        yield
    except OutputError:
        raise  # a full disk fails everyone
    except Exception as error:  # whatever one system does wrong, the night goes on for the others
        sentence = str(error) if isinstance(error, SitsrError) else f"{type(error).__name__}: {error}".splitlines()[0]
        say(f"{title} failed: {sentence}")
        results.append(Result(name or title, title, seed, 0, 0, 0.0, dataset=dataset.name, failure=sentence))
        write_whole(folder / FAILURE, "".join(traceback.format_exception(error)) + f"\n{getattr(error, 'detail', '')}\n")
