"""Weights between those of two models."""

import copy
import dataclasses

import pytest
import torch

from sitsr_core.errors import JobError
from sitsr_core.models.network import SuperResolver
from sitsr_core.training.blend import blend


def test_a_blend_lies_on_the_line_between_the_two(tiny_network):
    torch.manual_seed(1)
    other, before = SuperResolver(tiny_network.config), copy.deepcopy(tiny_network.state_dict())
    blend(tiny_network, other, 0.25)
    for name, value in other.named_parameters():
        assert torch.allclose(tiny_network.state_dict()[name], 0.75 * before[name] + 0.25 * value, atol=1e-6), name


def test_a_share_is_not_a_percentage(tiny_network):
    with pytest.raises(JobError, match="Give a share from 0 to 1"):
        blend(tiny_network, tiny_network, 15)


def test_networks_of_two_shapes_are_refused(tiny_network):
    other = SuperResolver(dataclasses.replace(tiny_network.config, trunk_blocks=tiny_network.config.trunk_blocks + 1))
    with pytest.raises(JobError, match="other shapes"):
        blend(tiny_network, other, 0.25)
