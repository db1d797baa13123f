"""How much memory is free, how much a tile will take, how much was taken in the end."""

import ctypes
import os
import sys
from contextlib import suppress
from pathlib import Path

_ASSUMED_FREE = 4 << 30  # when a system tells nothing


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
