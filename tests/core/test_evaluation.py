"""Evaluation: scenes that say what they hold, methods that use what they are given, one row a method and case, tables."""

import csv
import dataclasses
import io
import json

import numpy as np
import pytest
import torch
from fixtures import place_layouts as layouts

from sitsr_core import metrics, sensor
from sitsr_core.baselines.highres_net import HighResNet, HighResNetConfig
from sitsr_core.baselines.registry import find_system
from sitsr_core.baselines.srcnn import Srcnn
from sitsr_core.baselines.srdiff import Srdiff, SrdiffConfig
from sitsr_core.datasets.places import Place
from sitsr_core.errors import InputError, JobError, ModelError
from sitsr_core.evaluation import sentinel2_sets, sets, tables
from sitsr_core.evaluation.evaluate import cases, consistency, evaluate, figures, gains
from sitsr_core.evaluation.methods import (
    Bicubic,
    Encoder,
    EnsembleProduct,
    Estimate,
    MeanProduct,
    MedianBicubic,
    SampleProduct,
    TrainedSystem,
    median_bicubic,
)
from sitsr_core.evaluation.systems import assemble, chosen, compared_in, interpolations, open_network, trained_system
from sitsr_core.models.network import filled_reference
from sitsr_core.training.checkpoint import PARTS, save_checkpoint
from sitsr_core.training.config import TrainingConfig


class Repeated(torch.nn.Module):
    """A trained system that draws nothing: nearest neighbour, brighter by the number of dates that it was given."""

    def estimate(self, batch, generator):
        return filled_reference(batch).repeat_interleave(4, 2).repeat_interleave(4, 3) + 0.001 * batch.days.shape[1]


@pytest.fixture(scope="module")
def scenes():
    """One still scene of 16 dates with NIR, and one of three real years."""
    images = np.stack([layouts.texture(4, 66, 66, seed) for seed in (0, 1, 2)])
    place = Place("a", "california", images, np.array([0, 400, 800]), np.ones((66, 66), bool), np.zeros((3, 2), np.float32))
    return [*sets.simulated([place], "california", 16, 1), *sets.real_years([place], 1)]


@pytest.fixture
def methods(tiny_network):
    encoder = Encoder(tiny_network)
    return [
        Bicubic(), MedianBicubic(), MeanProduct("tiny", encoder), SampleProduct("tiny_sample4", encoder, 4),
        TrainedSystem("other", Repeated(), (1, 8), False),
    ]  # fmt: skip


@pytest.fixture
def results(methods, scenes):
    return {"still": evaluate(methods, scenes[:1]), "years": evaluate(methods, scenes[1:])}


def test_scenes_have_the_shapes_they_state(scenes):
    still, years = scenes
    assert still.series.reflectance.shape == (1, 16, 4, 16, 16)
    assert still.truth.shape == (4, 64, 64)
    assert (still.dates, years.dates) == (16, 3)
    assert years.series.days[0].tolist() == [0, 400, 800]
    observed, clear = still.observed()
    assert clear.shape == (1, 1, 16, 16)
    assert (sensor.observe(torch.from_numpy(still.truth)[None], still.bands) - observed)[..., 3:-3, 3:-3].abs().mean() < 0.004


def test_scene_keeps_its_reference_first(scenes):
    still = scenes[0]
    late = dataclasses.replace(still, series=dataclasses.replace(still.series, reference=torch.tensor([5])))
    picked = late.with_dates(2)
    assert picked.series.days[0].tolist() == [still.series.days[0, 5].item(), still.series.days[0, 0].item()]
    assert int(picked.series.reference[0]) == 0


@pytest.mark.parametrize(("shuffle", "field"), [("with_shuffled_shifts", "shift"), ("with_shuffled_days", "days")])
def test_shuffles_deal_one_thing_out_wrongly(scenes, shuffle, field):
    true = scenes[0].with_dates(8)
    wrong = getattr(true, shuffle)()
    before, after = getattr(true.series, field), getattr(wrong.series, field)
    assert torch.equal(after[:, 0], before[:, 0])
    assert (after[:, 1:] != before[:, 1:]).flatten(2).any(-1).all() if field == "shift" else (after[:, 1:] != before[:, 1:]).all()
    assert torch.equal(after.sort(1).values, before.sort(1).values)
    for other in {"reflectance", "clear", "shift", "shift_known", "days"} - {field}:
        assert torch.equal(getattr(wrong.series, other), getattr(true.series, other))


