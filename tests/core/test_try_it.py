"""The sample series from nothing to an image, with a small network."""

import pytest
from engine_fixtures import small_model

from sitsr_core.demo.simulate import DATES, TARGET
from sitsr_core.demo.try_it import TryItJob, try_it
from sitsr_core.errors import Cancelled, JobError, OutputError
from sitsr_core.evaluation.compare_rasters import ComparisonJob, compare_rasters
from sitsr_core.inference.events import Progress


def job(tmp_path, **fields) -> TryItJob:
    model = small_model(tmp_path / "model.safetensors")
    return TryItJob.from_dict({"folder": str(tmp_path / "sample"), "output": str(tmp_path / "fine.tif"), "model": model, **fields})


def test_it_writes_a_series_an_image_and_what_they_are_worth(tmp_path):
    events = []
    result = try_it(job(tmp_path), events.append, lambda: False)
    assert [one["date"] for one in result["series"]] == list(DATES) and all(one["date"] in one["path"] for one in result["series"])
    compared = compare_rasters(
        ComparisonJob(str(tmp_path / "fine.tif"), result["truth"], result["series"][list(DATES).index(TARGET)]["path"]),
        lambda _: None,
        bool,
    )
    assert compared["rows"]["result"]["sam"] == pytest.approx(result["figures"]["result"]["sam"], rel=0.02)
    assert compared["rows"]["bicubic"]["sam"] == pytest.approx(result["figures"]["bicubic"]["sam"], rel=0.02)
    assert not any(one["guessed"] for one in compared["scalings"].values())
    assert result["target"] == TARGET and result["result"]["target_dates"] == [TARGET]
    assert set(result["figures"]) == {"bicubic", "result"} and result["figures"]["bicubic"]["psnr"] > 40
    fractions = [event.fraction for event in events if isinstance(event, Progress)]
    assert fractions == sorted(fractions) and fractions[0] == 0 and fractions[-1] == 1


def test_it_can_be_stopped_and_says_what_is_wrong(tmp_path):
    with pytest.raises(Cancelled):
        try_it(job(tmp_path), lambda _: None, lambda: True)
    assert not (tmp_path / "fine.tif").exists()
    with pytest.raises(JobError, match="No folder"):
        job(tmp_path, folder="")
    with pytest.raises(JobError, match="Unknown mode"):
        job(tmp_path, mode="best")
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="not a folder"):
        try_it(job(tmp_path, folder=str(tmp_path / "file")), lambda _: None, lambda: False)
