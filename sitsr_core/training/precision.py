"""The number format that a training computes in."""

from contextlib import nullcontext

import torch

from sitsr_core.inference.device import bfloat16_is_faster


def autocast(precision: str, device: str = "cpu") -> torch.autocast | nullcontext:
    """bfloat16 where the device is faster in it ("auto"), or as told. float16 is never used: it would need scaled gradients."""
    kind = torch.device(device).type
    if precision == "auto":
        capable = torch.cuda.is_bf16_supported(including_emulation=False) if kind == "cuda" else kind == "cpu" and bfloat16_is_faster()
        precision = "bfloat16" if capable else "float32"
    return torch.autocast(kind, torch.bfloat16) if precision == "bfloat16" else nullcontext()
