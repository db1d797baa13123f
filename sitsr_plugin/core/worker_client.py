"""Runs the worker process and turns what it says into progress, messages, a result or one clear sentence.

The protocol: JSON lines on standard output (``start``, ``progress``, ``message``, ``result``, ``error``), a log on standard
error, exit codes 0 (done), 1 (expected error), 2 (unexpected error), 3 (cancelled); a stop file asks it to end.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from qgis.core import QgsApplication, QgsFeedback, QgsProcessingFeedback
from qgis.PyQt.QtCore import Qt

from . import PLUGIN_ROOT, PluginError, tr
from .environment import Interpreter
from .protocol import LineReader
from .run_program import run_program
from .unfinished import what_is_kept
from .worker_sentences import in_own_language

BOOT = """
import json, os, runpy, sys
sys.path.insert(0, sys.argv.pop(1))
print(json.dumps({"type": "process", "pid": os.getpid()}), flush=True)
runpy.run_module("sitsr_core.worker", run_name="__main__", alter_sys=True)
"""
TERMINATE_AFTER = 1.0
KILL_AFTER = 1.5
KEPT_LOGS = 20


class RunCancelled(PluginError):
    """The user stopped the run."""


@dataclass
class Outcome:
    """What one run of the process left behind."""

    exit_code: int = 0
    crashed: bool = False
    failed_to_start: bool = False
    pid: int = 0
    start: dict = field(default_factory=dict)
    result: dict | None = None
    error: dict | None = None
    log: list = field(default_factory=list)


def worker_arguments(job_file: Path, stop_file: Path, task: str) -> list:
    """The interpreter's arguments. ``-I`` keeps QGIS's PYTHONPATH and the user's site-packages out."""
    parent = ["--parent", str(os.getpid())]
    return ["-I", "-c", BOOT, str(PLUGIN_ROOT), str(job_file), "--stop-file", str(stop_file), "--task", task, *parent]


def run_worker(interpreter: Interpreter, job: dict, feedback: QgsProcessingFeedback, task: str = "super_resolve") -> dict:
    """Run one job to its end, from any thread.

    Args:
        interpreter: the Python that has the worker's packages.
        job: the fields of the task's job, such as ``sitsr_core.job.SuperResolutionJob``.
        feedback: gets progress and messages; cancelling it ends the worker within two seconds.
        task: one of ``sitsr_core.tasks.TASKS``.

    Returns:
        What the worker sent as its result.

    Raises:
        RunCancelled: the feedback was cancelled.
        PluginError: anything else that went wrong, in one sentence; the worker's log is kept and named.
    """
    folder = Path(tempfile.mkdtemp(prefix="sitsr-"))
    try:
        job_file, stop_file = folder / "job.json", folder / "stop"
        job_file.write_text(json.dumps(job, indent=2), encoding="utf-8")
        outcome = run_process(interpreter.path, worker_arguments(job_file, stop_file, task), stop_file, feedback)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return judge(outcome, interpreter, feedback.isCanceled(), what_is_kept(task, str(job.get("output", ""))))


def run_process(program: str, arguments: list, stop_file: Path, feedback: QgsProcessingFeedback) -> Outcome:
    """Start the program, pass its messages to the feedback, and wait."""
    outcome, reader = Outcome(), LineReader()

    def on_output(data):
        for message in reader.feed(bytes(data.data())):
            take(message, outcome, feedback)

    def on_log(data):
        outcome.log.append(bytes(data.data()).decode("utf-8", errors="replace"))

    # its own feedback: QGIS would kill at once on Windows, before the worker could tidy up
    terminator = QgsFeedback()
    with stopping(feedback, stop_file, terminator, outcome):
        ending = run_program(program, arguments, on_output, on_log, terminator)
    for message in reader.close():
        take(message, outcome, feedback)
    outcome.exit_code, outcome.crashed, outcome.failed_to_start = ending.exit_code, ending.crashed, ending.failed_to_start
    outcome.log.extend(f"{line}\n" for line in reader.noise)
    return outcome


