"""finetune.py as a user runs it, on a generated folder with a tiny network; and what it settles before."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import rasterio
import torch
from fixtures import folder_layout as layout

from sitsr_core.errors import InputError, JobError
from sitsr_core.models.card import ModelCard, load_model, save_model
from sitsr_core.run_lock import RunLock
from sitsr_core.training.checkpoint import load_averaged
from sitsr_core.training.finetune import FineTuning, finetune, require_same_start, split_sites, told_split

ROOT = Path(__file__).resolve().parents[2]
STEPS, FLOW_STEPS = 70, 4


def _python(*arguments: object) -> subprocess.CompletedProcess:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return subprocess.run([sys.executable, *map(str, arguments)], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240)


def _finetune(folder: Path, *arguments: object) -> subprocess.CompletedProcess:
    common = ("--model", folder / "parent.safetensors", "--data", "orthophotos of nowhere, CC0", "--licence", "CC-BY-4.0", "--threads", 1)
    return _python("training/finetune.py", folder / "sites", "--out", folder / "mine", *common, *arguments)


OPTIONS = ("--steps", STEPS, "--flow-steps", FLOW_STEPS, "--batch", 4, "--patch", 16, "--max-dates", 3, "--learning-rate", 1e-2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Three sites and a tiny parent in a folder, fine-tuned into "mine"; what the script said in "said.txt"."""
    from conftest import TINY

    from sitsr_core.models.network import SuperResolver

    folder = tmp_path_factory.mktemp("finetune")
    layout.folder(folder / "sites", 3)
    torch.manual_seed(0)
    parent = SuperResolver(TINY)
    parent.calibration.fill_(1.5)
    card = ModelCard("tiny", "0.1", "A test.", training_data=["nothing"], limits="Many.", dates=(1, 2), metrics={"psnr": 1}, gsd=20.0)
    save_model(parent, card, folder / "parent.safetensors")
    done = _finetune(folder, *OPTIONS)
    assert done.returncode == 0, done.stderr
    (folder / "said.txt").write_text(done.stdout)
    return folder


def _losses(folder: Path) -> list[float]:
    return [json.loads(line)["loss"] for line in (folder / "log.jsonl").read_text().splitlines()]


def test_the_loss_falls(folder):
    losses = _losses(folder / "mine" / "mean")
    assert len(losses) == STEPS
    assert sum(losses[-20:]) / 20 < 0.95 * sum(losses[:10]) / 10
    assert len(_losses(folder / "mine" / "flow")) == FLOW_STEPS


def test_the_model_is_better_than_its_parent_on_the_site_held_out(folder):
    metrics = load_model(str(folder / "mine" / "mine.safetensors")).card.metrics
    assert metrics["after"]["1"] > metrics["before"]["1"]


def test_the_card_says_what_changed(folder):
    network = load_model(str(folder / "mine" / "mine.safetensors"))
    card = network.card
    assert (card.name, card.licence, card.gsd, list(card.dates)) == ("mine", "CC-BY-4.0", 10.0, [1, 3])
    assert card.training_data == ["nothing", "Fine-tuned: orthophotos of nowhere, CC0 (2 real pairs of 2 sites)"]
    assert card.description == "tiny 0.1, fine-tuned on real pairs. A test."
    assert "Judged and calibrated on 1 site that" in card.limits
    assert "psnr" not in card.metrics
    assert (network.calibration > 0).all() and (network.calibration != 1.5).all()


def test_what_was_found_is_said(folder):
    said = (folder / "said.txt").read_text()
    assert "2 sites to learn from, 1 held out: site0." in said
    assert "site1, 2021-06-02 (nearest clear date 2021-06-01, 1 days off): shifted by" in said
    assert re.search(
        r"Held-out sites, before: [+-]\d+\.\d\d dB with 1 date, .* over bicubic interpolation; the worst scene changes by", said
    )
    assert "waiting for data" in said and "mine.safetensors" in said


def test_what_cannot_be_judged_is_said():
    assert (
        told_split(["a"], []) == "1 site to learn from, and none is held out: whether the model becomes better elsewhere cannot be judged."
    )


def test_the_command_line_uses_the_model(folder):
    inputs = sorted((folder / "sites" / "site0" / "lr").iterdir())
    out = folder / "fine.tif"
    done = _python("-m", "sitsr_core.cli", "predict", *inputs, "--model", folder / "mine" / "mine.safetensors", "--output", out)
    assert done.returncode == 0, done.stderr + done.stdout
    with rasterio.open(out) as image:
        assert (image.count, image.height, image.width) == (4, 192, 192)


def test_a_second_call_has_nothing_left_to_do(folder):
    before = load_model(str(folder / "mine" / "mine.safetensors")).state_dict()
    done = _finetune(folder, *OPTIONS)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Nothing was left to do") == 2
    after = load_model(str(folder / "mine" / "mine.safetensors")).state_dict()
    assert all(torch.equal(value, after[name]) for name, value in before.items())


def test_a_folder_that_another_run_holds_is_left_alone(folder):
    assert sorted(path.name for path in (folder / "mine").iterdir()) == ["flow", "mean", "mine.safetensors"]
    lock = RunLock(folder / "mine")
    done = _finetune(folder, *OPTIONS)
    lock.remove()
    assert (done.returncode, done.stdout) == (1, "")
    assert f"Another run is using the run folder '{folder / 'mine'}'. Wait for it to end" in done.stderr


def test_a_denoiser_of_another_first_stage_is_not_used(folder):
    network = load_averaged(folder / "mine" / "mean")[0]
    require_same_start(folder / "mine" / "flow", network)
    require_same_start(folder / "nowhere", network)
    with torch.no_grad():
        network.mean_head.weight += 0.01
    with pytest.raises(JobError, match="was trained behind another mean"):
        require_same_start(folder / "mine" / "flow", network)


def test_a_mistake_is_one_sentence(folder):
    done = _finetune(folder, "--hold-out", "nowhere")
    assert done.returncode == 1
    assert "The site 'nowhere' cannot be held out" in done.stderr and "Traceback" not in done.stderr


class _Site:
    part = ""

    def __init__(self, name):
        self.name = name


def test_which_sites_are_held_out():
    def names(count, hold_out):
        return [[site.name for site in part] for part in split_sites([_Site(f"s{n}") for n in range(count)], hold_out)]

    assert names(2, None) == [["s0", "s1"], []]
    assert names(3, None) == [["s1", "s2"], ["s0"]]
    assert names(12, None)[1] == ["s0", "s10"]
    assert names(3, ["s2"]) == [["s0", "s1"], ["s2"]]
    assert names(3, [])[1] == []
    with pytest.raises(InputError, match="All sites are held out"):
        names(1, ["s0"])


def test_a_model_needs_a_licence_and_its_data(tmp_path):
    with pytest.raises(JobError, match="needs a licence"):
        finetune(FineTuning(str(tmp_path), "small", tmp_path, "mine", data="something", licence=" "), print)
