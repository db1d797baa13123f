"""Runs the plugin's tests in the QGIS of other Debian releases, as root on Debian: ``qgis_matrix.py trixie sid [-- tests]``

Each release is a system of its own below ``build/matrix`` (about 3 GB), made by debootstrap once. The tests run in it by chroot, on this
checkout, which they cannot write to; the worker they start is that of this machine's ``.venv``. All mounts are in a namespace of their
own, so that none outlives a run, however it ends.
"""

import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SYSTEMS = ROOT / "build" / "matrix"
MIRROR = "http://deb.debian.org/debian"
# PyQt6 is for the test that looks the plugin's names up in it: Debian's QGIS itself is built with Qt 5.
PACKAGES = ("qgis", "python3-qgis", "python3-pytest", "python3-pytestqt", "python3-venv", "python3-pyqt6")
READY = "etc/sitsr-ready"  # holds what was installed
# No services are started, nothing but what is asked for is installed, and a mirror may lag behind the clock.
FILES = {
    "usr/sbin/policy-rc.d": "#!/bin/sh\nexit 101\n",
    "etc/apt/apt.conf.d/99sitsr": (
        'APT::Install-Recommends "false";\nAcquire::Languages "none";\nAcquire::Check-Valid-Until "false";\n'
        'Dpkg::Options { "--force-unsafe-io"; };\n'
    ),
}
ISOLATED = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private")
# The worker's Python belongs to this machine: it is started there, and sees the checkout and the temporary folder at the same places.
WORKER = '#!/bin/sh\nexec chroot /host {python} "$@"\n'
COUNT = re.compile(r"(\d+) (passed|failed|skipped|error)")
VERSION = "from qgis.core import Qgis; from qgis.PyQt.QtCore import QT_VERSION_STR as Qt; print(f'QGIS {Qgis.QGIS_VERSION}, Qt {Qt}')"


class MatrixError(Exception):
    """A system cannot be made; the text says why."""


def system(suite: str, mirror: str) -> Path:
    """The folder of a release, made or completed when it is not there or not complete. Raises MatrixError."""
    root, wanted = SYSTEMS / suite, " ".join(PACKAGES)
    if (root / READY).exists() and (root / READY).read_text() == wanted:
        return root
    SYSTEMS.mkdir(parents=True, exist_ok=True)
    print(f"== making Debian {suite} in {root.relative_to(ROOT)}", flush=True)
    if not (root / "usr/bin/apt-get").exists():
        logged(suite, ["debootstrap", "--variant=minbase", suite, str(root), mirror])
    for name, text in FILES.items():
        (root / name).write_text(text)
        (root / name).chmod(0o755)
    (root / "etc/resolv.conf").write_bytes(Path("/etc/resolv.conf").read_bytes())
    install = f"apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -qy install {wanted} && apt-get clean"
    logged(suite, inside(root, ["sh", "-c", install], {}))
    (root / READY).write_text(wanted)
    return root


def logged(suite: str, command: list[str]) -> None:
    """Run a command with its output in a file. Raises MatrixError with the last lines."""
    log = SYSTEMS / f"{suite}.log"
    with log.open("ab") as file:
        code = subprocess.run(command, stdout=file, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL).returncode
    if code:
        last = "\n".join(log.read_text(errors="replace").splitlines()[-8:])
        raise MatrixError(f"{command[0]} ended with code {code} (the whole log: {log.relative_to(ROOT)}):\n{last}")