def test_shifts_of_a_real_series_are_those_of_its_content():
    """A series whose dates are one image moved by whole pixels: told in coarse pixels, against each target; an unknown one is not told."""
    base = layouts.texture(4, 80, 80).astype(np.float32) / 1000
    moves = np.array([[0, 0], [4, -4], [0, 8]], np.float32)
    reflectance = np.stack([base[:, 8 - int(dy) : 72 - int(dy), 8 - int(dx) : 72 - int(dx)] for dy, dx in moves])
    clear, days, known = np.ones((3, 64, 64), bool), np.array([0, 10, 20]), np.array([True, True, False])
    first, second, third = sentinel2_sets.real_series("x", reflectance, clear, days, moves, known, windows=1)
    assert first.name == "x/1970-01-01"
    assert first.series.shift[0].tolist() == [[0, 0], [1, -1], [0, 0]]
    assert first.series.shift_known[0].tolist() == [1, 1, 0]
    assert third.series.shift_known[0].tolist() == [1, 0, 0]
    assert second.series.days[0].tolist() == [0, -10, 10]
    reference, other = first.series.reflectance[0, 0], first.series.reflectance[0, 1]
    assert torch.allclose(other[:, 4:12, 3:11], reference[:, 3:11, 4:12], atol=1e-5)


def test_at_scale_the_dates_of_a_real_series_have_the_sensors_shifts_in_coarse_pixels():
    """Two images of one ground, a pixel apart at their own resolution: that much apart when they are degraded, and told so."""
    base = layouts.texture(4, 200, 200).astype(np.float32) / 1000
    moves = np.array([[0, 0], [1, -1], [0.3, 0], [1, 1]], np.float32)
    reflectance = np.stack([base[:, 8 - int(dy) : 136 - int(dy), 8 - int(dx) : 136 - int(dx)] for dy, dx in moves])
    clear, days, known = np.ones((4, 128, 128), bool), np.array([0, 10, 20, 30]), np.array([True, True, True, False])
    first, *_ = sentinel2_sets.real_series("x", reflectance, clear, days, moves, known, windows=1, at_scale=True)
    assert first.truth.shape == (4, 120, 120)
    assert np.array_equal(first.truth, reflectance[0][:, 4:124, 4:124])
    assert np.allclose(first.series.shift[0], [[0, 0], [1, -1], [(0.3 + 1) / 4, 0], [0, 0]])
    assert first.fine is not None and np.allclose(first.fine.shifts, [[0, 0], [4, -4], [1.3, 0], [1, 1]])
    assert np.array_equal(first.fine.images[3], reflectance[3][:, 4:124, 4:124])
    reference, other = first.series.reflectance[0, :2]
    assert torch.allclose(other[:, 4:25, 3:24], reference[:, 3:24, 4:25], atol=1e-5)


def test_windows_of_a_real_series_show_every_date_first_and_cover_the_place():
    reflectance = np.stack([layouts.texture(4, 64, 72, seed).astype(np.float32) / 1000 for seed in range(3)])
    clear = np.ones((3, 64, 72), bool)
    clear[2, :40] = False  # a cloudy date is no truth and no input
    arguments = ("x", reflectance, clear, np.array([0, 10, 20]), np.zeros((3, 2), np.float32), np.ones(3, bool))
    whole = next(sentinel2_sets.real_series(*arguments, windows=1))
    found = list(sentinel2_sets.real_series(*arguments))
    assert len(found) == 8
    assert len({scene.name for scene in found}) == 8
    assert {scene.name.split("/")[1] for scene in found[:2]} == {"1970-01-01", "1970-01-11"}
    assert {scene.truth.shape for scene in found} == {(4, 32, 36)}
    parts = {scene.name[-1]: scene for scene in found if "1970-01-01" in scene.name}
    assert set(parts) == {"0", "1", "2", "3"}
    assert np.array_equal(parts["3"].truth, whole.truth[:, 32:, 36:])
    assert torch.equal(parts["1"].series.reflectance, whole.series.reflectance[..., :8, 9:])


def test_gaps_of_the_reference_and_what_they_spoil_do_not_count():
    """What is filled by other dates is no gain in resolution."""
    reflectance = np.stack([layouts.texture(4, 64, 64, seed).astype(np.float32) / 1000 for seed in range(2)])
    clear = np.ones((2, 64, 64), bool)
    clear[0, 33, 20] = False
    first, second = sentinel2_sets.real_series(
        "x", reflectance, clear, np.array([0, 10]), np.zeros((2, 2), np.float32), np.ones(2, bool), windows=1
    )
    expected = np.ones((64, 64), bool)
    expected[24:44, 12:32] = False  # coarse pixel (8, 5) and two around it
    assert np.array_equal(first.mask, expected)
    assert second.mask.all()
    assert first.series.clear[0, 0, 8, 5] == 0


