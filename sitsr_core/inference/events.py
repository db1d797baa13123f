"""What a run says while it runs; the worker sends these as JSON lines, the command line shows them."""

from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Started:
    """The run knows what it will compute with.

    Attributes:
        version: of sitsr.
        device: where the network runs.
        device_reason: why there, in words.
        precision: of the network's arithmetic.
        model: name of the model.
    """

    version: str
    device: str
    device_reason: str
    precision: str
    model: str

    def to_dict(self) -> dict:
        """The event as the worker sends it."""
        return {"type": "start", **asdict(self)}


@dataclass(frozen=True)
class Progress:
    """How far the run is.

    Attributes:
        fraction: 0..1.
        eta_seconds: estimated time left, None while unknown.
        message: what is being done.
    """

    fraction: float
    eta_seconds: float | None
    message: str

    def to_dict(self) -> dict:
        """The event as the worker sends it."""
        return {"type": "progress", **asdict(self)}


@dataclass(frozen=True)
class Message:
    """A sentence for the user. ``level`` is ``info`` or ``warning``."""

    level: str
    text: str

    def to_dict(self) -> dict:
        """The event as the worker sends it."""
        return {"type": "message", **asdict(self)}


Event = Started | Progress | Message
Listener = Callable[[Event], None]
StopQuestion = Callable[[], bool]
