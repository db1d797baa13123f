"""WorldStrat on its fixture and on damaged copies of it."""

import numpy as np
import pytest
import rasterio
from fixtures import worldstrat_layout as layout

from sitsr_core.datasets.worldstrat import entries
from sitsr_core.errors import InputError

NAME = "Amnesty POI-20-2-2"


@pytest.fixture
def root(tmp_path):
    return layout.dataset(tmp_path / "worldstrat", {NAME: "val"})


def test_places_come_in_the_parts_of_the_split(tmp_path):
    found = entries(layout.dataset(tmp_path / "worldstrat"))
    assert {entry.name: entry.part for entry in found} == {
        "Landcover-772144": "train", NAME: "validation", "UNHCR-LBNs006446": "test"
    }  # fmt: skip


def test_a_pair_is_what_the_files_hold(root):
    pair = entries(root)[0].load()[0]
    assert pair.series.shape == (3, 4, layout.SIDE, layout.SIDE) and pair.factor == 4
    assert pair.reference.shape == (4, 4 * layout.SIDE, 4 * layout.SIDE)
    assert [np.datetime64(int(day), "D").astype(str) for day in pair.days] == list(layout.DAYS)
    assert np.datetime64(pair.reference_day, "D").astype(str) == layout.FINE_DAY
    assert pair.clear.mean((1, 2)).tolist() == [1.0, 0.875, 0.75]
    assert (pair.series[2][:, :10] == 0).all() and (pair.series[2][:, 10:] > 0).any()
    assert pair.pixel_size == pytest.approx(10, abs=0.1)


def test_the_fine_image_lies_on_the_series_with_blue_first(root):
    """Averaged over the pixels of the series, it is the series of the first date but for the other sensor's gain and offset."""
    pair = entries(root)[0].load()[0]
    seen = pair.reference.reshape(4, layout.SIDE, 4, layout.SIDE, 4).mean((2, 4))
    for band in range(4):
        assert np.corrcoef(seen[band].ravel(), pair.series[0, band].ravel())[0, 1] > 0.95
    assert pair.valid.mean() > 0.97


def _edited(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def _without_a_date(root):
    _edited(root / "metadata.csv", f"{NAME},2,5.0,45.0,2019-05-14 10:40:31", f"{NAME},2,5.0,45.0,")


def _without_the_place(root):
    _edited(root / "metadata.csv", NAME, "Elsewhere")


def _cut_table(root):
    _edited(root / "metadata.csv", "lowres_date", "date")


def _no_text(root):
    (root / "metadata.csv").write_bytes(b"\xff\xfe\x00" + bytes(range(256)))


def _open_quote(root):
    path = root / "metadata.csv"
    path.write_text(path.read_text() + f'"{NAME}",5,"never closed')


def _short_row(root):
    path = root / "metadata.csv"
    path.write_text(path.read_text().rstrip() + f"\n{NAME},4,5.0\n")


def _unknown_part(root):
    _edited(root / layout.SPLIT, ",val", ",sometimes")


def _image(root, number=2):
    return root / "lr_dataset" / NAME / "L2A" / f"{NAME}-{number}-L2A_data.tiff"


def _truncated(root):
    data = _image(root).read_bytes()
    _image(root).write_bytes(data[: len(data) // 2])


def _missing(root):
    _image(root).unlink()


def _rewrite(path, change):
    with rasterio.open(path) as file:
        pixels, profile = change(file.read()), file.profile
    with rasterio.open(path, "w", **(profile | {"count": len(pixels), "height": pixels.shape[1]})) as file:
        file.write(pixels)


def _band_count(root):
    _rewrite(_image(root), lambda pixels: pixels[:11])


def _other_size(root):
    _rewrite(_image(root), lambda pixels: pixels[:, :-1])


def _no_mask(root):
    (root / "lr_dataset" / NAME / "L2A" / f"{NAME}-3-CLM.tiff").unlink()


def _three_fine_bands(root):
    _rewrite(root / "hr_dataset" / NAME / f"{NAME}_ps.tiff", lambda pixels: pixels[:3])


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (_without_a_date, "metadata.csv' has no date for 'Amnesty POI-20-2-2', number 2, but ''"),
        (_without_the_place, "metadata.csv' has no line for 'Amnesty POI-20-2-2'"),
        (_cut_table, "metadata.csv' has no column 'lowres_date'"),
        (_no_text, "metadata.csv' cannot be read"),
        (_open_quote, "metadata.csv' cannot be read"),
        (_short_row, "Line 5 of the table '.*metadata.csv'"),
        (_unknown_part, f"{layout.SPLIT}' puts 'Amnesty POI-20-2-2' into 'sometimes'"),
        (_truncated, "-2-L2A_data.tiff' cannot be read"),
        (_missing, "-2-L2A_data.tiff' cannot be read"),
        (_band_count, "-2-L2A_data.tiff' has 11 bands instead of 12"),
        (_other_size, "-2-L2A_data.tiff' is not of the size of the other dates"),
        (_no_mask, "-3-CLM.tiff' cannot be read"),
        (_three_fine_bands, "_ps.tiff' has 3 bands instead of 4"),
    ],
)
def test_each_damage_is_one_sentence(root, damage, words):
    damage(root)
    with pytest.raises(InputError, match=words) as caught:
        entries(root)[0].load()
    assert caught.value.hint


def test_the_folder_of_twelve_bits_serves_too(root):
    (root / "hr_dataset").rename(root / "moved")
    (root / "hr_dataset").mkdir()
    (root / "moved").rename(root / "hr_dataset" / "12bit")
    assert entries(root)[0].load()[0].valid.any()
