"""How much memory is free, how much a tile will take, how much was taken in the end."""

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import torch

from sitsr_core.models.network import CONTEXT_RADIUS, NetworkConfig

TILES = (64, 128, 192, 256, 320, 384, 448, 512, 640, 768, 896, 1024)
_LIBRARIES = 420 << 20  # Python, torch, GDAL with its cache, and what opening the series takes
_IN_PIECES = 0.2  # of the smaller peak, of mean and draw, whose freed blocks the larger cannot use
_ASSUMED_FREE = 4 << 30  # when a system tells nothing
_M_TRIM_THRESHOLD, _M_MMAP_MAX = -1, -4  # of malloc.h
_TRIM_THRESHOLD_DEFAULT, _MMAP_MAX_DEFAULT = 128 << 10, 65536
_NEVER = 2**31 - 1


@contextmanager
def freed_memory_kept() -> Iterator[None]:
    """While it lasts, freed memory is used again; afterwards it goes back to the system.

    A layer takes and frees tens of megabytes. The C library of Linux gives such blocks back at once, and the system fills each page
    with zeros when they are taken again: a third of the time of a tile of 512 pixels. Elsewhere nothing is changed.
    """
    library = None
    with suppress(OSError, AttributeError):
        found = ctypes.CDLL(None) if sys.platform == "linux" else None
        if found is not None and found.mallopt(_M_MMAP_MAX, 0) and found.mallopt(_M_TRIM_THRESHOLD, _NEVER):
            library = found
    try:
        yield
    finally:
        if library is not None:
            library.mallopt(_M_MMAP_MAX, _MMAP_MAX_DEFAULT)
            library.mallopt(_M_TRIM_THRESHOLD, _TRIM_THRESHOLD_DEFAULT)
            library.malloc_trim(0)


def free_memory() -> int:
    """Bytes of main memory that a run may take: what is available, and not more than a container's limit leaves."""
    free = _machine_free()
    limit = _container_free()
    return free if limit is None else min(free, limit)


def _machine_free() -> int:
    with suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    if sys.platform == "win32":
        return _windows_free()
    with suppress(OSError, ValueError, AttributeError):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    return _ASSUMED_FREE


def _container_free() -> int | None:
    """What a version-2 control group leaves; None without a limit."""
    with suppress(OSError, ValueError):
        limit = Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii").strip()
        used = Path("/sys/fs/cgroup/memory.current").read_text(encoding="ascii").strip()
        return max(int(limit) - int(used), 0) if limit != "max" else None
    return None


class _MemoryStatus(ctypes.Structure):
    """GlobalMemoryStatusEx's answer (Windows)."""

    _fields_ = (
        ("length", ctypes.c_ulong),
        ("load", ctypes.c_ulong),
        *((name, ctypes.c_ulonglong) for name in ("total", "available", "page", "page_free", "virtual", "virtual_free", "extended")),
    )


def _windows_free() -> int:
    status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009  (absent on other systems, and for the type checker)
    return int(status.available) if kernel.GlobalMemoryStatusEx(ctypes.byref(status)) else _ASSUMED_FREE


def peak_memory() -> int:
    """The largest resident size of this process so far, in bytes; 0 where the system does not say."""
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


@dataclass(frozen=True)
class TileWork:
    """What a tile's memory depends on, besides its size.

    Attributes:
        config: of the network.
        read_dates: acquisitions read for a tile.
        dates: acquisitions of one target date.
        halo: input pixels around the tile.
        drawn_halo: those of them that the mean and the spread of a draw are needed in.
        reach: (height, width) of all that is computed: the image and a margin.
        mode: of the job.
        value_bytes: of a value in the network's precision.
    """

    config: NetworkConfig
    read_dates: int
    dates: int
    halo: int
    drawn_halo: int
    reach: tuple[int, int]
    mode: str
    value_bytes: int

    def pixels(self, tile: int, halo: int) -> int:
        """Input pixels of the largest tile of that side, with a halo where the image goes on."""
        height, width = (min(tile + 2 * halo, side) for side in self.reach)
        return height * width


def predict_memory(work: TileWork, tile: int) -> int:
    """Bytes that a run with this tile takes at its peak, the libraries included.

    The constants were fitted to measured peaks (``tests/benchmarks/throughput.py``); the terms are what is alive at once: all dates
    as read (twice: the next tile is read ahead), and then either what is kept of each date until all are fused, or the maps of the
    trunk and some images on the fine grid, or those of the denoiser, for samples, in the smaller window of a draw. From the second tile on,
    freed memory lies in pieces, and about a third more is taken than for one tile.

    Args:
        work: what it depends on, besides the size.
        tile: input pixels a side.
    """
    config, value = work.config, work.value_bytes
    bands, image = len(config.bands), config.factor**2 * 4 * len(config.bands)  # bytes of an input pixel's fine ones
    read = 2 * work.read_dates * (4 * bands + 2)
    encoder = work.dates * (2 * value * config.encoder_width + 6 * 4 * bands)
    trunk = 24 * image + value * 11 * config.trunk_width // 2
    denoiser = 26 * image + value * 38 * config.denoiser_width if work.mode != "mean" else 0
    mean = work.pixels(tile, work.halo - CONTEXT_RADIUS) * max(encoder, trunk)  # the rest is cropped before the encoder
    draw = work.pixels(tile, work.drawn_halo) * denoiser
    return _LIBRARIES + work.pixels(tile, work.halo) * read + max(mean, draw) + round(_IN_PIECES * min(mean, draw))


def choose_tile(work: TileWork, device: str = "cpu") -> int:
    """The largest tile that is predicted to take at most half of the free memory; the larger, the smaller the share of the halo."""
    free = free_memory()
    if device.startswith("cuda"):
        free = min(free, torch.cuda.mem_get_info(device)[0] + _LIBRARIES)
    fitting = [tile for tile in TILES if predict_memory(work, tile) <= free // 2]
    return max(fitting, default=TILES[0])
