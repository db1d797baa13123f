"""Judge methods on scenes: everyone on the same pixels, with as many dates as they use, figures as mean and standard deviation over scenes.

Results are plain nested dictionaries: set -> {"scenes", "mean", "std"}; "scenes" is scene -> method -> case -> figure -> value, the others
method -> case -> figure -> value. A case is a number of dates, "8", or that with something dealt out wrongly, "8 shuffled_shifts".
"""

from collections.abc import Callable, Iterable

import numpy as np
import torch

from sitsr_core import metrics, sensor
from sitsr_core.evaluation.methods import Estimate, Method
from sitsr_core.evaluation.protocols import protocol_figures
from sitsr_core.evaluation.scene import Scene

Figures = dict[str, float]
Rows = dict[str, dict[str, Figures]]
Seen = Callable[[Scene, str, str, Estimate], None]

COVERED = (0.5, 1, 1.5, 2, 2.5, 3)  # standard deviations
SHUFFLES: dict[str, Callable[[Scene], Scene]] = {
    "shuffled_shifts": Scene.with_shuffled_shifts,
    "shuffled_dates": Scene.with_shuffled_days,
}
SHUFFLED_DATES = 8


def figures(estimate: Estimate, scene: Scene, protocols: tuple[str, ...] = ()) -> Figures:
    """All figures of one estimate. What has no ground is left out: coverage without a std, homogeneous pixels where there are none."""
    judged = list(scene.judged)
    image, truth, mask, factor = estimate.image[judged], scene.truth, scene.mask, scene.factor
    found = {
        "psnr": metrics.psnr(image, truth, mask),
        "cpsnr": metrics.cpsnr(image, truth, mask),
        "ssim": metrics.ssim(image, truth, mask),
        "sam": metrics.sam(image, truth, mask) if len(truth) > 1 else float("nan"),
        "ergas": metrics.ergas(image, truth, mask, factor=factor),
        "consistency": consistency(estimate.image, scene),
        "spectrum_ratio": metrics.spectrum_ratio(image, truth, factor=factor),
        "homogeneous_std_ratio": metrics.homogeneous_std_ratio(image, truth, mask),
    }
    if estimate.std is not None:
        std = estimate.std[judged]
        found |= {f"coverage_{k}std": metrics.coverage(image, std, truth, k, mask) for k in COVERED}
        found["std_correlation"] = metrics.std_correlation(image, std, truth, mask)
    found |= protocol_figures(protocols, image, scene)
    return {name: value for name, value in found.items() if not np.isnan(value)}


def consistency(image: np.ndarray, scene: Scene) -> float:
    """Mean |A x - y| in reflectance over the clear pixels of the reference date, without the border."""
    observed, clear = scene.observed()
    seen = sensor.observe(torch.from_numpy(image)[None], scene.bands, scene.factor)
    misfit = (seen - observed)[0, list(scene.judged)].abs().numpy()
    border = -(-metrics.BORDER // scene.factor)
    inside = slice(border, -border)
    counted = clear[0, 0, inside, inside].numpy() > 0
    return float(misfit[:, inside, inside][:, counted].mean()) if counted.any() else float("nan")


def cases(method: Method, dates: int) -> list[str]:
    """The cases that a method is judged in on a scene of so many dates."""
    found = [str(number) for number in sorted({min(number, dates) for number in method.numbers})]
    if method.shuffled and dates > 2:  # one other date has nothing to swap with
        found += [f"{min(dates, SHUFFLED_DATES)} {shuffle}" for shuffle in SHUFFLES]
    return found


def _of(scene: Scene, case: str) -> Scene:
    number, _, shuffle = case.partition(" ")
    picked = scene.with_dates(int(number))
    return SHUFFLES[shuffle](picked) if shuffle else picked


def evaluate_scene(methods: Iterable[Method], scene: Scene, protocols: tuple[str, ...] = (), seen: Seen | None = None) -> Rows:
    """Method -> case -> figures."""
    wanted = {method.name: cases(method, scene.dates) for method in methods}
    rows: Rows = {name: {} for name in wanted}
    for case in dict.fromkeys(case for found in wanted.values() for case in found):
        picked = _of(scene, case)  # one object for all methods: products of one model share its features
        for method in methods:
            if case in wanted[method.name]:
                estimate = method.predict(picked)
                rows[method.name][case] = figures(estimate, picked, protocols)
                if seen is not None:
                    seen(scene, method.name, case, estimate)
    return {name: {case: row[case] for case in wanted[name]} for name, row in rows.items()}


def evaluate(
    methods: list[Method],
    scenes: list[Scene],
    slow_scenes: int | None = None,
    protocols: tuple[str, ...] = (),
    seen: Seen | None = None,
) -> dict:
    """Results of one set (see the module).

    Args:
        methods: who is judged.
        scenes: of the set.
        slow_scenes: slow methods are judged on so many of the first scenes only, when it is given.
        protocols: of others, whose figures are wanted too (``protocols.PROTOCOLS``).
        seen: told every estimate with its scene, method and case.
    """
    found = {}
    for number, scene in enumerate(scenes):
        judged = [method for method in methods if slow_scenes is None or number < slow_scenes or not method.slow]
        found[scene.name] = evaluate_scene(judged, scene, protocols, seen)
    return {"scenes": found, "mean": _over_scenes(found, np.mean), "std": _over_scenes(found, np.std)}


def _over_scenes(found: dict[str, Rows], reduce: Callable) -> Rows:
    """Each figure reduced over the scenes that have it."""
    gathered: dict[str, dict[str, dict[str, list[float]]]] = {}
    for rows in found.values():
        for method, row in rows.items():
            for case, values in row.items():
                target = gathered.setdefault(method, {}).setdefault(case, {})
                for figure, value in values.items():
                    target.setdefault(figure, []).append(value)
    return {
        method: {case: {figure: float(reduce(values)) for figure, values in row.items()} for case, row in rows.items()}
        for method, rows in gathered.items()
    }


def numbers(row: dict[str, Figures]) -> list[int]:
    """The numbers of dates among a method's cases, ascending."""
    return sorted(int(case) for case in row if case.isdigit())


def gains(result: dict, method: str, number: int | None = None) -> list[float]:
    """dB that each scene gains by ``number`` dates (default: all that it has) over one; scenes that lack either are left out."""
    found = []
    for rows in result["scenes"].values():
        given = numbers(rows.get(method, {}))
        most = number if number is not None else max(given, default=1)
        if most in given and 1 in given and most > 1:
            found.append(rows[method][str(most)]["psnr"] - rows[method]["1"]["psnr"])
    return found
