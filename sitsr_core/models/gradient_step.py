"""Unrolled data fidelity: from an image to a better one, by what each date holds beyond what it would show of that image.

One step descends sum_i w_i |y_i - A_i x|^2 along its exact gradient, at each date's own sub-pixel shift. In the place of a step size it
has a preconditioner, the regularised inverse of A^T A that many dates of evenly spread shifts would have, and what two convolutions
learned that see the features of the trunk (as in Kokkinos and Lefkimmiatis 2019's and Bhat et al. 2021's learned multi-frame
reconstruction). The weight w_i of a date's pixel falls where what it shows lies far from the image (Geman and McClure 1987), so that
ground that has changed pulls at nothing; where few dates are left, the pull is weak.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sitsr_core.models.blocks import Convolution
from sitsr_core.models.data_fidelity import SEEN_RADIUS, back_from_dates, seen_by_dates
from sitsr_core.models.temporal_encoder import INNOVATION_SCALE, AlignedDates
from sitsr_core.models.trim import Trim
from sitsr_core.sensor import filter_rows

SHARPENING_RADIUS = 3  # coarse pixels
STEP_RADIUS = 2 * SEEN_RADIUS + SHARPENING_RADIUS  # coarse pixels that a step sees around a pixel; its convolutions see less
TOLERATED = 0.1  # misfit, in units of the normalised image, at which a pixel's weight has fallen to a half, before training
REGULARISATION = 0.05  # of the inverse of A^T A, whose spectrum falls from 1 to 0
PULL = 1.5  # step size where dates are many, before training
DOUBT = 3.0  # dates; so many pull half as strongly, before training
FEW_DATES = 0.3  # of the density by which the gradient that the convolutions see is divided; less than one date's


def sharpening_kernels(sigma: Tensor, factor: int) -> Tensor:
    """One-dimensional regularised inverse of A^T A on the fine grid, (C, 2 factor SHARPENING_RADIUS + 1), each summing to one.

    sigma (C,) are the standard deviations of the bands' point spread functions in fine pixels. Of A^T A what is left when shifts are
    spread evenly: the blur, twice, without aliases.
    """
    size, radius = 64 * factor, SHARPENING_RADIUS * factor
    frequency = torch.fft.fftfreq(size, device=sigma.device)
    blurred_twice = torch.exp(-((2 * math.pi * frequency * sigma[:, None]) ** 2))
    inverse = torch.fft.fftshift(torch.fft.ifft(1 / (blurred_twice + REGULARISATION)).real, dim=-1)
    window = torch.hann_window(2 * radius + 3, periodic=False, device=sigma.device)[1:-1]
    kernel = window * inverse[:, size // 2 - radius : size // 2 + radius + 1]
    return kernel / kernel.sum(1, keepdim=True)


class GradientStep(nn.Module):
    """One step. What it has learned begins at nothing; the pull along the gradient does not."""

    def __init__(self, bands: int, features: int, width: int, factor: int):
        super().__init__()
        self.factor = factor
        # math.log, not Tensor.log: on the meta device, where ``load_model`` asks for shapes, that imports all of torch._dynamo: a second.
        self.tolerated, self.pull, self.doubt = (nn.Parameter(torch.tensor(math.log(value))) for value in (TOLERATED, PULL, DOUBT))
        self.of_gradient = Convolution((bands + 1) * factor**2, width)
        self.of_features = nn.Conv2d(features, width, 1)
        self.change = Convolution(width, bands * factor**2)
        nn.init.zeros_(self.change.weight)
        assert self.change.bias is not None
        nn.init.zeros_(self.change.bias)

    def forward(self, image: Tensor, dates: AlignedDates, features: Tensor, sigma: Tensor, trim: Trim) -> tuple[Tensor, Tensor]:
        """The pull of the dates, in units of the image, and the learned change, in units of its own: both like the image.

        Args:
            image: (B, C, factor h, factor w) normalised as the dates are.
            dates: of the same bands.
            features: (B, F, h, w) of the trunk.
            sigma: (C,) standard deviations of the bands' point spread functions, fine pixels.
            trim: sides on which the ``STEP_RADIUS`` coarse pixels are left out that feel the edge.
        """
        # In float32: what is rounded before a sum depends on the tile.
        with torch.autocast(image.device.type, enabled=False):
            gradient, density = self._gradient(image, dates, sigma, trim)
            of_bands = torch.cat([density] * image.shape[1], dim=1)  # expanded, it would lose channels_last, and be as slow again
            pull = self.pull.exp() * gradient / (of_bands + self.doubt.exp())
            pull = self._sharpened(F.pixel_shuffle(pull, self.factor), sigma, trim)
            known = torch.cat([INNOVATION_SCALE * gradient / (of_bands + FEW_DATES), torch.log1p(density)], dim=1)
        known = known.to(features.dtype).contiguous(memory_format=torch.channels_last)
        # What ``trim`` leaves out so far: 2 SEEN_RADIUS by the gradient, then 1 by each of the two convolutions.
        features = trim.crop(features, 2 * SEEN_RADIUS + 1)
        hidden = self.of_gradient(known, trim).add_(self.of_features(features)).relu_()
        change = self.change(hidden, trim)
        return pull, F.pixel_shuffle(trim.crop(change, SHARPENING_RADIUS - 2), self.factor)

    def _gradient(self, image: Tensor, dates: AlignedDates, sigma: Tensor, trim: Trim) -> tuple[Tensor, Tensor]:
        """sum_i A_i^T w_i (y_i - A_i image), (B, C factor^2, h, w), and sum_i A_i^T w_i, (B, factor^2, h, w), which counts dates."""
        seen = seen_by_dates(trim.pad(image, SEEN_RADIUS * self.factor, "replicate"), dates.shift, sigma, self.factor)
        dates = dates.cropped(SEEN_RADIUS, trim)
        misfit = dates.pixels - seen
        weight = dates.gate * dates.clear[:, :, None] / (1 + misfit.square().mean(2, keepdim=True) / torch.exp(2 * self.tolerated))
        values = self.factor**2 * torch.cat([weight * misfit, weight], dim=2)
        summed = back_from_dates(values, dates.shift, torch.cat([sigma, sigma[:1]]), self.factor)
        summed, of_density = trim.crop(summed, SEEN_RADIUS), self.factor**2
        return summed[:, :-of_density], summed[:, -of_density:]

    def _sharpened(self, pull: Tensor, sigma: Tensor, trim: Trim) -> Tensor:
        kernel = sharpening_kernels(sigma, self.factor)
        pull = trim.pad(pull, SHARPENING_RADIUS * self.factor)
        return filter_rows(filter_rows(pull, kernel, 1).transpose(-1, -2), kernel, 1).transpose(-1, -2)
