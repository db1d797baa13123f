"""Input that is hard or wrong: clouds, no-data, tiny images, models that do not fit."""

import datetime
from pathlib import Path

import numpy as np
import pytest
from engine_fixtures import BANDS, DATES, numbers, pixels_of, run, scene, small_model, write_mask, write_raster, write_series
from safetensors.torch import load_file, save_file

from sitsr_core.errors import InputError, ModelError
from sitsr_core.inference import clear_share


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> str:
    return small_model(tmp_path_factory.mktemp("model") / "model.safetensors")


def cloudy_series(folder, cloud: dict[int, tuple[slice, slice]]):
    """Three dates; clouds of reflectance 0.9 where told, with masks that know."""
    paths, masks = write_series(folder), {}
    for index, path in enumerate(paths):
        clear = np.ones((90, 100), bool)
        if index in cloud:
            clear[cloud[index]] = False
            pixels = pixels_of(path)
            pixels[:, ~clear] = 9000
            write_raster(path, pixels, nodata=0)
        masks[path] = write_mask(folder / f"mask{index}.tif", clear)
    return paths, masks


def test_cloud_on_the_target_date_is_filled_from_the_other_dates(tmp_path, model):
    hole = slice(20, 60), slice(20, 60)
    paths, masks = cloudy_series(tmp_path, {2: hole})
    run(paths, tmp_path / "fine.tif", model, masks=masks, target_dates=[DATES[2]])
    made, truth = pixels_of(tmp_path / "fine.tif"), scene(90, 100) * 1e4
    inner = made[:, 4 * 30 : 4 * 50, 4 * 30 : 4 * 50].astype(float)
    assert np.abs(inner.mean((1, 2)) - truth[:, 30:50, 30:50].mean((1, 2))).max() < 400, "the cloud is at 9000"


def test_of_a_part_the_latest_date_that_is_clear_there_is_shown(tmp_path, model):
    paths, masks = cloudy_series(tmp_path, {2: (slice(0, 40), slice(0, 40)), 1: (slice(50, 90), slice(50, 100))})
    for number, (window, shown) in enumerate([([0, 0, 40, 40], DATES[1]), ([50, 50, 40, 40], DATES[2]), (None, DATES[2])]):
        result = run(paths, tmp_path / f"{number}.tif", model, masks=masks, window=window)
        assert result.target_dates == [shown] and len(result.dates_used[shown]) == 3


def test_a_date_that_is_clear_in_the_part_alone_is_used_there(tmp_path, model):
    everything = slice(None), slice(None)
    paths, masks = cloudy_series(tmp_path, {2: everything})
    clear = np.zeros((90, 100), bool)
    clear[:18, :20] = True
    masks[paths[2]] = write_mask(tmp_path / "field.tif", clear)
    write_series(tmp_path)  # without the cloud in the pixels
    for number, target in enumerate(([], [DATES[2]])):
        result = run(paths, tmp_path / f"{number}.tif", model, masks=masks, window=[0, 0, 20, 18], target_dates=target)
        assert result.target_dates == [DATES[2]] and DATES[2] in result.dates_used[DATES[2]]
        assert not result.warnings and result.consistency[DATES[2]]


def test_a_part_of_which_the_look_shows_next_to_nothing_is_made_still(tmp_path, model, monkeypatch):
    monkeypatch.setattr(clear_share, "BLOCK", 4)
    clear = np.zeros((90, 100), bool)
    clear[20:40] = clear[0, 0] = True
    paths = write_series(tmp_path)
    mask = write_mask(tmp_path / "clear.tif", clear)
    result = run(paths, tmp_path / "fine.tif", model, masks={"": mask}, window=[0, 0, 90, 90])
    assert result.target_dates == [DATES[2]]


def test_a_part_that_is_clear_on_no_date_shows_the_latest_clear_date_of_all(tmp_path, model):
    hole = slice(0, 40), slice(0, 40)
    paths, masks = cloudy_series(tmp_path, {0: hole, 1: hole, 2: hole})
    result = run(paths, tmp_path / "fine.tif", model, masks=masks, window=[0, 0, 30, 30])
    assert result.target_dates == [DATES[2]] and "left without data" in result.warnings[0]


