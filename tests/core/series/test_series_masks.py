"""Masks given, masks found, masks estimated."""

import numpy as np
import pytest
from fixtures.rasters import BANDS, DATES, RGB, cloudy, place, to_numbers, write_raster, write_series
from rasterio.transform import Affine

from sitsr_core.errors import InputError
from sitsr_core.series import clear_sky, masks
from sitsr_core.series.acquisition import Grid, Window
from sitsr_core.series.image_series import ImageSeries

ALL = Window(0, 0, 96, 96)
SIX = ("2021-05-22", "2021-06-01", "2021-06-11", "2021-06-21", "2021-07-01", "2021-07-11")


def write_mask(path, values, step=10):
    return write_raster(path, values[None].astype("uint8"), transform=Affine(step, 0, 500_000, 0, -step, 5_000_000))


@pytest.mark.parametrize("key", ["path", "name", "stem", "date"])
def test_the_users_mask(tmp_path, key):
    paths = write_series(tmp_path / "s")
    clear = np.ones((96, 96))
    clear[:30] = 0
    mask = write_mask(tmp_path / "mask.tif", clear)
    given = {"path": paths[1], "name": f"S2_{DATES[1]}.tif", "stem": f"S2_{DATES[1]}", "date": DATES[1]}[key]
    with ImageSeries.open(paths, masks={given: mask}) as series:
        assert [one.mask_kind for one in series.acquisitions] == ["estimated", "clear", "estimated", "estimated"]
        read = series.read(ALL)
        assert np.array_equal(read.clear[1], clear.astype(bool)) and read.clear[0].all()
        assert series.acquisitions[1].clear_fraction == pytest.approx(66 / 96)


@pytest.mark.parametrize("name", ["T31TDG_20210611_SCL_20m.tif", "classes.tif"])
def test_scl_classes_at_20_metres(tmp_path, name):
    paths = write_series(tmp_path / "s")
    classes = np.arange(48 * 48).reshape(48, 48) % 12
    mask = write_mask(tmp_path / name, classes, 20)
    with ImageSeries.open(paths, masks={paths[1]: mask}) as series:
        assert series.acquisitions[1].mask_kind == "scl"
        expected = np.kron(np.isin(classes, (2, 4, 5, 6, 7, 11)), np.ones((2, 2), bool))
        assert np.array_equal(series.read(ALL, [1]).clear[0], expected)
        part = series.read(Window(-7, 11, 40, 33), [1]).clear[0]
        assert np.array_equal(part[7:], expected[:33, 11:44]) and np.array_equal(part[:7], expected[:7, 11:44][::-1])


def test_scl_beside_the_bands(tmp_path):
    paths = write_series(tmp_path, DATES[:2], name="x_{date}.tif")
    write_mask(tmp_path / f"x_{DATES[1]}_SCL.tif", np.full((48, 48), 8), 20)
    with ImageSeries.open([str(tmp_path)]) as series:
        assert len(paths) == 2 and [one.mask_kind for one in series.acquisitions] == ["estimated", "scl"]
        assert series.acquisitions[1].clear_fraction == 0


def test_a_mask_for_no_layer(tmp_path):
    paths = write_series(tmp_path)
    with pytest.raises(InputError, match=r"'S2_2021-06-1\.tif', which is no layer of the series\. Did you mean 'S2_"):
        ImageSeries.open(paths, masks={"S2_2021-06-1.tif": paths[0]})


def test_a_folder_is_no_mask(tmp_path):
    paths = write_series(tmp_path / "in")
    (tmp_path / "masks").mkdir()
    with pytest.raises(InputError, match=r"The mask '.*masks' is a folder\. Give one raster for all dates, or one for each"):
        ImageSeries.open(paths, masks={str(tmp_path / "in"): str(tmp_path / "masks")})


def test_one_mask_serves_a_folder(tmp_path):
    write_series(tmp_path / "in")
    (tmp_path / "other").mkdir()
    mask = write_raster(tmp_path / "m.tif", np.eye(96, dtype="uint8")[None])
    with ImageSeries.open([str(tmp_path / "in")], masks={str(tmp_path / "in"): mask}) as series:
        assert (series.read(ALL).clear == np.eye(96, dtype=bool)).all()
    with pytest.raises(InputError, match="no layer of the series"):
        ImageSeries.open([str(tmp_path / "in")], masks={str(tmp_path / "other"): mask})


