"""Weights between those of two models."""

import copy
import dataclasses

import pytest
import torch

from sitsr_core.errors import JobError
from sitsr_core.models.network import SuperResolver
from sitsr_core.training.blend import blend
from sitsr_core.training.grow import fitted


def test_a_blend_lies_on_the_line_between_the_two(tiny_network):
    torch.manual_seed(1)
    other, before = SuperResolver(tiny_network.config), copy.deepcopy(tiny_network.state_dict())
    blend(tiny_network, other, 0.25)
    for name, value in other.named_parameters():
        assert torch.allclose(tiny_network.state_dict()[name], 0.75 * before[name] + 0.25 * value, atol=1e-6), name


def test_a_share_is_not_a_percentage(tiny_network):
    with pytest.raises(JobError, match="Give a share from 0 to 1"):
        blend(tiny_network, tiny_network, 15)


def test_a_training_is_blended_with_the_shallower_model_that_it_began_with(tiny_network):
    config = dataclasses.replace(tiny_network.config, trunk_blocks=tiny_network.config.trunk_blocks + 1)
    torch.manual_seed(0)
    trained = fitted(copy.deepcopy(tiny_network), config)
    began = copy.deepcopy(trained.state_dict())
    for weights in trained.parameters():
        weights.data += 1
    torch.manual_seed(0)
    blend(trained, tiny_network, 0.25)
    for name, weights in trained.named_parameters():
        assert torch.allclose(weights, began[name] + 0.75, atol=1e-6), name


def test_a_deeper_network_is_refused(tiny_network):
    other = SuperResolver(dataclasses.replace(tiny_network.config, trunk_blocks=tiny_network.config.trunk_blocks + 1))
    with pytest.raises(JobError, match="other shapes"):
        blend(tiny_network, other, 0.25)
