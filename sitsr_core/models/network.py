"""The whole model: temporal encoder, coarse-grid trunk, mean and spread heads, and the denoiser that draws what the mean leaves out.

Predict, then refine (as in corrective diffusion, Mardani et al. 2023): one evaluation gives the mean E[x | series] and the standard
deviation of its error; the diffusion model draws the normalised residual r = (x - mean) / std, so that nothing is invented where the
mean is certain. The three products share everything up to the features.
"""

import math
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sitsr_core import sensor
from sitsr_core.models import diffusion
from sitsr_core.models.blocks import BLOCK_RADIUS, ResidualBlock, through
from sitsr_core.models.composite import composite
from sitsr_core.models.data_fidelity import SEEN_RADIUS, seen_by_dates
from sitsr_core.models.denoiser import Condition, Denoiser
from sitsr_core.models.detail_noise import detail_noise, filter_radius
from sitsr_core.models.extend import EXTEND_RADIUS, extended
from sitsr_core.models.gradient_step import STEP_RADIUS, GradientStep
from sitsr_core.models.harmonise import HARMONISE_RADIUS, harmonised
from sitsr_core.models.temporal_encoder import INNOVATION_SCALE, AlignedDates, TemporalEncoder
from sitsr_core.models.trim import NO_SIDE, Trim

if TYPE_CHECKING:
    from sitsr_core.models.card import ModelCard

LOG_STD = (-5.0, 2.0)  # of the spread's unit: an error of more than 0.15 or so is no error of detail
# Of what a guided draw adds to the mean. 1 is a draw of the posterior; with this one has 7 % less texture, and where the mean gains 2.5 dB
# it is as close to the truth as bicubic interpolation.
GUIDED_AMPLITUDE = 0.93
GRADIENT_WIDTH = 64  # channels of a gradient step
HEAD_RADIUS = 2  # of the heads, and of the bicubic interpolation
CONTEXT_RADIUS = HARMONISE_RADIUS + EXTEND_RADIUS  # what is read only to prepare the dates
FIDELITY_RADIUS = HEAD_RADIUS + SEEN_RADIUS  # of a draft seen by the dates
UNSAID = {"guided_draws": False}  # what files of before 0.15 do not say of their networks


@dataclass
class NetworkConfig:
    """Everything that shapes the network; stored beside the weights.

    Attributes:
        bands: names, in the order of the channels; the last may be missing in a series.
        factor: 2, 3 or 4.
        encoder_width, encoder_blocks, heads: channels, residual blocks and attention heads of the temporal encoder.
        trunk_width, trunk_blocks: channels and residual blocks between the fused dates and the heads of mean and spread.
        fidelity_blocks: residual blocks after a draft of the mean was compared with every date; 0: no draft is made.
        gradient_steps: steps that bring the mean closer to what the dates show; 0: none.
        denoiser_width, denoiser_blocks: channels of the denoiser's half-fine grid and residual blocks of its coarse one.
        guided_draws: whether a draw is shown the mean and the spread that it refines and begins with ``detail_noise`` (since 0.15).
        center, spread: normalised pixel = (reflectance - center) / spread.
        residual_std: unit of the mean's residual over bicubic, per band.
    """

    bands: tuple[str, ...] = ("B02", "B03", "B04", "B08")
    factor: int = 4
    encoder_width: int = 64
    encoder_blocks: int = 2
    heads: int = 4
    trunk_width: int = 96
    trunk_blocks: int = 6
    fidelity_blocks: int = 2
    gradient_steps: int = 3
    denoiser_width: int = 48
    denoiser_blocks: int = 2
    guided_draws: bool = True
    center: tuple[float, ...] = (0.10, 0.10, 0.10, 0.22)
    spread: tuple[float, ...] = (0.08, 0.08, 0.10, 0.12)
    residual_std: tuple[float, ...] = (0.02, 0.02, 0.02, 0.03)

    def __post_init__(self):
        for name in ("bands", "center", "spread", "residual_std"):
            setattr(self, name, tuple(getattr(self, name)))

    def to_dict(self) -> dict:
        """Plain values."""
        return asdict(self)