def test_a_fully_cloudy_date_has_no_influence(tmp_path, model):
    everything = slice(None), slice(None)
    paths, masks = cloudy_series(tmp_path, {1: everything})
    with_cloud = run(paths, tmp_path / "with.tif", model, masks=masks)
    run([paths[0], paths[2]], tmp_path / "without.tif", model, masks={k: v for k, v in masks.items() if k != paths[1]})
    assert with_cloud.dates_used[DATES[2]] == [DATES[0], DATES[2]]
    assert np.array_equal(pixels_of(tmp_path / "with.tif"), pixels_of(tmp_path / "without.tif"))


def test_a_fully_cloudy_target_date_is_estimated_from_its_neighbours_and_says_so(tmp_path, model):
    paths, masks = cloudy_series(tmp_path, {1: (slice(None), slice(None))})
    result = run(paths, tmp_path / "fine.tif", model, masks=masks, target_dates=[DATES[1]])
    assert any("shows almost no clear ground" in text for text in result.warnings)
    assert DATES[1] not in result.consistency
    assert 500 < pixels_of(tmp_path / "fine.tif").mean() < 4000


def test_a_day_without_acquisition_can_be_asked_for(tmp_path, model):
    result = run(write_series(tmp_path / "in"), tmp_path / "fine.tif", model, target_dates=["2024-06-13"])
    assert any("was not acquired" in text for text in result.warnings) and result.consistency == {}


def test_an_unknown_date_is_refused(tmp_path, model):
    with pytest.raises(InputError, match="2030-01-01 lies outside the series"):
        run(write_series(tmp_path / "in"), tmp_path / "fine.tif", model, target_dates=["2030-01-01"])


def test_all_cloudy_is_one_clear_sentence(tmp_path, model):
    paths, masks = cloudy_series(tmp_path, dict.fromkeys(range(3), (slice(None), slice(None))))
    with pytest.raises(InputError, match="clear"):
        run(paths, tmp_path / "fine.tif", model, masks=masks)
    assert not (tmp_path / "fine.tif").exists() and not (tmp_path / "fine.tif.sitsr-run").exists()


def test_all_no_data_is_one_clear_sentence(tmp_path, model):
    paths = [write_raster(tmp_path / f"a_{d.replace('-', '')}.tif", np.zeros((4, 40, 40), "uint16"), nodata=0) for d in DATES]
    with pytest.raises(InputError):
        run(paths, tmp_path / "fine.tif", model)
    assert not (tmp_path / "fine.tif").exists()


def test_no_data_of_the_target_date_stays_no_data_and_spoils_nothing_else(tmp_path, model):
    paths = write_series(tmp_path / "in")
    run(paths, tmp_path / "full.tif", model, clear_count=True)
    pixels = pixels_of(paths[2])
    pixels[:, :30, :40] = 0
    write_raster(paths[2], pixels, nodata=0)
    run(paths, tmp_path / "fine.tif", model, clear_count=True, uncertainty=True)
    made = pixels_of(tmp_path / "fine.tif")
    missing = (made == 0).all(0)
    assert missing[: 4 * 30, : 4 * 40].all() and missing.sum() == 16 * 30 * 40
    assert np.isnan(pixels_of(tmp_path / "fine_std.tif")[:, missing]).all()
    far = made[:, 4 * 60 :, 4 * 70 :].astype(int) - pixels_of(tmp_path / "full.tif")[:, 4 * 60 :, 4 * 70 :]
    assert np.abs(far).max() <= 1
    count = pixels_of(tmp_path / "fine_clear_count.tif")[0]
    assert count.dtype == np.uint8 and (count[:120, :160] == 2).all() and count[-1, -1] == 3


