"""BreizhSR on its fixture and on damaged copies of it."""

import runpy
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio
from fixtures import breizhsr_layout as layout

from sitsr_core.datasets.breizhsr import CARD, entries
from sitsr_core.datasets.prepare import prepare
from sitsr_core.datasets.prepared import load_prepared
from sitsr_core.errors import InputError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return layout.dataset(tmp_path_factory.mktemp("breizhsr"))


@pytest.fixture
def root(whole, tmp_path):
    """A copy, to be damaged, with its tables as CSV."""
    shutil.copytree(whole, tmp_path / "copy")
    _convert(tmp_path / "copy")
    return tmp_path / "copy"


def _convert(folder: Path, *arguments: object) -> int:
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as left:
        patch.chdir(ROOT)
        patch.setattr(sys, "argv", ["training/convert_breizhsr.py", str(folder), *map(str, arguments)])
        runpy.run_path("training/convert_breizhsr.py", run_name="__main__")
    return left.value.code


def test_places_come_in_the_parts_of_their_tables(whole):
    assert [(entry.name, entry.part) for entry in entries(whole)] == [
        ("train/spot6/0", "train"), ("train/spot6/1", "validation"), ("train/spot6/2", "train"), ("test/spot6/0", "test"),
        ("test/spot6/1", "test"),
    ]  # fmt: skip


def test_a_pair_is_what_the_files_hold(whole):
    pair = entries(whole)[1].load()[0]
    assert pair.series.shape == (3, 3, 74, 74) and pair.reference.shape == (3, 296, 296) and pair.factor == 4
    assert [np.datetime64(int(day), "D").astype(str) for day in pair.days] == list(layout.DAYS)
    assert np.datetime64(pair.reference_day, "D").astype(str) == "2018-05-15" and pair.bands == ("B02", "B03", "B04")
    assert pair.clear.all() and pair.valid.all()
    with rasterio.open(whole / "train" / "sen2" / "1_2.tif") as file:
        stored = file.read()
    assert np.allclose(pair.series[2, 0], stored[2, :74, :74] / 10_000)  # blue is the last band of the file


def test_tables_as_csv_say_the_same(whole, root):
    assert [(e.name, e.part) for e in entries(root)] == [(e.name, e.part) for e in entries(whole)]
    assert (root / "dataset_test.csv").is_file()
    for table in ("train", "test"):
        (root / f"dataset_{table}.pkl").unlink()
    one, other = entries(root)[3].load()[0], entries(whole)[3].load()[0]
    assert np.array_equal(one.series, other.series) and np.array_equal(one.days, other.days) and one.reference_day == other.reference_day
    assert _convert(root.parent / "nowhere") == 1


def test_the_fine_image_gets_the_radiometry_of_the_series(whole, tmp_path):
    """The fixture shows 0.05 + 3 times the truth in 8 bits."""
    prepare(CARD, entries(whole)[:1], tmp_path, False, print, quiet=True)
    truth = load_prepared(tmp_path).sites[0].truths[0]
    assert truth.gain / 5e-5 == pytest.approx(np.full(3, 1 / 3), rel=0.05)
    assert truth.offset == pytest.approx(np.full(3, -0.05 / 3), abs=0.004)


def _edited(root, old, new, table="dataset_train"):
    path = root / f"{table}.csv"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def _no_date(root):
    _edited(root, ',2018-05-14,"[', ',,"[')


def _date_missing_in_the_series(root):
    _edited(root, '""2018-05-10"", ', "")


def _bad_list(root):
    _edited(root, '"[""train/sen2/0_0.tif""', '"[train/sen2/0_0.tif""')


def _no_column(root):
    _edited(root, "dates_sen2", "dates")


def _unknown_part(root):
    _edited(root, ",val", ",sometimes")


def _way_out(root):
    _edited(root, "train/spot6/0.tif", "../spot6/0.tif")


def _no_table(root):
    for kind in ("csv", "pkl"):
        (root / f"dataset_test.{kind}").unlink()


def _truncated(root):
    path = root / "train" / "sen2" / "0_1.tif"
    path.write_bytes(path.read_bytes()[:9000])


def _missing(root):
    (root / "train" / "spot6" / "0.tif").unlink()


def _rewrite(path, change):
    with rasterio.open(path) as file:
        pixels, profile = change(file.read()), file.profile
    sizes = dict(zip(("count", "height", "width"), pixels.shape, strict=True))
    with rasterio.open(path, "w", **(profile | sizes | {"dtype": pixels.dtype})) as file:
        file.write(pixels)


def _band_count(root):
    _rewrite(root / "train" / "sen2" / "0_2.tif", lambda pixels: pixels[:2])


def _smaller(root):
    _rewrite(root / "train" / "sen2" / "0_0.tif", lambda pixels: pixels[:, :60, :60])


def _fine_size(root):
    _rewrite(root / "train" / "spot6" / "0.tif", lambda pixels: pixels[:, :200])


def _sixteen_bits(root):
    _rewrite(root / "train" / "spot6" / "0.tif", lambda pixels: pixels.astype(np.uint16))


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (_no_date, "dataset_train.csv' has no date for line 2, but ''"),
        (_date_missing_in_the_series, "dataset_train.csv' has 3 images and 2 dates in row 2"),
        (_bad_list, "Line 2 of the table '.*dataset_train.csv' has no list of paths and days"),
        (_no_column, "dataset_train.csv' has no column 'dates_sen2'"),
        (_unknown_part, "dataset_train.csv' puts row 3 into 'sometimes'"),
        (_way_out, r"dataset_train.csv' has no path within the dataset in row 2, but '\.\./spot6/0.tif'"),
        (_no_table, "has no table 'dataset_test.pkl'"),
        (_truncated, "0_1.tif' cannot be read"),
        (_missing, "spot6/0.tif' cannot be read"),
        (_band_count, "0_2.tif' has 2 bands instead of 3"),
        (_smaller, "0_0.tif' has 60 x 60 pixels instead of 75 x 75"),
        (_fine_size, "0.tif' has 200 x 300 pixels instead of 300 x 300"),
        (_sixteen_bits, "0.tif' holds uint16 instead of 8-bit numbers"),
    ],
)
def test_each_damage_is_one_sentence(root, damage, words):
    damage(root)
    with pytest.raises(InputError, match=words):
        entries(root)[0].load()


def test_a_date_that_is_not_square_is_left_out_as_its_authors_do(root):
    _rewrite(root / "train" / "sen2" / "0_1.tif", lambda pixels: pixels[:, :70])
    pair = entries(root)[0].load()[0]
    assert pair.series.shape == (2, 3, 74, 74) and len(pair.days) == 2
