"""A series of SAFE products, zipped ones, or one folder a date: its table, its grid, previews, areas, and single products as input."""

import json
import os
from pathlib import Path

import pytest
from panel import LONG, cells, click, finished, type_date
from products import contents, write_bands_by_date, write_products
from qgis import processing
from qgis.core import QgsProcessingException, QgsProject, QgsRasterLayer
from rasters import DATES, HEIGHT, WIDTH, read, write_series

ALGORITHM = "sitsr:superresolvetimeseries"
EXTENT = "430100,430200,4649800,4649900 [EPSG:32631]"
TWICE = "2021-04-03{} is given twice: {} and {}. Keep one of them, or correct the date of the other."


def write_layout(kind, folder, dates=DATES[:2]):
    """A series of this kind below the folder."""
    if kind == "folders":
        return write_bands_by_date(folder, dates)
    return write_products(folder, dates, zipped=kind == "zips")


@pytest.fixture(params=["products", "zips", "folders"])
def layout(request, tmp_path):
    """A folder of two dates, and what each of them lies in."""
    return tmp_path / "series", write_layout(request.param, tmp_path / "series")


def choose_folder(dock, folder, qtbot):
    """The panel with a folder that the worker has looked at."""
    dock.series.source.kind.setCurrentIndex(1)
    dock.series.source.folder.setFilePath(str(folder))
    qtbot.waitUntil(lambda: bool(dock.series.report or dock.series.error), timeout=LONG)
    return dock.series


def test_a_product_is_one_item(sitsr, tmp_path):
    from sitsr.sitsr_plugin.core.series_rows import folder_items, unchecked_rows

    products = write_products(tmp_path / "plain", DATES[:2])
    archives = write_products(tmp_path / "zips", DATES[2:], zipped=True)
    for name in ("shapes.zip", "S2B_MSIL1C_20210101.zip", "x.SAFE.zip"):
        (tmp_path / name).touch()
    items = folder_items(str(tmp_path))
    assert sorted(item.path for item in items) == sorted(
        [*products, *archives, str(tmp_path / "S2B_MSIL1C_20210101.zip"), str(tmp_path / "x.SAFE.zip")]
    )
    keys = {row.path: row.keys for row in unchecked_rows(items, {}, by_path=False)}
    assert keys[products[0]] == (os.path.basename(products[0]),)
    assert keys[archives[0]] == (os.path.basename(archives[0])[:-4] + ".SAFE",)
    # the product itself, or a folder in it, may be chosen
    for place in (products[0], os.path.join(products[0], "GRANULE")):
        assert [(item.name, item.path) for item in folder_items(place)] == [(os.path.basename(products[0]), place)]
    renamed = Path(products[0]).rename(tmp_path / "renamed")
    assert [item.name for item in folder_items(str(renamed))] == ["renamed"]
    assert folder_items("") == []


def test_the_grid_is_that_of_a_band_of_10_m(sitsr, layout):
    from sitsr.sitsr_plugin.core.series_grid import first_raster, grid_layer

    folder, dates = layout
    before = contents(folder)
    for path in (str(folder), *dates):
        raster = first_raster([path])
        assert (raster.crs().authid(), raster.width(), raster.height()) == ("EPSG:32631", WIDTH, HEIGHT)
    assert "20210403" in first_raster(dates[::-1]).source().replace("-", "")
    metadata = next(folder.rglob("MTD_MSIL2A.xml"), None)
    assert metadata is None or first_raster([str(metadata)]).width() == WIDTH
    assert grid_layer({"grid": {"source": raster.source()}}, []).source() == raster.source()
    assert grid_layer({}, [str(folder)]).width() == WIDTH
    assert contents(folder) == before


def test_nothing_to_take_the_grid_from(sitsr, tmp_path):
    from sitsr.sitsr_plugin.core.series_grid import first_raster

    (tmp_path / "S2A_MSIL2A_20210101.zip").write_bytes(b"PK, but cut short")
    (tmp_path / "X.SAFE").mkdir()
    assert first_raster([str(tmp_path)]) is None


@pytest.mark.usefixtures("python")
def test_the_panel_previews_a_part_and_leaves_the_files_alone(dock, layout, qtbot):
    folder, _ = layout
    before = contents(folder)
    series = choose_folder(dock, folder, qtbot)
    assert series.error == "" and cells(dock, "Date") == list(DATES[:2])
    assert all(row.path and row.keys for row in series.model.rows)
    assert dock.bar.run.isEnabled() and f"{4 * WIDTH} x {4 * HEIGHT} pixels" in dock.bar.estimate.text()
    click(dock.bar.preview, qtbot)
    finished(dock, qtbot)
    window = dock.preview.window
    assert window is not None, dock.bar.status.text()
    source, output = window.layers
    assert (source.width(), output.width()) == (WIDTH, 4 * WIDTH) and source.extent() == output.extent()
    from sitsr.sitsr_plugin.core.read_raster import ReadRaster

    bands = series.report["dates"][-1]["sources"]
    place = source.extent().center()
    expected = [ReadRaster(bands[role][0]).dataProvider().sample(place, 1) for role in ("B04", "B03", "B02")]
    assert [source.dataProvider().sample(place, band) for band in (1, 2, 3)] == expected
    dock.preview.close_window()
    assert contents(folder) == before