def test_not_a_number_in_the_input_never_spreads(tmp_path, model):
    paths = write_series(tmp_path / "in", dtype="float32")
    pixels = pixels_of(paths[2])
    pixels[2, 40, 40] = np.nan
    write_raster(paths[2], pixels)
    run(paths, tmp_path / "fine.tif", model)
    made = pixels_of(tmp_path / "fine.tif")
    assert np.isnan(made).sum() == 4 * 16 and np.isnan(made[:, 160:164, 160:164]).all()


@pytest.mark.parametrize("size", [(1, 40), (40, 1), (1, 1), (5, 7)])
@pytest.mark.parametrize("mode", ["mean", "sample"])
def test_images_smaller_than_the_halo(tmp_path, model, size, mode):
    fields = np.full((4, *size), 0.1, np.float32) + np.arange(size[1], dtype=np.float32) * 1e-3
    paths = [write_raster(tmp_path / f"a_{d.replace('-', '')}.tif", numbers(fields), nodata=0) for d in DATES]
    masks = dict.fromkeys(paths, write_mask(tmp_path / "clear.tif", np.ones(size, bool)))
    run(paths, tmp_path / "fine.tif", model, mode=mode, steps=2, masks=masks)
    made = pixels_of(tmp_path / "fine.tif")
    assert made.shape == (4, 4 * size[0], 4 * size[1]) and 700 < made.mean() < 1500


def test_one_date_is_enough(tmp_path, model):
    result = run(write_series(tmp_path / "in", dates=DATES[:1]), tmp_path / "fine.tif", model)
    assert result.dates_used == {DATES[0]: [DATES[0]]}


def _with_bright_roofs(folder: Path, dates: tuple[str, ...]) -> list[str]:
    image = scene(64, 64)
    image[:, 20:40, 20:40] = 0.38
    folder.mkdir()
    return [write_raster(folder / f"S2_{date}.tif", numbers(image), nodata=0) for date in dates]


def test_bright_ground_is_left_out_and_said_so_only_where_cloud_was_looked_for(tmp_path, model):
    single = run(_with_bright_roofs(tmp_path / "one", DATES[:1]), tmp_path / "single.tif", model)
    assert pixels_of(tmp_path / "single.tif").min() > 0 and not any("without data" in text for text in single.warnings)
    double = run(_with_bright_roofs(tmp_path / "two", DATES[:2]), tmp_path / "double.tif", model, target_dates=[DATES[0]], tile=64)
    gaps = (pixels_of(tmp_path / "double.tif")[0] == 0).mean()
    assert gaps > 0.05
    assert any(f"{DATES[0]}: {gaps:.2%} of the area is left without data, because it is clear on none" in text for text in double.warnings)
    masked = {date: write_mask(tmp_path / f"{date}.tif", np.ones((64, 64))) for date in DATES[:2]}
    run(_with_bright_roofs(tmp_path / "mine", DATES[:2]), tmp_path / "mine.tif", model, masks=masked)
    assert pixels_of(tmp_path / "mine.tif").min() > 0


def _at_the_edge_of_the_orbit(folder: Path) -> list[str]:
    """Three dates of 90 x 100 pixels; the last has data in its left fifth alone."""
    paths = write_series(folder)
    pixels = pixels_of(paths[2])
    pixels[:, :, 20:] = 0
    write_raster(paths[2], pixels, nodata=0)
    return paths


def test_a_date_that_covers_little_is_not_chosen_and_is_told_of_when_asked_for(tmp_path, model):
    paths = _at_the_edge_of_the_orbit(tmp_path / "in")
    assert list(run(paths, tmp_path / "fine.tif", model).dates_used) == [DATES[1]]
    asked = run(paths, tmp_path / "asked.tif", model, target_dates=[DATES[2]])
    assert (pixels_of(tmp_path / "asked.tif")[0] > 0).mean() == 0.2
    assert any(f"{DATES[2]}: 80.00% of the area is left without data, because this date has none there" in text for text in asked.warnings)


