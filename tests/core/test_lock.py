"""The script that writes the lock files, on what pip reports."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "release"))

import lock  # noqa: E402

ONE, OTHER = "1" * 64, "2" * 64


def test_what_it_writes_it_reads_again():
    text = (
        "# Comment.\n" + lock.entry("torch==2.1+cpu", {OTHER, ONE}, lock.ON_LINUX) + "\n" + lock.entry("torch==2.1", {ONE}, lock.ELSEWHERE)
    )
    assert text.splitlines()[1:4] == [
        'torch==2.1+cpu ; sys_platform == "linux" \\', f"    --hash=sha256:{ONE} \\", f"    --hash=sha256:{OTHER}",
    ]  # fmt: skip
    assert lock.pins(text) == ["torch==2.1"] and lock.header(text) == "# Comment.\n"
    assert lock.kept(text, "torch==2.1+cpu") == {ONE, OTHER} and lock.kept(text, "torch==2.2+cpu") == set()


def test_hashes_are_found_under_the_name_that_was_asked_for():
    item = {"metadata": {"name": "lazy_loader"}, "download_info": {"archive_info": {"hashes": {"sha256": ONE}}}}
    parts = [lock.found({"install": [item]}, ["Lazy-Loader==0.6"]), {"Lazy-Loader==0.6": {OTHER}}]
    assert lock.merged(parts) == {"Lazy-Loader==0.6": {ONE, OTHER}}


@pytest.mark.parametrize("path", [lock.PACKAGES, lock.TORCH], ids=lambda path: path.name)
def test_every_pin_has_the_wheels_of_several_systems_or_one_for_all(path):
    text = path.read_text(encoding="utf-8")
    for requirement in lock.pins(text):
        hashes = text.partition(f"{requirement} ")[2].partition("==")[0].count("--hash")
        assert hashes == 1 or hashes >= len(lock.OTHERS), requirement
