"""The job: JSON round trip and one clear sentence for each mistake."""

import pytest

from sitsr_core.errors import JobError
from sitsr_core.job import SuperResolutionJob

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


def test_not_json_and_no_file(tmp_path):
    with pytest.raises(JobError, match="not valid JSON"):
        SuperResolutionJob.from_json("{")
    with pytest.raises(JobError, match="cannot be read"):
        SuperResolutionJob.from_file(tmp_path / "none.json")
