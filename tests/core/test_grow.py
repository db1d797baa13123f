"""A grown network computes what the shallower one does, and learns on."""

import dataclasses

import pytest
import torch

from sitsr_core.errors import JobError
from sitsr_core.models.network import SuperResolver
from sitsr_core.training.grow import fitted, take_denoiser


def test_the_output_is_the_same_and_the_new_blocks_learn(tiny_network, make_batch):
    config = dataclasses.replace(tiny_network.config, encoder_blocks=2, trunk_blocks=3, denoiser_blocks=2)
    deeper = fitted(tiny_network, config)
    assert deeper.config == config
    batch, noise = make_batch(2, 3, 12), torch.randn(2, 4, 48, 48, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        before, after = tiny_network.encode(batch), deeper.encode(batch)
        drawn = tiny_network.sample(before, noise, 2), deeper.sample(after, noise, 2)
    for one, other in ((before.mean, after.mean), (before.std, after.std), drawn):
        assert torch.allclose(one, other, atol=1e-6)
    deeper.encode(batch).mean.square().mean().backward()
    assert deeper.trunk[2].conv2.weight.grad.abs().max() > 0


@torch.no_grad()
def test_a_draft_that_is_added_changes_nothing(tiny_network, make_batch):
    bare = dataclasses.replace(tiny_network.config, fidelity_blocks=0)
    network, batch = SuperResolver(bare), make_batch(1, 3, 12)
    drafted = fitted(network, dataclasses.replace(bare, fidelity_blocks=2))
    assert torch.allclose(network.encode(batch).mean, drafted.encode(batch).mean, atol=1e-6)
    assert torch.equal(drafted.draft_head.weight, network.mean_head.weight)


@torch.no_grad()
def test_draws_may_become_guided_and_not_the_other_way_round(tiny_network, make_batch):
    older = SuperResolver(dataclasses.replace(tiny_network.config, guided_draws=False))
    guided, batch = fitted(older, tiny_network.config), make_batch(1, 2, 12)
    assert torch.equal(guided.encode(batch).mean, older.encode(batch).mean)
    assert (guided.denoiser.condition_detail.weight == 0).all()
    with pytest.raises(JobError, match="its guided_draws is True instead of False"):
        fitted(tiny_network, older.config)


@torch.no_grad()
def test_the_denoiser_of_another_network_is_taken(tiny_network):
    deeper = SuperResolver(dataclasses.replace(tiny_network.config, trunk_blocks=3))
    take_denoiser(deeper, tiny_network)
    assert torch.equal(deeper.denoiser.head.weight, tiny_network.denoiser.head.weight)
    for other in (torch.nn.Identity(), SuperResolver(dataclasses.replace(tiny_network.config, denoiser_width=16))):
        with pytest.raises(JobError, match="does not fit"):
            take_denoiser(deeper, other)


def test_the_same_shape_is_the_same_network(tiny_network):
    assert fitted(tiny_network, dataclasses.replace(tiny_network.config)) is tiny_network


def test_other_shapes_are_refused(tiny_network):
    with pytest.raises(JobError, match="not that of the configuration: its trunk_width is 12 instead of 16"):
        fitted(tiny_network, dataclasses.replace(tiny_network.config, trunk_width=16, trunk_blocks=2))
    deeper = fitted(tiny_network, dataclasses.replace(tiny_network.config, trunk_blocks=2))
    with pytest.raises(JobError, match="deeper than that of the configuration: its trunk_blocks is 2"):
        fitted(deeper, tiny_network.config)
