"""A benchmark as a whole: plans are read, candidates get the same budget, runs go on, what fails is said, tables say what was judged."""

import dataclasses
import json
import runpy
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from fixtures import place_layouts as layouts
from fixtures import probav_layout
from fixtures.tiny_network import NETWORK

from sitsr_core.baselines.judge import judge, methods
from sitsr_core.baselines.measure import Pace, measured, throughput
from sitsr_core.baselines.plan import Budget, read_plan
from sitsr_core.baselines.registry import SYSTEMS
from sitsr_core.baselines.results import Result, markdown, to_csv
from sitsr_core.baselines.runs import planned_steps, seconds_per_step, spent, stage_folders, train
from sitsr_core.datasets import probav
from sitsr_core.datasets.prepare import prepare
from sitsr_core.datasets.sampler import PlaceSampler, expected_dates, number_of_dates
from sitsr_core.datasets.simulate import SimulationConfig
from sitsr_core.errors import JobError
from sitsr_core.evaluation.methods import Bicubic
from sitsr_core.evaluation.scene import Scene
from sitsr_core.training.config import TrainingConfig, merged
from sitsr_core.training.data import TrainingData

ROOT = Path(__file__).resolve().parents[2]
BASE = (
    """
data = "{data}"
split = "{data}/split.json"
"""
    + NETWORK
    + """[sampler]
batch = 2
patch = 12
max_dates = 3
shares = {{ {shares} }}
[optimization]
precision = "float32"
checkpoint_every = 2
"""
)
CANDIDATES = {
    "reference": 'also = ["without_average", "without_back_projection"]',
    "ours": 'title = "both stages"\nstages = [{ objective = "mean", share = 0.5 }, { objective = "flow", share = 0.5 }]',
    "highres": 'system = "highres_net"\n[network]\nwidth = 8\nblocks = 1\n[optimization]\noptimizer = "adam"\nlearning_rate = 7e-4',
}


def _plan(folder: Path, data: str = "unused", shares: str = "rgb = 0.5, rgbn = 0.5", **candidates: str) -> Path:
    (folder / "plan").mkdir(exist_ok=True)
    (folder / "base.toml").write_text(BASE.format(data=data, shares=shares))
    (folder / "plan" / "plan.toml").write_text('base = "../base.toml"\nminutes = 0.02\nseeds = [0, 1]')
    for name, text in (candidates or CANDIDATES).items():
        (folder / "plan" / f"{name}.toml").write_text(text)
    return folder / "plan"


def _data(places):
    return TrainingData(places={"train": places, "validation": [], "test": []})


def test_plan_is_what_is_shared_and_what_each_has_of_its_own(tmp_path):
    plan = read_plan(_plan(tmp_path))
    by_name = {candidate.name: candidate for candidate in plan.candidates}
    assert (plan.budget, plan.seeds) == (Budget(0.02), (0, 1))
    assert [stage.config.optimization.objective for stage in by_name["ours"].stages] == ["mean", "flow"]
    highres = by_name["highres"].stages[0].config
    assert (highres.network.width, highres.sampler.patch, highres.optimization.optimizer) == (8, 12, "adam")
    assert by_name["reference"].stages[0].config.network.trunk_width == 12
    assert [c.name for c in read_plan(tmp_path / "plan", Budget(3), (7,), ("ours",)).candidates] == ["ours"]


def test_tables_merge_key_by_key():
    common = {"a": 1, "t": {"x": 1, "y": 2}}
    assert merged(common, {"t": {"y": 3}, "b": 4}) == {"a": 1, "b": 4, "t": {"x": 1, "y": 3}}
    assert common == {"a": 1, "t": {"x": 1, "y": 2}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('stages = [{ share = 0.5 }]', "add up to 0.5"),
        ("stages = 3", "stages = 3"),
        ('also = ["magic"]', "magic"),
        ('system = "nothing"', "no system 'nothing'"),
        ("minutes = 3", "minutes"),
        ("not TOML", "not valid TOML"),
    ],
)  # fmt: skip
def test_bad_plan_is_one_sentence(tmp_path, text, message):
    with pytest.raises(JobError, match=message):
        read_plan(_plan(tmp_path, bad=text))


