"""Ends a run when it should end: a signal, a stop file, or the death of the process that started it.

The run is asked first, and stops between two layers of the network. What cannot be asked (a long read from a slow server, GDAL building
overviews) is ended after a grace period: that is safe, because a run folder is whole at any moment and outputs appear by renaming.
"""

import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

CANCELLED = 3  # exit code
GRACE_SECONDS = 1.2
_POLL_SECONDS = 0.1
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StopWatch:
    """Knows whether the run should stop. Use as a context manager in the main thread.

    Args:
        stop_file: the run is cancelled when this path exists.
        parent: id of the process that started this one, which is watched: the run is cancelled when it dies; None to watch none, 0
            when it is not known. One that died before this process could look is known by its heir, the first process of the system.
        last_words: called before the process is ended the hard way.
    """

    def __init__(self, stop_file: str = "", parent: int | None = None, last_words: Callable[[], None] | None = None):
        self._stop_file, self._last_words = stop_file, last_words
        self._parent = os.getppid() if parent is not None and sys.platform != "win32" else None
        self._orphan = self._parent == 1 and parent not in (0, 1)
        self._stop, self._over = threading.Event(), threading.Event()
        self._ending = threading.Lock()
        self._before: dict[int, object] = {}

    def should_stop(self) -> bool:
        """True once the run should stop."""
        return self._stop.is_set()

    def over(self) -> None:
        """The run has ended by itself: from here on the process is not ended the hard way."""
        with self._ending:
            self._over.set()

    def __enter__(self) -> "StopWatch":
        # A signal handler of Python waits for the present layer of the network; the wake-up socket does not.
        self._ear, self._mouth = socket.socketpair()
        self._ear.setblocking(False)
        self._mouth.setblocking(False)
        self._before = {number: signal.signal(number, lambda *_: self._stop.set()) for number in _SIGNALS}
        self._wakeup = signal.set_wakeup_fd(self._mouth.fileno(), warn_on_full_buffer=False)
        self._thread = threading.Thread(target=self._watch, name="sitsr-stop", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over()
        self._thread.join(timeout=1.0)
        signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]
        self._ear.close()
        self._mouth.close()

    def _watch(self) -> None:
        stopping_since = None
        while not self._over.is_set():
            if self._signalled() or self._stop_file_appeared() or self._parent_died():
                self._stop.set()
            if self._stop.is_set():
                stopping_since = stopping_since or time.monotonic()
                if time.monotonic() - stopping_since > GRACE_SECONDS:
                    self._end_now()
                    return

    def _signalled(self) -> bool:
        ready, _, _ = select.select([self._ear], [], [], _POLL_SECONDS)
        return bool(ready) and any(number in _SIGNALS for number in self._ear.recv(64))

    def _stop_file_appeared(self) -> bool:
        return bool(self._stop_file) and os.path.exists(self._stop_file)

    def _parent_died(self) -> bool:
        return self._parent is not None and (self._orphan or os.getppid() != self._parent)

    def _end_now(self) -> None:
        with self._ending:
            if self._over.is_set():
                return
            if self._last_words is not None:
                self._last_words()
            os._exit(CANCELLED)


def leave(code: int) -> NoReturn:
    """End the process without the interpreter's tidying up, which takes torch a second or two on a busy machine."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):
            stream.flush()
    os._exit(code)
