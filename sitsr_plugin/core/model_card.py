"""A model's card as lines of a table."""

from __future__ import annotations

from html import escape

from . import tr
from .models import Model

LABEL = "padding-right:1em;white-space:nowrap"


def card_rows(model: Model) -> list:
    """(label, text) for what a user must know of a model; what the card does not say is left out."""
    card = model.card
    dates = card.get("dates") or []
    rows = [
        (tr("Version"), card.get("version")),
        (tr("Description"), card.get("description")),
        (tr("Bands"), ", ".join(map(str, card.get("bands") or []))),
        (tr("Pixel size"), pixel_size(card)),
        (tr("Factor"), card.get("factor")),
        (tr("Dates"), tr("{fewest} to {most}").format(fewest=dates[0], most=dates[1]) if len(dates) == 2 else ""),
        (tr("Limits"), card.get("limits")),
        (tr("Trained on"), "\n".join(map(str, card.get("training_data") or []))),
        (tr("Metrics"), "\n".join(metric_lines(card.get("metrics") or {}))),
        (tr("Licence"), card.get("licence")),
        (tr("File"), str(model.path)),
        (tr("File size"), tr("{size:.1f} MB").format(size=model.size / 1e6)),
        (tr("Hash"), model.hash),
    ]
    return [(label, str(text)) for label, text in rows if text not in (None, "")]


def pixel_size(card: dict) -> str:
    """From which pixel size to which; empty when the card does not say."""
    gsd, factor = card.get("gsd"), card.get("factor")
    if not (isinstance(gsd, (int, float)) and isinstance(factor, (int, float)) and gsd > 0 and factor > 0):
        return ""
    return tr("{gsd:g} m becomes {fine:g} m").format(gsd=gsd, fine=gsd / factor)


def metric_lines(metrics: dict) -> list:
    """The figures, one line a set: each test set's are a dictionary of their own."""
    lines = []
    for name, value in metrics.items():
        if isinstance(value, dict):
            value = ", ".join(f"{key}: {figure}" for key, figure in value.items())
        lines.append(f"{name}: {value}")
    return lines


def card_html(model: Model) -> str:
    """The card as a page."""
    rows = "".join(f'<tr><td style="{LABEL}"><b>{escape(label)}</b></td><td>{as_html(text)}</td></tr>' for label, text in card_rows(model))
    title = escape(model.name) if model.card else tr("{name}: its card cannot be read").format(name=escape(model.name))
    return f"<h3>{title}</h3><table cellspacing='4'>{rows}</table>"


def as_html(text: str) -> str:
    """The text with its line breaks."""
    return escape(text).replace("\n", "<br>")
