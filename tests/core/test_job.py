"""The job: JSON round trip and one clear sentence for each mistake."""

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
        ({**GOOD, "mode": "magic"}, "magic"),
        ({**GOOD, "steps": 0}, "steps"),
        ({**GOOD, "steps": "4"}, "steps"),
        ({**GOOD, "members": 1}, "members"),
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


def test_not_json_and_no_file(tmp_path):
    with pytest.raises(JobError, match="not valid JSON"):
        SuperResolutionJob.from_json("{")
    with pytest.raises(JobError, match="cannot be read"):
        SuperResolutionJob.from_file(tmp_path / "none.json")
