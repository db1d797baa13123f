"""The product as a user gets it: the Processing algorithm, run by QGIS's own ``qgis_process``, with a profile of its own."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from sitsr_core.errors import ResourceError

ALGORITHM = "sitsr:superresolvetimeseries"
# Debian's qgis_process is a wrapper that passes on options it does not know; the program itself is beside it.
PROGRAMS = ("qgis_process.bin", "qgis_process")


@dataclass(frozen=True)
class Qgis:
    """The program, a profile folder that nothing else uses, and where the program's words are kept."""

    program: str
    profile: Path
    log: Path

    def call(self, *arguments: str, may_fail: bool = False) -> str:
        """Run the program and return what it said. Raises ResourceError with its error when it fails, unless it may."""
        environment = dict(os.environ)
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        environment.setdefault("SITSR_PYTHON", sys.executable)
        environment["QGIS_CUSTOM_CONFIG_PATH"] = str(self.profile.resolve())
        done = subprocess.run([self.program, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        text = done.stdout.decode("utf-8", errors="replace")
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join([self.program, *arguments])}\n{text}\n")
        if done.returncode != 0 and not may_fail:
            lines = [line for line in text.splitlines() if line.strip()]
            last = next((line.partition("ERROR:")[2].strip() for line in lines if line.startswith("ERROR:")), (lines or [""])[-1])
            raise ResourceError(f"qgis_process ended with code {done.returncode}: {last}", f"All it said is in '{self.log}'.")
        return text

    def super_resolve(self, output: Path, **parameters: object) -> dict[str, str]:
        """Run the algorithm; its outputs by name."""
        given = [f"--{name}={value}" for name, value in (parameters | {"OUTPUT": output.resolve()}).items()]
        text = self.call("run", ALGORITHM, *given)
        results = text.rpartition("Results\n")[2]
        return dict(re.findall(r"^([A-Z_]+):\t(.*)$", results, re.MULTILINE))


def open_qgis(profile: Path, log: Path) -> Qgis:
    """QGIS with the plugin enabled. Raises ResourceError when there is no QGIS."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise ResourceError("qgis_process was not found.", "Install QGIS 3.22 or later (Debian: apt-get install qgis python3-qgis).")
    profile.mkdir(parents=True, exist_ok=True)
    log.write_text("", encoding="utf-8")
    qgis = Qgis(program, profile, log)
    qgis.call("plugins", "enable", "sitsr", may_fail=True)  # it calls a plugin that is already enabled a failure
    return qgis
