"""Whether the places of results can be written, known before anything is computed; and the last steps of writing them."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import uuid

from . import PluginError, tr

NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)
SIDE_FILES = (".aux.xml", ".ovr", ".msk")  # what QGIS or GDAL noted of an older file of this name
FULL = tuple(getattr(errno, name) for name in ("ENOSPC", "EDQUOT", "EFBIG") if hasattr(errno, name))


def require_places(paths: list) -> None:
    """Find out whether files of these names can be written; nothing is made. Raises PluginError."""
    for path in paths:
        try:
            try_place(os.path.abspath(path))
        except OSError as error:
            raise unwritable(path, error) from error


def try_place(path: str) -> None:
    """Raise the OSError that would keep a file from being written here, in folders that may be missing yet."""
    with contextlib.suppress(FileNotFoundError):
        os.lstat(path)  # raises for a name that is too long
    if os.path.isdir(path):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if os.path.exists(path) and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    folder = os.path.dirname(path)
    while not os.path.exists(folder) and folder != os.path.dirname(folder):
        folder = os.path.dirname(folder)
    # not by the module tempfile: on Windows it tries ten thousand names where none is allowed
    probe = os.path.join(folder, f".sitsr-{uuid.uuid4().hex}")
    with open(probe, "xb"):
        pass
    os.remove(probe)


def write_text(path: str, text: str) -> None:
    """Write a text; missing folders are made. Raises PluginError."""
    try:
        make_folder(path)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise unwritable(path, error) from error


def move_file(source: str, target: str) -> None:
    """Move a file, which appears at its new place whole or not at all; missing folders are made. Raises PluginError."""
    part = f"{target}.part"
    try:
        make_folder(target)
        try:
            os.replace(source, target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            try:  # on another disk: a copy has to do
                shutil.copyfile(source, part)
                os.replace(part, target)
            finally:
                with contextlib.suppress(OSError):
                    os.remove(part)
            with contextlib.suppress(OSError):
                os.remove(source)
        for suffix in SIDE_FILES:
            with contextlib.suppress(FileNotFoundError):
                os.remove(target + suffix)
    except OSError as error:
        raise unwritable(target, error) from error


def make_folder(path: str) -> None:
    """Make the folder of a file. Raises OSError."""
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)


def unwritable(path: str, error: OSError) -> PluginError:
    """What keeps a file from being written, in the worker's words where it has some."""
    if error.errno in NOT_ALLOWED:
        return PluginError(tr("'{path}' cannot be written: permission denied.").format(path=path), tr("Choose a folder you may write to."))
    if error.errno in FULL:
        return PluginError(tr("The disk that holds '{path}' is full.").format(path=path), tr("Free some space and run again."))
    if error.errno == errno.EISDIR:
        return PluginError(tr("The output '{path}' is a folder.").format(path=path), tr("Give the name of a file."))
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        text = tr("'{path}' cannot be written: a part of its path is a file, not a folder.")
        return PluginError(text.format(path=path), tr("Choose another place."))
    if error.errno == errno.ENAMETOOLONG:
        text = tr("'{path}' cannot be written: its name is too long.")
        return PluginError(text.format(path=path), tr("Choose a shorter name for the output."))
    text = tr("'{path}' cannot be written: {reason}.").format(path=path, reason=error.strerror or error)
    return PluginError(text, tr("Choose another place for the output."))


def with_written(error: PluginError, paths: list) -> str:
    """The error for the user, who is told too which results were written before it."""
    if not paths:
        return str(error)
    named = ", ".join(f"'{path}'" for path in paths)
    return f"{error} {tr('Already written, and kept: {paths}.').format(paths=named)}"
