"""Runs a program and waits for it: in the main thread the windows stay alive meanwhile.

``QgsBlockingProcess`` stops the main thread until the program ends. That is where QGIS 3.22 runs the rows of a batch: without events
there is no log, no progress and no Cancel.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from qgis.core import QgsBlockingProcess, QgsFeedback
from qgis.PyQt.QtCore import QEventLoop, QProcess

from .main_thread import in_main_thread


@dataclass(frozen=True)
class Ending:
    """How a program ended."""

    exit_code: int
    crashed: bool
    failed_to_start: bool


def run_program(path: str, arguments: list, on_output: Callable, on_log: Callable, terminator: QgsFeedback | None = None) -> Ending:
    """Run a program to its end, from any thread.

    Args:
        path: of the program.
        arguments: its own.
        on_output: called with each piece (QByteArray) of its standard output, where the main thread waits in that thread.
        on_log: the same for standard error.
        terminator: cancelling it asks the program to end.
    """
    wait = wait_with_events if in_main_thread() else wait_without_events
    return wait(path, arguments, on_output, on_log, terminator)


def wait_without_events(path: str, arguments: list, on_output: Callable, on_log: Callable, terminator: QgsFeedback | None) -> Ending:
    """Wait in a thread that has nothing else to do."""
    process = QgsBlockingProcess(path, arguments)
    # QGIS keeps no reference to the handlers and calls both without a check: both must be set and stay alive
    process.setStdOutHandler(on_output)
    process.setStdErrHandler(on_log)
    code = process.run(terminator)
    return ending(code, process.exitStatus(), process.processError())


def wait_with_events(path: str, arguments: list, on_output: Callable, on_log: Callable, terminator: QgsFeedback | None) -> Ending:
    """Wait in the main thread, whose events go on."""
    process, loop = QProcess(), QEventLoop()
    process.readyReadStandardOutput.connect(lambda: on_output(process.readAllStandardOutput()))
    process.readyReadStandardError.connect(lambda: on_log(process.readAllStandardError()))
    process.finished.connect(loop.quit)
    if terminator is not None:
        # as QgsBlockingProcess does: Windows knows no polite way
        terminator.canceled.connect(process.kill if os.name == "nt" else process.terminate)
    process.start(path, arguments)
    started = process.waitForStarted()
    if process.state() != QProcess.ProcessState.NotRunning:
        loop.exec()
    on_output(process.readAllStandardOutput())
    on_log(process.readAllStandardError())
    return ending(process.exitCode() if started else 1, process.exitStatus(), process.error())


def ending(code: int, status: QProcess.ExitStatus, error: QProcess.ProcessError) -> Ending:
    """What Qt tells of a process that is over."""
    return Ending(code, status == QProcess.ExitStatus.CrashExit, error == QProcess.ProcessError.FailedToStart)
