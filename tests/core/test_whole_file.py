"""Texts that appear whole or not at all."""

from pathlib import Path

import pytest

from sitsr_core.errors import OutputError
from sitsr_core.whole_file import write_whole


def test_a_text_takes_the_place_of_another(tmp_path):
    for text in ("one", "two"):
        write_whole(tmp_path / "new" / "file.txt", text)
    assert (tmp_path / "new" / "file.txt").read_text() == "two"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["file.txt"]


def test_a_write_that_fails_leaves_the_old_text_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "file.txt"
    write_whole(path, "old")
    write_text = Path.write_text

    def full(self: Path, text: str, **options: str) -> int:
        write_text(self, text[:1], **options)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OutputError, match="space"):
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["file.txt"]
