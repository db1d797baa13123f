"""Others' weights: imported networks compute what the code they come from computes; what does not match is one sentence."""

import runpy
import sys
from pathlib import Path

import pytest
import torch
from fixtures import foreign_checkpoints as foreign

from sitsr_core.baselines.foreign import PROBAV_SPREAD, WHITE, import_weights
from sitsr_core.baselines.registry import SYSTEMS
from sitsr_core.errors import JobError, ModelError
from sitsr_core.models.network import SeriesBatch
from sitsr_core.training.checkpoint import load_averaged

ROOT = Path(__file__).resolve().parents[2]
BLUE_FIRST = [2, 1, 0]


@pytest.fixture
def imported(tmp_path):
    """imported(checkpoint): the network as any script opens the folder that the import wrote."""

    def run(checkpoint: object, **options: object):
        torch.save(checkpoint, tmp_path / "theirs.ckpt")
        import_weights(tmp_path / "theirs.ckpt", tmp_path / "out", **options)
        return load_averaged(tmp_path / "out")[0]

    return run


def _series(pixels: torch.Tensor, days: torch.Tensor) -> SeriesBatch:
    dates, _, height, width = pixels.shape
    return SeriesBatch(
        reflectance=pixels[None], clear=torch.ones(1, dates, height, width), shift=torch.zeros(1, dates, 2),
        shift_known=torch.ones(1, dates), days=days[None], reference=days.abs().argmin()[None],
    )  # fmt: skip


def _white() -> torch.Tensor:
    return torch.tensor(WHITE).view(3, 1, 1)


@torch.no_grad()
def test_highres_net_makes_the_image_that_its_code_makes(imported):
    state = foreign.highres_net()
    network = imported(state)
    views = torch.rand(4, 1, 7, 9, generator=torch.Generator().manual_seed(5))  # 16-bit numbers over 65535
    image = network.estimate(_series(views * PROBAV_SPREAD, torch.zeros(4)), torch.Generator())
    assert (network.config.factor, network.config.bands) == (3, ("B04",))
    assert torch.allclose(image / PROBAV_SPREAD, foreign.run_highres_net(state, views), rtol=1e-4, atol=1e-5)


@torch.no_grad()
def test_highres_net_with_ltae_makes_the_image_that_its_code_makes(imported):
    checkpoint = foreign.highres_net_ltae()
    network = imported(checkpoint)
    views = 2 * torch.rand(5, 3, 6, 5, generator=torch.Generator().manual_seed(6)) - 1  # red first, from -1 to 1
    days = torch.tensor([40.0, -3.0, 12.0, -90.0, 200.0])
    image = network.estimate(_series((views[:, BLUE_FIRST] + 1) / 2 * _white(), days), torch.Generator())
    theirs = foreign.run_ltae(checkpoint["state_dict"]["model"], views, days)
    assert torch.allclose((2 * image / _white() - 1)[:, BLUE_FIRST], theirs, atol=1e-4)


@torch.no_grad()
def test_srdiff_predicts_the_noise_that_its_code_predicts(imported):
    checkpoint = foreign.srdiff()
    state, network = checkpoint["state_dict"]["model"], imported(checkpoint)
    generator = torch.Generator().manual_seed(7)
    image, noisy, t = torch.rand(1, 3, 4, 6, generator=generator), torch.randn(1, 3, 16, 24, generator=generator), torch.tensor([3])
    condition = foreign.run_rrdb_condition(state, image)
    features = network.encoder.features(network.normalise(image[:, BLUE_FIRST] * _white()))
    assert torch.allclose(torch.cat(features[2::3], 1), condition, rtol=1e-4, atol=1e-5)
    noise = network.predict_noise(noisy[:, BLUE_FIRST], t, condition)[:, BLUE_FIRST]
    theirs = foreign.run_unet(state, noisy, t, condition)
    assert (noise - theirs).abs().max() < 1e-5 * theirs.abs().max()
    assert (network.config.steps, network.config.multipliers, len(network.alphas)) == (5, (1, 2), 5)
    assert torch.allclose(network.unit.flatten(), torch.tensor(WHITE) / 4)  # 2 x / white, and that twice


@pytest.mark.skipif("srdiff_highres_net_ltae" not in SYSTEMS, reason="no such system in the registry")
@torch.no_grad()
def test_srdiff_conditioned_by_ltae_finds_all_its_tensors(imported):
    network = imported(foreign.srdiff_ltae())
    views = torch.rand(2, 3, 4, 4, generator=torch.Generator().manual_seed(8)) * _white()
    image = network.estimate(_series(views, torch.tensor([0.0, 9.0])), torch.Generator().manual_seed(0))
    assert image.shape == (1, 3, 16, 16) and torch.isfinite(image).all() and network.config.steps == 4


def _without(state, name):
    return {key: value for key, value in state.items() if key != name}


HRNET = foreign.highres_net()


@pytest.mark.parametrize(
    ("checkpoint", "words"),
    [
        (_without(HRNET, "fuse.fuse.1.bias"), r"lacks 1 tensors, the first for 'fusion\.fuse\.1\.bias'"),
        (_without(HRNET, "decode.deconv.0.weight"), r"lacks the tensor 'decode\.deconv\.0\.weight'"),
        (HRNET | {"extra.weight": torch.zeros(1)}, "has 1 tensors that have no place here, the first 'extra.weight'"),
        (
            HRNET | {"fuse.fuse.1.weight": torch.zeros(8, 4, 3, 3)},
            "'fuse.fuse.1.weight' holds 8 x 4 x 3 x 3 numbers instead of 8 x 16",
        ),
        (HRNET | {"decode.final.bias": torch.full((1,), torch.nan)}, "'decode.final.bias' is not finite"),
        (HRNET | {"decode.deconv2.0.weight": torch.zeros(1)}, "two transposed convolutions"),
        ({"layer.weight": torch.zeros(3)}, "none of the known layouts: its first tensor is 'layer.weight'"),
        ({"state_dict": {"model": {}}}, "is no state dict"),
        ([1, 2, 3], "is no state dict"),
        (Path("a"), "is damaged, or holds more than weights"),
    ],
)
def test_what_does_not_match_is_one_sentence(imported, checkpoint, words):
    with pytest.raises(ModelError, match=words):
        imported(checkpoint)


def test_files_that_are_none(tmp_path, imported):
    with pytest.raises(ModelError, match="cannot be read"):
        import_weights(tmp_path / "absent.ckpt", tmp_path / "out")
    (tmp_path / "cut.ckpt").write_bytes(b"\x80\x04cos\nsystem\n(S'true'\ntR.")
    with pytest.raises(ModelError, match="holds more than weights"):
        import_weights(tmp_path / "cut.ckpt", tmp_path / "out")
    with pytest.raises(JobError, match="The network has 1 bands, given are B04, B08"):
        imported(HRNET, bands=("B04", "B08"))
    imported(HRNET)
    with pytest.raises(JobError, match="holds a training"):
        imported(HRNET)


def test_the_script_says_what_it_found(tmp_path, monkeypatch, capsys):
    torch.save(HRNET, tmp_path / "HRNet.pth")
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "argv", ["import_weights.py", str(tmp_path / "HRNet.pth"), "--out", str(tmp_path / "out"), "--bands", "B08"])
    with pytest.raises(SystemExit) as left:
        runpy.run_path("training/import_weights.py", run_name="__main__")
    assert left.value.code == 0 and f"HighResNet, {sum(value.numel() for value in HRNET.values()):,} parameters" in capsys.readouterr().out
    assert load_averaged(tmp_path / "out")[1].network.bands == ("B08",)