@pytest.mark.usefixtures("python")
def test_a_date_typed_for_a_product_is_its_date(dock, layout, qtbot):
    folder, _ = layout
    series = choose_folder(dock, folder, qtbot)
    assert type_date(dock, 1, "2021-04-20")
    # the project keeps it
    assert set(dock.settings().given.values()) == {"2021-04-20"}
    qtbot.waitUntil(lambda: bool(series.report or series.error), timeout=LONG)
    assert series.error == "" and cells(dock, "Date") == [DATES[0], "2021-04-20"]
    assert [text == "typed" for text in cells(dock, "Date from")] == [False, True]


@pytest.mark.usefixtures("python")
def test_two_tiles_of_one_day_are_marked(dock, tmp_path, qtbot):
    write_products(tmp_path / "series", DATES[:2])
    write_products(tmp_path / "series", DATES[:1], tile="T31TCG", zipped=True)
    series = choose_folder(dock, tmp_path / "series", qtbot)
    assert "2021-04-03 is given twice" in series.error
    assert {row.name.split("_")[5]: row.status for row in series.model.rows if "20210403" in row.name} == {
        "T31TDG": "wrong",
        "T31TCG": "wrong",
    }
    assert cells(dock, "Status").count("see below") == 2
    # their long names do not make the panel wider
    assert dock.series.notes.minimumSizeHint().width() < dock.series.notes.fontMetrics().averageCharWidth() * 40
    assert [fix.text.startswith("Set the date of S2A_MSIL2A_20210403") for fix in series.fixes()] == [True, True]


def test_an_error_marks_products_by_their_bands_and_files_by_their_paths(sitsr):
    from sitsr.sitsr_plugin.core.series_rows import SeriesRow, blamed_rows

    names = [f"S2A_MSIL2A_{day}T105031_N0301_R051_{tile}_{day}T134512.SAFE" for day, tile in (
        ("20210403", "T31TDG"), ("20210418", "T31TCG"), ("20210508", "T31TDG"),
    )]  # fmt: skip
    rows = [SeriesRow(name, (name,), path=f"/data/{name}") for name in names]

    def marked(rows, message):
        return [row.status == "wrong" for row in blamed_rows(rows, message)]

    grids = "The rasters do not share one grid: T31TDG_20210403T105031_B02_10m.jp2 and T31TCG_20210418T105031_B02_10m.jp2 differ in place."
    assert marked(rows, grids) == [True, True, False]
    assert marked(rows, TWICE.format("", names[0], names[2])) == [True, False, True]
    zips = [SeriesRow(f"{name[:-5]}.zip", (name,), path=f"/data/{name[:-5]}.zip") for name in names]
    assert marked(zips, TWICE.format("", names[0], names[2])) == [True, False, True]
    assert marked(zips, f"'{names[1][:-5]}.zip' is not an archive that can be read.") == [False, True, False]
    # of one name: the worker says the paths
    alike = [SeriesRow("B02.tif", (path,), path=path) for path in (f"/data/{date}/B02.tif" for date in DATES[:3])]
    assert marked(alike, TWICE.format(" (B02)", alike[0].path, alike[2].path)) == [True, False, True]
    assert marked(alike, "'B02.tif' is damaged or cut short: rows 0 to 9 cannot be read.") == [True, True, True]
    part = [SeriesRow("a.tif", ("/data/a.tif",), path="/data/a.tif"), SeriesRow("ba.tif", ("/data/ba.tif",), path="/data/ba.tif")]
    assert marked(part, "'ba.tif' is not a raster that can be read.") == [False, True]


def test_a_product_without_all_its_bands_is_called_by_its_files(sitsr, tmp_path):
    from sitsr.sitsr_plugin.core.series_rows import checked_rows, folder_items, known_dates

    [product] = write_products(tmp_path, DATES[:1])
    bands = sorted(str(path) for path in Path(product).rglob("*_B0[234]_10m.jp2"))
    found = {
        "name": "T31TDG_20210403T105031", "date": DATES[0], "date_source": "file name", "clear_percent": 100.0, "scale": 1e-4,
        "offset": 0.0, "shift": [0, 0], "shift_known": True, "status": "ok", "sources": {path[-11:-8]: [path, 1] for path in bands},
    }  # fmt: skip
    report = {"dates": [found], "band_sources": {found["name"]: "names of the files or variables"}}
    items = folder_items(str(tmp_path))
    [row] = checked_rows(report, items, by_path=False)
    assert row.keys == tuple(map(os.path.basename, bands)) and row.path == product
    given = dict.fromkeys((*row.keys, "gone.jp2"), "2021-01-01")
    assert known_dates(given, items, by_path=False) == dict.fromkeys(row.keys, "2021-01-01")


