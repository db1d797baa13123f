"""The path's identities and the sampler."""

import math
from itertools import pairwise

import pytest
import torch

from sitsr_core.models.diffusion import corrupt, sample, sampling_times, training_times


def test_the_path_runs_from_noise_to_the_residual():
    residual, noise = torch.randn(2, 1, 4, 4), torch.randn(2, 1, 4, 4)
    seen, target = corrupt(residual, noise, torch.tensor([0.0, 1.0]))
    assert torch.allclose(seen[0], noise[0])
    assert torch.allclose(seen[1], residual[1], atol=1e-6)
    assert torch.allclose(target[0], residual[0])
    assert torch.allclose(target[1], -noise[1], atol=1e-6)


def test_the_target_is_the_slope_of_the_path():
    residual, noise = torch.randn(1, 8, dtype=torch.float64), torch.randn(1, 8, dtype=torch.float64)
    t, small = torch.tensor([0.3], dtype=torch.float64), 1e-6
    ahead, behind = (corrupt(residual, noise, t + s)[0] for s in (small, -small))
    assert torch.allclose((ahead - behind) / (2 * small * math.pi / 2), corrupt(residual, noise, t)[1], atol=1e-6)


def test_path_has_the_preconditioning_of_edm():
    """Karras et al. 2022, sigma_data 1, sigma = cos / sin: r = c_skip x / sin - c_out F with c_skip = 1 / (sigma^2 + 1)."""
    residual, noise, t = torch.randn(3, 8), torch.randn(3, 8), torch.tensor([0.1, 0.4, 0.7])
    seen, target = corrupt(residual, noise, t)
    angle = (t * math.pi / 2)[:, None]
    sigma = angle.cos() / angle.sin()
    denoised = seen / angle.sin() / (sigma**2 + 1) + sigma / torch.sqrt(sigma**2 + 1) * target
    assert torch.allclose(denoised, residual, atol=1e-5)


def _gaussian_denoiser(std: float):
    """The exact F for r ~ N(0, std^2)."""

    def denoise(seen: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        angle = (t * math.pi / 2).view(-1, 1)
        sine, cosine = angle.sin(), angle.cos()
        return sine * cosine * (std**2 - 1) / ((sine * std) ** 2 + cosine**2) * seen

    return denoise


@pytest.mark.parametrize(
    ("steps", "std", "error"), [(2, 1, 1e-6), (4, 1, 1e-6), (4, 0.4, 0.1), (4, 2, 0.15), (20, 0.4, 0.01), (20, 2, 0.02)]
)
def test_sampler_reaches_the_distribution(steps, std, error):
    noise = torch.randn(1, 20000, generator=torch.Generator().manual_seed(0))
    assert abs(sample(_gaussian_denoiser(std), noise, steps).std().item() - noise.std().item() * std) < error


def test_the_sampler_is_of_second_order():
    """Twice the steps, a quarter of the error."""
    noise = torch.randn(1, 2000, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    found = [abs(sample(_gaussian_denoiser(0.5), noise, steps).std() - 0.5 * noise.std()).item() for steps in (39, 79)]
    assert 3.5 < found[0] / found[1] < 4.5


@pytest.mark.parametrize("steps", [1, 4, 20])
def test_the_last_step_is_the_longest(steps):
    times = [0.0, *sampling_times(steps), 1.0]
    lengths = [after - before for before, after in pairwise(times)]
    assert all(later > earlier + 1e-6 for earlier, later in pairwise(lengths)) and lengths[0] > 0


def test_training_times():
    t = training_times(10000, torch.Generator().manual_seed(0))
    assert t.min() >= 0
    assert t.max() < 1
    assert 0.45 < t.mean() < 0.55
