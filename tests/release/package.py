"""Packs the plugin as the zip that QGIS's "Install from ZIP" takes, and refuses what plugins.qgis.org would: ``package.py OUT.zip``

The same files give the same bytes: names are sorted, dates and permissions fixed.
"""

import argparse
import configparser
import re
import sys
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from scans import complaints

ROOT = Path(__file__).resolve().parents[2]
NAME = "sitsr"
FILES = ("__init__.py", "metadata.txt", "LICENSE", "README.md", "CHANGELOG.md")
FOLDERS = ("sitsr_plugin", "sitsr_core", "resources")
KINDS = {"", ".py", ".txt", ".md", ".svg", ".png", ".jpg", ".qm", ".qml", ".tif", ".html", ".json", ".csv", ".toml", ".safetensors"}
SOURCES_ONLY = {".ts"}  # compiled before they are packed
CACHES = {"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
MOST_BYTES = 25 * 1000 * 1000
REQUIRED = (
    "name", "description", "about", "version", "qgisMinimumVersion", "author", "email", "tracker", "repository", "homepage",
)  # fmt: skip
DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip can hold


class PackageError(Exception):
    """The plugin cannot be packed; the text says why."""


def content(root: Path = ROOT) -> dict[str, bytes]:
    """What the zip holds: path below the plugin's folder -> bytes. Raises PackageError for links and unexpected kinds."""
    paths = [root / name for name in FILES]
    for folder in FOLDERS:
        paths += [path for path in (root / folder).rglob("*") if not path.is_dir() or path.is_symlink()]
    files = {}
    for path in paths:
        name = path.relative_to(root)
        if CACHES & set(name.parts) or path.suffix in SOURCES_ONLY:
            continue
        if path.is_symlink():
            raise PackageError(f"'{name.as_posix()}' is a link: a zip for QGIS must not have any.")
        if path.suffix not in KINDS or path.name.startswith(".") or (not path.suffix and path.name != "LICENSE"):
            raise PackageError(f"'{name.as_posix()}' is of no kind that belongs in the plugin: remove it, or add its kind to KINDS.")
        files[name.as_posix()] = path.read_bytes()
    return files


def untranslated(root: Path = ROOT) -> list[str]:
    """Translations that were not compiled."""
    return sorted(path.name for path in (root / "resources" / "i18n").glob("*.ts") if not path.with_suffix(".qm").is_file())


def write_zip(files: dict[str, bytes], path: Path) -> None:
    """Write the files below one folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{NAME}/{name}", DATE)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o100644 << 16
            archive.writestr(entry, files[name])


def metadata_of(text: str) -> dict[str, str]:
    """The fields of metadata.txt."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    return dict(parser["general"])


def refused_metadata(fields: dict[str, str], names: set[str]) -> list[str]:
    """What the repository would refuse in the metadata; ``names`` are the files of the plugin."""
    found = [f"metadata.txt lacks '{field}'" for field in REQUIRED if not fields.get(field, "").strip()]
    if "plugin" in fields.get("name", "").lower():
        found.append("the name contains 'plugin'")
    if not re.fullmatch(r"\d+(\.\d+)+([a-z]+\d*)?", fields.get("version", "")):
        found.append("the version is not like 1.2.3")
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]+", fields.get("email", "")):
        found.append("the email is not an address")
    found += [
        f"'{field}' is not a web address" for field in ("tracker", "repository", "homepage") if "https://" not in fields.get(field, "")
    ]
    if fields.get("hasProcessingProvider") != "yes":
        found.append("hasProcessingProvider is not yes")
    if fields.get("icon", "") not in names:
        found.append("the icon is not in the plugin")
    return found


def refused(path: Path) -> list[str]:
    """What the repository would refuse in a finished zip."""
    with zipfile.ZipFile(path) as archive:
        entries = {entry.filename: entry for entry in archive.infolist()}
        found = [] if path.stat().st_size < MOST_BYTES else [f"it is larger than {MOST_BYTES // 1_000_000} MB"]
        if {PurePosixPath(name).parts[0] for name in entries} != {NAME}:
            return [*found, f"it has another top folder than '{NAME}'"]
        names = {name.removeprefix(f"{NAME}/") for name in entries}
        for name, entry in entries.items():
            if entry.external_attr >> 28 == 0o12 or ".." in PurePosixPath(name).parts:
                found.append(f"'{name}' leads out of the folder")
            if PurePosixPath(name).suffix not in KINDS or CACHES & set(PurePosixPath(name).parts):
                found.append(f"'{name}' does not belong in it")
        missing = [name for name in ("__init__.py", "metadata.txt", "LICENSE") if name not in names]
        if missing:
            return found + [f"it lacks {name}" for name in missing]
        return found + refused_metadata(metadata_of(archive.read(f"{NAME}/metadata.txt").decode("utf-8")), names)


def scanned(path: Path) -> list[str]:
    """What Bandit and detect-secrets say of the zip's content."""
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                archive.extract(name, folder)
        return complaints(Path(folder) / NAME)


def main() -> int:
    """Pack, check and scan; the zip stays only when nothing complains."""
    parser = argparse.ArgumentParser(description="Packs the QGIS plugin.")
    parser.add_argument("zip", type=Path, help="the file to write")
    path = parser.parse_args().zip
    try:
        if missing := untranslated():
            raise PackageError(f"Not compiled: {', '.join(missing)}. Run 'make i18n'.")
        files = content()
        write_zip(files, path)
    except (PackageError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    found = refused(path) + scanned(path)
    if found:
        path.unlink()
        print(f"{path.name} was not kept:", *found, sep="\n  ", file=sys.stderr)
        return 1
    print(f"{path}: {len(files)} files, {path.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
