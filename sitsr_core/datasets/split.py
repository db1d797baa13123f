"""Split by site, never by file or patch: a committed JSON file of name patterns."""

import json
from fnmatch import fnmatch
from pathlib import Path
from typing import Protocol, TypeVar

from sitsr_core.errors import InputError

PARTS = ("train", "validation", "test")


class Named(Protocol):
    """Anything with the name that a split goes by."""

    @property
    def name(self) -> str:
        """See the class."""
        ...


N = TypeVar("N", bound=Named)


def split_places(places: list[N], split_file: str | Path) -> dict[str, list[N]]:
    """{"train": .., "validation": .., "test": ..}; what no pattern names is for training. Raises InputError."""
    hint = "Give a JSON object of lists of site names."
    try:
        patterns = json.loads(Path(split_file).read_text(encoding="utf-8")) if split_file else {}
    except (OSError, ValueError) as error:
        raise InputError(f"The split file '{split_file}' cannot be read.", hint, str(error)) from error
    if not isinstance(patterns, dict) or not all(isinstance(names, list) for names in patterns.values()) or set(patterns) - set(PARTS):
        raise InputError(f"The split file '{split_file}' is not a split.", f"{hint[:-1]}: test, validation.")
    parts: dict[str, list[N]] = {part: [] for part in PARTS}
    for place in places:
        named = [part for part in ("test", "validation") if any(fnmatch(place.name, str(pattern)) for pattern in patterns.get(part, []))]
        parts[named[0] if named else "train"].append(place)
    return parts