@dataclass
class SeriesBatch:
    """What the network is told of a series. C may be one less than the network's bands (RGB without NIR).

    Attributes:
        reflectance: (B, T, C, h, w), 0 where invalid.
        clear: (B, T, h, w) 0 or 1; 0 also for padded dates.
        shift: (B, T, 2) coarse pixels (dy, dx): content at (r, c) of the reference date lies at (r + dy, c + dx) of date i.
        shift_known: (B, T) 0 or 1.
        days: (B, T) days of date i minus target day.
        reference: (B,) index of the reference date.
        trim: sides beyond which the image goes on; the network leaves out there what feels that (``SuperResolver.trim`` pixels).
    """

    reflectance: Tensor
    clear: Tensor
    shift: Tensor
    shift_known: Tensor
    days: Tensor
    reference: Tensor
    trim: Trim = NO_SIDE

    def to(self, *args) -> "SeriesBatch":
        """Move to a device."""
        tensors: dict[str, Any] = {name: value.to(*args) for name, value in vars(self).items() if isinstance(value, Tensor)}
        return replace(self, **tensors)


@dataclass
class Prediction:
    """mean, std (B, C, 4h, 4w) reflectance; features (B, F, h, w) for the denoiser."""

    mean: Tensor
    std: Tensor
    features: Tensor


@dataclass
class _Shared:
    """features (B, F, h, w) of the trunk, the filled reference date (B, C, h, w), and the dates as the encoder used them."""

    features: Tensor
    filled: Tensor
    dates: AlignedDates


def filled_reference(batch: SeriesBatch) -> Tensor:
    """The reference date, with its cloudy pixels replaced by the clear dates nearest in time: (B, C, h, w).

    Pixels that are clear on no date are taken for the ground around them (``extended``).
    """
    row = torch.arange(len(batch.reference), device=batch.reference.device)
    clear = batch.clear[row, batch.reference][:, None]
    others = composite(batch.reflectance, batch.clear, batch.days)
    return extended(clear * batch.reflectance[row, batch.reference] + (1 - clear) * others, batch.clear.amax(1))


