"""Failures of making an environment are told apart as pip, uv and the system really report them; what is copied names no one."""

import errno
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from wheels import lock_of, write_wheel


@pytest.fixture
def failures(sitsr):
    from sitsr.sitsr_plugin.core import environment_failures

    return environment_failures


RETRY = "WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after connection broken by "
NONE = "\nERROR: Could not find a version that satisfies the requirement tiny==1 (from versions: none)\nERROR: No matching distribution"
PRINTED = {
    "pip, disk": ("disk", "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"),
    "venv, disk": ("disk", "Error: [Errno 28] No space left on device"),
    "uv, disk": ("disk", "  cause: failed to copy file from a to b: No space left on device (os error 28)"),
    "pip, read-only": ("permission", "ERROR: Could not install packages due to an OSError: [Errno 30] Read-only file system: 'x.py'"),
    "venv, permission": ("permission", "Error: [Errno 13] Permission denied: 'np/e'"),
    "pip, Windows": ("permission", "ERROR: Could not install packages due to an OSError: [WinError 5] Zugriff verweigert: 'x.dll'"),
    "pip, TLS": (
        "tls",
        "Could not fetch URL https://localhost/simple/tiny/: There was a problem confirming the ssl certificate: HTTPSConnectionPool(host="
        "'localhost', port=8443): Max retries exceeded with url: /simple/tiny/ (Caused by SSLError(SSLCertVerificationError(1, '[SSL: "
        "CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c:992)'))) - skipping" + NONE,
    ),
    "uv, TLS": ("tls", "error: Failed to fetch\n  cause: client error (Connect)\n  cause: invalid peer certificate: UnknownIssuer"),
    "pip, dns": (
        "network",
        RETRY + "'NewConnectionError('<x>: Failed to establish a new connection: [Errno -2] Name or service not known')'" + NONE,
    ),
    "uv, dns": ("network", "error: Failed to fetch\n  cause: client error (Connect)\n  cause: dns error\n  cause: error resolving DNS"),
    "uv, proxy": ("proxy", "  cause: tunnel error: failed to create underlying connection\n  cause: tcp connect error"),
    "uv, no wheel": (
        "wheel",
        "error: No solution found when resolving dependencies\n  cause: Because other==1.0 has no wheels with a matching Python "
        "implementation tag (e.g., `cp311`) and you require other==1.0",
    ),
    "a retry that helped, then no wheel": (
        "wheel",
        RETRY + "'ReadTimeoutError'\nERROR: Could not find a version that satisfies the requirement tiny==1 (from versions: 0.1, 0.2)\n"
        "ERROR: No matching distribution found for tiny==1",
    ),
    "the one index that has the version never answered": (
        "network",
        RETRY + "'NewConnectionError('<x>: [Errno -2] Name or service not known')': /whl/cpu/torch/\nERROR: Could not find a version that "
        "satisfies the requirement torch==2.13.0+cpu (from versions: 2.12.1, 2.13.0)\nERROR: No matching distribution found for "
        "torch==2.13.0+cpu",
    ),
    "another package's index never answered": (
        "wheel",
        RETRY + "'NewConnectionError('<x>: [Errno -2] Name or service not known')': /whl/cpu/numpy/\nERROR: Could not find a version that "
        "satisfies the requirement torch==2.13.0+cpu (from versions: 2.12.1, 2.13.0)\nERROR: No matching distribution found for "
        "torch==2.13.0+cpu",
    ),
    "a retry that helped, then a full disk": ("disk", RETRY + "'ProxyError'\nERROR: OSError: [Errno 28] No space left on device"),
    "torch, Windows": ("library", 'OSError: [WinError 1114] A dynamic link library failed. Error loading "c10.dll"'),
    "torch, Linux": ("library", "ImportError: libgomp.so.1: cannot open shared object file: No such file or directory"),
    "uv, hash": ("hash", "error: Failed to read `tiny==1.0`\n  Caused by: Hash mismatch for `tiny==1.0`\n\nExpected:\n  sha256:0"),
    "glibc": ("library", "ImportError: /lib/libc.so.6: version `GLIBC_2.34' not found"),
    "anything": ("other", "Segmentation fault"),
}


