"""Environments are really made here, of tiny wheels; failures are those that pip and uv really print."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsSettings
from wheels import lock_of, processes_with, write_borrowing_wheel, write_wheel

SLOW_PYTHON = "import os, sys, time\nprint('half', flush=True)\ntime.sleep(600)\n"


@pytest.fixture
def setup(sitsr, monkeypatch):
    from sitsr.sitsr_plugin.core import environment, environment_setup

    monkeypatch.delenv("SITSR_PYTHON", raising=False)
    QgsSettings().remove(environment.SETTING)
    yield environment_setup
    QgsSettings().remove(environment.SETTING)


@pytest.fixture
def planning(sitsr):
    from sitsr.sitsr_plugin.core import environment_plan

    return environment_plan


@pytest.fixture
def plan(planning, wheels, tmp_path):
    """Makes an environment of the package ``tiny`` in a folder of its own."""
    write_wheel(wheels, "tiny")
    lock = lock_of(tmp_path, "tiny==1.0")
    return planning.Plan(tmp_path / "profile" / "environments" / "abc", (lock,), str(wheels), installed=30_000_000)


def finish(task, qtbot):
    with qtbot.waitSignal(task.ended, timeout=120_000):
        QgsApplication.taskManager().addTask(task)
    return task


def beside(plan):
    return sorted(path.name for path in plan.folder.parent.iterdir()) if plan.folder.parent.exists() else []


def slow_base(tmp_path):
    """A Python that starts to make an environment and never ends."""
    program = tmp_path / "slow_python.py"
    program.write_text(SLOW_PYTHON)
    return program


# --- making one -------------------------------------------------------------------------------------------------------------------


def test_an_environment_is_made_tested_and_used(setup, plan, wheels, python, qtbot, monkeypatch):
    monkeypatch.delenv("SITSR_PYTHON")
    write_borrowing_wheel(wheels, python)
    QgsSettings().setValue(setup.SETTING, "/an/old/python")
    task = finish(setup.creation(plan), qtbot)
    assert task.error is None, "\n".join(task.lines)
    assert beside(plan) == ["abc"]
    assert {"imports", "convolution"} <= {check["name"] for check in task.report["checks"] if check["ok"]}
    assert task.report["ok"], task.report
    assert not QgsSettings().value(setup.SETTING)
    assert any("Successfully installed tiny-1.0" in line for line in task.lines)
    assert any("convolution" in line for line in task.lines)


def test_a_failing_selftest_is_told_and_the_environment_stays(setup, plan, qtbot):
    from sitsr.sitsr_plugin.core.environment_selftest import status_line

    task = finish(setup.creation(plan), qtbot)
    assert task.error is None
    assert not task.report["ok"]
    assert status_line(task.report).startswith("This environment does not work. imports: ModuleNotFoundError")
    assert setup.python_of(plan.folder).is_file()


def test_again_over_an_old_one_and_over_leftovers(setup, plan, qtbot):
    leftover = plan.folder.parent / "abc.building-killed" / "env"
    leftover.mkdir(parents=True)
    (leftover / "half").touch()
    plan.folder.mkdir()
    (plan.folder / "broken").touch()
    assert finish(setup.creation(plan), qtbot).error is None
    assert beside(plan) == ["abc"]
    assert setup.python_of(plan.folder).is_file() and not (plan.folder / "broken").exists()


def test_a_failure_leaves_nothing_and_keeps_what_was_there(setup, plan, wheels, qtbot):
    plan.folder.mkdir(parents=True)
    (plan.folder / "works").touch()
    (wheels / "tiny-1.0-py3-none-any.whl").unlink()
    write_wheel(wheels, "tiny", version="2.0")
    task = finish(setup.creation(plan), qtbot)
    assert task.error.kind == "wheel"
    assert "'tiny==1.0'" in task.error.message
    assert beside(plan) == ["abc"] and (plan.folder / "works").exists()


def test_cancel_in_the_middle_leaves_nothing(setup, plan, qtbot, tmp_path, monkeypatch):
    program = slow_base(tmp_path)
    monkeypatch.setattr(setup, "steps", lambda *_: (setup_step(sys.executable, program),))
    task = setup.creation(plan)
    with qtbot.waitSignal(task.said, timeout=60_000, check_params_cb=lambda line: line == "half"):
        QgsApplication.taskManager().addTask(task)
    assert processes_with(str(program))
    assert any(".building-" in name for name in beside(plan))
    with qtbot.waitSignal(task.ended, timeout=20_000):
        task.cancel()
    assert type(task.error).__name__ == "Stopped"
    assert beside(plan) == []
    assert not processes_with(str(program))


def setup_step(*arguments):
    from sitsr.sitsr_plugin.core.environment_plan import Step

    return Step("slow", tuple(str(argument) for argument in arguments))


def test_cancelled_while_pip_installs_then_made(setup, plan, qtbot):
    task = setup.creation(plan)
    with qtbot.waitSignal(task.step, timeout=60_000, check_params_cb=lambda title: title == "Installing packages"):
        QgsApplication.taskManager().addTask(task)
    with qtbot.waitSignal(task.ended, timeout=20_000):
        task.cancel()
    assert beside(plan) == []
    assert finish(setup.creation(plan), qtbot).error is None
    assert beside(plan) == ["abc"]


def test_a_killed_attempt_is_no_environment_and_the_next_starts_clean(setup, plan, qtbot, tmp_path):
    """What a killed QGIS leaves: its lock, and half an environment under another name."""
    script = (
        "import sys, time; from qgis.PyQt.QtCore import QLockFile; lock = QLockFile(sys.argv[1]); lock.setStaleLockTime(0); "
        "print(lock.tryLock(0), flush=True); time.sleep(600)"
    )
    plan.folder.parent.mkdir(parents=True)
    (plan.folder.parent / "abc.building-1" / "env" / "bin").mkdir(parents=True)
    other = subprocess.Popen([sys.executable, "-c", script, str(plan.folder.parent / "abc.lock")], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout.readline().strip() == "True"
        task = finish(setup.creation(plan), qtbot)
        assert "being made already" in task.error.message
        assert "abc.building-1" in beside(plan)
    finally:
        other.kill()
        other.communicate()
    assert finish(setup.creation(plan), qtbot).error is None
    assert beside(plan) == ["abc"]


def test_too_little_space_is_told_before_anything_is_made(setup, planning, plan, qtbot):
    task = finish(setup.creation(planning.Plan(plan.folder, plan.requirements, plan.wheels, installed=10**18)), qtbot)
    assert task.error.kind == "disk"
    assert any("GB are needed" in line for line in task.lines)
    assert beside(plan) == []


def test_a_place_that_cannot_be_written(setup, planning, plan, qtbot):
    plan.folder.parent.parent.mkdir(parents=True)
    plan.folder.parent.touch()  # a file where the folder of environments should be
    task = finish(setup.creation(plan), qtbot)
    assert task.error is not None and task.error.hint


def test_an_existing_interpreter_is_checked_and_used(setup, python, qtbot, monkeypatch):
    monkeypatch.delenv("SITSR_PYTHON")
    task = finish(setup.adoption(python), qtbot)
    assert task.error is None and task.report["ok"], task.report
    assert QgsSettings().value(setup.SETTING) == python


def test_an_interpreter_without_packages_is_refused(setup, qtbot):
    task = finish(setup.adoption("/usr/bin/python3"), qtbot)
    assert "lacks" in task.error.message
    assert not QgsSettings().value(setup.SETTING)


# --- planning ---------------------------------------------------------------------------------------------------------------------


def test_the_programs_of_each_route(planning, monkeypatch):
    monkeypatch.setattr(planning.shutil, "which", lambda name: "/opt/uv" if name == "uv" else None)
    folder = Path("new")
    uv = [step.arguments for step in planning.steps(planning.plan_download(planning.CPU), folder, "")]
    assert uv[0] == ("/opt/uv", "venv", "--python", "3.12", "new")
    assert uv[1][:3] == ("/opt/uv", "pip", "install") and str(planning.lock_files()[0]) in uv[1]
    monkeypatch.setattr(planning.shutil, "which", lambda name: None)
    pip = [step.arguments for step in planning.steps(planning.plan_download(planning.CUDA), folder, "/opt/python")]
    assert pip[0] == ("/opt/python", "-m", "venv", "new")
    assert [Path(step[step.index("-r") + 1]).name for step in pip[1:]] == ["packages.txt", "torch-cuda.txt"]
    assert not any("--extra-index-url" in step for step in pip)
    cpu = [step.arguments for step in planning.steps(planning.plan_download(planning.CPU), folder, "/opt/python")]
    assert [Path(step[step.index("-r") + 1]).name for step in cpu[1:]] == ["packages.txt", "torch-cpu.txt"]
    assert ["--extra-index-url" in step for step in cpu[1:]] == [False, sys.platform == "linux"]
    for arguments in (*uv, *pip, *cpu):
        assert not {"--trusted-host", "--allow-insecure-host"} & set(arguments)


def test_what_weakens_tls_or_leads_astray_is_not_inherited(sitsr, monkeypatch):
    from sitsr.sitsr_plugin.core.child import child_environment

    for name in ("PIP_TRUSTED_HOST", "UV_INSECURE_HOST", "PIP_TARGET", "PYTHONPATH", "PROJ_LIB"):
        monkeypatch.setenv(name, "x")
    monkeypatch.delenv("HTTPS_PROXY", raising=False)
    values = child_environment("/temporary")
    assert not {"PIP_TRUSTED_HOST", "UV_INSECURE_HOST", "PIP_TARGET", "PYTHONPATH", "PROJ_LIB"} & set(values)
    assert values["TMPDIR"] == "/temporary"


def test_qgis_proxy_is_passed_on_unless_the_user_set_one(sitsr, monkeypatch):
    from sitsr.sitsr_plugin.core.child import PROXIES, child_environment

    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
    given = {"proxyEnabled": True, "proxyType": "HttpProxy", "proxyHost": "proxy.example", "proxyPort": "3128", "proxyUser": "a@b"}
    for key, value in given.items():
        QgsSettings().setValue(f"proxy/{key}", value)
    try:
        assert child_environment()["HTTPS_PROXY"] == "http://a%40b@proxy.example:3128"
        monkeypatch.setenv("https_proxy", "http://mine")
        assert "HTTPS_PROXY" not in child_environment()
    finally:
        QgsSettings().remove("proxy")


def test_the_space_of_wheels_is_counted_and_damage_found(planning, wheels):
    with pytest.raises(planning.PluginError, match="holds no wheels"):
        planning.plan_offline(str(wheels))
    write_wheel(wheels, "tiny", {"data.bin": "0" * 5_000_000})
    assert planning.plan_offline(str(wheels)).needed > 5_000_000 + planning.VENV_SPACE
    (wheels / "half-1.0-py3-none-any.whl").write_bytes(b"PK half")
    with pytest.raises(planning.PluginError, match=r"'half-1.0-py3-none-any[.]whl' is damaged"):
        planning.plan_offline(str(wheels))


@pytest.mark.skipif(sys.platform != "linux", reason="builds are told apart by name on Linux alone")
@pytest.mark.parametrize(
    ("torch", "locks"), [("2.13.0+cpu", ["packages.txt", "torch-cpu.txt"]), ("2.13.0", ["packages.txt", "torch-cuda.txt"])]
)
def test_wheels_for_gpus_are_not_held_against_the_hashes_of_those_for_processors(planning, wheels, torch, locks):
    write_wheel(wheels, "torch", version=torch)
    plan = planning.plan_offline(str(wheels))
    assert [path.name for path in plan.requirements] == locks and all(path.is_file() for path in plan.requirements)
    assert len(planning.steps(plan, Path("new"), "/opt/python")) == 1 + len(locks)


def test_a_python_to_build_from(planning, sitsr, tmp_path):
    from sitsr.sitsr_plugin.core.child import Children

    path = planning.find_base_python(Children(), [["/nowhere/python"], ["/bin/false"], ["/usr/bin/env", "python3"]])
    assert os.path.isfile(path)
    with pytest.raises(planning.SetupError) as caught:
        planning.find_base_python(Children(), [["/bin/echo"]])
    assert caught.value.kind == "python"
