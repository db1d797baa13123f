"""Others' protocols on constructed cases and against slow ways of writing them."""

import math

import numpy as np
import pytest
import torch
from fixtures import rasters
from torch.nn import functional

from sitsr_core import metrics, sensor
from sitsr_core.errors import JobError
from sitsr_core.evaluation import tables
from sitsr_core.evaluation.evaluate import evaluate
from sitsr_core.evaluation.methods import Bicubic, Estimate
from sitsr_core.evaluation.opensr import BORDER, correctness, seven_numbers
from sitsr_core.evaluation.protocols import BREIZHSR_WHITE, breizhsr, protocol_figures
from sitsr_core.evaluation.scene import Scene
from sitsr_core.models.network import SeriesBatch

RNG = np.random.default_rng(3)
HR = rasters.place(96, 96, seed=2)
LR = sensor.observe(torch.from_numpy(HR)[None], rasters.BANDS)[0].numpy()
UP = functional.interpolate(torch.from_numpy(LR)[None], scale_factor=4, mode="bilinear", antialias=True)[0].numpy()


def scene(bands: int = 4, gap: bool = False, **options: object) -> Scene:
    mask = np.ones(HR.shape[1:], bool)
    mask[:9] &= not gap
    series = SeriesBatch(
        reflectance=torch.from_numpy(LR[None, None, :bands]), clear=torch.ones(1, 1, 24, 24), shift=torch.zeros(1, 1, 2),
        shift_known=torch.ones(1, 1), days=torch.zeros(1, 1), reference=torch.zeros(1, dtype=torch.long),
    )  # fmt: skip
    return Scene("a", series, HR[:bands], mask, **options)


def test_correctness_is_its_formulas_pixel_by_pixel():
    lr, sr, hr = (0.2 + 0.05 * RNG.random((2, 6, 7)) for _ in range(3))

    def distance(x, y, r, c):
        return sum(abs(x[b, r, c] - y[b, r, c]) / abs(x[b, r, c] + y[b, r, c] + 1e-8) for b in range(2)) / 2

    places = [(r, c) for r in range(6) for c in range(7)]
    threshold = sorted(distance(lr, hr, *p) for p in places)[int(0.75 * 42) - 1]
    shares = []
    for place in places:
        ref, im, om = distance(lr, hr, *place), distance(sr, hr, *place), distance(sr, lr, *place)
        if max(ref, im, om) > threshold:
            im, om = im / ref, om / ref
            bend = 1 - math.exp(-0.05 * (im + om - 1))
            weights = [math.exp(-score / 0.25) for score in (math.exp(-0.05 * im * om), om + im * bend, im + om * bend)]
            shares.append([weight / sum(weights) for weight in weights])
    expected = dict(zip(("hallucination", "omission", "improvement"), np.mean(shares, axis=0), strict=True))
    assert correctness(lr, sr, hr) == pytest.approx(expected)
    assert sum(correctness(lr, sr, hr).values()) == pytest.approx(1)
    assert math.isnan(correctness(lr, sr, lr)["omission"])


def test_the_truth_improves_interpolation_omits_and_noise_hallucinates():
    inner = (slice(None), slice(BORDER, -BORDER), slice(BORDER, -BORDER))
    up, hr = UP[inner], HR[inner]
    noise = np.abs(up + 6 * np.abs(hr - up).mean() * RNG.standard_normal(hr.shape))
    for image, highest in ((hr, "improvement"), (up, "omission"), (noise, "hallucination")):
        found = correctness(up, image, hr)
        assert max(found, key=found.get) == highest and found[highest] > 0.6