@pytest.mark.parametrize("name", PRINTED)
def test_printed_failures_are_told_apart(failures, name):
    kind, text = PRINTED[name]
    found = failures.classify(text, 1)
    assert found.kind == kind
    assert found.message.endswith(".") and found.hint.endswith(".")


def test_the_index_that_did_not_answer_is_named(failures):
    blocked = failures.classify(PRINTED["the one index that has the version never answered"][1], 1)
    assert "download.pytorch.org" in blocked.message
    assert "download.pytorch.org" not in failures.classify(PRINTED["pip, dns"][1], 1).message


def test_exceptions_and_exit_codes_are_told_apart(failures):
    assert failures.kind_of("", error=OSError(errno.ENOSPC, "voll")) == "disk"
    assert failures.kind_of("", error=OSError(errno.EROFS, "nur lesbar")) == "permission"
    assert failures.kind_of("", error=RuntimeError("?")) == "other"
    assert failures.kind_of("", 0xC0000135) == failures.kind_of("", 0xC0000135 - 2**32) == "library"
    assert failures.wanted_package(PRINTED["uv, no wheel"][1]) == "other==1.0"


class Refusing(BaseHTTPRequestHandler):
    def do_CONNECT(self):
        self.send_error(407)

    def log_message(self, *_):
        pass


@pytest.fixture
def refusing_proxy():
    server = HTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def real_pip(tmp_path, monkeypatch):
    """What pip prints and returns; without the configuration of this machine."""
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    for name in [name for name in os.environ if name.lower().endswith("_proxy") or name in ("PIP_FIND_LINKS", "PIP_NO_INDEX")]:
        monkeypatch.delenv(name)
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "env")], check=True)

    def run(*arguments):
        from sitsr.sitsr_plugin.core.child import Children, child_environment

        command = [str(tmp_path / "env" / "bin" / "python"), "-m", "pip", "install", "--retries", "1", *arguments]
        return Children().run(command, child_environment(str(tmp_path)))

    return run


def test_real_pip_fails_in_the_ways_that_are_known(failures, real_pip, refusing_proxy, wheels, tmp_path):
    write_wheel(wheels, "fine")
    write_wheel(wheels, "other", tag="cp27-cp27m-win32")
    closed, pypi = "http://127.0.0.1:9", "https://pypi.org/simple"
    cases = {
        "network": ("--index-url", f"{closed}/simple", "tiny==1"),
        "proxy": ("--proxy", refusing_proxy, "--index-url", pypi, "tiny==1"),
        "wheel": ("--no-index", "--find-links", str(wheels), "other==1.0"),
        "hash": ("--no-index", "--find-links", str(wheels), "-r", str(lock_of(tmp_path, f"fine==1.0 --hash=sha256:{'0' * 64}"))),
    }
    for kind, arguments in cases.items():
        code, output = real_pip(*arguments)
        assert code != 0
        assert failures.kind_of(output, code) == kind, output


def test_diagnostics_name_no_one(sitsr):
    from sitsr.sitsr_plugin.core.diagnostics import diagnostics, without_names

    text = without_names(
        "C:\\Users\\Anna Lind\\AppData C:/Users/Anna Lind/x C:\\\\Users\\\\Anna Lind\\\\y alind alinda http://u:secret@proxy:1",
        "C:\\Users\\Anna Lind",
        "alind",
    )
    assert text == "<home>\\AppData <home>/x <home>\\\\y <user> alinda http://<user>@proxy:1"
    home = os.path.expanduser("~")
    assert home not in diagnostics("works", f"{home}/python", [f"Collecting {home}/x"])


def test_selftest_output_that_is_no_report_is_a_failure(sitsr, tmp_path):
    from sitsr.sitsr_plugin.core.child import Children
    from sitsr.sitsr_plugin.core.environment_selftest import run_selftest

    program, said = tmp_path / "python", []
    program.write_text("#!/bin/sh\necho 'ImportError: libfoo.so.1: cannot open shared object file'\nexit 1\n")
    program.chmod(0o755)
    with pytest.raises(Exception, match="library of the operating system") as caught:
        run_selftest(str(program), Children(said.append))
    assert caught.value.kind == "library"
    assert said == ["ImportError: libfoo.so.1: cannot open shared object file"]
    program.write_text(f"#!/bin/sh\necho '{json.dumps({'ok': True, 'checks': []})}'\n")
    assert run_selftest(str(program), Children())["ok"]
