"""Results that know their date and look alike."""

import os
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsPointXY, QgsProcessingContext, QgsProcessingFeedback, QgsProject, QgsRasterLayer
from rasters import BANDS, write_raster


@pytest.fixture
def temporal(sitsr):
    from sitsr.sitsr_plugin.core import temporal

    return temporal


@pytest.fixture
def outputs(tmp_path):
    """The worker's records of three dates and one uncertainty raster, each brighter than the one before."""
    rng = np.random.default_rng(1)
    records = []
    for number, date in enumerate(("2021-05-08", "2021-04-03", "2021-06-02")):
        path = str(tmp_path / f"sitsr_{date}.tif")
        write_raster(path, (rng.uniform(200, 2000, (4, 64, 64)) * (1 + number)).astype("uint16"), BANDS)
        records.append({"path": path, "date": date, "kind": "image"})
    path = str(tmp_path / "sitsr_2021-05-08_std.tif")
    write_raster(path, rng.uniform(0, 0.01, (4, 64, 64)).astype("float32"), BANDS)
    return [*records, {"path": path, "date": "2021-05-08", "kind": "uncertainty"}]


def load(temporal, outputs, project):
    """Load the records the way Processing does. Returns the layers by path."""
    from processing.gui.Postprocessing import handleAlgorithmResults
    from qgis.core import QgsApplication

    context = QgsProcessingContext()
    context.setProject(project)
    for output in outputs:
        temporal.load_with_date(context, output, "OUTPUT", project)
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("sitsr:superresolvetimeseries")
    assert handleAlgorithmResults(algorithm, context, QgsProcessingFeedback(False))
    return {layer.source(): layer for layer in project.mapLayers().values()}


def test_layers_have_dates_a_group_and_one_stretch(temporal, outputs, project, plugin):
    temporal.write_styles(outputs)
    layers = load(temporal, outputs, project)
    assert len(layers) == 4
    stretches = set()
    for output in outputs:
        layer = layers[output["path"]]
        properties = layer.temporalProperties()
        assert properties.isActive()
        days = properties.fixedTemporalRange()
        assert days.begin().toUTC().toString("yyyy-MM-dd HH:mm:ss") == f"{output['date']} 00:00:00"
        assert days.end().toUTC().toString("yyyy-MM-dd HH:mm:ss") == f"{output['date']} 23:59:59"
        assert project.layerTreeRoot().findLayer(layer.id()).parent().name() == "sitsr"
        if output["kind"] == "image":
            renderer = layer.renderer()
            assert (renderer.redBand(), renderer.greenBand(), renderer.blueBand()) == (3, 2, 1)
            red = renderer.redContrastEnhancement()
            stretches.add((red.minimumValue(), red.maximumValue()))
    assert len(stretches) == 1
    assert {layer.name() for layer in layers.values()} >= {"Super-resolved 2021-04-03", "Uncertainty 2021-05-08"}


def test_layers_of_a_file_that_was_replaced_show_the_new_one(temporal, outputs, project, plugin):
    """Its pixels, grid, stretch and date, in the layer of the result and in another of the same file."""
    from sitsr.sitsr_plugin.core.style import cumulative_cut, stretch_on_screen

    output = outputs[0]
    temporal.write_styles([output])
    layer = load(temporal, [output], project)[output["path"]]
    project.addMapLayer(QgsRasterLayer(output["path"], "the same"))
    # GDAL keeps the quantiles in memory and writes them when the file is closed
    old = cumulative_cut(layer, "image")
    fresh = np.random.default_rng(2).uniform(5000, 9000, (4, 32, 48)).astype("uint16")
    write_raster(f"{output['path']}.part", fresh, BANDS, origin=(430100.0, 4650000.0), pixel=5.0)
    os.replace(f"{output['path']}.part", output["path"])
    Path(f"{output['path']}.aux.xml").unlink(missing_ok=True)
    replaced = {**output, "date": "2021-08-01"}
    temporal.write_styles([replaced])
    load(temporal, [replaced], project)
    assert project.count() == 2
    there = QgsRasterLayer(output["path"], "there")
    assert cumulative_cut(there, "image") != old and cumulative_cut(there, "image")[0][0] > 4000
    for shown in project.mapLayers().values():
        corner = QgsPointXY(430102.5, 4649997.5)
        assert shown.dataProvider().sample(corner, 1) == (float(fresh[0, 0, 0]), True)
        assert shown.extent() == there.extent() and shown.width() == 48
        assert stretch_on_screen(shown) == stretch_on_screen(there) and stretch_on_screen(shown)[0][0] > 4000
        assert shown.temporalProperties().fixedTemporalRange().begin().toUTC().date().toString("yyyy-MM-dd") == "2021-08-01"
    assert {shown.name() for shown in project.mapLayers().values()} == {"Super-resolved 2021-08-01", "the same"}


def test_the_project_spans_all_dates(temporal, outputs, project, plugin):
    temporal.write_styles(outputs)
    load(temporal, outputs, project)
    span = project.timeSettings().temporalRange()
    assert span.begin().toUTC().date().toString("yyyy-MM-dd") == "2021-04-03"
    assert span.end().toUTC().date().toString("yyyy-MM-dd") == "2021-06-02"


