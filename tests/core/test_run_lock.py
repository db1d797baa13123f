"""One run at a time in a run folder."""

import pytest

from sitsr_core.errors import OutputError
from sitsr_core.own_files import RUN_LOCK
from sitsr_core.run_lock import RunLock

fcntl = pytest.importorskip("fcntl")


def test_a_lock_keeps_others_out_and_leaves_nothing(tmp_path):
    folder = tmp_path / "run"
    lock = RunLock(folder)
    with pytest.raises(OutputError, match="Another run is using the run folder"):
        RunLock(folder)
    lock.remove()
    assert not folder.exists()


def test_folders_made_for_it_go_when_they_are_empty(tmp_path):
    deep = tmp_path / "new" / "deep" / "run"
    RunLock(deep).remove()
    assert not (tmp_path / "new").exists()
    (tmp_path / "old").mkdir()
    RunLock(tmp_path / "old" / "run").remove()
    lock = RunLock(deep)
    (tmp_path / "new" / "mine").write_text("")
    lock.remove()
    assert (tmp_path / "old").is_dir() and [path.name for path in (tmp_path / "new").iterdir()] == ["mine"]


def test_a_file_that_the_run_before_deletes_is_no_lock(tmp_path, monkeypatch):
    """It is deleted after it was opened and before it is locked."""
    flock, calls = fcntl.flock, []

    def slow(descriptor, operation):
        if not calls:
            (tmp_path / RUN_LOCK).unlink()
        calls.append(operation)
        flock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", slow)
    lock = RunLock(tmp_path)
    with pytest.raises(OutputError):
        RunLock(tmp_path)
    lock.release()
    RunLock(tmp_path).release()