def test_single_dates_are_land_without_gaps():
    image = np.full((1, 4, 256, 256), 2000, np.uint16)
    image[0, :3] += layouts.texture(3, 256, 256)
    image[0, 3, :128] = 300  # water in the upper half
    valid = np.ones((256, 256), bool)
    valid[200, 200] = False
    place = Place("port", "sentinel2", image, np.array([0]), valid, np.zeros((1, 2), np.float32), 1e-4)
    (scene,) = sentinel2_sets.real_scenes([place])
    assert scene.name == "port/128_0"
    assert scene.dates == 1
    assert torch.allclose(sensor.observe(torch.from_numpy(scene.truth)[None], scene.bands), scene.observed()[0])


def test_median_leaves_clouds_out(make_batch):
    batch = make_batch(1, 3, 8)
    batch.reflectance[:] = torch.tensor([0.1, 0.2, 0.9]).view(1, 3, 1, 1, 1)
    assert median_bicubic(batch) == pytest.approx(0.2, abs=1e-6)
    batch.clear[:, 2] = 0
    assert median_bicubic(batch) == pytest.approx(0.1, abs=1e-6)  # the lower of the two that are left
    batch.clear[:] = 0
    assert np.isfinite(median_bicubic(batch)).all()


def test_products_of_a_model_are_back_projected_and_share_its_features(tiny_network, scenes, monkeypatch):
    still, encoder = scenes[0].with_dates(4), Encoder(tiny_network)
    encoded, encode = [], tiny_network.encode
    monkeypatch.setattr(tiny_network, "encode", lambda series: encoded.append(series) or encode(series))
    mean = MeanProduct("m", encoder).predict(still)
    sample = SampleProduct("s", encoder, 3).predict(still).image
    ensemble = EnsembleProduct("e", encoder, 3, steps=3).predict(still)
    assert len(encoded) == 1
    MeanProduct("m", encoder).predict(scenes[0].with_dates(2))
    assert len(encoded) == 2
    with torch.no_grad():
        plain = encode(still.series)
    raw = sensor.upsample(filled_reference(still.series))[0].numpy()
    assert consistency(mean.image, still) < 0.5 * consistency(plain.mean[0].numpy(), still)
    assert consistency(mean.image, still) < consistency(raw, still)
    assert np.array_equal(mean.std, plain.std[0].numpy())
    one, opposite, other, last = (encoder.draw(still, 3, seed, sign) for seed in (0, 1) for sign in (1, -1))
    assert np.array_equal(sample, one)
    pairs = np.stack([(one + opposite) / 2, (other + last) / 2])
    assert np.allclose(ensemble.image, pairs.mean(0), atol=1e-6)
    predicted = MeanProduct("m", encoder).predict(still).std
    assert np.allclose(ensemble.std, np.sqrt(predicted**2 + pairs.var(0, ddof=1) / 2), atol=1e-6)


def test_a_cloudy_reference_is_not_projected_onto(tiny_network, scenes):
    still = scenes[0].with_dates(2)
    series = dataclasses.replace(still.series, clear=still.series.clear.clone())
    series.clear[:, 0] = 0
    cloudy = dataclasses.replace(still, series=series)
    with torch.no_grad():
        mean = tiny_network.encode(series).mean
    observed, clear = cloudy.observed()
    plain = sensor.back_project(mean, observed, clear, cloudy.bands, 0)[0].numpy()  # only what is too dark is lifted
    assert np.array_equal(MeanProduct("m", Encoder(tiny_network)).predict(cloudy).image, plain)
    assert np.isnan(consistency(plain, cloudy))
    assert "consistency" not in figures(Estimate(plain), cloudy)


def test_cases_are_those_that_a_scene_has_dates_for(methods):
    bicubic, median, mean, sample, _ = methods
    assert cases(bicubic, 16) == ["1"]
    assert cases(median, 3) == ["3"]
    assert cases(mean, 16) == ["1", "2", "4", "8", "16", "8 shuffled_shifts", "8 shuffled_dates"]
    assert cases(mean, 3) == ["1", "2", "3", "3 shuffled_shifts", "3 shuffled_dates"]
    assert cases(mean, 2) == cases(sample, 2) == ["1", "2"]
    assert cases(sample, 16) == ["1", "16"]


