"""Simulated series: what Sentinel-2 would have seen of a place on T dates, when the place, the sky and the geometry change.

The sensor model is that of ``sensor.py`` with a jittered PSF; each date has its own sub-pixel shift, gain, offset and noise. Change is part
of the simulation, because a network trained on scenes that stand still is destroyed by real dates: regions of the image change their
reflectance or are replaced by another scene, haze and clouds pass (the mask knows them imperfectly), shifts are known with an error
or not at all. Everything after the sensor happens on the coarse grid, where it is cheap.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from sitsr_core import sensor
from sitsr_core.models.network import SeriesBatch
from sitsr_core.sensor import FACTOR
from sitsr_core.series.acquisition import BANDS

MARGIN = 12  # fine pixels around the truth that shifted dates see


@dataclass
class SimulationConfig:
    """How far the simulated dates differ. Probabilities are per date unless said otherwise; reflectance units.

    Attributes:
        steady: share of samples without any change (only shift, noise and a small gain).
        shift: half-width in coarse pixels of the uniform shifts.
        nearly_unshifted: share of samples whose shifts are N(0, 0.05).
        shift_error: largest std of the error of the known shifts, coarse pixels; each sample draws its own, mostly small ones: the product
            estimates shifts to 0.01 where nothing changes.
        shift_unknown, shift_wrong: dates whose shift is not told, or told with a further error of N(0, 0.3).
        noise: smallest and largest std at a reflectance of 0.15; it grows with the square root of the signal.
        psf_jitter: std of the PSF's relative width, one draw a sample.
        region_change: regions turn brighter or darker, by up to exp(+-0.9) and +-0.03.
        replaced: regions show another scene of the batch.
        haze, cloud, reference_cloud: a thin veil; clouds with shadows over other dates, or over the reference.
    """

    noise: tuple[float, float] = (0.0005, 0.003)
    psf_jitter: float = 0.08
    steady: float = 0.35
    shift: float = 0.5
    nearly_unshifted: float = 0.25
    shift_error: float = 0.12
    shift_unknown: float = 0.07
    shift_wrong: float = 0.06
    region_change: float = 0.6
    replaced: float = 0.35
    haze: float = 0.15
    cloud: float = 0.2
    reference_cloud: float = 0.08


# The noise is Sentinel-2's: a signal-to-noise ratio of 150 at a reflectance of 0.15 (specified: 142 to 174 at 0.2 to 0.3).
STEADY = SimulationConfig(
    noise=(0.001, 0.001), psf_jitter=0.0, steady=1.0, nearly_unshifted=0.0, shift_error=0.0, shift_unknown=0.0, shift_wrong=0.0,
    cloud=0.0, reference_cloud=0.0,
)  # fmt: skip


@dataclass
class TrainingBatch:
    """A series, its truth (B, C, factor h, factor w), and how much of that is learned from.

    weight, of that shape, is 0 for a band or a pixel that the source lacks, 0.2 where the reference is cloudy, else 1.
    """

    series: SeriesBatch
    truth: Tensor
    weight: Tensor

    @property
    def factor(self) -> int:
        """Fine pixels in a coarse one, along an axis."""
        return self.truth.shape[-1] // self.series.clear.shape[-1]


def sampling_matrix(shift: Tensor, sigma: Tensor, coarse: int, fine: int, margin: int = MARGIN, factor: int = FACTOR) -> Tensor:
    """Rows that blur and sample one axis: (..., coarse, fine), each row a normalised Gaussian centred on the shifted coarse pixel.

    Content at coordinate r of the reference lies at r + shift, so pixel i of the date sees the fine coordinate of i - shift.
    """
    centre = margin + factor * (torch.arange(coarse) - shift[..., None]) + (factor - 1) / 2
    distance = (torch.arange(fine) - centre[..., None]) / sigma[..., None, None]
    kernel = torch.exp(-0.5 * distance**2)
    return kernel / kernel.sum(-1, keepdim=True)


def observe_shifted(scenes: Tensor, shift: Tensor, sigma: Tensor, coarse: int, factor: int = FACTOR) -> Tensor:
    """scenes (B, T, C, H, W), shift (B, T, 2) coarse pixels, sigma (B, C) fine pixels -> (B, T, C, coarse, coarse)."""
    sigma = sigma[:, None].expand(*scenes.shape[:3])
    rows = sampling_matrix(shift[..., :1].expand_as(sigma), sigma, coarse, scenes.shape[3], factor=factor)
    columns = sampling_matrix(shift[..., 1:].expand_as(sigma), sigma, coarse, scenes.shape[4], factor=factor)
    return rows @ scenes @ columns.transpose(-1, -2)


def smooth_field(shape: tuple[int, int], size: int, cells: int, generator: torch.Generator) -> Tensor:
    """Smooth random fields in [-1, 1] or so: shape + (size, size)."""
    seed = torch.randn(1, shape[0] * shape[1], cells, cells, generator=generator)
    return F.interpolate(seed, size=(size, size), mode="bicubic", align_corners=False).view(*shape, size, size)


def _uniform(shape: tuple[int, ...], low: float, high: float, generator: torch.Generator) -> Tensor:
    return low + (high - low) * torch.rand(shape, generator=generator)


def _chosen(shape: tuple[int, ...], probability: float, generator: torch.Generator) -> Tensor:
    return (torch.rand(shape, generator=generator) < probability).float()


def change_regions(y: Tensor, active: Tensor, config: SimulationConfig, generator: torch.Generator) -> Tensor:
    """Regions of a date turn brighter, darker or into another scene, and the whole date gets a gain and an offset. active (B, T) 0 or 1."""
    batch, dates, bands, size, _ = y.shape
    small = active[..., None] * torch.randn(batch, dates, bands, generator=generator)
    y = y * torch.exp(0.08 * small)[..., None, None] + 0.004 * small[..., None, None]
    for cells in (3, 6):
        region = torch.sigmoid(12 * (smooth_field((batch, dates), size, cells, generator) - 0.5))
        region = region * (active * _chosen((batch, dates), config.region_change, generator))[..., None, None]
        gain = (
            _uniform((batch, dates, 1), -0.6, 0.6, generator)[..., None, None]
            + _uniform((batch, dates, bands), -0.3, 0.3, generator)[..., None, None]
        )
        offset = _uniform((batch, dates, bands), -0.03, 0.03, generator)[..., None, None]
        y = y * torch.exp(gain * region[:, :, None]) + offset * region[:, :, None]
    region = torch.sigmoid(12 * (smooth_field((batch, dates), size, 4, generator) - 0.3))
    region = (region * (active * _chosen((batch, dates), config.replaced, generator))[..., None, None])[:, :, None]
    return y * (1 - region) + y.roll(1, 0).flip(-1) * region


def add_clouds(y: Tensor, chance: Tensor, config: SimulationConfig, active: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Haze and clouds over some dates: (pixels, clear mask as an imperfect detector would give it). chance, active (B, T)."""
    batch, dates, _, size, _ = y.shape
    veil = torch.sigmoid(2 * smooth_field((batch, dates), size, 3, generator))
    veil = veil * (active * _chosen((batch, dates), config.haze, generator) * _uniform((batch, dates), 0, 0.35, generator))[..., None, None]
    y = y * (1 - veil[:, :, None]) + 0.35 * veil[:, :, None]
    field = smooth_field((batch, dates), size, 4, generator) + _uniform((batch, dates), -0.5, 0.8, generator)[..., None, None]
    cloudy = (torch.rand(batch, dates, generator=generator) < chance).float()[..., None, None]
    opacity = torch.sigmoid(8 * field) * cloudy
    shade = 1 - 0.5 * torch.sigmoid(8 * field.roll((5, -4), (-2, -1))) * cloudy * (1 - opacity)
    y = y * (shade * (1 - opacity))[:, :, None] + (_uniform((batch, dates), 0.35, 0.9, generator)[..., None, None] * opacity)[:, :, None]
    threshold = _uniform((batch, dates), 0.03, 0.25, generator)[..., None, None]
    clear = ((opacity < threshold) & (shade > 1 - 2 * threshold)).float()
    missed = (active * _chosen((batch, dates), 0.1, generator))[..., None, None]  # a detector that saw nothing
    return y, torch.maximum(clear, missed)


