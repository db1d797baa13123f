"""Evaluation: scenes that say what they hold, one row a method, tables, a sheet of crops."""

import csv
import dataclasses
import io
import json

import numpy as np
import pytest
import rasterio
import torch
from fixtures import place_layouts as layouts

from sitsr_core import sensor
from sitsr_core.datasets.places import Place
from sitsr_core.errors import InputError
from sitsr_core.evaluation import sets, tables
from sitsr_core.evaluation.evaluate import evaluate, median_bicubic
from sitsr_core.evaluation.sheet import draw_sheet


@pytest.fixture(scope="module")
def scenes():
    """One still scene of 16 dates with NIR, and one of three real years."""
    images = np.stack([layouts.texture(4, 66, 66, seed) for seed in (0, 1, 2)])
    place = Place("a", "california", images, np.array([0, 400, 800]), np.ones((66, 66), bool), np.zeros((3, 2), np.float32))
    return [*sets.simulated([place], "california", 16, 1), *sets.real_years([place], 1)]


@pytest.fixture
def results(tiny_network, scenes):
    return {"still": evaluate(tiny_network, scenes[:1]), "years": evaluate(tiny_network, scenes[1:])}


def test_scenes_have_the_shapes_they_state(scenes):
    still, years = scenes
    assert still.series.reflectance.shape == (1, 16, 4, 16, 16)
    assert still.truth.shape == (4, 64, 64)
    assert years.series.days[0].tolist() == [0, 400, 800]
    observed, clear = still.observed()
    assert clear.shape == (1, 1, 16, 16)
    assert (sensor.observe(torch.from_numpy(still.truth)[None], ("B02", "B03", "B04", "B08")) - observed)[
        ..., 3:-3, 3:-3
    ].abs().mean() < 0.004


def test_scene_keeps_its_reference_first(scenes):
    still = scenes[0]
    late = dataclasses.replace(still, series=dataclasses.replace(still.series, reference=torch.tensor([5])))
    picked = late.with_dates(2)
    assert picked.series.days[0].tolist() == [still.series.days[0, 5].item(), still.series.days[0, 0].item()]
    assert int(picked.series.reference[0]) == 0
    shuffled = still.with_shuffled_shifts().series.shift
    assert torch.equal(shuffled[:, 0], still.series.shift[:, 0])
    assert not torch.equal(shuffled, still.series.shift)
    assert torch.equal(shuffled.sort(1).values, still.series.shift.sort(1).values)


def test_shifts_of_a_real_series_are_those_of_its_content():
    """A series whose dates are one image moved by whole pixels: told in coarse pixels, against each target; an unknown one is not told."""
    base = layouts.texture(4, 80, 80).astype(np.float32) / 1000
    moves = np.array([[0, 0], [4, -4], [0, 8]], np.float32)
    reflectance = np.stack([base[:, 8 - int(dy) : 72 - int(dy), 8 - int(dx) : 72 - int(dx)] for dy, dx in moves])
    clear, days, known = np.ones((3, 64, 64), bool), np.array([0, 10, 20]), np.array([True, True, False])
    first, second, third = sets.real_series("x", reflectance, clear, days, moves, known)
    assert first.name == "x/1970-01-01"
    assert first.series.shift[0].tolist() == [[0, 0], [1, -1], [0, 0]]
    assert first.series.shift_known[0].tolist() == [1, 1, 0]
    assert third.series.shift_known[0].tolist() == [1, 0, 0]
    assert second.series.days[0].tolist() == [0, -10, 10]
    reference, other = first.series.reflectance[0, 0], first.series.reflectance[0, 1]
    assert torch.allclose(other[:, 4:12, 3:11], reference[:, 3:11, 4:12], atol=1e-5)


def test_median_leaves_clouds_out(make_batch):
    batch = make_batch(1, 3, 8)
    batch.reflectance[:] = torch.tensor([0.1, 0.2, 0.9]).view(1, 3, 1, 1, 1)
    assert median_bicubic(batch) == pytest.approx(0.2, abs=1e-6)
    batch.clear[:, 2] = 0
    assert median_bicubic(batch) == pytest.approx(0.1, abs=1e-6)  # the lower of the two that are left
    batch.clear[:] = 0
    assert np.isfinite(median_bicubic(batch)).all()


def test_every_method_has_a_row_with_every_figure(results):
    still, years = results["still"], results["years"]
    assert list(still["mean"]) == ["bicubic", "median_bicubic", "1", "2", "4", "8", "16", "shuffled_shifts"]
    assert list(years["mean"]) == ["bicubic", "median_bicubic", "1", "2", "3", "shuffled_shifts"]
    for row in still["mean"].values():
        assert set(tables.COLUMNS) - {"coverage_2std"} <= set(row)
        assert np.isfinite(list(row.values())).all()
    assert still["mean"]["1"]["psnr"] == still["scenes"]["a"]["1"]["psnr"]
    assert set(still["std"]["1"].values()) == {0.0}


def test_mean_and_std_are_over_scenes(tiny_network, scenes):
    both = evaluate(tiny_network, [dataclasses.replace(scenes[0], name="b"), scenes[1]])
    values = [both["scenes"][name]["bicubic"]["psnr"] for name in ("b", "a")]
    assert both["mean"]["bicubic"]["psnr"] == pytest.approx(np.mean(values))
    assert both["std"]["bicubic"]["psnr"] == pytest.approx(np.std(values))
    assert both["mean"]["16"] == both["scenes"]["b"]["16"]  # only one scene has that many dates


def test_tables(results):
    lines = tables.markdown("still", results["still"]).splitlines()
    assert len({line.count("|") for line in lines if line.startswith("|")}) == 1
    assert sum(line.startswith("|") for line in lines) == 2 + 8
    gains = tables.gains_of_dates(results["years"])
    rows = results["years"]["scenes"]["a"]
    assert gains == [rows["3"]["psnr"] - rows["1"]["psnr"]]
    table = list(csv.reader(io.StringIO(tables.to_csv(results))))
    assert table[0] == ["set", "scene", "method", *tables.COLUMNS]
    assert len(table) == 1 + 8 + 6
    assert {len(row) for row in table} == {len(table[0])}
    short = json.loads(json.dumps(tables.summary(results, "tiny")))
    assert list(short["still"]["tiny"]["psnr"]) == ["1", "2", "4", "8", "16"]
    assert short["years"]["tiny"]["ssim"] == pytest.approx(results["years"]["mean"]["3"]["ssim"], abs=1e-4)
    assert short["years"]["bicubic"]["psnr"] == {"1": pytest.approx(results["years"]["mean"]["bicubic"]["psnr"], abs=1e-2)}


def test_sheet_has_titles_and_a_row_a_scene(tiny_network, scenes, tmp_path, monkeypatch):
    from matplotlib.axes import Axes

    titles, title = [], Axes.set_title
    monkeypatch.setattr(Axes, "set_title", lambda axis, text, **options: titles.append(text) or title(axis, text, **options))
    draw_sheet(tiny_network, scenes, tmp_path / "sheet.png")
    assert titles == ["input", "bicubic", "1 date", "all dates", "all dates, one sample", "truth"]
    with rasterio.open(tmp_path / "sheet.png") as sheet:
        assert sheet.width > 1000
        assert 400 < sheet.height < 700
        assert sheet.read(1).std() > 10


def test_no_held_out_site_is_one_sentence(tmp_path):
    layouts.massachusetts(tmp_path)
    split = tmp_path / "split.json"
    split.write_text("{}")
    with pytest.raises(InputError, match="no scene of the test sites"):
        sets.held_out(str(tmp_path), str(split), 4)