def test_every_method_and_case_has_every_figure(results):
    still, years = results["still"]["mean"], results["years"]["mean"]
    assert list(still) == ["bicubic", "median_bicubic", "tiny", "tiny_sample4", "other"]
    assert list(years["tiny"]) == ["1", "2", "3", "3 shuffled_shifts", "3 shuffled_dates"]
    spread = {"coverage_1std", "coverage_2std", "std_correlation"}
    for method, rows in still.items():
        for row in rows.values():
            assert set(tables.COLUMNS) - spread - {"homogeneous_std_ratio"} <= set(row)
            assert (spread <= set(row)) == (method == "tiny")
            assert np.isfinite(list(row.values())).all()
    assert still["tiny"]["1"]["psnr"] == results["still"]["scenes"]["a"]["tiny"]["1"]["psnr"]
    assert set(results["still"]["std"]["tiny"]["1"].values()) == {0.0}


def test_methods_are_given_as_many_dates_as_their_case_says(scenes):
    rows = evaluate([TrainedSystem("other", Repeated(), (1, 8), False)], scenes[:1])["scenes"]["a"]["other"]
    image = Repeated().estimate(scenes[0].with_dates(8).series, torch.Generator())[0].numpy()
    assert rows["8"]["psnr"] == pytest.approx(metrics.psnr(image, scenes[0].truth))
    assert rows["1"]["psnr"] != rows["8"]["psnr"]


def test_mean_and_std_are_over_scenes(methods, scenes):
    both = evaluate(methods, [dataclasses.replace(scenes[0], name="b"), scenes[1]], slow_scenes=1)
    values = [both["scenes"][name]["bicubic"]["1"]["psnr"] for name in ("b", "a")]
    assert both["mean"]["bicubic"]["1"]["psnr"] == pytest.approx(np.mean(values))
    assert both["std"]["bicubic"]["1"]["psnr"] == pytest.approx(np.std(values))
    assert both["mean"]["tiny"]["16"] == both["scenes"]["b"]["tiny"]["16"]  # only one scene has that many dates
    assert "tiny_sample4" in both["scenes"]["b"]
    assert "tiny_sample4" not in both["scenes"]["a"]  # slow


def test_gains_are_by_scene(results):
    rows = results["years"]["scenes"]["a"]["tiny"]
    assert gains(results["years"], "tiny") == [rows["3"]["psnr"] - rows["1"]["psnr"]]
    assert gains(results["years"], "tiny", 2) == [rows["2"]["psnr"] - rows["1"]["psnr"]]
    assert gains(results["years"], "bicubic") == gains(results["years"], "tiny", 16) == []


def test_tables(results):
    lines = tables.markdown("still", results["still"]).splitlines()
    assert len({line.count("|") for line in lines if line.startswith("|")}) == 1
    assert sum(line.startswith("|") for line in lines) == 2 + 1 + 2 + 7 + 2 + 2
    assert any(line.startswith("| tiny, shuffled dates | 8 | 1 |") for line in lines)
    assert any("tiny, all dates against one" in line for line in lines)
    table = list(csv.reader(io.StringIO(tables.to_csv(results))))
    assert table[0] == ["set", "scene", "method", "case", *tables.COLUMNS]
    assert len(table) == 1 + 14 + 11
    assert {len(row) for row in table} == {len(table[0])}


def test_summary_is_what_scripts_read(results):
    short = json.loads(json.dumps(tables.summary(results)))
    tiny = short["still"]["tiny"]
    assert list(tiny["psnr"]) == ["1", "2", "4", "8", "16"]
    assert {"ssim", "sam", "consistency", "spectrum_ratio", "coverage_2std"} <= set(tiny)
    assert tiny["dates"] == 16
    assert list(tiny["psnr_shuffled_dates"]) == ["8"]
    assert short["years"]["tiny"]["ssim"] == pytest.approx(results["years"]["mean"]["tiny"]["3"]["ssim"], abs=1e-4)
    assert short["years"]["bicubic"]["psnr"] == {"1": pytest.approx(results["years"]["mean"]["bicubic"]["1"]["psnr"], abs=1e-2)}
    assert list(short["still"]["tiny_sample4"]["psnr"]) == ["1", "16"]


