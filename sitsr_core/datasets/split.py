"""Split by site, never by file or patch: a committed JSON file of name patterns."""

import json
from fnmatch import fnmatch
from pathlib import Path

from sitsr_core.datasets.places import Place
from sitsr_core.errors import InputError

PARTS = ("train", "validation", "test")


def split_places(places: list[Place], split_file: str | Path) -> dict[str, list[Place]]:
    """{"train": .., "validation": .., "test": ..}; what no pattern names is for training. Raises InputError."""
    try:
        patterns = json.loads(Path(split_file).read_text(encoding="utf-8")) if split_file else {}
    except (OSError, json.JSONDecodeError) as error:
        raise InputError(
            f"The split file '{split_file}' cannot be read.", "Give a JSON object of lists of site names.", str(error)
        ) from error
    parts: dict[str, list[Place]] = {part: [] for part in PARTS}
    for place in places:
        named = [part for part in ("test", "validation") if any(fnmatch(place.name, pattern) for pattern in patterns.get(part, []))]
        parts[named[0] if named else "train"].append(place)
    return parts
