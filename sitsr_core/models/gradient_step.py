"""Unrolled data fidelity: from an image to a better one, by what each date holds beyond what it would show of that image.

One step is one of gradient descent on sum_i w_i |y_i - A_i x|^2 with a learned preconditioner in the place of a step size (as in
Kokkinos and Lefkimmiatis 2019's and Bhat et al. 2021's learned multi-frame reconstruction): the exact gradient, at each date's own
sub-pixel shift, goes through two convolutions that see the features of the trunk. The weight w_i of a date's pixel falls where what
it shows lies far from the image (Geman and McClure 1987), so that ground that has changed pulls at nothing.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sitsr_core.models.data_fidelity import SEEN_RADIUS, back_from_dates, seen_by_dates
from sitsr_core.models.temporal_encoder import INNOVATION_SCALE, AlignedDates, cropped

STEP_RADIUS = 2 * SEEN_RADIUS + 2  # coarse pixels that a step sees around a pixel: through A and back, and two convolutions
TOLERATED = 0.1  # misfit, in units of the normalised image, at which a pixel's weight has fallen to a half, before training
FEW_DATES = 0.3  # of the density by which the gradient is divided; less than one date's


class GradientStep(nn.Module):
    """One step; it begins as the identity and learns from there."""

    def __init__(self, bands: int, features: int, width: int, factor: int):
        super().__init__()
        self.factor = factor
        self.tolerated = nn.Parameter(torch.tensor(TOLERATED).log())
        self.of_gradient = nn.Conv2d((bands + 1) * factor**2, width, 3, padding=1)
        self.of_features = nn.Conv2d(features, width, 1)
        self.change = nn.Conv2d(width, bands * factor**2, 3, padding=1)
        nn.init.zeros_(self.change.weight)
        assert self.change.bias is not None
        nn.init.zeros_(self.change.bias)

    def forward(self, image: Tensor, dates: AlignedDates, features: Tensor, sigma: Tensor, trim: bool) -> Tensor:
        """The change of an image, in units of its own.

        Args:
            image: (B, C, factor h, factor w) normalised as the dates are.
            dates: of the same bands.
            features: (B, F, h, w) of the trunk.
            sigma: (C,) standard deviations of the bands' point spread functions, fine pixels.
            trim: leave out the ``STEP_RADIUS`` coarse pixels on each side, which feel the edge.
        """
        # In float32: what is rounded before a sum depends on the tile.
        with torch.autocast(image.device.type, enabled=False):
            return self._change(image, dates, features.float(), sigma, trim)

    def _change(self, image: Tensor, dates: AlignedDates, features: Tensor, sigma: Tensor, trim: bool) -> Tensor:
        if not trim:
            image = F.pad(image, (SEEN_RADIUS * self.factor,) * 4, mode="replicate")
        seen = seen_by_dates(image, dates.shift, sigma, self.factor)
        if trim:
            dates = dates.cropped(SEEN_RADIUS)
        misfit = dates.pixels - seen
        weight = dates.gate * dates.clear[:, :, None] / (1 + misfit.square().mean(2, keepdim=True) / torch.exp(2 * self.tolerated))
        summed = back_from_dates(torch.cat([weight * misfit, weight], dim=2), dates.shift, torch.cat([sigma, sigma[:1]]), self.factor)
        summed = self.factor**2 * (cropped(summed, SEEN_RADIUS * self.factor) if trim else summed)
        density = summed[:, -1:]
        gradient = INNOVATION_SCALE * summed[:, :-1] / (density + FEW_DATES)
        known = F.pixel_unshuffle(torch.cat([gradient, torch.log1p(density)], dim=1), self.factor)
        features = cropped(features, 2 * SEEN_RADIUS) if trim else features
        hidden = self.of_gradient(known.contiguous(memory_format=torch.channels_last)) + self.of_features(features)
        change = F.pixel_shuffle(self.change(torch.relu(cropped(hidden, 1) if trim else hidden)), self.factor)
        return cropped(change, self.factor) if trim else change