def test_systems_are_named_and_sorted_by_what_they_are(tiny_network):
    panel = assemble(interpolations(), [("tiny", tiny_network), ("other", HighResNet.__new__(HighResNet))], members=2)
    names = [method.name for method in panel.methods]
    assert names[:4] == ["bicubic", "median_bicubic", "tiny", "tiny_sample1"]
    assert names[-2:] == ["tiny_ensemble2", "other"]
    assert panel.samples["tiny"] == {steps: f"tiny_sample{steps}" for steps in (1, 2, 4, 10, 20)}
    assert [m.name for m in assemble(interpolations(), [("t", tiny_network)], samples=False).methods] == ["bicubic", "median_bicubic", "t"]
    with pytest.raises(JobError, match="'bicubic'"):
        assemble(interpolations(), [("bicubic", HighResNet.__new__(HighResNet))])


def test_systems_of_one_date_are_judged_with_one_and_those_that_sample_count_as_slow():
    for kind, numbers, slow in ((Srdiff, (1,), True), (Srcnn, (1,), False), (HighResNet, (1, 2, 4, 8, 16), False)):
        system = trained_system("it", kind.__new__(kind))
        assert (system.numbers, system.slow) == (numbers, slow)


def test_networks_are_opened_under_a_name(tmp_path):
    with pytest.raises(ModelError, match="no checkpoint"):
        open_network(f"mine={tmp_path}")
    with pytest.raises(ModelError, match=r"'absent\.safetensors' was not found"):
        open_network("mine=absent.safetensors")


def _checkpoint(folder, system, config):
    """A training's folder with the random weights of a system."""
    network = find_system(system).network(config)
    folder.mkdir(parents=True)
    plain = json.dumps(TrainingConfig("data", system=system, network=config).to_dict())
    state = network.state_dict()
    save_checkpoint(folder, dict.fromkeys(PARTS) | {"network": state, "average": state, "step": 1, "config": plain})
    return folder


def test_what_was_compared_is_found_and_judged_beside_a_model(tiny_network, scenes, tmp_path):
    _checkpoint(tmp_path / "highres_net" / "seed_0" / "1_mean", "highres_net", HighResNetConfig(width=8, blocks=1))
    small = SrdiffConfig(width=8, multipliers=(1, 2), encoder_width=8, encoder_blocks=2, steps=3)
    _checkpoint(tmp_path / "srdiff" / "seed_1" / "1_noise", "srdiff", small)
    _checkpoint(tmp_path / "srdiff" / "seed_2" / "1_noise", "srdiff", small)
    for stage in ("1_mean", "2_flow"):
        own = _checkpoint(tmp_path / "sitsr" / "seed_0" / stage, "sitsr", tiny_network.config)
    (tmp_path / "interpolation").mkdir()
    assert compared_in(str(tmp_path)) == []  # nothing is judged yet, so nothing need be finished
    for finished in ("highres_net/seed_0", "srdiff/seed_1", "sitsr/seed_0"):
        (tmp_path / finished / "judged_16.json").write_text("{}")
    found = compared_in(str(tmp_path))
    assert found == [f"highres_net={tmp_path}/highres_net/seed_0/1_mean", f"srdiff={tmp_path}/srdiff/seed_1/1_noise"]
    panel = assemble(interpolations(), [open_network(text) for text in (f"ours={own}", *found)], samples=False)
    rows = evaluate(panel.methods, [scenes[1]])["mean"]
    assert list(rows) == ["bicubic", "median_bicubic", "ours", "highres_net", "srdiff"]
    assert list(rows["highres_net"]) == ["1", "2", "3", "3 shuffled_shifts", "3 shuffled_dates"]
    assert rows["highres_net"]["3"] == rows["highres_net"]["3 shuffled_shifts"]  # it is not told the shifts
    assert list(rows["srdiff"]) == ["1"]
    assert compared_in(str(tmp_path / "absent")) == []
    assert chosen(["a"], ["small"], str(tmp_path)) == ["a", *found]
    assert chosen([], ["small"], str(tmp_path)) == ["small", *found]
    assert chosen(["a"], ["small"], None) == ["a"]
    with pytest.raises(JobError, match="no finished training"):
        chosen([], ["small"], str(tmp_path / "absent"))


def test_no_held_out_site_is_one_sentence(tmp_path):
    layouts.massachusetts(tmp_path)
    split = tmp_path / "split.json"
    split.write_text("{}")
    with pytest.raises(InputError, match="no scene of the test sites"):
        sets.held_out(str(tmp_path), str(split), 4)
