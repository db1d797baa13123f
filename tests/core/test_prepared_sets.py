"""Scenes of prepared datasets of every factor: what they hold, and judging trainings on them as a user does."""

import json
import runpy
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from fixtures import probav_layout, sen2venus_layout

from sitsr_core import metrics, sensor
from sitsr_core.baselines.highres_net import HighResNet, HighResNetConfig
from sitsr_core.datasets import probav, sen2venus
from sitsr_core.datasets.prepare import prepare
from sitsr_core.datasets.prepared import load_prepared
from sitsr_core.errors import JobError
from sitsr_core.evaluation.evaluate import evaluate
from sitsr_core.evaluation.methods import Bicubic, MedianBicubic, TrainedSystem
from sitsr_core.evaluation.prepared_sets import bands_of, factor_of, pair_scenes
from sitsr_core.evaluation.sets import held_out
from sitsr_core.evaluation.systems import require_fitting
from sitsr_core.training.checkpoint import PARTS, save_checkpoint
from sitsr_core.training.config import TrainingConfig

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def venus(tmp_path_factory):
    """SEN2VENuS of one test site, prepared."""
    root = tmp_path_factory.mktemp("venus")
    raw = sen2venus_layout.dataset(root / "raw", ("NARYN",))
    prepare(sen2venus.CARD, sen2venus.entries(raw), root / "out", False, print, quiet=True)
    return root / "out"


@pytest.fixture(scope="module")
def vegetation(tmp_path_factory):
    """PROBA-V, prepared, with the competition's baseline."""
    root = tmp_path_factory.mktemp("probav")
    raw = probav_layout.dataset(root / "raw", {"RED": ("imgset0000",), "NIR": ("imgset0590",)})
    scores = probav.baseline_scores(raw)
    prepare(probav.CARD, probav.entries(raw), root / "out", False, print, quiet=True, scores=scores)
    return root / "out"


def test_a_scene_is_a_window_of_a_pair(venus):
    sites = load_prepared(venus).sites
    assert (bands_of(sites), factor_of(sites)) == (("B02", "B03", "B04", "B08"), 2)
    scenes = pair_scenes(sites, bands_of(sites), 5, 48)
    assert [scene.name for scene in scenes[:2]] == ["NARYN/00000/2018-03-06", "NARYN/00001/2018-03-06"] and len(scenes) == 5
    for scene in scenes:
        assert scene.series.reflectance.shape[2:] == (4, 48, 48) and scene.truth.shape == (4, 96, 96) and scene.factor == 2
        assert scene.series.days[0, 0] == 0 and scene.series.reference[0] == 0
        seen = sensor.observe(torch.from_numpy(scene.truth)[None], scene.bands, 2) - scene.observed()[0]
        assert seen[..., 3:-3, 3:-3].abs().max() < 5e-4
    assert scenes[2].dates == 3 and pair_scenes(sites, bands_of(sites), 1, 0)[0].truth.shape == (4, 256, 256)


def test_a_band_that_a_place_lacks_is_shown_empty_and_not_judged(vegetation):
    prepared = load_prepared(vegetation)
    red, near = pair_scenes(prepared.sites, bands_of(prepared.sites), 2, 0, prepared.scores)
    assert (red.bands, red.judged, near.judged) == (("B04", "B08"), (0,), (1,))
    assert (near.series.reflectance[:, :, 0] == 0).all() and (near.series.reflectance[:, :, 1] > 0).any()
    assert near.truth.shape == (1, 384, 384) and (red.baseline, near.baseline) == (45.5, 45.5)
    row = evaluate([Bicubic(), MedianBicubic()], [near], None, ("probav",))["mean"]["bicubic"]["1"]
    image = sensor.upsample(near.observed()[0][:, 1:], 3)[0].numpy()
    assert row["psnr"] == pytest.approx(metrics.psnr(image, near.truth, near.mask), abs=0.01)
    assert row["probav_score"] == pytest.approx(45.5 / row["probav_cpsnr"]) and "sam" not in row


def test_networks_for_other_data_are_refused(venus):
    (scenes,) = held_out(str(venus), "", 1).values()
    for config, words in (
        (HighResNetConfig(width=8, blocks=1), "for a factor of 4, the data have 2"),
        (HighResNetConfig(bands=("B04",), center=(0.0,), spread=(1.0,), factor=2), "for the bands B04, the data have B02, B03, B04, B08"),
    ):
        with pytest.raises(JobError, match=words):
            require_fitting("it", HighResNet(config), scenes)
    fitting = HighResNet(HighResNetConfig(width=8, blocks=1, factor=2)).eval()
    require_fitting("it", fitting, scenes)
    assert np.isfinite(evaluate([TrainedSystem("it", fitting)], scenes)["mean"]["it"]["2"]["ergas"])
    with pytest.raises(JobError, match=r"makes no set 'real_s2'\. It makes sen2venus"):
        held_out(str(venus), "", 1, ("real_s2",))


def test_evaluate_judges_a_training_of_factor_three_by_the_competitions_score(vegetation, tmp_path, monkeypatch, capsys):
    network = HighResNet(HighResNetConfig(bands=("B04", "B08"), center=(0.1, 0.2), spread=(0.1, 0.1), width=8, blocks=1, factor=3))
    plain = json.dumps(TrainingConfig(str(vegetation), system="highres_net", network=network.config).to_dict())
    state = network.state_dict()
    (tmp_path / "run").mkdir()
    save_checkpoint(tmp_path / "run", dict.fromkeys(PARTS) | {"network": state, "average": state, "step": 1, "config": plain})
    arguments = ["--data", vegetation, "--model", f"mine={tmp_path / 'run'}", "--out", tmp_path / "out", "--side", 0, "--threads", 1]
    monkeypatch.setattr(sys, "argv", ["evaluate.py", *map(str, arguments), "--protocol", "probav", "--scenes", "1"])
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit) as left:
        runpy.run_path("training/evaluate.py", run_name="__main__")
    printed = capsys.readouterr()
    assert left.value.code == 0, printed.err
    figures = json.loads(printed.out.splitlines()[-1])["evaluate"]["probav"]
    assert figures["mine"]["probav_score"] == pytest.approx(45.5 / figures["mine"]["probav_cpsnr"], abs=1e-4)
    assert figures["bicubic"]["probav_score"] < figures["mine"]["probav_score"]  # nothing was learned
