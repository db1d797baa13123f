"""SRDiff's diffusion: schedule, posterior and sampling against closed forms."""

import math

import pytest
import torch

from sitsr_core.baselines.ddpm import ancestral_sample, cosine_alphas, diffuse, posterior
from sitsr_core.baselines.srdiff import Srdiff, SrdiffConfig


def test_cosine_schedule_is_the_papers():
    """a_t = f(t) / f(0), f(t) = cos^2((t / T + s) / (1 + s) pi / 2), but for the last step whose beta is clipped."""
    alphas = cosine_alphas(100)
    f = [math.cos((t / 100 + 0.008) / 1.008 * math.pi / 2) ** 2 for t in range(101)]
    assert torch.allclose(alphas[:-1], torch.tensor([f[t] / f[0] for t in range(1, 100)], dtype=torch.float64), atol=1e-12)
    assert float(alphas[-1] / alphas[-2]) == pytest.approx(1 - 0.999)


@pytest.mark.parametrize("t", [1, 7, 60, 98])
def test_posterior_is_bayes_rule(t):
    """Precisions of q(x_{t-1} | x_0) and q(x_t | x_{t-1}) add up; their means are weighed by them."""
    alphas = cosine_alphas(100)
    before, step = float(alphas[t - 1]), float(alphas[t] / alphas[t - 1])
    prior, likelihood = 1 / (1 - before), step / (1 - step)
    of_clean, of_noisy, std = posterior(alphas, t)
    variance = 1 / (prior + likelihood)
    assert std == pytest.approx(math.sqrt(variance))
    assert of_clean == pytest.approx(variance * prior * math.sqrt(before))
    assert of_noisy == pytest.approx(variance * likelihood / math.sqrt(step))


def test_last_step_of_the_chain_gives_the_clean_image():
    of_clean, of_noisy, std = posterior(cosine_alphas(100), 0)
    assert (of_clean, std) == (pytest.approx(1.0), 0.0)
    assert of_noisy == pytest.approx(0.0)


def test_the_true_noise_leads_back_to_the_image():
    alphas = cosine_alphas(20)
    truth = 0.8 * (2 * torch.rand(2, 3, 8, 8, generator=torch.Generator().manual_seed(0)) - 1)

    def predict(x, t):
        a = alphas[t].float().view(-1, 1, 1, 1)
        return (x - a.sqrt() * truth) / (1 - a).sqrt()

    found = ancestral_sample(predict, torch.randn(truth.shape), alphas, torch.Generator().manual_seed(1))
    assert torch.allclose(found, truth, atol=1e-4)


def test_samples_of_a_gaussian_have_its_spread():
    """With the exact predictor of N(0, 0.2^2) the chain draws from it."""
    alphas, spread = cosine_alphas(1000), 0.2

    def predict(x, t):
        a = alphas[t].float().view(-1, 1, 1, 1)
        return (1 - a).sqrt() * x / (a * spread**2 + 1 - a)

    generator = torch.Generator().manual_seed(0)
    found = ancestral_sample(predict, torch.randn(1, 1, 100, 100, generator=generator), alphas, generator)
    assert found.std().item() == pytest.approx(spread, rel=0.05)


def test_noise_grows_with_the_step():
    alphas = cosine_alphas(100)
    x, noise = torch.ones(2, 1, 4, 4), torch.zeros(2, 1, 4, 4)
    seen = diffuse(x, noise, torch.tensor([0, 99]), alphas)
    assert seen[0, 0, 0, 0] > 0.999
    assert seen[1, 0, 0, 0] < 0.001


def test_srdiff_uses_the_reference_alone_and_its_draw_is_repeatable(make_batch):
    torch.manual_seed(0)
    network = Srdiff(SrdiffConfig(width=8, multipliers=(1, 2), encoder_width=8, encoder_blocks=2, steps=4)).eval()
    batch = make_batch(1, 3, 6)
    with torch.no_grad():
        first = network.estimate(batch, torch.Generator().manual_seed(3))
        batch.reflectance[:, 1:] += 0.1
        second, third = (network.estimate(batch, torch.Generator().manual_seed(seed)) for seed in (3, 4))
    assert torch.equal(first, second)
    assert not torch.equal(second, third)


def test_srdiff_residual_is_cut_off_at_one():
    network = Srdiff(SrdiffConfig(width=8, multipliers=(1, 2), encoder_width=8, encoder_blocks=2))
    coarse = torch.zeros(1, 4, 4, 4)
    truth = torch.full((1, 4, 16, 16), 0.05)
    truth[..., 0] = 1.0
    scaled = network.scaled_residual(truth, coarse)
    assert scaled[0, 0, 0, 0] == 1
    assert scaled[0, 0, 5, 5].item() == pytest.approx(0.05 / (5 * 0.02))
