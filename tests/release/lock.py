"""Writes the SHA-256 of every wheel of the pinned packages into the lock files in ``resources/requirements``: ``lock.py``

Versions are what the files pin: change them there and run this again. What a package index gives to each kind of system is asked with pip,
one dry run a system and Python; nothing is downloaded but descriptions. PyTorch comes from an index of its own on Linux, in a build
without the gigabytes that only an NVIDIA GPU needs. Where that index cannot be reached, its hashes are kept while the version is the same.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "requirements"
PACKAGES, TORCH = FOLDER / "packages.txt", FOLDER / "torch-cpu.txt"
PYPI, TORCH_INDEX = "https://pypi.org/simple", "https://download.pytorch.org/whl/cpu"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
GLIBC = ("2_28", "2_27", "2_24", "2_17")
LINUX = {kind: tuple(f"manylinux_{glibc}_{kind}" for glibc in GLIBC) for kind in ("x86_64", "aarch64")}
OTHERS = {"Windows": ("win_amd64",), "macOS": ("macosx_14_0_arm64",)}
PIN = re.compile(r"^([A-Za-z0-9_.-]+)==([A-Za-z0-9.]+)(\+cpu)?( *;[^\\]*?)? *\\?$", re.MULTILINE)
ON_LINUX, ELSEWHERE = ' ; sys_platform == "linux"', ' ; sys_platform != "linux"'

Hashes = dict[str, set[str]]  # requirement -> SHA-256 of its wheels


class LockError(Exception):
    """The lock cannot be made; the text says why."""


def pins(text: str) -> list[str]:
    """The requirements that a lock file pins, without builds, markers and hashes, each once."""
    return list(dict.fromkeys(f"{name}=={version}" for name, version, _, _ in PIN.findall(text)))


def offered(requirements: list[str], python: str, platforms: tuple[str, ...], index: str) -> Hashes:
    """What pip would take for such a system. Raises LockError when something is not offered."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            *(sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check", "install", "--dry-run", "--ignore-installed"),
            *("--no-deps", "--only-binary=:all:", "--target", folder, "--python-version", python, "--index-url", index, "--retries", "1"),
            *(word for platform in platforms for word in ("--platform", platform)),
            *("--quiet", "--report", str(report), *requirements),
        ]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise LockError(f"Python {python} on {platforms[0]} at {index}: {done.stderr.strip().splitlines()[-1:]}")
        return found(json.loads(report.read_text(encoding="utf-8")), requirements)


def found(report: dict, requirements: list[str]) -> Hashes:
    """The hashes in one of pip's reports, by requirement."""
    names = {normal(requirement.partition("==")[0]): requirement for requirement in requirements}
    return {
        names[normal(item["metadata"]["name"])]: {item["download_info"]["archive_info"]["hashes"]["sha256"]} for item in report["install"]
    }


def normal(name: str) -> str:
    """A package's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def merged(parts: list[Hashes]) -> Hashes:
    """All of them."""
    result: Hashes = {}
    for part in parts:
        for requirement, hashes in part.items():
            result.setdefault(requirement, set()).update(hashes)
    return result


def entry(requirement: str, hashes: set[str], marker: str = "") -> str:
    """One requirement as pip and uv read it."""
    return " \\\n".join([requirement + marker, *(f"    --hash=sha256:{one}" for one in sorted(hashes))]) + "\n"


def kept(text: str, requirement: str) -> set[str]:
    """The hashes that a lock file has for a requirement."""
    start = text.find(requirement + " ")
    return set(re.findall(r"sha256:([0-9a-f]{64})", text[start : text.find("\n\n", start)])) if start >= 0 else set()


def header(text: str) -> str:
    """A file's comment."""
    return "".join(line + "\n" for line in text.splitlines() if line.startswith("#"))


def lock_packages() -> str:
    """The file of all packages but PyTorch. Raises LockError."""
    text = PACKAGES.read_text(encoding="utf-8")
    wanted = pins(text)
    systems = [(python, platforms) for python in PYTHONS for platforms in (*LINUX.values(), *OTHERS.values())]
    parts = []
    for python, platforms in systems:
        print(f"packages: Python {python} on {platforms[0]}", flush=True)
        parts.append(offered(wanted, python, platforms, PYPI))
    hashes = merged(parts)
    return header(text) + "".join(entry(requirement, hashes[requirement]) for requirement in wanted)


def lock_torch() -> str:
    """The file of PyTorch without CUDA. Raises LockError."""
    text = TORCH.read_text(encoding="utf-8")
    (wanted,) = pins(text)
    build = f"{wanted}+cpu"
    elsewhere = merged([offered([wanted], python, platforms, PYPI) for python in PYTHONS for platforms in OTHERS.values()])
    try:
        linux = merged([offered([build], python, platforms, TORCH_INDEX) for python in PYTHONS for platforms in LINUX.values()])[build]
    except LockError as error:
        linux = kept(text, build)
        if not linux:
            raise
        print(f"{error}\nThe hashes of {build} are kept as they are.")
    return header(text) + entry(build, linux, ON_LINUX) + "\n" + entry(wanted, elsewhere[wanted], ELSEWHERE)


def main() -> int:
    """Write both files."""
    argparse.ArgumentParser(description="Writes the hashes of all pinned packages into resources/requirements.").parse_args()
    try:
        texts = {PACKAGES: lock_packages(), TORCH: lock_torch()}
    except LockError as error:
        print(error, file=sys.stderr)
        return 1
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
        print(f"{path.name}: {len(pins(text))} packages, {text.count('--hash')} hashes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
