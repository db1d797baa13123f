"""Errors that reach the user: what happened, where, and what to do about it."""


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
