"""Each layout of training images: what is read, and one sentence that names the file when it cannot be."""

import shutil

import numpy as np
import pytest
import rasterio
from fixtures import place_layouts as layouts

from sitsr_core.datasets import places
from sitsr_core.errors import InputError


@pytest.fixture(scope="module")
def netcdf():
    with rasterio.Env() as env:
        if "netCDF" not in env.drivers():
            pytest.skip("this GDAL reads no netCDF")


def _date(day: int) -> str:
    return str(np.datetime64(int(day), "D"))


def test_massachusetts(tmp_path):
    halved, full = list(places.massachusetts(layouts.massachusetts(tmp_path, ("10_15",))))
    assert (halved.name, halved.source, full.source) == ("massachusetts/10_15", "massachusetts_2.5m", "massachusetts_1.25m")
    assert halved.images.shape == (1, 3, 64, 64)
    assert full.images.shape == (1, 3, 128, 128)
    wanted = layouts.texture(3, 128, 128)[::-1]  # blue first
    assert np.abs(full.images[0].astype(int) - wanted).mean() < 4
    assert not full.valid[:, :16].any()
    assert full.valid[:, 16:].all()
    assert not halved.valid[:, :8].any()
    linear = full.to_reflectance(full.images[0]).reshape(3, 64, 2, 64, 2).mean((2, 4))
    assert np.abs(halved.to_reflectance(halved.images[0]) - linear).max() < 0.003  # halving is a mean of light, not of display values


def test_california_years_and_their_shift(tmp_path):
    (place,) = places.california(layouts.california(tmp_path))
    assert place.name == "california/chico_7"
    assert place.images.shape == (3, 4, 128, 128)
    assert [_date(d) for d in place.days] == ["2016-07-01", "2018-07-01", "2020-07-01"]
    assert np.abs(place.images[0].astype(int) - layouts.texture(4, 136, 136, 10)[[2, 1, 0, 3], 4:132, 4:132]).mean() < 4
    assert place.shifts == pytest.approx(np.array([[0, 0], [2, -1], [0, 0]]), abs=0.15)


def test_north_dakota(tmp_path):
    (place,) = places.north_dakota(layouts.north_dakota(tmp_path))
    assert place.images.shape == (2, 4, 64, 64)
    assert [_date(d) for d in place.days] == ["2009-08-18", "2010-06-29"]
    assert (place.images[0, 0] == layouts.texture(4, 65, 64, 20)[2, :64]).all()


def test_sentinel2_offset_and_no_data(tmp_path):
    offset, plain = places.sentinel2(layouts.sentinel2(tmp_path))
    assert plain.crop(0, 10, 10, 4) == pytest.approx(plain.images[0, :, 10:14, 10:14] * 1e-4)
    assert offset.crop(0, 10, 10, 4) == pytest.approx(plain.crop(0, 10, 10, 4) - 0.1, abs=1e-6)
    assert not offset.valid[:4, :4].any()
    assert offset.valid[4:].all()


@pytest.mark.usefixtures("netcdf")
def test_worldcereal_keeps_clear_dates(tmp_path):
    (place,) = places.worldcereal(layouts.worldcereal(tmp_path))
    assert place.images.shape == (2, 4, 64, 64)
    assert [_date(d) for d in place.days] == ["2017-08-04", "2017-08-24"]
    assert place.crop(0, 0, 0, 64) == pytest.approx(place.images[0] * 1e-4)


def test_crop_mirrors_outside(tmp_path):
    (place,) = places.north_dakota(layouts.north_dakota(tmp_path))
    inside, wide = place.crop(0, 0, 0, 8), place.crop(0, -4, -4, 12)
    assert (wide[:, 4:, 4:] == inside).all()
    assert (wide[:, 3, 4:] == inside[:, 1]).all()


def test_load_places_reads_all_layouts_there_are(tmp_path):
    layouts.dataset(tmp_path)
    layouts.sentinel2(tmp_path)
    assert len(places.load_places(tmp_path)) == 6 + 3 + 2
    with pytest.raises(InputError, match="nothing_here"):
        places.load_places(tmp_path / "nothing_here")


def _cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize(
    ("layout", "name", "damage"),
    [
        ("massachusetts", "1.jpg", _cut),
        ("massachusetts", "1.jpg", lambda p: p.write_bytes(b"not an image")),
        ("massachusetts", "1.jpg", lambda p: layouts.write(p, layouts.texture(1, 128, 128))),
        ("massachusetts", "1.mask.png", lambda p: p.unlink()),
        ("massachusetts", "1.mask.png", lambda p: layouts.write(p, layouts.texture(1, 64, 128), "PNG")),
        ("california", "chico_2018_7.nir.jpg", lambda p: p.unlink()),
        ("california", "chico_2018_7.nir.jpg", lambda p: layouts.write(p, layouts.texture(1, 64, 64))),
        ("california", "chico.rgb.jpg", lambda p: shutil.copy(p.with_name("chico_2018_7.rgb.jpg"), p)),
        ("north_dakota", "naip_20090818.tif", _cut),
        ("north_dakota", "naip_20091399.tif", lambda p: shutil.copy(p.with_name("naip_20090818.tif"), p)),
        ("north_dakota", "naip_20090818.tif", lambda p: layouts.write(p, layouts.texture(3, 64, 64), **layouts.FINE)),
        ("sentinel2", "plain.tif", lambda p: p.write_bytes(b"")),
    ],
)
def test_a_bad_file_is_named(tmp_path, layout, name, damage):
    folder = getattr(layouts, layout)(tmp_path)
    damage(folder / name)
    with pytest.raises(InputError) as error:
        list(getattr(places, layout)(folder))
    assert name in error.value.message
    assert error.value.hint


def test_years_of_other_sizes_are_refused(tmp_path):
    folder = layouts.california(tmp_path, years=(2016,))
    for kind, bands in (("rgb", 3), ("nir", 1)):
        layouts.write(folder / f"chico_2018_7.{kind}.jpg", layouts.texture(bands, 64, 64))
    with pytest.raises(InputError, match="size"):
        list(places.california(folder))


@pytest.mark.usefixtures("netcdf")
def test_a_bad_netcdf_is_named(tmp_path):
    folder = layouts.worldcereal(tmp_path / "a", units="fortnights since the flood")
    with pytest.raises(InputError, match=r"times of .*S2_L2A_10m_x\.nc"):
        list(places.worldcereal(folder))
    folder = layouts.worldcereal(tmp_path / "b")
    (folder / "S2_L2A_20m_x.nc").unlink()
    with pytest.raises(InputError, match=r"S2_L2A_20m_x\.nc"):
        list(places.worldcereal(folder))
