"""The published single-image systems: their parts against plain loops, their sizes against the papers'."""

import math

import pytest
import torch
from test_baselines import RED, RGB, count

from sitsr_core import sensor
from sitsr_core.baselines.pixel_shuffle import pixel_shuffles, stages
from sitsr_core.baselines.rcan import ChannelAttention, Rcan, RcanConfig
from sitsr_core.baselines.registry import find_system
from sitsr_core.baselines.srcnn import Srcnn, SrcnnConfig
from sitsr_core.errors import ModelError


@pytest.mark.parametrize(("kernels", "weights"), [((9, 1, 5), 8_032), ((9, 3, 5), 24_416), ((9, 5, 5), 57_184)])
def test_srcnn_sizes_are_the_papers(kernels, weights):
    """Sums of f_i^2 n_{i-1} n_i; the biases come on top."""
    assert count(Srcnn(SrcnnConfig(kernels=kernels, **RED))) == weights + 64 + 32 + 1


def test_srcnn_is_three_layers_on_the_bicubic_image(make_batch):
    """One fine pixel far from the edge, by the equations 1 to 3."""
    torch.manual_seed(0)
    network, batch = Srcnn(SrcnnConfig(kernels=(3, 1, 1), widths=(5, 4))), make_batch(1, 1, 6)
    with torch.no_grad():
        patch = network.normalise(sensor.upsample(batch.reflectance[:, 0]))[0, :, 9:12, 13:16]
        first = torch.relu((network.extract.weight * patch).sum((1, 2, 3)) + network.extract.bias)
        second = torch.relu(network.map.weight[:, :, 0, 0] @ first + network.map.bias)
        third = network.reconstruct.weight[:, :, 0, 0] @ second + network.reconstruct.bias
        expected = network.normalise.inverse(third[:, None, None], 4)[:, 0, 0]
        assert torch.allclose(network(batch)[0, :, 10, 14], expected, atol=1e-6)


@pytest.mark.parametrize("options", [{"kernels": (9, 5)}, {"kernels": (8, 1, 5)}, {"widths": (64,)}])
def test_srcnn_of_other_layers_is_one_sentence(options):
    with pytest.raises(ModelError, match="No network can be built"):
        find_system("srcnn").build(SrcnnConfig(**options))


def test_rcan_size_is_that_of_the_public_code():
    """10 groups of 20 blocks of 64 channels, at x4 with three bands: layer by layer."""
    convolution = 64 * 64 * 9 + 64
    block = 2 * convolution + (64 * 4 + 4) + (4 * 64 + 64)
    expected = (3 * 64 * 9 + 64) + 10 * (20 * block + convolution) + convolution + 2 * (64 * 256 * 9 + 256) + (64 * 3 * 9 + 3)
    assert count(Rcan(RcanConfig(**RGB))) == expected == 15_592_355


def test_channel_attention_is_that_of_a_plain_loop():
    torch.manual_seed(2)
    attention, x = ChannelAttention(6, 3), torch.randn(2, 6, 3, 5)
    with torch.no_grad():
        out = attention(x)
        for sample in range(2):
            mean = [sum(x[sample, c].flatten().tolist()) / 15 for c in range(6)]
            weight, bias = attention.squeeze.weight[:, :, 0, 0], attention.squeeze.bias
            hidden = [max(0.0, sum(float(weight[i, c]) * mean[c] for c in range(6)) + float(bias[i])) for i in range(2)]
            weight, bias = attention.excite.weight[:, :, 0, 0], attention.excite.bias
            for c in range(6):
                share = 1 / (1 + math.exp(-sum(float(weight[c, i]) * hidden[i] for i in range(2)) - float(bias[c])))
                assert torch.allclose(out[sample, c], share * x[sample, c], atol=1e-6)


def test_groups_that_add_nothing_leave_the_first_features(make_batch):
    """With the last convolution of the body at 0 the long skip alone is left."""
    torch.manual_seed(0)
    network, batch = Rcan(RcanConfig(width=8, groups=2, blocks=1, reduction=4)), make_batch(1, 1, 6)
    torch.nn.init.zeros_(network.body.layers[-1].weight)
    torch.nn.init.zeros_(network.body.layers[-1].bias)
    with torch.no_grad():
        alone = network.last(network.up(network.first(network.normalise(batch.reflectance[:, 0]))))
        assert torch.allclose(network(batch), network.normalise.inverse(alone, 4), atol=1e-6)


@pytest.mark.parametrize("factor", [2, 3, 4])
def test_sub_pixels_are_dealt_row_by_row(factor):
    """The shuffle's order: channel c s^2 + i s + j of a stage is row i, column j of every s by s block."""
    grown = pixel_shuffles(3, factor)
    assert math.prod(stages(factor)) == factor
    x, scale = torch.randn(1, 3, 4, 5), stages(factor)[0]
    hidden = grown[0](x)
    expected = torch.zeros(1, 3, 4 * scale, 5 * scale)
    for c in range(3):
        for i in range(scale):
            for j in range(scale):
                expected[:, c, i::scale, j::scale] = hidden[:, c * scale**2 + i * scale + j]
    assert torch.equal(grown[1](hidden), expected)
    assert grown(x).shape == (1, 3, 4 * factor, 5 * factor)


def test_rcan_that_cannot_be_built_is_one_sentence():
    for options in ({"factor": 1}, {"reduction": 0}, {"width": 8, "reduction": 16}):
        with pytest.raises(ModelError, match="No network can be built"):
            find_system("rcan").build(RcanConfig(groups=1, blocks=1, **options))