@contextlib.contextmanager
def stopping(feedback: QgsFeedback, stop_file: Path, terminator: QgsFeedback, outcome: Outcome):
    """While inside, cancelling the feedback ends the process: stop file, then terminate, then kill."""
    timers = [threading.Timer(TERMINATE_AFTER, terminator.cancel), threading.Timer(KILL_AFTER, lambda: kill(outcome.pid))]
    once = threading.Lock()

    def stop():
        if once.acquire(blocking=False):
            with contextlib.suppress(OSError):
                stop_file.touch()
            for timer in timers:
                timer.daemon = True
                timer.start()

    # direct: a thread that waits for the process without events would not get the signal
    feedback.canceled.connect(stop, Qt.ConnectionType.DirectConnection)
    try:
        if feedback.isCanceled():
            stop()
        yield
    finally:
        feedback.canceled.disconnect(stop)
        once.acquire(blocking=False)
        for timer in timers:
            timer.cancel()


def kill(pid: int) -> None:
    """End a process that no longer listens."""
    if pid:
        with contextlib.suppress(OSError):
            os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))


def take(message: dict, outcome: Outcome, feedback: QgsProcessingFeedback) -> None:
    """One message of the worker: to the feedback or into the outcome."""
    kind = message["type"]
    if kind == "process":
        outcome.pid = int(message.get("pid", 0))
    elif kind == "start":
        outcome.start = message
        feedback.pushInfo(start_line(message))
    elif kind == "progress":
        feedback.setProgress(100.0 * float(message.get("fraction") or 0.0))
        feedback.setProgressText(progress_line(message))
    elif kind == "message":
        text = in_own_language(str(message.get("text", "")))
        if message.get("level") == "warning":
            feedback.pushWarning(text)
        else:
            feedback.pushInfo(text)
    elif kind == "result":
        outcome.result = message.get("result") or {}
        if "warnings" in outcome.result:
            outcome.result["warnings"] = [in_own_language(str(text)) for text in outcome.result["warnings"]]
    elif kind == "error":
        outcome.error = message.get("error") or {}


def start_line(message: dict) -> str:
    """What computes, as the worker said it."""
    reason = f" ({message['device_reason']})" if message.get("device_reason") else ""
    text = tr("sitsr {version} computes on {device}{reason}").format(
        version=message.get("version", "?"), device=message.get("device", "?"), reason=reason
    )
    for label, key in ((tr("precision"), "precision"), (tr("model"), "model")):
        if message.get(key):
            text += f", {label} {message[key]}"
    return f"{text}."


def progress_line(message: dict) -> str:
    """The step, with the time left when it is known."""
    text, seconds = str(message.get("message", "")), message.get("eta_seconds")
    if not isinstance(seconds, (int, float)):
        return text
    left = f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
    return tr("{step}, about {left} left").format(step=text, left=left)


def judge(outcome: Outcome, interpreter: Interpreter, cancelled: bool, kept: str = "") -> dict:
    """The result, or the one sentence that says why there is none; ``kept`` says what the run left to go on from."""
    if outcome.exit_code == 0 and not outcome.crashed and outcome.result is not None:
        return outcome.result
    if cancelled:
        raise RunCancelled(tr("Cancelled: no output was written."), kept)
    if outcome.failed_to_start:
        raise PluginError(
            tr("The Python interpreter '{path}' given by {source} could not be started.").format(
                path=interpreter.path, source=interpreter.source
            ),
            tr("Check that it exists and that you may run it."),
        )
    log = keep_log(outcome)
    named = tr("The worker's log: {path}").format(path=log) if log else ""
    if outcome.error is not None:
        advice = in_own_language(str(outcome.error.get("hint") or ""))
        expected = outcome.exit_code == 1
        message = in_own_language(str(outcome.error.get("message") or tr("The worker failed.")))
        raise PluginError(message, advice if expected else f"{advice} {named}".strip())
    hint = f"{kept} {named}".strip()
    if outcome.crashed:
        raise PluginError(tr("The worker process was killed or crashed before it finished; often the memory ran out."), hint)
    raise PluginError(tr("The worker process ended with code {code} and gave no result.").format(code=outcome.exit_code), hint)


def keep_log(outcome: Outcome) -> str:
    """Write the worker's log beside the user's profile; the oldest ones go. Returns its path; empty when nothing was kept."""
    folder = Path(QgsApplication.qgisSettingsDirPath()) / "sitsr" / "logs"
    path = folder / f"worker-{time.strftime('%Y%m%d-%H%M%S')}-{outcome.pid}.log"
    detail = f"\n{json.dumps(outcome.error, indent=2)}\n" if outcome.error else ""
    text = "".join(outcome.log) + detail
    if not text.strip():
        return ""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        for old in sorted(folder.glob("worker-*.log"))[:-KEPT_LOGS]:
            old.unlink()
    except OSError:
        return ""
    return str(path)
