"""``sitsr:finetune`` with the real worker, a tiny network and tiny sites."""

import os
import subprocess
import threading
import time

import pytest
from processes import worker_pids
from qgis import processing
from qgis.core import QgsProcessingException, QgsProcessingFeedback
from rasters import BANDS, fine_scene, write_raster

ALGORITHM = "sitsr:finetune"
CARD = {"DATA": "drawings, CC0", "LICENCE": "CC-BY-4.0"}
QUICK = {"STEPS": 6, "FLOW_STEPS": 2, "BATCH": 2, "PATCH": 16, "MAX_DATES": 2, "LEARNING_RATE": 0.01}
TINY = """
import torch
from sitsr_core.models.card import ModelCard, save_model
from sitsr_core.models.network import NetworkConfig, SuperResolver
torch.manual_seed(0)
small = dict(encoder_width=16, encoder_blocks=1, heads=2, trunk_width=16, trunk_blocks=1, fidelity_blocks=0, gradient_steps=0)
network = SuperResolver(NetworkConfig(**small, denoiser_width=16, denoiser_blocks=1))
import sys
save_model(network, ModelCard("tiny", "0.1", "A test.", dates=(1, 2)), sys.argv[1])
"""
pytestmark = pytest.mark.usefixtures("plugin", "python", "project")


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """Three sites of two dates and a fine image, and a tiny model."""
    from conftest import PYTHON, ROOT

    folder = tmp_path_factory.mktemp("finetune")
    for number in range(3):
        site = folder / "sites" / f"site{number}"
        (site / "lr").mkdir(parents=True)
        (site / "hr").mkdir()
        fine = fine_scene(24, 24) + 40 * number
        coarse = fine.reshape(4, 24, 4, 24, 4).mean(axis=(2, 4))
        for date in ("2021-04-03", "2021-04-18"):
            write_raster(site / "lr" / f"s2_{date}.tif", coarse.astype("uint16"), BANDS)
        write_raster(site / "hr" / "2021-04-04.tif", fine.astype("uint16"), BANDS, pixel=2.5)
    model = folder / "tiny.safetensors"
    subprocess.run([str(PYTHON), "-c", TINY, str(model)], check=True, cwd=ROOT)
    return {**CARD, **QUICK, "FOLDER": str(folder / "sites"), "MODEL": str(model)}


class Listener(QgsProcessingFeedback):
    """Remembers what was said, and may cancel at a step."""

    def __init__(self, until=""):
        super().__init__(False)
        self.until, self.said, self.cancelled = until, [], 0.0

    def setProgressText(self, text):
        self.said.append(text)
        if self.until and self.until in text and not self.cancelled:
            self.cancelled = time.monotonic()
            threading.Thread(target=self.cancel, daemon=True).start()

    def pushInfo(self, text):
        self.said.append(text)


def test_pairs_become_a_model_with_a_report_and_the_model_computes(given, folder, series):
    feedback = Listener()
    wanted = {"OUTPUT": str(folder / "mine.safetensors"), "OUTPUT_HTML": str(folder / "report.html")}
    results = processing.run(ALGORITHM, {**given, **wanted}, feedback=feedback)
    assert (results["SITES"], results["PAIRS"]) == (2, 2)
    assert results["GAIN_AFTER"] > results["GAIN_BEFORE"]
    assert any("step 6 of 6, loss" in text and "left" in text for text in feedback.said)
    assert any("2 sites to learn from, 1 held out: site0" in text for text in feedback.said)
    page = (folder / "report.html").read_text()
    assert page.count("<svg") == 2 and page.count("<polyline") == 2 and "data:image/jpeg;base64," in page
    assert f"{results['GAIN_AFTER']:+.2f}" in page and "drawings, CC0" in page
    assert sorted(os.listdir(folder)) == ["mine.safetensors", "report.html"]
    fine = processing.run("sitsr:superresolvetimeseries", {"INPUT": series, "MODEL": wanted["OUTPUT"], "OUTPUT": str(folder / "fine.tif")})
    assert os.path.exists(fine["OUTPUT"])


def test_cancelled_it_leaves_no_model_in_two_seconds_and_goes_on_when_run_again(given, folder):
    long = {**given, "STEPS": 30, "FLOW_STEPS": 0, "HOLD_OUT": "none", "OUTPUT": str(folder / "mine.safetensors")}
    feedback = Listener("step 12 of 30")
    with pytest.raises(QgsProcessingException, match=r"no output was written. What was learned so far is kept"):
        processing.run(ALGORITHM, long, feedback=feedback)
    assert time.monotonic() - feedback.cancelled < 2.0
    assert worker_pids() == [] and not os.path.exists(long["OUTPUT"])
    again = Listener()
    results = processing.run(ALGORITHM, long, feedback=again)
    steps = [text for text in again.said if " of 30, loss" in text]
    assert "Going on with the training that was stopped." in again.said and 5 < len(steps) < 21
    assert "GAIN_AFTER" not in results and os.path.exists(results["OUTPUT"])


def test_what_is_wrong_is_one_sentence(given, folder, tmp_path):
    def failure(**parameters):
        given_here = {**given, "OUTPUT": str(folder / "mine.safetensors"), **parameters}
        with pytest.raises(QgsProcessingException) as caught:
            processing.run(ALGORITHM, given_here, feedback=QgsProcessingFeedback(False))
        return str(caught.value)

    assert "does not exist" in failure(FOLDER=str(tmp_path / "nowhere"))
    assert "'Licence of the new model' was not given" in failure(LICENCE=" ")
    assert "must end in .safetensors" in failure(OUTPUT=str(folder / "mine.txt"))
    assert "The site 'nowhere' cannot be held out" in failure(HOLD_OUT="nowhere")
    assert not os.path.exists(folder / "mine.safetensors")
