"""What a series looks like before a run: the table the user checks, as data and as text."""

import dataclasses
from collections.abc import Mapping
from html import escape
from typing import Any

from sitsr_core.errors import InputError
from sitsr_core.inference.events import Listener, StopQuestion
from sitsr_core.job import SuperResolutionJob
from sitsr_core.series.acquisition import Acquisition
from sitsr_core.series.image_series import ImageSeries
from sitsr_core.series.preflight import pixel_size_metres

FIELDS = ("inputs", "dates", "date_table", "bands", "scale", "offset", "masks", "align")


def inspect_series(
    job: SuperResolutionJob | Mapping[str, Any],
    quicklooks: bool = False,
    tell: Listener = lambda _: None,
    should_stop: StopQuestion = lambda: False,
) -> dict[str, Any]:
    """Open a series and say what was found.

    Args:
        job: a job or the same fields as plain values; only what describes the series is looked at, so ``output`` may be empty.
        quicklooks: add a small picture of each date; for them all of the image is looked at.
        tell, should_stop: of the pictures.

    Returns:
        JSON-able report: "dates" (one row a date), "grid", "bands", "band_sources", "dtype", "nodata", "warnings"; with quicklooks each
        date's "quicklook", a PNG in base64, and "thinning": how many times larger than the image's the pixels are on which clouds are
        estimated for them.

    Raises:
        InputError: the files do not make a series; ``Cancelled``.
    """
    values = dataclasses.asdict(job) if isinstance(job, SuperResolutionJob) else dict(job)
    inputs = values.get("inputs")
    if not isinstance(inputs, (list, tuple)):
        raise InputError("No input layers were given.", "Give at least one multispectral raster, or a folder of them.")
    wanted = {name: values[name] for name in FIELDS if values.get(name) is not None and name != "inputs"}
    with ImageSeries.open(list(inputs), **wanted) as series:
        found = report(series)
        if quicklooks:
            from sitsr_core import quicklooks as looks

            found["thinning"] = looks.thinning(series.grid)
            for row, picture in zip(found["dates"], looks.quicklooks(series, tell, should_stop), strict=True):
                row["quicklook"] = picture
        return found


def report(series: ImageSeries) -> dict[str, Any]:
    """The report of an open series; see ``inspect_series``."""
    nodata = series.nodata
    return {
        "dates": date_rows(series),
        "grid": {
            "crs": crs_name(series.grid.crs),
            "width": series.grid.width,
            "height": series.grid.height,
            "pixel_size": list(series.grid.pixel_size),
            "unit": crs_unit(series.grid.crs),
            "pixel_metres": pixel_size_metres(series.grid) if series.grid.crs else None,
            "source": series.grid_source,
        },
        "bands": list(series.bands),
        "band_sources": dict(series.band_sources),
        "dtype": series.dtype,
        "nodata": None if nodata is None else "nan" if nodata != nodata else nodata,
        "warnings": list(series.warnings),
    }


def date_rows(series: ImageSeries) -> list[dict[str, Any]]:
    """One row a date, as in the report."""
    return [_row(one, valid) for one, valid in zip(series.acquisitions, series.valid_fractions, strict=True)]


def _row(one: Acquisition, valid: float) -> dict[str, Any]:
    return {
        "name": one.name,
        "date": one.date.isoformat(),
        "date_source": one.date_source,
        "clear_percent": round(100 * one.clear_fraction, 1),
        "valid_percent": round(100 * valid, 1),
        "scale": one.scale,
        "offset": one.offset,
        "radiometry_source": one.radiometry_source,
        "shift": list(one.shift),
        "shift_known": one.shift_known,
        "mask_kind": one.mask_kind,
        "sources": {role: [source.path, source.band] for role, source in one.bands.items()},
        "mask": [one.mask.path, one.mask.band] if one.mask else None,
        "status": status_of(one, valid),
    }


def status_of(one: Acquisition, valid: float) -> str:
    """One word or two on whether a date is of use: "ok", "partly cloudy", "cloudy", "no data", "shift unknown"."""
    if valid <= 0:
        return "no data"
    share = one.clear_fraction / valid
    if share < 0.1:
        return "cloudy"
    if share < 0.9:
        return "partly cloudy"
    return "ok" if one.shift_known else "shift unknown"


def crs_name(wkt: str) -> str:
    """Short name of a CRS, such as EPSG:32631; the WKT itself where it has none, empty without CRS."""
    from rasterio.crs import CRS

    if not wkt:
        return ""
    authority = CRS.from_wkt(wkt).to_authority()
    return ":".join(authority) if authority else wkt


def crs_unit(wkt: str) -> str:
    """Symbol or name of the unit of a CRS's coordinates; empty without CRS."""
    from rasterio.crs import CRS

    name = CRS.from_wkt(wkt).units_factor[0] if wkt else ""
    return {"metre": "m", "degree": "°"}.get(name, name)


def format_text(report: Mapping[str, Any]) -> str:
    """The report as an aligned table for a terminal."""
    head = ("date", "from", "clear %", "data %", "scale", "offset", "found by", "shift (rows, columns)", "mask", "status", "name")
    rows = [head]
    for one in report["dates"]:
        shift = f"{one['shift'][0]:+.2f} {one['shift'][1]:+.2f}" if one["shift_known"] else "unknown"
        rows.append(
            (
                one["date"], one["date_source"], f"{one['clear_percent']:.1f}", f"{one['valid_percent']:.1f}", f"{one['scale']:.4g}",
                f"{one['offset']:.4g}", one["radiometry_source"], shift, one["mask_kind"], one["status"], one["name"],
            )
        )  # fmt: skip
    widths = [max(len(str(row[column])) for row in rows) for column in range(len(head))]
    lines = ["  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    grid = report["grid"]
    size = " x ".join(f"{side:.6g}" for side in grid["pixel_size"])
    crs = grid["crs"] if len(grid["crs"]) < 40 else "custom CRS"
    lines += [
        "",
        f"Grid: {grid['width']} x {grid['height']} pixels of {' '.join(filter(None, (size, grid['unit'])))}, {crs or 'no CRS'}",
        f"Bands: {' '.join(report['bands'])} ({', '.join(dict.fromkeys(report['band_sources'].values()))}), {report['dtype']}, "
        f"no-data {'none' if report['nodata'] is None else report['nodata']}",
    ]
    lines += [f"Note: {text}" for text in report["warnings"]]
    return "\n".join(lines)


def format_html(report: Mapping[str, Any]) -> str:
    """The report and its quicklooks as a page that needs no other file."""
    figures = "".join(
        f'<figure style="display:inline-block;margin:0.5em"><img width="240" style="image-rendering:pixelated" alt="{escape(one["date"])}" '
        f'src="data:image/png;base64,{one["quicklook"]}"><figcaption>{escape(one["date"])}: {escape(one["status"])}</figcaption></figure>'
        for one in report["dates"]
        if one.get("quicklook")
    )
    legend = "True colours, one stretch for all dates. Magenta: taken for cloud or its shadow. Striped: no data."
    if report.get("thinning", 1) > 1 and any(one["mask_kind"] == "estimated" for one in report["dates"]):
        legend += f" For these pictures clouds were estimated on pixels {report['thinning']:.3g} times larger: their edges are rough."
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>Series</title></head><body style="font-family:sans-serif">'
        f"<h1>Series</h1><pre>{escape(format_text(report))}</pre><p>{legend}</p>{figures}</body></html>"
    )
