"""What making an environment takes, before anything is made: the commands, the Python to build from, the space."""

from __future__ import annotations

import json
import os
import shutil
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from . import PluginError, tr
from .child import Children, child_environment
from .environment import CPU, CPU_INDEX, CUDA, MINIMUM_VERSION, install_options, lock_files, managed_folder, python_of
from .environment_failures import PYTHON, SetupError, describe

GB = 10**9
# Installed, and for the download while it is unpacked; measured with the lock file on Linux.
SPACE = {CPU: 1.4 * GB, CUDA: 7.0 * GB}
DOWNLOAD = {CPU: 0.4 * GB, CUDA: 3.5 * GB}
VENV_SPACE = 0.02 * GB
UV_PYTHON = "3.12"
VERSIONS = ("3.12", "3.13", "3.11", "3.14")
RETRIES = "3"
PROBE = (
    "import ensurepip, json, sys, venv; "
    "print(json.dumps([sys.version_info[:2], sys.maxsize > 2**32, getattr(sys, '_base_executable', '') or sys.executable]))"
)


@dataclass(frozen=True)
class Plan:
    """One way to make the environment.

    Args:
        folder: where it will be.
        requirements: lock files, in the order in which they are installed.
        wheels: a folder that holds all packages; empty to fetch them.
        uv: the program, empty to use ``venv`` and pip.
        build: the PyTorch build, ``cpu`` or ``cuda``.
        installed, download: bytes.
    """

    folder: Path
    requirements: tuple
    wheels: str = ""
    uv: str = ""
    build: str = CPU
    installed: int = 0
    download: int = 0

    @property
    def needed(self) -> int:
        """Bytes that must be free to begin."""
        return self.installed + self.download


@dataclass(frozen=True)
class Step:
    """One program to run, and what it does."""

    title: str
    arguments: tuple


def plan_download(build: str = CPU) -> Plan:
    """Fetch the packages, with uv where it is installed."""
    uv = shutil.which("uv") or ""
    return Plan(managed_folder(), tuple(lock_files(build)), "", uv, build, int(SPACE[build]), int(DOWNLOAD[build]))


def plan_offline(wheels: str) -> Plan:
    """Install from a folder of wheels. Raises PluginError when it holds none."""
    files = sorted(Path(wheels).glob("*.whl")) if wheels else []
    if not files:
        raise PluginError(
            tr("The folder '{path}' holds no wheels (*.whl).").format(path=wheels),
            tr("Make one where there is internet: pip download {options} -d FOLDER").format(options=install_options()),
        )
    build = CUDA if has_cuda_build(files) else CPU
    return Plan(
        managed_folder(), tuple(lock_files(build)), str(wheels), "", build, installed=int(VENV_SPACE) + sum(map(unpacked_size, files))
    )


def has_cuda_build(wheels: list) -> bool:
    """Whether these are for GPUs: PyTorch's builds for processors are called so on Linux, and are all there is on PyPI elsewhere."""
    torch = [path.name for path in wheels if path.name.startswith("torch-")]
    return any("+cu" in name for name in torch) or (sys.platform == "linux" and bool(torch) and not any("+cpu" in name for name in torch))


def unpacked_size(wheel: Path) -> int:
    """Bytes of a wheel's files. Raises PluginError when it is not whole."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            return sum(entry.file_size for entry in archive.infolist())
    except (OSError, zipfile.BadZipFile):
        raise PluginError(tr("The wheel '{name}' is damaged.").format(name=wheel.name), tr("Copy it again.")) from None


def free_space(folder: Path) -> int:
    """Free bytes on the disk where a folder is or would be."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


def nvidia_driver() -> bool:
    """Whether an NVIDIA driver is installed."""
    windows = Path(os.environ.get("SYSTEMROOT", "C:/Windows")) / "System32" / "nvcuda.dll"
    return bool(shutil.which("nvidia-smi")) or Path("/proc/driver/nvidia/version").exists() or (os.name == "nt" and windows.exists())


def builds() -> tuple:
    """The PyTorch builds this system can take, the one to propose first."""
    if nvidia_driver() and (sys.platform == "linux" or shutil.which("uv")):
        return CUDA, CPU
    return (CPU,)


def steps(plan: Plan, folder: Path, base: str) -> tuple:
    """The programs that make the environment in ``folder`` (not yet its final place) from the Python ``base``."""
    make = (plan.uv, "venv", "--python", base or UV_PYTHON, str(folder)) if plan.uv else (base, "-m", "venv", str(folder))
    installs = [Step(tr("Installing packages"), installation(plan, str(python_of(folder)), lock)) for lock in plan.requirements]
    return (Step(tr("Making the environment"), make), *installs)


def installation(plan: Plan, python: str, lock: Path) -> tuple:
    """The program that installs one lock file. pip and uv both check hashes wherever a file has them."""
    if plan.uv:
        install = [plan.uv, "pip", "install", "--python", python, "-r", str(lock)]
        if plan.build == CUDA or sys.platform == "linux":
            install += ["--torch-backend", "auto" if plan.build == CUDA else "cpu"]
        return tuple(install)
    install = [python, "-m", "pip", "install", "--progress-bar", "off", "--retries", RETRIES, "-r", str(lock)]
    if plan.wheels:
        install += ["--no-index", "--find-links", plan.wheels]
    elif lock.name == "torch-cpu.txt" and sys.platform == "linux":
        # for this package alone: an index that cannot be reached is asked several times for each
        install += ["--extra-index-url", CPU_INDEX]
    return tuple(install)


def python_candidates() -> list:
    """Commands that may be a Python to build from, the best first.

    QGIS's own comes first where it is the system's, and last where it is part of QGIS and goes with the next version of it.
    """
    prefix, name = Path(sys.base_prefix), "python{}.{}".format(*sys.version_info)
    own = [[str(path)] for path in (prefix / "python.exe", prefix / "bin" / name, prefix / "bin" / "python3") if path.is_file()][:1]
    found = [[path] for name in (*(f"python{version}" for version in VERSIONS), "python3", "python") if (path := shutil.which(name))]
    if os.name == "nt":
        launcher = shutil.which("py")
        found = [[launcher, f"-{version}"] for version in (*VERSIONS, "3") if launcher] + found
    return own + found if sys.platform == "linux" else found + own


def find_base_python(children: Children, candidates: list | None = None) -> str:
    """The first Python that is new enough, of 64 bits, and can make environments. Raises SetupError."""
    for command in python_candidates() if candidates is None else candidates:
        try:
            code, output = children.run([*command, "-I", "-c", PROBE], child_environment())
            version, wide, path = json.loads(output.splitlines()[-1]) if code == 0 else ((0, 0), False, "")
        except (OSError, ValueError, IndexError):
            continue
        if tuple(version) >= MINIMUM_VERSION and wide and os.path.isfile(path):
            return path
    raise SetupError(describe(PYTHON))