def test_a_day_that_was_not_acquired_is_made_wherever_any_date_has_data(tmp_path, model):
    between = str(datetime.date.fromisoformat(DATES[2]) - datetime.timedelta(days=1))
    result = run(_at_the_edge_of_the_orbit(tmp_path / "in"), tmp_path / "fine.tif", model, target_dates=[between])
    assert pixels_of(tmp_path / "fine.tif").min() > 0 and not any("without data" in text for text in result.warnings)


@pytest.mark.parametrize("dates", [1, 3])
def test_the_last_pixels_before_no_data_keep_their_brightness(tmp_path, dates):
    paths = write_series(tmp_path / "in", dates=DATES[:dates])
    for path in paths:
        pixels = pixels_of(path)
        pixels[:, :, 60:] = 0
        write_raster(path, pixels, nodata=0)
    run(paths, tmp_path / "fine.tif", "small", target_dates=[DATES[0]], window=[40, 30, 32, 32])
    made = pixels_of(tmp_path / "fine.tif").astype(float)[:, :, :80]
    seen = pixels_of(paths[0]).astype(float)[:, 30:62, 40:60]
    coarse = made.reshape(4, 32, 4, 20, 4).mean((2, 4))
    change = (coarse - seen).mean(1) / seen.mean((1, 2))[:, None]
    assert np.abs(change[:, -3:]).max() < 0.05, "without the ground beyond it the last pixel is a quarter brighter"


def test_max_dates_is_kept(tmp_path, model):
    result = run(write_series(tmp_path / "in"), tmp_path / "fine.tif", model, max_dates=2)
    assert result.dates_used[DATES[2]] == [DATES[1], DATES[2]]


class TestModels:
    """A model that is missing, damaged, hostile, or made for something else."""

    def refused(self, tmp_path, path, match):
        with pytest.raises(ModelError, match=match):
            run(write_series(tmp_path / "in"), tmp_path / "fine.tif", str(path))
        assert not (tmp_path / "fine.tif").exists()

    def test_missing(self, tmp_path):
        self.refused(tmp_path, tmp_path / "none.safetensors", "not found")

    @pytest.mark.parametrize("keep", [0, 7, 200, -100])
    def test_cut_short(self, tmp_path, model, keep):
        content = Path(model).read_bytes()
        (tmp_path / "cut.safetensors").write_bytes(content[:keep])
        self.refused(tmp_path, tmp_path / "cut.safetensors", "damaged|not a safetensors")

    def test_not_ours(self, tmp_path, model):
        save_file(load_file(model), tmp_path / "bare.safetensors")
        self.refused(tmp_path, tmp_path / "bare.safetensors", "no model card")

    def test_for_other_bands(self, tmp_path):
        path = small_model(tmp_path / "other.safetensors", bands=("B05", "B06", "B07", "B8A", "B11"))
        self.refused(tmp_path, path, "for the bands B05, B06, B07, B8A, B11, and the series has B02, B03, B04, B08")

    def test_with_a_card_of_another_factor(self, tmp_path, model):
        content = Path(model).read_bytes()
        changed = content.replace(b'\\"factor\\": 4', b'\\"factor\\": 2')
        assert changed != content and len(changed) == len(content)
        (tmp_path / "two.safetensors").write_bytes(changed)
        self.refused(tmp_path, tmp_path / "two.safetensors", "do not fit its card")


def test_a_device_that_is_not_there_is_named(tmp_path, model):
    import torch

    from sitsr_core.errors import ResourceError

    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    with pytest.raises(ResourceError, match="cuda:0"):
        run(write_series(tmp_path / "in"), tmp_path / "fine.tif", model, device="cuda:0")


def test_bands_of_the_series_name_the_output(tmp_path, model):
    paths = write_series(tmp_path / "in", bands=("B03", "B02", "B08", "B04"))
    run(paths, tmp_path / "fine.tif", model)
    import rasterio

    with rasterio.open(tmp_path / "fine.tif") as made:
        assert made.descriptions == BANDS