def test_names_in_archives_and_paths_in_folders_may_be_dated(sitsr, tmp_path):
    from sitsr.sitsr_plugin.core.layers import SeriesItem, dates_of

    [archive] = write_products(tmp_path / "zips", DATES[:1], zipped=True)
    [day] = write_bands_by_date(tmp_path / "days", DATES[:1])
    product, path = os.path.basename(archive)[:-4] + ".SAFE", os.path.join(day, "B02.tif")
    for place in (str(tmp_path), os.path.dirname(archive), archive):
        assert dates_of([SeriesItem("series", place)], [product, "2021-01-01"]) == {product: "2021-01-01"}
    assert dates_of([SeriesItem("series", str(tmp_path))], [path, "2021-01-01"]) == {path: "2021-01-01"}
    for who in (path, str(tmp_path / "gone.tif"), "gone"):
        with pytest.raises(Exception, match="which is not in the series"):
            dates_of([SeriesItem("series", os.path.dirname(archive))], [who, "2021-01-01"])


@pytest.mark.usefixtures("plugin", "python", "project")
def test_the_algorithm_takes_an_area_of_a_folder(layout, folder):
    source, _ = layout
    processing.run(ALGORITHM, {"FOLDER": str(source), "EXTENT": EXTENT, "OUTPUT": str(folder / "part.tif")})
    fine, transform, _ = read(folder / "part.tif")
    assert fine.shape == (4, 40, 40) and (transform[0], transform[3]) == (430100.0, 4649900.0)


@pytest.mark.usefixtures("plugin", "python", "project")
def test_the_algorithm_takes_products_as_they_are_found(tmp_path, folder):
    """A product's metadata file, a zipped one, a product's folder, and a raster, together."""
    kinds = zip(DATES, ("metadata", "zip", "folder", "raster"), strict=True)
    given = []
    for date, kind in kinds:
        place = tmp_path / kind
        place.mkdir()
        [path] = write_series(place, [date]) if kind == "raster" else write_products(place, [date], zipped=kind == "zip")
        given.append(os.path.join(path, "MTD_MSIL2A.xml") if kind == "metadata" else path)
    before = contents(tmp_path)
    dates = ["1", "2021-03-01", os.path.basename(given[1]), "2021-03-02", os.path.basename(given[2]), "2021-03-03"]
    wanted = {"TARGET": "2021-03-02", "EXTENT": EXTENT, "OUTPUT": str(folder / "out.tif")}
    results = processing.run(ALGORITHM, {"INPUT": given, "DATES": dates, **wanted})
    assert results["DATES_USED"] == f"2021-03-01,2021-03-02,2021-03-03,{DATES[3]}"
    assert json.loads((folder / "out.tif.job.json").read_text())["inputs"] == given
    assert {path for path in contents(tmp_path) if path not in before} <= {f"{given[3]}.aux.xml", *contents(folder)}
    (tmp_path / "text.txt").write_text("no raster")
    with pytest.raises(QgsProcessingException, match=r"text\.txt. cannot be read as a raster"):
        processing.run(ALGORITHM, {"INPUT": [*given, str(tmp_path / "text.txt")], "OUTPUT": str(folder / "x.tif")})


@pytest.mark.usefixtures("plugin", "python")
def test_layers_of_the_folder_give_their_stretch(series, folder, project, tmp_path):
    from sitsr.sitsr_plugin.core.layers import layers_below
    from sitsr.sitsr_plugin.core.style import apply_stretch, stretch_on_screen
    from sitsr.sitsr_plugin.core.temporal import PRODUCT

    layer, result, stranger = (QgsRasterLayer(path, path) for path in (*series[:2], write_series(tmp_path, DATES[:1])[0]))
    result.setCustomProperty(PRODUCT, True)
    project.addMapLayers([layer, result, stranger])
    seen = [(50.0, 2500.0), (60.0, 2600.0), (70.0, 2700.0)]
    for one, stretch in ((layer, seen), (result, [(0.0, 1.0)] * 3), (stranger, [(0.0, 2.0)] * 3)):
        apply_stretch(one, "image", stretch)
    source = os.path.dirname(series[0])
    assert layers_below(source, project) == [layer]
    assert layers_below(source, None) == [] and layers_below(source, QgsProject()) == []
    processing.run(ALGORITHM, {"FOLDER": source, "EXTENT": EXTENT, "OUTPUT": str(folder / "styled.tif")})
    assert stretch_on_screen(QgsRasterLayer(str(folder / "styled.tif"), "fine")) == seen