def simulate(
    scenes: Tensor, weight: Tensor, days: Tensor, reference: Tensor, intrinsic: Tensor,
    valid: Tensor, config: SimulationConfig, generator: torch.Generator, bands: tuple[str, ...] = BANDS,
    factor: int = FACTOR,
) -> TrainingBatch:  # fmt: skip
    """A training batch from fine scenes.

    Args:
        scenes: (B, T, C, factor h + 2 MARGIN, factor w + 2 MARGIN) reflectance of each date (the same one T times where only one is known).
        weight: (B, C) 1 where the source has the band.
        days: (B, T) signed days from the target date.
        reference: (B,) index of the date whose fine image is the truth.
        intrinsic: (B, T, 2) shift of the scenes themselves against the reference's, coarse pixels.
        valid: (B, factor h + 2 MARGIN, factor w + 2 MARGIN) 1 where the scenes have data; what else it touches is not
            clear and is not learned from.
        config: how the dates differ.
        generator: all randomness comes from it.
        bands: names of the C bands.
        factor: fine pixels in a coarse one, along an axis.
    """
    batch, dates, _, side, _ = scenes.shape
    coarse = (side - 2 * MARGIN) // factor
    row = torch.arange(batch)
    other = torch.ones(batch, dates)
    other[row, reference] = 0
    changing = 1 - _chosen((batch, 1), config.steady, generator)

    shift = _uniform((batch, dates, 2), -config.shift, config.shift, generator)
    still = _chosen((batch, 1), config.nearly_unshifted, generator)[..., None]
    shift = (still * 0.05 * torch.randn(batch, dates, 2, generator=generator) + (1 - still) * shift) * other[..., None]
    sigma = torch.tensor([sensor.psf_sigma(band, factor) for band in bands]) * (
        1 + config.psf_jitter * torch.randn(batch, 1, generator=generator)
    )
    y = observe_shifted(scenes, shift, sigma, coarse, factor)

    y = change_regions(y, other * changing, config, generator)
    chance = torch.where(other > 0, config.cloud, config.reference_cloud)
    y, clear = add_clouds(y, chance, config, other * changing, generator)
    noise = _uniform((batch, 1, 1, 1, 1), *config.noise, generator)
    y = y + noise * torch.randn(y.shape, generator=generator) * torch.sqrt(0.3 + 0.7 * (y.clamp(min=0) / 0.15))

    error = config.shift_error * torch.rand(batch, 1, 1, generator=generator) ** 3 * torch.randn(batch, dates, 2, generator=generator)
    error = error + _chosen((batch, dates, 1), config.shift_wrong, generator) * 0.3 * torch.randn(batch, dates, 2, generator=generator)
    known = torch.maximum(1 - _chosen((batch, dates), config.shift_unknown, generator), 1 - other)
    told = (shift + intrinsic + error) * (other * known)[..., None]

    clear = clear * (1 - F.max_pool2d(1 - valid, factor + 2 * MARGIN, stride=factor))[:, None]
    inside = slice(MARGIN, side - MARGIN)
    truth = scenes[row, reference][..., inside, inside]
    seen = F.interpolate(clear[row, reference][:, None], scale_factor=float(factor), mode="nearest")
    y = y * clear[:, :, None] * weight[:, None, :, None, None]
    weight = weight[:, :, None, None] * (0.2 + 0.8 * seen) * valid[:, None, inside, inside]
    return TrainingBatch(SeriesBatch(y, clear, told, known, days, reference), truth, weight)
