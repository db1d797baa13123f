"""SEN2VENuS on its fixture and on damaged copies of it."""

import shutil

import numpy as np
import pytest
import torch
from fixtures import sen2venus_layout as layout

from sitsr_core import sensor
from sitsr_core.datasets.folder_sampler import FolderSampler
from sitsr_core.datasets.prepare import prepare
from sitsr_core.datasets.prepared import load_prepared
from sitsr_core.datasets.sampler import SamplerConfig
from sitsr_core.datasets.sen2venus import CARD, entries, same_places
from sitsr_core.errors import InputError


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return layout.dataset(tmp_path_factory.mktemp("sen2venus"))


@pytest.fixture
def root(whole, tmp_path):
    """A copy with one site, to be damaged."""
    shutil.copytree(whole / "ALSACE", tmp_path / "ALSACE")
    return tmp_path


def test_patches_of_one_place_make_a_series(whole):
    found = list(entries(whole))
    assert [(entry.name, entry.part) for entry in found[2:4]] == [("ALSACE/00002", "train"), ("NARYN/00000", "test")]
    pairs = [entry.load() for entry in found[:3]]
    days = [[str(np.datetime64(int(day), "D")) for day in place[0].days] for place in pairs]
    assert days == [["2018-03-06", "2018-04-15"], ["2018-03-06", "2018-06-04"], ["2018-03-06", "2018-04-15", "2018-06-04"]]
    assert [len(place) for place in pairs] == [2, 2, 3]


def test_each_fine_image_is_that_of_its_date(whole):
    for pair in list(entries(whole))[2].load():
        index = pair.days.tolist().index(pair.reference_day)
        seen = sensor.observe(torch.from_numpy(pair.reference)[None], pair.bands, 2)[0].numpy()
        assert np.abs(seen - pair.series[index]).max() < 2e-4 and pair.factor == 2 and pair.valid.all()


def test_patches_that_look_alike_by_chance_stay_apart():
    rng = np.random.default_rng(0)
    one, other = (rng.normal(size=(5, 256)) for _ in range(2))
    unit = [pattern / np.linalg.norm(pattern, axis=1, keepdims=True) for pattern in (one, other, one + 0.2 * rng.normal(size=one.shape))]
    found = same_places([unit[0], unit[1], unit[2] / np.linalg.norm(unit[2], axis=1, keepdims=True)])
    assert [[date for date, _ in place] for place in found] == [[0, 2]] * 5 + [[1]] * 5


def test_a_network_of_factor_two_can_learn_from_it(whole, tmp_path):
    prepare(CARD, list(entries(whole))[:3], tmp_path, False, print, quiet=True)
    sites = load_prepared(tmp_path).sites
    assert [len(site.truths) for site in sites] == [2, 2, 3] and sites[2].factor == 2
    batch = FolderSampler(sites, SamplerConfig(batch=3, patch=16), factor=2).batch(1, dates=3)
    assert batch.series.reflectance.shape == (3, 3, 4, 16, 16) and batch.truth.shape == (3, 4, 32, 32)
    assert (batch.series.days.gather(1, batch.series.reference[:, None]) == 0).all()  # the reference is of the fine image's own day


def _tensor(root, size="10m"):
    return root / "ALSACE" / f"ALSACE_2018-04-15_{size}_b2b3b4b8.pt"


def _edited(root, old, new):
    path = root / "ALSACE" / "index.csv"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def _no_date(root):
    _edited(root, "ALSACE\t2018-04-15\t", "ALSACE\t\t")


def _no_count(root):
    _edited(root, "2018-04-15\t2\t", "2018-04-15\ttwo\t")


def _no_column(root):
    _edited(root, "tensor_10m_b2b3b4b8", "tensor")


def _commas(root):
    _edited(root, "\t", ",")


def _truncated(root):
    path = _tensor(root)
    path.write_bytes(path.read_bytes()[:10_000])


def _missing(root):
    _tensor(root, "05m").unlink()


def _three_bands(root):
    torch.save(torch.load(_tensor(root), weights_only=True)[:, :3].clone(), _tensor(root))


def _floats(root):
    torch.save(torch.zeros(2, 4, 128, 128), _tensor(root))


def _too_few(root):
    torch.save(torch.zeros(1, 4, 128, 128, dtype=torch.int16), _tensor(root))


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (_no_date, "index.csv' has no date for line 3, but ''"),
        (_no_count, "index.csv' has 'two' for the number of patches in line 3"),
        (_no_column, "index.csv' has no column 'tensor_10m_b2b3b4b8'"),
        (_commas, "index.csv' has no column 'date'"),
        (_truncated, "10m_b2b3b4b8.pt' cannot be read"),
        (_missing, "05m_b2b3b4b8.pt' cannot be read"),
        (_three_bands, "10m_b2b3b4b8.pt' holds 2 x 3 x 128 x 128 numbers instead of 2 x 4 x 128 x 128"),
        (_floats, "10m_b2b3b4b8.pt' is not a tensor of 16-bit whole numbers"),
        (_too_few, "10m_b2b3b4b8.pt' holds 1 x 4"),
    ],
)
def test_each_damage_is_one_sentence_and_the_rest_goes_on(root, damage, words):
    damage(root)
    found = list(entries(root))
    with pytest.raises(InputError, match=words):
        found[0].load()
    assert all(len(entry.load()[0].days) for entry in found[1:])


def test_a_folder_without_sites_is_refused(tmp_path):
    with pytest.raises(InputError, match="has no site of SEN2VENuS"):
        list(entries(tmp_path))
