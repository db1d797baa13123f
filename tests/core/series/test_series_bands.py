"""Band roles: descriptions, wavelengths, names, known orders, the user."""

import numpy as np
import pytest
import rasterio
from fixtures.rasters import BANDS, place, to_numbers, write_raster

from sitsr_core.errors import InputError
from sitsr_core.series.bands import L1C_ORDER, L2A_ORDER, role_from_text, role_from_wavelength
from sitsr_core.series.image_series import ImageSeries


def roles(path, **options):
    """Role -> band number, where it came from, warnings."""
    with ImageSeries.open([str(path)], **options) as series:
        one = series.acquisitions[0]
        return {role: source.band for role, source in one.bands.items()}, series.band_sources[one.name], " ".join(series.warnings)


def written(path, count, **options):
    return write_raster(path, to_numbers(place(16, 16, [f"x{n}" for n in range(count)])), **options)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("B02", "B02"), ("b8", "B08"), ("Band 4 - Red", "B04"), ("B8A", "B8A"), ("T31TDG_20210721T105031_B03_10m", "B03"), ("blue", "B02"),
        ("Near Infrared", "B08"), ("NIR", "B08"), ("red edge 1", None), ("SWIR", None), ("scene_SCL_20m", "SCL"), ("reduced", None),
        ("B02_B03_B04", None), ("2021-07-21", None), ("", None),
    ],
)  # fmt: skip
def test_words(text, role):
    assert role_from_text(text) == role


@pytest.mark.parametrize(
    ("tags", "role"),
    [({"wavelength": "492.4 nm"}, "B02"), ({"CENTRAL_WAVELENGTH_UM": "0.665"}, "B04"), ({"wavelength": "1610"}, "other"), ({}, None)],
)
def test_wavelengths(tags, role):
    assert role_from_wavelength(tags) == role


def test_descriptions_in_any_order(tmp_path):
    path = written(tmp_path / "a_2021-07-21.tif", 5, descriptions=("B08", "B11", "B04", "B03", "B02"))
    assert roles(path) == ({"B02": 5, "B03": 4, "B04": 3, "B08": 1}, "band descriptions", "")


def test_common_names(tmp_path):
    path = written(tmp_path / "a_2021-07-21.tif", 4, descriptions=("red", "green", "blue", "nir"))
    assert roles(path)[0] == {"B02": 3, "B03": 2, "B04": 1, "B08": 4}


def test_wavelengths_of_a_file(tmp_path):
    path = written(tmp_path / "a_2021-07-21.tif", 4)
    with rasterio.open(path, "r+") as file:
        for band, wavelength in enumerate((842, 665, 560, 490), 1):
            file.update_tags(band, wavelength=str(wavelength))
    assert roles(path)[:2] == ({"B02": 4, "B03": 3, "B04": 2, "B08": 1}, "wavelengths")


@pytest.mark.parametrize(("count", "order"), [(12, L2A_ORDER), (13, L1C_ORDER), (4, BANDS), (3, ("B04", "B03", "B02"))])
def test_known_orders_are_assumed_with_a_warning(tmp_path, count, order):
    found, source, warnings = roles(written(tmp_path / "a_2021-07-21.tif", count))
    assert found == {role: order.index(role) + 1 for role in BANDS if role in order}
    assert source == f"assumed order of {count} bands" and f"order of {count} bands is assumed" in warnings


def test_the_users_bands_win(tmp_path):
    path = written(tmp_path / "a_2021-07-21.tif", 4, descriptions=BANDS)
    found, source, warnings = roles(path, bands={"B02": 4, "B03": 3, "B04": 2, "B08": 1})
    assert (found, source, warnings) == ({"B02": 4, "B03": 3, "B04": 2, "B08": 1}, "given by the user", "")


@pytest.mark.parametrize(
    ("bands", "message"),
    [
        ({"B02": 9, "B03": 2, "B04": 3}, "B02 cannot be band 9"),
        ({"B02": 1, "B03": 2}, "no B04"),
        ({"B02": 1, "B03": 2, "B04": 3, "B99": 4}, "B99"),
    ],
)
def test_wrong_bands_of_the_user(tmp_path, bands, message):
    with pytest.raises(InputError, match=message):
        roles(written(tmp_path / "a_2021-07-21.tif", 4), bands=bands)


@pytest.mark.parametrize("count", [2, 7])
def test_a_band_count_that_says_nothing(tmp_path, count):
    with pytest.raises(InputError, match=f"has {count} bands, and nothing says which"):
        roles(written(tmp_path / "a_2021-07-21.tif", count))


@pytest.mark.parametrize(("counts", "words"), [((12, 12, 4), "08-21.tif: 4, .*06-21.tif: 12"), ((12, 4), "06-21.tif: 12, .*07-21.tif: 4")])
def test_different_numbers_of_bands_that_nothing_names(tmp_path, counts, words):
    paths = [written(tmp_path / f"a_2021-0{n}-21.tif", count) for n, count in enumerate(counts, 6)]
    with pytest.raises(InputError, match=rf"different numbers of bands \(a_2021-{words}\)"):
        ImageSeries.open([str(path) for path in paths])


def test_a_single_band_without_a_name(tmp_path):
    with pytest.raises(InputError, match="has 1 band"):
        roles(written(tmp_path / "dem_2021-07-21.tif", 1))


def test_one_file_a_band(tmp_path):
    numbers = to_numbers(place(16, 16))
    paths = [write_raster(tmp_path / f"T31TDG_20210721T105031_{band}.tif", numbers[n : n + 1]) for n, band in enumerate(BANDS)]
    with ImageSeries.open(paths[::-1]) as series:
        assert series.bands == BANDS and len(series.acquisitions) == 1
        assert series.acquisitions[0].name == "T31TDG_20210721T105031"
        raw, _ = series.read_raw(0, _all(series))
        assert np.array_equal(raw, numbers)


def test_a_file_a_band_without_red(tmp_path):
    numbers = to_numbers(place(16, 16))
    paths = [write_raster(tmp_path / f"x_20210721_{band}.tif", numbers[:1]) for band in ("B02", "B03", "B08")]
    with pytest.raises(InputError, match="2021-07-21 have no B04"):
        ImageSeries.open(paths)


def test_one_band_twice(tmp_path):
    numbers = to_numbers(place(16, 16))[:1]
    paths = [write_raster(tmp_path / f"{tile}_20210721_B02.tif", numbers) for tile in ("a", "b")]
    with pytest.raises(InputError, match=r"2021-07-21 \(B02\) is given twice: a_20210721_B02\.tif and b_20210721_B02\.tif"):
        ImageSeries.open(paths)


def test_without_near_infrared_in_one_date(tmp_path):
    numbers = to_numbers(place(16, 16))
    four = write_raster(tmp_path / "a_2021-07-21.tif", numbers, descriptions=BANDS)
    three = write_raster(tmp_path / "b_2021-07-26.tif", numbers[:3], descriptions=BANDS[:3])
    with ImageSeries.open([four, three]) as series:
        assert series.bands == BANDS[:3]
        assert "1 of 2 dates have no near infrared (B08): b_2021-07-26.tif" in series.warnings[0]


def _all(series):
    from sitsr_core.series.acquisition import Window

    return Window(0, 0, series.grid.height, series.grid.width)
