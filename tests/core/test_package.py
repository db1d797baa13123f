"""The zip for QGIS: what is in it, that it is the same twice, and that what the plugin repository refuses is refused here."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "release"))

import package  # noqa: E402
import scans  # noqa: E402


@pytest.fixture(scope="module")
def files():
    return package.content()


@pytest.fixture
def few(files):
    """The plugin without its code and weights: quick to pack."""
    return {name: data for name, data in files.items() if name in package.FILES or name.startswith("resources/icons")}


def zipped(files, folder, name="sitsr.zip"):
    path = folder / name
    package.write_zip(files, path)
    return path


def test_the_plugin_as_it_is_would_be_taken(files, tmp_path):
    path = zipped(files, tmp_path)
    assert package.refused(path) == []
    names = zipfile.ZipFile(path).namelist()
    for name in (
        "__init__.py",
        "metadata.txt",
        "LICENSE",
        "sitsr_plugin/plugin.py",
        "sitsr_core/worker.py",
        "resources/models/small.safetensors",
    ):
        assert f"sitsr/{name}" in names
    assert not [name for name in names if name.startswith(("sitsr/tests", "sitsr/training", "sitsr/build")) or "__pycache__" in name]


def test_packed_twice_the_bytes_are_the_same(few, tmp_path):
    first = zipped(few, tmp_path, "first.zip")
    again = zipped(dict(reversed(few.items())), tmp_path, "again.zip")
    assert first.read_bytes() == again.read_bytes()


def test_links_and_unexpected_files_are_not_packed(tmp_path):
    for name in package.FILES:
        shutil.copy(ROOT / name, tmp_path)
    for name in package.FOLDERS:
        (tmp_path / name).mkdir()
    script = tmp_path / "sitsr_core" / "install.sh"
    script.write_text("true\n")
    with pytest.raises(package.PackageError, match=r"install\.sh"):
        package.content(tmp_path)
    script.unlink()
    (tmp_path / "sitsr_core" / "__pycache__").mkdir()
    (tmp_path / "sitsr_core" / "__pycache__" / "job.pyc").write_bytes(b"1")
    assert set(package.content(tmp_path)) == set(package.FILES)
    (tmp_path / "resources" / "outside").symlink_to(tmp_path.parent, target_is_directory=True)
    with pytest.raises(package.PackageError, match="link"):
        package.content(tmp_path)


@pytest.mark.parametrize(
    ("name", "old", "new", "complaint"),
    [
        ("metadata.txt", b"name=sitsr", b"name=sitsr plugin", "'plugin'"),
        ("metadata.txt", b"tracker=https", b"tracker=ftp", "tracker"),
        ("metadata.txt", b"author=The sitsr authors", b"author=", "author"),
        ("metadata.txt", b"icons/sitsr.svg", b"icons/other.svg", "icon"),
        ("LICENSE", None, None, "lacks LICENSE"),
    ],
)
def test_what_the_repository_refuses_is_named(few, tmp_path, name, old, new, complaint):
    if old is None:
        few.pop(name)
    else:
        assert old in few[name]
        few[name] = few[name].replace(old, new)
    assert complaint in "; ".join(package.refused(zipped(few, tmp_path)))


def test_binaries_and_size_are_refused(few, tmp_path, monkeypatch):
    monkeypatch.setattr(package, "MOST_BYTES", 1000)
    found = "; ".join(package.refused(zipped({**few, "sitsr_core/fast.dll": b"MZ"}, tmp_path)))
    assert "fast.dll" in found and "larger" in found


def test_a_translation_that_is_not_compiled_is_named(tmp_path):
    folder = tmp_path / "resources" / "i18n"
    folder.mkdir(parents=True)
    (folder / "sitsr_fr.ts").write_text("<TS/>")
    assert package.untranslated(tmp_path) == ["sitsr_fr.ts"]
    (folder / "sitsr_fr.qm").write_bytes(b"1")
    assert package.untranslated(tmp_path) == []


def test_the_scans_see_a_shell_and_a_key(tmp_path):
    (tmp_path / "bad.py").write_text("import subprocess\nsubprocess.run('ls', shell=True)\nvalue = eval('1')\n")
    (tmp_path / "keys.txt").write_text("aws_key = " + "AKIA" + "QWERTYUIOPASDFGH" + "\n")
    found = "\n".join(scans.complaints(tmp_path))
    assert "B602" in found and "B307" in found and "keys.txt:1: AWS" in found


def test_the_plugin_passes_the_scans(files, tmp_path):
    code = {name: data for name, data in files.items() if name.endswith((".py", ".txt", ".svg"))}
    assert package.scanned(zipped(code, tmp_path)) == []


def test_a_plugin_that_is_refused_leaves_no_zip(tmp_path):
    copy = tmp_path / "copy"
    for name in ("tests/release/package.py", "tests/release/scans.py", "metadata.txt", "__init__.py", "README.md", "CHANGELOG.md"):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    for arguments in (["packed.zip"], []):
        done = subprocess.run([sys.executable, "tests/release/package.py", *arguments], cwd=copy, capture_output=True, text=True)
        assert done.returncode != 0 and "Traceback" not in done.stderr
    assert not (copy / "packed.zip").exists()
