"""Layers and texts become job fields."""

import pytest
from qgis.core import QgsDateTimeRange, QgsProcessingContext, QgsRasterLayer, QgsVectorLayer
from qgis.PyQt.QtCore import QDateTime, Qt


@pytest.fixture
def layers(sitsr):
    from sitsr.sitsr_plugin.core import layers

    return layers


@pytest.fixture
def context(project):
    made = QgsProcessingContext()
    made.setProject(project)
    return made


def dated(path, begin, end):
    """A layer with a fixed temporal range."""
    from sitsr.sitsr_plugin.core.compat import FIXED_TEMPORAL_RANGE

    layer = QgsRasterLayer(path, "dated")
    layer.temporalProperties().setIsActive(True)
    layer.temporalProperties().setMode(FIXED_TEMPORAL_RANGE)
    layer.temporalProperties().setFixedTemporalRange(
        QgsDateTimeRange(QDateTime.fromString(begin, Qt.DateFormat.ISODate), QDateTime.fromString(end, Qt.DateFormat.ISODate))
    )
    return layer


def test_layers_ids_names_and_paths_are_the_same_series(layers, context, project, series):
    layer = QgsRasterLayer(series[0], "april")
    project.addMapLayer(layer)
    items = layers.series_items([layer, layer.id(), "april", series[1]], context)
    assert [item.path for item in items] == [series[0]] * 3 + [series[1]]
    assert [item.name for item in items] == ["april"] * 3 + ["s2_2021-04-18.tif"]


def test_gdal_paths_pass_unchanged(layers, context, tmp_path, series):
    import zipfile

    with zipfile.ZipFile(tmp_path / "dates.zip", "w") as archive:
        archive.write(series[0], "a.tif")
    inside = f"/vsizip/{tmp_path}/dates.zip/a.tif"
    assert layers.gdal_path(QgsRasterLayer(inside, "zipped")) == inside
    subdataset = f'NETCDF:"{tmp_path}/none.nc":B02'
    assert layers.series_items([subdataset], context)[0].path == subdataset


def test_a_subdataset_layer_keeps_its_name(layers, tmp_path):
    from osgeo import gdal

    path = tmp_path / "two.gpkg"
    for table in ("first", "second"):
        gdal.Translate(
            str(path), gdal.Open(str(tiny(tmp_path))), format="GPKG", creationOptions=[f"RASTER_TABLE={table}", "APPEND_SUBDATASET=YES"]
        )
    source = f"GPKG:{path}:second"
    layer = QgsRasterLayer(source, "second")
    assert layer.isValid()
    assert layers.gdal_path(layer) == source


def tiny(folder):
    """A small byte raster."""
    import numpy as np
    from rasters import write_raster

    write_raster(folder / "tiny.tif", np.ones((3, 16, 16), "uint8"))
    return folder / "tiny.tif"


def test_other_providers_and_vectors_are_refused_by_name(layers, context):
    with pytest.raises(layers.PluginError, match="'points' is not a raster layer"):
        layers.series_items([QgsVectorLayer("Point?crs=EPSG:4326", "points", "memory")], context)
    with pytest.raises(layers.PluginError, match="'tiles' comes from the 'wms' provider"):
        layers.gdal_path(QgsRasterLayer("type=xyz&url=file:///none/{z}/{x}/{y}.png", "tiles", "wms"))
    with pytest.raises(layers.PluginError, match=r"'/nowhere/a\.tif' is neither a layer"):
        layers.series_items(["/nowhere/a.tif"], context)


def test_a_layers_day_is_its_date(layers, series):
    assert layers.layer_date(dated(series[0], "2020-02-03T00:00:00Z", "2020-02-03T23:59:59Z")) == "2020-02-03"
    assert layers.layer_date(dated(series[0], "2020-02-01T00:00:00Z", "2020-03-01T00:00:00Z")) == ""
    assert layers.layer_date(QgsRasterLayer(series[0], "plain")) == ""


def test_the_table_wins_over_the_temporal_range(layers, context, series):
    first = dated(series[0], "2020-02-03T10:00:00Z", "2020-02-03T10:00:00Z")
    items = layers.series_items([first, *series[1:]], context)
    assert layers.dates_of(items, []) == {series[0]: "2020-02-03"}
    rows = ["dated", "2020-05-01", "s2_2021-04-18", "2020-06-01", "3", "2020-07-01", "", ""]
    assert layers.dates_of(items, rows) == {series[0]: "2020-05-01", series[1]: "2020-06-01", series[2]: "2020-07-01"}
    with pytest.raises(layers.PluginError, match="names 'june', which is not in the series"):
        layers.dates_of(items, ["june", "2020-06-01"])
    with pytest.raises(layers.PluginError, match="'1 May' is not a date"):
        layers.dates_of(items, ["1", "1 May"])


def test_positions_in_a_stack_are_passed_on(layers, context, series):
    items = layers.series_items([series[0]], context)
    assert layers.dates_of(items, ["1", "2020-05-01", "2", "2020-06-01"]) == {"1": "2020-05-01", "2": "2020-06-01"}
    # as qgis_process gives them
    assert layers.dates_of(items, [1.0, "2020-05-01", 2.0, "2020-06-01"]) == {"1": "2020-05-01", "2": "2020-06-01"}


def test_texts(layers):
    assert layers.parse_bands("B02=2, b03 = 3;B8A:9") == {"B02": 2, "B03": 3, "B8A": 9}
    assert layers.parse_bands("") == {}
    assert layers.parse_targets("") == []
    assert layers.parse_targets("2021-05-01T10:00, 2021-06-01,2021-05-01") == ["2021-05-01", "2021-06-01"]
    assert layers.parse_targets(" All ") == ["all"]
    for text in ("B02", "B02=x", "red=1", "B02=0"):
        with pytest.raises(layers.PluginError, match="does not say which band"):
            layers.parse_bands(text)
    with pytest.raises(layers.PluginError, match="'tomorrow' is not a date"):
        layers.parse_targets("tomorrow")


def test_masks_go_with_their_rasters(layers, context, series):
    items = layers.series_items(series[:2], context)
    masks = layers.series_items(series[2:], context)
    assert layers.masks_of(items, masks) == {series[0]: series[2], series[1]: series[3]}
    assert layers.masks_of(items, masks[:1]) == {"": series[2]}
    with pytest.raises(layers.PluginError, match="3 masks for 2 rasters"):
        layers.masks_of(items, masks + masks[:1])


def test_masks_of_a_folder_or_a_stack_go_by_their_dates(layers):
    item, one = [layers.SeriesItem("images", "/images")], layers.SeriesItem
    masks = [one("clear", "/m/clear_20210418.tif"), one("SCL 2021-04-03", "/m/a.tif"), one("b", "/m/b.tif", "2021-05-08")]
    by_date = {"2021-04-18": "/m/clear_20210418.tif", "2021-04-03": "/m/a.tif", "2021-05-08": "/m/b.tif"}
    assert layers.masks_of(item, masks) == by_date and layers.masks_of(item, masks[:1]) == {"": "/m/clear_20210418.tif"}
    with pytest.raises(layers.PluginError, match="Nothing says the date of the mask 'c'"):
        layers.masks_of(item, [*masks, one("c", "/m/c.tif")])
    with pytest.raises(layers.PluginError, match="Two masks are of 2021-04-18"):
        layers.masks_of(item, [*masks, masks[0]])
