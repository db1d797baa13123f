"""The command line: what it prints, how it fails, how it ends."""

import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from engine_fixtures import DATES, ROOT, environment, pixels_of, small_model, write_raster, write_series

from sitsr_core import cli
from sitsr_core.errors import JobError


@pytest.fixture(scope="module")
def given(tmp_path_factory) -> tuple[list[str], str]:
    folder = tmp_path_factory.mktemp("given")
    return write_series(folder / "in"), small_model(folder / "model.safetensors")


def sitsr(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "sitsr_core.cli", *arguments], cwd=ROOT, env=environment(), capture_output=True, text=True)


def test_help_explains_each_command_with_examples(capsys):
    for arguments in (["--help"], ["predict", "--help"], ["inspect", "--help"], ["selftest", "--help"]):
        with pytest.raises(SystemExit) as end:
            cli.main(arguments)
        assert end.value.code == 0
        text = capsys.readouterr().out
        assert "sitsr predict" in text and "exit codes" in text


def test_predict_writes_the_image_and_says_what_it_did(given, tmp_path):
    done = sitsr("predict", *given[0], "-o", str(tmp_path / "fine.tif"), "--model", given[1], "--tile", "64", "--threads", "1")
    assert done.returncode == 0, done.stderr
    assert pixels_of(tmp_path / "fine.tif").shape == (4, 360, 400)
    assert str(tmp_path / "fine.tif") in done.stdout and "mean |Ax - y|" in done.stdout and "from 3 dates" in done.stdout
    assert "100%" in done.stderr or "Tile" in done.stderr


def test_json_is_the_only_thing_on_standard_output(given, tmp_path):
    arguments = ["--date", "all", "--json", "--clear-count", "--max-dates", "2", "--seed", "3", "--mode", "sample", "--steps", "2"]
    done = sitsr("predict", *given[0], "-o", str(tmp_path / "out"), "--model", given[1], *arguments)
    result = json.loads(done.stdout)
    assert result["target_dates"] == list(DATES) and len(result["outputs"]) == 6
    assert all(len(dates) == 2 for dates in result["dates_used"].values())


def test_a_job_file_repeats_a_run_and_options_win(given, tmp_path, capsys):
    common = ["--model", given[1], "--tile", "64", "--quiet", "--window", "0", "0", "40", "30"]
    assert cli.main(["predict", *given[0], "-o", str(tmp_path / "a.tif"), *common]) == 0
    assert cli.main(["predict", "--job", str(tmp_path / "a.tif.job.json"), "-o", str(tmp_path / "b.tif"), "--quiet"]) == 0
    assert (tmp_path / "a.tif").read_bytes() == (tmp_path / "b.tif").read_bytes()
    assert capsys.readouterr().out == ""


def test_a_result_in_the_folder_of_the_series_does_not_spoil_the_next_run(tmp_path, given):
    near = tmp_path / "near"
    write_series(near)
    common = ["predict", str(near), "-o", str(near / "fine.tif"), "--model", given[1], "--tile", "64", "--window", "0", "0", "40", "30"]
    assert cli.main([*common, "--uncertainty", "--clear-count", "--quiet"]) == 0
    first = (near / "fine.tif").read_bytes()
    assert cli.main([*common, "--uncertainty", "--clear-count", "--quiet", "--overwrite"]) == 0
    assert (near / "fine.tif").read_bytes() == first


def test_a_job_file_runs_from_another_folder(given, tmp_path, monkeypatch):
    """All that it names is relative to the folder of the first run: inputs, dates, masks, table, model and output."""
    monkeypatch.chdir(tmp_path)
    names = [f"in/{os.path.basename(path)}" for path in write_series(Path("in"))]
    shutil.copy(given[1], "model.safetensors")
    Path("dates.txt").write_text(f"layer,date\n{names[1]},{DATES[1]}\n")
    clear = np.ones((1, 90, 100), np.uint8)
    write_raster(Path("clear.tif"), clear, ())
    options = ["--date-table", "dates.txt", "--date-of", f"{names[0]}={DATES[0]}", "--mask", f"{names[2]}=clear.tif"]
    options += ["--model", "model.safetensors", "--tile", "64", "--window", "0", "0", "40", "30", "--quiet"]
    assert cli.main(["predict", *names, "-o", "fine.tif", *options]) == 0
    first = Path("fine.tif").read_bytes()
    Path("sub").mkdir()
    monkeypatch.chdir("sub")
    assert cli.main(["predict", "--job", "../fine.tif.job.json", "--overwrite", "--quiet"]) == 0
    assert Path("../fine.tif").read_bytes() == first and not list(Path().iterdir())


def test_options_become_the_job(tmp_path):
    options = cli.build_parser().parse_args(
        [
            "predict",
            "a=b.tif",
            "-o",
            "x.tif",
            "--date-of",
            "a=b.tif=2024-01-02",
            "--band",
            "B02=3",
            "--bands",
            "B03=2,B04=1",
            "--date",
            "2024-06-11,2024-06-21",
            "--date",
            "2024-06-01",
            "--bounds-crs",
            "EPSG:4326",
            "--mask",
            "a=b.tif=m.tif",
            "--cog",
            "--align",
        ]
    )
    job = cli.job_from(options)
    assert job.inputs == ["a=b.tif"] and job.dates == {"a=b.tif": "2024-01-02"} and job.bands == {"B02": 3, "B03": 2, "B04": 1}
    path = tmp_path / "job.json"
    path.write_text(dataclasses.replace(job, bounds=[1, 2, 3, 4]).to_json())
    again = [
        cli.job_from(cli.build_parser().parse_args(["predict", *more]), str(path))
        for more in ([], ["--window", *"1234"], ["--bounds", *"5678"])
    ]
    areas = [(one.bounds, one.bounds_crs, one.window) for one in again]
    assert areas == [([1, 2, 3, 4], "EPSG:4326", None), (None, "", [1, 2, 3, 4]), ([5, 6, 7, 8], "", None)]
    assert job.target_dates == ["2024-06-11", "2024-06-21", "2024-06-01"] and job.bounds_crs == "EPSG:4326"
    assert job.masks == {"a=b.tif": "m.tif"} and job.output_format == "COG" and job.align and job.max_dates == 16


