"""What all scripts share: how they end (an expected failure is one sentence on standard error), and the numbers they take."""

import argparse
import sys
from collections.abc import Callable

from sitsr_core.errors import SitsrError

FAILED = 1
INTERRUPTED = 130


def exit_code(work: Callable[[], None], when_stopped: str = "Stopped.") -> int:
    """Do ``work`` and return the exit code: 0, 1 for a ``SitsrError``, 130 for Ctrl+C, with ``when_stopped`` as its sentence."""
    try:
        work()
    except SitsrError as error:
        print(error, file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print(when_stopped, file=sys.stderr)
        return INTERRUPTED
    return 0


def at_least(least: int) -> Callable[[str], int]:
    """For argparse: a whole number of at least ``least``."""

    def parse(text: str) -> int:
        value = int(text)
        if value < least:
            raise argparse.ArgumentTypeError(f"at least {least}")
        return value

    return parse


def above_zero(text: str) -> float:
    """For argparse: a number above zero."""
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError("above 0")
    return value
