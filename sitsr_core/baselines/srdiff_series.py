"""SRDiff conditioned by several dates (Okabayashi et al. 2024, arXiv:2404.16409, section 3.3), by HighRes-net or by HighRes-net + L-TAE.

SRDiff's U-Net (``srdiff.py``) draws the residual over the bicubic image of the date nearest to the target; the 64 channels to which a
multi-image encoder fuses all dates (``highres_net.py``, ``highres_net_ltae.py``) take the place of the RRDB features. L1 of the noise,
cosine schedule, T = 500 and all of them in sampling. With three bands the U-Net has 11,624,195 parameters, the paper's 11.6 M, and
HighRes-net + L-TAE 246,538, its 0.25 M.

Deviations:
    - The encoder is trained together with the U-Net (noise L1 plus its own L1) instead of being frozen after a training of its own: the
      budget is one for all. As in the paper its condition is its fused state.
    - Four bands; the residual's scale is per band, 1 / (5 standard deviations), instead of 2 for all in 8-bit units.
    - HighRes-net's reference is the median of the clear views, as in its own paper; theirs is the date nearest to the target. That of
      HighRes-net + L-TAE is the nearest date in both.
    - Those of the encoders.
"""

from dataclasses import dataclass
from typing import Any

from torch import Tensor

from sitsr_core.baselines.highres_net import HighResNet, HighResNetConfig
from sitsr_core.baselines.highres_net_ltae import HighResNetLtae, HighResNetLtaeConfig
from sitsr_core.baselines.srdiff import ResidualDiffusion, SrdiffConfig
from sitsr_core.models.network import SeriesBatch

SHARED = ("bands", "factor", "center", "spread")


@dataclass
class SrdiffHighResNetConfig(SrdiffConfig):
    """The authors' sizes by default; ``encoder_width`` and ``encoder_blocks`` are those of HighRes-net's encoder."""

    encoder_width: int = 64
    encoder_blocks: int = 2
    steps: int = 500


@dataclass
class SrdiffHighResNetLtaeConfig(SrdiffHighResNetConfig):
    """The authors' sizes by default; ``heads``, ``key`` and ``model`` as in ``HighResNetLtaeConfig``."""

    heads: int = 16
    key: int = 4
    model: int = 128


def _shared(config: SrdiffConfig) -> dict[str, Any]:
    sizes: dict[str, Any] = {"width": config.encoder_width, "blocks": config.encoder_blocks}
    return {name: getattr(config, name) for name in SHARED} | sizes


class _SeriesDiffusion(ResidualDiffusion):
    """Conditioned by the fused state of an encoder that also makes an image of it."""

    def encode(self, batch: SeriesBatch) -> tuple[Tensor, Tensor]:
        """See ``ResidualDiffusion``."""
        features = self.encoder.features(batch)
        return features, self.encoder.decoder(features)


class SrdiffHighResNet(_SeriesDiffusion):
    """A series in, a draw of the fine image of its reference date out, conditioned by HighRes-net. See the module."""

    def __init__(self, config: SrdiffHighResNetConfig | None = None):
        config = config or SrdiffHighResNetConfig()
        super().__init__(config, HighResNet(HighResNetConfig(**_shared(config))), config.encoder_width)


class SrdiffHighResNetLtae(_SeriesDiffusion):
    """The same, conditioned by HighRes-net + L-TAE."""

    def __init__(self, config: SrdiffHighResNetLtaeConfig | None = None):
        config = config or SrdiffHighResNetLtaeConfig()
        sizes = _shared(config) | {"heads": config.heads, "key": config.key, "model": config.model}
        super().__init__(config, HighResNetLtae(HighResNetLtaeConfig(**sizes)), config.encoder_width)
