"""Adversarial learning: its losses against numbers worked out by hand, its strategy in the trainer, its parts."""

import dataclasses
import json
import math

import pytest
import torch
from test_baselines import TINY, count

from sitsr_core import sensor
from sitsr_core.baselines import content
from sitsr_core.baselines.adversarial import relativistic_losses, standard_losses
from sitsr_core.baselines.content import VggFeatures, with_gradients
from sitsr_core.baselines.discriminator import VggDiscriminator
from sitsr_core.baselines.esrgan_plus import DenseResidualBlock, EsrganPlusConfig, relative_noise
from sitsr_core.baselines.registry import SYSTEMS, find_system
from sitsr_core.baselines.s2gan import S2gan
from sitsr_core.datasets.sampler import PlaceSampler, SamplerConfig
from sitsr_core.datasets.simulate import STEADY
from sitsr_core.errors import JobError
from sitsr_core.training.checkpoint import NAME, load_averaged, load_checkpoint, save_checkpoint
from sitsr_core.training.config import OptimizationConfig, TrainingConfig
from sitsr_core.training.distributed import ALONE, Processes
from sitsr_core.training.trainer import Trainer
from sitsr_core.training.validation import Validation, place_batches

GANS = ("srgan", "esrgan_plus", "s2gan")
SAMPLER = SamplerConfig(batch=2, patch=12, max_dates=2, shares={"rgb": 0.5, "rgbn": 0.5})


def _trainer(places, folder, name, validation=None, **options) -> Trainer:
    torch.manual_seed(0)
    usual = {"steps": 6, "warmup": 1, "ema": 0.9, "precision": "float32", "checkpoint_every": 2, "optimizer": "adam", "pretraining": 0.34}
    optimization = OptimizationConfig(**({"objective": "adversarial"} | usual | options))
    config = TrainingConfig("unused", system=name, network=TINY[name], sampler=SAMPLER, optimization=optimization)
    return Trainer(find_system(name).build(config.network), PlaceSampler(places, SAMPLER, STEADY), config, folder, validation)


def _log(folder) -> list[dict]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]


def test_standard_losses_are_the_papers():
    real, fake = torch.tensor([[2.0], [0.0]]), torch.tensor([[-1.0], [1.0]])
    discriminator, generator = standard_losses(real, fake)

    def sigmoid(x: float) -> float:
        return 1 / (1 + math.exp(-x))

    expected = -(math.log(sigmoid(2)) + math.log(sigmoid(0)) + math.log(1 - sigmoid(-1)) + math.log(1 - sigmoid(1))) / 2
    assert discriminator.item() == pytest.approx(expected)
    assert generator.item() == pytest.approx(-(math.log(sigmoid(-1)) + math.log(sigmoid(1))) / 2)


def test_relativistic_losses_are_those_worked_out_by_hand():
    """C(real) = 2, 0 and C(fake) = -1, 2: means 1 and 0.5, so D_Ra(real) = s(1.5), s(-0.5) and D_Ra(fake) = s(-2), s(1)."""
    discriminator, generator = relativistic_losses(torch.tensor([[2.0], [0.0]]), torch.tensor([[-1.0], [2.0]]))
    # -log s(x): s(1.5) 0.201413, s(-0.5) 0.974077, 1 - s(-2) 0.126928, 1 - s(1) 1.313262
    assert discriminator.item() == pytest.approx((0.201413 + 0.974077) / 2 + (0.126928 + 1.313262) / 2, abs=1e-5)
    # -log(1 - s(x)) of real: 1.701413, 0.474077; -log s(x) of fake: 2.126928, 0.313262
    assert generator.item() == pytest.approx((1.701413 + 0.474077) / 2 + (2.126928 + 0.313262) / 2, abs=1e-5)


def test_relativistic_generator_is_moved_through_both_terms():
    fake = torch.tensor([[0.3], [-0.4]], requires_grad=True)
    relativistic_losses(torch.tensor([[0.2], [0.9]]), fake)[1].backward()
    assert (fake.grad < 0).all()  # larger logits of generated images make its loss smaller


def test_discriminators_are_those_of_the_papers():
    srgan, esrgan, s2gan = (SYSTEMS[name].objectives["adversarial"].discriminator(SYSTEMS[name].config()) for name in GANS)
    assert [layer.out_channels for layer in srgan.layers if isinstance(layer, torch.nn.Conv2d)] == [64, 64, 128, 128, 256, 256, 512, 512]
    assert (count(srgan), count(esrgan), count(s2gan)) == (23_566_081, 14_502_857, 23_566_081)
    with torch.no_grad():
        assert srgan.eval().layers(torch.zeros(1, 4, 96, 96)).shape[2:] == (6, 6)
        assert esrgan.eval().layers(torch.zeros(1, 4, 128, 128)).shape[2:] == (4, 4)


