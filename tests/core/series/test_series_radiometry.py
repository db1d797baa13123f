"""Scale, the +1000 of baseline 04.00, floats, tags, pictures."""

import numpy as np
import pytest
import rasterio
from fixtures.rasters import BANDS, DATES, cloudy, place, to_numbers, write_raster, write_series

from sitsr_core.series.acquisition import Window
from sitsr_core.series.image_series import ImageSeries

ALL = Window(0, 0, 96, 96)


def opened(paths, **options):
    with ImageSeries.open([paths] if isinstance(paths, str) else paths, **options) as series:
        return series


def one(path, numbers, **options):
    return write_raster(path, numbers, descriptions=BANDS, **options)


@pytest.mark.parametrize("dtype", ["uint16", "int16", "int32"])
def test_integers_are_reflectance_times_10000(tmp_path, dtype):
    with ImageSeries.open(write_series(tmp_path, DATES[:1], dtype=dtype, noise=0, drift=0)) as series:
        assert series.dtype == dtype and (series.acquisitions[0].scale, series.acquisitions[0].offset) == (1e-4, 0.0)
        assert np.allclose(series.read(ALL).reflectance[0], place(), atol=6e-5)


def test_floats_are_reflectance(tmp_path):
    with ImageSeries.open(write_series(tmp_path, DATES[:1], dtype="float32", noise=0, drift=0)) as series:
        assert (series.acquisitions[0].scale, series.acquisitions[0].offset, series.dtype) == (1.0, 0.0, "float32")
        assert np.isnan(series.nodata) and np.allclose(series.read(ALL).reflectance[0], place())


def test_floats_of_dn_size(tmp_path):
    series = opened(one(tmp_path / "2021-07-21.tif", place() * 10000))
    assert series.acquisitions[0].scale == 1e-4 and any("taken as reflectance x 10000" in text for text in series.warnings)


def test_part_of_a_series_has_the_1000(tmp_path):
    dates = ("2021-06-01", "2021-06-11", "2022-02-01", "2022-02-11", "2022-03-01")
    lifted = dict.fromkeys(dates[2:], 1000)
    paths = write_series(tmp_path, dates, offsets=lifted, clouds={"2021-06-11": 1.0, "2022-02-11": 0.4})
    with ImageSeries.open(paths) as series:
        assert [a.offset for a in series.acquisitions] == [0.0, 0.0, -0.1, -0.1, -0.1]
        assert "+1000" in series.acquisitions[2].radiometry_source
        read = series.read(ALL, [0, 2]).reflectance
        assert abs(float(np.median(read[1] - read[0]))) < 0.01


def test_all_of_a_series_has_the_1000(tmp_path):
    series = opened(write_series(tmp_path, offsets=dict.fromkeys(DATES, 1000), clouds={DATES[1]: 1.0}))
    assert {a.offset for a in series.acquisitions} == {-0.1}
    assert any("+1000" in text and "Give scale and offset" in text for text in series.warnings)


def test_a_bright_scene_alone_is_left_as_it_is_and_said(tmp_path):
    series = opened(one(tmp_path / "2021-07-21.tif", to_numbers(0.15 + place() * np.array([1, 2, 3, 1])[:, None, None])))
    assert series.acquisitions[0].offset == 0.0
    assert any("nothing says whether" in text for text in series.warnings)


def test_cloud_is_not_taken_for_the_1000(tmp_path):
    series = opened(write_series(tmp_path, clouds={DATES[0]: 1.0, DATES[2]: 0.6}))
    assert {a.offset for a in series.acquisitions} == {0.0}


@pytest.mark.parametrize(
    ("tags", "offset"),
    [({"PROCESSING_BASELINE": "05.09"}, -0.1), ({"PROCESSING_BASELINE": "02.14"}, 0.0), ({"BOA_ADD_OFFSET": "-1000"}, -0.1)],
)
def test_metadata_are_believed(tmp_path, tags, offset):
    numbers = to_numbers(place() + 0.02, offset=1000 if offset else 0)
    acquisition = opened(one(tmp_path / "2021-07-21.tif", numbers, tags=tags)).acquisitions[0]
    assert acquisition.offset == pytest.approx(offset) and acquisition.radiometry_source.startswith("tag ")


