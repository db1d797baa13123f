"""Shared by the core tests: few threads, a small network with random weights, tiny places."""

import numpy as np
import pytest
import torch

from sitsr_core.datasets.places import Place
from sitsr_core.models.network import NetworkConfig, SeriesBatch, SuperResolver

torch.set_num_threads(1)

TINY = NetworkConfig(
    encoder_width=8, encoder_blocks=1, heads=2, trunk_width=12, trunk_blocks=1, gradient_steps=1, denoiser_width=8, denoiser_blocks=1
)  # fmt: skip


@pytest.fixture
def tiny_network() -> SuperResolver:
    """A small network whose every output layer is away from zero, so that a wrong halo or a leak shows."""
    torch.manual_seed(0)
    network = SuperResolver(TINY)
    with torch.no_grad():
        for head in (network.denoiser.head, network.denoiser.condition_detail, network.mean_head, network.gradient_steps[0].change):
            head.weight.normal_(0, 0.1)
    return network.eval()


@pytest.fixture
def make_batch():
    """make_batch(batch, dates, size, bands=4, seed=0): a random series."""

    def make(batch: int, dates: int, size: int, bands: int = 4, seed: int = 0) -> SeriesBatch:
        g = torch.Generator().manual_seed(seed)
        return SeriesBatch(
            reflectance=0.3 * torch.rand(batch, dates, bands, size, size, generator=g), clear=torch.ones(batch, dates, size, size),
            shift=0.3 * torch.randn(batch, dates, 2, generator=g), shift_known=torch.ones(batch, dates),
            days=30 * torch.randn(batch, dates, generator=g), reference=torch.zeros(batch, dtype=torch.long),
        )  # fmt: skip

    return make


def texture(bands: int, size: int, seed: int) -> np.ndarray:
    """(bands, size, size) uint8 image with blocks and noise at several scales."""
    rng = np.random.default_rng(seed)
    image = np.zeros((bands, size, size))
    for cell in (4, 8, 16, 32):
        coarse = rng.normal(size=(bands, size // cell + 1, size // cell + 1))
        image += np.kron(coarse, np.ones((cell, cell)))[:, :size, :size]
    return np.clip(110 + 30 * image, 1, 254).astype(np.uint8)


@pytest.fixture
def places() -> list[Place]:
    """Two RGB and two RGBN places, the latter with three dates."""
    found = []
    for number in range(2):
        rgb, rgbn = texture(3, 128, number), np.stack([texture(4, 128, 10 * number + d) for d in range(3)])
        valid = np.ones((128, 128), bool)
        found.append(Place(f"rgb/{number}", "rgb", rgb[None], np.array([18000]), valid, np.zeros((1, 2), np.float32)))
        found.append(Place(f"rgbn/{number}", "rgbn", rgbn, np.array([18000, 18400, 18700]), valid, np.zeros((3, 2), np.float32)))
    return found
