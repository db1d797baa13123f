"""The worker's self-test, run with an interpreter, and its report as texts."""

from __future__ import annotations

import json

from . import PLUGIN_ROOT, tr
from .child import Children, child_environment
from .environment_failures import SetupError, classify

BOOT = (
    'import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); runpy.run_module("sitsr_core.selftest", run_name="__main__", alter_sys=True)'
)


def run_selftest(path: str, children: Children) -> dict:
    """The report of ``sitsr_core.selftest``: versions, device and why, checks. Raises SetupError when it cannot even start."""
    say, children.say = children.say, lambda line: None
    try:
        code, output = children.run([path, "-I", "-c", BOOT, str(PLUGIN_ROOT)], child_environment())
    finally:
        children.say = say
    for line in reversed(output.splitlines()):
        try:
            report = json.loads(line)
        except ValueError:
            continue
        if isinstance(report, dict) and "checks" in report:
            for row in report_lines(report):
                say(row)
            return report
    for line in output.splitlines()[-20:]:
        say(line)
    raise SetupError(classify(output, code))


def report_lines(report: dict) -> list:
    """The report as a table for the log."""
    lines = [f"sitsr {report.get('version', '?')}, Python {report.get('python', '?')}, {report.get('platform', '?')}"]
    lines += [f"{'ok  ' if check['ok'] else 'FAIL'}  {check['name']:<12} {check['detail']}" for check in report["checks"]]
    return lines


def status_line(report: dict) -> str:
    """One or two sentences: what computes and why, with versions; or what does not work."""
    if not report.get("ok"):
        failed = next((check for check in report.get("checks", ()) if not check["ok"]), {"name": "?", "detail": "?"})
        cause = (failed["detail"].strip().splitlines() or ["?"])[-1]  # numpy's own message is a page that ends with the cause
        return tr("This environment does not work. {check}: {detail}").format(check=failed["name"], detail=cause)
    versions = report.get("versions", {})
    return tr("Works: computes on {device} in {precision}. {reason} PyTorch {torch}, Python {python}, sitsr {version}.").format(
        device=str(report.get("device", "?")).upper(),
        precision=report.get("precision", "?"),
        reason=str(report.get("device_reason", "")).strip(),
        torch=versions.get("torch", "?"),
        python=report.get("python", "?"),
        version=report.get("version", "?"),
    )
