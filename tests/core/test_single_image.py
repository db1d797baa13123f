"""The published single-image systems: their parts against plain loops, their sizes against the papers'."""

import pytest
import torch
from test_baselines import RED, count

from sitsr_core import sensor
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