def test_a_date_is_a_date_where_a_folder_is_called_like_it(tmp_path, monkeypatch):
    paths = write_series(tmp_path / "in")
    (tmp_path / DATES[1]).mkdir()
    monkeypatch.chdir(tmp_path)
    mask = write_raster(tmp_path / "m.tif", np.eye(96, dtype="uint8")[None])
    with ImageSeries.open(paths, masks={DATES[1]: mask}) as series:
        assert [one.mask_kind for one in series.acquisitions] == ["estimated", "clear", "estimated", "estimated"]


def test_a_mask_without_a_name_is_that_of_all_dates_but_those_that_have_another(tmp_path):
    paths = write_series(tmp_path / "in")
    every = write_raster(tmp_path / "all.tif", np.eye(96, dtype="uint8")[None])
    one = write_raster(tmp_path / "one.tif", np.ones((1, 96, 96), "uint8"))
    with ImageSeries.open([str(tmp_path / "in")], masks={DATES[1]: one, "": every}) as series:
        clear = series.read(ALL).clear
        assert len(paths) == 4 and clear[1].all() and (clear[[0, 2, 3]] == np.eye(96, dtype=bool)).all()


def test_a_mask_of_all_dates_is_looked_at_once(tmp_path, monkeypatch):
    mask = write_raster(tmp_path / "all.tif", np.eye(96, dtype="uint8")[None])
    looked: list[Grid] = []
    monkeypatch.setattr(masks, "covered_share", lambda other, grid: looked.append(other) or 1.0)
    with ImageSeries.open(write_series(tmp_path / "in"), masks={"": mask}) as series:
        assert len(looked) == 1 and [one.mask_kind for one in series.acquisitions] == ["clear"] * 4


def test_a_mask_of_a_part_is_told_of(tmp_path):
    paths = write_series(tmp_path / "in")
    half = write_raster(tmp_path / "half.tif", np.ones((1, 96, 48), "uint8"))
    with ImageSeries.open(paths, masks=dict.fromkeys(paths[:2], half)) as series:
        told = [text for text in series.warnings if "half.tif" in text]
        assert told == ["The mask 'half.tif' covers 50.0% of the series; what lies beyond it counts as cloud."]
        assert series.read(ALL, [0]).clear[0, :, :48].all() and not series.read(ALL, [0]).clear[0, :, 48:].any()


def test_a_mask_of_another_place(tmp_path):
    paths = write_series(tmp_path)
    mask = write_raster(tmp_path / "m.tif", np.ones((1, 8, 8), "uint8"), transform=Affine(10, 0, 0, 0, -10, 0))
    with pytest.raises(InputError, match=r"'m\.tif' does not lie on the series"):
        ImageSeries.open(paths, masks={paths[0]: mask})


@pytest.mark.parametrize("bands", [BANDS, RGB])
def test_the_estimate_finds_cloud_and_keeps_the_rest(tmp_path, bands):
    clouds = {SIX[1]: 1.0, SIX[3]: 0.4}
    with ImageSeries.open(write_series(tmp_path, SIX, bands=bands, clouds=clouds)) as series:
        read = series.read(ALL)
        assert not read.clear[1].any() and series.acquisitions[1].clear_fraction == 0
        truth = np.abs(cloudy(place(96, 96, bands), 0.4, 3) - place(96, 96, bands)).max(axis=0) > 0.06
        assert not (read.clear[3] & truth).any() and read.clear[3].mean() > 0.25
        for index in (0, 2, 4, 5):
            assert read.clear[index].mean() > 0.99


def test_a_bright_village_stays_clear(tmp_path):
    images = [place(seed=1) for _ in SIX]
    for image in images:
        image[:, 30:50, 40:60] = np.array([0.3, 0.32, 0.34, 0.4])[:, None, None]
    paths = [write_raster(tmp_path / f"{date}.tif", to_numbers(image), descriptions=BANDS) for date, image in zip(SIX, images, strict=True)]
    with ImageSeries.open(paths) as series:
        assert series.read(ALL).clear.all()


