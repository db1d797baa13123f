"""Errors that reach the user: what happened, where, and what to do about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class SitsrError(Exception):
    """An expected failure.

    Args:
        message: one clear sentence: what is wrong, and where.
        hint: what to do about it, one sentence.
        detail: technical detail for the log (never shown first).
    """

    def __init__(self, message: str, hint: str = "", detail: str = ""):
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()

    def to_dict(self) -> dict:
        """The error as the worker sends it."""
        return {"kind": type(self).__name__, "message": self.message, "hint": self.hint, "detail": self.detail}


class JobError(SitsrError):
    """The job description itself is wrong."""


class InputError(SitsrError):
    """The rasters given cannot be used as a series."""


class ModelError(SitsrError):
    """The model file is damaged, hostile or does not fit the series."""


class OutputError(SitsrError):
    """The result cannot be written."""


class ResourceError(SitsrError):
    """The machine has too little memory or no such device."""


class Cancelled(SitsrError):
    """The user stopped the run; finished tiles are kept in the run folder."""

    def __init__(self, message: str = "Cancelled.", hint: str = "Run the same job again to resume it.", detail: str = ""):
        super().__init__(message, hint, detail)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what keeps a file or folder from being written into an OutputError that names it."""
    try:
        yield
    except OSError as error:
        hint = "Check the folder and its free space."
        raise OutputError(f"'{path}' cannot be written: {error.strerror}.", hint, repr(error)) from error