def test_a_discriminator_takes_patches_of_any_size():
    network = VggDiscriminator(3, (4, 8), side=3, hidden=5)
    for side in (8, 12, 31):
        assert network(torch.randn(2, 3, side, side)).shape == (2, 1)


def test_dense_residual_block_is_the_papers_figure():
    """Layer by layer: the second takes up a 1x1 convolution of the input, the fourth the second."""
    torch.manual_seed(0)
    block, x = DenseResidualBlock(6, 3), torch.randn(1, 6, 5, 5)

    def layer(number, *seen):
        return torch.nn.functional.leaky_relu(block.layers[number](torch.cat(seen, 1)), 0.2)

    first = layer(0, x)
    second = layer(1, x, first) + block.skip(x)
    third = layer(2, x, first, second)
    fourth = layer(3, x, first, second, third) + second
    expected = x + 0.2 * block.layers[4](torch.cat([x, first, second, third, fourth], 1))
    assert torch.allclose(block(x), expected, atol=1e-6)


def test_noise_is_a_tenth_of_each_feature_and_the_same_for_any_number_of_processes():
    x = torch.full((4, 8, 64, 64), 2.0)
    alone = relative_noise(0.1, torch.Generator().manual_seed(1), ALONE)(x)
    assert (alone - x).std().item() == pytest.approx(0.2, rel=0.02)
    parts = [relative_noise(0.1, torch.Generator().manual_seed(1), Processes(rank, 2))(x[:2]) for rank in range(2)]
    assert torch.equal(torch.cat(parts), alone)
    assert torch.equal(relative_noise(0.1, torch.Generator(), ALONE)(torch.zeros(1, 1, 2, 2)), torch.zeros(1, 1, 2, 2))


def test_noise_is_there_in_training_only(make_batch):
    torch.manual_seed(0)
    network, image = SYSTEMS["esrgan_plus"].build(EsrganPlusConfig(width=8, growth=4, blocks=1)), SYSTEMS["esrgan_plus"].objectives
    drawn = [image["adversarial"].image(network.train(), make_batch(1, 1, 6), torch.Generator().manual_seed(s), ALONE) for s in (0, 0, 1)]
    assert torch.equal(drawn[0], drawn[1])
    assert not torch.equal(drawn[0], drawn[2])
    answers = [network.eval().estimate(make_batch(1, 1, 6), torch.Generator().manual_seed(s)) for s in (0, 1)]
    assert torch.equal(*answers)


def test_s2gan_starts_from_bicubic(make_batch):
    network, batch = S2gan(TINY["s2gan"]), make_batch(1, 1, 6)
    torch.nn.init.zeros_(network.layers[-1].weight)
    torch.nn.init.zeros_(network.layers[-1].bias)
    assert torch.allclose(network(batch), sensor.upsample(batch.reflectance[:, 0]), atol=1e-6)


def test_substitute_counts_pixels_and_their_differences():
    one = torch.tensor([[[[1.0, 3.0], [0.0, 0.0]]]])
    found = with_gradients(one, torch.zeros_like(one))
    assert found.tolist() == [[[[1 + 1 + 2, 3 + 3], [0, 0]]]]


@pytest.mark.parametrize("name", GANS)
def test_resume_is_exact(places, tmp_path, name):
    """Also across the step at which the discriminator joins, with its weights and its optimizer."""
    _trainer(places, tmp_path / "whole", name).run()
    for until in (2, 4, 6):
        _trainer(places, tmp_path / "parts", name).run(until=until)
    whole, parts = (load_checkpoint(tmp_path / folder) for folder in ("whole", "parts"))
    for part in ("network", "average", "discriminator"):
        assert all(torch.equal(value, parts[part][key]) for key, value in whole[part].items()), part
    moments = [state["discriminator_optimizer"]["state"][0]["exp_avg"] for state in (whole, parts)]
    assert torch.equal(*moments)
    assert ["discriminator" in line for line in _log(tmp_path / "parts")] == [False] * 3 + [True] * 3
    assert [line["loss"] for line in _log(tmp_path / "parts")] == [line["loss"] for line in _log(tmp_path / "whole")]


