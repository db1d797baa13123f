"""Makes the managed environment so that half of one is never taken for one, in a background task.

It is built under another name beside its place and moved there when all is installed. What a killed attempt left is removed by the
next; a lock keeps two QGIS windows from building at once.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from qgis.core import QgsSettings, QgsTask
from qgis.PyQt.QtCore import QLockFile, pyqtSignal

from . import PluginError, tr
from .child import Children, Stopped, child_environment
from .environment import SETTING, Interpreter, check, find_interpreter, python_of
from .environment_failures import DISK, PYTHON, SetupError, classify, describe
from .environment_plan import GB, Plan, find_base_python, free_space, steps
from .environment_selftest import run_selftest

BUILDING = ".building-"
MADE = re.compile(r"[0-9a-f]{12}")  # a folder's name, which is a lock's hash
LOOK_EVERY = 2.0  # seconds between two looks at how much is installed


class EnvironmentTask(QgsTask):
    """Work in the background whose programs end when it is cancelled. Keep it until ``ended``.

    Args:
        title: what QGIS's task manager shows.
        work: called in the background with this task; what it returns becomes ``report``. Exceptions become ``error``.
    """

    said = pyqtSignal(str)
    step = pyqtSignal(str)
    ended = pyqtSignal()

    def __init__(self, title: str, work: Callable):
        super().__init__(title, QgsTask.Flag.CanCancel)
        self.work, self.report, self.error, self.lines = work, None, None, []
        self.children = Children(self.say)

    def say(self, line: str) -> None:
        """Add a line to the log."""
        if line:
            self.lines.append(line)
            self.said.emit(line)

    def run(self) -> bool:
        """Do the work; in QGIS's thread."""
        try:
            self.report = self.work(self)
        except PluginError as error:
            self.error = error
        except Exception as error:
            self.say(f"{type(error).__name__}: {error}")
            self.error = SetupError(classify("\n".join(self.lines), error=error))
        return self.error is None

    def cancel(self) -> None:
        """End the programs at once."""
        self.children.stop()
        super().cancel()

    def finished(self, succeeded: bool) -> None:
        """Tell who waits; in the main thread."""
        if self.error is None and not succeeded:
            self.error = Stopped(tr("Cancelled."))
        self.ended.emit()


def creation(plan: Plan) -> EnvironmentTask:
    """A task that makes the managed environment, has QGIS use it, and tests it."""

    def work(task: EnvironmentTask) -> dict:
        create(plan, task)
        # from now on nothing is undone: the environment is whole, whatever the test says
        QgsSettings().remove(SETTING)
        return tested(str(python_of(plan.folder)), task)

    return EnvironmentTask(tr("sitsr: make the Python environment"), work)


def adoption(path: str) -> EnvironmentTask:
    """A task that checks an interpreter, has QGIS use it, and tests it."""

    def work(task: EnvironmentTask) -> dict:
        if not os.path.isfile(path):
            raise PluginError(tr("'{path}' does not exist.").format(path=path), tr("Choose a Python interpreter."))
        task.step.emit(tr("Looking at the interpreter"))
        check(Interpreter(path, tr("you")))
        task.children.check()
        QgsSettings().setValue(SETTING, path)
        return tested(path, task)

    return EnvironmentTask(tr("sitsr: check a Python interpreter"), work)


def removal(folders: list) -> EnvironmentTask:
    """A task that removes environments of earlier versions, and tests the one in use."""

    def work(task: EnvironmentTask) -> dict:
        for folder in folders:
            task.step.emit(tr("Removing {folder}").format(folder=folder))
            shutil.rmtree(folder)
            task.children.check()
        return tested(find_interpreter().path, task)

    return EnvironmentTask(tr("sitsr: remove old Python environments"), work)


def outdated(folder: Path) -> list:
    """The environments beside the managed one that earlier versions of the plugin made."""
    return sorted(path for path in folder.parent.glob("*") if path != folder and path.is_dir() and MADE.fullmatch(path.name))


def selftest(path: str) -> EnvironmentTask:
    """A task that tests an interpreter."""
    return EnvironmentTask(tr("sitsr: test the Python environment"), lambda task: tested(path, task))


def tested(path: str, task: EnvironmentTask) -> dict:
    """The self-test's report."""
    task.step.emit(tr("Testing with a real convolution and a tiny prediction"))
    return run_selftest(path, task.children)


def create(plan: Plan, task: EnvironmentTask) -> None:
    """Make the environment at ``plan.folder``. Raises SetupError, Stopped or OSError; then nothing is left of it."""
    parent = plan.folder.parent
    parent.mkdir(parents=True, exist_ok=True)
    lock = QLockFile(str(parent / f"{plan.folder.name}.lock"))
    lock.setStaleLockTime(0)
    if not lock.tryLock(0):
        raise PluginError(tr("The environment is being made already, perhaps by another QGIS window."), tr("Wait until it has finished."))
    try:
        remove_leftovers(plan.folder)
        free = free_space(parent)
        if free < plan.needed:
            task.say(tr("{needed:.1f} GB are needed, {free:.1f} GB are free.").format(needed=plan.needed / GB, free=free / GB))
            raise SetupError(describe(DISK))
        building = Path(tempfile.mkdtemp(prefix=plan.folder.name + BUILDING, dir=parent))
        try:
            build(plan, building, task)
            task.children.check()
            put_in_place(building, plan.folder)
        finally:
            task.step.emit(tr("Tidying up"))
            shutil.rmtree(building, ignore_errors=True)
    finally:
        lock.unlock()


def build(plan: Plan, building: Path, task: EnvironmentTask) -> None:
    """Run the plan's programs; the environment is then ``building / "env"``."""
    temporary = building / "tmp"
    temporary.mkdir()
    task.step.emit(tr("Looking for a Python to build from"))
    try:
        base = find_base_python(task.children)
    except SetupError as error:
        if error.kind != PYTHON or not plan.uv:
            raise
        base = ""  # uv fetches one
    with measured(building, plan.installed, task):
        for step in steps(plan, building / "env", base):
            task.step.emit(step.title)
            task.say("> " + " ".join(step.arguments))
            code, output = task.children.run(list(step.arguments), child_environment(str(temporary)))
            if code != 0:
                task.say(tr("It ended with code {code}.").format(code=code))
                raise SetupError(classify(output, code))


@contextlib.contextmanager
def measured(folder: Path, expected: int, task: EnvironmentTask):
    """While inside, the task's progress is what lies in the folder against what is expected."""
    over = threading.Event()

    def look():
        while not over.wait(LOOK_EVERY):
            task.setProgress(min(95.0, 100.0 * size_of(folder) / max(expected, 1)))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def size_of(folder: Path) -> int:
    """Bytes of all files below; those that vanish meanwhile do not count."""
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(path, name)).st_size
    return total


def put_in_place(building: Path, folder: Path) -> None:
    """Move the finished environment to its place; one that is there goes, and comes back if that fails."""
    old = building / "old"
    if os.path.lexists(folder):
        folder.rename(old)
    try:
        (building / "env").rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise


def remove_leftovers(folder: Path) -> None:
    """Remove what killed attempts left beside the environment."""
    for path in folder.parent.glob(folder.name + BUILDING + "*"):
        shutil.rmtree(path, ignore_errors=True)