def inside(
    root: Path, command: list[str], binds: dict[Path, str], host: bool = False, variables: dict[str, str] | None = None
) -> list[str]:
    """A command that runs another in a system, at the checkout, in mount and process namespaces of their own.

    Args:
        root: of the system.
        command: to run in it.
        binds: folders of this machine that are to be there at the same path -> options such as "ro".
        host: whether this machine is to be there too, below /host.
        variables: of the environment, besides PATH and HOME.
    """
    lines = ["set -e", f"mount -t proc proc {root}/proc", f"mount --rbind /dev {root}/dev"]
    if host:
        lines += [f"mkdir -p {root}/host", f"mount --rbind / {root}/host"]
    for path, options in binds.items():
        place = shlex.quote(f"{root}{path}")
        lines += [f"mkdir -p {place}", f"mount --bind {shlex.quote(str(path))} {place}"]
        if options:
            lines.append(f"mount -o remount,bind,{options} {place}")
    values = {"PATH": "/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin", "HOME": "/", "LANG": "C.UTF-8", **(variables or {})}
    words = ["env", "-i", *(f"{name}={value}" for name, value in values.items()), *command]
    folder = ROOT if ROOT in binds else "/"
    lines.append(f"exec chroot {shlex.quote(str(root))} sh -c {shlex.quote(f'cd {shlex.quote(str(folder))} && exec {shlex.join(words)}')}")
    return [*ISOLATED, "sh", "-c", "\n".join(lines)]


def run_tests(root: Path, arguments: list[str]) -> list[str]:
    """Run the tests in a system, a process a file, so that a crash costs one file. Lines that sum up; the last ones name what failed."""
    with tempfile.TemporaryDirectory(prefix="sitsr-matrix-") as folder:
        worker = Path(folder) / "python"
        worker.write_text(WORKER.format(python=shlex.quote(str(ROOT / ".venv" / "bin" / "python"))))
        worker.chmod(0o755)
        variables = {
            "TMPDIR": folder, "QT_QPA_PLATFORM": "offscreen", "QGIS_PLUGINPATH": str(ROOT / "build" / "plugins"),
            "SITSR_PYTHON": str(worker), "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1", "XDG_RUNTIME_DIR": folder,
            "SITSR_TEST_PATIENCE": os.environ.get("SITSR_TEST_PATIENCE", "60"),
        }  # fmt: skip
        binds = {ROOT: "ro", Path(folder): ""}
        asked = subprocess.run(inside(root, ["python3", "-c", VERSION], binds, True, variables), capture_output=True, text=True)
        if asked.returncode:
            raise MatrixError(f"QGIS does not start in {root.name}: {asked.stderr.strip()[-500:]}")
        title = f"Debian {root.name}, {asked.stdout.strip().splitlines()[-1]}"
        print(f"== {title}", flush=True)
        counts: Counter[str] = Counter()
        failed = []
        for path in arguments or sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "plugin").glob("test_*.py")):
            tests = ["python3", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rfEs", "--tb=short", *path.split()]
            done = subprocess.run(inside(root, tests, binds, True, variables), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            (SYSTEMS / f"{root.name}-tests.log").open("a").write(done.stdout)
            last = (done.stdout.strip().splitlines() or ["nothing was printed"])[-1]
            print(f"{path}: {last.strip('= ')}", flush=True)
            found = {kind: int(number) for number, kind in COUNT.findall(last)}
            counts.update(found or {"crashed": 1})
            if done.returncode:
                failed += [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR", "Fatal"))] or [
                    f"{path}: {last}"
                ]
        return [f"{title}: {', '.join(f'{number} {kind}' for kind, number in counts.items())}", *failed]


def main() -> int:
    """Make the systems that are missing, test in each, and sum up."""
    parser = argparse.ArgumentParser(description="Runs the plugin's tests in the QGIS of other Debian releases.")
    parser.add_argument("suites", nargs="+", metavar="SUITE", help="of Debian: trixie, forky, sid")
    parser.add_argument("--mirror", default=MIRROR)
    words = sys.argv[1:]
    end = words.index("--") if "--" in words else len(words)
    options, arguments = parser.parse_args(words[:end]), words[end + 1 :]
    if os.geteuid() != 0:
        print("Making and entering other systems needs root.", file=sys.stderr)
        return 1
    results, code = [], 0
    for suite in options.suites:
        try:
            lines = run_tests(system(suite, options.mirror), arguments)
        except (MatrixError, OSError) as error:
            lines = [f"Debian {suite}", str(error)]
        results += lines
        code |= len(lines) > 1
    print(*results, sep="\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