@pytest.mark.parametrize("name", GANS)
def test_generator_and_discriminator_overfit_one_batch(places, tmp_path, name):
    trainer = _trainer(places, tmp_path, name, steps=80, learning_rate=5e-3, pretraining=0.0)
    batch = PlaceSampler(places, dataclasses.replace(SAMPLER, patch=8), STEADY).batch(3)
    trainer.sampler.batch = lambda step: batch
    found = [trainer.train_step() for _ in range(80)]
    last, first = (sum(line["content"] for line in lines) for lines in (found[-5:], found[:5]))
    assert last < (0.8 if name == "s2gan" else 0.7) * first  # S2GAN starts from the bicubic image
    assert min(line["discriminator"] for line in found) < 0.3 * found[0]["discriminator"]


def test_bad_batch_moves_neither(places, tmp_path):
    trainer = _trainer(places, tmp_path, "s2gan", pretraining=0.0)
    good = trainer.sampler.batch
    before = [value.clone() for module in (trainer.network, trainer.strategy.discriminator) for value in module.parameters()]

    def bad(step):
        batch = good(step)
        batch.truth[:, 0, 20, 20] = float("nan")
        return batch

    trainer.sampler.batch = bad
    trainer.train_step()
    after = [value for module in (trainer.network, trainer.strategy.discriminator) for value in module.parameters()]
    assert all(torch.equal(one, other) for one, other in zip(before, after, strict=True))


def test_validation_is_of_the_image(places, tmp_path):
    batches = place_batches([p for p in places if p.source == "rgbn"], SamplerConfig(batch=2, patch=12, shares=SAMPLER.shares))
    _trainer(places, tmp_path, "srgan", Validation(batches), steps=2).run()
    assert "steady_8" in _log(tmp_path)[-1]
    assert type(load_averaged(tmp_path)[0]) is SYSTEMS["srgan"].network


def test_what_stands_for_vgg_is_noted_and_never_changes_on_the_way(places, tmp_path, monkeypatch):
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))
    _trainer(places, tmp_path / "run", "srgan").run(until=2)
    words = json.loads((tmp_path / "run" / "notes.json").read_text())["content_loss"]
    assert words == "squared error of pixels (SRGAN-MSE), instead of VGG19's features: its weights are not on this computer"
    _write_vgg(tmp_path)
    with pytest.raises(JobError, match=r"began with another content loss \(squared error of pixels"):
        _trainer(places, tmp_path / "run", "srgan")


def test_vgg_is_used_where_its_weights_are(places, tmp_path, monkeypatch):
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))
    _write_vgg(tmp_path)
    for name in ("srgan", "esrgan_plus"):
        _trainer(places, tmp_path / name, name, pretraining=0.0).run(until=1)
        assert "VGG19's features (vgg19" in json.loads((tmp_path / name / "notes.json").read_text())["content_loss"]
    names = [name for name in load_checkpoint(tmp_path / "srgan")["network"] if "features" in name]
    assert not names
    objective = SYSTEMS["srgan"].objectives["adversarial"]
    loss, _ = objective.ready_content(TINY["srgan"], "cpu")
    batch = PlaceSampler(places, SAMPLER, STEADY).batch(0)
    pair, _ = objective.pair(find_system("srgan").build(TINY["srgan"]), batch, torch.Generator(), ALONE)
    pair.fake.retain_grad()
    loss(pair).backward()
    assert pair.fake.grad[:, :3].abs().max() > 0
    assert pair.fake.grad[:, 3].abs().max() == 0  # VGG sees no NIR


def test_vgg_is_vgg19():
    """20,024,384 weights and biases in its sixteen convolutions; activated features are the rectified ones."""
    network = VggFeatures(activated=False)
    assert count(network) == 20_024_384
    image = 0.3 * torch.rand(1, 3, 32, 32)
    before = network(image)
    network.used += 1
    assert torch.equal(network(image), before.relu())
    assert before.shape == (1, 512, 2, 2)


def test_damaged_checkpoint_of_a_plain_training_is_refused(places, tmp_path):
    _trainer(places, tmp_path, "srgan", steps=1).run()
    state = load_checkpoint(tmp_path)
    del state["discriminator"]
    (tmp_path / NAME).unlink()
    save_checkpoint(tmp_path, state)
    with pytest.raises(JobError, match="holds no discriminator"):
        _trainer(places, tmp_path, "srgan")


def _write_vgg(tmp_path) -> None:
    torch.manual_seed(0)
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(VggFeatures(True).state_dict() | {"classifier.0.bias": torch.zeros(2)}, folder / content.WEIGHTS)
