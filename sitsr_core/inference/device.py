"""Where the network runs and in which precision, with the reason in words, because the user is told."""

import platform
import re
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import perf_counter, process_time

import torch
import torch.nn.functional as F

from sitsr_core.errors import ResourceError
from sitsr_core.job import PRECISIONS

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
WORTH_ROUNDING = 1.3  # times as fast as float32 must bfloat16 be
TRIED = 128, 32  # channels and side of the convolution that is timed
REPEATS = 4
# The processor's time, in which what else the machine does has no say; Windows counts it in steps too long for a convolution.
clock = perf_counter if sys.platform == "win32" else process_time


@dataclass(frozen=True)
class DeviceChoice:
    """A device and a precision.

    Attributes:
        device: torch's name of it, e.g. ``cpu``, ``cuda:0``.
        precision: ``float32``, ``bfloat16`` or ``float16``.
        reason: why, one sentence for the user.
    """

    device: str
    precision: str
    reason: str

    @property
    def dtype(self) -> torch.dtype:
        """The precision as torch's type."""
        return DTYPES[self.precision]


def choose_device(device: str = "auto", precision: str = "auto") -> DeviceChoice:
    """The device and the precision to use.

    Args:
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:N`` or ``mps``.
        precision: ``auto`` or one of the precisions.

    Raises:
        ResourceError: the device asked for does not exist here.
    """
    if precision not in PRECISIONS:
        raise ResourceError(f"Unknown precision '{precision}'.", f"Use one of {', '.join(PRECISIONS)}.")
    name, why = _pick(device)
    if precision != "auto":
        return DeviceChoice(name, precision, f"{why} {precision} was asked for.")
    chosen, reason = _precision_of(name)
    return DeviceChoice(name, chosen, f"{why} {reason}")


def _pick(device: str) -> tuple[str, str]:
    if device == "auto":
        if torch.cuda.is_available():
            return "cuda:0", f"GPU found: {torch.cuda.get_device_name(0)}."
        if torch.backends.mps.is_available():
            return "mps", "Apple GPU found."
        return "cpu", _why_no_gpu()
    if device == "cpu":
        return "cpu", "The CPU was asked for."
    if device == "mps":
        if torch.backends.mps.is_available():
            return "mps", "The Apple GPU was asked for."
        raise ResourceError("There is no Apple GPU that PyTorch can use here.", "Use device 'auto' or 'cpu'.")
    match = re.fullmatch(r"cuda(?::(\d+))?", device)
    if match is None:
        raise ResourceError(f"Unknown device '{device}'.", "Use auto, cpu, cuda, cuda:0 or mps.")
    index = int(match.group(1) or 0)
    if not torch.cuda.is_available():
        raise ResourceError(f"The device '{device}' cannot be used: {_why_no_gpu()}", "Use device 'auto' or 'cpu'.")
    if index >= torch.cuda.device_count():
        raise ResourceError(f"There is no device '{device}': this machine has {torch.cuda.device_count()}.", "Use 'cuda:0'.")
    return f"cuda:{index}", f"GPU asked for: {torch.cuda.get_device_name(index)}."


def _why_no_gpu() -> str:
    if torch.version.cuda is None and torch.version.hip is None:
        return "This PyTorch is a CPU build."
    try:
        torch.cuda.init()
    except (RuntimeError, AssertionError) as error:  # a driver that is missing or too old, said with its version
        cause = str(error).partition(". ")[0].partition("\n")[0].rstrip(".")
        return f"PyTorch finds no GPU: {cause}."
    return "PyTorch finds no GPU."


def _precision_of(device: str) -> tuple[str, str]:
    if device.startswith("cuda"):
        if torch.cuda.is_bf16_supported(including_emulation=False):
            return "bfloat16", "It computes bfloat16."
        return "float16", "It has no bfloat16, so float16 is used."
    if device == "mps":
        return "float32", "float32 is used, which every Apple GPU computes alike."
    if not cpu_has_bfloat16():
        return "float32", "The CPU has no bfloat16 instructions, so float32 is used."
    if bfloat16_is_faster():
        return "bfloat16", "The CPU computes faster in bfloat16."
    return "float32", "The CPU has bfloat16 instructions but gains nothing by them, so float32 is used."


def cpu_has_bfloat16() -> bool:
    """True when the CPU multiplies bfloat16 in hardware (AVX512-BF16 or AMX); emulated bfloat16 is slower than float32."""
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return False
    for name in ("_is_avx512_bf16_supported", "_is_amx_tile_supported"):
        with suppress(AttributeError, RuntimeError):
            if getattr(torch.cpu, name)():
                return True
    with suppress(OSError):
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
        return re.search(r"\b(avx512_bf16|amx_bf16)\b", flags) is not None
    return False


@cache
def bfloat16_is_faster() -> bool:
    """Whether this CPU convolves so much faster in bfloat16 than in float32 that rounding is worth it.

    Timed once, in a few hundredths of a second. The instructions do not tell: with AMX bfloat16 is several times as fast as float32, with
    AVX512-BF16 alone it can be slower. On one thread: of several, those that wait for a busy processor let the others burn its time, and
    an answer that hangs on the moment would change the pixels of a run that is repeated.
    """
    if not cpu_has_bfloat16():
        return False
    channels, side = TRIED
    generator = torch.Generator().manual_seed(0)
    image = torch.randn(1, channels, side, side, generator=generator).to(memory_format=torch.channels_last)
    kernel = torch.randn(channels, channels, 3, 3, generator=generator).to(memory_format=torch.channels_last)
    operands = [(image.to(dtype), kernel.to(dtype)) for dtype in (torch.float32, torch.bfloat16)]
    best = [float("inf")] * len(operands)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.inference_mode():
            for turn in range(1 + REPEATS):  # in turns, so that what else the machine does disturbs both; the first warms up
                for index, (pixels, weights) in enumerate(operands):
                    started = clock()
                    F.conv2d(pixels, weights, padding=1)
                    seconds = clock() - started
                    if turn:
                        best[index] = min(best[index], seconds)
    finally:
        torch.set_num_threads(threads)
    return best[0] > WORTH_ROUNDING * best[1]
