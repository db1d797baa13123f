"""The window with the models, clicked through; files are checked by the real worker."""

import json
import shutil
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsProcessingContext
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QFileDialog

ROOT = Path(__file__).resolve().parents[2]
SMALL = ROOT / "resources" / "models" / "small.safetensors"
BUNDLED = ["small (the default)", "base (comes with sitsr)"]
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def dialog(plugin, python, qtbot):
    """The window, opened by the menu; what was added goes again."""
    folder = Path(QgsApplication.qgisSettingsDirPath()) / "sitsr" / "models"
    shutil.rmtree(folder, ignore_errors=True)
    plugin.models_action.trigger()
    qtbot.waitUntil(plugin.models_dialog.isVisible)
    yield plugin.models_dialog
    plugin.models_dialog.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def added(dialog, qtbot, monkeypatch, tmp_path):
    """Choose a file in the window."""

    def choose(path):
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
        qtbot.mouseClick(dialog.add_button, LEFT)
        return dialog.status.text()

    return choose


def names(dialog):
    return [dialog.list.item(row).text() for row in range(dialog.list.count())]


def test_the_bundled_model_is_shown_with_its_card(dialog):
    assert names(dialog) == BUNDLED and not dialog.remove_button.isEnabled()
    text = dialog.card.toPlainText()
    for part in ("B02, B03, B04, B08", "10 m becomes 2.5 m", "GPL-3.0-or-later", "Trained on", "Metrics", "MB"):
        assert part in text


def test_a_model_is_added_used_by_name_and_removed(dialog, added, plugin, series, qtbot, tmp_path):
    from sitsr.sitsr_plugin.core.models import added_folder, resolve_model

    mine = tmp_path / "mine.safetensors"
    shutil.copy(SMALL, mine)
    assert "'mine' was added" in added(mine)
    assert names(dialog) == [*BUNDLED, "mine (added)"]
    assert dialog.list.currentItem().text().startswith("mine") and str(added_folder()) in dialog.card.toPlainText()
    algorithm = QgsApplication.processingRegistry().algorithmById("sitsr:superresolvetimeseries").create()
    given = {"INPUT": series, "MODEL": "mine", "OUTPUT": str(tmp_path / "fine.tif")}
    assert algorithm.describe(given, QgsProcessingContext())["model"] == str(added_folder() / "mine.safetensors")
    assert (resolve_model("small"), resolve_model(""), resolve_model(str(mine))) == ("small", "", str(mine))
    assert "already" in added(mine)
    qtbot.mouseClick(dialog.remove_button, LEFT)
    assert names(dialog) == BUNDLED and list(added_folder().iterdir()) == []
    assert mine.exists() and resolve_model("mine") == "mine"


def test_the_factor_is_that_of_the_card(dialog):
    from sitsr.sitsr_plugin.core.models import added_folder, factor_of

    data = SMALL.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    told = json.loads(header["__metadata__"]["sitsr"])
    told["card"]["factor"] = 2
    header["__metadata__"]["sitsr"] = json.dumps(told)
    text = json.dumps(header).encode()
    added_folder().mkdir(parents=True)
    (added_folder() / "two.safetensors").write_bytes(len(text).to_bytes(8, "little") + text)
    assert [factor_of(name) for name in ("two", "small", "", "gone")] == [2, 4, 4, 4]


def test_the_hash_is_the_workers(sitsr, python):
    from qgis.core import QgsProcessingFeedback
    from sitsr.sitsr_plugin.core.environment import find_interpreter
    from sitsr.sitsr_plugin.core.models import models, read_card
    from sitsr.sitsr_plugin.core.worker_client import run_worker

    answer = run_worker(find_interpreter(), {"model": str(SMALL)}, QgsProcessingFeedback(), "check_model")
    assert json.loads(json.dumps(answer["card"])) == read_card(SMALL)
    assert [model.hash for model in models() if model.name == "small"] == [answer["hash"]]


@pytest.mark.parametrize("kind", ["text", "cut", "foreign"])
def test_what_is_no_model_is_refused_in_a_sentence(dialog, added, tmp_path, kind):
    data = SMALL.read_bytes()
    header = b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    bad = tmp_path / f"{kind}.safetensors"
    foreign = len(header).to_bytes(8, "little") + header + bytes(4)
    bad.write_bytes({"text": b"not a model at all", "cut": data[: len(data) // 2], "foreign": foreign}[kind])
    status = added(bad)
    assert f"{kind}.safetensors" in status and status.endswith(".") and "Traceback" not in status
    assert names(dialog) == BUNDLED
