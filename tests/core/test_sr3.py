"""SR3's noise levels, its sampling and its size; SRDiff conditioned by several dates."""

import math

import pytest
import torch
from test_baselines import RGB, TINY, count

from sitsr_core.baselines.sr3 import Sr3, Sr3Config, draw_levels, iterative_refinement, level_features, linear_gammas
from sitsr_core.baselines.srdiff_series import (
    SrdiffHighResNet,
    SrdiffHighResNetConfig,
    SrdiffHighResNetLtae,
    SrdiffHighResNetLtaeConfig,
)


def test_sizes_are_those_of_the_public_code():
    assert count(Sr3(Sr3Config(**RGB))) == 97_807_491  # "97.8 M" of the public implementation, 16 to 128 pixels


def test_level_features_are_sines_and_cosines():
    found = level_features(torch.tensor([0.7]), 6)[0]
    angles = [0.7 * 10_000 ** (-i / 3) for i in range(3)]
    assert found.tolist() == pytest.approx([math.sin(a) for a in angles] + [math.cos(a) for a in angles])


def test_schedule_is_linear_and_few_steps_are_picked_from_it():
    gammas, few = linear_gammas(2000, 2000), linear_gammas(2000, 100)
    betas = [1e-6 + (1e-2 - 1e-6) * t / 1999 for t in range(2000)]
    assert float(gammas[999]) == pytest.approx(math.prod(1 - beta for beta in betas[:1000]))
    assert len(few) == 100
    assert float(few[-1]) == float(gammas[-1]) < 1e-4
    assert float(few[0]) == float(gammas[19])


def test_levels_fill_the_gaps_between_steps():
    gammas = torch.tensor([0.81, 0.25], dtype=torch.float64)
    levels = draw_levels(4000, gammas, torch.Generator().manual_seed(0))
    assert levels.min() >= 0.5
    assert levels.max() <= 1
    upper = levels[levels > 0.9]  # half of the draws, evenly spread over 0.9 to 1; the others over 0.5 to 0.9
    assert len(upper) / 4000 == pytest.approx(0.5, abs=0.03)
    assert upper.mean().item() == pytest.approx(0.95, abs=0.005)
    assert levels[levels < 0.9].mean().item() == pytest.approx(0.7, abs=0.01)


def test_the_true_noise_leads_back_to_the_image():
    gammas = linear_gammas(2000, 20)
    truth = 0.8 * (2 * torch.rand(2, 3, 8, 8, generator=torch.Generator().manual_seed(0)) - 1)

    def predict(y, level):
        a = level.view(-1, 1, 1, 1)
        return (y - a * truth) / (1 - a**2).sqrt()

    found = iterative_refinement(predict, torch.randn(truth.shape), gammas, torch.Generator().manual_seed(1))
    assert torch.allclose(found, truth, atol=1e-3)


def test_one_step_is_the_papers_equation():
    """y <- (y - (1 - alpha) / sqrt(1 - gamma) e) / sqrt(alpha) + sqrt(1 - alpha) z, where nothing has to be held within [-1, 1]."""
    gammas, y = torch.tensor([0.9, 0.5], dtype=torch.float64), torch.full((1, 1, 1, 1), 0.3)
    alpha = 0.5 / 0.9
    z = torch.randn(1, 1, 1, 1, generator=torch.Generator().manual_seed(5)).item()
    seen = []

    def predict(image, level):
        seen.append((image.item(), level.item()))
        return torch.full_like(image, 0.2)

    iterative_refinement(predict, y, gammas, torch.Generator().manual_seed(5))
    assert seen[0] == pytest.approx((0.3, math.sqrt(0.5)))
    middle = (0.3 - (1 - alpha) / math.sqrt(0.5) * 0.2) / math.sqrt(alpha) + math.sqrt(1 - alpha) * z
    assert seen[1] == pytest.approx((middle, math.sqrt(0.9)))


def test_samples_of_a_gaussian_have_its_spread():
    """With the exact predictor of N(0, 0.2^2) the chain draws from it."""
    gammas, spread = linear_gammas(2000, 500), 0.2

    def predict(y, level):
        a = level.view(-1, 1, 1, 1) ** 2
        return (1 - a).sqrt() * y / (a * spread**2 + 1 - a)

    generator = torch.Generator().manual_seed(0)
    found = iterative_refinement(predict, torch.randn(1, 1, 100, 100, generator=generator), gammas, generator)
    assert found.std().item() == pytest.approx(spread, rel=0.05)


def test_sr3_draws_differ_by_seed_and_repeat(make_batch):
    torch.manual_seed(0)
    network = Sr3(TINY["sr3"]).eval()
    with torch.no_grad():
        first, second, third = (network.estimate(make_batch(1, 1, 7), torch.Generator().manual_seed(s)) for s in (3, 3, 4))
    assert torch.equal(first, second)
    assert not torch.equal(first, third)


def test_scaled_image_is_held_within_one():
    network = Sr3(TINY["sr3"])
    image = torch.full((1, 4, 2, 2), 0.1)
    image[0, 0, 0, 0] = 5.0
    scaled = network.scaled(image)
    assert scaled[0, 0, 0, 0] == 1
    assert scaled[0, 0, 1, 1].item() == pytest.approx(0.0, abs=1e-6)
    assert scaled[0, 3, 1, 1].item() == pytest.approx((0.1 - 0.22) / 0.12 / 5)


def test_srdiff_of_several_dates_has_the_papers_sizes():
    for kind, config, encoder in (
        (SrdiffHighResNet, SrdiffHighResNetConfig, 622_924),
        (SrdiffHighResNetLtae, SrdiffHighResNetLtaeConfig, 246_538),
    ):
        network = kind(config(residual_std=(0.02,) * 3, **RGB))
        assert (count(network.unet), count(network.encoder)) == (11_624_195, encoder)
        assert network.config.steps == 500


@pytest.mark.parametrize("name", ["srdiff_highres_net", "srdiff_highres_net_ltae"])
def test_every_date_conditions_the_draw(make_batch, name):
    torch.manual_seed(0)
    kind = {"srdiff_highres_net": SrdiffHighResNet, "srdiff_highres_net_ltae": SrdiffHighResNetLtae}[name]
    network, batch = kind(TINY[name]).eval(), make_batch(1, 3, 7)
    with torch.no_grad():
        before = network.encode(batch)[0]
        batch.reflectance[:, 2] += 0.2
        assert not torch.allclose(before, network.encode(batch)[0], atol=1e-4)


def test_u_nets_take_every_factor(make_batch):
    for factor in (2, 3, 4):
        batch = make_batch(1, 2, 5)
        for kind, config in ((Sr3, TINY["sr3"]), (SrdiffHighResNet, TINY["srdiff_highres_net"])):
            network = kind(type(config)(**{**config.to_dict(), "factor": factor})).eval()
            with torch.no_grad():
                assert network.estimate(batch, torch.Generator()).shape == (1, 4, 5 * factor, 5 * factor)