def test_the_style_file_alone_brings_date_and_stretch(temporal, outputs, project):
    temporal.write_styles(outputs)
    layer = QgsRasterLayer(outputs[0]["path"], "dropped into the window")
    # QGIS 3.22 drops the temporal part while it opens a raster, and takes it when the style is asked for
    layer.loadDefaultStyle()
    assert layer.temporalProperties().isActive()
    assert layer.temporalProperties().fixedTemporalRange().begin().toUTC().date().toString("yyyy-MM-dd") == "2021-05-08"
    other = QgsRasterLayer(outputs[2]["path"], "another")
    assert layer.renderer().redContrastEnhancement().maximumValue() == other.renderer().redContrastEnhancement().maximumValue()


def test_bands_are_found_by_name(temporal, tmp_path, qapp):
    from sitsr.sitsr_plugin.core.style import shown_bands

    write_raster(tmp_path / "odd.tif", np.ones((4, 8, 8), "uint16"), ("B08", "B04", "B03", "B02"))
    assert shown_bands(QgsRasterLayer(str(tmp_path / "odd.tif")), "image") == [2, 3, 4]
    write_raster(tmp_path / "plain.tif", np.ones((4, 8, 8), "uint16"))
    assert shown_bands(QgsRasterLayer(str(tmp_path / "plain.tif")), "image") == [3, 2, 1]
    assert shown_bands(QgsRasterLayer(str(tmp_path / "odd.tif")), "uncertainty") == [1]


def test_one_hazy_date_does_not_decide_the_stretch(sitsr):
    from sitsr.sitsr_plugin.core.style import shared_stretch

    assert shared_stretch([[(100, 2000)], [(120, 2200)], [(3000, 9000)]]) == [(120, 2200)]


def test_nothing_is_loaded_without_a_project(temporal, outputs, plugin):
    context = QgsProcessingContext()
    temporal.load_with_date(context, outputs[0], "OUTPUT", None)
    assert context.layersToLoadOnCompletion() == {}
    assert QgsProject.instance().count() == 0


def tag(path: str, scale: float, offset: float) -> None:
    """Give a raster scale and offset tags, which QGIS applies."""
    dataset = gdal.Open(path, gdal.GA_Update)
    for band in range(1, dataset.RasterCount + 1):
        dataset.GetRasterBand(band).SetScale(scale)
        dataset.GetRasterBand(band).SetOffset(offset)


def test_the_stretch_on_screen_fits_results_that_say_their_scale(temporal, outputs, project):
    from sitsr.sitsr_plugin.core.style import stretch_on_screen

    images = [output for output in outputs if output["kind"] == "image"]
    for output in images:
        tag(output["path"], 1e-4, -0.1)
    seen = [(1100.0, 2500.0), (1120.0, 2600.0), (1140.0, 2700.0)]
    temporal.write_styles(images, seen)
    layer = QgsRasterLayer(images[1]["path"], "result")
    shown = layer.renderer().redContrastEnhancement()
    assert (shown.minimumValue(), shown.maximumValue()) == pytest.approx((0.01, 0.15))
    assert [edge for part in stretch_on_screen(layer) for edge in part] == pytest.approx([edge for part in seen for edge in part])


def test_results_that_are_stored_differently_share_a_stretch_of_reflectance(temporal, outputs, project):
    images = [output for output in outputs if output["kind"] == "image"]
    tag(images[0]["path"], 1e-4, 0.0)
    for output in images[1:]:
        tag(output["path"], 1e-4, -0.1)
    temporal.write_styles(images)
    found = set()
    for output in images:
        shown = QgsRasterLayer(output["path"], "result").renderer().redContrastEnhancement()
        found.add((round(shown.minimumValue(), 9), round(shown.maximumValue(), 9)))
    assert len(found) == 1 and max(found.pop()) < 2


def test_the_stretch_on_the_users_screen_is_kept(temporal, outputs, project):
    from sitsr.sitsr_plugin.core.style import apply_stretch, stretch_on_screen

    layer = QgsRasterLayer(outputs[0]["path"], "input")
    seen = [(100.0, 1500.0), (120.0, 1600.0), (140.0, 1700.0)]
    apply_stretch(layer, "image", seen)
    assert stretch_on_screen(layer) == seen
    temporal.write_styles(outputs, seen)
    assert stretch_on_screen(QgsRasterLayer(outputs[2]["path"], "result")) == seen
    layer.renderer().setRedBand(4)
    assert stretch_on_screen(layer) is None
    spread = QgsRasterLayer(outputs[3]["path"], "spread")
    assert spread.renderer().contrastEnhancement().maximumValue() < 1


def test_layers_are_in_order_wherever_the_window_put_them(temporal, outputs, project, plugin):
    """QGIS adds a layer beside the current one: once that is one of ours, new ones come into our group at once, in any order."""
    temporal.write_styles(outputs)
    group = project.layerTreeRoot().insertGroup(0, temporal.GROUP)
    ranks = (2, 0, 3, 1)
    for rank, output in zip(ranks, outputs, strict=False):
        layer = QgsRasterLayer(output["path"], f"rank {rank}")
        project.addMapLayer(layer, False)
        group.insertLayer(0, layer)
        temporal.move_to_group(project, layer, rank)
    nodes = group.findLayers()
    assert [node.name() for node in nodes] == [f"rank {rank}" for rank in range(4)]
    assert not any(node.isExpanded() for node in nodes)
    assert all(node.layer() is not None for node in nodes) and project.count() == 4


def test_quantiles_are_those_of_qgis_where_it_gives_none(sitsr, series):
    from sitsr.sitsr_plugin.core.style import sampled_cut

    layer = QgsRasterLayer(series[0], "one")
    provider = layer.dataProvider()
    expected = provider.cumulativeCut(1, 0.02, 0.98, provider.extent(), 250_000)
    assert sampled_cut(layer, 1) == pytest.approx(expected, rel=0.05)
