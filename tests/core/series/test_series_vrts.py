"""VRTs in a folder, beside the files that they read."""

from pathlib import Path

import numpy as np
import pytest
from fixtures.rasters import BANDS, place, to_numbers, write_raster, write_vrt
from fixtures.safe_layout import SAFE, write_safe
from rasterio.shutil import copy

from sitsr_core.errors import InputError
from sitsr_core.series.acquisition import Window
from sitsr_core.series.image_series import ImageSeries

DAY, ALL = "2021-07-16", Window(0, 0, 24, 24)
TRUE_COLOUR = ("B04", "B03", "B02", "B08")


def write_bands(folder: Path, names: tuple[str, ...] = BANDS) -> list[Path]:
    return [Path(write_raster(folder / f"{name}.tif", to_numbers(place(24, 24))[[n]])) for n, name in enumerate(names)]


def left_out(series: ImageSeries) -> list[str]:
    return [text for text in series.warnings if text.startswith("Left out")]


@pytest.mark.parametrize("bands", [TRUE_COLOUR, TRUE_COLOUR[:3]])
def test_what_stacks_bands_of_the_folder_is_left_out_for_them(tmp_path, bands):
    """They have names, so that no order of the VRT's has to be assumed."""
    (tmp_path / "bands").mkdir()
    write_bands(tmp_path / "bands", tuple(f"{DAY}_{band}" for band in BANDS))
    write_vrt(tmp_path / f"S2_{DAY}.vrt", [tmp_path / "bands" / f"{DAY}_{band}.tif" for band in bands])
    with ImageSeries.open([str(tmp_path)]) as series:
        assert left_out(series) == [f"Left out: S2_{DAY}.vrt (a VRT of bands that are read themselves)."]
        assert np.allclose(series.read(ALL).reflectance[0], place(24, 24), atol=1e-4)


def test_a_product_is_read_for_what_stacks_its_bands(tmp_path):
    product = write_safe(tmp_path)
    write_vrt(tmp_path / "S2_2022-07-21.vrt", [next(product.rglob(f"*_{band}_10m.jp2")) for band in BANDS])
    with ImageSeries.open([str(tmp_path)]) as series:
        assert [(one.name, one.mask_kind) for one in series.acquisitions] == [(SAFE, "scl")]


def test_a_vrt_on_another_grid_or_of_a_raster_of_all_bands_is_one_of_its_own(tmp_path):
    """It may be a part, or name the bands."""
    part, whole = tmp_path / "part", tmp_path / "whole"
    part.mkdir()
    whole.mkdir()
    write_vrt(part / f"part_{DAY}.vrt", write_bands(part, tuple(f"{DAY}_{band}" for band in BANDS)), cut=8)
    copy(write_raster(whole / f"{DAY}.tif", to_numbers(place(24, 24))), whole / f"S2_{DAY}.vrt", driver="VRT")
    for folder in (part, whole):
        with pytest.raises(InputError, match=f"{DAY} is given twice"):
            ImageSeries.open([str(folder)])


def test_a_vrt_of_files_that_nothing_names_is_read(tmp_path):
    write_vrt(tmp_path / f"S2_{DAY}.vrt", write_bands(tmp_path, ("one", "two", "three", "four")))
    with ImageSeries.open([str(tmp_path)]) as series:
        assert [one.name for one in series.acquisitions] == [f"S2_{DAY}.vrt"]
