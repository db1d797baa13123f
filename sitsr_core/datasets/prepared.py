"""A prepared dataset: what all loaders' pairs become once, so that a training draws crops from the disk without decoding anything.

    <ROOT>/prepared.json                    the dataset's card and its places; written last
    <ROOT>/places/<name>.safetensors        series, clear, references, valid, whole, as ``datasets.folder`` holds them, and in the header
                                            what was measured: days, shifts, gains and offsets of the fine images

Values are whole numbers of ``STEP`` reflectance. Files are mapped into memory: of a place, only the crops that are drawn are read.
"""

import datetime
import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from safetensors.numpy import save_file

from sitsr_core.datasets.folder import FolderSite, Truth
from sitsr_core.datasets.pairs import DatasetCard
from sitsr_core.datasets.reading import EPOCH
from sitsr_core.errors import InputError, writing
from sitsr_core.series.acquisition import Acquisition
from sitsr_core.whole_file import write_whole

INDEX = "prepared.json"
FORMAT = 1
STEP = 5e-5  # reflectance; half of what Sentinel-2 and SPOT are stored in, below what 14 bits tell
AGAIN = "Run the prepare script of the dataset again."
KINDS = {"U16": np.dtype("<u2"), "BOOL": np.dtype(bool)}


@dataclass(frozen=True)
class Prepared:
    """A prepared dataset.

    Attributes:
        card: of the dataset.
        sites: its places.
        left_out: name -> why, of the places that could not be used.
        scores: name -> cPSNR of the dataset's own baseline, where it came with one.
    """

    card: DatasetCard
    sites: list[FolderSite]
    left_out: dict[str, str]
    scores: dict[str, float]


def is_prepared(root: str | Path) -> bool:
    """Whether the folder holds a prepared dataset, or one that is being prepared."""
    return (Path(root) / INDEX).is_file() or (Path(root) / "places").is_dir()


def place_path(root: Path, name: str) -> Path:
    """The file of a place."""
    return root / "places" / f"{quote(name, safe=' ')}.safetensors"


def to_steps(reflectance: np.ndarray) -> np.ndarray:
    """Reflectance in whole numbers of ``STEP``; what is below 0 or above 3.27 is cut off."""
    return np.rint(np.clip(reflectance / STEP, 0, np.iinfo(np.uint16).max)).astype(np.uint16)


def dated(number: int, day: int, clear_fraction: float, shift: tuple[float, float], shift_known: bool) -> Acquisition:
    """What is known of one date of a dataset's series; its pixels are elsewhere."""
    return Acquisition(
        name=str(number), date=EPOCH + datetime.timedelta(days=day), date_source="dataset", bands={}, scale=STEP, offset=0.0,
        radiometry_source="dataset", clear_fraction=clear_fraction, shift=shift, shift_known=shift_known,
    )  # fmt: skip


def write_place(root: Path, site: FolderSite) -> None:
    """Write one place, whole or not at all; its values and its fine images' are in ``to_steps``. Raises OutputError."""
    facts = {
        "name": site.name, "part": site.part, "bands": site.bands, "pixel_size": site.pixel_size,
        "dates": [
            {"day": (a.date - EPOCH).days, "clear": a.clear_fraction, "shift": a.shift, "shift_known": a.shift_known}
            for a in site.acquisitions
        ],
        "truths": [
            {"day": t.day, "gain": [float(v) for v in t.gain], "offset": [float(v) for v in t.offset], "reference": t.reference}
            for t in site.truths
        ],
    }  # fmt: skip
    arrays = {"series": site.values, "clear": site.clear}
    arrays |= {
        name: np.stack([getattr(truth, field) for truth in site.truths])
        for name, field in (("references", "values"), ("valid", "valid"), ("whole", "whole"))
    }
    path = place_path(root, site.name)
    temporary = path.with_name(path.name + ".part")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, temporary, {"place": json.dumps(facts)})
        temporary.replace(path)


def write_index(root: Path, card: DatasetCard, names: list[str], left_out: dict[str, str], scores: dict[str, float]) -> Path:
    """Write what makes the folder a dataset; see ``Prepared``. Raises OutputError."""
    path = root / INDEX
    index = {"format": FORMAT, "dataset": asdict(card), "places": names, "left_out": left_out, "scores": scores}
    write_whole(path, json.dumps(index, indent=1))
    return path


def load_prepared(root: str | Path) -> Prepared:
    """All places of a prepared dataset. Raises InputError for a folder that was not finished, or files that are missing or damaged."""
    path = Path(root) / INDEX
    if not path.is_file():
        raise InputError(f"The dataset in '{root}' is not prepared to its end: '{INDEX}' is missing.", AGAIN)
    try:
        index = json.loads(path.read_text(encoding="utf-8"))
        if index["format"] != FORMAT:
            raise InputError(f"'{path}' was written by another version of sitsr.", "Prepare the dataset again, in a new folder.")
        card, left_out, scores = DatasetCard(**index["dataset"]), dict(index["left_out"]), dict(index.get("scores", {}))
        files = [place_path(Path(root), name) for name in index["places"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"'{path}' is damaged.", AGAIN, repr(error)) from error
    return Prepared(card, [load_place(file) for file in files], left_out, scores)


def load_place(path: Path) -> FolderSite:
    """One place, its arrays mapped into memory. Raises InputError."""
    arrays, header = _mapped(path)
    try:
        facts = json.loads(header["place"])
        return _site(facts, arrays)
    except (KeyError, ValueError, TypeError, IndexError, OverflowError) as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> InputError:
    return InputError(f"The prepared file '{path}' is damaged.", "Delete it and run the prepare script of the dataset again.", repr(error))


def _site(facts: dict[str, Any], arrays: dict[str, np.ndarray]) -> FolderSite:
    acquisitions = tuple(
        dated(number, date["day"], date["clear"], tuple(date["shift"]), date["shift_known"]) for number, date in enumerate(facts["dates"])
    )
    truths = [
        Truth(
            day=truth["day"], values=arrays["references"][number], valid=arrays["valid"][number], whole=arrays["whole"][number],
            gain=np.array(truth["gain"], np.float32), offset=np.array(truth["offset"], np.float32), reference=truth["reference"],
        )
        for number, truth in enumerate(facts["truths"])
    ]  # fmt: skip
    return FolderSite(
        facts["name"],
        acquisitions,
        arrays["series"],
        arrays["clear"],
        truths,
        facts["pixel_size"],
        tuple(facts["bands"]),
        STEP,
        facts["part"],
    )


def _mapped(path: Path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """The arrays of a safetensors file as views of the file, and its own header entries. Raises InputError."""
    try:
        data = np.memmap(path, np.uint8, "r")
        start = 8 + int.from_bytes(data[:8].tobytes(), "little")
        header = json.loads(data[8:start].tobytes())
        own = header.pop("__metadata__")
        arrays = {}
        for name, entry in header.items():
            first, last = entry["data_offsets"]
            kind, shape = KINDS[entry["dtype"]], entry["shape"]
            if last - first != kind.itemsize * math.prod(shape) or start + last > len(data):
                raise ValueError(f"{name} is cut off")
            arrays[name] = data[start + first : start + last].view(kind).reshape(shape)
        return arrays, own
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(path, error) from error
