"""Each ablated network lacks what its name says, and nothing else."""

import dataclasses

import pytest
import torch
from test_baselines import tiny

from sitsr_core.baselines.registry import SYSTEMS
from sitsr_core.datasets.sampler import PlaceSampler, SamplerConfig
from sitsr_core.datasets.simulate import SimulationConfig
from sitsr_core.models.network import SuperResolver

VARIANTS = [name for name, system in SYSTEMS.items() if issubclass(system.network, SuperResolver)]


def _mean(network, batch):
    with torch.no_grad():
        return network.encode(batch).mean


def _awake(name):
    """A tiny variant whose mean shows what goes in."""
    network = tiny(name).eval()
    head = network.denoiser.head if name == "one_network" else network.mean_head
    torch.nn.init.normal_(head.weight, 0, 0.1)
    return network


def test_shifts_are_used_by_all_but_one(make_batch):
    batch = make_batch(1, 3, 8)
    moved = dataclasses.replace(batch, shift=batch.shift.flip(1) + 0.2)
    moved.shift[:, 0] = batch.shift[:, 0]
    for name in VARIANTS:
        network = _awake(name)
        same = torch.equal(_mean(network, batch), _mean(network, moved))
        assert same == (name == "no_shift"), name


def test_unknown_shifts_are_not_used(make_batch):
    batch = make_batch(1, 3, 8)
    batch.shift_known.zero_()
    moved = dataclasses.replace(batch, shift=batch.shift + 0.2)
    for name in VARIANTS:
        network = _awake(name)
        assert torch.equal(_mean(network, batch), _mean(network, moved)), name


def test_mean_fusion_weighs_clear_dates_alike(make_batch):
    encoder = _awake("mean_fusion").encoder
    clear = torch.ones(1, 3, 2, 2)
    clear[0, 1] = 0
    z = torch.randn(3, 8, 2, 2)
    fused, _ = encoder._fuse(z, clear, torch.zeros(1, 3), torch.zeros(1, dtype=torch.long))
    value = encoder.key_value(z)[:, 8:16]
    assert torch.allclose(fused[0, :8], (value[0] + value[2]) / 2, atol=1e-6)


def test_only_masked_attention_looks_away_from_clouds():
    clear = torch.ones(1, 3, 2, 2)
    clear[0, 1] = 0
    z = torch.randn(3, 8, 2, 2, generator=torch.Generator().manual_seed(0))
    other = z.clone()
    other[1] += 1
    days, reference = torch.zeros(1, 3), torch.zeros(1, dtype=torch.long)
    for name, ignores in (("sitsr", True), ("unmasked", False)):
        encoder = tiny(name).encoder
        assert torch.equal(encoder._fuse(z, clear, days, reference)[0], encoder._fuse(other, clear, days, reference)[0]) == ignores, name


def test_nothing_is_placed_in_the_unplaced_network(places):
    network = tiny("unplaced")
    batch = PlaceSampler(places, SamplerConfig(batch=2, patch=12, shares={"rgbn": 1.0}), SimulationConfig()).batch(0, dates=3)
    system = SYSTEMS["unplaced"]
    moved = {id(p) for p in system.parameters(network, "mean")}
    assert id(network.encoder.stem_positions.weight) not in moved
    system.objectives["mean"](network, batch, torch.Generator())[0].backward()
    assert network.encoder.stem_positions.weight.grad is None
    placed = network.trunk_in.weight.grad[:, 2 * network.config.encoder_width + 1 :]
    assert placed.abs().max() == 0


@pytest.mark.parametrize("steps", [1, 4])
def test_one_network_draws_the_exact_answer_of_a_sure_denoiser(make_batch, steps):
    """When the slope is that of one known residual from whatever state, the mean and every sample are it."""
    network = tiny("one_network").eval()
    truth = 0.5 * torch.randn(1, 4, 24, 24, generator=torch.Generator().manual_seed(0))

    def sure(noisy, t, features):
        angle = t[0] * torch.pi / 2
        noise = (noisy - angle.sin() * truth) / angle.cos() if t[0] > 0 else torch.zeros_like(truth)
        return angle.cos() * truth - angle.sin() * noise

    network.denoise = sure
    prediction = network.encode(make_batch(1, 2, 6))
    bicubic = network.features(make_batch(1, 2, 6))[1]
    assert torch.allclose(prediction.mean, bicubic + network.residual_std * truth, atol=1e-5)
    drawn = network.sample(prediction, torch.zeros(1, 4, 24, 24), 200 * steps)
    assert torch.allclose(drawn, prediction.mean, atol=1e-3)


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_learns(places, name):
    sampler = PlaceSampler(places, SamplerConfig(batch=2, patch=12, shares={"rgb": 0.5, "rgbn": 0.5}), SimulationConfig())
    batch, network, system = sampler.batch(1, dates=3), tiny(name), SYSTEMS[name]
    objective = next(iter(system.objectives))
    parameters = system.parameters(network, objective)
    optimizer = torch.optim.Adam(parameters, 3e-3)
    losses = []
    for _ in range(25):
        loss, figures = system.objectives[objective](network, batch, torch.Generator().manual_seed(0))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(figures["loss"])
    assert losses[-1] < 0.97 * losses[0]
