"""The worker's stream, cut anywhere."""

import json

import pytest

MESSAGES = [{"type": "start", "device": "cpu"}, {"type": "message", "level": "info", "text": "déjà vu 🛰"}, {"type": "result", "result": {}}]
STREAM = "".join(json.dumps(message, ensure_ascii=False) + "\n" for message in MESSAGES).encode()


@pytest.fixture
def reader(sitsr):
    from sitsr.sitsr_plugin.core.protocol import LineReader

    return LineReader()


@pytest.mark.parametrize("size", [1, 2, 7, 50, 10_000])
def test_messages_are_whole_however_the_bytes_arrive(reader, size):
    got = [message for start in range(0, len(STREAM), size) for message in reader.feed(STREAM[start : start + size])]
    assert got == MESSAGES
    assert reader.noise == []


def test_a_last_line_without_line_feed_counts(reader):
    assert reader.feed(STREAM[:-1]) == MESSAGES[:-1]
    assert reader.close() == MESSAGES[-1:]
    assert reader.close() == []


def test_what_is_no_message_is_kept_for_the_log(reader):
    assert reader.feed(b'warning: something\r\n[1, 2]\n{"no": "type"}\n\n\xff\xfe\n') == []
    assert len(reader.noise) == 4
