"""The temporal profile: what it reads, what it shows, and that a click on the map is enough."""

import csv
import io

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsPointXY, QgsRasterLayer
from qgis.PyQt.QtCore import QEvent, QPoint, QPointF, Qt
from qgis.PyQt.QtGui import QColor, QMouseEvent, QPalette
from rasters import BANDS, DATES, write_raster

UTM = QgsCoordinateReferenceSystem("EPSG:32631")
# the third pixel of the second row; in results four times finer
PLACE = QgsPointXY(430025, 4649985)
TRUTH = {"B02": 0.05, "B03": 0.07, "B04": 0.06, "B08": 0.30}


def raster(path, numbers, pixel=10.0, tags=(), nodata=None, size=8, dtype="uint16", descriptions=BANDS):
    """A flat image with these numbers in its bands, in tags what is given. Returns the path."""
    array = np.array(numbers, dtype)[:, None, None] * np.ones((1, size, size), dtype)
    write_raster(path, array, descriptions, nodata, pixel=pixel)
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.SetMetadata(dict(tags))
    dataset.FlushCache()
    return str(path)


def result_tags(date, used, offset=-0.1, inputs=()):
    """What the worker writes in a result, as far as the profile reads it."""
    quoted = [f'"{one}"' for one in used]
    names = ", ".join(f'"{one}"' for one in inputs)
    return {
        "ACQUISITIONDATETIME": date,
        "SITSR_MODEL": "small",
        "SITSR_SCALING": f"[0.0001, {offset}]",
        "SITSR_DATES_USED": f"[{', '.join(quoted)}]",
        "SITSR_INPUTS": f"[{names}]",
        "SITSR_INPUT_SCALINGS": f"[{', '.join(f'[0.0001, {offset}]' for _ in inputs)}]",
    }


@pytest.fixture
def dated(project, tmp_path):
    """Layers: three inputs (the second is cloudy, the third without data) and results of the first two dates, with the offset of -0.1."""
    numbers = [round(1e4 * (value + 0.1)) for value in TRUTH.values()]
    paths = [
        raster(tmp_path / f"s2_{DATES[0]}.tif", numbers),
        raster(tmp_path / f"s2_{DATES[1]}.tif", [9000] * 4),
        raster(tmp_path / f"s2_{DATES[2]}.tif", [0] * 4, nodata=0),
    ]
    used = [DATES[0]]
    for date in DATES[:2]:
        tags = result_tags(date, used, inputs=[f"s2_{DATES[0]}.tif"])
        paths.append(raster(tmp_path / f"fine_{date}.tif", [one + 100 for one in numbers], 2.5, tags, size=32))
    project.addMapLayers([QgsRasterLayer(path, f"layer {number}") for number, path in enumerate(paths)])
    return project


def profile_of(project, point=PLACE, report=None, crs=UTM):
    from sitsr.sitsr_plugin.core.profile import read_profile
    from sitsr.sitsr_plugin.core.profile_sources import OpenedRasters, find_sources

    return read_profile(find_sources(project, report or {}, OpenedRasters()), point, crs, project)


@pytest.mark.usefixtures("sitsr")
def test_both_sides_are_read_as_reflectance_and_gaps_say_why(dated):
    profile = profile_of(dated)
    assert profile.message == "" and profile.dates() == list(DATES[:3])
    assert profile.inputs[0].values == pytest.approx({**TRUTH, "NDVI": 0.24 / 0.36}, abs=1e-6)
    assert profile.outputs[0].values["B02"] == pytest.approx(0.06, abs=1e-6)
    assert [one.gap for one in profile.inputs] == ["", "cloudy", "no data"]
    assert [one.date for one in profile.outputs] == list(DATES[:2]) and not any(one.gap for one in profile.outputs)
    assert profile.quantities() == [*BANDS, "NDVI"] and profile.notes == ()


@pytest.mark.usefixtures("sitsr")
def test_the_place_may_be_in_the_maps_crs(dated):
    from qgis.core import QgsCoordinateTransform

    degrees = QgsCoordinateReferenceSystem("EPSG:4326")
    there = QgsCoordinateTransform(UTM, degrees, dated).transform(PLACE)
    assert profile_of(dated, there, crs=degrees).inputs[0].values["B04"] == pytest.approx(0.06, abs=1e-6)


@pytest.mark.usefixtures("sitsr")
def test_scale_tags_are_applied_once(project, tmp_path):
    path = raster(tmp_path / f"s2_{DATES[0]}.tif", [1500] * 4, tags=result_tags(DATES[0], [DATES[0]]))
    dataset = gdal.Open(path, gdal.GA_Update)
    for number in range(1, 5):
        dataset.GetRasterBand(number).SetScale(1e-4)
        dataset.GetRasterBand(number).SetOffset(-0.1)
    dataset = None
    project.addMapLayer(QgsRasterLayer(path, "tagged"))
    [one] = profile_of(project).outputs
    assert one.values["B03"] == pytest.approx(0.05, abs=1e-6)


