"""Which Python computes, and the sentence when there is none."""

import stat
import sys

import pytest
from qgis.core import QgsSettings


@pytest.fixture
def environment(sitsr, monkeypatch):
    from sitsr.sitsr_plugin.core import environment

    monkeypatch.delenv("SITSR_PYTHON", raising=False)
    QgsSettings().remove(environment.SETTING)
    yield environment
    QgsSettings().remove(environment.SETTING)


def test_the_setting_comes_before_the_variable(environment, monkeypatch, python):
    assert environment.find_interpreter().path == python
    QgsSettings().setValue(environment.SETTING, sys.executable)
    assert environment.find_interpreter().path == sys.executable


def test_the_managed_environment_is_found(environment):
    managed = environment.python_of(environment.managed_folder())
    managed.parent.mkdir(parents=True)
    managed.touch()
    try:
        assert environment.find_interpreter().path == str(managed)
    finally:
        managed.unlink()


def test_without_any_the_sentence_says_how_to_make_one(environment):
    with pytest.raises(environment.PluginError) as caught:
        environment.find_interpreter()
    assert "no Python environment" in caught.value.message
    for part in ("-m venv", "-m pip install", str(environment.managed_folder()), "sitsr/python"):
        assert part in caught.value.hint


def test_a_wrong_setting_is_named(environment):
    QgsSettings().setValue(environment.SETTING, "/nowhere/python")
    with pytest.raises(environment.PluginError, match="'/nowhere/python' given by the setting sitsr/python does not exist"):
        environment.find_interpreter()


def test_the_hash_follows_the_requirements(environment, tmp_path):
    locks = tmp_path / "resources" / "requirements"
    locks.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text('dependencies = [\n    "torch>=2.3",\n]\n')
    without = environment.lock_hash(tmp_path)
    (locks / "worker.txt").write_text("torch==2.13.0\n")
    first = environment.lock_hash(tmp_path)
    (locks / "worker.txt").write_text("torch==2.14.0\n")
    assert len({without, first, environment.lock_hash(tmp_path)}) == 3


def test_the_real_interpreter_passes(environment, python):
    assert environment.check(environment.find_interpreter()).startswith("3.")


def test_an_interpreter_without_the_packages_is_told(environment):
    with pytest.raises(environment.PluginError) as caught:
        environment.check(environment.Interpreter("/usr/bin/python3", "the test"))
    assert "lacks" in caught.value.message and "torch" in caught.value.message
    assert "-m pip install" in caught.value.hint


def test_a_program_that_is_no_python_is_told(environment, tmp_path):
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\necho hello\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    with pytest.raises(environment.PluginError, match="did not answer as a Python interpreter"):
        environment.check(environment.Interpreter(str(program), "the test"))
