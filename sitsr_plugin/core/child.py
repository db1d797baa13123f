"""Programs run one after the other from a background thread, line by line, and ended from another with all they started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import QUrl

from . import PluginError, tr

# What QGIS sets for itself, what points pip or uv elsewhere than into the environment, and what weakens TLS.
DROPPED = (
    *("PYTHONPATH", "PYTHONHOME", "PROJ_LIB", "PROJ_DATA", "GDAL_DATA", "GDAL_DRIVER_PATH", "VIRTUAL_ENV", "CONDA_PREFIX"),
    *("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PIP_TRUSTED_HOST", "UV_INSECURE_HOST", "UV_SYSTEM_PYTHON"),
)
PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")


class Stopped(PluginError):
    """The user stopped it."""


class Children:
    """Runs programs; ``stop`` ends the one that runs and lets no other start.

    Args:
        say: called with each line of output, in the thread that runs.
    """

    def __init__(self, say: Callable[[str], None] = lambda line: None):
        self.say = say
        self._lock, self._stopped, self._process = threading.Lock(), False, None

    @property
    def stopped(self) -> bool:
        """Whether ``stop`` was called."""
        return self._stopped

    def run(self, arguments: list, environment: dict) -> tuple:
        """Run one program to its end: its exit code and its output, errors included. Raises Stopped, and OSError when it cannot start."""
        with self._lock:
            self.check()
            group = {"creationflags": subprocess.CREATE_NO_WINDOW} if os.name == "nt" else {"start_new_session": True}
            self._process = process = subprocess.Popen(
                [str(argument) for argument in arguments],
                **group,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=environment,
                encoding="utf-8",
                errors="replace",
            )
        lines = []
        with process:
            for line in process.stdout:
                lines.append(line)
                self.say(line.rstrip())
        with self._lock:
            self._process = None
        self.check()
        return process.returncode, "".join(lines)

    def check(self) -> None:
        """Raise Stopped after ``stop``."""
        if self._stopped:
            raise Stopped(tr("Cancelled."), tr("Nothing was left behind; it starts from the beginning the next time."))

    def stop(self) -> None:
        """End what runs, from any thread."""
        with self._lock:
            self._stopped = True
            process = self._process
            if process is None or process.poll() is not None:
                return
            if os.name == "nt":
                subprocess.run(
                    ["taskkill", "/F", "/T", "/PID", str(process.pid)], creationflags=subprocess.CREATE_NO_WINDOW, capture_output=True
                )
            else:
                with contextlib.suppress(OSError):
                    os.killpg(process.pid, signal.SIGKILL)


def child_environment(folder_for_temporary: str = "") -> dict:
    """The environment variables of such a program: QGIS's own without what would lead it astray, and QGIS's proxy."""
    values = {name: value for name, value in os.environ.items() if name not in DROPPED}
    values |= {"PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "NO_COLOR": "1"}
    if folder_for_temporary:
        values |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder_for_temporary)
    proxy = qgis_proxy()
    if proxy and not any(values.get(name) for name in PROXIES):
        values |= {"HTTPS_PROXY": proxy, "HTTP_PROXY": proxy}
    return values


def qgis_proxy() -> str:
    """The HTTP proxy of QGIS's network options as an address, empty when there is none."""
    settings = QgsSettings()
    host = str(settings.value("proxy/proxyHost", "") or "")
    if not settings.value("proxy/proxyEnabled", False, type=bool) or not host or settings.value("proxy/proxyType", "") != "HttpProxy":
        return ""
    address = QUrl()
    address.setScheme("http")
    address.setHost(host)
    port = str(settings.value("proxy/proxyPort", "") or "")
    if port.isdigit():
        address.setPort(int(port))
    user, password = (str(settings.value(f"proxy/proxy{name}", "") or "") for name in ("User", "Password"))
    if user:
        address.setUserName(user)
    if password:
        address.setPassword(password)
    return bytes(address.toEncoded().data()).decode()