@pytest.mark.usefixtures("sitsr")
def test_the_panels_report_is_believed(project, tmp_path):
    """One file a band, a mask, a cloudy and a partly cloudy date, scales that no file says."""
    names = {role: raster(tmp_path / f"{role}.tif", [800], descriptions=()) for role in BANDS[:3]}
    masks = [raster(tmp_path / f"mask{number}.tif", [number], dtype="uint8", descriptions=()) for number in (4, 9)]
    row = {
        "name": "a date", "scale": 2e-4, "offset": 0.0, "status": "ok", "mask": None, "mask_kind": "estimated",
        "sources": {role: [path, 1] for role, path in names.items()},
    }  # fmt: skip
    report = {
        "dates": [
            {**row, "date": "2021-01-01", "mask": [masks[0], 1], "mask_kind": "scl"},
            {**row, "date": "2021-01-02", "mask": [masks[1], 1], "mask_kind": "scl"},
            {**row, "date": "2021-01-03", "status": "cloudy"},
            {**row, "date": "2021-01-04", "status": "partly cloudy"},
            {**row, "date": "2021-01-05", "sources": {}},
        ]
    }
    profile = profile_of(project, report=report)
    assert [(one.date[-1], one.gap, one.doubtful) for one in profile.inputs] == [
        ("1", "", False), ("2", "cloudy", False), ("3", "cloudy", False), ("4", "", True),
    ]  # fmt: skip
    assert profile.inputs[0].values == pytest.approx(dict.fromkeys(BANDS[:3], 0.16))


@pytest.mark.usefixtures("sitsr")
def test_a_reference_or_another_kind_is_no_input(dated, tmp_path):
    raster(tmp_path / "truth_2021-04-03.tif", [9000] * 4, 2.5, size=32)
    raster(tmp_path / "undated.tif", [9000] * 4)
    tags = {"SITSR_MODEL": "small", "ACQUISITIONDATETIME": DATES[0]}
    raster(tmp_path / "std.tif", [1] * 4, 2.5, tags, size=32, descriptions=[f"{band} standard deviation (reflectance)" for band in BANDS])
    before = profile_of(dated)
    dated.addMapLayers([QgsRasterLayer(str(tmp_path / name), name) for name in ("truth_2021-04-03.tif", "undated.tif", "std.tif")])
    assert profile_of(dated) == before


@pytest.mark.usefixtures("sitsr")
def test_an_unknown_scale_is_said(project, tmp_path):
    project.addMapLayer(QgsRasterLayer(raster(tmp_path / "s2_20210403T105031.tif", [800] * 4), "x"))
    profile = profile_of(project)
    assert [one.date for one in profile.inputs] == ["2021-04-03"]
    assert "Reflectance of one input date is taken as value / 10000" in profile.notes[0]


@pytest.mark.usefixtures("sitsr")
def test_nothing_to_plot_is_said(dated, tmp_path):
    assert "None of the 3 dated rasters" in profile_of(dated, QgsPointXY(0, 0)).message.replace("5", "3")
    dated.clear()
    dated.addMapLayer(QgsRasterLayer(str(tmp_path / f"s2_{DATES[0]}.tif"), "alone"))
    assert profile_of(dated, QgsPointXY(0, 0)).message == "The only dated raster does not cover this place. Click on it."
    dated.clear()
    assert "No raster with a date is in the project" in profile_of(dated).message
    dated.addMapLayer(QgsRasterLayer(raster(tmp_path / "empty_2021-04-03.tif", [0] * 4, nodata=0), "empty"))
    assert "no clear data on any date" in profile_of(dated).message


@pytest.fixture
def clicked(plugin, iface, dated, qtbot):
    """The window after a click on the map."""
    iface.canvas.setDestinationCrs(UTM)
    plugin.profile_action.trigger()
    assert iface.canvas.mapTool() is plugin.profile.tool and plugin.profile_action.isChecked()
    assert "Click on the map" in plugin.profile.dock.plot.hint and plugin.profile.dock.plot.profile is None
    iface.canvas.resize(200, 200)
    iface.canvas.setExtent(dated.mapLayersByName("layer 0")[0].extent())
    place = iface.canvas.mapSettings().mapToPixel().transform(PLACE)
    qtbot.mouseClick(iface.canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(round(place.x()), round(place.y())))
    yield plugin.profile
    plugin.unload()
    plugin.initGui()


def test_a_click_on_the_map_fills_the_window(clicked, iface, dated, qtbot):
    dock = clicked.dock
    assert dock.plot.profile is not None and dock.plot.profile.inputs[0].values["B08"] == pytest.approx(0.3)
    assert "EPSG:32631): 1 input date, 2 super-resolved dates." in dock.notes.text()
    assert clicked.marker is not None
    dock.copy.click()
    rows = list(csv.DictReader(io.StringIO(QgsApplication.clipboard().text())))
    assert [(row["date"], row["side"], row["note"]) for row in rows] == [
        (DATES[0], "input", ""), (DATES[0], "super-resolved", ""), (DATES[1], "input", "cloudy"), (DATES[1], "super-resolved", ""),
        (DATES[2], "input", "no data"),
    ]  # fmt: skip
    assert rows[0]["B08"] == "0.30000" and rows[2]["B08"] == "" and rows[0]["crs"] == "EPSG:32631"
    # what leaves the project leaves the plot
    dated.removeMapLayer(dated.mapLayersByName("layer 3")[0].id())
    qtbot.waitUntil(lambda: len(dock.plot.profile.outputs) == 1)


