"""Fine-tuning as a job: it stops when asked, goes on as if it had not, starts anew when something changed, and says how it went."""

import base64
import json
import os
import signal

import pytest
import torch
from conftest import TINY
from engine_fixtures import start_worker
from fixtures import folder_layout as layout

from sitsr_core import cli
from sitsr_core.errors import Cancelled, JobError, OutputError, SitsrError
from sitsr_core.inference.events import Message, Progress
from sitsr_core.models.card import ModelCard, load_model, save_model
from sitsr_core.models.network import SuperResolver
from sitsr_core.run_lock import RunLock
from sitsr_core.training.curve import read_curve
from sitsr_core.training.finetune_job import FineTuneJob, run_finetune

FEW = {"steps": 7, "flow_steps": 3, "batch": 2, "patch": 16, "max_dates": 2, "learning_rate": 1e-2, "device": "cpu"}


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """A job's values but for the output: three sites and a tiny parent."""
    folder = tmp_path_factory.mktemp("job")
    layout.folder(folder / "sites", 3, size=24)
    torch.manual_seed(0)
    save_model(SuperResolver(TINY), ModelCard("tiny", dates=(1, 2), training_data=["nothing"]), folder / "parent.safetensors")
    return {"folder": str(folder / "sites"), "model": str(folder / "parent.safetensors"), "data": "x", "licence": "CC0-1.0", **FEW}


class Run:
    """A run that hears everything, asks to stop once ``stop_at`` was said, and does ``then`` instead if that is given."""

    def __init__(self, stop_at="", then=None):
        self.stop_at, self.then, self.events = stop_at, then, []

    def run(self, values):
        return run_finetune(FineTuneJob.from_dict(values), self.events.append, self.asked)

    def asked(self):
        reached = bool(self.stop_at) and self.stop_at in self.said()[-1]
        if reached and self.then:
            self.then()
        return reached and not self.then

    def said(self):
        return [
            event.text if isinstance(event, Message) else event.message for event in self.events if isinstance(event, Message | Progress)
        ]


def test_stopped_anywhere_it_goes_on_as_if_it_had_not(given, tmp_path):
    whole, broken = (given | {"output": str(tmp_path / name / "mine.safetensors")} for name in ("whole", "broken"))
    first = Run()
    result = first.run(whole)
    for stop_at in ("Image and spread: step 3 of 7", "Denoiser: step 2 of 3"):
        with pytest.raises(Cancelled):
            Run(stop_at).run(broken)
        assert not (tmp_path / "broken" / "mine.safetensors").exists()
    last = Run()
    assert last.run(broken)["curves"] == result["curves"]
    steps = [text.partition(",")[0] for text in last.said() if ": step " in text]
    assert "Going on with the training that was stopped." in last.said() and steps == ["Denoiser: step 3 of 3"]
    one, other = (load_model(values["output"]).state_dict() for values in (whole, broken))
    assert all(torch.equal(value, other[name]) for name, value in one.items())
    assert [path.name for path in (tmp_path / "broken").iterdir()] == ["mine.safetensors"]
    fractions = [event.fraction for event in first.events if isinstance(event, Progress)]
    assert fractions == sorted(fractions) and fractions[-1] == 1
    assert len(result["curves"]["mean"]["loss"]) == 7 and len(result["curves"]["mean"]["held_out"]) == 1
    assert result["held_out"] == ["site0"] and result["pairs"] == 2 and set(result["metrics"]) == {"before", "after"}
    assert base64.b64decode(result["picture"])[:2] == b"\xff\xd8"


def test_other_settings_start_anew(given, tmp_path):
    values = given | {"output": str(tmp_path / "mine.safetensors"), "hold_out": []}
    with pytest.raises(Cancelled):
        Run("step 3 of 7").run(values)
    again = Run()
    result = again.run(values | {"seed": 1, "flow_steps": 0})
    assert "Images or settings have changed: the training starts anew." in again.said()
    assert any("step 1 of 7" in text for text in again.said())
    assert result["metrics"] == {} and result["picture"] == "" and result["curves"]["flow"]["loss"] == []


def test_two_runs_do_not_share_an_output(given, tmp_path):
    values = given | {"output": str(tmp_path / "mine.safetensors"), "hold_out": [], "flow_steps": 0}
    other = Run()

    def run_another():
        with pytest.raises(OutputError, match=r"Another run is using the run folder '.*mine.safetensors.sitsr-run'. Wait for it to end"):
            other.run(values | {"steps": 2})

    first = Run("step 3 of 7", run_another)
    assert len(first.run(values)["curves"]["mean"]["loss"]) == 7
    assert other.said() == ["Reading the images"], "it is refused at once"
    assert [path.name for path in tmp_path.iterdir()] == ["mine.safetensors"]


def test_of_two_runs_that_read_their_images_at_once_one_trains(given, tmp_path):
    values = given | {"output": str(tmp_path / "mine.safetensors"), "hold_out": [], "flow_steps": 0}
    late = Run("Reading the images", lambda: lock.append(RunLock(tmp_path / "mine.safetensors.sitsr-run")))
    lock: list[RunLock] = []
    with pytest.raises(OutputError, match="Another run"):
        late.run(values)
    lock[0].remove()
    assert list(tmp_path.iterdir()) == []


