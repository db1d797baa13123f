"""Where outputs may go is known before anything else is done."""

import json
import subprocess
import sys

import pytest
from engine_fixtures import DATES, ROOT, environment, run, small_model, write_series

from sitsr_core.errors import OutputError
from sitsr_core.inference import engine
from sitsr_core.inference.places import require_places
from sitsr_core.job import SuperResolutionJob


def test_what_the_job_alone_tells_is_known_before_the_series_is_opened(tmp_path):
    """None of the inputs exists, nor does what is asked make a folder."""
    for name in ("fine.tif", "several/sitsr_2024-06-01.tif"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "file").write_text("")
    for fields, words in (
        ({"output": "fine.tif"}, r"exists already.* or allow overwriting \(--overwrite, or overwrite=True in a job\)"),
        ({"output": "several", "target_dates": ["2024-06-11", "2024-06-01"]}, "sitsr_2024-06-01.tif' exists already"),
        ({"output": "other.tif", "target_dates": ["all"]}, "several dates"),
        ({"output": "file/x.tif"}, "a part of its path is a file"),
        ({"output": "n" * 300 + ".tif"}, r"its name is too long. Choose a shorter name"),
        ({"output": "n" * 246 + ".tif"}, r"its name is too long. Choose a shorter name"),  # that of the run folder
        ({"output": "new/" + "n" * 300 + "/x.tif"}, r"its name is too long"),
        ({"output": "x.tif", "uncertainty": True, "run_folder": "n" * 300}, r"its name is too long"),
    ):
        paths = {name: str(tmp_path / fields[name]) for name in ("output", "run_folder") if name in fields}
        with pytest.raises(OutputError, match=words):
            require_places(SuperResolutionJob(["none.tif"], **fields | paths))
    require_places(SuperResolutionJob(["none.tif"], str(tmp_path / "new" / "fine.tif")))
    require_places(SuperResolutionJob(["none.tif"], str(tmp_path / "fine.tif"), overwrite=True))
    require_places(SuperResolutionJob(["none.tif"], str(tmp_path / "several"), target_dates=["2024-06-11"]))
    assert not (tmp_path / "new").exists()


def test_an_input_is_refused_as_output_at_once(tmp_path):
    (tmp_path / "a.tif").write_text("")
    with pytest.raises(OutputError, match="is one of the inputs"):
        require_places(SuperResolutionJob([str(tmp_path / "a.tif")], str(tmp_path / "a.tif"), overwrite=True))


def test_dates_that_only_the_series_tells_are_known_before_the_model_is_loaded(tmp_path, monkeypatch):
    model = small_model(tmp_path / "model.safetensors")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / f"sitsr_{DATES[2]}.tif").write_text("")
    monkeypatch.setattr(engine, "load_model", lambda *_: pytest.fail("the model was loaded"))
    with pytest.raises(OutputError, match=f"sitsr_{DATES[2]}.tif' exists already"):
        run(write_series(tmp_path / "in"), tmp_path / "out", model)


@pytest.mark.parametrize("door", ["cli", "worker"])
def test_a_refusal_needs_no_torch(tmp_path, door):
    (tmp_path / "fine.tif").write_text("")
    job = tmp_path / "job.json"
    job.write_text(json.dumps({"inputs": ["none.tif"], "output": str(tmp_path / "fine.tif")}))
    calls = {
        "cli": "from sitsr_core.cli import main; sys.exit(main(['predict', '--job', sys.argv[1]]))",
        "worker": "import json; from sitsr_core.tasks import TASKS; TASKS['super_resolve'](json.load(open(sys.argv[1])), print, bool)",
    }
    command = [sys.executable, "-c", f"import sys; sys.modules['torch'] = None; {calls[door]}", str(job)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment())
    assert done.returncode == 1 and "exists already" in done.stderr, done.stderr


def test_runs_into_one_folder_keep_each_their_job(tmp_path):
    model, inputs = small_model(tmp_path / "model.safetensors"), write_series(tmp_path / "in")
    for dates in (DATES[:1], DATES[1:2], ["all"]):
        run(inputs, tmp_path / "series", model, target_dates=list(dates), window=[0, 0, 16, 16], overwrite=True)
    jobs = {path.name: json.loads(path.read_text())["target_dates"] for path in (tmp_path / "series").glob("*.json")}
    assert jobs == {f"sitsr_{date}.job.json": [date] for date in DATES[:2]} | {"sitsr.job.json": ["all"]}


def test_a_window_that_reaches_beyond_the_image_is_told(tmp_path):
    model, inputs = small_model(tmp_path / "model.safetensors"), write_series(tmp_path / "in")
    result = run(inputs, tmp_path / "fine.tif", model, window=[80, 60, 50, 50])
    assert "Only a part of the window 80, 60, 50, 50 lies on the image: 20 x 30 pixels from column 80, row 60." in result.warnings
    result = run(inputs, tmp_path / "whole.tif", model, window=[80, 60, 20, 30])
    assert not any("Only a part" in text for text in result.warnings)
