"""The published multi-image systems: their parts against plain loops, their sizes against the papers'."""

import dataclasses
import math

import pytest
import torch

from sitsr_core.baselines.esrgan_plus import EsrganPlus, EsrganPlusConfig
from sitsr_core.baselines.highres_net import HighResNet, HighResNetConfig, RecursiveFusion, fusion_order
from sitsr_core.baselines.highres_net_ltae import HighResNetLtae, HighResNetLtaeConfig, LightTemporalAttention
from sitsr_core.baselines.rcan import RcanConfig
from sitsr_core.baselines.registry import SYSTEMS, find_system
from sitsr_core.baselines.s2gan import S2gan, S2ganConfig
from sitsr_core.baselines.sr3 import Sr3Config
from sitsr_core.baselines.srcnn import SrcnnConfig
from sitsr_core.baselines.srdiff import NoiseUnet, Srdiff, SrdiffConfig
from sitsr_core.baselines.srdiff_series import SrdiffHighResNetConfig, SrdiffHighResNetLtaeConfig
from sitsr_core.baselines.srgan import Srgan, SrganConfig
from sitsr_core.baselines.views import clear_median, filled_views
from sitsr_core.datasets.sampler import PlaceSampler, SamplerConfig
from sitsr_core.datasets.simulate import STEADY
from sitsr_core.errors import JobError
from sitsr_core.models.network import NetworkConfig, SuperResolver

TINY = {
    "highres_net": HighResNetConfig(width=8, blocks=1),
    "highres_net_ltae": HighResNetLtaeConfig(width=16, blocks=1, heads=2, key=4, model=16),
    "srdiff": SrdiffConfig(width=8, multipliers=(1, 2), encoder_width=8, encoder_blocks=2, steps=8),
    "srcnn": SrcnnConfig(widths=(32, 16)),
    "rcan": RcanConfig(width=16, groups=2, blocks=1, reduction=4),
    "srgan": SrganConfig(width=16, blocks=2, stages=(8, 16), hidden=8),
    "esrgan_plus": EsrganPlusConfig(width=16, growth=8, blocks=1, stages=(8, 16), hidden=8),
    "s2gan": S2ganConfig(width=16, blocks=1, stages=(8, 16), hidden=8),
    "sr3": Sr3Config(width=8, multipliers=(1, 2), blocks=1, attention=(), sampling_steps=4),
    "srdiff_highres_net": SrdiffHighResNetConfig(width=8, multipliers=(1, 2), encoder_width=8, encoder_blocks=1, steps=8),
    "srdiff_highres_net_ltae": SrdiffHighResNetLtaeConfig(
        width=8, multipliers=(1, 2), encoder_width=16, encoder_blocks=1, steps=8, heads=2, key=4, model=16
    ),
}
OWN = NetworkConfig(encoder_width=8, encoder_blocks=1, heads=2, trunk_width=12, trunk_blocks=1, denoiser_width=8, denoiser_blocks=1)
RGB = {"bands": ("B02", "B03", "B04"), "center": (0.1,) * 3, "spread": (0.1,) * 3}
RED = {"bands": ("B04",), "center": (0.1,), "spread": (0.1,)}


def tiny(name: str):
    """A small network of a system, the same at every call."""
    torch.manual_seed(0)
    return find_system(name).network(TINY.get(name, OWN))


