"""``sitsr:simulateseries`` with the real worker."""

import csv

import numpy as np
import pytest
from qgis import processing
from qgis.core import QgsProcessingException, QgsProcessingFeedback, QgsProcessingOutputLayerDefinition
from rasters import BANDS, fine_scene, pack, read, write_raster

ALGORITHM = "sitsr:simulateseries"
pytestmark = pytest.mark.usefixtures("plugin", "python", "project")


@pytest.fixture
def fine(tmp_path):
    """A fine image without a date."""
    path = tmp_path / "aerial.tif"
    write_raster(path, fine_scene(40, 32).astype("uint16"), BANDS, pixel=2.5)
    return str(path)


def test_a_fine_image_becomes_a_series_that_loads_with_dates(fine, folder, project):
    output = QgsProcessingOutputLayerDefinition(str(folder / "truth.tif"), project)
    given = {"INPUT": fine, "DATE_COUNT": 3, "FIRST_DATE": "2023-05-06", "CLOUDY": 100, "SEED": 4}
    results = processing.runAndLoadResults(ALGORITHM, {**given, "OUTPUT": output, "OUTPUT_FOLDER": str(folder / "out")})
    dates = results["DATES"].split(",")
    assert dates[0] == "2023-05-06" and len(dates) == len(results["PATHS"]) == 3
    coarse, place, _ = read(results["PATHS"][0])
    truth, its_place, _ = read(results["OUTPUT"])
    assert truth.shape == (4, 4 * coarse.shape[1], 4 * coarse.shape[2])
    assert (place[0], place[3]) == (its_place[0], its_place[3]) and place[1] == 4 * its_place[1] == 10
    with open(results["TABLE"], newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["date"] for row in rows] == dates and float(rows[0]["shift_row"]) == 0
    assert all(float(row["clear_percent"]) < 100 for row in rows[1:])
    names = [layer.name() for layer in project.layerTreeRoot().layerOrder()]
    assert names == ["Truth 2023-05-06", *(f"Simulated {date}" for date in dates)]
    found = processing.run("sitsr:inspectseries", {"FOLDER": results["SERIES_FOLDER"]})
    assert (found["DATE_COUNT"], found["FIRST_DATE"]) == (3, "2023-05-06")


def test_a_text_that_only_gdal_opens(fine, folder, tmp_path):
    [packed] = pack(tmp_path / "aerial.zip", [fine])
    given = {"INPUT": packed, "DATE_COUNT": 1, "OUTPUT": str(folder / "truth.tif"), "OUTPUT_FOLDER": str(folder / "out")}
    assert len(processing.run(ALGORITHM, given)["PATHS"]) == 1


def test_what_is_wrong_is_one_sentence(fine, folder, tmp_path):
    def failure(**parameters):
        given = {"INPUT": fine, "OUTPUT": str(folder / "truth.tif"), "OUTPUT_FOLDER": str(folder), **parameters}
        with pytest.raises(QgsProcessingException) as caught:
            processing.run(ALGORITHM, given, feedback=QgsProcessingFeedback(False))
        return str(caught.value)

    assert "No fine image was given" in failure(INPUT=None)
    assert "'May' is not a date" in failure(FIRST_DATE="May")
    small = tmp_path / "small.tif"
    write_raster(small, np.full((4, 30, 30), 900, "uint16"), BANDS)
    assert "each side needs 56 or more" in failure(INPUT=str(small))
