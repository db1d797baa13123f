"""Tiny wheels, written by hand: packages that take no time to install."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest


def write_wheel(folder, name, files=None, tag="py3-none-any", version="1.0"):
    """A wheel with one module of its name, and more files if given."""
    info, path = f"{name}-{version}.dist-info", Path(folder) / f"{name}-{version}-{tag}.whl"
    entries = {f"{name}.py": "", **(files or {})}
    entries[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    entries[f"{info}/WHEEL"] = f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n"
    record = "".join(f"{entry},,\n" for entry in [*entries, f"{info}/RECORD"])
    with zipfile.ZipFile(path, "w") as archive:
        for entry, text in {**entries, f"{info}/RECORD": record}.items():
            archive.writestr(entry, text)
    return path


def write_borrowing_wheel(folder, python):
    """A wheel ``tiny`` that makes an environment see the packages of the environment of ``python``, of this Python's version."""
    code = "import sys, sysconfig; print(*sys.version_info[:2], sysconfig.get_path('purelib'))"
    *version, site = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, check=True).stdout.split(maxsplit=2)
    if [int(part) for part in version] != list(sys.version_info[:2]):
        pytest.skip("packages of another Python version cannot be borrowed")
    return write_wheel(folder, "tiny", {"tiny_borrowed.pth": f"{site.strip()}\n"})


def lock_of(folder, *lines):
    """A lock file with these lines."""
    path = Path(folder) / "lock.txt"
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def processes_with(text):
    """Ids of this machine's processes whose command line holds a text."""
    assert sys.platform == "linux"
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and int(folder.name) != os.getpid() and text.encode() in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found
