"""Preparing a dataset once, resuming, leaving out what is damaged; and training on the result as a user does."""

import json
import os
import runpy
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import TINY
from fixtures import worldstrat_layout as layout
from fixtures.tiny_network import NETWORK

from sitsr_core.datasets.folder_sampler import FolderSampler
from sitsr_core.datasets.prepare import prepare
from sitsr_core.datasets.prepared import INDEX, is_prepared, load_prepared, place_path
from sitsr_core.datasets.sampler import SamplerConfig
from sitsr_core.datasets.worldstrat import CARD, entries
from sitsr_core.errors import InputError
from sitsr_core.models.card import ModelCard, save_model
from sitsr_core.models.network import SuperResolver
from sitsr_core.training.data import site_parts
from sitsr_core.training.finetune import FineTuning, finetune

ROOT = Path(__file__).resolve().parents[2]
NAME = "Landcover-772144"
CONFIG = (
    """
data = "{data}"
"""
    + NETWORK
    + """[sampler]
batch = 2
patch = 16
max_dates = 3
[optimization]
steps = 3
warmup = 1
precision = "float32"
checkpoint_every = 2
validate_every = 3
"""
)


def _prepare(raw: Path, out: Path, skip: bool = False) -> list[str]:
    told: list[str] = []
    prepare(CARD, entries(raw), out, skip, told.append, quiet=True)
    return told


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    return layout.dataset(tmp_path_factory.mktemp("raw"))


@pytest.fixture(scope="module")
def out(raw, tmp_path_factory):
    out = tmp_path_factory.mktemp("prepared")
    _prepare(raw, out)
    return out


def _run(script: str, *arguments: object) -> int:
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as left:
        patch.chdir(ROOT)
        patch.setattr(sys, "argv", [f"training/{script}.py", *map(str, arguments)])
        runpy.run_path(f"training/{script}.py", run_name="__main__")
    return left.value.code


def test_what_is_written_is_what_was_read(raw, out):
    pair, site = entries(raw)[0].load()[0], load_prepared(out).sites[0]
    assert (site.name, site.part, site.bands, site.factor) == (NAME, "train", pair.bands, 4)
    shown, clear = site.crop(np.array([2, 0]), 4, 6, 20)
    assert np.abs(shown - pair.series[[2, 0], :, 4:24, 6:26]).max() <= 2.6e-5
    assert (clear == pair.clear[[2, 0], 4:24, 6:26]).all()
    assert [(a.date - a.date.fromisoformat("1970-01-01")).days for a in site.acquisitions] == pair.days.tolist()
    assert site.truths[0].day == pair.reference_day and site.truths[0].reference == 1  # 14 May is nearest to 15 May


def test_the_fine_image_gets_the_radiometry_of_the_series(out):
    """The fixture's other sensor has 0.8 times the reflectance and 0.02 more, and the nearest date 1.02 times the truth."""
    truth = load_prepared(out).sites[0].truths[0]
    step = 5e-5
    assert truth.gain / step == pytest.approx(np.full(4, 1.02 / 0.8), rel=0.05)
    assert truth.offset == pytest.approx(np.full(4, -0.02 * 1.02 / 0.8), abs=0.006)


def test_a_second_call_keeps_what_is_there_and_a_lost_place_is_made_again(raw, tmp_path):
    _prepare(raw, tmp_path)
    kept, lost = place_path(tmp_path, NAME), place_path(tmp_path, "Amnesty POI-20-2-2")
    before, content = kept.stat().st_mtime_ns, lost.read_bytes()
    lost.unlink()
    assert any("2 of them before" in text for text in _prepare(raw, tmp_path))
    assert kept.stat().st_mtime_ns == before and lost.read_bytes() == content


def test_damage_stops_or_is_left_out_as_told(tmp_path):
    raw = layout.dataset(tmp_path / "raw")
    (raw / "lr_dataset" / NAME / "L2A" / f"{NAME}-2-L2A_data.tiff").unlink()
    with pytest.raises(InputError, match=r"-2-L2A_data.tiff' cannot be read.*--skip-damaged"):
        _prepare(raw, tmp_path / "out")
    assert is_prepared(tmp_path / "out") is False
    told = _prepare(raw, tmp_path / "out", skip=True)
    found = load_prepared(tmp_path / "out")
    assert [site.name for site in found.sites] == ["Amnesty POI-20-2-2", "UNHCR-LBNs006446"]
    assert list(found.left_out) == [NAME] and "cannot be read" in found.left_out[NAME]
    assert any(text.startswith("Left out") for text in told)