def test_a_name_that_states_a_baseline_is_checked_against_the_pixels(tmp_path):
    name = "S2A_MSIL2A_20220721T105031_N0400_R051_T31TDG_20220721T140231.tif"
    (tmp_path / "with").mkdir()
    kept = opened(one(tmp_path / "with" / name, to_numbers(place(), offset=1000))).acquisitions[0]
    taken = opened(one(tmp_path / name, to_numbers(place()))).acquisitions[0]
    assert (kept.offset, kept.radiometry_source) == (-0.1, "baseline in the product's name")
    assert taken.offset == 0.0 and "already taken off" in taken.radiometry_source


def test_scale_and_offset_tags(tmp_path):
    path = one(tmp_path / "2021-07-21.tif", to_numbers(place(), offset=500), scales=[1e-4] * 4, offsets=[-0.05] * 4)
    acquisition = opened(path).acquisitions[0]
    assert (acquisition.scale, acquisition.offset, acquisition.radiometry_source) == (1e-4, -0.05, "scale and offset tags")


def test_what_sitsr_wrote_is_read_as_its_own_tag_says(tmp_path):
    bright = 0.15 + place() * np.array([1, 2, 3, 1])[:, None, None]
    for offset in (0.0, -0.1):
        tags = {"SITSR_SCALING": f"[0.0001, {offset}]"}
        numbers = to_numbers(bright - offset)
        with ImageSeries.open([one(tmp_path / "2021-07-21.tif", numbers, tags=tags, scales=[1e-4] * 4)]) as series:
            assert series.acquisitions[0].radiometry_source == "tag SITSR_SCALING" and not series.warnings
            assert np.allclose(series.read(ALL).reflectance[0], bright, atol=6e-5)


@pytest.mark.parametrize(
    ("tag", "dtype"),
    [("[0.0001, -0.1]", "uint8"), ("[0.0001, -0.1]", "float32")]
    + [(text, "uint16") for text in ("[0, 0]", "[1]", "{", f"[1{400 * '0'}, 0]", "[NaN, 0]", "[1, 1e999]")],
)
def test_a_tag_that_does_not_fit_the_numbers_is_not_believed(tmp_path, tag, dtype):
    path = one(tmp_path / "2021-07-21.tif", to_numbers(place(), dtype), tags={"SITSR_SCALING": tag})
    assert "SITSR" not in opened(path).acquisitions[0].radiometry_source


def test_a_scale_tag_of_another_unit(tmp_path):
    path = one(tmp_path / "2021-07-21.tif", np.rint(place() * 2000).astype("uint16"), tags={"SCALE": "0.0005"})
    assert opened(path).acquisitions[0].scale == 5e-4


def test_the_user_decides(tmp_path):
    paths = write_series(tmp_path, offsets=dict.fromkeys(DATES, 1000))
    assert {(a.scale, a.offset, a.radiometry_source) for a in opened(paths, scale=2e-4, offset=-0.3).acquisitions} == {
        (2e-4, -0.3, "given by the user")
    }
    assert {(a.scale, a.offset) for a in opened(paths, offset=0.0).acquisitions} == {(1e-4, 0.0)}


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_a_display_picture_is_named_as_such(tmp_path, dtype):
    numbers = to_numbers(place(), "uint8").astype(dtype)
    series = opened(one(tmp_path / "2021-07-21.tif", numbers))
    assert any("display picture, not reflectance" in text for text in series.warnings)
    assert series.acquisitions[0].scale == pytest.approx(1 / 255)


def test_dark_water_of_wide_integers_is_no_picture(tmp_path):
    numbers = to_numbers(0.015 * place() / place().max(), "int16")
    with ImageSeries.open([one(tmp_path / "2021-07-21.tif", numbers)], estimate=False) as series:
        assert 100 < numbers.max() < 160 and (series.acquisitions[0].scale, series.acquisitions[0].offset) == (1e-4, 0.0)


def test_cloud_above_the_range_of_reflectance_does_not_wrap(tmp_path):
    image = cloudy(place(), 1.0) * 3
    with ImageSeries.open([one(tmp_path / "2021-07-21.tif", to_numbers(image))]) as series:
        assert np.allclose(series.read(ALL).reflectance[0], image, atol=1e-4) and image.max() > 1.5


def test_an_int16_file_keeps_negative_numbers(tmp_path):
    numbers = to_numbers(place(), "int16")
    numbers[:, :4, :4] = -120
    path = one(tmp_path / "2021-07-21.tif", numbers)
    with rasterio.open(path) as file:
        assert file.dtypes[0] == "int16"
    with ImageSeries.open([path]) as series:
        assert series.read(ALL).reflectance[0, 0, 0, 0] == pytest.approx(-0.012)
