"""How a script ends: an expected failure is one sentence on standard error, never a traceback."""

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