def test_a_mask_without_a_name_is_that_of_all_dates(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "year=2024").mkdir()
    (tmp_path / "year=2024" / "clear.tif").write_text("x")

    def masks(*given: str) -> dict:
        words = ["predict", "a.tif", "-o", "x.tif", *(word for text in given for word in ("--mask", text))]
        return cli.job_from(cli.build_parser().parse_args(words)).masks

    assert masks("m.tif", "b.tif=n.tif") == {"": "m.tif", "b.tif": "n.tif"}
    assert masks("year=2024/clear.tif") == {"": "year=2024/clear.tif"}
    with pytest.raises(JobError, match=r"Two masks are given for all dates: m\.tif and n\.tif"):
        masks("m.tif", "n.tif")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["predict", "-o", "x.tif"], "No input layers were given."),
        (["predict", "nowhere.tif", "-o", "x.tif"], "nowhere.tif"),
        (["predict", "nowhere.tif"], "No output was given."),
        (["predict", "a.tif", "-o", "x.tif", "--date", "soon"], "'soon' is not a date."),
        (["predict", "a.tif", "-o", "x.tif", "--model", "nothing"], "The model 'nothing' was not found."),
        (["predict", "a.tif", "-o", "x.tif", "--members", "1", "--mode", "ensemble"], "members is 1."),
        (["predict", "--job", "nowhere.json"], "nowhere.json"),
        (["inspect", "nowhere.tif"], "nowhere.tif"),
        (["inspect"], "No input layers were given."),
    ],
)
def test_errors_are_one_sentence_without_a_traceback(given, capsys, arguments, words):
    if arguments[0] == "predict" and "--model" not in arguments:
        arguments = [*arguments, "--model", given[1]]
    assert cli.main(arguments) == 1
    error = capsys.readouterr().err
    assert words in error and "Traceback" not in error
    assert error.splitlines()[-1].startswith("sitsr: ")


def test_verbose_shows_the_traceback_and_json_the_error(given, capsys):
    assert cli.main(["predict", "nowhere.tif", "-o", "x.tif", "--verbose", "--json", "--model", given[1]]) == 1
    shown = capsys.readouterr()
    assert "Traceback" in shown.err and set(json.loads(shown.out)["error"]) == {"kind", "message", "hint", "detail"}


def test_an_unexpected_error_is_one_sentence_too(given, monkeypatch, capsys):
    def broken(*_, **__):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("sitsr_core.inference.engine.super_resolve", broken)
    assert cli.main(["predict", *given[0], "-o", "x.tif", "--quiet"]) == 2
    assert (
        capsys.readouterr().err
        == "sitsr: An unexpected error stopped the run (ZeroDivisionError). Run it again with --verbose and report what it says.\n"
    )


def test_wrong_usage_ends_with_two(capsys):
    for arguments in (
        [],
        ["paint"],
        ["predict", "a.tif", "--band", "B02"],
        ["predict", "a.tif", "--date", ""],
        ["predict", "a.tif", "--mode", "magic"],
    ):
        with pytest.raises(SystemExit) as end:
            cli.main(arguments)
        assert end.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_inspect_shows_every_date(given, capsys):
    assert cli.main(["inspect", *given[0]]) == 0
    text = capsys.readouterr().out
    assert all(date in text for date in DATES)
    assert cli.main(["inspect", *given[0], "--json"]) == 0
    assert [row["date"] for row in json.loads(capsys.readouterr().out)["dates"]] == list(DATES)


def test_control_c_is_a_clean_cancel(given, tmp_path):
    command = [sys.executable, "-m", "sitsr_core.cli", "predict", *given[0], "-o", str(tmp_path / "fine.tif"), "--model", given[1]]
    command += ["--mode", "ensemble", "--members", "256", "--steps", "50", "--tile", "64"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(), stderr=subprocess.PIPE, text=True)
    folder = tmp_path / "fine.tif.sitsr-run"
    deadline = time.monotonic() + 60
    while not folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=30)
    assert time.monotonic() - start < 2.0
    assert process.returncode == 3 and "Cancelled. Run the same job again to resume it." in error and "Traceback" not in error
    assert not (tmp_path / "fine.tif").exists()


def test_selftest_reports_each_check(given, monkeypatch, capsys):
    from pathlib import Path

    monkeypatch.setattr("sitsr_core.models.card.BUNDLED", Path(given[1]).parent)
    monkeypatch.setattr("sitsr_core.models.card.DEFAULT_MODEL", Path(given[1]).stem)
    assert cli.main(["selftest", "--json", "--device", "cpu"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [check["name"] for check in report["checks"]] == ["imports", "device", "convolution", "model", "prediction"]
    assert report["ok"] and report["device"] == "cpu" and "gdal" in report["versions"]
    monkeypatch.setattr("sitsr_core.models.card.DEFAULT_MODEL", "absent")
    assert cli.main(["selftest", "--device", "cpu"]) == 1
    assert "FAIL  model" in capsys.readouterr().out
