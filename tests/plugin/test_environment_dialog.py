"""The environment window, clicked through; the environments it makes are real ones of tiny wheels."""

import os

import pytest
from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt.QtCore import Qt
from wheels import lock_of, write_borrowing_wheel, write_wheel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def modules(sitsr, monkeypatch, tmp_path):
    """The window's module, with a managed folder of the test's own and a lock file of one tiny package."""
    from sitsr.sitsr_plugin.core import environment, environment_plan
    from sitsr.sitsr_plugin.gui import environment_dialog

    folder, lock = tmp_path / "profile" / "environments" / "abc", lock_of(tmp_path, "tiny==1.0")
    for module in (environment, environment_plan, environment_dialog):
        monkeypatch.setattr(module, "managed_folder", lambda: folder)
        if hasattr(module, "lock_files"):
            monkeypatch.setattr(module, "lock_files", lambda *_: [lock])
    monkeypatch.delenv("SITSR_PYTHON", raising=False)
    QgsSettings().remove(environment.SETTING)
    yield environment_dialog
    environment_dialog.remove_environment_dialog()
    QgsSettings().remove(environment.SETTING)


@pytest.fixture
def dialog(modules, qtbot):
    made = modules.open_environment_dialog(None)
    qtbot.waitUntil(made.isVisible)
    return made


@pytest.fixture
def wheels(tmp_path):
    folder = tmp_path / "wheels"
    folder.mkdir()
    write_wheel(folder, "tiny")
    return folder


def wait_for_end(dialog, qtbot):
    qtbot.waitUntil(lambda: dialog.task is None, timeout=120_000)


def test_without_an_environment_it_says_so_and_proposes_one(dialog):
    assert "no Python environment" in dialog.status.text()
    assert dialog.by_download.isChecked() and dialog.go_button.isEnabled()
    assert not dialog.test_button.isEnabled() and not dialog.cancel_button.isEnabled()
    assert "GB are free" in dialog.space.text()
    assert not dialog.python_file.isEnabled() and not dialog.wheels_folder.isEnabled()


def test_opened_twice_it_is_one_window(dialog, modules):
    assert modules.open_environment_dialog(None) is dialog


def test_a_folder_of_wheels_becomes_an_environment_that_works(dialog, qtbot, wheels, python, monkeypatch):
    monkeypatch.delenv("SITSR_PYTHON")
    write_borrowing_wheel(wheels, python)
    qtbot.mouseClick(dialog.by_wheels, LEFT)
    assert not dialog.go_button.isEnabled()
    dialog.wheels_folder.setFilePath(str(wheels))
    assert dialog.go_button.isEnabled() and "GB are free" in dialog.space.text()
    qtbot.mouseClick(dialog.go_button, LEFT)
    assert dialog.cancel_button.isEnabled() and not dialog.go_button.isEnabled() and not dialog.by_path.isEnabled()
    wait_for_end(dialog, qtbot)
    assert dialog.status.text().startswith("Works: computes on "), dialog.diagnostics()
    assert "PyTorch 2" in dialog.status.text()
    assert "convolution" in dialog.log.toPlainText()
    assert "the managed environment" in dialog.path.text()
    assert dialog.test_button.isEnabled() and dialog.go_button.isEnabled() and not dialog.cancel_button.isEnabled()


def test_a_folder_without_wheels_is_told_before_the_click(dialog, qtbot, tmp_path):
    qtbot.mouseClick(dialog.by_wheels, LEFT)
    dialog.wheels_folder.setFilePath(str(tmp_path))
    assert "holds no wheels" in dialog.space.text()
    assert not dialog.go_button.isEnabled()


def test_cancel_leaves_no_environment(dialog, qtbot, wheels, tmp_path):
    qtbot.mouseClick(dialog.by_wheels, LEFT)
    dialog.wheels_folder.setFilePath(str(wheels))
    qtbot.mouseClick(dialog.go_button, LEFT)
    qtbot.waitUntil(lambda: bool(list(tmp_path.glob("profile/environments/abc.building-*"))), timeout=60_000)
    qtbot.mouseClick(dialog.cancel_button, LEFT)
    wait_for_end(dialog, qtbot)
    assert dialog.status.text().startswith("Cancelled.") and not dialog.bar.isVisible()
    assert not list((tmp_path / "profile" / "environments").iterdir())
    assert dialog.go_button.isEnabled() and not dialog.cancel_button.isEnabled()


def test_an_existing_python_is_used_and_tested(dialog, modules, qtbot, python, monkeypatch):
    monkeypatch.delenv("SITSR_PYTHON")
    told = []
    modules.open_environment_dialog(None, lambda: told.append(dialog.status.text()))
    qtbot.mouseClick(dialog.by_path, LEFT)
    assert not dialog.go_button.isEnabled()
    dialog.python_file.setFilePath(python)
    qtbot.mouseClick(dialog.go_button, LEFT)
    wait_for_end(dialog, qtbot)
    assert dialog.status.text().startswith("Works: ")
    assert "the setting sitsr/python" in dialog.path.text()
    assert told == [dialog.status.text()] and dialog.bar.isVisible()
    qtbot.mouseClick(dialog.test_button, LEFT)
    assert dialog.task is not None
    wait_for_end(dialog, qtbot)
    assert dialog.status.text().startswith("Works: ")


def test_a_python_without_packages_is_refused(dialog, qtbot):
    qtbot.mouseClick(dialog.by_path, LEFT)
    dialog.python_file.setFilePath("/usr/bin/python3")
    qtbot.mouseClick(dialog.go_button, LEFT)
    wait_for_end(dialog, qtbot)
    assert "lacks" in dialog.status.text() and "pip install" in dialog.status.text()


def test_environments_of_earlier_versions_can_be_removed(dialog, qtbot, python, tmp_path):
    assert not dialog.old_button.isVisible()
    folder = tmp_path / "profile" / "environments"
    for name in ("0123456789ab", "mine"):
        (folder / name / "bin").mkdir(parents=True)
    dialog.update_route()
    qtbot.mouseClick(dialog.old_button, LEFT)
    wait_for_end(dialog, qtbot)
    assert [path.name for path in folder.iterdir()] == ["mine"] and not dialog.old_button.isVisible()
    assert dialog.status.text().startswith("Works: ")


def test_too_little_space_keeps_the_button_off(dialog, modules, qtbot, monkeypatch):
    monkeypatch.setattr(modules, "free_space", lambda folder: 5e8)
    dialog.update_route()
    assert not dialog.go_button.isEnabled()
    assert "0.5 GB are free. Free at least" in dialog.space.text()


def test_diagnostics_are_copied_without_personal_paths(dialog, qtbot):
    dialog.add_line(f"Collecting {os.path.expanduser('~')}/wheel")
    qtbot.mouseClick(dialog.copy_button, LEFT)
    text = QgsApplication.clipboard().text()
    assert "Collecting <home>/wheel" in text and "no Python environment" in text and "QGIS 3" in text


def test_the_work_goes_on_behind_a_closed_window_and_ends_with_the_plugin(dialog, modules, qtbot, wheels, tmp_path):
    qtbot.mouseClick(dialog.by_wheels, LEFT)
    dialog.wheels_folder.setFilePath(str(wheels))
    qtbot.mouseClick(dialog.go_button, LEFT)
    task = dialog.task
    dialog.close()
    assert modules.open_environment_dialog(None) is dialog and dialog.task is task
    modules.remove_environment_dialog()
    qtbot.waitUntil(lambda: not QgsApplication.taskManager().activeTasks(), timeout=30_000)
    assert not (tmp_path / "profile" / "environments" / "abc").exists()
