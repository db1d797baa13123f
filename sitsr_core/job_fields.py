"""Plain values become a job: a job may come from anywhere, so each field is looked at before it is believed."""

import dataclasses
import datetime
import math
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any, TypeVar

from sitsr_core.errors import JobError

T = TypeVar("T")


def is_text(value: object) -> bool:
    """A text that may be a path."""
    return isinstance(value, str) and "\0" not in value


def as_text(value: Any) -> Any:
    """A date in ISO form, a path as text; anything else as it is."""
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value) if isinstance(value, PurePath) else value


def as_texts(value: Any) -> Any:
    """A list of texts from texts, dates and paths, or from a single one (none from an empty text); what is none of these stays as it is."""
    if isinstance(value, str | datetime.date | PurePath):
        value = [value] if value != "" else []
    return [as_text(one) for one in value] if isinstance(value, list | tuple) else value


def is_number(value: object) -> bool:
    """A finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


KINDS: dict[str, tuple[str, Callable[[object], bool]]] = {
    "texts": ("a list of texts", lambda v: isinstance(v, list) and all(is_text(item) for item in v)),
    "some": ("a list of texts or null", lambda v: v is None or (isinstance(v, list) and all(is_text(item) for item in v))),
    "text": ("a text", lambda v: is_text(v)),
    "whole": ("a whole number", lambda v: isinstance(v, int) and not isinstance(v, bool)),
    "flag": ("true or false", lambda v: isinstance(v, bool)),
    "real": ("a number", lambda v: is_number(v)),
    "number": ("a number or null", lambda v: v is None or is_number(v)),
    "four": ("four numbers or null", lambda v: v is None or (isinstance(v, list | tuple) and len(v) == 4 and all(map(is_number, v)))),
    "names": ("an object of texts", lambda v: isinstance(v, dict) and all(is_text(item) for item in [*v, *v.values()])),
    "bands": ("an object of band numbers", lambda v: isinstance(v, dict) and all(isinstance(n, int) and n > 0 for n in v.values())),
}


def read_fields(job: type[T], values: object, kinds: Mapping[str, str], required: tuple[str, str]) -> T:
    """An instance of the data class ``job`` from plain values, unvalidated.

    Args:
        job: a data class of plain fields.
        values: field -> value, as JSON gives them.
        kinds: field -> name in KINDS; "text" for those that are not in it.
        required: the two fields that must be there.

    Raises:
        JobError: unknown fields, missing fields, a value of another kind.
    """
    if not isinstance(values, dict):
        raise JobError("The job is not a JSON object.", f"Give an object with at least '{required[0]}' and '{required[1]}'.")
    known = {field.name for field in dataclasses.fields(job)}  # type: ignore[arg-type]
    unknown = sorted(set(values) - known)
    if unknown:
        raise JobError(f"The job has unknown fields: {', '.join(unknown)}.", f"Known fields: {', '.join(sorted(known))}.")
    missing = [name for name in required if name not in values]
    if missing:
        raise JobError(f"The job lacks {' and '.join(missing)}.")
    for name, value in values.items():
        words, fits = KINDS[kinds.get(name, "text")]
        if not fits(value):
            raise JobError(f"The job's field '{name}' is not {words}.", f"It is {str(value)[:60]!r}.")
    return job(**values)


def require_whole(job: object, limits: Mapping[str, tuple[int, int]]) -> None:
    """Raise JobError for a field that is no whole number within its limits."""
    for name, (low, high) in limits.items():
        value = getattr(job, name)
        if not isinstance(value, int) or not low <= value <= high:
            raise JobError(f"{name} is {value!r}.", f"Give a whole number from {low} to {high}.")


def require_real(job: object, limits: Mapping[str, tuple[float, float]]) -> None:
    """Raise JobError for a field that is no number within its limits."""
    for name, (low, high) in limits.items():
        value = getattr(job, name)
        if not is_number(value) or not low <= value <= high:
            raise JobError(f"{name} is {value!r}.", f"Give a number from {low:g} to {high:g}.")
