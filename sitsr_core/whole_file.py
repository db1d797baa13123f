"""Texts that appear on disk whole or not at all."""

from pathlib import Path

from sitsr_core.errors import writing


def write_whole(path: Path, text: str) -> None:
    """Write a text beside ``path`` and put it in its place; missing folders are made. Raises OutputError."""
    temporary = path.with_name(path.name + ".part")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            temporary.write_text(text, encoding="utf-8")
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)  # what a full disk cut off
