"""``sitsr:tryit`` with the real worker and the sample scene."""

import pytest
from qgis import processing
from qgis.core import QgsProcessingException, QgsProcessingFeedback, QgsProcessingOutputLayerDefinition
from rasters import read

ALGORITHM = "sitsr:tryit"
pytestmark = pytest.mark.usefixtures("plugin", "python", "project")


def test_the_sample_is_super_resolved_and_loads_with_dates(folder, project):
    output = QgsProcessingOutputLayerDefinition("TEMPORARY_OUTPUT", project)
    results = processing.runAndLoadResults(ALGORITHM, {"OUTPUT": output, "OUTPUT_FOLDER": str(folder)})
    assert results["PSNR"] > results["PSNR_BICUBIC"] + 1
    assert len(list((folder / "series").glob("*.tif"))) == results["DATE_COUNT"] == 10
    fine, place, _ = read(results["OUTPUT"])
    truth, its_place, _ = read(results["TRUTH"])
    assert fine.shape == truth.shape and place == its_place
    layers = {layer.name(): layer for layer in project.mapLayers().values()}
    date = results["TARGET_DATE"]
    assert {f"Super-resolved {date}", f"Truth {date}", f"Sample {date}"} <= set(layers) and len(layers) == 12
    assert all(layer.temporalProperties().isActive() for layer in layers.values())
    assert len({layer.renderer().redContrastEnhancement().maximumValue() for layer in layers.values()}) == 1
    shown = [layer.name() for layer in project.layerTreeRoot().layerOrder()]
    assert shown[:3] == [f"Super-resolved {date}", f"Truth {date}", f"Sample {date}"]
    from sitsr.sitsr_plugin.gui.source_panel import rasters_of

    offered = [project.mapLayer(one).name() for one in rasters_of(project.layerTreeRoot())]
    assert len(offered) == 10 and all(name.startswith("Sample ") for name in offered)
    path = str(folder / "project.qgz")
    project.write(path)
    project.read(path)
    assert len(rasters_of(project.layerTreeRoot())) == 10


def test_a_script_gets_its_files_and_no_layers(folder, project):
    given = folder / "sample"
    given.mkdir()
    (given / "mine.txt").write_text("stays")
    results = processing.run(ALGORITHM, {"OUTPUT": str(folder / "fine.tif"), "OUTPUT_FOLDER": str(given)})
    assert results["OUTPUT"] == str(folder / "fine.tif") and results["OUTPUT_FOLDER"] == str(given)
    assert (folder / "fine.qml").exists() and (given / "mine.txt").exists()
    assert not project.mapLayers()


def test_what_is_wrong_is_one_sentence(folder):
    def failure(**parameters):
        with pytest.raises(QgsProcessingException) as caught:
            processing.run(ALGORITHM, parameters, feedback=QgsProcessingFeedback(False))
        return str(caught.value)

    assert "must end in .tif" in failure(OUTPUT=str(folder / "x.jp2"), OUTPUT_FOLDER=str(folder))
    assert "'Super-resolved image' was not given" in failure(OUTPUT="", OUTPUT_FOLDER=str(folder))
    (folder / "file").touch()
    assert "is a file, not a folder" in failure(OUTPUT=str(folder / "x.tif"), OUTPUT_FOLDER=str(folder / "file" / "below"))
