"""HighRes-net: recursive fusion for multi-frame super-resolution (Deudon et al. 2020, arXiv:2002.06460), section 3.

Encode (section 3.1): each view is stacked with a reference, the median of the views, and passes one shared encoder. Fuse (section
3.2, algorithm 1): the states of two views become one by a shared operator, the number of views is halved until one is left,
s <- s_a + alpha_b fuse(s_a, s_b), with alpha = 0 for padding. Decode (section 3.3): one transposed convolution and a 1x1 one.

Deviations:
    - factor 4 instead of 3: kernel and stride of the transposed convolution are the factor (591,818 parameters at factor 3 and one
      band, the paper's "under 600K").
    - No ShiftNet and no cPSNR loss (section 3.4): truth and reference are registered here. The loss is this project's, for all.
    - All bands at once instead of one network a band.
    - PROBA-V has no target date, and its views are ordered by clearance. Here the target's date comes first, the others follow by
      clearance: the first view is the one that the recursion carries through.
    - Cloudy pixels are replaced by the median of the clear ones; a date that is clear nowhere counts as padding.
    - The views are padded to a power of two; a pair with a padded second is its first, so that it is not computed.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from sitsr_core.baselines.views import BaselineConfig, Normalisation, clear_median, filled_views
from sitsr_core.models.network import SeriesBatch


@dataclass
class HighResNetConfig(BaselineConfig):
    """``width`` channels of a view's state, ``blocks`` residual blocks of the encoder; the paper's by default."""

    width: int = 64
    blocks: int = 2


class PReluBlock(nn.Module):
    """x + PReLU(conv(PReLU(conv(x))))."""

    def __init__(self, width: int):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1), nn.PReLU(), nn.Conv2d(width, width, 3, padding=1), nn.PReLU()
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        """(B, width, h, w) -> the same shape."""
        return x + self.layers(x)


class ViewEncoder(nn.Sequential):
    """A view stacked with the reference (B, 2 C, h, w) -> its state (B, width, h, w)."""

    def __init__(self, bands: int, width: int, blocks: int):
        super().__init__(
            nn.Conv2d(2 * bands, width, 3, padding=1),
            nn.PReLU(),
            *(PReluBlock(width) for _ in range(blocks)),
            nn.Conv2d(width, width, 3, padding=1),
        )


def encode_views(encoder: ViewEncoder, views: Tensor, reference: Tensor) -> Tensor:
    """Views (B, T, C, h, w) and the reference that they share (B, C, h, w) -> states (B, T, width, h, w)."""
    stacked = torch.cat([views, reference[:, None].expand_as(views)], dim=2)
    states = encoder(stacked.flatten(0, 1).contiguous(memory_format=torch.channels_last))
    return states.unflatten(0, views.shape[:2])


class RecursiveFusion(nn.Module):
    """States of any number of views -> one."""

    def __init__(self, width: int):
        super().__init__()
        self.fuse = nn.Sequential(PReluBlock(2 * width), nn.Conv2d(2 * width, width, 3, padding=1), nn.PReLU())

    def forward(self, states: Tensor, alpha: Tensor) -> Tensor:
        """states (B, L, width, h, w), alpha (B, L) 1 for a view and 0 for padding, which comes last -> (B, width, h, w)."""
        while states.shape[1] > 1:
            half = 1 << ((states.shape[1] - 1).bit_length() - 1)  # half of the power of two that L is padded to
            pairs = states.shape[1] - half  # the padding's partners stay as they are
            alone, first, second = states[:, : half - pairs], states[:, half - pairs : half], states[:, half:].flip(1)
            fused = self.fuse(torch.cat([first, second], dim=2).flatten(0, 1)).unflatten(0, first.shape[:2])
            weight = alpha[:, half:].flip(1)[..., None, None, None].to(fused.dtype)
            states = torch.cat([alone, first + weight * fused], dim=1)
            alpha = alpha[:, :half]
        return states[:, 0]


def fusion_order(clear: Tensor, reference: Tensor) -> tuple[Tensor, Tensor]:
    """The target's date, then the others by clearance; and alpha, 0 for dates clear nowhere: clear (B, T, h, w) -> (B, T), (B, T)."""
    share = clear.float().mean((2, 3))
    rank = share.scatter(1, reference[:, None], 2.0)
    order = rank.argsort(dim=1, descending=True, stable=True)
    return order, (rank.gather(1, order) > 0).float()


class HighResNet(nn.Module):
    """A series in, the fine image of its reference date out. See the module."""

    def __init__(self, config: HighResNetConfig | None = None):
        super().__init__()
        self.config = config = config or HighResNetConfig()
        bands, factor = len(config.bands), config.factor
        self.normalise = Normalisation(config)
        self.encoder = ViewEncoder(bands, config.width, config.blocks)
        self.fusion = RecursiveFusion(config.width)
        self.decoder = nn.Sequential(
            nn.ConvTranspose2d(config.width, config.width, factor, factor), nn.PReLU(), nn.Conv2d(config.width, bands, 1)
        )  # fmt: skip

    def features(self, batch: SeriesBatch) -> Tensor:
        """The fused state of all views (B, width, h, w)."""
        median = clear_median(batch)
        views = self.normalise(filled_views(batch, median))
        order, alpha = fusion_order(batch.clear, batch.reference)
        views = views[torch.arange(len(order), device=order.device)[:, None], order]
        return self.fusion(encode_views(self.encoder, views, self.normalise(median)), alpha)

    def forward(self, batch: SeriesBatch) -> Tensor:
        """(B, given, 4h, 4w) reflectance."""
        return self.normalise.inverse(self.decoder(self.features(batch)), batch.reflectance.shape[2])

    def estimate(self, batch: SeriesBatch, generator: torch.Generator) -> Tensor:
        """(B, given, 4h, 4w) reflectance; nothing is drawn."""
        return self(batch)
