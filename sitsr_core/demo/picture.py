"""The before and after picture: panels in natural colours with one stretch a row, labelled."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

PANEL = (480, 360)  # width, height in pixels of the picture
LABEL = 30
GAP = 6
WHITE, INK = (255, 255, 255), (30, 30, 30)


def stretch_of(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Low and high of red, green and blue of a reflectance image (C, H, W) in the order B02, B03, B04.

    The span is the same for the three, about each one's own middle: a span of its own would show the dullest band's noise as colour.
    """
    low, high = np.nanpercentile(image[[2, 1, 0]], (0.5, 99.5), axis=(1, 2))
    middle, half = (low + high) / 2, (high - low).max() / 2
    return middle - half, middle + half


def panel(image: np.ndarray, stretch: tuple[np.ndarray, np.ndarray]) -> Image.Image:
    """Reflectance (C, H, W) as a picture of the panel's size; its pixels stay visible as squares."""
    low, high = (edge[:, None, None] for edge in stretch)
    colours = np.nan_to_num(np.clip((image[[2, 1, 0]] - low) / (high - low), 0, 1))
    picture = Image.fromarray((255 * colours).round().astype(np.uint8).transpose(1, 2, 0))
    return picture.resize(PANEL, Image.Resampling.NEAREST)


def crop(image: np.ndarray, row: int, column: int, height: int, width: int) -> np.ndarray:
    """A rectangle of (C, H, W)."""
    return image[:, row : row + height, column : column + width]


def compose(rows: list[tuple[list[tuple[str, np.ndarray]], np.ndarray]], path: Path) -> Path:
    """Write a picture of rows of labelled panels.

    Args:
        rows: for each row its (label, reflectance) panels, and the image whose stretch the whole row shares.
        path: where to write it; the name's ending gives the format.
    """
    columns = max(len(panels) for panels, _ in rows)
    size = (columns * (PANEL[0] + GAP) + GAP, len(rows) * (PANEL[1] + LABEL + GAP) + GAP)
    canvas = Image.new("RGB", size, WHITE)
    draw = ImageDraw.Draw(canvas)
    font = ImageFont.load_default(17)
    for down, (panels, basis) in enumerate(rows):
        stretch = stretch_of(basis)
        top = GAP + down * (PANEL[1] + LABEL + GAP)
        for across, (label, image) in enumerate(panels):
            left = GAP + across * (PANEL[0] + GAP)
            draw.text((left + 2, top + 4), label, fill=INK, font=font)
            canvas.paste(panel(image, stretch), (left, top + LABEL))
    canvas.save(path)
    return path
