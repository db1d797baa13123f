"""The report on a series as a page."""

from __future__ import annotations

from html import escape

from ..core import tr

STYLE = (
    "body{font-family:sans-serif;margin:1.5em;color:#222;background:#fff}table{border-collapse:collapse;margin:1em "
    "0}th,td{border:1px solid #bbb;padding:.3em .6em;text-align:left}th{background:#eef3f0}td.number{text-"
    "align:right}td:first-child,td.number{white-space:nowrap}li.warning{color:#8a4b00}figure{display:inline-block;margin:0 1em 1em "
    "0;vertical-align:top}figure img{width:240px;image-rendering:pixelated}figcaption{font-size:smaller}"
)


def html_report(report: dict) -> str:
    """The worker's inspection (dates, grid, bands, warnings) as one HTML page."""
    grid = report.get("grid", {})
    size = " x ".join(f"{abs(value):.6g}" for value in grid.get("pixel_size", []))
    facts = (
        (tr("Size"), f"{grid.get('width', '?')} x {grid.get('height', '?')} {tr('pixels')}"),
        (tr("Pixel"), f"{size} {grid.get('unit', '')}".strip()),
        (tr("CRS"), short_crs(str(grid.get("crs", "")))),
        (tr("Bands"), ", ".join(report.get("bands", []))),
        (tr("Data type"), str(report.get("dtype", ""))),
        (tr("No-data"), tr("none") if report.get("nodata") is None else str(report["nodata"])),
    )
    warnings = "".join(f'<li class="warning">{escape(text)}</li>' for text in report.get("warnings", []))
    rows = "".join(date_row(date) for date in report.get("dates", []))
    heads = (
        tr("Date"),
        tr("Name"),
        tr("Date from"),
        tr("Clear %"),
        tr("Valid %"),
        tr("Scale"),
        tr("Offset"),
        tr("Radiometry from"),
        tr("Shift (px)"),
        tr("Mask"),
        tr("Status"),
    )
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{tr("Series")}</title><style>{STYLE}</style></head><body>'
        f"<h1>{tr('Series')}</h1>"
        f"<table>{''.join(f'<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>' for name, value in facts)}</table>"
        f"{f'<ul>{warnings}</ul>' if warnings else ''}"
        f"<table><tr>{''.join(f'<th>{escape(head)}</th>' for head in heads)}</tr>{rows}</table>{gallery(report)}</body></html>"
    )


def gallery(report: dict) -> str:
    """The quicklooks with what their marks mean; nothing when the report has none."""
    looks = [date for date in report.get("dates", []) if date.get("quicklook")]
    if not looks:
        return ""
    notes = [tr("True colours, one stretch for all dates. Magenta: taken for cloud or its shadow, and left out. Striped: no data.")]
    if report.get("thinning", 1) > 1 and any(date.get("mask_kind") == "estimated" for date in looks):
        text = tr("For these pictures clouds were estimated on pixels {times} times larger: their edges are rough.")
        notes.append(text.format(times=f"{report['thinning']:.3g}"))
    figures = "".join(
        f'<figure><img alt="{escape(str(date["date"]))}" src="data:image/png;base64,{escape(date["quicklook"])}">'
        f"<figcaption>{escape(str(date['date']))}: {escape(str(date.get('status', '')))}</figcaption></figure>"
        for date in looks
    )
    return f"<h2>{escape(tr('Quicklooks'))}</h2><p>{escape(' '.join(notes))}</p>{figures}"


def date_row(date: dict) -> str:
    """One date as a table row."""
    shift = " ".join(f"{value:+.2f}" for value in date.get("shift", [])) if date.get("shift_known") else tr("unknown")
    texts = {
        1: date.get("name"),
        2: date.get("date_source"),
        7: date.get("radiometry_source"),
        8: shift,
        9: date.get("mask_kind"),
        10: date.get("status"),
    }
    numbers = {
        3: f"{date.get('clear_percent', 0):.1f}",
        4: f"{date.get('valid_percent', 0):.1f}",
        5: f"{date.get('scale', 0):g}",
        6: f"{date.get('offset', 0):g}",
    }
    cells = [f"<td>{escape(str(date.get('date', '')))}</td>"]
    for column in range(1, 11):
        value = numbers.get(column)
        cells.append(f"<td>{escape(str(texts[column] or ''))}</td>" if value is None else f'<td class="number">{value}</td>')
    return f"<tr>{''.join(cells)}</tr>"


def short_crs(text: str) -> str:
    """A CRS by its name instead of its whole WKT."""
    return text.split('"')[1] if text.count('"') >= 2 else text
