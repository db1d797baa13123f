"""What the disk and the memory can do to a run. Real file systems where the system lets us."""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import torch
from engine_fixtures import pixels_of, run, small_model, write_series

from sitsr_core.errors import OutputError, ResourceError
from sitsr_core.inference import compute, output_errors
from sitsr_core.inference.writer import RasterSpec, write_raster

# In a process of its own: what other tests have freed is there to be taken without new pages.
FREED_MEMORY = """
import resource
from pathlib import Path

from sitsr_core.inference.memory import freed_memory_kept


def new_pages():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    b"x" * (64 << 20)  # numpy would ask for huge pages
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def resident_pages():
    return int(Path("/proc/self/statm").read_text().split()[1])


before = new_pages()
with freed_memory_kept():
    new_pages()
    kept, resident = new_pages(), resident_pages()
print(before, kept, new_pages(), resident - resident_pages())
"""


@pytest.fixture(scope="module")
def given(tmp_path_factory) -> tuple[list[str], str]:
    folder = tmp_path_factory.mktemp("given")
    return write_series(folder / "in"), small_model(folder / "model.safetensors")


@contextmanager
def mounted(place: Path, *options: str):
    """A file system of our own; skips where we may not mount one."""
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(place)]
    if sys.platform != "linux" or os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("mounting needs root on Linux")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_tile_of_another_size_than_was_asked_for_is_told(given, tmp_path):
    result = run(given[0], tmp_path / "fine.tif", given[1], tile=100, window=[0, 0, 40, 30])
    assert "Tiles are multiples of 64 pixels: 128 is taken in place of 100." in result.warnings


def test_a_folder_that_is_a_file_is_named(given, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="a part of its path is a file"):
        run(given[0], tmp_path / "file" / "fine.tif", given[1])


def test_no_write_permission(given, tmp_path):
    with mounted(tmp_path / "locked", "size=10m,ro") as place:
        with pytest.raises(OutputError, match="permission denied"):
            run(given[0], place / "fine.tif", given[1])
        with pytest.raises(OutputError, match="permission denied"):
            run(given[0], tmp_path / "fine.tif", given[1], run_folder=str(place / "run"))
    assert not (tmp_path / "fine.tif").exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="permission bits do not bind root")
def test_no_write_permission_by_mode(given, tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="permission denied"):
        run(given[0], tmp_path / "fine.tif", given[1])


def test_a_disk_without_room_is_known_before_computing(given, tmp_path):
    with mounted(tmp_path / "tiny", "size=200k") as place, pytest.raises(OutputError, match=r"needs about 1\.8 MB .* free"):
        run(given[0], place / "fine.tif", given[1])


def test_a_disk_that_fills_up_while_tiles_are_kept(given, tmp_path, monkeypatch):
    monkeypatch.setattr("sitsr_core.inference.engine.require_room", lambda *_: None)
    with mounted(tmp_path / "tiny", "size=400k") as place:
        with pytest.raises(OutputError, match="is full"):
            run(given[0], place / "fine.tif", given[1])
        assert not (place / "fine.tif").exists()


@pytest.mark.parametrize("cog", [False, True])
def test_a_disk_that_fills_up_while_the_output_is_written(tmp_path, cog):
    """GDAL keeps blocks back and only logs when they fail to reach the disk; that must not pass for success."""
    noise = np.random.default_rng(0).integers(0, 60000, (1, 1024, 1024)).astype("uint16")
    spec = RasterSpec(1024, 1024, "", (1, 0, 0, 0, -1, 0), "uint16", ("B02",))
    with mounted(tmp_path / "tiny", "size=1500k") as place, pytest.raises(OutputError, match="is full"):
        write_raster(place / "work.tif", spec, [(0, 0, noise)], cog=cog)


def test_every_refusal_to_write_has_its_sentence(tmp_path):
    import errno

    for number, words in (
        (errno.ENOSPC, "is full"),
        (errno.EDQUOT, "is full"),
        (errno.EROFS, "permission"),
        (errno.EIO, "cannot be written"),
    ):
        with pytest.raises(OutputError, match=words), output_errors.output_errors(tmp_path / "x"):
            raise OSError(number, os.strerror(number))


class TestMemory:
    """The ladder: smaller tiles, half precision, and then an error; the result stays what it was."""

    def limited(self, monkeypatch, fits) -> None:
        """The network fails as torch does when a window is too large for ``fits(pixels, autocast)``."""
        whole_mean = compute.SuperResolver.mean

        def limited(network, batch):
            pixels = batch.reflectance.shape[-1] * batch.reflectance.shape[-2]
            if not fits(pixels, torch.is_autocast_enabled("cpu")):
                raise RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory: you tried to allocate")
            return whole_mean(network, batch)

        monkeypatch.setattr(compute.SuperResolver, "mean", limited)

    def test_smaller_tiles_give_the_same_image(self, given, tmp_path, monkeypatch):
        inputs = write_series(tmp_path / "in", 190, 200)
        run(inputs, tmp_path / "whole.tif", given[1], tile=256)
        self.limited(monkeypatch, lambda pixels, _: pixels <= 200**2)
        result = run(inputs, tmp_path / "parts.tif", given[1], tile=256)
        assert result.warnings == ["Memory ran out on cpu: going on with tiles of 100 pixels."]
        assert np.abs(pixels_of(tmp_path / "parts.tif").astype(int) - pixels_of(tmp_path / "whole.tif")).max() <= 1

    def test_then_half_precision(self, given, tmp_path, monkeypatch):
        monkeypatch.setattr(compute, "cpu_has_bfloat16", lambda: True)
        self.limited(monkeypatch, lambda _, half: half)
        result = run(given[0], tmp_path / "half.tif", given[1])
        assert result.precision == "bfloat16" and "going on in bfloat16" in result.warnings[-1]

    def test_then_an_error_and_no_output(self, given, tmp_path, monkeypatch):
        self.limited(monkeypatch, lambda *_: False)
        with pytest.raises(ResourceError, match="Memory ran out even with tiles of 32 pixels"):
            run(given[0], tmp_path / "none.tif", given[1])
        assert not (tmp_path / "none.tif").exists()

    def test_other_failures_are_not_taken_for_lack_of_memory(self, given, tmp_path, monkeypatch):
        def broken(*_):
            raise RuntimeError("shapes do not match")

        monkeypatch.setattr(compute.SuperResolver, "mean", broken)
        with pytest.raises(RuntimeError, match="shapes"):
            run(given[0], tmp_path / "none.tif", given[1])

    @pytest.mark.skipif(sys.platform != "linux", reason="only the C library of Linux gives memory back at once")
    def test_freed_memory_is_used_again_and_given_back_in_the_end(self):
        measured = subprocess.run([sys.executable, "-c", FREED_MEMORY], capture_output=True, text=True, check=True).stdout
        before, kept, after, given_back = map(int, measured.split())
        assert before > 1000 and after > 1000  # pages of 4 KiB that the system fills with zeros for 64 MiB
        assert kept < 100
        assert given_back > 10_000

    def test_prediction_and_peak_are_reported(self, given, tmp_path):
        memory = run(given[0], tmp_path / "fine.tif", given[1]).memory
        assert memory["predicted_mb"] > 100 and memory["peak_mb"] > 100
