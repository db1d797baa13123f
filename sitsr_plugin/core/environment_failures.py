"""Why making an environment failed: what programs print, raise and return, as one sentence and one action."""

from __future__ import annotations

import errno
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from . import PluginError, tr
from .environment import CPU_INDEX

NETWORK, PROXY, TLS, DISK, PERMISSION, HASH, WHEEL, LIBRARY, PYTHON, OTHER = (
    *("network", "proxy", "tls", "disk", "permission", "hash", "wheel", "library", "python", "other"),
)
_ERRNO = {
    **dict.fromkeys((errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)), DISK),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), PERMISSION),
}
# Windows: STATUS_DLL_NOT_FOUND, STATUS_ENTRYPOINT_NOT_FOUND, STATUS_DLL_INIT_FAILED
_LIBRARY_CODES = {0xC0000135, 0xC0000139, 0xC0000142}
# In order: a full disk or a proxy also makes later, less telling lines. System errors by number, since their words are translated.
_PATTERNS = (
    (DISK, r"\[Errno (28|122)\]|\(os error (28|122|112)\)|\[WinError 112\]|No space left on device|Disk quota exceeded"),
    (HASH, r"DO NOT MATCH THE HASHES|Hash mismatch for"),
    (PROXY, r"ProxyError|tunnel error|Tunnel connection failed|Proxy Authentication Required|proxy authorization|Cannot connect to proxy"),
    (TLS, r"SSLError|SSLCertVerificationError|CERTIFICATE_VERIFY_FAILED|invalid peer certificate|problem confirming the ssl"),
    (
        NETWORK,
        r"NewConnectionError|ConnectTimeoutError|ReadTimeoutError|NameResolutionError|ProtocolError|IncompleteRead|error sending request"
        r"|tcp connect error|dns error|Network is unreachable|getaddrinfo failed|ConnectionResetError|Connection timed out",
    ),
    (PERMISSION, r"\[Errno (1|13|30)\]|\(os error (1|5|13|30)\)|\[WinError (5|32)\]|Permission denied|Read-only file system"),
    (
        LIBRARY,
        r"DLL load failed|\[WinError (126|127|193|1114)\]|cannot open shared object file|error while loading shared libraries|GLIBC(XX)?_\d"
        r"|Library not loaded|symbol not found|undefined symbol",
    ),
    (
        WHEEL,
        r"No matching distribution found|is not a supported wheel|requires a different Python|No solution found",
    ),
)
_RETRY = re.compile(r"^WARNING: Retrying .*$", re.MULTILINE)
_OTHER_VERSIONS = re.compile(r"from versions: (?!none\))")
_LAST_RETRY = re.compile(r"^WARNING: Retrying \(Retry\(total=0\b.*/([\w.-]+)/?\s*$", re.MULTILINE)
_WANTED = re.compile(r"No matching distribution found for ([^\s;]+)|Because (?:only )?([^\s<>=]+[<>=]*[\w.+]*)")


@dataclass(frozen=True)
class Failure:
    """A kind of failure, what is wrong, and what to do."""

    kind: str
    message: str
    hint: str


class SetupError(PluginError):
    """Making or testing an environment failed; ``kind`` says of what."""

    def __init__(self, failure: Failure):
        super().__init__(failure.message, failure.hint)
        self.kind = failure.kind


def classify(text: str, exit_code: int | None = None, error: BaseException | None = None) -> Failure:
    """What went wrong, from a program's output and exit code or from an exception."""
    return describe(kind_of(text, exit_code, error), wanted_package(text))


def kind_of(text: str, exit_code: int | None = None, error: BaseException | None = None) -> str:
    """One of the kinds above."""
    if isinstance(error, OSError):
        if getattr(error, "winerror", None) == 112:
            return DISK
        if error.errno in _ERRNO:
            return _ERRNO[error.errno]
    if exit_code is not None and exit_code & 0xFFFFFFFF in _LIBRARY_CODES:
        return LIBRARY
    whole = f"{text}\n{error or ''}"
    # what pip tried again may have succeeded then: it counts only where nothing else explains the failure
    said = _RETRY.sub("", whole)
    kind = _first_match(said)
    if kind in (WHEEL, OTHER):
        # one index may have other versions, and that which has this one never have answered
        unanswered = project_name(wanted_package(said)) in map(project_name, _LAST_RETRY.findall(whole))
        retried = _first_match("\n".join(_RETRY.findall(whole)))
        if retried != OTHER and (unanswered or not _OTHER_VERSIONS.search(said)):
            return retried
    return kind


def project_name(requirement: str) -> str:
    """The name in a requirement as package indexes write it in addresses."""
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]*", requirement).group()).lower()


def _first_match(text: str) -> str:
    return next((kind for kind, pattern in _PATTERNS if re.search(pattern, text)), OTHER)


def wanted_package(text: str) -> str:
    """The requirement that nothing fits, as pip or uv named it; empty when they named none."""
    found = _WANTED.search(text)
    return (found.group(1) or found.group(2)).rstrip("<>=") if found else ""


def describe(kind: str, package: str = "") -> Failure:
    """The sentence and the action of a kind."""
    if kind == NETWORK and "+cpu" in package:
        message = tr("PyTorch's package index on the internet, {host}, could not be reached.").format(host=urlsplit(CPU_INDEX).hostname)
        hint = tr("Ask whoever runs your network to let it through and try again, or use a folder of wheels made elsewhere.")
    elif kind == NETWORK:
        message = tr("The package index on the internet could not be reached.")
        hint = tr("Check the connection and try again, or use a folder of wheels made on a computer that has one.")
    elif kind == PROXY:
        message = tr("The proxy did not let the download through.")
        hint = tr("Correct host, port, user and password in Settings > Options > Network > Use proxy, then try again.")
    elif kind == TLS:
        message = tr("The identity of the package index could not be verified (TLS certificate).")
        hint = tr(
            "Where your network inspects traffic, ask for its certificate file, set SSL_CERT_FILE and PIP_CERT to it and restart QGIS."
        )
    elif kind == DISK:
        message, hint = tr("The disk is full."), tr("Free the space that the window names and try again.")
    elif kind == PERMISSION:
        message = tr("A file or folder may not be written.")
        hint = tr("Give yourself the right to write to the path in the log's last lines, and close QGIS windows that compute from it.")
    elif kind == HASH:
        message = tr("A package is not the one that sitsr was made with: its hash differs.")
        hint = tr("Try again; if it repeats, a mirror or proxy changes packages: use the package index itself, or other wheels.")
    elif kind == WHEEL:
        name = f" '{package}'" if package else ""
        message = tr("No package{name} fits this system and its Python.").format(name=name)
        hint = tr("Use a 64-bit Python 3.11 to 3.14, or add the wheel for this Python to the folder of wheels.")
    elif kind == LIBRARY:
        message = tr("A library of the operating system is missing or too old.")
        hint = tr(
            "Install the Microsoft Visual C++ Redistributable (x64) on Windows, or update the system elsewhere; the log names the library."
        )
    elif kind == PYTHON:
        message = tr("No Python 3.11 or later that can make environments was found.")
        hint = tr("Install one from python.org or by your package manager (on Debian and Ubuntu: python3-venv too), or install uv.")
    else:
        message, hint = tr("Making the environment failed."), tr("The log's last lines say why: copy the diagnostics to report them.")
    return Failure(kind, message, hint)
