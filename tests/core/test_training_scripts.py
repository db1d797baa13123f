"""train.py, export.py and evaluate.py as a user runs them, on a small data folder, with a small network.

Trainings run in processes of their own where that is the point; all else is the same script run here, without the seconds that an
interpreter takes to start.
"""

import io
import json
import os
import re
import runpy
import shutil
import signal
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
import torch
from fixtures import place_layouts as layouts
from fixtures.tiny_network import NETWORK

from sitsr_core.models.card import load_model
from sitsr_core.own_files import RUN_LOCK
from sitsr_core.run_lock import RunLock
from sitsr_core.training.checkpoint import load_averaged

ROOT = Path(__file__).resolve().parents[2]
CONFIG = """
data = "{data}"
split = "{data}/split.json"
{network}
[sampler]
batch = 2
patch = 16
max_dates = 3
shares = {{ "massachusetts_2.5m" = 0.5, california = 0.5 }}

[optimization]
objective = "{objective}"
steps = {steps}
warmup = 1
precision = "float32"
checkpoint_every = 2
validate_every = 3
"""


ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg"}


def _command(script: str, *arguments: object, launcher: tuple[str, ...] = ()) -> list[str]:
    return [sys.executable, *launcher, f"training/{script}.py", *map(str, arguments)]


def _start(script: str, *arguments: object, launcher: tuple[str, ...] = ()) -> subprocess.CompletedProcess:
    command = _command(script, *arguments, launcher=launcher)
    return subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=240)


def _run(script: str, *arguments: object) -> subprocess.CompletedProcess:
    """``_start`` within this process."""
    said, complained = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(complained), pytest.raises(SystemExit) as left:
        patch.chdir(ROOT)
        patch.setattr(sys, "argv", [f"training/{script}.py", *map(str, arguments)])
        runpy.run_path(f"training/{script}.py", run_name="__main__")
    return subprocess.CompletedProcess(sys.argv, left.value.code, said.getvalue(), complained.getvalue())


