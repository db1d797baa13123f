"""What to paste into a report: versions, state and log, without the user's folders and name."""

from __future__ import annotations

import getpass
import os
import platform
import re

from qgis.core import Qgis
from qgis.PyQt.QtCore import QT_VERSION_STR

HOME, USER = "<home>", "<user>"
SHORTEST_NAME = 3
CREDENTIALS = re.compile(r"(\w+://)[^/\s:@]+(:[^/\s@]*)?@")


def diagnostics(status: str, interpreter: str, log: list) -> str:
    """The text for the clipboard."""
    lines = [
        f"QGIS {Qgis.QGIS_VERSION}, Qt {QT_VERSION_STR}, Python {platform.python_version()}, {platform.platform()}",
        interpreter,
        status,
        "",
        *log,
    ]
    return without_names("\n".join(lines))


def without_names(text: str, home: str | None = None, user: str | None = None) -> str:
    """The text with the home folder, the user's name and passwords in addresses replaced."""
    home = os.path.expanduser("~") if home is None else home
    user = login_name() if user is None else user
    text = CREDENTIALS.sub(r"\1" + USER + "@", text)
    for form in sorted({home, home.replace("\\", "/"), home.replace("\\", "\\\\"), os.path.realpath(home)}, key=len, reverse=True):
        if len(form) >= SHORTEST_NAME:
            text = re.sub(re.escape(form) + r"(?![\w.-])", HOME, text, flags=re.IGNORECASE if os.name == "nt" else 0)
    if len(user) >= SHORTEST_NAME:
        text = re.sub(rf"(?<!\w){re.escape(user)}(?!\w)", USER, text)
    return text


def login_name() -> str:
    """Who is logged in, empty when the system cannot tell."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""
