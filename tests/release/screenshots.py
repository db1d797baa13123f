"""Makes the pictures of ``docs`` from the real program: ``screenshots.py --out docs/images``

A virtual display (Xvfb), QGIS itself with a fresh profile, the sample series, the real worker. ``--only NAME`` makes some pictures,
``--scale 2`` and ``--dark`` show what others see and belong elsewhere than in ``docs``. What is drawn is in ``pictures``: a picture more is
one function there.
"""

import argparse
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from package import content
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
# Shown in some pictures, so the same everywhere and no one's own.
HOME = Path(tempfile.gettempdir()) / "sitsr-guide"
SETTINGS = """[PythonPlugins]
sitsr=true
[app]
news-feed%2Fdisabled=true
[core]
NewsFeed\\httpsfeedqgisorg\\disabled=true
[qgis]
checkVersion=false
showTips330=false
"""
THEME = "[UI]\nUITheme=Night Mapping\n"
LANGUAGE = "[locale]\noverrideFlag=true\nuserLocale={}\n"
COLOURS = 256
MANY = 8192  # more colours than a window without a map has
LEVELS = 32  # of a channel in a map: half the bytes, and no eye tells
PATIENCE = 7200  # seconds for all pictures


@contextmanager
def display() -> Iterator[str]:
    """A virtual display; its name."""
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "3200x2200x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(writer,), stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as answer:
            yield f":{answer.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


@contextmanager
def alone() -> Iterator[None]:
    """No other run uses the home meanwhile; where one does, this one ends with a sentence."""
    with open(f"{HOME}.lock", "w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit(f"Another run is taking pictures in {HOME}: wait until it has ended.")
        yield


def fresh_home(dark: bool, language: str, keep: bool) -> None:
    """A home whose profile has the plugin switched on; ``keep`` the sample series that may be there."""
    for path in HOME.iterdir() if HOME.is_dir() else ():
        if not (keep and path.name.startswith("sample")):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    profile = HOME / "profiles" / "profiles" / "default" / "QGIS"
    profile.mkdir(parents=True)
    (profile / "QGIS3.ini").write_text(SETTINGS + LANGUAGE.format(language) + (THEME if dark else ""), encoding="utf-8")
    (HOME / "runtime").mkdir(mode=0o700)
    (HOME / "python").symlink_to(ROOT / ".venv", target_is_directory=True)
    (HOME / "temporary").mkdir()
    for name, data in content().items():  # what the zip holds, so that no picture shows where the checkout is
        path = HOME / "plugins" / "sitsr" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (HOME / "start.py").write_text(
        f"import sys\nsys.path.insert(0, {str(Path(__file__).parent)!r})\nfrom pictures.stage import take_all\ntake_all()\n",
        encoding="utf-8",
    )


def run_qgis(name: str, options: argparse.Namespace) -> int:
    """QGIS takes the pictures and ends; its exit code."""
    dropped = ("PYTHONPATH", "PYTHONHOME", "QT_QPA_PLATFORM", "SITSR_PYTHON")
    environment = {
        **{key: value for key, value in os.environ.items() if key not in dropped},
        "DISPLAY": name,
        "HOME": str(HOME),
        "TMPDIR": str(HOME / "temporary"),
        "XDG_RUNTIME_DIR": str(HOME / "runtime"),
        "QGIS_PLUGINPATH": str(HOME / "plugins"),
        "QT_SCALE_FACTOR": str(options.scale),
        "SITSR_PICTURES": str(options.out.resolve()),
        "SITSR_ONLY": ",".join(options.only),
        "LC_ALL": "C.UTF-8",
    }
    command = [options.qgis, "--noversioncheck", "--nologo", "--lang", options.language]
    command += ["--profiles-path", str(HOME / "profiles"), "--code", str(HOME / "start.py")]
    with open(HOME / "qgis.log", "w", encoding="utf-8") as log:
        return subprocess.run(command, env=environment, stdout=log, stderr=log, timeout=PATIENCE, cwd=HOME).returncode


def shrink(path: Path) -> None:
    """The same picture in fewer bytes: a palette of its own, or for maps, which have more colours, fewer levels of each channel."""
    image = Image.open(path).convert("RGB")
    if image.getcolors(MANY) is None:
        steps = LEVELS - 1
        small = image.point([round(round(value * steps / 255) * 255 / steps) for value in range(256)] * 3)
    else:
        small = image.quantize(COLOURS, Image.Quantize.MAXCOVERAGE)  # a word in another colour keeps it
    small.save(path, optimize=True)


def main() -> int:
    """Take the pictures and make them small."""
    parser = argparse.ArgumentParser(description="Makes the pictures of the guide from the real program.")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images", help="the folder to write to")
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME", help="names of some pictures")
    parser.add_argument("--scale", type=float, default=1, help="of the display: 2 is what high-resolution screens use")
    parser.add_argument("--dark", action="store_true", help="in QGIS's dark theme")
    parser.add_argument("--language", default="en", help="of the interface: en or fr")
    parser.add_argument("--keep", action="store_true", help="use the sample series of the last run again")
    parser.add_argument("--qgis", default="qgis", help="the program")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    started = time.time()
    with alone(), display() as name:
        fresh_home(options.dark, options.language, options.keep)
        code = run_qgis(name, options)
    log = (HOME / "qgis.log").read_text(encoding="utf-8", errors="replace")
    if code:
        print(*log.splitlines()[-40:], f"QGIS ended with code {code}.", sep="\n", file=sys.stderr)
        return 1
    taken = sorted(path for path in options.out.glob("*.png") if path.stat().st_mtime >= started)
    for path in taken:
        shrink(path)
    print(f"{len(taken)} pictures in {options.out}, {sum(path.stat().st_size for path in taken) / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