def test_consistency_sees_brightness_colour_and_shift():
    found = seven_numbers(LR, HR, HR, (0, 1, 2))
    assert found["spatial"] < 0.05 and found["synthesis"] > 0.005
    brighter = seven_numbers(LR, 1.2 * UP, HR, (0, 1, 2))
    assert brighter["spectral"] == pytest.approx(seven_numbers(LR, UP, HR, (0, 1, 2))["spectral"], abs=1e-3)
    assert brighter["reflectance"] == pytest.approx(0.2 * LR.mean(), rel=0.25)
    tinted = UP * np.array([1.5, 1, 1, 1], np.float32)[:, None, None]
    assert seven_numbers(LR, tinted, HR, (0, 1, 2))["spectral"] > found["spectral"] + 2
    moved = np.roll(HR, (4, 0), (1, 2))  # one coarse pixel
    assert seven_numbers(LR, moved, HR, (0, 1, 2))["spatial"] == pytest.approx(1, abs=0.1)
    # what is systematic is taken out before the high frequencies are judged
    same, shifted = (seven_numbers(LR, image, HR, (0, 1, 2))["improvement"] for image in (HR, 1.1 * np.roll(HR, 1, 2) + 0.01))
    assert shifted > 0.8 * same
    with pytest.raises(ValueError, match="nothing inside a border"):
        seven_numbers(LR[:, :8, :8], HR[:, :32, :32], HR[:, :32, :32], (0,))


def test_breizhsrs_figures_are_those_of_eight_bits():
    from skimage.exposure import match_histograms

    image = np.clip(UP[:3] + 0.01 * RNG.standard_normal(UP[:3].shape), 0, 1).astype(np.float32)
    found = breizhsr(image, scene(3))
    white = np.array(BREIZHSR_WHITE)[:, None, None]
    seen, made = (np.clip(x[[2, 1, 0]] / white, 0, 1) for x in (LR[:3], image))
    truth = np.clip(np.round(255 * match_histograms(HR[[2, 1, 0]], seen, channel_axis=0)), 0, 255)
    made = np.clip(np.round(255 * made), 0, 255)
    error = ((made - truth) ** 2).mean()
    assert found["breizhsr_mse"] == pytest.approx(error, rel=1e-3)
    assert found["breizhsr_psnr"] == pytest.approx(20 * math.log10(255) - 10 * math.log10(error), abs=0.01)
    best = min(
        np.abs(truth[:, 3 + u : 93 + u, 3 + v : 93 + v] - made[:, 3:93, 3:93]).mean() for u in range(-3, 4) for v in range(-3, 4)
    )  # fmt: skip
    assert found["breizhsr_shift_mae"] == pytest.approx(best, rel=1e-3) and found["breizhsr_shift_mae"] <= found["breizhsr_mae"] + 1
    assert 0 < found["breizhsr_ssim"] < 1


def test_breizhsr_does_not_notice_the_truths_gain_and_needs_three_bands():
    one = breizhsr(UP[:3], scene(3))
    rescaled = scene(3)
    rescaled.truth = 0.4 * rescaled.truth + 0.1
    assert breizhsr(UP[:3], rescaled) == pytest.approx(one, rel=1e-3)
    with pytest.raises(JobError, match="'breizhsr' needs red, green and blue; 'a' has B02, B03"):
        breizhsr(UP[:2], scene(2))


def test_probav_counts_what_is_valid_and_scores_against_the_baseline():
    gap = scene(1, gap=True)
    gap.valid = np.ones_like(gap.mask)
    found = protocol_figures(("probav", "opensr"), UP[:1], gap)
    assert found == {"probav_cpsnr": metrics.probav_cpsnr(UP[:1], HR[:1], gap.valid)}  # opensr is for images without gaps
    scored = protocol_figures(("probav",), UP[:1], scene(1, baseline=40.0))
    assert scored["probav_score"] == pytest.approx(40 / scored["probav_cpsnr"])


def test_evaluations_carry_the_figures_that_are_asked_for():
    seen = []
    result = evaluate([Bicubic()], [scene()], None, ("opensr", "probav"), lambda *told: seen.append(told))
    row = result["mean"]["bicubic"]["1"]
    assert {name for name in row if name.startswith("opensr_")} == {
        f"opensr_{name}" for name in ("reflectance", "spectral", "spatial", "synthesis", "hallucination", "omission", "improvement")
    }  # fmt: skip
    assert "probav_cpsnr" in tables.columns([result]) and "opensr_omission" in tables.markdown("set", result)
    assert tables.summary({"set": result})["set"]["bicubic"]["opensr_omission"] == round(row["opensr_omission"], 5)
    assert len(seen) == 1 and seen[0][1:3] == ("bicubic", "1") and isinstance(seen[0][3], Estimate)
    assert "opensr_omission" not in evaluate([Bicubic()], [scene()])["mean"]["bicubic"]["1"]
