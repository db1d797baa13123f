"""The project's own network with one thing changed, to measure what each is worth. None of this is an option of the product.

Each is a ``SuperResolver`` that trains with the same objective (but ``OneNetwork``) and is judged like it.
"""

import dataclasses
import math

import torch
from einops import rearrange
from torch import Tensor, nn

from sitsr_core import sensor
from sitsr_core.datasets.simulate import TrainingBatch
from sitsr_core.models.denoiser import Condition
from sitsr_core.models.diffusion import corrupt, training_times
from sitsr_core.models.network import NetworkConfig, Prediction, SeriesBatch, SuperResolver
from sitsr_core.models.temporal_encoder import AlignedDates, TemporalEncoder
from sitsr_core.models.trim import NO_SIDE, Trim
from sitsr_core.training.distributed import ALONE, Processes
from sitsr_core.training.objectives import RESIDUAL_LIMIT, inner

SHARE_AT_ZERO = 0.25


class NoShift(SuperResolver):
    """The shifts are not given: the network has to guess them, as in the published systems."""

    def encode(self, batch: SeriesBatch) -> Prediction:
        """As if no shift were known."""
        unknown = torch.zeros_like(batch.shift_known)
        return super().encode(dataclasses.replace(batch, shift=torch.zeros_like(batch.shift), shift_known=unknown))


class _OtherEncoder(SuperResolver):
    """A network with another temporal encoder."""

    encoder_kind: type[TemporalEncoder] = TemporalEncoder

    def __init__(self, config: NetworkConfig | None = None):
        super().__init__(config)
        c = self.config
        self.encoder = self.encoder_kind(len(c.bands), c.encoder_width, c.encoder_blocks, c.heads, c.factor)
        self.trunk_in = nn.Conv2d(self.encoder.outputs, c.trunk_width, 1)


def _maps(values: Tensor, like: Tensor) -> Tensor:
    """(B, T, n) -> constant maps (B, T, n, h, w)."""
    return values[..., None, None].expand(*values.shape, *like.shape[-2:])


class _ExtraChannels(TemporalEncoder):
    """Shifts reach the network as further channels of each date; nothing is placed at sub-pixel positions."""

    def __init__(self, bands: int, width: int, blocks: int, heads: int, factor: int):
        super().__init__(bands + self.extra_channels(bands), width, blocks, heads, factor)

    @staticmethod
    def extra_channels(bands: int) -> int:
        """How many there are."""
        return 3

    def channels(self, pixels: Tensor, filled: Tensor, shift: Tensor, shift_known: Tensor) -> Tensor:
        """The channels (B, T, n, h, w): the shift and whether it is known, constant over the image."""
        return _maps(torch.cat([shift, shift_known[..., None]], dim=-1), pixels)

    def forward(
        self,
        pixels: Tensor,
        filled: Tensor,
        clear: Tensor,
        shift: Tensor,
        shift_known: Tensor,
        days: Tensor,
        reference: Tensor,
        trim: Trim = NO_SIDE,
    ) -> tuple[Tensor, AlignedDates]:
        """As ``TemporalEncoder``, with all shifts unknown to it."""
        extra = self.channels(pixels, filled, shift * shift_known[..., None], shift_known)
        pixels = torch.cat([pixels, extra], dim=2)
        filled = torch.cat([filled, torch.zeros_like(extra[:, 0])], dim=1)
        unknown = torch.zeros_like(shift_known)
        fused, dates = super().forward(pixels, filled, clear, torch.zeros_like(shift), unknown, days, reference, trim)
        return fused, dataclasses.replace(dates, pixels=dates.pixels[:, :, : -extra.shape[2]])


class _PolynomialChannels(_ExtraChannels):
    """Steered filters: what a date holds beyond the reference, times the polynomials of its shift up to the second degree."""

    @staticmethod
    def extra_channels(bands: int) -> int:
        """Five polynomials of every band, and whether the shift is known."""
        return 5 * bands + 1

    def channels(self, pixels: Tensor, filled: Tensor, shift: Tensor, shift_known: Tensor) -> Tensor:
        """(B, T, 5 C + 1, h, w)."""
        y, x = shift.unbind(-1)
        polynomials = torch.stack([y, x, y * y, y * x, x * x], dim=-1)
        steered = polynomials[..., None, None, None] * (pixels - filled[:, None])[:, :, None]
        return torch.cat([steered.flatten(2, 3), _maps(shift_known[..., None], pixels)], dim=2)


class _Unplaced(TemporalEncoder):
    """Shifts serve to foresee what a date would show of the reference; what it holds beyond is not dealt out to positions."""

    def __init__(self, bands: int, width: int, blocks: int, heads: int, factor: int):
        super().__init__(bands, width, blocks, heads, factor)
        nn.init.zeros_(self.stem_positions.weight)
        self.stem_positions.weight.requires_grad_(False)

    def placed_sum(self, innovation: Tensor, positions: Tensor, gate: Tensor) -> Tensor:
        """Nothing."""
        return torch.zeros_like(super().placed_sum(innovation, positions, gate))


