"""The trainer learns, resumes exactly and refuses what does not fit."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from sitsr_core.baselines.registry import find_system
from sitsr_core.datasets.sampler import PlaceSampler, SamplerConfig
from sitsr_core.datasets.simulate import SimulationConfig
from sitsr_core.errors import JobError, ModelError, OutputError
from sitsr_core.models.data_fidelity import seen_by_dates
from sitsr_core.models.network import NetworkConfig, SuperResolver
from sitsr_core.training.calibration import calibrate, strengthen
from sitsr_core.training.checkpoint import NAME, load_averaged
from sitsr_core.training.config import OptimizationConfig, TrainingConfig
from sitsr_core.training.trainer import Trainer, learning_rate
from sitsr_core.training.validation import Validation, place_batches

NETWORK = NetworkConfig(encoder_width=8, encoder_blocks=1, heads=2, trunk_width=12, trunk_blocks=1, denoiser_width=8, denoiser_blocks=1)
CONFIGS = Path(__file__).parents[2] / "training" / "configs"
SHARES = {"rgb": 0.5, "rgbn": 0.5}


def _trainer(places, folder, steps=6, objective="mean", validation=None, network=NETWORK, teacher=""):
    torch.manual_seed(0)
    options = OptimizationConfig(
        objective=objective, steps=steps, learning_rate=3e-3, warmup=2, ema=0.9, precision="float32", checkpoint_every=3, validate_every=3,
        teacher=teacher,
    )  # fmt: skip
    sampler = SamplerConfig(batch=4, patch=16, max_dates=4, shares=SHARES)
    config = TrainingConfig("unused", network=network, sampler=sampler, optimization=options)
    return Trainer(SuperResolver(network), PlaceSampler(places, sampler, SimulationConfig()), config, folder, validation)


def _losses(folder):
    return [json.loads(line)["loss"] for line in (folder / "log.jsonl").read_text().splitlines()]


@pytest.mark.parametrize(("objective", "taught"), [("mean", False), ("flow", False), ("spread", False), ("mean", True)])
def test_resume_is_exact(places, tmp_path, objective, taught):
    if taught:
        _trainer(places, tmp_path / "teacher").run(until=3)
    options = {"objective": objective, "teacher": str(tmp_path / "teacher") if taught else ""}
    _trainer(places, tmp_path / "whole", **options).run()
    _trainer(places, tmp_path / "parts", **options).run(until=3)
    _trainer(places, tmp_path / "parts", **options).run()
    assert _losses(tmp_path / "parts") == _losses(tmp_path / "whole")
    whole, parts = (load_averaged(tmp_path / name)[0].state_dict() for name in ("whole", "parts"))
    assert all(torch.equal(whole[name], parts[name]) for name in whole)


def test_lines_logged_after_the_last_checkpoint_are_not_repeated(places, tmp_path):
    _trainer(places, tmp_path / "whole").run()
    _trainer(places, tmp_path / "killed").run(until=3)
    with (tmp_path / "killed" / "log.jsonl").open("a") as log:
        log.write('{"step": 4, "loss": 99}\n{"step": 5, "lo')
    _trainer(places, tmp_path / "killed").run()
    assert _losses(tmp_path / "killed") == _losses(tmp_path / "whole")


def test_lines_logged_before_the_first_checkpoint_are_not_repeated(places, tmp_path):
    (tmp_path / "log.jsonl").write_text('{"step": 1, "loss": 99}\n')
    _trainer(places, tmp_path, steps=3).run()
    assert [json.loads(line)["step"] for line in (tmp_path / "log.jsonl").read_text().splitlines()] == [1, 2, 3]
    assert 99 not in _losses(tmp_path)


def test_a_folder_that_cannot_be_made_is_one_sentence(places, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="file/out' cannot be written: Not a directory"):
        _trainer(places, tmp_path / "file" / "out")


def test_it_learns(places, tmp_path):
    trainer = _trainer(places, tmp_path, steps=60)
    trainer.run()
    gains = [json.loads(line)["gain_db"] for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert np.mean(gains[-10:]) > np.mean(gains[:10]) + 0.2


@pytest.mark.parametrize(("objective", "part"), [("flow", "denoiser"), ("spread", "std_head")])
def test_some_objectives_move_one_part_only(places, tmp_path, objective, part):
    trainer = _trainer(places, tmp_path, objective=objective)
    before = {name: value.clone() for name, value in trainer.network.state_dict().items()}
    trainer.run()
    moved = {name.split(".")[0] for name, value in trainer.network.state_dict().items() if not torch.equal(value, before[name])}
    assert moved == {part}


def test_validation_is_logged(places, tmp_path):
    rgbn = [p for p in places if p.source == "rgbn"]
    validation = Validation(place_batches(rgbn, SamplerConfig(batch=2, patch=16, shares=SHARES)))
    _trainer(places, tmp_path, validation=validation).run()
    figures = json.loads((tmp_path / "log.jsonl").read_text().splitlines()[-1])
    assert {"steady_1", "steady_8", "changing_1", "changing_8"} <= set(figures)


def test_calibration_covers_what_it_promises(places, tiny_network):
    batches = place_batches(places, SamplerConfig(batch=4, patch=16, shares=SHARES))["steady"]
    calibrate(tiny_network, batches)
    with torch.no_grad():
        prediction = tiny_network.encode(batches[0].series)
    inside = ((batches[0].truth - prediction.mean).abs() < 2 * prediction.std)[:, :3].float().mean().item()
    assert inside == pytest.approx(0.9545, abs=0.03)


def test_a_stronger_pull_brings_the_mean_closer_to_what_the_dates_show(places, tiny_network):
    batch = place_batches(places, SamplerConfig(batch=4, patch=16, shares=SHARES))["steady"][0]

    def misfit() -> float:
        with torch.no_grad():
            mean = tiny_network.encode(batch.series).mean
        seen = seen_by_dates(mean, batch.series.shift, tiny_network.psf_sigma[: mean.shape[1]], 4)
        shown = batch.series.reflectance[..., 2:-2, 2:-2]
        return ((seen - shown) * batch.series.clear[:, :, None, 2:-2, 2:-2]).abs().mean().item()

    before = misfit()
    strengthen(tiny_network, 2.0, 1.0)
    assert misfit() < before


def test_a_checkpoint_of_before_0_15_goes_on(places, tmp_path):
    """Its configuration says nothing of guided draws, and its denoiser has no layer for them."""
    older = dataclasses.replace(NETWORK, guided_draws=False)
    _trainer(places, tmp_path, steps=2, network=older).run(until=1)
    state = torch.load(tmp_path / NAME, weights_only=True)
    config = json.loads(state["config"])
    del config["network"]["guided_draws"]
    torch.save(state | {"config": json.dumps(config)}, tmp_path / NAME)
    assert load_averaged(tmp_path)[1].network == older
    assert _trainer(places, tmp_path, steps=2, network=older).step == 1


@pytest.mark.parametrize(("guided", "taken"), [(False, True), (True, True), (1, False), ("no", False)])
def test_a_yes_or_no_of_a_configuration_is_one(guided, taken):
    values = {"data": "unused", "network": {"guided_draws": guided}}
    if taken:
        assert TrainingConfig.from_dict(values).network.guided_draws is guided
    else:
        with pytest.raises(JobError, match="guided_draws"):
            TrainingConfig.from_dict(values)


def test_damaged_checkpoint_is_named(places, tmp_path):
    (tmp_path / NAME).write_bytes(b"not a checkpoint")
    with pytest.raises(ModelError, match="damaged"):
        _trainer(places, tmp_path)


def test_checkpoint_of_another_network_is_refused(places, tmp_path):
    _trainer(places, tmp_path, steps=1).run()
    with pytest.raises(JobError, match="another network"):
        _trainer(places, tmp_path, network=NetworkConfig(encoder_width=16, heads=2))


def test_checkpoint_of_another_objective_or_program_is_refused(places, tmp_path):
    _trainer(places, tmp_path, steps=1).run()
    with pytest.raises(JobError, match="another objective"):
        _trainer(places, tmp_path, objective="flow")
    torch.save({"model": 1}, tmp_path / NAME)
    with pytest.raises(ModelError, match="not a checkpoint"):
        load_averaged(tmp_path)
    with pytest.raises(ModelError, match="no checkpoint"):
        load_averaged(tmp_path / "nowhere")


def test_network_and_configuration_must_agree(places, tmp_path):
    config = TrainingConfig("unused", network=NETWORK)
    with pytest.raises(JobError, match="not that of the configuration"):
        Trainer(SuperResolver(NetworkConfig(encoder_width=16)), None, config, tmp_path)


def test_one_bad_batch_does_not_end_a_training(places, tmp_path):
    trainer = _trainer(places, tmp_path)
    trainer.train_step()
    before = {name: value.clone() for name, value in trainer.network.state_dict().items()}
    good = trainer.sampler.batch

    def bad(step):
        batch = good(step)
        batch.truth[0, 0, 20, 20] = float("nan")
        return batch

    trainer.sampler.batch = bad
    trainer.train_step()
    assert all(torch.equal(value, before[name]) for name, value in trainer.network.state_dict().items())
    assert trainer.step == 2


def test_learning_rate_rises_then_falls():
    rates = [learning_rate(s, 1.0, 10, 100) for s in range(101)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == pytest.approx(1.0)
    assert rates[-1] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("data = 3 4", "not valid TOML"),
        ("split = 'x'", "no data folder"),
        ("data = 'x'\n[network]\nwdth = 3", "wdth"),
        ("data = 'x'\nnonsense = 1", "nonsense"),
        ("data = 3", "data = 3"),
        ("base = 3", "base = 3"),
        ("base = 'absent.toml'", "absent.toml' cannot be read"),
        ("data = 'x'\nnetwork = 3", "not a table"),
        ("data = 'x'\n[optimization]\nsteps = 'many'", "steps"),
        ("data = 'x'\n[optimization]\nsteps = true", "steps"),
        ("data = 'x'\n[optimization]\ncheckpoint_every = 0", "checkpoint_every = 0"),
        ("data = 'x'\n[optimization]\nprecision = 'float16'", "Unknown precision 'float16'"),
        ("data = 'x'\n[sampler]\npatch = 4", "patch = 4"),
    ],
)
def test_bad_configuration_is_one_sentence(tmp_path, text, message):
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(JobError, match=message):
        TrainingConfig.from_file(path)


def test_configuration_can_be_laid_over_another(tmp_path):
    (tmp_path / "base.toml").write_text("data = 'x'\n[network]\nencoder_width = 16\n[sampler]\nbatch = 3\npatch = 20")
    path = tmp_path / "own.toml"
    path.write_text("base = 'base.toml'\n[sampler]\npatch = 24")
    own = TrainingConfig.from_file(path)
    assert (own.data, own.network.encoder_width, own.sampler.batch, own.sampler.patch) == ("x", 16, 3, 24)
    path.write_text("base = 'base.toml'\nsystem = 'srcnn'")
    assert TrainingConfig.from_file(path).network == find_system("srcnn").config()
    path.write_text("base = 'between.toml'\n[sampler]\npatch = 24")
    (tmp_path / "between.toml").write_text("base = 'base.toml'\n[sampler]\nbatch = 5\npatch = 28")
    own = TrainingConfig.from_file(path)
    assert (own.data, own.sampler.batch, own.sampler.patch) == ("x", 5, 24)


def test_a_configuration_that_is_based_on_itself_is_one_sentence(tmp_path):
    (tmp_path / "one.toml").write_text("base = 'two.toml'")
    (tmp_path / "two.toml").write_text("base = 'one.toml'")
    with pytest.raises(JobError, match=r"one.toml' has base = 'two.toml'. Give the path of another"):
        TrainingConfig.from_file(tmp_path / "one.toml")


def test_impossible_network_is_one_sentence(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text("data = 'x'\n[network]\nencoder_width = 16\nheads = 3")
    with pytest.raises(ModelError, match="The training configuration has 3 attention heads for 16 channels"):
        TrainingConfig.from_file(path)


@pytest.mark.parametrize("path", [p for p in sorted(CONFIGS.glob("*.toml")) if not p.stem.endswith("_card")], ids=lambda path: path.stem)
def test_shipped_configurations_are_valid(path):
    TrainingConfig.from_file(path)
