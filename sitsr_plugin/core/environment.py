"""Which Python runs the worker: never QGIS's own.

In this order:

1. the setting ``sitsr/python`` (an interpreter the user chose),
2. the environment variable ``SITSR_PYTHON``,
3. the managed environment ``<profile>/sitsr/environments/<hash>``, where ``<hash>`` is that of the lock files in
   ``resources/requirements``: an update of the plugin keeps it unless the requirements changed, and never deletes it.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from qgis.core import QgsApplication, QgsFeedback, QgsSettings

from . import PLUGIN_ROOT, PluginError, tr
from .run_program import run_program

SETTING = "sitsr/python"
VARIABLE = "SITSR_PYTHON"
MINIMUM_VERSION = (3, 11)
CPU, CUDA = "cpu", "cuda"
REQUIREMENTS = PLUGIN_ROOT / "resources" / "requirements"
CPU_INDEX = "https://download.pytorch.org/whl/cpu"  # PyTorch for Linux without the gigabytes of CUDA is on no other index
PACKAGES = ("torch", "numpy", "rasterio", "einops", "safetensors", "skimage")
PROBE = (
    "import importlib.util, json, sys; "
    "print(json.dumps({'version': sys.version_info[:3], 'missing': [n for n in sys.argv[1:] if importlib.util.find_spec(n) is None]}))"
)
_probed: dict = {}


@dataclass(frozen=True)
class Interpreter:
    """A Python to compute with, and where the choice came from."""

    path: str
    source: str


class NoEnvironment(PluginError):
    """There is none yet; windows say the message and open the one that makes it, the rest says the commands too."""


def missing_environment() -> str:
    """The sentence for windows when there is no environment yet; empty when there is one, or another problem that a run will tell."""
    try:
        find_interpreter()
    except NoEnvironment as error:
        return error.message
    except PluginError:
        pass
    return ""


def lock_files(build: str = CPU) -> list:
    """The lock files to install, in order: with the hashes of all packages, but for PyTorch's CUDA build, which depends on the driver."""
    return [REQUIREMENTS / name for name in ("packages.txt", "torch-cuda.txt" if build == CUDA else "torch-cpu.txt")]


def install_options() -> str:
    """What follows ``pip install`` or ``pip download`` to get the packages, for people to paste."""
    index = f" --extra-index-url {CPU_INDEX}" if sys.platform == "linux" else ""
    return f'-r "{REQUIREMENTS / "core.txt"}"{index}'


def lock_hash(root: Path = PLUGIN_ROOT) -> str:
    """Twelve hex digits that change when the worker's requirements change."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((root / "resources" / "requirements").glob("*.txt"))]
    import hashlib  # not with the plugin, whose start it would slow

    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]


def managed_folder() -> Path:
    """Where the managed environment of this version's requirements lives (it may not exist yet)."""
    return Path(QgsApplication.qgisSettingsDirPath()) / "sitsr" / "environments" / lock_hash()


def python_of(folder: Path) -> Path:
    """A virtual environment's interpreter on this system."""
    return folder / "Scripts" / "python.exe" if os.name == "nt" else folder / "bin" / "python"


def making_commands() -> list:
    """The commands that make the managed environment."""
    folder = managed_folder()
    python = f'"{python_of(folder)}"'
    return [f'{"py -3" if os.name == "nt" else "python3"} -m venv "{folder}"', f"{python} -m pip install {install_options()}"]


def find_interpreter() -> Interpreter:
    """The interpreter to use. Raises PluginError with the commands that make one."""
    for path, source in (
        (str(QgsSettings().value(SETTING, "") or ""), tr("the setting {name}").format(name=SETTING)),
        (os.environ.get(VARIABLE, ""), tr("the environment variable {name}").format(name=VARIABLE)),
    ):
        if not path:
            continue
        if not os.path.isfile(path):
            raise PluginError(
                tr("The Python interpreter '{path}' given by {source} does not exist.").format(path=path, source=source),
                tr("Correct it, or remove it to use the managed environment."),
            )
        return Interpreter(path, source)
    managed = python_of(managed_folder())
    if managed.is_file():
        return Interpreter(str(managed), tr("the managed environment"))
    raise NoEnvironment(
        tr("sitsr has no Python environment to compute in yet."),
        tr(
            "Make it in Raster > sitsr > Python environment, or by running these two commands in a terminal, then run again: "
            "{commands} (or set {setting} to an interpreter that has them)."
        ).format(commands="  &&  ".join(making_commands()), setting=SETTING),
    )


def check(interpreter: Interpreter, feedback: QgsFeedback | None = None) -> str:
    """Run the interpreter once and return its version. Raises PluginError when it cannot run the worker."""
    key = (interpreter.path, os.path.getmtime(interpreter.path))
    if key in _probed:
        return _probed[key]
    output = []

    def keep(data):
        output.append(bytes(data.data()))

    def drop(data):
        pass

    code = run_program(interpreter.path, ["-I", "-c", PROBE, *PACKAGES], keep, drop, feedback).exit_code
    try:
        answer = json.loads(b"".join(output))
        version, missing = tuple(answer["version"]), list(answer["missing"])
    except (ValueError, KeyError, TypeError):
        raise PluginError(
            tr("'{path}', given by {source}, did not answer as a Python interpreter (exit code {code}).").format(
                path=interpreter.path, source=interpreter.source, code=code
            ),
            tr("Set {setting} to a working Python.").format(setting=SETTING),
        ) from None
    text = ".".join(str(part) for part in version)
    if version < MINIMUM_VERSION:
        raise PluginError(
            tr("'{path}' is Python {version}; the worker needs {minimum} or later.").format(
                path=interpreter.path, version=text, minimum=".".join(map(str, MINIMUM_VERSION))
            )
        )
    if missing:
        raise PluginError(
            tr("The Python environment of '{path}' lacks {packages}.").format(path=interpreter.path, packages=", ".join(missing)),
            tr("Install them with: {command}").format(command=f'"{interpreter.path}" -m pip install {install_options()}'),
        )
    _probed[key] = text
    return text
