"""The models that come with sitsr and those the user added, with their cards.

A card is read from the header of the ``.safetensors`` file with the standard library alone; whether a file is whole and fits its card
is for the worker to say, before it is added. Added models lie in ``<profile>/sitsr/models``, where no update of the plugin reaches.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from qgis.core import QgsApplication, QgsProcessingFeedback

from . import PLUGIN_ROOT, PluginError, tr
from .environment import check, find_interpreter
from .worker_client import run_worker

BUNDLED = PLUGIN_ROOT / "resources" / "models"
DEFAULT = "small"  # as sitsr_core.models.card has it
DEFAULT_FACTOR = 4
SUFFIX = ".safetensors"
HEADER_KEY = "sitsr"
LONGEST_HEADER = 16 * 1024 * 1024


@dataclass(frozen=True)
class Model:
    """A model file and what its card says (``sitsr_core.models.card.ModelCard``); the card is empty when it cannot be read."""

    name: str
    path: Path
    bundled: bool
    card: dict = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes."""
        return self.path.stat().st_size

    @property
    def hash(self) -> str:
        """First 16 hexadecimal digits of the file's SHA-256, as in the tags of results."""
        import hashlib  # not with the plugin, whose start it would slow

        digest = hashlib.sha256()
        with open(self.path, "rb") as file:
            for block in iter(lambda: file.read(1 << 20), b""):
                digest.update(block)
        return digest.hexdigest()[:16]


def added_folder() -> Path:
    """Where added models lie (it may not exist yet)."""
    return Path(QgsApplication.qgisSettingsDirPath()) / "sitsr" / "models"


def models() -> list:
    """Every model, the bundled ones first (of them the default one), each group by name."""
    paths = sorted(BUNDLED.glob(f"*{SUFFIX}"), key=lambda path: (path.stem != DEFAULT, path.name))
    found = [Model(path.stem, path, True, read_card(path)) for path in paths]
    return found + [Model(path.stem, path, False, read_card(path)) for path in sorted(added_folder().glob(f"*{SUFFIX}"))]


def read_card(path: Path) -> dict:
    """The card in a model file's header; empty when there is none."""
    try:
        with open(path, "rb") as file:
            length = int.from_bytes(file.read(8), "little")
            text = file.read(length) if length <= LONGEST_HEADER else b""
        card = json.loads(json.loads(text)["__metadata__"][HEADER_KEY])["card"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return card if isinstance(card, dict) else {}


def resolve_model(text: str) -> str:
    """The job's ``model`` for what the user gave: the path of an added model's name; a bundled name or a path as it is."""
    name = text.strip()
    if not name or os.path.dirname(name):
        return name
    known = {model.name: "" if model.bundled else str(model.path) for model in reversed(models())}
    return known.get(name) or name


def factor_of(name: str) -> int:
    """How many times finer a model makes pixels, by its card; ``name`` is empty for the default one."""
    factor = next((model.card.get("factor") for model in models() if model.name == (name or DEFAULT)), None)
    return factor if isinstance(factor, int) and factor > 0 else DEFAULT_FACTOR


def add_model(path: Path) -> Model:
    """Check a file with the worker and copy it beside the other added models. Raises PluginError; then nothing was added."""
    taken = {model.name: model for model in models()}
    if path.stem in taken:
        raise PluginError(
            tr("There is a model named '{name}' already.").format(name=path.stem), tr("Rename the file, or remove the other.")
        )
    interpreter = find_interpreter()
    check(interpreter)
    answer = run_worker(interpreter, {"model": os.path.abspath(path)}, QgsProcessingFeedback(), "check_model")
    folder = added_folder()
    target = folder / f"{path.stem}{SUFFIX}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, suffix=".part")
        os.close(handle)
        try:
            shutil.copyfile(path, temporary)
            os.replace(temporary, target)
        finally:
            Path(temporary).unlink(missing_ok=True)
    except OSError as error:
        raise PluginError(
            tr("The model could not be copied to '{path}': {reason}.").format(path=folder, reason=error.strerror),
            tr("Check the folder and its free space."),
        ) from error
    return Model(target.stem, target, False, dict(answer.get("card") or {}))


def remove_model(model: Model) -> None:
    """Delete an added model. Raises PluginError."""
    if model.bundled:
        raise PluginError(tr("'{name}' comes with sitsr and cannot be removed.").format(name=model.name))
    try:
        model.path.unlink(missing_ok=True)
    except OSError as error:
        raise PluginError(
            tr("'{path}' cannot be removed: {reason}.").format(path=model.path, reason=error.strerror), tr("Wait until no run uses it.")
        ) from error