def test_plan_without_candidates_or_with_an_unknown_one_is_one_sentence(tmp_path):
    with pytest.raises(JobError, match="other"):
        read_plan(_plan(tmp_path), only=("other",))
    with pytest.raises(JobError, match="cannot be read"):
        read_plan(tmp_path / "nowhere")


def test_shipped_plans_and_configurations_are_valid_and_name_every_system():
    comparison = read_plan(ROOT / "training" / "configs" / "baselines")
    on_a_cpu = read_plan(ROOT / "training" / "configs" / "cpu")
    ablations = read_plan(ROOT / "training" / "configs" / "ablations")
    used = {stage.config.system for plan in (comparison, ablations) for candidate in plan.candidates for stage in candidate.stages}
    others = {TrainingConfig.from_file(path).system for path in (ROOT / "training" / "configs" / "systems").glob("*.toml")}
    assert used | others == set(SYSTEMS)
    assert not used & others
    published = {stage.config.system for candidate in comparison.candidates for stage in candidate.stages} | others
    assert {stage.config.system for candidate in on_a_cpu.candidates for stage in candidate.stages} == published
    assert len({(stage.config.data, stage.config.sampler.batch) for candidate in on_a_cpu.candidates for stage in candidate.stages}) == 1
    assert "reference" in {candidate.name for candidate in ablations.candidates}
    for plan in (comparison, ablations):
        assert len({(stage.config.data, stage.config.sampler.batch) for candidate in plan.candidates for stage in candidate.stages}) == 1


def test_steps_follow_from_cpu_time_and_are_kept(places, tmp_path, monkeypatch):
    stage = read_plan(_plan(tmp_path)).candidates[0].stages[0]
    sampler = PlaceSampler(places, stage.config.sampler, SimulationConfig())
    assert 0 < seconds_per_step(stage.config, sampler) < 30
    monkeypatch.setattr("sitsr_core.baselines.runs.seconds_per_step", lambda *_: 0.5)
    assert planned_steps(stage, Budget(1.0), sampler, tmp_path / "run") == 120
    monkeypatch.setattr("sitsr_core.baselines.runs.seconds_per_step", lambda *_: 0.1)
    assert planned_steps(stage, Budget(1.0), sampler, tmp_path / "run") == 120
    with pytest.raises(JobError, match="another budget"):
        planned_steps(stage, Budget(2.0), sampler, tmp_path / "run")


def test_expected_time_is_that_of_the_expected_number_of_dates(places, tmp_path, monkeypatch):
    """As many seconds as dates: the mean of ``number_of_dates``."""
    stage = read_plan(_plan(tmp_path)).candidates[0].stages[0]

    class Fake:
        def __init__(self, network, sampler, *_):
            self.dates = sampler.dates

        def train_step(self):
            return {"cpu_seconds": float(self.dates)}

    monkeypatch.setattr("sitsr_core.baselines.runs.Trainer", Fake)
    assert stage.config.sampler.max_dates == 3
    assert seconds_per_step(stage.config, PlaceSampler(places, stage.config.sampler, SimulationConfig())) == pytest.approx(
        expected_dates(3)
    )


@pytest.mark.parametrize(("alone", "favour_few"), [(0.0, 2.0), (0.4, 2.0), (0.0, 1.0), (0.4, 1.0)])
def test_expected_number_of_dates_is_the_mean_of_those_drawn(alone, favour_few):
    rng = np.random.default_rng(0)
    drawn = [number_of_dates(rng, 3, alone, favour_few) for _ in range(20_000)]
    assert expected_dates(3, alone, favour_few) == pytest.approx(np.mean(drawn), abs=0.02) and set(drawn) == {1, 2, 3}


def test_without_favour_all_numbers_of_dates_are_alike():
    rng = np.random.default_rng(0)
    counts = np.bincount([number_of_dates(rng, 4, favour_few=1.0) for _ in range(20_000)], minlength=5)
    assert counts[1:] == pytest.approx(5000, rel=0.06)