def count(network: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def test_sizes_are_the_papers():
    assert count(HighResNet(HighResNetConfig(factor=3, **RED))) == 591_818  # the paper: under 600K, for x3 and one band
    assert count(HighResNetLtae(HighResNetLtaeConfig(**RGB))) == 246_538  # the paper: 0.25 M
    srdiff = Srdiff(SrdiffConfig(residual_std=(0.02,) * 3, **RGB))
    assert (count(srdiff.unet), count(srdiff.encoder)) == (11_755_267, 1_478_755)
    assert count(NoiseUnet(3, 64, (1, 2, 3, 4), 64, 4)) == 11_624_195  # Okabayashi et al.: 11.6 M
    assert count(Srgan(SrganConfig(**RGB))) == 1_549_462
    assert (
        count(EsrganPlus(EsrganPlusConfig(**RGB))) == 16_697_987 + 69 * 64 * 32
    )  # ESRGAN's generator, and a 1x1 convolution a dense block
    assert count(S2gan(S2ganConfig(**RGB))) == 1_778_051


@pytest.mark.parametrize("views", [1, 2, 3, 4, 5, 7, 8, 9])
def test_recursive_fusion_is_that_of_the_padded_algorithm(views):
    """Against the algorithm as printed: pad to a power of two, fuse the first half with the second half reversed, and halve."""
    torch.manual_seed(views)
    fusion = RecursiveFusion(4)
    states, alpha = torch.randn(2, views, 4, 5, 5), torch.ones(2, views)
    alpha[1, views // 2 + 1 :] = 0
    length = 1 << math.ceil(math.log2(views))
    padded = [states[:, i] if i < views else torch.randn(2, 4, 5, 5) for i in range(length)]
    weights = [alpha[:, i] if i < views else torch.zeros(2) for i in range(length)]
    while len(padded) > 1:
        last = len(padded) - 1
        padded = [
            padded[i] + weights[last - i].view(-1, 1, 1, 1) * fusion.fuse(torch.cat([padded[i], padded[last - i]], 1))
            for i in range(len(padded) // 2)
        ]
        weights = weights[: len(padded)]
    assert torch.allclose(fusion(states, alpha), padded[0], atol=1e-5)


def test_views_without_a_clear_pixel_change_nothing(make_batch):
    network, batch = tiny("highres_net"), make_batch(2, 5, 6)
    batch.clear[:, 3:] = 0
    fewer = dataclasses.replace(
        batch, **{n: getattr(batch, n)[:, :3] for n in ("reflectance", "clear", "shift", "shift_known", "days")}
    )  # fmt: skip
    batch.reflectance[:, 3:] = 7.0
    assert torch.allclose(network(batch), network(fewer), atol=1e-6)


def test_the_target_date_is_the_first_view_and_the_others_follow_by_clearance():
    clear = torch.tensor([[0.5, 1.0, 0.0, 0.75]])[..., None, None].expand(1, 4, 1, 1)
    order, alpha = fusion_order(clear, torch.tensor([2]))
    assert order.tolist() == [[2, 1, 3, 0]]
    assert alpha.tolist() == [[1, 1, 1, 1]]


def test_median_and_filling_see_clear_pixels_only(make_batch):
    batch = make_batch(1, 3, 4)
    batch.clear[0, 1, 0, 0] = 0
    batch.reflectance[0, 1, :, 0, 0] = 0
    pair = batch.reflectance[0, [0, 2], :, 0, 0]
    assert torch.equal(clear_median(batch)[0, :, 0, 0], pair.min(0).values)
    assert torch.equal(filled_views(batch, torch.full((1, 4, 4, 4), 9.0))[0, 1, :, 0, 0], torch.full((4,), 9.0))


def test_attention_over_dates_is_that_of_a_plain_loop():
    torch.manual_seed(1)
    width, heads, key, model, dates = 6, 2, 3, 8, 4
    attention = LightTemporalAttention(width, heads, key, model).eval()
    for parameter in attention.parameters():
        torch.nn.init.normal_(parameter, 0, 0.5)
    z, days = torch.randn(1, dates, width, 2, 2), torch.tensor([[-30.0, 0.0, 12.5, 400.0]])
    out = attention(z, days)
    x = z[0, :, :, 1, 0]  # one pixel: (dates, width)

    def group_norm(values, weight, bias):
        grouped = values.view(len(values), heads, -1)
        mean, variance = grouped.mean((0, 2), keepdim=True), grouped.var((0, 2), correction=0, keepdim=True)
        return ((grouped - mean) / (variance + 1e-5).sqrt()).reshape(values.shape) * weight.flatten() + bias.flatten()

    entered = group_norm(x, attention.norm_in.weight, attention.norm_in.bias) @ attention.enter.weight[:, :, 0, 0].T + attention.enter.bias
    share = model // heads
    for date in range(dates):
        for channel in range(model):
            i = channel % share
            angle = float(days[0, date]) / 1000 ** (2 * (i // 2) / share)
            entered[date, channel] += math.cos(angle) if i % 2 else math.sin(angle)
    keys = entered @ attention.key.weight[:, :, 0, 0].T + attention.key.bias
    pooled = []
    for head in range(heads):
        logits = torch.stack([keys[d, head * key : (head + 1) * key] @ attention.query[head] / math.sqrt(key) for d in range(dates)])
        pooled.append(torch.softmax(logits, 0) @ entered[:, head * share : (head + 1) * share])
    last, norm = attention.leave[0], attention.leave[1]
    hidden = torch.cat(pooled) @ last.weight[:, :, 0, 0].T + last.bias
    hidden = torch.relu(hidden / math.sqrt(1 + norm.eps) * norm.weight + norm.bias)
    expected = group_norm(hidden[None], attention.norm_out.weight, attention.norm_out.bias)[0]
    assert torch.allclose(out[0, :, 1, 0], expected, atol=1e-4)


def test_ltae_does_not_depend_on_the_order_of_the_dates_but_on_their_days(make_batch):
    network, batch = tiny("highres_net_ltae").eval(), make_batch(1, 4, 6)
    order = [2, 0, 3, 1]
    turned = dataclasses.replace(
        batch, **{n: getattr(batch, n)[:, order] for n in ("reflectance", "clear", "shift", "shift_known", "days")},
        reference=torch.tensor([1]),
    )  # fmt: skip
    assert torch.allclose(network(batch), network(turned), atol=1e-5)
    assert not torch.allclose(network(batch), network(dataclasses.replace(batch, days=batch.days.flip(1))), atol=1e-4)


@pytest.mark.parametrize("name", list(SYSTEMS))
@pytest.mark.parametrize("dates", [1, 3])
def test_every_system_takes_any_number_of_dates_and_series_without_nir(make_batch, name, dates):
    network = tiny(name).eval()
    for bands in (3, 4):
        batch = make_batch(2, dates, 7, bands)
        with torch.no_grad():
            own = isinstance(network, SuperResolver)
            image = network.encode(batch).mean if own else network.estimate(batch, torch.Generator().manual_seed(0))
        assert image.shape == (2, bands, 28, 28)
        assert torch.isfinite(image).all()


@pytest.mark.parametrize("name", list(TINY))
def test_every_system_overfits_one_batch(places, name):
    sampler = PlaceSampler(places, SamplerConfig(batch=2, patch=8, shares={"rgb": 0.5, "rgbn": 0.5}), STEADY)
    batch, network = sampler.batch(3, dates=2), tiny(name).train()
    objective = next(iter(SYSTEMS[name].objectives.values()))
    optimizer = torch.optim.Adam(network.parameters(), 5e-3)
    losses = []
    for step in range(80):
        loss, figures = objective(network, batch, torch.Generator().manual_seed(step % 4))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(figures["loss"])
    assert sum(losses[-10:]) < (0.8 if name == "s2gan" else 0.6) * sum(losses[:10])  # S2GAN starts from the bicubic image


def test_a_band_that_the_source_lacks_is_not_learned_from(places):
    batch = PlaceSampler(places, SamplerConfig(batch=2, patch=12, shares={"rgb": 1.0}), STEADY).batch(0, dates=2)
    for name in TINY:
        network = tiny(name)
        objective = next(iter(SYSTEMS[name].objectives.values()))
        before = objective(network, batch, torch.Generator().manual_seed(0))[0]
        changed = dataclasses.replace(batch, truth=batch.truth.clone())
        changed.truth[:, 3] = 5.0
        assert torch.equal(before, objective(network, changed, torch.Generator().manual_seed(0))[0]), name


def test_systems_of_one_date_see_the_reference_alone(make_batch):
    for name in (name for name in TINY if SYSTEMS[name].single):
        network, batch = tiny(name).eval(), make_batch(1, 3, 6)
        with torch.no_grad():
            before = network.estimate(batch, torch.Generator().manual_seed(3))
            batch.reflectance[:, 1:] += 0.1
            assert torch.equal(before, network.estimate(batch, torch.Generator().manual_seed(3))), name
            batch.reflectance[:, 0] += 0.1
            assert not torch.equal(before, network.estimate(batch, torch.Generator().manual_seed(3))), name


def test_unknown_system_is_one_sentence():
    with pytest.raises(JobError, match="no system 'esrnet'"):
        find_system("esrnet")


@torch.inference_mode()
@pytest.mark.parametrize("factor", [2, 3])
@pytest.mark.parametrize("name", list(TINY))
def test_every_system_has_other_factors(make_batch, name, factor):
    torch.manual_seed(0)
    network = find_system(name).network(dataclasses.replace(TINY[name], factor=factor)).eval()
    image = network.estimate(make_batch(1, 3, 9), torch.Generator().manual_seed(0))
    assert image.shape == (1, 4, 9 * factor, 9 * factor)
    assert torch.isfinite(image).all()
