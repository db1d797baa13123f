"""Says whether this environment can super-resolve: imports, versions, a real convolution, the bundled model, a tiny prediction."""

import importlib
import importlib.metadata
import json
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sitsr_core import __version__
from sitsr_core.errors import SitsrError
from sitsr_core.job import FACTOR, SuperResolutionJob

LIBRARIES = ("numpy", "torch", "rasterio", "einops", "safetensors", "scikit-image", "tqdm")
_IMPORT_NAMES = {"scikit-image": "skimage"}
TINY = 24  # input pixels a side of the prediction


def run_selftest(device: str = "auto") -> dict:
    """Run all checks; later ones are skipped when an earlier one fails.

    Returns:
        {"ok", "version", "python", "platform", "versions": {library: version}, "device", "device_reason", "precision",
        "checks": [{"name", "ok", "detail", "seconds"}]}
    """
    report: dict = {"ok": True, "version": __version__, "python": platform.python_version(), "platform": platform.platform()}
    report |= {"versions": {}, "device": "", "device_reason": "", "precision": "", "checks": []}
    checks: tuple[tuple[str, Callable[[dict, str], str]], ...] = (
        ("imports", _imports),
        ("device", _device),
        ("convolution", _convolution),
        ("model", _model),
        ("prediction", _prediction),
    )
    for name, check in checks:
        start = time.perf_counter()
        try:
            ok, detail = True, check(report, device)
        except SitsrError as error:
            ok, detail = False, str(error)
        except Exception as error:
            ok, detail = False, f"{type(error).__name__}: {error}"
        report["checks"].append({"name": name, "ok": ok, "detail": detail, "seconds": round(time.perf_counter() - start, 3)})
        if not ok:
            report["ok"] = False
            break
    return report


def _imports(report: dict, _: str) -> str:
    for library in LIBRARIES:
        importlib.import_module(_IMPORT_NAMES.get(library, library))
        report["versions"][library] = importlib.metadata.version(library)
    import rasterio

    report["versions"]["gdal"] = rasterio.__gdal_version__
    return ", ".join(f"{name} {version}" for name, version in report["versions"].items())


def _device(report: dict, device: str) -> str:
    from sitsr_core.inference.device import choose_device

    choice = choose_device(device)
    report |= {"device": choice.device, "device_reason": choice.reason, "precision": choice.precision}
    return f"{choice.device} in {choice.precision}: {choice.reason}"


def _convolution(report: dict, _: str) -> str:
    """A convolution on the device against the same one computed by shifting and adding in NumPy."""
    import numpy as np
    import torch

    generator = np.random.default_rng(0)
    image, kernel = generator.standard_normal((1, 3, 16, 16)).astype("f4"), generator.standard_normal((4, 3, 3, 3)).astype("f4")
    expected = sum(
        np.einsum("oc,chw->ohw", kernel[:, :, i, j], image[0, :, i : i + 14, j : j + 14]) for i in range(3) for j in range(3)
    )  # fmt: skip
    device, dtype = report["device"], getattr(torch, report["precision"])
    found = torch.nn.functional.conv2d(torch.from_numpy(image).to(device, dtype), torch.from_numpy(kernel).to(device, dtype))
    error = float(np.abs(found.float().cpu().numpy()[0] - expected).max())
    if error > (1e-3 if report["precision"] == "float32" else 0.3):
        raise ArithmeticError(f"a convolution on {device} is wrong by {error:.3g}")
    return f"largest error {error:.2g}"


def _model(report: dict, _: str) -> str:
    from sitsr_core.models.card import load_model

    network = load_model()
    count = sum(parameter.numel() for parameter in network.parameters())
    name = network.card.name if network.card else "?"
    return f"{name}, {count / 1e6:.1f} million parameters"


def _prediction(report: dict, device: str) -> str:
    import numpy as np
    import rasterio

    from sitsr_core.inference.engine import super_resolve

    with tempfile.TemporaryDirectory() as folder:
        paths = [_write_tiny(Path(folder) / f"tiny_{date}.tif", seed) for seed, date in enumerate(("20240601", "20240611"))]
        output = str(Path(folder) / "fine.tif")
        result = super_resolve(SuperResolutionJob(inputs=paths, output=output, device=device))
        with rasterio.open(output) as dataset:
            pixels = dataset.read()
        if pixels.shape != (4, TINY * FACTOR, TINY * FACTOR) or not np.any(pixels):
            raise ArithmeticError("the prediction is empty")
        return f"{TINY} x {TINY} pixels, 2 dates, {result.seconds:.1f} s"


def _write_tiny(path: Path, seed: int) -> str:
    import numpy as np
    import rasterio

    generator = np.random.default_rng(seed)
    ramp = np.linspace(600, 1800, TINY)[None, :, None] + np.linspace(0, 700, TINY)[None, None, :]
    pixels = (ramp + generator.normal(0, 40, (4, TINY, TINY)) + np.array([0, 100, 150, 1500])[:, None, None]).astype("uint16")
    transform = rasterio.transform.from_origin(500000, 4600000, 10, 10)
    with rasterio.open(path, "w", "GTiff", TINY, TINY, 4, "EPSG:32631", transform, "uint16", nodata=0) as dataset:
        dataset.write(pixels)
        dataset.descriptions = ("B02", "B03", "B04", "B08")
    return str(path)


def format_text(report: dict) -> str:
    """The report for a terminal."""
    lines = [f"sitsr {report['version']}, Python {report['python']}, {report['platform']}"]
    lines += [f"{'ok  ' if check['ok'] else 'FAIL'}  {check['name']:<12} {check['detail']}" for check in report["checks"]]
    return "\n".join([*lines, "This environment works." if report["ok"] else "This environment does not work."])


def main(arguments: list[str] | None = None) -> int:
    """``python -m sitsr_core.selftest [device]`` prints the report as one line of JSON."""
    arguments = sys.argv[1:] if arguments is None else arguments
    report = run_selftest(arguments[0] if arguments else "auto")
    sys.stdout.write(json.dumps(report) + "\n")
    return 0 if report["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
