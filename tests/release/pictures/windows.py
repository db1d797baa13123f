"""The windows: environment and models."""

import os

from qgis.PyQt.QtWidgets import QWidget

from .stage import HOME, Stage, picture


def environment_window(stage: Stage):
    """The window for the environment, opened from the menu."""
    from sitsr.sitsr_plugin.gui.environment_dialog import open_environment_dialog, remove_environment_dialog

    remove_environment_dialog()
    stage.plugin.environment_action.trigger()
    window = stage.keep(open_environment_dialog(stage.window))
    stage.until(lambda: window.task is None)
    stage.wait(0.3)
    return window


@picture
def environment_none(stage: Stage) -> QWidget:
    stage.clear()
    del os.environ["SITSR_PYTHON"]
    return environment_window(stage)


@picture
def environment_works(stage: Stage) -> QWidget:
    stage.clear()
    return environment_window(stage)


@picture
def environment_no_network(stage: Stage) -> QWidget:
    """A real attempt to fetch, from an address where nothing answers."""
    stage.clear()
    del os.environ["SITSR_PYTHON"]
    os.environ.update(PIP_INDEX_URL="http://127.0.0.1:9/simple", UV_DEFAULT_INDEX="http://127.0.0.1:9/simple", PIP_RETRIES="0")
    window = environment_window(stage)
    window.go_button.click()
    stage.until(lambda: window.task is None)
    for name in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "PIP_RETRIES"):
        del os.environ[name]
    return window


@picture
def environment_wrong_python(stage: Stage) -> QWidget:
    stage.clear()
    del os.environ["SITSR_PYTHON"]
    window = environment_window(stage)
    window.by_path.click()
    window.python_file.setFilePath("/usr/bin/python3")
    window.go_button.click()
    stage.until(lambda: window.task is None)
    return window


@picture
def models(stage: Stage) -> QWidget:
    stage.clear()
    stage.plugin.models_action.trigger()
    stage.wait(0.3)
    return stage.keep(stage.plugin.models_dialog)


@picture
def models_refused(stage: Stage) -> QWidget:
    """A file that is no model."""
    stage.clear()
    stage.plugin.models_action.trigger()
    window = stage.keep(stage.plugin.models_dialog)
    path = HOME / "mine.safetensors"
    path.write_bytes(b"no weights")
    window.add(path)
    stage.wait(0.3)
    return window