def test_the_table_is_saved_whole_or_a_sentence_is_said(clicked, tmp_path, monkeypatch):
    from qgis.PyQt.QtWidgets import QFileDialog

    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "values"), ""))
    clicked.dock.save.click()
    assert (tmp_path / "values.csv").read_text().startswith("date,side,B02,B03,B04,B08,NDVI,note")
    clicked.dock.write(str(tmp_path / "nowhere" / "values.csv"))
    assert "values.csv' cannot be written" in clicked.dock.notes.text()


def colours_of(widget):
    """The colours in a picture of a widget."""
    image = widget.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(0, image.height(), 2)}


@pytest.mark.parametrize(
    ("ground", "text"), [("#ffffff", "#000000"), ("#222222", "#111111"), ("#000000", "#ffffff"), ("#eeeeee", "#dddddd")]
)
def test_texts_can_be_told_from_any_ground(sitsr, ground, text):
    """QGIS's dark themes leave the palette's text dark."""
    from sitsr.sitsr_plugin.gui.profile_colours import text_colour

    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Base, QColor(ground))
    palette.setColor(QPalette.ColorRole.Text, QColor(text))
    assert abs(text_colour(palette).lightness() - QColor(ground).lightness()) > 90


@pytest.mark.parametrize("dark", [False, True])
def test_the_plot_shows_the_bands_and_reads_out_a_date(clicked, qtbot, dark, tmp_path):
    from sitsr.sitsr_plugin.gui.profile_colours import colour

    plot = clicked.dock.plot
    if dark:
        palette = QPalette(plot.palette())
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.black)
        palette.setColor(QPalette.ColorRole.Text, Qt.GlobalColor.white)
        plot.setPalette(palette)
    clicked.dock.setFloating(True)
    clicked.dock.resize(760, 520)
    colours_of(clicked.dock)  # lays it out
    inks = {name: colour(name, plot.palette()).name() for name in (*BANDS, "NDVI")}
    assert set(inks.values()) <= colours_of(plot)
    clicked.dock.boxes["B08"].click()
    assert inks["B08"] not in colours_of(plot) and inks["B04"] in colours_of(plot)
    place = QPointF(plot.x(DATES[1], plot.fields()[0].box) + 3, 200)
    QgsApplication.sendEvent(
        plot,
        QMouseEvent(QEvent.Type.MouseMove, place, Qt.MouseButton.NoButton, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier),
    )
    assert plot.date == DATES[1]
    head, *rows = plot.readout()
    assert head[0] == DATES[1] and rows[-1][0] == "Input: cloudy" and rows[0][1:3] == ("–", "0.0600")
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert plot.date == DATES[2]
    path = tmp_path / "profile.png"
    assert clicked.dock.grab().save(str(path))
    print(path)


def test_another_tool_or_a_closed_window_ends_it(clicked, plugin, iface):
    from qgis.gui import QgsMapToolPan

    pan = QgsMapToolPan(iface.canvas)
    iface.canvas.setMapTool(pan)
    assert not plugin.profile_action.isChecked()
    plugin.profile_action.trigger()
    assert plugin.profile_action.isChecked()
    plugin.profile_action.trigger()
    assert iface.canvas.mapTool() is None
    plugin.profile_action.trigger()
    iface.window.show()
    clicked.dock.close()
    assert not plugin.profile_action.isChecked() and clicked.marker is None


@pytest.mark.usefixtures("sitsr")
def test_ticks_are_round_and_few():
    import datetime

    from sitsr.sitsr_plugin.core.plot_scale import date_ticks, number_ticks, padded

    assert number_ticks(0.03, 0.31, 5) == [0.1, 0.2, 0.3]
    assert number_ticks(-0.5, 0.9, 4) == [-0.5, 0.0, 0.5]
    assert padded([0.2, 0.2], 0.1) == pytest.approx((0.15, 0.25))
    day = datetime.date
    assert [label for _, label in date_ticks(day(2020, 1, 13), day(2022, 6, 1), 6)] == ["2020-07", "2021-01", "2021-07", "2022-01"]
    assert [label for _, label in date_ticks(day(2020, 1, 1), day(2020, 1, 5), 3)] == ["2020-01-01", "2020-01-03", "2020-01-05"]
    for most in (1, 2, 5, 9):
        for days in (1, 40, 120, 800, 9000):
            ticks = date_ticks(day(2000, 2, 3), day(2000, 2, 3) + datetime.timedelta(days), most)
            assert 1 <= len(ticks) <= most + 1
