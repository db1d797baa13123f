"""Figures and sheets of an evaluation say what they show."""

import numpy as np
import pytest
import rasterio
from fixtures import place_layouts as layouts
from matplotlib.axes import Axes

from sitsr_core.datasets.places import Place
from sitsr_core.errors import OutputError
from sitsr_core.evaluation import sets
from sitsr_core.evaluation.crop_view import busiest
from sitsr_core.evaluation.report import linear_limits, run_evaluation
from sitsr_core.evaluation.sheet import TITLES
from sitsr_core.evaluation.systems import assemble, interpolations


@pytest.fixture(scope="module")
def scenes():
    """One still scene of 16 dates with NIR, and one of three real years."""
    images = np.stack([layouts.texture(4, 66, 66, seed) for seed in (0, 1, 2)])
    place = Place("a", "california", images, np.array([0, 400, 800]), np.ones((66, 66), bool), np.zeros((3, 2), np.float32))
    return {"simulated_rgbn": list(sets.simulated([place], "california", 16, 1)), "real_years": list(sets.real_years([place], 1))}


@pytest.fixture
def drawn(monkeypatch):
    """What is plotted: titles, and label -> (x, y) of the lines."""
    titles, lines, title, plot = [], {}, Axes.set_title, Axes.plot

    def noted(axis, x, y, *rest, **options):
        lines.setdefault(options.get("label"), []).append((np.array(x, float), np.array(y, float)))
        return plot(axis, x, y, *rest, **options)

    monkeypatch.setattr(Axes, "set_title", lambda axis, text, **options: titles.append(text) or title(axis, text, **options))
    monkeypatch.setattr(Axes, "plot", noted)
    return titles, lines


def test_an_evaluation_writes_tables_figures_and_sheets(tiny_network, scenes, tmp_path, drawn):
    titles, lines = drawn
    panel = assemble(interpolations(), [("tiny", tiny_network)], members=2)
    said = []
    figures = run_evaluation(panel, scenes, 1, tmp_path / "out", said.append)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "tables.md", "scenes.csv", "summary.json", "perception_distortion.png", "gain_of_dates.png", "calibration.png", "sheet_tiny.png",
    }  # fmt: skip
    assert len(said) == 2
    assert "best linear estimator" in said[0]
    assert "told what these dates share" in said[1]
    assert set(figures["evaluate"]) == set(scenes)
    assert list(figures["linear_limit"]) == ["simulated_rgbn", "real_years"]
    limits = figures["linear_limit"]["real_years"]
    assert {error: list(gains) for error, gains in limits.items()} == {"shift_error_0": ["2"], "shift_error_0.1": ["2"]}
    assert titles[:2] == ["simulated_rgbn", "real_years"]
    assert titles[-len(TITLES) :] == list(TITLES)
    chain, _ = lines["tiny: mean, then steps"]
    means = figures["evaluate"]["simulated_rgbn"]
    assert chain[1] == pytest.approx(
        [max_dates(means[name]) for name in ("tiny", *(f"tiny_sample{n}" for n in (1, 2, 4, 10, 20)))], abs=1e-3
    )
    gain, _ = lines["tiny"]
    assert gain[0].tolist() == [1, 2, 4, 8, 16]
    assert gain[1][3] == pytest.approx(means["tiny"]["psnr"]["8"] - means["tiny"]["psnr"]["1"], abs=2e-3)
    assert lines["best linear, exact shifts"][0][1].tolist() == sorted(lines["best linear, exact shifts"][0][1])
    with rasterio.open(tmp_path / "out" / "sheet_tiny.png") as sheet:
        assert sheet.width > 1000
        assert 400 < sheet.height < 700
        assert sheet.read(1).std() > 10


def max_dates(summary):
    return list(summary["psnr"].values())[-1]


def test_a_folder_that_cannot_be_made_is_one_sentence(scenes, tmp_path):
    (tmp_path / "file").write_text("")
    said = []
    with pytest.raises(OutputError, match="cannot be written"):
        run_evaluation(interpolations(), {"real_years": scenes["real_years"]}, 1, tmp_path / "file" / "out", said.append)
    assert not said  # it fails before the work, not after it


def test_limits_are_for_simulated_sets(scenes):
    assert linear_limits("real_years", scenes["real_years"]) is None
    statistics, limits = linear_limits("simulated_rgbn", scenes["simulated_rgbn"])
    assert set(limits) == {0.0, 0.1}
    assert 0.5 < statistics.slope < 4
    assert 0.0005 < statistics.noise < 0.004


def test_crops_show_where_something_is():
    truth = np.zeros((3, 200, 200), np.float32)
    truth[:, 150:170, 20:40] = np.random.default_rng(0).random((3, 20, 20))
    rows, columns = busiest(truth, 96)
    assert rows.start <= 150 < 170 <= rows.stop
    assert columns.start <= 20 < 40 <= columns.stop
    assert busiest(truth[:, :60, :60], 60) == (slice(0, 60), slice(0, 60))