def test_time_of_adversarial_training_counts_both_parts_by_their_shares(places, tmp_path, monkeypatch):
    own = 'system = "srgan"\n[optimization]\nobjective = "adversarial"\npretraining = 0.25\noptimizer = "adam"'
    stage = read_plan(_plan(tmp_path, srgan=own)).candidates[0].stages[0]

    class Fake:
        def __init__(self, network, sampler, config, *_):
            self.seconds = 1.0 if config.optimization.pretraining else 3.0

        def train_step(self):
            return {"cpu_seconds": self.seconds}

    monkeypatch.setattr("sitsr_core.baselines.runs.Trainer", Fake)
    sampler = PlaceSampler(places, stage.config.sampler, SimulationConfig())
    assert seconds_per_step(stage.config, sampler) == pytest.approx(0.25 * 1 + 0.75 * 3)


def test_stages_are_trained_one_upon_the_other_and_go_on(places, tmp_path, monkeypatch):
    monkeypatch.setattr("sitsr_core.baselines.runs.seconds_per_step", lambda *_: 0.1)
    candidate = next(c for c in read_plan(_plan(tmp_path)).candidates if c.name == "ours")
    trainer = train(candidate, 1, Budget(0.01), _data(places), tmp_path / "run")  # 0.6 s: three steps a stage
    first, second = stage_folders(candidate, tmp_path / "run")
    assert [json.loads(line)["step"] for line in (second / "log.jsonl").read_text().splitlines()] == [1, 2, 3]
    assert trainer.config.optimization.seed == trainer.config.sampler.seed == 1
    before = {name: value.clone() for name, value in trainer.average.shadow.items()}
    again = train(candidate, 1, Budget(0.01), _data(places), tmp_path / "run")
    assert all(torch.equal(value, before[name]) for name, value in again.average.shadow.items())
    took = spent(candidate, tmp_path / "run")
    assert took.steps == 6
    assert 0 < took.minutes < 1
    mean = torch.load(first / "checkpoint.pt", weights_only=True)["average"]
    assert all(torch.equal(mean[name], before[name]) for name in mean if not name.startswith("denoiser"))


def test_what_each_candidate_is_judged_as(places, tmp_path, monkeypatch):
    monkeypatch.setattr("sitsr_core.baselines.runs.seconds_per_step", lambda *_: 0.3)
    found = {
        c.name: [m.name for m in methods(c, train(c, 0, Budget(0.01), _data(places), tmp_path / c.name))]
        for c in read_plan(_plan(tmp_path)).candidates
    }
    assert found["reference"] == ["reference", "reference, without EMA", "reference, without back-projection"]
    assert found["ours"] == ["ours", "ours, sample in 4"]
    assert found["highres"] == ["highres"]


def _result(name: str, seed: int, one: float, many: float) -> Result:
    return Result(
        name, name.title(), seed, 1000, 10, 2.0, {"set": {name: {"1": {"psnr": one}, "8": {"psnr": many}, "16": {"psnr": 99.0}}}}, 50.0
    )


def test_table_has_mean_and_spread_over_seeds_and_the_difference_from_the_reference():
    results = [_result("reference", 0, 30, 31), _result("reference", 1, 32, 33), _result("other", 0, 30, 33), _result("other", 1, 30, 33)]
    rows = [line for line in markdown(results, Budget(2.0), "reference").splitlines() if line.startswith("|")]
    assert rows[0].endswith("| set, 1 date | set, 8 dates |")
    assert rows[2] == "| Reference | 1,000 | 50 |  | 2.0 | 10 | 31.00 ± 1.41 | 32.00 ± 1.41 |"
    assert rows[3] == "| Other | 1,000 | 50 |  | 2.0 | 10 | 30.00 ± 0.00 (-1.00) | 33.00 ± 0.00 (+1.00) |"
    lines = to_csv(results).splitlines()
    assert len(lines) == 1 + 4 * 3
    assert lines[1].startswith(",reference,0,1000,10,2.00,50.0,0,set,reference,1,30")


def test_few_dates_stand_for_many_and_single_image_systems_have_none():
    few = Result("a", "A", 0, 1, 1, 1.0, {"set": {"a": {"1": {"psnr": 1.0}, "3": {"psnr": 2.0}}, "b": {"1": {"psnr": 5.0}}}})
    assert few.figure("set", "a", many=True) == 2.0
    assert few.figure("set", "b", many=True) is None
    assert few.figure("set", "b", many=False) == 5.0


