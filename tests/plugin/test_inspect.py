"""``sitsr:inspectseries`` with the real worker."""

import json
import os

import numpy as np
import pytest
from qgis import processing
from qgis.core import QgsProcessingException
from rasters import BANDS, DATES, HEIGHT, WIDTH, pack, read, write_raster

pytestmark = pytest.mark.usefixtures("plugin", "python", "project")


def test_the_report_has_every_date(series, folder):
    page, data = folder / "report.html", folder / "report.json"
    results = processing.run("sitsr:inspectseries", {"INPUT": series, "OUTPUT": str(page), "OUTPUT_JSON": str(data)})
    assert (results["DATE_COUNT"], results["FIRST_DATE"], results["LAST_DATE"]) == (4, DATES[0], DATES[-1])
    assert 0 <= results["CLEAR_PERCENT"] <= 100
    report = json.loads(data.read_text(encoding="utf-8"))
    assert [date["date"] for date in report["dates"]] == list(DATES)
    assert len(report["warnings"]) == results["WARNING_COUNT"]
    text = page.read_text(encoding="utf-8")
    for date in DATES:
        assert date in text
    assert text.count('<img alt="2021') == 4 and text.count("data:image/png;base64,") == 4 and len(text) < 4 * 40_000
    assert not any("quicklook" in date for date in report["dates"])
    assert "EPSG:32631" in text and "B02, B03, B04, B08" in text


def test_masks_of_a_folder_and_of_a_stack(series, folder, tmp_path):
    """Two dates of the folder are half masked, one mask serves all of the stack."""
    half = np.ones((1, HEIGHT, WIDTH), "uint8")
    half[:, :, : WIDTH // 2] = 0
    masks = [str(tmp_path / f"clear_{date}.tif") for date in DATES[:2]]
    for path in masks:
        write_raster(path, half)
    given = {"FOLDER": os.path.dirname(series[0]), "MASKS": masks, "OUTPUT_JSON": str(folder / "report.json")}
    processing.run("sitsr:inspectseries", given)
    assert [date["clear_percent"] for date in json.loads((folder / "report.json").read_text())["dates"]] == [50.0, 50.0, 100.0, 100.0]
    stack = str(tmp_path / "stack.tif")
    write_raster(stack, np.concatenate([read(path)[0] for path in series[:2]]), BANDS * 2)
    dates = [text for number, date in enumerate(DATES[:2], 1) for text in (str(number), date)]
    for some in (masks, masks[:1]):
        processing.run("sitsr:inspectseries", {**given, "FOLDER": None, "INPUT": [stack], "DATES": dates, "MASKS": some})
        assert [date["clear_percent"] for date in json.loads((folder / "report.json").read_text())["dates"]] == [50.0, 50.0]


def test_texts_that_only_gdal_opens(series, folder, tmp_path):
    """Rasters and masks in an archive, and a subdataset, as batch mode and scripts give them."""
    masks = [str(tmp_path / f"clear_{date}.tif") for date in DATES]
    for path in masks:
        write_raster(path, np.ones((1, HEIGHT, WIDTH), "uint8"))
    packed, covers = pack(tmp_path / "series.zip", series), pack(tmp_path / "masks.zip", masks)
    packed[1] = f"GTIFF_DIR:1:{series[1]}"
    given = {"INPUT": packed, "MASKS": covers, "OUTPUT_JSON": str(folder / "report.json")}
    processing.run("sitsr:inspectseries", given)
    assert [date["clear_percent"] for date in json.loads((folder / "report.json").read_text())["dates"]] == [100.0] * 4
    missing = f"/vsizip/{tmp_path}/series.zip/absent_2021-01-01.tif"
    with pytest.raises(QgsProcessingException, match=r"'.*absent_2021-01-01\.tif' is not a raster that can be read"):
        processing.run("sitsr:inspectseries", {**given, "INPUT": [*packed, missing], "MASKS": []})


def test_pictures_are_made_for_the_page_alone(series, folder, monkeypatch):
    """The panel asks for the report as JSON only, whenever the series changes."""
    from sitsr.sitsr_plugin.algorithms.inspectseries import InspectSeries

    asked = []
    monkeypatch.setattr(InspectSeries, "compute", lambda self, job, *_: asked.append(job["quicklooks"]) or {"dates": []})
    processing.run("sitsr:inspectseries", {"INPUT": series, "OUTPUT_JSON": str(folder / "report.json")})
    processing.run("sitsr:inspectseries", {"INPUT": series, "OUTPUT": str(folder / "report.html")})
    assert asked == [False, True]


def test_pictures_say_what_their_marks_mean(sitsr):
    from sitsr.sitsr_plugin.algorithms.report import gallery

    date = {"date": "2021-01-01", "quicklook": "AAAA", "mask_kind": "estimated", "status": "ok"}
    assert gallery({"dates": [{"date": "2021-01-01"}]}) == ""
    assert "times larger" not in gallery({"dates": [date], "thinning": 1.0})
    page = gallery({"dates": [date], "thinning": 13.725})
    assert "Magenta" in page and "13.7 times larger" in page and page.count("<img") == 1
    assert "times larger" not in gallery({"dates": [{**date, "mask_kind": "scl"}], "thinning": 13.725})


def test_names_cannot_put_markup_into_the_page(sitsr):
    from sitsr.sitsr_plugin.algorithms.report import html_report

    report = {
        "dates": [{"name": "<script>alert(1)</script>", "date": "2021-01-01", "shift": [0.1, 0.2], "shift_known": True}],
        "warnings": ["a < b"],
    }
    page = html_report(report)
    assert "<script>" not in page and "&lt;script&gt;" in page and "a &lt; b" in page
    assert "+0.10 +0.20" in page