def test_a_killed_run_leaves_no_stale_lock(given, tmp_path):
    values = given | {"output": str(tmp_path / "mine.safetensors"), "hold_out": [], "flow_steps": 0, "steps": 30}
    (tmp_path / "job.json").write_text(json.dumps(values))
    worker = start_worker(tmp_path / "job.json", "--task", "finetune")
    assert any("step 12 of 30" in line for line in worker.stdout)
    os.kill(worker.pid, signal.SIGKILL)
    worker.communicate()
    assert (tmp_path / "mine.safetensors.sitsr-run").is_dir() and not (tmp_path / "mine.safetensors").exists()
    again = Run()
    again.run(values)
    assert "Going on with the training that was stopped." in again.said() and not any("step 10 of 30" in text for text in again.said())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["job.json", "mine.safetensors"]


def test_a_run_that_never_began_training_leaves_nothing(given, tmp_path):
    (tmp_path / "empty").mkdir()
    values = given | {"output": str(tmp_path / "new" / "mine.safetensors")}
    for wrong, match in (
        ({"folder": str(tmp_path / "empty")}, "holds no site"),
        ({"patch": 64}, "patches need 64"),
        ({"hold_out": ["nowhere"]}, "cannot be held out"),
        ({"model": str(tmp_path / "nowhere.safetensors")}, "nowhere"),
    ):
        with pytest.raises(SitsrError, match=match):
            Run().run(values | wrong)
    with pytest.raises(Cancelled):
        Run("Reading the images").run(values)
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


def test_a_run_that_fails_at_once_keeps_what_another_one_has_learned(given, tmp_path):
    values = given | {"output": str(tmp_path / "mine.safetensors"), "hold_out": [], "flow_steps": 0}
    with pytest.raises(Cancelled):
        Run("step 3 of 7").run(values)
    with pytest.raises(SitsrError, match="patches need 64"):
        Run().run(values | {"patch": 64})
    again = Run()
    again.run(values)
    assert "Going on with the training that was stopped." in again.said() and not any("step 3 of 7" in text for text in again.said())


def test_a_place_that_cannot_be_written_is_known_before_the_images_are_read(given, tmp_path):
    (tmp_path / "file").touch()
    for output, match in (
        (tmp_path / "file" / "mine.safetensors", "a part of its path is a file"),
        (tmp_path / f"{'n' * 240}.safetensors", "too long"),
    ):
        run = Run()
        with pytest.raises(OutputError, match=match):
            run.run(given | {"output": str(output)})
        assert run.said() == ["Reading the images"]
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_finished_model_is_replaced_only_when_told(given, tmp_path, capsys):
    mine = tmp_path / "mine.safetensors"
    with pytest.raises(Cancelled):
        Run("step 1 of 7").run(given | {"output": str(mine), "hold_out": [], "flow_steps": 0})
    command = ["finetune", given["folder"], "-o", str(mine), "--data", "x", "--licence", "CC0-1.0", "--model", given["model"], "--hold-out"]
    command += ["--steps", "7", "--flow-steps", "0", "--batch", "2", "--patch", "16", "--max-dates", "2", "--learning-rate", "1e-2"]
    assert cli.main([*command, "--device", "cpu"]) == 0, "what was stopped goes on"
    assert "Going on with the training that was stopped." in capsys.readouterr().err
    before = mine.read_bytes()
    assert cli.main([*command, "--seed", "1"]) == 1
    assert f"The output '{mine}' exists already." in capsys.readouterr().err
    with pytest.raises(OutputError, match="exists already"):
        Run().run(given | {"output": str(mine)})
    assert mine.read_bytes() == before and [path.name for path in tmp_path.iterdir()] == ["mine.safetensors"]
    assert cli.main([*command, "--seed", "1", "--overwrite"]) == 0 and mine.read_bytes() != before


def test_the_command_line_runs_it(given, tmp_path, capsys):
    output = tmp_path / "mine.safetensors"
    options = [word for name, value in FEW.items() for word in (f"--{name.replace('_', '-')}", str(value))]
    card = ["--data", "x", "--licence", "CC0-1.0", "--model", given["model"]]
    assert cli.main(["finetune", given["folder"], "-o", str(output), *card, *options, "--json", "--quiet"]) == 0
    assert json.loads(capsys.readouterr().out)["model"] == str(output) and load_model(str(output)).card.name == "mine"
    assert cli.main(["finetune", given["folder"], "-o", str(tmp_path / "mine.txt"), *card]) == 1
    assert "has another ending" in capsys.readouterr().err


def test_a_wrong_job_is_one_sentence(given):
    for wrong, match in (
        ({"steps": 0}, "steps is 0"),
        ({"hold_out": "site0"}, "'hold_out' is not a list of texts or null"),
        ({"learning_rate": 2}, "learning_rate is 2"),
        ({"output": "mine"}, "another ending"),
        ({"overwrite": "yes"}, "'overwrite' is not true or false"),
    ):
        with pytest.raises(JobError, match=match):
            FineTuneJob.from_dict(given | {"output": "mine.safetensors"} | wrong)


def test_a_curve_is_thinned_and_a_cut_line_is_left_out(tmp_path):
    rows = [{"step": n, "loss": float(n)} | ({"held_out_1": 0.5, "held_out_8": n / 10} if n == 10 else {}) for n in range(1, 11)]
    (tmp_path / "log.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows) + '{"step": 11, "lo')
    assert read_curve(tmp_path, 5) == {"loss": [[2, 1.5], [4, 3.5], [6, 5.5], [8, 7.5], [10, 9.5]], "held_out": [[10, 1.0]]}
    assert read_curve(tmp_path / "nowhere") == {"loss": [], "held_out": []}