class SuperResolver(nn.Module):
    """A series in, the fine image of a target date out. See ``encode`` and ``sample``."""

    alignment = 2

    center: Tensor
    spread: Tensor
    residual_std: Tensor
    psf_sigma: Tensor
    calibration: Tensor

    def __init__(self, config: NetworkConfig | None = None):
        super().__init__()
        self.card: ModelCard | None = None
        self.config = config = config or NetworkConfig()
        bands, outputs = len(config.bands), len(config.bands) * config.factor**2
        self.encoder = TemporalEncoder(bands, config.encoder_width, config.encoder_blocks, config.heads, config.factor)
        self.trunk_in = nn.Conv2d(self.encoder.outputs, config.trunk_width, 1)
        self.trunk = nn.ModuleList(ResidualBlock(config.trunk_width) for _ in range(config.trunk_blocks))
        if config.fidelity_blocks:
            self.draft_head = nn.Conv2d(config.trunk_width, outputs, 3, padding=1)
            self.fidelity_in = nn.Conv2d((bands + 1) * config.factor**2, config.trunk_width, 1)
        self.fidelity = nn.ModuleList(ResidualBlock(config.trunk_width) for _ in range(config.fidelity_blocks))
        self.mean_head = nn.Conv2d(config.trunk_width, outputs, 3, padding=1)
        self.gradient_steps = nn.ModuleList(
            GradientStep(bands, config.trunk_width, GRADIENT_WIDTH, config.factor) for _ in range(config.gradient_steps)
        )  # fmt: skip
        self.std_head = nn.Sequential(
            nn.Conv2d(config.trunk_width, 32, 3, padding=1), nn.ReLU(), nn.Conv2d(32, outputs, 3, padding=1)
        )  # fmt: skip
        self.denoiser = Denoiser(
            bands, config.trunk_width, config.denoiser_width, config.denoiser_blocks, config.factor, config.guided_draws
        )  # fmt: skip
        for name in ("center", "spread", "residual_std"):
            self.register_buffer(name, torch.tensor(getattr(config, name)).view(1, -1, 1, 1), persistent=False)
        self.register_buffer("psf_sigma", torch.tensor([sensor.psf_sigma(b, config.factor) for b in config.bands]), persistent=False)
        self.register_buffer("calibration", torch.ones(1, bands, 1, 1))

    def encode(self, batch: SeriesBatch) -> Prediction:
        """Mean and standard deviation of the target date, and the features that every sample shares.

        On the sides of ``batch.trim`` without the ``trim`` pixels, which feel what lies beyond, and without computing what only they need.
        """
        return self._predict(self._shared(batch), batch.trim)

    def mean(self, batch: SeriesBatch) -> Tensor:
        """The mean of ``encode`` alone."""
        return self._mean(self._shared(batch), batch.trim)

    def _shared(self, batch: SeriesBatch) -> _Shared:
        """What mean and spread are made from; trimmed to the pixels whose features do not feel the edge."""
        batch = replace(batch, reflectance=harmonised(batch.reflectance, batch.clear, batch.days, batch.reference))
        filled, trim = filled_reference(batch), batch.trim
        reflectance, clear, filled = (trim.crop(images, CONTEXT_RADIUS) for images in (batch.reflectance, batch.clear, filled))
        batch = replace(batch, reflectance=reflectance, clear=clear)
        clear = batch.clear.to(batch.reflectance.dtype)
        pixels = (self._with_all_bands(batch.reflectance) - self.center[:, None]) / self.spread[:, None] * clear[:, :, None]
        known = (self._with_all_bands(filled) - self.center) / self.spread
        fused, dates = self.encoder(pixels, known, clear, batch.shift, batch.shift_known, batch.days, batch.reference, trim)
        features = through(self.trunk, self.trunk_in(fused.contiguous(memory_format=torch.channels_last)), trim)
        dates = dates.cropped(BLOCK_RADIUS * len(self.trunk), trim)
        filled = trim.crop(filled, self.encoder.radius + BLOCK_RADIUS * len(self.trunk))
        if self.fidelity:
            misfit = self._misfit(features, filled, dates, trim)
            features = trim.crop(features, FIDELITY_RADIUS)
            features = through(self.fidelity, features + self.fidelity_in(misfit), trim)
            margin = FIDELITY_RADIUS + BLOCK_RADIUS * len(self.fidelity)
            dates, filled = dates.cropped(margin, trim), trim.crop(filled, margin)
        return _Shared(features, filled, dates)

    def _misfit(self, features: Tensor, filled: Tensor, dates: AlignedDates, trim: Trim) -> Tensor:
        """What each date holds beyond what it would show of a draft of the mean, at the date's sub-pixel positions."""
        draft = (self._estimate(self.draft_head(features), self._with_all_bands(filled), trim) - self.center) / self.spread
        draft = trim.pad(draft, SEEN_RADIUS * self.config.factor, "replicate")
        seen = seen_by_dates(draft, dates.shift, self.psf_sigma, self.config.factor)
        dates = dates.cropped(FIDELITY_RADIUS, trim)
        clear = dates.clear[:, :, None]
        misfit = torch.cat([INNOVATION_SCALE * (dates.pixels - seen) * clear, clear], dim=2)
        return self.encoder.placed_sum(misfit, dates.positions, dates.gate * clear)

    def _predict(self, shared: _Shared, trim: Trim) -> Prediction:
        # The spread must not bend the features away from the mean.
        log_std = self._fine(self.std_head(shared.features.detach()), shared.filled, trim)
        bands = shared.filled.shape[1]
        unit = self.residual_std[:, :bands] * self.calibration[:, :bands]
        margin = STEP_RADIUS * len(self.gradient_steps)
        std = trim.crop(unit * torch.exp(log_std.clamp(*LOG_STD)), self.config.factor * margin)
        return Prediction(self._mean(shared, trim), std, trim.crop(shared.features, HEAD_RADIUS + margin))

    def _mean(self, shared: _Shared, trim: Trim) -> Tensor:
        # With all bands, because a band that the series lacks is seen as 0 by the training too.
        mean = self._estimate(self.mean_head(shared.features), self._with_all_bands(shared.filled), trim)
        features, dates = trim.crop(shared.features, HEAD_RADIUS), shared.dates.cropped(HEAD_RADIUS, trim)
        image = (mean - self.center) / self.spread
        for step in self.gradient_steps:
            pull, change = step(image, dates, features, self.psf_sigma, trim)
            image = trim.crop(image, self.config.factor * STEP_RADIUS)
            features, dates = trim.crop(features, STEP_RADIUS), dates.cropped(STEP_RADIUS, trim)
            image = image + pull + self.residual_std / self.spread * change
        return (self.center + self.spread * image)[:, : shared.filled.shape[1]]

    def _estimate(self, outputs: Tensor, filled: Tensor, trim: Trim) -> Tensor:
        """A mean from its head's outputs: bicubic interpolation and the residual."""
        residual = self._fine(outputs, filled, trim)
        bicubic = sensor.upsample(filled, self.config.factor)
        bicubic = trim.crop(bicubic, self.config.factor * HEAD_RADIUS)
        return bicubic + self.residual_std[:, : filled.shape[1]] * residual

    def _fine(self, outputs: Tensor, filled: Tensor, trim: Trim) -> Tensor:
        """A head's outputs on the fine grid, in the bands of the series, trimmed by ``HEAD_RADIUS``."""
        outputs = trim.crop(outputs, HEAD_RADIUS)
        return F.pixel_shuffle(outputs.float(), self.config.factor)[:, : filled.shape[1]]

    def sample(self, prediction: Prediction, noise: Tensor, steps: int, trim: Trim = NO_SIDE) -> Tensor:
        """One draw of the target date, (B, C, 4h, 4w) reflectance, from N(0, 1) noise of that shape in ``steps`` evaluations.

        On the sides of ``trim`` without the ``draw_trim`` pixels, which feel what lies beyond, and without computing what only they need.
        """
        given, radius = noise.shape[1], self.denoiser.radius
        spread = prediction.std / self.calibration[:, :given]
        condition = self.denoiser.condition(prediction.features, self.detail(prediction.mean, spread))

        def crop(images: Tensor) -> Tensor:
            return trim.crop(images, self.config.factor * radius)

        def denoise(state: Tensor, t: Tensor) -> Tensor:
            nonlocal condition
            slope = crop(self.denoise(self._with_all_bands(state), t, condition)[:, :given])
            condition = condition.cropped(radius, trim)
            return slope

        residual = diffusion.sample(denoise, self.first_noise(noise), steps, crop)
        mean, spread = (trim.crop(images, self.config.factor * self.draw_trim(steps)) for images in (prediction.mean, spread))
        amplitude = GUIDED_AMPLITUDE if self.config.guided_draws else 1.0
        return mean + amplitude * spread * residual

    def first_noise(self, white: Tensor) -> Tensor:
        """What a draw begins with, from white noise (B, given, 4h, 4w)."""
        if not self.config.guided_draws:
            return white
        return detail_noise(white, self.config.bands[: white.shape[1]], self.config.factor)

    def _with_all_bands(self, pixels: Tensor) -> Tensor:
        """(..., given, H, W) -> (..., C, H, W): a band that the series lacks is all 0, as the training shows it."""
        return F.pad(pixels, (0, 0, 0, 0, 0, len(self.config.bands) - pixels.shape[-3]))

    def detail(self, mean: Tensor, spread: Tensor) -> Tensor:
        """What a draw is shown of the image that it refines, (B, 2 C, 4h, 4w): mean and log std (not calibrated), normalised."""
        given = mean.shape[1]
        shown = (mean - self.center[:, :given]) / self.spread[:, :given], torch.log(spread / self.residual_std[:, :given])
        return torch.cat([self._with_all_bands(part) for part in shown], dim=1)

    def denoise(self, noisy: Tensor, t: Tensor, condition: Condition) -> Tensor:
        """F for a noisy normalised residual (B, C, 4h, 4w), float32."""
        return self.denoiser(noisy, t, condition).float()

    @property
    def trim(self) -> int:
        """Coarse pixels on each side that ``encode`` needs and does not give back: the radius of mean and spread."""
        of_fidelity = FIDELITY_RADIUS + BLOCK_RADIUS * len(self.fidelity) if self.fidelity else 0
        of_steps = STEP_RADIUS * len(self.gradient_steps)
        return CONTEXT_RADIUS + self.encoder.radius + BLOCK_RADIUS * len(self.trunk) + of_fidelity + HEAD_RADIUS + of_steps

    def draw_trim(self, steps: int) -> int:
        """Coarse pixels on each side that ``sample`` does not give back."""
        return steps * self.denoiser.radius

    def halo(self, mode: str, steps: int = 4, back_projection: int = 0) -> int:
        """Coarse pixels around a tile that its result depends on, rounded up to ``alignment``."""
        of_noise = math.ceil(filter_radius(self.config.factor) / self.config.factor) if self.config.guided_draws else 0
        radius = self.trim + (self.draw_trim(steps) + of_noise if mode != "mean" else 0)
        radius += sensor.back_projection_radius(back_projection)
        return -(-radius // self.alignment) * self.alignment
