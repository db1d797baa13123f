"""Weights with their card: round trip, and files that must be refused."""

import dataclasses
import json
import subprocess
import sys

import pytest
import torch
from safetensors.torch import load_file, save_file

from sitsr_core.errors import JobError, ModelError, OutputError
from sitsr_core.models.card import HEADER_KEY, ModelCard, list_bundled, load_model, model_hash, model_path, read_header, save_model


@pytest.fixture
def model(tiny_network, tmp_path):
    path = tmp_path / "tiny.safetensors"
    save_model(tiny_network, ModelCard("tiny", metrics={"psnr": 1.5}), path)
    return path


def _rewrite(path, change):
    """Change the header's JSON in place."""
    tensors = load_file(path)
    config, card = read_header(path)
    header = {"format": 1, "config": config.to_dict(), "card": card.to_dict()}
    change(header, tensors)
    save_file(tensors, str(path), metadata={HEADER_KEY: json.dumps(header)})


def test_round_trip(model, tiny_network, make_batch):
    loaded = load_model(str(model))
    assert loaded.card.name == "tiny"
    assert tuple(loaded.card.bands) == ("B02", "B03", "B04", "B08")
    assert loaded.card.receptive_field == tiny_network.halo("mean")
    batch = make_batch(1, 3, 8)
    with torch.inference_mode():
        assert torch.allclose(loaded.encode(batch).mean, tiny_network.encode(batch).mean, atol=1e-4)  # reflectance; half precision


def test_loading_does_not_import_the_compiler(model):
    """A second of every start: some operations import it where they are only asked for shapes."""
    code = "import sys; from sitsr_core.models.card import load_model; load_model(sys.argv[1]); assert 'torch._dynamo' not in sys.modules"
    subprocess.run([sys.executable, "-c", code, str(model)], check=True)


def test_what_was_saved_once_is_saved_the_same(model, tmp_path):
    again = tmp_path / "again.safetensors"
    loaded = load_model(str(model))
    save_model(loaded, loaded.card, again)
    assert model_hash(again) == model_hash(model)


def test_a_model_of_before_0_15_draws_as_it_did(model, tiny_network, make_batch):
    """From white noise, without being shown the mean."""

    def older(header, tensors):
        del header["config"]["guided_draws"]
        del tensors["denoiser.condition_detail.weight"]

    _rewrite(model, older)
    loaded, white = load_model(str(model)), torch.randn(1, 4, 32, 32)
    assert torch.equal(loaded.first_noise(white), white) and not torch.equal(tiny_network.first_noise(white), white)
    with torch.inference_mode():
        prediction = tiny_network.encode(make_batch(1, 2, 8))
        tiny_network.denoiser.condition_detail.weight.zero_()
        tiny_network.config = dataclasses.replace(tiny_network.config, guided_draws=False)
        before = tiny_network.sample(prediction, white, 2)
        assert torch.allclose(loaded.sample(prediction, white, 2), before, atol=1e-4)  # reflectance; half precision


def test_what_half_precision_cannot_hold_is_kept(tiny_network, tmp_path):
    with torch.no_grad():
        tiny_network.calibration.fill_(1e5)
    save_model(tiny_network, ModelCard("large"), tmp_path / "large.safetensors")
    assert (load_model(str(tmp_path / "large.safetensors")).calibration == 1e5).all()


@pytest.mark.parametrize("blocks", [-1, 65, "2"])
def test_absurd_number_of_fidelity_blocks(model, blocks):
    _rewrite(model, lambda header, tensors: header["config"].update(fidelity_blocks=blocks))
    with pytest.raises(ModelError, match="fidelity_blocks"):
        load_model(str(model))


def test_bundled_model_loads_and_names_its_data():
    assert "small" in list_bundled()
    network = load_model()
    assert network.card.training_data
    assert 1e6 < sum(p.numel() for p in network.parameters()) < 4e6
    assert len(model_hash(model_path())) == 16


def test_missing_file():
    with pytest.raises(ModelError, match="not found"):
        load_model("no_such_model")


@pytest.mark.parametrize("keep", [0, 7, 100, 5000])
def test_truncated_file(model, keep):
    model.write_bytes(model.read_bytes()[:keep])
    with pytest.raises(ModelError):
        load_model(str(model))


def test_noise_instead_of_a_file(model):
    model.write_bytes(bytes(range(256)) * 50)
    with pytest.raises(ModelError):
        load_model(str(model))


def test_other_peoples_safetensors(tmp_path):
    path = tmp_path / "other.safetensors"
    save_file({"x": torch.zeros(3)}, str(path))
    with pytest.raises(ModelError, match="no model card"):
        load_model(str(path))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda h, t: h["config"].update(trunk_width=10**9), "trunk_width"),
        (lambda h, t: h["config"].update(trunk_width="12"), "trunk_width"),
        (lambda h, t: h["config"].update(guided_draws=1), "guided_draws"),
        (lambda h, t: h["config"].update(guided_draws="no"), "guided_draws"),
        (lambda h, t: h["config"].update(factor=5), "factor"),
        (lambda h, t: h["config"].update(factor=2), "do not fit"),
        (lambda h, t: h["config"].update(heads=3), "heads"),
        (lambda h, t: h["config"].update(bands=["B02"]), "center"),
        (lambda h, t: h["config"].update(bands=["B02", "B03", "B04", "NIR"]), "bands"),
        (lambda h, t: h["config"].update(bands=["B02", "B02", "B02", "B02"]), "bands"),
        (lambda h, t: h["config"].update(center=["a", "b", "c", "d"]), "center"),
        (lambda h, t: h["config"].update(spread=[0.1, 0.1, 0.1, 0]), "spread"),
        (lambda h, t: h["config"].update(residual_std=[0.1, 0.1, 0.1, float("inf")]), "residual_std"),
        (lambda h, t: h["config"].update(trunk_width=1024, trunk_blocks=64), "do not fit"),
        (lambda h, t: h["card"].update(dates=[1, "many"]), "damaged"),
        (lambda h, t: h["card"].update(name=None), "damaged"),
        (lambda h, t: t["calibration"].fill_(0), "calibration"),
        (lambda h, t: h["config"].update(surprise=1), "damaged"),
        (lambda h, t: h.pop("card"), "damaged"),
        (lambda h, t: h["card"].pop("name"), "damaged"),
        (lambda h, t: t.pop("mean_head.weight"), "do not fit"),
        (lambda h, t: t.update({"mean_head.weight": torch.zeros(2, 2)}), "do not fit"),
        (lambda h, t: t["mean_head.weight"].fill_(float("nan")), "not finite"),
    ],
)
def test_hostile_files_are_refused(model, change, message):
    _rewrite(model, change)
    with pytest.raises(ModelError, match=message):
        load_model(str(model))


def test_card_of_a_toml_file(tmp_path):
    path = tmp_path / "card.toml"
    path.write_text('name = "x"\ndates = [1, 5]')
    assert ModelCard.from_file(path).name == "x"
    with pytest.raises(JobError, match="cannot be read"):
        ModelCard.from_file(tmp_path / "none.toml")
    for text in ("name = ", 'name = "x"\nsurprise = 1', 'version = "1"'):
        path.write_text(text)
        with pytest.raises(JobError, match=r"card\.toml"):
            ModelCard.from_file(path)


def test_saving_where_nothing_can_be_written(tiny_network, tmp_path):
    with pytest.raises(OutputError, match="cannot be written"):
        save_model(tiny_network, ModelCard("x"), tmp_path / "no folder" / "x.safetensors")