def test_haze_is_found(tmp_path):
    images = [place(seed=1) for _ in SIX]
    images[2] = images[2] * 0.9 + np.array([0.07, 0.055, 0.045, 0.02], np.float32)[:, None, None]
    paths = [write_raster(tmp_path / f"{date}.tif", to_numbers(image), descriptions=BANDS) for date, image in zip(SIX, images, strict=True)]
    with ImageSeries.open(paths) as series:
        shares = [one.clear_fraction for one in series.acquisitions]
        assert shares[2] == 0 and min(shares[:2] + shares[3:]) > 0.99


def test_a_harvest_is_no_cloud(tmp_path):
    images = [place(seed=1) for _ in SIX]
    images[4][:, :40, :40] = np.array([0.08, 0.12, 0.17, 0.25])[:, None, None]
    paths = [write_raster(tmp_path / f"{date}.tif", to_numbers(image), descriptions=BANDS) for date, image in zip(SIX, images, strict=True)]
    with ImageSeries.open(paths) as series:
        assert series.acquisitions[4].clear_fraction > 0.99


@pytest.mark.parametrize("count", [1, 2])
def test_few_dates(tmp_path, count):
    with ImageSeries.open(write_series(tmp_path / "clear", SIX[:count])) as series:
        assert series.read(ALL).clear.all()
    with ImageSeries.open(write_series(tmp_path / "cloud", SIX[:count], clouds={SIX[0]: 1.0})) as series:
        assert not series.read(ALL).clear[0].any() and series.read(ALL).clear[1:].all()


def _village(seed: int = 1) -> np.ndarray:
    """A place with roofs as bright as cloud on a quarter of it."""
    image = place(seed=seed)
    image[:, 20:68, 20:68] = np.array([0.36, 0.36, 0.36, 0.4])[:, None, None]
    return image


def test_a_date_that_is_alone_keeps_its_bright_ground(tmp_path):
    path = write_raster(tmp_path / "2021-05-22.tif", to_numbers(_village()), descriptions=BANDS)
    with ImageSeries.open([path]) as series:
        assert series.read(ALL).clear.all() and series.acquisitions[0].clear_fraction == 1
        assert any("of the only date is as bright as cloud" in text for text in series.warnings)
    path = write_raster(tmp_path / "2021-05-23.tif", to_numbers(place(seed=1)), descriptions=BANDS)
    with ImageSeries.open([path]) as series:
        assert not any("only date" in text for text in series.warnings)


def test_all_cloudy_opens_with_a_warning(tmp_path):
    with ImageSeries.open(write_series(tmp_path, clouds=dict.fromkeys(DATES, 1.0))) as series:
        assert not series.read(ALL).clear.any() and series.read(ALL).valid.all()
        assert {one.clear_fraction for one in series.acquisitions} == {0}
        assert any("No date has clear pixels" in text for text in series.warnings)


@pytest.mark.parametrize(("dtype", "nodata"), [("uint16", 0), ("float32", None)])
def test_all_no_data_opens_with_a_warning(tmp_path, dtype, nodata):
    everywhere = (slice(None), slice(None))
    with ImageSeries.open(write_series(tmp_path, dtype=dtype, nodata=nodata, holes=dict.fromkeys(DATES, everywhere))) as series:
        assert not series.read(ALL).valid.any() and series.valid_fractions == (0, 0, 0, 0)
        assert any("No date has clear pixels" in text for text in series.warnings)


def test_estimate_can_be_switched_off(tmp_path):
    with ImageSeries.open(write_series(tmp_path, clouds={DATES[0]: 1.0}), estimate=False) as series:
        assert series.read(ALL).clear.all() and {one.mask_kind for one in series.acquisitions} == {"none"}


def test_box_sums_are_exact():
    values = np.arange(35).reshape(5, 7) * 99_991
    padded = np.pad(values, 2)
    expected = [[padded[r : r + 5, c : c + 5].sum() for c in range(7)] for r in range(5)]
    assert np.array_equal(clear_sky.box_sum(values, 2), expected)