def _config(folder: Path, objective: str = "mean", steps: int = 4, network: str = NETWORK) -> Path:
    path = folder / f"{objective}_{steps}.toml"
    path.write_text(CONFIG.format(data=(folder / "data").as_posix(), objective=objective, steps=steps, network=network))
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A data folder with sites of all three parts, a training of each stage and the exported model."""
    folder = tmp_path_factory.mktemp("training")
    data = layouts.dataset(folder / "data")
    (data / "split.json").write_text(json.dumps(layouts.SPLIT))
    (folder / "card.toml").write_text('name = "tiny"\nversion = "1"\ndates = [1, 3]')
    for script, *arguments in (
        ("train", _config(folder), "--out", folder / "mean", "--threads", 1),
        ("train", _config(folder, "flow"), "--out", folder / "flow", "--init", folder / "mean", "--threads", 1),
        ("export", folder / "flow", folder / "card.toml", "--out", folder / "tiny.safetensors"),
    ):
        done = _run(script, *arguments)
        assert done.returncode == 0, done.stderr
        (folder / f"{script}_said.txt").write_text(done.stdout)
    shutil.copytree(folder / "mean", folder / "unbroken")
    return folder


def _log(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


def test_train_logs_every_step_and_validates(folder):
    log = _log(folder / "mean")
    assert [line["step"] for line in log] == [1, 2, 3, 4]
    assert {"steady_1", "steady_8", "changing_8"} <= set(log[2]) & set(log[3])
    assert "steady_loss" in _log(folder / "flow")[-1]


def test_second_stage_starts_from_the_first(folder):
    first, second = (load_averaged(folder / name)[0].state_dict() for name in ("mean", "flow"))
    assert all((first[name] == second[name]).all() for name in first if not name.startswith("denoiser"))
    assert any((first[name] != second[name]).any() for name in first if name.startswith("denoiser"))


def test_train_resumes_where_it_was(folder):
    """The fifth and sixth step of a training that was told to go on are the only ones added."""
    before = _log(folder / "mean")
    done = _run("train", _config(folder, steps=6), "--out", folder / "mean", "--threads", 1)
    assert done.returncode == 0, done.stderr
    after = _log(folder / "mean")
    assert after[:4] == before
    assert [line["step"] for line in after] == [1, 2, 3, 4, 5, 6]


def _figures(line: dict) -> dict:
    return {name: value for name, value in line.items() if name not in ("seconds", "cpu_seconds", "data_share")}


def test_a_killed_training_goes_on_as_if_it_had_not_been(folder):
    command = _command("train", _config(folder), "--out", folder / "killed", "--threads", 1)
    with subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while not (folder / "killed" / "checkpoint.pt").exists() and process.poll() is None:
            time.sleep(0.002)
        process.kill()
    assert process.returncode == -signal.SIGKILL  # else it ended by itself, and this shows nothing
    assert len(_log(folder / "killed")) < 4
    done = _run("train", _config(folder), "--out", folder / "killed", "--threads", 1)
    assert done.returncode == 0, done.stderr
    assert [_figures(line) for line in _log(folder / "killed")] == [_figures(line) for line in _log(folder / "unbroken")]
    whole, resumed = (torch.load(folder / name / "checkpoint.pt", weights_only=True) for name in ("unbroken", "killed"))
    assert whole["step"] == resumed["step"]
    assert all(torch.equal(value, resumed["average"][name]) for name, value in whole["average"].items())


def test_train_tells_its_pace_and_how_long_it_waited_for_data(folder):
    assert re.fullmatch(
        r"4 steps at [\d.]+ steps/s, [\d.]+ % of the time spent waiting for data\.\n", (folder / "train_said.txt").read_text()
    )


def test_torchrun_on_two_processes_equals_one(folder):
    """Two processes share out the batches, and rank 0 alone writes."""
    launcher = ("-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2")
    done = _start("train", _config(folder), "--out", folder / "two", "--threads", 1, launcher=launcher)
    assert done.returncode == 0, done.stderr
    for one, two in zip(_log(folder / "unbroken"), _log(folder / "two"), strict=True):
        assert two["step"] == one["step"]
        for name in ("loss", "gain_db", "gradient_norm"):
            assert two[name] == pytest.approx(one[name], rel=1e-3, abs=1e-4)
    assert done.stdout.count("steps/s") == 1


@pytest.mark.parametrize("launcher", [(), ("-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2")], ids=["alone", "two"])
def test_a_folder_that_another_training_holds_is_left_alone(folder, launcher):
    lock = RunLock(folder / "held")
    done = _start("train", _config(folder), "--out", folder / "held", "--threads", 1, launcher=launcher)
    assert done.returncode == 1 and [path.name for path in (folder / "held").iterdir()] == [RUN_LOCK]
    lock.remove()
    assert done.stderr.count(f"Another run is using the run folder '{folder / 'held'}'. Wait for it to end") == 1
    assert "gloo" not in done.stderr


def test_a_deeper_network_starts_from_a_shallower_one(folder):
    deeper = NETWORK.replace("trunk_blocks = 1", "trunk_blocks = 3")
    config = _config(folder, "flow", 1, deeper)
    done = _run("train", config, "--out", folder / "deeper", "--init", folder / "mean", "--threads", 1)
    assert done.returncode == 0, done.stderr
    assert load_averaged(folder / "deeper")[1].network.trunk_blocks == 3


def test_a_shallower_network_is_taught_by_a_deeper_one(folder):
    lean = NETWORK.replace("trunk_blocks = 1", "trunk_blocks = 3\nfidelity_blocks = 0\ngradient_steps = 1")
    config = _config(folder, steps=4, network=lean)
    config = config.rename(folder / "taught.toml")
    config.write_text(config.read_text() + f'teacher = "{(folder / "tiny.safetensors").as_posix()}"\n')
    done = _run("train", config, "--out", folder / "taught", "--init", folder / "mean", "--threads", 1)
    assert done.returncode == 0, done.stderr
    network, saved = load_averaged(folder / "taught")
    assert (saved.network.fidelity_blocks, len(network.gradient_steps)) == (0, 1)


def test_exported_model_loads_and_is_calibrated(folder):
    network = load_model(str(folder / "tiny.safetensors"))
    assert network.card.name == "tiny"
    assert (network.calibration > 0).all()
    assert (network.calibration != 1).any()


def test_evaluate_writes_tables_and_ends_with_one_line_of_json(folder):
    out = folder / "evaluation"
    arguments = ("--data", folder / "data", "--split", folder / "data" / "split.json", "--model", folder / "tiny.safetensors")
    done = _run("evaluate", *arguments, "--scenes", 1, "--out", out, "--threads", 1)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])["evaluate"]
    assert set(figures) == {"simulated_rgb", "simulated_rgbn", "real_years"}
    assert list(figures["simulated_rgb"]["tiny"]["psnr"]) == ["1", "2", "4", "8", "16"]
    assert {path.name for path in out.iterdir()} == {
        "tables.md", "scenes.csv", "summary.json", "perception_distortion.png", "gain_of_dates.png", "calibration.png", "sheet_tiny.png",
    }  # fmt: skip


def _mistakes(folder: Path) -> dict[str, tuple]:
    (folder / "other.toml").write_text(_config(folder).read_text().replace("trunk_width = 12", "trunk_width = 16"))
    return {
        "No training images": ("train", _config(folder), "--out", folder / "x", "--data", folder / "mean"),
        "not that of the configuration": ("train", folder / "other.toml", "--out", folder / "x", "--init", folder / "mean"),
        "no_card.toml": ("export", folder / "flow", folder / "no_card.toml", "--out", folder / "x.safetensors"),
        "no_model": ("evaluate", "--model", "no_model", "--data", folder / "data"),
    }


def test_mistakes_are_one_sentence(folder):
    for words, (script, *arguments) in _mistakes(folder).items():
        done = _run(script, *arguments)
        assert done.returncode == 1, (words, done.stderr)
        assert words in done.stderr
        assert done.stderr.count("\n") == 1


def test_a_process_ends_with_the_exit_code_and_no_traceback(folder):
    done = _start("export", folder / "nowhere", folder / "card.toml", "--out", folder / "x.safetensors")
    assert done.returncode == 1
    assert "holds no checkpoint" in done.stderr and "Traceback" not in done.stderr


def test_only_our_own_network_is_exported(folder):
    checkpoint = torch.load(folder / "unbroken" / "checkpoint.pt", weights_only=True)
    config = json.loads(checkpoint["config"]) | {"system": "no_shift"}
    (folder / "variant").mkdir()
    torch.save(checkpoint | {"config": json.dumps(config)}, folder / "variant" / "checkpoint.pt")
    done = _run("export", folder / "variant", folder / "card.toml", "--out", folder / "x.safetensors")
    assert done.returncode == 1
    assert "holds a training of no_shift" in done.stderr
