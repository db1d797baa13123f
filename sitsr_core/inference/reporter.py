"""Keeps count of what is done, and tells the listener: fraction, time left, messages."""

import time

from sitsr_core.inference.events import Event, Listener, Message, Progress, StopQuestion

COMPUTING = 0.97  # share of the progress bar that computing takes; the rest is assembling the outputs
LEAST_INTERVAL = 0.1


class Reporter:
    """The run's voice.

    Args:
        listener: told events, or None.
        should_stop: asks whether the user wants to stop, or None.
    """

    def __init__(self, listener: Listener | None, should_stop: StopQuestion | None):
        self._listener, self._question = listener, should_stop
        self._start = time.monotonic()
        self._computing_since = self._start
        self._message = ""
        self._total = self._todo = self._done = 1.0
        self._partial = 0.0
        self._tile_pixels = 0.0
        self._told = 0.0
        self._asked, self._stop = 0.0, False
        self.warnings: list[str] = []

    @property
    def seconds(self) -> float:
        """Seconds since the run began."""
        return max(time.monotonic() - self._start, 1e-9)

    def should_stop(self) -> bool:
        """True when the user wants to stop; asks at most twenty times a second and remembers a yes."""
        now = time.monotonic()
        if not self._stop and self._question is not None and now - self._asked > 0.05:
            self._asked, self._stop = now, self._question()
        return self._stop

    def tell(self, event: Event) -> None:
        """Pass an event on."""
        if self._listener is not None:
            self._listener(event)

    def warn(self, text: str) -> None:
        """A warning: told at once, and kept for the result."""
        self.warnings.append(text)
        self.tell(Message("warning", text))

    def stage(self, message: str) -> None:
        """What is being done now."""
        self._message = message
        if self._computing_since == self._start:
            self.tell(Progress(0.0, None, message))
        else:
            self._show()

    def begin(self, total: float, todo: float) -> None:
        """Computing begins: ``todo`` of ``total`` pixels are left."""
        self._total, self._todo, self._done = max(total, 1.0), todo, 0.0
        self._computing_since = time.monotonic()

    def tile(self, pixels: float) -> None:
        """A tile of so many pixels begins."""
        self._tile_pixels, self._partial = pixels, 0.0

    def step(self, share: float) -> None:
        """A share of the present tile is done."""
        self._partial = min(self._partial + share, 1.0)
        self._show()

    def finished(self, pixels: float) -> None:
        """The present tile is done."""
        self._done += pixels
        self._partial = 0.0
        self._show()

    def assembling(self, share: float) -> None:
        """A share of the outputs is assembled."""
        self._show(COMPUTING + (1 - COMPUTING) * share)

    def _show(self, fraction: float | None = None) -> None:
        now = time.monotonic()
        if now - self._told < LEAST_INTERVAL and fraction != 1.0:
            return
        self._told = now
        done = self._done + self._partial * self._tile_pixels
        left = None
        if done > 0:
            left = round((now - self._computing_since) * max(self._todo - done, 0.0) / done / COMPUTING, 1)
        if fraction is None:
            fraction = COMPUTING * (self._total - self._todo + done) / self._total
        self.tell(Progress(round(min(fraction, 1.0), 4), left, self._message))
