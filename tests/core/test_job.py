"""The job: JSON round trip and one clear sentence for each mistake."""

import datetime
from pathlib import Path

import pytest

from sitsr_core.errors import JobError
from sitsr_core.job import SuperResolutionJob
from sitsr_core.job_paths import with_absolute_paths

GOOD = {"inputs": ["a.tif"], "output": "b.tif"}


def test_round_trip(tmp_path):
    job = SuperResolutionJob(
        ["a.tif", "b.tif"], "o.tif", target_dates=["2021-07-21"], mode="ensemble", dates={"a.tif": "2021-07-21"}, bounds=[0, 1, 2, 3]
    )
    assert SuperResolutionJob.from_json(job.to_json()) == job
    path = tmp_path / "job.json"
    path.write_text(job.to_json())
    assert SuperResolutionJob.from_file(path) == job


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({**GOOD, "inputs": []}, "No input layers"),
        ({**GOOD, "output": ""}, "No output"),
        ({**GOOD, "output": "fine.JPG"}, "'fine.JPG' has the ending of a format that is not written"),
        ({**GOOD, "output": "series.nc", "target_dates": ["all"]}, "not written"),
        ({**GOOD, "mode": "magic"}, "magic"),
        ({**GOOD, "steps": 0}, "steps"),
        ({**GOOD, "steps": "4"}, "steps"),
        ({**GOOD, "members": 1}, "members"),
        ({**GOOD, "scale": 0}, r"The scale is 0\. Give what a number is multiplied by"),
        ({**GOOD, "scale": -1e-4}, "The scale is -0.0001"),
        ({**GOOD, "scale": float("nan")}, "'scale' is not a number"),
        ({**GOOD, "offset": float("inf")}, "'offset' is not a number"),
        ({**GOOD, "precision": "int4"}, "int4"),
        ({**GOOD, "output_format": "BMP"}, "BMP"),
        ({**GOOD, "target_dates": ["21 July"]}, "not a date"),
        ({**GOOD, "shell": "rm"}, "unknown fields: shell"),
        ({"inputs": ["a"]}, "lacks output"),
        ([], "not a JSON object"),
    ],
)
def test_mistakes(values, message):
    with pytest.raises(JobError, match=message):
        SuperResolutionJob.from_dict(values)


def test_one_text_dates_and_paths_are_taken_in_python():
    day = datetime.date(2024, 6, 11)
    job = SuperResolutionJob(inputs="S2.tif", output=Path("o.tif"), target_dates="2024-06-11", dates={Path("S2.tif"): day}).validate()
    assert (job.inputs, job.output, job.target_dates, job.dates) == (["S2.tif"], "o.tif", ["2024-06-11"], {"S2.tif": "2024-06-11"})
    job = SuperResolutionJob((Path("a.tif"), "b.tif"), "o.tif", target_dates=[day, datetime.datetime(2024, 6, 21, 10, 50)]).validate()
    assert job.inputs == ["a.tif", "b.tif"] and job.target_dates == ["2024-06-11", "2024-06-21"]
    assert SuperResolutionJob("a.tif", "o.tif", target_dates=day).validate().target_dates == ["2024-06-11"]
    assert SuperResolutionJob.from_json(job.to_json()) == job
    job = SuperResolutionJob("a.tif", "o.tif", target_dates="", run_folder=Path("runs/o"))
    assert (job.target_dates, job.run_folder) == ([], "runs/o") and SuperResolutionJob.from_json(job.to_json()) == job
    with pytest.raises(JobError, match="No input layers"):
        SuperResolutionJob("", "o.tif").validate()
    for wrong in ({"scale": float("nan")}, {"offset": float("nan")}):
        with pytest.raises(JobError, match="is nan"):
            SuperResolutionJob("a.tif", "o.tif", **wrong).validate()
    for output in ("series", "series.jpg/", "2024.06"):
        SuperResolutionJob(["a.tif"], output).validate()


def test_paths_become_absolute_where_they_are_of_local_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a.tif", "m.tif", "small"):
        (tmp_path / name).write_text("x")
    (tmp_path / "in").mkdir()
    others = ["/vsicurl/https://x.org/b.tif", "https://x.org/b.tif", "NETCDF:c.nc:B02", "gone.tif"]
    job = SuperResolutionJob(
        ["a.tif", "in", *others], "o.tif", model="small", masks={"in": "m.tif", "a.tif": "/vsizip/m.zip/m.tif", "2021-07-21": "m.tif"},
        dates={"a.tif": "2021-07-21", "./a.tif": "2021-07-21", "1": "2021-07-21"},
    )  # fmt: skip
    found = with_absolute_paths(job)
    assert found.inputs == [f"{tmp_path}/a.tif", f"{tmp_path}/in", *others]
    assert (found.output, found.model, found.date_table, found.run_folder) == (f"{tmp_path}/o.tif", "small", "", "")
    mask = f"{tmp_path}/m.tif"
    assert found.masks == {f"{tmp_path}/in": mask, "a.tif": "/vsizip/m.zip/m.tif", "2021-07-21": mask}
    assert list(found.dates) == ["a.tif", f"{tmp_path}/a.tif", "1"]


@pytest.mark.parametrize("output", ["series.jpg/", "series.tif/"])
def test_an_output_with_a_slash_stays_a_folder(tmp_path, monkeypatch, output):
    monkeypatch.chdir(tmp_path)
    job = with_absolute_paths(SuperResolutionJob(["a.tif"], output))
    assert SuperResolutionJob.from_json(job.to_json()).output == f"{tmp_path}/{output}"


def test_bare_names_stay_bare_though_a_folder_is_called_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("X.SAFE", "1", "2024-06-11", "clear"):
        (tmp_path / name).mkdir()
    dates = {"X.SAFE": "2024-06-11", "1": "2024-06-11", "X.SAFE/": "2024-06-11"}
    found = with_absolute_paths(SuperResolutionJob(["X.SAFE"], "o.tif", dates=dates, masks={"2024-06-11": "m.tif", "clear": "m.tif"}))
    assert list(found.dates) == ["X.SAFE", "1", f"{tmp_path}/X.SAFE"]
    assert list(found.masks) == ["2024-06-11", f"{tmp_path}/clear"]


def test_not_json_and_no_file(tmp_path):
    with pytest.raises(JobError, match="not valid JSON"):
        SuperResolutionJob.from_json("{")
    with pytest.raises(JobError, match="cannot be read"):
        SuperResolutionJob.from_file(tmp_path / "none.json")
