"""The process that computes for QGIS: a job file goes in, JSON lines come out. ``python -m sitsr_core.worker job.json``

Nothing but JSON lines is written to standard output; standard error is the log. Exit codes: 0 done, 1 an expected error, 2 an
unexpected one, 3 cancelled.
"""

import argparse
import json
import os
import sys
import threading
import traceback
from contextlib import suppress
from typing import TextIO

from sitsr_core.errors import Cancelled, JobError, SitsrError
from sitsr_core.stopping import CANCELLED, StopWatch, leave
from sitsr_core.tasks import TASKS

DONE, EXPECTED, UNEXPECTED = 0, 1, 2
# QGIS sets these for its own libraries; another GDAL or PROJ that reads them crashes or finds the wrong tables.
FOREIGN = ("PYTHONPATH", "PYTHONHOME", "PROJ_LIB", "PROJ_DATA", "GDAL_DATA", "GDAL_DRIVER_PATH")


class Channel:
    """JSON lines to whoever started the worker; whole lines only, from any thread. A reader that went away is no error here."""

    def __init__(self, stream: TextIO):
        self._stream, self._lock, self._closed = stream, threading.Lock(), False

    @classmethod
    def from_stdout(cls) -> "Channel":
        """Keep standard output for the channel alone: what libraries print goes to standard error from now on."""
        stream = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
        os.dup2(2, 1)
        sys.stdout = sys.stderr
        return cls(stream)

    def send(self, line: dict) -> None:
        """Write one line."""
        with self._lock, suppress(BrokenPipeError, ValueError):
            if not self._closed:
                self._stream.write(json.dumps(_finite(line), allow_nan=False) + "\n")
                self._stream.flush()

    def close(self) -> None:
        """No lines any more."""
        with self._lock, suppress(OSError):
            self._closed = True
            self._stream.close()


def _finite(value: object) -> object:
    """NaN and infinity are not JSON: they become null."""
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    return value


def main(arguments: list[str] | None = None) -> int:
    """Run one job file; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m sitsr_core.worker", description="Runs one sitsr job and reports in JSON lines.")
    parser.add_argument("job", help="a job file (JSON)")
    parser.add_argument("--stop-file", default="", help="the run is cancelled when this file appears")
    parser.add_argument("--task", choices=tuple(TASKS), default="super_resolve", help="what to do with the job")
    parser.add_argument("--parent", type=int, default=0, help="id of the process whose end cancels the run; else the one that started it")
    options = parser.parse_args(arguments)
    for name in FOREIGN:
        os.environ.pop(name, None)
    channel = Channel.from_stdout()
    with StopWatch(options.stop_file, options.parent, last_words=lambda: channel.send(_error_line(Cancelled()))) as watch:
        line, code = _outcome(options, channel, watch)
        watch.over()
        channel.send(line)
    channel.close()
    return code


def _outcome(options: argparse.Namespace, channel: Channel, watch: StopWatch) -> tuple[dict, int]:
    """The last line to send and the exit code."""
    try:
        values = _read_job(options.job)
        result = TASKS[options.task](values, lambda event: channel.send(event.to_dict()), watch.should_stop)
        return {"type": "result", "result": result}, DONE
    except Cancelled as error:
        return _error_line(error), CANCELLED
    except SitsrError as error:
        traceback.print_exc()
        return _error_line(error), EXPECTED
    except Exception as error:
        traceback.print_exc()
        return _error_line(unexpected(error)), UNEXPECTED


def _read_job(path: str) -> dict:
    """The job file's values, unchecked. Raises JobError."""
    try:
        with open(path, encoding="utf-8") as file:
            values = json.load(file)
    except OSError as error:
        raise JobError(f"The job file '{path}' cannot be read: {error.strerror}.", "Check the path.") from error
    except (ValueError, RecursionError) as error:
        raise JobError(f"The job file '{path}' is not valid JSON.", "Write it with 'sitsr predict' or QGIS.", repr(error)) from error
    if not isinstance(values, dict):
        raise JobError("The job is not a JSON object.", "Give an object with at least 'inputs' and 'output'.")
    return values


def unexpected(error: BaseException, hint: str = "The log holds the details: please report them.") -> SitsrError:
    """A failure that nobody foresaw, as the user sees it; the traceback is in the log."""
    return SitsrError(f"An unexpected error stopped the run ({type(error).__name__}).", hint, repr(error))


def _error_line(error: SitsrError) -> dict:
    return {"type": "error", "error": error.to_dict()}


if __name__ == "__main__":
    leave(main())
