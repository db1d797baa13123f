"""A curve as SVG, with the standard library."""

from __future__ import annotations

import math
from html import escape

from ..core.plot_scale import round_step

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 64, 12, 22, 40
TICKS = 5
SMOOTHED = 12  # points on each side; a training's loss is noisy


def line_chart(points: list, x_label: str, y_label: str) -> str:
    """The points [x, y] as an ``<svg>``: as they are in grey, and where they are many their running mean on top of them."""
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    across, up = ticks(min(xs), max(xs)), ticks(min(ys), max(ys))

    def x_of(value):
        return LEFT + (value - across[0]) / (across[-1] - across[0]) * (WIDTH - LEFT - RIGHT)

    def y_of(value):
        return HEIGHT - BOTTOM - (value - up[0]) / (up[-1] - up[0]) * (HEIGHT - TOP - BOTTOM)

    def line(values, colour, width):
        places = " ".join(f"{x_of(xs[index]):.1f},{y_of(y):.1f}" for index, y in enumerate(values))
        return f'<polyline fill="none" stroke="{colour}" stroke-width="{width}" points="{places}"/>'

    parts = []
    for value in up:
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y_of(value):.1f}" y2="{y_of(value):.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y_of(value) + 4:.1f}" text-anchor="end">{value:g}</text>')
    for value in across:
        parts.append(f'<text x="{x_of(value):.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{value:g}</text>')
    parts.append(f'<text x="{LEFT}" y="14">{escape(y_label)}</text>')
    parts.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 6}" text-anchor="middle">{escape(x_label)}</text>')
    many = len(points) > 2 * SMOOTHED
    parts.append(line(ys, "#b8c4bd" if many else "#2e7d5b", 1 if many else 2))
    if many:
        parts.append(line(running_mean(ys), "#2e7d5b", 2))
    elif len(points) < SMOOTHED:
        parts += [f'<circle cx="{x_of(x):.1f}" cy="{y_of(y):.1f}" r="3" fill="#2e7d5b"/>' for x, y in points]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="sans-serif" font-size="12" fill="#444" role="img">{"".join(parts)}</svg>'
    )


def running_mean(values: list) -> list:
    """Each value with its neighbours, fewer at the ends."""
    parts = [values[max(0, index - SMOOTHED) : index + SMOOTHED + 1] for index in range(len(values))]
    return [sum(part) / len(part) for part in parts]


def ticks(low: float, high: float) -> list:
    """Round numbers from below ``low`` to above ``high``, about ``TICKS`` of them."""
    if high <= low:
        low, high = low - 0.5, low + 0.5
    step = round_step(high - low, TICKS)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(number * step, 10) for number in range(first, last + 1)]