class _MeanFusion(TemporalEncoder):
    """The mean of the clear dates' values instead of attention; the gates stay."""

    def _fuse(self, z: Tensor, clear: Tensor, days: Tensor, reference: Tensor) -> tuple[Tensor, Tensor]:
        batch, width = len(clear), z.shape[1]
        states = rearrange(z, "(b t) c h w -> b t c h w", b=batch)
        mixed = rearrange(self.key_value(z), "(b t) c h w -> b t c h w", b=batch)
        weight = clear[:, :, None].to(z.dtype)
        fused = (weight * mixed[:, :, width : 2 * width]).sum(1) / weight.sum(1).clamp(min=1)
        count = torch.log1p(clear.float().sum(1, keepdim=True)).to(z.dtype)
        return torch.cat([fused, states[torch.arange(batch), reference], count], dim=1), torch.sigmoid(mixed[:, :, 2 * width :])


class _Unmasked(TemporalEncoder):
    """Attention that is not told which pixels are clear (the mask stays an input channel)."""

    def _fuse(self, z: Tensor, clear: Tensor, days: Tensor, reference: Tensor) -> tuple[Tensor, Tensor]:
        fused, gate = super()._fuse(z, torch.ones_like(clear), days, reference)
        count = torch.log1p(clear.float().sum(1, keepdim=True)).to(fused.dtype)
        return torch.cat([fused[:, :-1], count], dim=1), gate


class ShiftChannels(_OtherEncoder):
    """The shifts are given as constant channels."""

    encoder_kind = _ExtraChannels


class SteeredShift(_OtherEncoder):
    """The shifts steer the first convolution by their polynomials."""

    encoder_kind = _PolynomialChannels


class Unplaced(_OtherEncoder):
    """No innovations at sub-pixel positions."""

    encoder_kind = _Unplaced


class MeanFusion(_OtherEncoder):
    """Mean fusion over dates."""

    encoder_kind = _MeanFusion


class Unmasked(_OtherEncoder):
    """No mask in the attention."""

    encoder_kind = _Unmasked


class OneNetwork(SuperResolver):
    """No regression head: the denoiser alone, on the residual over bicubic, whose answer at t = 0 is the mean."""

    def __init__(self, config: NetworkConfig | None = None):
        super().__init__(config)
        self.mean_head = self.std_head = nn.Identity()  # type: ignore[assignment]

    def features(self, batch: SeriesBatch) -> tuple[Tensor, Tensor]:
        """(features, bicubic image) of the target date."""
        shared = self._shared(batch)
        return shared.features, sensor.upsample(shared.filled, self.config.factor)

    def condition(self, features: Tensor) -> Condition:
        """The features alone: there is no mean to be shown."""
        return self.denoiser.condition(features, None)

    def encode(self, batch: SeriesBatch) -> Prediction:
        """The mean is F* at t = 0, where the network sees zeros; the spread is only the unit of the residual."""
        features, bicubic = self.features(batch)
        given = bicubic.shape[1]
        nothing = self._with_all_bands(torch.zeros_like(bicubic))
        residual = self.denoise(nothing, torch.zeros(len(nothing), device=nothing.device), self.condition(features))[:, :given]
        unit = self.residual_std[:, :given].expand_as(bicubic)
        return Prediction(bicubic + unit * residual, unit * self.calibration[:, :given], features)

    def sample(self, prediction: Prediction, noise: Tensor, steps: int, trim: Trim = NO_SIDE) -> Tensor:
        """From noise to the residual over bicubic in ``steps`` Euler steps on the path of ``models.diffusion``; the first is the mean's."""
        given, condition = noise.shape[1], self.condition(prediction.features)
        unit, step = self.residual_std[:, :given], 1 / steps
        zeros = self._with_all_bands(torch.zeros_like(noise))
        slope = self.denoise(zeros, torch.zeros(len(noise), device=noise.device), condition)[:, :given]
        bicubic = prediction.mean - unit * slope
        state = noise + step * math.pi / 2 * slope
        for number in range(1, steps):
            t = torch.full((len(noise),), number * step, device=noise.device)
            state = state + step * math.pi / 2 * self.denoise(self._with_all_bands(state), t, condition)[:, :given]
        return trim.crop(bicubic + unit * state, self.config.factor * self.draw_trim(steps))


def one_network_objective(
    network: OneNetwork, batch: TrainingBatch, generator: torch.Generator, processes: Processes = ALONE
) -> tuple[Tensor, dict[str, float]]:
    """|F - F*|^2 of the residual over bicubic, a quarter of the samples at t = 0, where the network sees zeros; everything learns."""
    features, bicubic = network.features(batch.series)
    present = batch.weight > 0
    residual = ((batch.truth - bicubic) / network.residual_std).clamp(-RESIDUAL_LIMIT, RESIDUAL_LIMIT) * present
    samples = processes.count * len(residual)  # noise and times are drawn for the whole batch
    noise = processes.part(torch.randn(samples, *residual.shape[1:], generator=generator)).to(residual.device) * present
    t = training_times(samples, generator)
    t = processes.part(torch.where(torch.rand(samples, generator=generator) < SHARE_AT_ZERO, torch.zeros_like(t), t)).to(residual.device)
    noisy, target = corrupt(residual, noise, t)
    weight = inner(batch.weight.expand_as(batch.truth))
    error = inner(network.denoise(noisy * (t > 0).view(-1, 1, 1, 1), t, network.condition(features)) - target) ** 2 * weight
    loss = error.mean() / processes.mean(weight.mean()).clamp(min=1e-3)
    return loss, {"loss": loss.item()}
