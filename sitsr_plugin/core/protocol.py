"""The worker's JSON lines, read as they arrive."""

from __future__ import annotations

import json


class LineReader:
    """Cuts a byte stream into JSON objects; the stream may break anywhere, inside a character too."""

    def __init__(self):
        self._rest = b""
        self.noise: list[str] = []

    def feed(self, data: bytes) -> list:
        """The messages that became whole with these bytes, in order. What is not a message goes to ``noise``."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        return [message for line in lines if (message := self._parse(line)) is not None]

    def close(self) -> list:
        """The last message, when the stream ended without a line feed."""
        line, self._rest = self._rest, b""
        message = self._parse(line)
        return [] if message is None else [message]

    def _parse(self, line: bytes):
        text = line.decode("utf-8", errors="replace").strip()
        if not text:
            return None
        try:
            message = json.loads(text)
        except ValueError:
            message = None
        if isinstance(message, dict) and "type" in message:
            return message
        self.noise.append(text)
        return None
