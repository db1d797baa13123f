"""A user's own folder: what is read, how fine images are brought to the series, and each mistake as one sentence."""

import dataclasses
import re
import shutil

import numpy as np
import pytest
import rasterio
import torch
from fixtures import folder_layout as layout
from fixtures import rasters
from scipy import ndimage

from sitsr_core import sensor
from sitsr_core.datasets.folder import load_folder
from sitsr_core.datasets.folder_match import fit_line, match, moved_whole_pixels
from sitsr_core.datasets.folder_sampler import FolderSampler, folder_batches
from sitsr_core.datasets.sampler import SamplerConfig
from sitsr_core.datasets.simulate import observe_shifted
from sitsr_core.errors import InputError, JobError

CONFIG = SamplerConfig(batch=4, patch=16, max_dates=5, drop_nir=0.0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Three sites; the second one's fine image has no NIR and lies two fine pixels off, the third's a pixel and a half of the series."""
    root = tmp_path_factory.mktemp("sites")
    truths = [
        layout.site(root, "plain"),
        layout.site(root, "rgb", bands=rasters.RGB, misregistration=(2, -1), clouds={"2021-06-11": 0.5}, hr_dates=("2021-05-30",), seed=1),
        layout.site(root, "wrong", misregistration=(6, 0), seed=2),
    ]
    return root, truths


@pytest.fixture(scope="module")
def loaded(folder):
    told = []
    return load_folder(folder[0], told.append), told


def test_sites_are_read_as_the_engine_would(loaded):
    sites, _ = loaded
    assert [site.name for site in sites] == ["plain", "rgb"]
    assert sites[0].values.shape == (3, 4, 48, 48)
    assert sites[0].truths[0].values.shape == (4, 192, 192)
    assert sites[0].pixel_size == 10
    assert sites[1].clear.mean((1, 2))[1] < 0.7


def test_fine_images_get_the_series_place_and_radiometry(folder, loaded):
    """The other sensor's gain, offset and shift are gone; what is left is the series' own noise and small gains."""
    for site, truth in zip(loaded[0], folder[1], strict=False):
        reflectance, valid = site.truths[0].crop(16, 16, 160)
        assert valid.all()
        error = reflectance - truth[: len(reflectance), 16:176, 16:176]
        assert np.abs(error).mean() < 0.03 * truth.mean()
    off = folder[1][1][:3, 16:176, 16:176] * layout.HR_GAIN + layout.HR_OFFSET
    assert np.abs(off - folder[1][1][:3, 16:176, 16:176]).mean() > 0.05 * folder[1][1][:3].mean()


def test_what_was_measured_is_told(loaded):
    told = " ".join(loaded[1])
    assert "rgb, 2021-05-30 (nearest clear date 2021-06-01, 2 days off): shifted by (+0.5" in told
    assert "wrong, 2021-06-02" in told and "left out, because it lies 1.5 low-resolution pixels off" in told


def test_target_day_is_the_fine_images_own(loaded):
    batch = FolderSampler(loaded[0], CONFIG).batch(1, dates=3)
    row = torch.arange(4)
    assert set(batch.series.days[row, batch.series.reference].tolist()) == {-1.0, 2.0}
    assert (batch.series.shift[row, batch.series.reference] == 0).all()
    assert batch.series.shift_known[row, batch.series.reference].all()


def test_batches_have_the_shapes_of_a_training(loaded):
    sampler = FolderSampler(loaded[0], CONFIG)
    batch = sampler.batch(3, dates=5)
    assert batch.series.reflectance.shape == (4, 5, 4, 16, 16)
    assert batch.truth.shape == batch.weight.shape == (4, 4, 64, 64)
    assert (batch.series.clear.amax((2, 3)) > 0).sum(1).max() <= 3  # two dates are padding
    assert sampler.max_dates == 3
    without = (batch.weight[:, 3] == 0).all(-1).all(-1)
    assert without.any() and not without.all()
    assert (batch.truth[without, 3] == 0).all() and (batch.series.reflectance[without, :, 3] != 0).any()
    assert all(tensor.dtype == torch.float32 for tensor in (batch.truth, batch.weight, batch.series.days, batch.series.clear))


def test_batches_are_a_function_of_seed_and_step(loaded):
    one, again = FolderSampler(loaded[0], CONFIG).batch(7), FolderSampler(loaded[0], CONFIG).batch(7)
    other = FolderSampler(loaded[0], dataclasses.replace(CONFIG, seed=1)).batch(7)
    assert torch.equal(one.truth, again.truth) and torch.equal(one.series.reflectance, again.series.reflectance)
    assert one.truth.shape != other.truth.shape or not torch.equal(one.truth, other.truth)


def test_truth_and_series_are_turned_together(loaded):
    """Seen by the sensor, each truth is its reference date, however it was flipped and brightened."""
    for step in range(3):
        batch = FolderSampler(loaded[0][:1], CONFIG).batch(step, dates=2)
        seen = sensor.observe(batch.truth, rasters.BANDS)[..., 3:-3, 3:-3]
        reference = batch.series.reflectance[torch.arange(4), batch.series.reference][..., 3:-3, 3:-3]
        assert (seen - reference).abs().mean() < 0.02 * reference.mean()


def test_shifts_turn_with_the_images(loaded):
    """A date with its shift is closer to what the truth shows there than with the opposite shift."""
    batch = FolderSampler(loaded[0][:1], dataclasses.replace(CONFIG, patch=24)).batch(0, dates=3)
    padded = torch.nn.functional.pad(batch.truth, (12, 12, 12, 12), mode="replicate")[:, None].expand(-1, 3, -1, -1, -1)
    sigma = torch.tensor([sensor.psf_sigma(band) for band in rasters.BANDS]).expand(4, 4)
    errors = [
        (observe_shifted(padded, sign * batch.series.shift, sigma, 24) - batch.series.reflectance)[..., 4:-4, 4:-4].abs().mean()
        for sign in (1, -1)
    ]
    assert errors[0] < 0.7 * errors[1]


def test_held_out_batches_are_fixed(loaded):
    one, again = (folder_batches(loaded[0], CONFIG, dates=2, count=2)["held_out"] for _ in range(2))
    assert all(torch.equal(a.truth, b.truth) for a, b in zip(one, again, strict=True))
    assert one[0].series.days.shape == (4, 2)


def test_a_fit_is_not_fooled_by_what_changed():
    rng = np.random.default_rng(0)
    wanted = rng.uniform(0.05, 0.3, 2000)
    seen = (wanted - 0.02) / 1.25 + 0.002 * rng.normal(size=2000)
    seen[:150] = 0.9  # a cloud of the other sensor
    gain, offset, correlation = fit_line(seen, wanted)
    assert gain == pytest.approx(1.25, abs=0.02)
    assert offset == pytest.approx(0.02, abs=0.004)
    assert correlation > 0.99


@pytest.mark.parametrize("blur", [0.0, 1.0])
def test_a_series_of_another_sharpness_is_not_taken_for_one_of_another_contrast(blur):
    rng = np.random.default_rng(0)
    fine = 0.2 + 0.05 * np.stack([ndimage.zoom(rng.normal(size=(48, 48)), 4, order=1) for _ in range(2)]).astype(np.float32)
    coarse = ndimage.gaussian_filter(fine.reshape(2, 48, 4, 48, 4).mean((2, 4)), (0, blur, blur))
    found = match(fine, np.ones((192, 192), bool), coarse, np.ones((48, 48), bool), ("B02", "B03"))
    sharpness = coarse.std() / sensor.observe(torch.from_numpy(fine)[None], ("B02", "B03")).numpy().std()
    assert abs(sharpness - 1) > 0.1 and np.abs(found.gain - 1).max() < 0.35 * abs(sharpness - 1)


def test_whole_pixels_move_as_the_shift_says():
    image = np.arange(20).reshape(4, 5)
    moved = moved_whole_pixels(image, (1, -2))
    assert moved[0, 2] == image[1, 0] and moved[2, 4] == image[3, 2]
    assert (moved[3] == 0).all() and (moved[:, :2] == 0).all()


def _rewrite(path, **changes):
    """The same raster with another size, place or CRS."""
    with rasterio.open(path) as source:
        image, profile, names = source.read(), source.profile, source.descriptions
    image = image[:, : changes.pop("height", image.shape[1])]
    with rasterio.open(path, "w", **(profile | {"height": image.shape[1]} | changes)) as target:
        target.write(image)
        for number, name in enumerate(names, 1):
            target.set_band_description(number, name)


def _without_hr(site):
    shutil.rmtree(site / "hr")


def _empty_hr(site):
    (site / "hr" / "2021-06-02.tif").unlink()


def _undated(site):
    (site / "hr" / "2021-06-02.tif").rename(site / "hr" / "orthophoto.tif")


def _undated_lr(site):
    (site / "lr" / "S2_2021-06-11.tif").rename(site / "lr" / "summer.tif")


def _other_size(site):
    _rewrite(site / "hr" / "2021-06-02.tif", height=190)


def _other_crs(site):
    _rewrite(site / "hr" / "2021-06-02.tif", crs="EPSG:32632")


def _other_factor(site):
    _rewrite(site / "hr" / "2021-06-02.tif", transform=layout.transform(5))


def _other_place(site):
    _rewrite(site / "hr" / "2021-06-02.tif", transform=rasterio.Affine(2.5, 0, 500_100, 0, -2.5, 5_000_000))


def _other_series_grid(site):
    _rewrite(site / "lr" / "S2_2021-06-11.tif", height=47)


def _cut_fine(site):
    path = site / "hr" / "2021-06-02.tif"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _cut_series(site):
    path = site / "lr" / "S2_2021-06-11.tif"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _two_bands(site):
    path = site / "lr" / "S2_2021-06-11.tif"
    with rasterio.open(path) as source:
        image, profile = source.read(), source.profile
    with rasterio.open(path, "w", **(profile | {"count": 2})) as target:
        target.write(image[:2])


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (_cut_fine, "Site 'field': '2021-06-02.tif' is not a raster that can be read"),
        (_cut_series, "Site 'field': 'S2_2021-06-11.tif' is not a raster that can be read"),
        (_two_bands, "Site 'field': 'S2_2021-06-11.tif' has 2 bands"),
        (_without_hr, "The site 'field' has no folder 'hr'"),
        (_empty_hr, "Site 'field': The folder 'hr' has no rasters"),
        (_undated, "Site 'field': The date is missing or doubtful for 1 of the inputs: orthophoto.tif"),
        (_undated_lr, "Site 'field': The date is missing or doubtful for 1 of the inputs: summer.tif"),
        (_other_size, "Site 'field': the fine images have 192 x 190 pixels, not 4 times the 48 x 48 of the series"),
        (_other_crs, "Site 'field': the fine images have another CRS than the series"),
        (_other_factor, "Site 'field': the fine images are 2 times finer than the series, the model needs 4"),
        (_other_place, "Site 'field': the fine images do not cover the same ground"),
        (_other_series_grid, "Site 'field': The rasters do not share one grid.*gdalwarp"),
    ],
)
def test_each_mistake_is_one_sentence(tmp_path, damage, words):
    layout.site(tmp_path / "x", "field")
    damage(tmp_path / "x" / "field")
    with pytest.raises(InputError) as caught:
        load_folder(tmp_path / "x", print)
    assert re.search(words, str(caught.value)), str(caught.value)
    assert "--align" not in str(caught.value)


def test_a_folder_may_be_of_another_factor(tmp_path):
    layout.site(tmp_path / "x", "field")
    path = tmp_path / "x" / "field" / "hr" / "2021-06-02.tif"
    with rasterio.open(path) as source:
        image, profile, names = source.read(), source.profile, source.descriptions
    bands, height, width = image.shape
    halved = np.rint(image.reshape(bands, height // 2, 2, width // 2, 2).mean((2, 4))).astype(image.dtype)
    smaller = {"height": height // 2, "width": width // 2, "transform": layout.transform(5)}
    with rasterio.open(path, "w", **(profile | smaller)) as target:
        target.write(halved)
        target.descriptions = names
    (site,) = load_folder(tmp_path / "x", print, 2)
    assert site.factor == 2 and FolderSampler([site], CONFIG, factor=2).batch(0, dates=2).factor == 2
    with pytest.raises(InputError, match="are 2 times finer than the series, the model needs 3"):
        load_folder(tmp_path / "x", print, 3)


def test_folders_without_sites_are_refused(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        load_folder(tmp_path / "nowhere", print)
    with pytest.raises(InputError, match="holds no site"):
        load_folder(tmp_path, print)
    layout.site(tmp_path, "wrong", misregistration=(6, 0))
    with pytest.raises(InputError, match="None of the 1 sites"):
        load_folder(tmp_path, print)


def test_patches_larger_than_a_site_are_refused(loaded):
    with pytest.raises(InputError, match="Site 'plain' has 48 x 48 low-resolution pixels, patches need 64"):
        FolderSampler(loaded[0], dataclasses.replace(CONFIG, patch=64))


def test_all_cloudy_series_is_refused(tmp_path):
    layout.site(tmp_path, "cloudy", dates=("2021-06-01",), clouds={"2021-06-01": 1.0})
    with pytest.raises((InputError, JobError), match="Site 'cloudy': The only date has no clear pixels"):
        load_folder(tmp_path, print)
