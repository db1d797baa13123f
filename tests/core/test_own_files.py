"""Marks of sitsr's own files are written in one place."""

from pathlib import Path

import pytest

import sitsr_core
from sitsr_core.own_files import RESULT_TAG, RUN_FOLDER


@pytest.mark.parametrize("mark", [RESULT_TAG, RUN_FOLDER])
def test_a_mark_is_written_once(mark):
    root = Path(sitsr_core.__file__).parent
    found = [path.relative_to(root) for path in root.rglob("*.py") if f'"{mark}' in path.read_text(encoding="utf-8")]
    assert found == [Path("own_files.py")]
