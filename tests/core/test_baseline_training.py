"""The published systems in the trainer: they train, go on exactly, and are never taken for each other."""

import dataclasses
import json
from pathlib import Path

import pytest
import torch
from test_baselines import OWN, TINY

from sitsr_core.baselines.registry import SYSTEMS, find_system
from sitsr_core.datasets.sampler import PlaceSampler, SamplerConfig
from sitsr_core.datasets.simulate import SimulationConfig
from sitsr_core.errors import JobError, ModelError
from sitsr_core.training.checkpoint import load_averaged, load_checkpoint, save_checkpoint
from sitsr_core.training.config import OptimizationConfig, TrainingConfig
from sitsr_core.training.trainer import Trainer
from sitsr_core.training.validation import Validation, place_batches

CONFIGS = sorted((Path(__file__).parents[2] / "training" / "configs" / "systems").glob("*.toml"))
SHARES = {"rgb": 0.5, "rgbn": 0.5}
SYSTEMS_TO_TRAIN = ("highres_net", "highres_net_ltae", "srdiff", "sr3", "srdiff_highres_net_ltae", "one_network", "no_shift")


def _config(name: str, **options) -> TrainingConfig:
    usual = {"steps": 4, "warmup": 1, "ema": 0.9, "precision": "float32", "checkpoint_every": 2, "validate_every": 4}
    objective = next(iter(SYSTEMS[name].objectives))
    optimization = OptimizationConfig(**({"objective": objective} | usual | options))
    sampler = SamplerConfig(batch=2, patch=12, max_dates=3, shares=SHARES)
    return TrainingConfig("unused", system=name, network=TINY.get(name, OWN), sampler=sampler, optimization=optimization)


def _trainer(places, folder, name, validation=None, **options) -> Trainer:
    torch.manual_seed(0)
    config = _config(name, **options)
    network = find_system(name).build(config.network)
    return Trainer(network, PlaceSampler(places, config.sampler, SimulationConfig()), config, folder, validation)


@pytest.mark.parametrize("optimizer", ["muon", "adam"])
@pytest.mark.parametrize("name", SYSTEMS_TO_TRAIN)
def test_resume_is_exact(places, tmp_path, name, optimizer):
    _trainer(places, tmp_path / "whole", name, optimizer=optimizer).run()
    _trainer(places, tmp_path / "parts", name, optimizer=optimizer).run(until=2)
    _trainer(places, tmp_path / "parts", name, optimizer=optimizer).run()
    whole, parts = (load_averaged(tmp_path / folder)[0] for folder in ("whole", "parts"))
    assert type(whole) is SYSTEMS[name].network
    assert all(torch.equal(value, parts.state_dict()[key]) for key, value in whole.state_dict().items())


def test_validation_knows_every_system(places, tmp_path):
    batches = place_batches([p for p in places if p.source == "rgbn"], SamplerConfig(batch=2, patch=12, shares=SHARES))
    for name in SYSTEMS_TO_TRAIN:
        _trainer(places, tmp_path / name, name, Validation(batches)).run()
        figures = json.loads((tmp_path / name / "log.jsonl").read_text().splitlines()[-1])
        assert ("steady_8" if "mean" in SYSTEMS[name].objectives else "steady_loss") in figures, name


def test_another_system_or_optimizer_does_not_go_on(places, tmp_path):
    _trainer(places, tmp_path, "no_shift", steps=1).run()
    with pytest.raises(JobError, match="another network"):
        _trainer(places, tmp_path, "mean_fusion")
    with pytest.raises(JobError, match="another optimizer"):
        _trainer(places, tmp_path, "no_shift", optimizer="adam")
    config = _config("no_shift")
    with pytest.raises(JobError, match="not that of the configuration"):
        Trainer(find_system("unmasked").build(config.network), None, config, tmp_path / "other")


def test_checkpoints_from_before_there_were_other_systems_go_on(places, tmp_path):
    _trainer(places, tmp_path, "sitsr").run(until=2)
    state = load_checkpoint(tmp_path)
    config = json.loads(state["config"])
    del config["system"], config["optimization"]["optimizer"]
    save_checkpoint(tmp_path, state | {"config": json.dumps(config)})
    trainer = _trainer(places, tmp_path, "sitsr")
    assert trainer.step == 2
    assert type(load_averaged(tmp_path)[0]) is SYSTEMS["sitsr"].network


def test_configuration_of_a_system_has_its_own_network(tmp_path):
    values = {"data": "x", "system": "highres_net", "network": {"width": 32}}
    assert TrainingConfig.from_dict(values).network.width == 32
    assert TrainingConfig.from_dict({"data": "x", "system": "srdiff"}).network == SYSTEMS["srdiff"].config()
    with pytest.raises(JobError, match="trunk_width"):
        TrainingConfig.from_dict({"data": "x", "system": "highres_net", "network": {"trunk_width": 32}})
    with pytest.raises(JobError, match="no system 'nothing'"):
        TrainingConfig.from_dict({"data": "x", "system": "nothing"})
    config = TrainingConfig.from_dict(values)
    assert TrainingConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_shipped_configurations_of_systems_are_valid(path):
    config = TrainingConfig.from_file(path)
    assert (config.system, config.optimization.objective) == (path.stem, next(iter(SYSTEMS[path.stem].objectives)))


def test_what_cannot_be_built_or_minimised_is_one_sentence(places, tmp_path):
    system = SYSTEMS["highres_net_ltae"]
    with pytest.raises(ModelError, match="No network can be built"):
        system.build(dataclasses.replace(system.config(), width=-1))
    with pytest.raises(JobError, match="Unknown objective 'flow'"):
        _trainer(places, tmp_path, "highres_net", objective="flow")
    with pytest.raises(JobError, match="Unknown optimizer 'sgd'"):
        _trainer(places, tmp_path, "highres_net", optimizer="sgd")
