"""``sitsr:evaluate`` with the real worker."""

import csv
import json

import numpy as np
import pytest
from qgis import processing
from qgis.core import QgsProcessingException, QgsProcessingFeedback
from rasters import BANDS, fine_scene, pack, write_raster

ALGORITHM = "sitsr:evaluate"
pytestmark = pytest.mark.usefixtures("plugin", "python", "project")


@pytest.fixture
def files(tmp_path):
    """A truth, a result that is nearer to it than bicubic interpolation, and the input."""
    truth = fine_scene(16, 16)
    coarse = truth.reshape(4, 16, 4, 16, 4).mean(axis=(2, 4))
    made = truth + np.random.default_rng(0).normal(0, 20, truth.shape)
    paths = {}
    for name, image, pixel in (("INPUT", made, 2.5), ("REFERENCE", truth, 2.5), ("COARSE", coarse, 10.0)):
        paths[name] = str(tmp_path / f"{name.lower()}.tif")
        write_raster(paths[name], image.astype("uint16"), BANDS, pixel=pixel)
    return {**paths, "SCALE": 0.0001, "OFFSET": 0}


def test_figures_are_outputs_and_a_page(files, folder):
    wanted = {name: str(folder / file) for name, file in (("OUTPUT", "r.html"), ("OUTPUT_JSON", "r.json"), ("OUTPUT_CSV", "r.csv"))}
    results = processing.run(ALGORITHM, {**files, **wanted})
    assert results["PSNR"] == pytest.approx(-20 * np.log10(0.002), abs=0.3) and results["PSNR"] > results["PSNR_BICUBIC"]
    assert 0 < results["SSIM_BICUBIC"] < results["SSIM"] <= 1 and results["SAM"] < results["SAM_BICUBIC"]
    assert results["CONSISTENCY"] > 0 and results["PIXELS"] == 48 * 48 and results["BANDS_COMPARED"] == ",".join(BANDS)
    report = json.loads((folder / "r.json").read_text())
    assert report["rows"]["result"]["psnr"] == results["PSNR"]
    with open(folder / "r.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["method"] for row in rows] == ["result", "bicubic"] and float(rows[1]["psnr"]) == results["PSNR_BICUBIC"]
    page = (folder / "r.html").read_text()
    assert page.count("number x 0.0001 +0 (given by the user)") == 3 and "a guess" not in page
    assert f"<b>{results['PSNR']:.2f}</b>" in page and f"{results['PSNR_BICUBIC']:.2f}" in page and "reference.tif" in page


def test_without_the_input_only_the_image_is_judged(files, folder):
    results = processing.run(ALGORITHM, {**files, "COARSE": None, "OUTPUT": str(folder / "r.html")})
    assert "PSNR_BICUBIC" not in results and "CONSISTENCY" not in results and results["ERGAS"] > 0
    assert "bicubic" not in (folder / "r.html").read_text()


def test_a_guess_is_called_so(files, folder):
    reference = str(folder / "bright.tif")
    write_raster(reference, (fine_scene(16, 16) + 2000).astype("uint16"), BANDS, pixel=2.5)
    given = {"INPUT": files["INPUT"], "REFERENCE": reference, "OUTPUT": str(folder / "r.html")}
    processing.run(ALGORITHM, given)
    assert "a guess; give Scale and Offset" in (folder / "r.html").read_text()


def test_texts_that_only_gdal_opens(files, tmp_path):
    names = ("INPUT", "REFERENCE", "COARSE")
    packed = dict(zip(names, pack(tmp_path / "all.zip", [files[name] for name in names]), strict=True))
    results = processing.run(ALGORITHM, {**files, **packed, "REFERENCE": files["REFERENCE"]})
    assert results["PSNR"] > results["PSNR_BICUBIC"] > 0
    with pytest.raises(QgsProcessingException, match=r"'absent\.tif' is not a raster that can be read"):
        processing.run(ALGORITHM, {**files, "INPUT": f"/vsizip/{tmp_path}/all.zip/absent.tif"}, feedback=QgsProcessingFeedback(False))


def test_what_is_wrong_is_one_sentence(files):
    def failure(**parameters):
        with pytest.raises(QgsProcessingException) as caught:
            processing.run(ALGORITHM, {**files, **parameters}, feedback=QgsProcessingFeedback(False))
        return str(caught.value)

    assert "'Reference image' was not given" in failure(REFERENCE=None)
    assert "do not lie on each other" in failure(REFERENCE=files["COARSE"])