def _unfinished(out):
    (out / INDEX).unlink()


def _cut(out):
    path = place_path(out, NAME)
    os.truncate(path, path.stat().st_size // 2)


def _gone(out):
    place_path(out, NAME).unlink()


def _no_index(out):
    (out / INDEX).write_text("{}")


def _other_version(out):
    index = json.loads((out / INDEX).read_text())
    (out / INDEX).write_text(json.dumps(index | {"format": 9}))


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (_unfinished, "is not prepared to its end"),
        (_cut, "Landcover-772144.safetensors' is damaged"),
        (_gone, "Landcover-772144.safetensors' is damaged"),
        (_no_index, f"{INDEX}' is damaged"),
        (_other_version, "another version"),
    ],
)
def test_a_damaged_dataset_is_one_sentence(raw, tmp_path, damage, words):
    _prepare(raw, tmp_path)
    damage(tmp_path)
    with pytest.raises(InputError, match=words):
        load_prepared(tmp_path)


def test_a_split_file_wins_over_the_datasets_parts(out, tmp_path):
    assert [site.name for site in site_parts(out)["test"]] == ["UNHCR-LBNs006446"]
    split = tmp_path / "split.json"
    split.write_text(json.dumps({"test": ["Landcover*"]}))
    assert [site.name for site in site_parts(out, str(split))["test"]] == [NAME]


def test_a_network_of_another_factor_or_other_bands_is_refused(out):
    sites, config = load_prepared(out).sites, SamplerConfig(batch=2, patch=16)
    with pytest.raises(InputError, match="has fine images of a factor of 4"):
        FolderSampler(sites, config, factor=2)
    with pytest.raises(InputError, match="has the bands B02, B03, B04, B08"):
        FolderSampler(sites, config, ("B05",))


def test_bands_come_in_the_networks_order(out):
    site = load_prepared(out).sites[0]
    sampler = FolderSampler([site], SamplerConfig(batch=2, patch=16, drop_nir=0.0), ("B08", "B11", "B02"))
    batch = sampler.batch(0, dates=2)
    assert batch.series.reflectance.shape == (2, 2, 3, 16, 16) and batch.truth.shape == (2, 3, 64, 64)
    assert (batch.series.reflectance[:, :, 1] == 0).all() and (batch.weight[:, 1] == 0).all() and (batch.weight[:, 0] > 0).any()
    assert batch.truth[:, 0].mean() > 2 * batch.truth[:, 2].mean()  # fields are brighter in the near infrared


def test_train_and_export_take_a_prepared_dataset(out, tmp_path):
    config = tmp_path / "tiny.toml"
    config.write_text(CONFIG.format(data=out.as_posix()))
    assert _run("train", config, "--out", tmp_path / "run", "--threads", 1) == 0
    log = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in log] == [1, 2, 3] and "held_out_3" in log[-1]
    (tmp_path / "card.toml").write_text('name = "tiny"\nversion = "1"\ndates = [1, 3]')
    assert _run("export", tmp_path / "run", tmp_path / "card.toml", "--out", tmp_path / "tiny.safetensors") == 0
    assert (tmp_path / "tiny.safetensors").exists()


def test_finetune_takes_a_prepared_dataset_and_holds_out_its_test_places(out, tmp_path):
    torch.manual_seed(0)
    save_model(SuperResolver(TINY), ModelCard("tiny", "0.1", "A test.", dates=(1, 2)), tmp_path / "parent.safetensors")
    sampler = SamplerConfig(batch=2, patch=16, max_dates=3)
    job = FineTuning(
        str(out), str(tmp_path / "parent.safetensors"), tmp_path / "mine", "mine", "WorldStrat", "CC BY-NC 4.0", 2, 0, sampler=sampler
    )
    told: list[str] = []
    assert finetune(job, told.append).path.exists()
    assert "1 site to learn from, 2 held out: Amnesty POI-20-2-2, UNHCR-LBNs006446." in told


def test_the_script_tells_the_licence_and_of_a_folder_that_is_none(raw, tmp_path, capsys):
    assert _run("prepare_worldstrat", raw, "--out", tmp_path / "out", "--most", 1) == 0
    assert "CC BY-NC 4.0" in capsys.readouterr().out
    assert len(load_prepared(tmp_path / "out").sites) == 1
    assert _run("prepare_worldstrat", tmp_path / "nowhere", "--out", tmp_path / "out") == 1
    assert "does not exist" in capsys.readouterr().err