def test_speed_is_measured_of_every_system(monkeypatch):
    monkeypatch.setattr("sitsr_core.baselines.measure.LEAST_SECONDS", 0.0)
    network = SYSTEMS["highres_net"].config(width=8, blocks=1)
    assert throughput(SYSTEMS["highres_net"].build(network).eval(), patch=16, dates=2) > 0


@pytest.fixture
def benchmark(monkeypatch, capsys):
    """benchmark(*arguments): the script as a user runs it, in this process, with made-up speeds; what it printed."""
    paces = []
    monkeypatch.setattr("sitsr_core.baselines.benchmark.measured", lambda *asked: paces.append(asked) or Pace(123.0, 45.0))
    monkeypatch.chdir(ROOT)

    def run(*arguments: object, code: int = 0) -> str:
        monkeypatch.setattr(sys, "argv", ["training/benchmark.py", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            runpy.run_path("training/benchmark.py", run_name="__main__")
        printed = capsys.readouterr()
        assert left.value.code == code, printed
        return printed.out + printed.err

    return run


@pytest.fixture
def images(tmp_path):
    data = layouts.dataset(tmp_path / "data")
    (data / "split.json").write_text(json.dumps(layouts.SPLIT))
    return data


def _rows(out: Path) -> dict[tuple[str, str], dict]:
    return {(row["dataset"], row["name"]): row for row in json.loads((out / "table.json").read_text())}


SHARES = '"massachusetts_2.5m" = 0.5, california = 0.5'


def test_two_datasets_of_two_factors_one_failing_system_and_going_on(benchmark, images, tmp_path):
    prepare(probav.CARD, probav.entries(probav_layout.dataset(tmp_path / "raw")), tmp_path / "probav", False, print, quiet=True)
    broken = CANDIDATES["highres"].replace("adam", "none")
    plan = _plan(tmp_path, images.as_posix(), SHARES, ours="", highres=CANDIDATES["highres"], broken=broken)
    out = tmp_path / "out"
    common = ("--plan", plan, "--out", out, "--scenes", 1, "--side", 16, "--seeds", 0, "--protocol", "probav", "--data", images)
    arguments = (*common, tmp_path / "probav", "--steps", 2)
    said = benchmark(*arguments)
    rows = _rows(out)
    assert {name for _, name in rows} == {"interpolation", "highres", "ours", "broken"}
    assert "optimizer 'none'" in rows["probav", "broken"]["failure"] and "broken failed:" in said
    assert (out / "probav" / "broken" / "seed_0" / "failure.txt").exists()
    ours = rows["probav", "ours"]
    assert (ours["steps"], ours["speed"], ours["memory"]) == (2, 123.0, 45.0)
    assert {"1", "4", "2"} == {case for case in ours["judged"]["probav"]["ours"] if case.isdigit()}
    assert ours["judged"]["probav"]["ours"]["4"]["probav_cpsnr"] > 10
    assert "psnr" in rows["places", "ours"]["judged"]["simulated_rgb"]["ours"]["8"]
    table = (out / "table.md").read_text()
    assert "**places**" in table and "**probav**" in table and "| bicubic |" in table and "2 steps each" in table
    assert "- broken, seed 0 failed:" in table and "probav cpsnr" in table
    assert {path.name for path in out.iterdir() if path.is_file()} == {
        "table.md", "table.csv", "table.json", "curves.png", "sheet_places.png", "sheet_probav.png",
    }  # fmt: skip
    before = (out / "probav" / "ours" / "seed_0" / "1_mean" / "checkpoint.pt").stat().st_mtime_ns
    benchmark(*arguments)
    again = _rows(out)
    assert {key: row["judged"] for key, row in again.items()} == {key: row["judged"] for key, row in rows.items()}
    assert (out / "probav" / "ours" / "seed_0" / "1_mean" / "checkpoint.pt").stat().st_mtime_ns == before
    assert "another budget" in benchmark(*common, "--steps", 3, code=1)


def test_a_folder_goes_on_only_with_the_data_and_the_settings_it_was_begun_with(benchmark, images, tmp_path):
    arguments = ("--out", tmp_path / "out", "--scenes", 1, "--seeds", 0, "--steps", 1)
    quick = 'system = "srcnn"\n[optimization]\nlearning_rate = '
    plan = _plan(tmp_path, images.as_posix(), SHARES, quick=quick + "1e-3")
    benchmark("--plan", plan, *arguments)
    other = layouts.dataset(tmp_path / "other")
    said = benchmark("--plan", plan, *arguments, "--data", other, code=1)
    assert "holds results on" in said and str(other) in said
    _plan(tmp_path, images.as_posix(), SHARES, quick=quick + "2e-3")
    said = benchmark("--plan", plan, *arguments)
    assert "learning_rate was 0.001, is 0.002" in said and "quick failed" in said
    _plan(tmp_path, images.as_posix(), SHARES, quick=quick + "1e-3")
    benchmark("--plan", plan, *arguments)
    assert not (tmp_path / "out" / "places" / "failure.txt").exists()


def test_a_system_without_a_file_and_a_trained_model_take_part(benchmark, images, tmp_path):
    plan = _plan(tmp_path, images.as_posix(), SHARES, highres=CANDIDATES["highres"])
    arguments = ("--plan", plan, "--scenes", 1, "--seeds", 0, "--steps", 1, "--data", f"mine={images}")
    benchmark(*arguments, "--out", tmp_path / "out", "--systems", "srcnn")
    assert _rows(tmp_path / "out")["mine", "srcnn"]["parameters"] == 26_084
    trained = tmp_path / "out" / "mine" / "srcnn" / "seed_0" / "1_mean"
    benchmark(*arguments, "--out", tmp_path / "other", "--systems", "highres", "--model", f"theirs={trained}")
    rows = _rows(tmp_path / "other")
    found = rows["mine", "theirs"]["judged"]["simulated_rgb"]["theirs"]["1"]["psnr"]
    own = _rows(tmp_path / "out")["mine", "srcnn"]["judged"]["simulated_rgb"]["srcnn"]["1"]["psnr"]
    assert found == pytest.approx(own, abs=1e-4) and rows["mine", "theirs"]["parameters"] == 26_084
    assert "does not exist" in benchmark(*arguments[:-1], "nowhere", "--out", tmp_path / "out", code=1)


def test_speed_and_memory_are_measured_in_a_process_of_its_own():
    config = TrainingConfig.from_dict({"data": "none", "system": "highres_net", "network": {"width": 8, "blocks": 1, "factor": 3}})
    pace = measured(config, 1)
    assert pace.speed > 0 and 0 < pace.memory < 1000


def test_a_candidate_takes_the_bands_and_the_factor_of_the_data(tmp_path):
    candidate = read_plan(_plan(tmp_path), only=("ours",)).candidates[0].fitted("there", "", ("B04", "B08"), 3)
    network = candidate.stages[1].config.network
    assert (network.bands, network.factor, network.center, network.residual_std) == (("B04", "B08"), 3, (0.10, 0.22), (0.02, 0.03))
    assert (candidate.stages[0].config.data, network.trunk_width) == ("there", 12)
    with pytest.raises(JobError, match="B05"):
        candidate.fitted("there", "", ("B05",), 3)


def test_slow_systems_are_judged_on_fewer_scenes_beside_bicubic_on_the_same(make_batch):
    def scene(seed: int) -> Scene:
        truth = 0.3 * np.random.default_rng(seed).random((4, 64, 64), np.float32)
        return Scene(f"place {seed}", make_batch(1, 1, 16, seed=seed), truth, np.ones((64, 64), bool))

    sets = {"set": [scene(0), scene(1)]}
    quick, slow = Bicubic("quick"), Bicubic("slow", slow=True)
    found = judge([quick, slow], sets, slow_scenes=1)["set"]
    assert list(found) == ["quick", "slow", "slow: bicubic on the same 1 scenes"]
    first = judge([quick], {"set": sets["set"][:1]}, slow_scenes=1)["set"]
    assert list(first) == ["quick"]
    assert found["slow"] == found["slow: bicubic on the same 1 scenes"] == first["quick"]
    assert found["quick"]["1"]["psnr"] != pytest.approx(found["slow"]["1"]["psnr"])


def test_results_read_back(tmp_path):
    result = _result("a", 0, 1, 2)
    assert Result(**json.loads(json.dumps(result.to_dict()))) == dataclasses.replace(result)
