"""The path's identities and the samplers."""

import torch

from sitsr_core.models.diffusion import corrupt, sample_euler, sample_heun, scale, split, training_times


def test_split_inverts_corrupt():
    residual, noise, t = torch.randn(5, 2, 4, 4), torch.randn(5, 2, 4, 4), torch.tensor([0.0, 0.2, 0.5, 0.9, 1.0])
    seen, target = corrupt(residual, noise, t)
    r_hat, e_hat = split(seen * scale(t)[:, None, None, None], t, target)
    assert torch.allclose(r_hat, residual, atol=1e-5)
    assert torch.allclose(e_hat, noise, atol=1e-5)


def test_target_at_time_zero_is_the_residual():
    residual, noise = torch.randn(3, 1, 4, 4), torch.randn(3, 1, 4, 4)
    seen, target = corrupt(residual, noise, torch.zeros(3))
    assert torch.equal(seen, noise)
    assert torch.equal(target, residual)


def test_path_has_the_preconditioning_of_edm():
    """Karras et al. 2022, sigma_data 1, sigma = (1 - t) / t: c_skip = 1 / (sigma^2 + 1), c_out = sigma / sqrt(sigma^2 + 1)."""
    t = torch.tensor([0.1, 0.4, 0.7])
    state, predicted = torch.randn(3, 8), torch.randn(3, 8)
    sigma = ((1 - t) / t)[:, None]
    x = state / t[:, None]
    denoised = x / (sigma**2 + 1) + sigma / torch.sqrt(sigma**2 + 1) * predicted
    assert torch.allclose(split(state, t, predicted)[0], denoised, atol=1e-5)


def test_euler_is_ddim_with_eta_zero():
    t, then = torch.tensor([0.3]), torch.tensor([0.55])
    state, predicted = torch.randn(1, 8), torch.randn(1, 8)
    residual, error = split(state, t, predicted)
    ddim = then * residual + (1 - then) * error
    assert torch.allclose(state + (then - t) * (residual - error), ddim, atol=1e-6)


def _gaussian_denoiser(std: float):
    """The exact F for r ~ N(0, std^2)."""

    def denoise(seen: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        t = t.view(-1, 1)
        s, variance = scale(t), (t * std) ** 2 + (1 - t) ** 2
        state = seen * s
        return ((1 - t) * t * std**2 - t * (1 - t)) / variance * state / s

    return denoise


def test_samplers_reach_the_distribution_and_heun_is_closer():
    noise, std = torch.randn(1, 20000, generator=torch.Generator().manual_seed(0)), 0.4
    euler = sample_euler(_gaussian_denoiser(std), noise, 8).std().item()
    heun = sample_heun(_gaussian_denoiser(std), noise, 8).std().item()
    assert abs(sample_euler(_gaussian_denoiser(std), noise, 200).std().item() - std) < 0.01
    assert abs(heun - std) < abs(euler - std)


def test_training_times():
    t = training_times(10000, torch.Generator().manual_seed(0), share_at_zero=0.25)
    assert 0.23 < (t == 0).float().mean() < 0.27
    assert t.min() >= 0
    assert t.max() < 1
