"""Which sides of a window are left out because the image goes on beyond them, and which are the image's own edge."""

from dataclasses import dataclass

import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True)
class Trim:
    """Sides on which the image goes on beyond the window: what feels that is left out there.

    On the others there is nothing beyond, as at the edge of a training's patch: convolutions see zeros there, and nothing is left out.
    """

    top: bool = False
    bottom: bool = False
    left: bool = False
    right: bool = False

    @property
    def everywhere(self) -> bool:
        """True when all four sides are left out."""
        return self.top and self.bottom and self.left and self.right

    @property
    def by_layer(self) -> "Trim":
        """What each of several layers is to leave out: nothing, unless it is all sides. What is cut out of others is copied by the next."""
        return self if self.everywhere else NO_SIDE

    @property
    def at_end(self) -> "Trim":
        """What ``by_layer`` leaves to be left out after several layers."""
        return NO_SIDE if self.everywhere else self

    def crop(self, images: Tensor, pixels: int) -> Tensor:
        """Images (..., h, w) without ``pixels`` on the sides that are left out."""
        height, width = images.shape[-2:]
        rows = slice(pixels * self.top, height - pixels * self.bottom)
        return images[..., rows, pixels * self.left : width - pixels * self.right]

    def pad(self, images: Tensor, pixels: int, mode: str = "constant") -> Tensor:
        """Images (..., h, w) with ``pixels`` more on the sides that are not left out, so that a filter's loss is made up for there."""
        amounts = [pixels * (not side) for side in (self.left, self.right, self.top, self.bottom)]
        return F.pad(images, amounts, mode) if any(amounts) else images

    def turned(self, across: bool, down: bool, transposed: bool) -> "Trim":
        """Of a window mirrored left to right, then top to bottom, then transposed."""
        left, right = (self.right, self.left) if across else (self.left, self.right)
        top, bottom = (self.bottom, self.top) if down else (self.top, self.bottom)
        return Trim(left, right, top, bottom) if transposed else Trim(top, bottom, left, right)


NO_SIDE = Trim()
ALL_SIDES = Trim(True, True, True, True)
