"""The figures of a comparison as a page."""

from __future__ import annotations

from html import escape

from ..core import tr
from .report import STYLE


def figure_names() -> dict:
    """Figure -> its name for the user, in his language."""
    return {
        "psnr": tr("PSNR (dB)"),
        "cpsnr": tr("PSNR, shifts allowed (dB)"),
        "ssim": tr("SSIM"),
        "sam": tr("Spectral angle (degrees)"),
        "ergas": tr("ERGAS"),
        "consistency": tr("Difference to the observed pixels (reflectance)"),
    }


def raster_names() -> dict:
    """What was compared -> how the line that says its scaling is called."""
    return {
        "image": tr("Reflectance of the image"),
        "reference": tr("Reflectance of the reference"),
        "input": tr("Reflectance of the input"),
    }


def scaling_text(scaling: dict) -> str:
    """How the numbers of a raster became reflectance, and whether that is known."""
    text = tr("number x {scale} {offset} ({source})").format(
        scale=f"{scaling['scale']:g}", offset=f"{scaling['offset']:+g}", source=scaling["source"]
    )
    return text + (tr(": a guess; give Scale and Offset to be sure") if scaling["guessed"] else "")


def method_names() -> dict:
    """Method -> its name for the user."""
    return {"result": tr("super-resolved"), "bicubic": tr("bicubic interpolation")}


DIGITS = {"psnr": 2, "cpsnr": 2, "ssim": 4, "sam": 3, "ergas": 3, "consistency": 5}


def evaluation_page(report: dict) -> str:
    """The worker's comparison as one HTML page; the better of two figures is set in bold."""
    rows, files = report["rows"], report["files"]
    facts = [(tr("Image"), files["image"]), (tr("Reference"), files["reference"])]
    if files["input"]:
        facts.append((tr("Input"), files["input"]))
    facts += [
        (tr("Bands"), ", ".join(report["bands"])),
        (
            tr("Compared"),
            tr("{count} pixels of {width} x {height}").format(count=report["pixels"], width=report["width"], height=report["height"]),
        ),
    ]
    facts += [(label, scaling_text(report["scalings"][name])) for name, label in raster_names().items() if name in report["scalings"]]
    head = "".join(f"<th>{escape(method_names()[method])}</th>" for method in rows)
    body = "".join(
        f"<tr><th>{escape(label)}</th>{''.join(cell(figure, method, rows) for method in rows)}</tr>"
        for figure, label in figure_names().items()
        if any(figure in figures for figures in rows.values())
    )
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{tr("Evaluation")}</title><style>{STYLE}</style></head><body>'
        f"<h1>{tr('Evaluation')}</h1>"
        f"<table>{''.join(f'<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>' for name, value in facts)}</table>"
        f"<table><tr><th></th>{head}</tr>{body}</table>"
        f"<p>{tr('PSNR and SSIM: more is better. The others: less is better. On reflectance, a border of 8 pixels left out.')}</p>"
        "</body></html>"
    )


def cell(figure: str, method: str, rows: dict) -> str:
    """One figure of one method."""
    value = rows[method].get(figure)
    if value is None:
        return '<td class="number">-</td>'
    text = f"{value:.{DIGITS[figure]}f}"
    others = [figures[figure] for figures in rows.values() if figures.get(figure) is not None]
    best = max(others) if figure in ("psnr", "cpsnr", "ssim") else min(others)
    return f'<td class="number">{f"<b>{text}</b>" if len(others) > 1 and value == best else text}</td>'
