"""PROBA-V on its fixture and on damaged copies of it; and a network of factor 3 trained on it."""

import runpy
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio
from fixtures import probav_layout as layout

from sitsr_core.datasets.folder_sampler import FolderSampler
from sitsr_core.datasets.prepare import prepare
from sitsr_core.datasets.prepared import load_prepared
from sitsr_core.datasets.probav import CARD, baseline_scores, entries
from sitsr_core.datasets.sampler import SamplerConfig
from sitsr_core.errors import InputError
from sitsr_core.inference.selection import relative_shifts

SCENE = "imgset0001"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return layout.dataset(tmp_path_factory.mktemp("probav"))


@pytest.fixture
def root(whole, tmp_path):
    """A copy with one scene, to be damaged."""
    shutil.copytree(whole / "train" / "RED" / SCENE, tmp_path / "train" / "RED" / SCENE)
    shutil.copy(whole / "norm.csv", tmp_path)
    return tmp_path


def test_scenes_their_bands_and_parts(whole):
    found = entries(whole)
    assert [(entry.name, entry.part) for entry in found] == [
        ("RED/imgset0000", "test"), ("RED/imgset0001", "train"), ("RED/imgset0005", "validation"), ("NIR/imgset0594", "train")
    ]  # fmt: skip
    assert found[0].load()[0].bands == ("B04",) and found[3].load()[0].bands == ("B08",)


def test_a_pair_is_what_the_files_hold(whole):
    pair = entries(whole)[1].load()[0]
    assert pair.series.shape == (layout.IMAGES, 1, 128, 128) and pair.reference.shape == (1, 384, 384) and pair.factor == 3
    assert (pair.days == 0).all() and pair.reference_day == 0
    assert pair.clear.mean((1, 2))[:3].tolist() == [1.0, 0.5, 1.0] and (pair.series[1, 0, :64] == 0).all()
    assert (pair.reference[0][:, :30] == 0).all() and not pair.valid[:, :30].any() and pair.valid[:, 30:].all()
    seen = pair.reference[0].reshape(128, 3, 128, 3).mean((1, 3))[:, 12:-2]
    assert np.abs(seen - pair.series[0, 0][:, 12:-2]).mean() < 0.15 * seen.mean()


def test_prepared_scenes_keep_the_fine_image_as_it_is_and_know_their_shifts(whole, tmp_path):
    prepare(CARD, entries(whole)[1:2], tmp_path, False, print, quiet=True)
    site, pair = load_prepared(tmp_path).sites[0], entries(whole)[1].load()[0]
    assert np.abs(site.truths[0].crop(90, 90, 60)[0] - pair.reference[:, 90:150, 90:150]).max() <= 2.6e-5
    shift, known = relative_shifts(site.acquisitions, site.acquisitions[site.truths[0].reference])
    assert known.tolist() == [True, False, True, True]  # half an image of one band is too little
    assert np.abs(shift).max() > 0.3
    batch = FolderSampler([site], SamplerConfig(batch=2, patch=16), ("B04",), 3).batch(0, dates=4)
    assert batch.series.reflectance.shape == (2, 4, 1, 16, 16) and batch.truth.shape == (2, 1, 48, 48) and batch.factor == 3


def test_scores_of_the_baseline(whole):
    assert baseline_scores(whole) == {"RED/imgset0000": 45.5, "RED/imgset0005": 46.5, "RED/imgset0001": 47.5, "NIR/imgset0594": 45.5}


def _cut(root):
    path = root / "LR003.png"
    path.write_bytes(path.read_bytes()[:4000])


def _no_mask(root):
    (root / "QM002.png").unlink()


def _no_reference(root):
    (root / "HR.png").unlink()


def _wrong_size(root):
    layout.write(root / "LR004.png", np.zeros((64, 128), np.uint16))


def _three_bands(root):
    with rasterio.open(root / "LR002.png", "w", driver="PNG", count=3, height=128, width=128, dtype="uint16") as file:
        file.write(np.zeros((3, 128, 128), np.uint16))


def _empty(root):
    for path in root.glob("LR*.png"):
        path.unlink()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (_cut, "LR003.png' cannot be read"),
        (_no_mask, "QM002.png' cannot be read"),
        (_no_reference, "HR.png' cannot be read"),
        (_wrong_size, "LR004.png' has 64 x 128 pixels instead of 128 x 128"),
        (_three_bands, "LR002.png' has 3 bands instead of 1"),
        (_empty, "imgset0001' has no image LR000.png"),
    ],
)
def test_each_damage_is_one_sentence(root, damage, words):
    damage(root / "train" / "RED" / SCENE)
    with pytest.raises(InputError, match=words):
        entries(root)[0].load()


@pytest.mark.parametrize(
    ("text", "words"),
    [("imgset0001 many\n", "cannot be read"), ("imgset0007 45.1\n", "has no line for 'imgset0001'"), (None, "cannot be read")],
)
def test_a_damaged_table_is_one_sentence(root, text, words):
    (root / "norm.csv").unlink()
    if text:
        (root / "norm.csv").write_text(text)
    with pytest.raises(InputError, match=rf"norm.csv' {words}"):
        baseline_scores(root)


def test_a_folder_without_scenes_is_refused(tmp_path):
    with pytest.raises(InputError, match="has no scene of PROBA-V"):
        entries(tmp_path)


def test_the_script_keeps_the_baseline_or_says_that_it_goes_on_without(root, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(Path(__file__).resolve().parents[2])

    def run(*arguments: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["prepare_probav.py", str(root), *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            runpy.run_path("training/prepare_probav.py", run_name="__main__")
        printed = capsys.readouterr()
        return left.value.code, printed.out + printed.err

    assert run("--out", tmp_path / "out")[0] == 0
    assert load_prepared(tmp_path / "out").scores == {f"RED/{SCENE}": 47.5}
    (root / "norm.csv").unlink()
    code, said = run("--out", tmp_path / "out")
    assert code == 1 and "norm.csv' cannot be read" in said and "go on without the baseline (--skip-damaged)" in said
    code, said = run("--out", tmp_path / "out", "--skip-damaged")
    assert code == 0 and "Left out: The table" in said and load_prepared(tmp_path / "out").scores == {}
