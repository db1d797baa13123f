"""The course of a fine-tuning and what it brought, as a page."""

from __future__ import annotations

from html import escape

from ..core import tr
from .curve import line_chart
from .report import STYLE


def stage_names() -> dict:
    """Stage -> its name for the user, in his language."""
    return {"mean": tr("Image and spread"), "flow": tr("Denoiser")}


def most_dates(figures: dict) -> float:
    """The gain with the most dates, of figures by number of dates."""
    return figures[str(max(int(name) for name in figures if name.isdigit()))]


def finetune_page(result: dict, job: dict) -> str:
    """The worker's result as one HTML page, with curves as SVG and the picture inside."""
    facts = (
        (tr("Model"), result["model"]),
        (tr("Started from"), job["model"] or "small"),
        (tr("Learned from"), tr("{pairs} fine images of {sites} sites").format(pairs=result["pairs"], sites=len(result["learned"]))),
        (tr("Held out"), ", ".join(result["held_out"]) or tr("none")),
        (tr("Data"), job["data"]),
        (tr("Licence"), job["licence"]),
        (tr("Seconds of computing"), f"{result['seconds']:.0f}"),
    )
    parts = [
        f"<h1>{tr('Fine-tuning')}</h1>",
        f"<table>{''.join(f'<tr><th>{escape(name)}</th><td>{escape(str(value))}</td></tr>' for name, value in facts)}</table>",
        *(curves(name, result["curves"][stage], stage) for stage, name in stage_names().items()),
        before_and_after(result["metrics"]),
    ]
    if result["picture"]:
        parts.append(f"<h2>{tr('Held-out patches: bicubic interpolation, before, after, truth')}</h2>")
        parts.append(f'<img style="max-width:100%" src="data:image/jpeg;base64,{escape(result["picture"])}">')
    title = tr("Fine-tuning")
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title><style>{STYLE}</style></head>'
        f"<body>{''.join(parts)}</body></html>"
    )


def curves(name: str, curve: dict, stage: str) -> str:
    """The loss of one stage, and its validations; nothing for a stage that was left out."""
    if not curve["loss"]:
        return ""
    text = f"<h2>{escape(name)}</h2>" + line_chart(curve["loss"], tr("step"), tr("loss (less is better)"))
    if len(curve["held_out"]) > 1:
        label = tr("gain over bicubic on held-out sites (dB)") if stage == "mean" else tr("loss on held-out sites (less is better)")
        text += line_chart(curve["held_out"], tr("step"), label)
    return text


def before_and_after(metrics: dict) -> str:
    """The table of held-out gains, or the sentence that there are none."""
    title = f"<h2>{tr('Held-out sites')}</h2>"
    if not metrics:
        return title + f"<p>{tr('No site was held out: whether the model is better than before elsewhere is not known.')}</p>"
    numbers = [name for name in metrics["before"] if name.isdigit()]
    labels = {name: tr("Gain over bicubic interpolation (dB), dates: {count}").format(count=name) for name in numbers}
    labels["worst"] = tr("Change of the worst patch from one date to all (dB)")
    rows = "".join(
        f"<tr><th>{escape(label)}</th>"
        + "".join(f'<td class="number">{metrics[when][name]:+.2f}</td>' for when in ("before", "after") if name in metrics[when])
        + "</tr>"
        for name, label in labels.items()
    )
    return title + f"<table><tr><th></th><th>{tr('before')}</th><th>{tr('after')}</th></tr>{rows}</table>"
