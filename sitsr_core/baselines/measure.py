"""The speed and the peak of memory of a network's usual answer, measured in a process of its own: a peak is that of a process.

``python -m sitsr_core.baselines.measure`` reads {"system", "network", "threads"} as JSON and answers with {"speed", "memory"}.
"""

import json
import subprocess
import sys
import time
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from sitsr_core.baselines.registry import find_system
from sitsr_core.errors import ModelError
from sitsr_core.inference.device import bfloat16_is_faster
from sitsr_core.models.network import SeriesBatch
from sitsr_core.training.config import TrainingConfig
from sitsr_core.training.validation import expected_image

PATCH, SLOW_PATCH = 64, 16  # coarse pixels a side; of those that take many evaluations
DATES = 8
LEAST_SECONDS = 2.0
TIMEOUT = 300.0  # seconds


@dataclass(frozen=True)
class Pace:
    """speed: coarse pixels a second. memory: MB that the process grew by, at its peak, since before the network was built, or 0."""

    speed: float
    memory: float


def measured(config: TrainingConfig, threads: int) -> Pace:
    """Measure a network of that configuration with random weights. Raises ModelError when it cannot be, or takes more than ``TIMEOUT``."""
    question = json.dumps({"system": config.system, "network": config.network.to_dict(), "threads": threads})
    command = [sys.executable, "-m", "sitsr_core.baselines.measure"]
    root = Path(__file__).resolve().parents[2]
    try:
        done = subprocess.run(command, input=question, capture_output=True, text=True, timeout=TIMEOUT, cwd=root)
        return Pace(**json.loads(done.stdout.splitlines()[-1]))
    except subprocess.TimeoutExpired as error:
        raise ModelError(f"The speed of '{config.system}' was not measured within {TIMEOUT:.0f} s.", "Its column stays empty.") from error
    except (ValueError, IndexError, TypeError) as error:
        raise ModelError(f"The speed of '{config.system}' cannot be measured.", "Its column stays empty.", done.stderr[-2000:]) from error


@torch.inference_mode()
def throughput(network: nn.Module, patch: int = PATCH, dates: int = DATES) -> float:
    """Coarse pixels a second of a network's usual answer on a random series, in the training's precision, after one call to warm up."""
    bands, generator = len(network.config.bands), torch.Generator().manual_seed(0)  # type: ignore[union-attr, arg-type]

    def series(side: int) -> SeriesBatch:
        return SeriesBatch(
            reflectance=0.2 * torch.rand(1, dates, bands, side, side, generator=generator), clear=torch.ones(1, dates, side, side),
            shift=torch.rand(1, dates, 2, generator=generator) - 0.5, shift_known=torch.ones(1, dates),
            days=torch.arange(dates)[None].float(), reference=torch.zeros(1, dtype=torch.long),
        )  # fmt: skip

    with torch.autocast("cpu", torch.bfloat16) if bfloat16_is_faster() else nullcontext():
        if patch > SLOW_PATCH:
            expected_image(network, series(SLOW_PATCH))
        batch, calls, started = series(patch), 0, time.perf_counter()
        while calls == 0 or time.perf_counter() - started < LEAST_SECONDS:
            expected_image(network, batch)
            calls += 1
    return calls * patch**2 / (time.perf_counter() - started)


def memory_megabytes(line: str) -> float:
    """ "VmRSS", this process's resident memory, or "VmHWM", its peak; 0 where the system does not tell."""
    with suppress(OSError, StopIteration):
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return float(next(text for text in lines if text.startswith(f"{line}:")).split()[1]) / 1024
    return 0.0


def forget_peak() -> None:
    """Let the peak begin anew, where the system can: what importing took is no part of the answer."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def main() -> None:
    """See the module."""
    asked = json.loads(sys.stdin.read())
    torch.set_num_threads(asked["threads"])
    system = find_system(asked["system"])
    forget_peak()
    before = memory_megabytes("VmRSS")
    network = system.build(system.config(**asked["network"])).eval()
    speed = throughput(network, SLOW_PATCH if system.slow else PATCH)
    print(json.dumps({"speed": speed, "memory": max(0.0, memory_megabytes("VmHWM") - before)}))


if __name__ == "__main__":
    main()
