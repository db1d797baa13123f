"""The window that makes, chooses and tests the Python environment to compute in."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsApplication
from qgis.gui import QgsFileWidget
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QFontDatabase
from qgis.PyQt.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
)

from ..core import PluginError, tr
from ..core.child import Stopped
from ..core.diagnostics import diagnostics
from ..core.environment import find_interpreter, managed_folder
from ..core.environment_plan import CUDA, GB, builds, free_space, plan_download, plan_offline
from ..core.environment_selftest import status_line
from ..core.environment_setup import EnvironmentTask, adoption, creation, outdated, removal, selftest
from .explain import explain
from .log_view import LogView

MOST_LOG_LINES = 5000
ICONS = {"fine": "/mIconSuccess.svg", "bad": "/mIconWarning.svg", "unknown": "/mIconInfo.svg"}
ICON_SIZE = 24
_shown = []


def open_environment_dialog(parent=None, when_done: Callable | None = None) -> EnvironmentDialog:
    """Show the window, of which there is one, and test the environment in use unless it is at work.

    Args:
        parent: its window.
        when_done: called once, when the window next made, took or tested an environment.
    """
    if not _shown or sip.isdeleted(_shown[0]):
        _shown[:] = [EnvironmentDialog(parent)]
    dialog = _shown[0]
    if when_done is not None:
        dialog.waiting.add(when_done)
    if not dialog.isVisible() and dialog.task is None:
        dialog.test()
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
    return dialog


def remove_environment_dialog() -> None:
    """Take the window away and stop what it started: for when the plugin is unloaded."""
    while _shown:
        dialog = _shown.pop()
        if not sip.isdeleted(dialog):
            dialog.cancel()
            dialog.close()
            dialog.deleteLater()


class EnvironmentDialog(QDialog):
    """State of the environment, three ways to get one, progress and log.

    Closing it leaves the work running; it is still there when the window is opened again, and in QGIS's list of tasks.
    """

    def __init__(self, parent=None):
        super().__init__(parent)
        self.task, self.log_lines, self.waiting = None, [], set()
        self.setWindowTitle(tr("sitsr: Python environment"))
        layout = QVBoxLayout(self)
        layout.addWidget(self._status_box())
        layout.addWidget(self._routes_box())
        self.step = QLabel("")
        self.bar = QProgressBar()
        self.bar.setRange(0, 100)
        self.bar.hide()
        self.step.hide()
        self.log = LogView(MOST_LOG_LINES)
        self.log.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        explain(tr("What the programs print that make or test the environment"), self.log)
        self.log.setPlaceholderText(tr("What happens is written here."))
        self.log.setMinimumHeight(self.fontMetrics().height() * 6)
        layout.addWidget(self.step)
        layout.addWidget(self.bar)
        layout.addWidget(self.log, 1)
        layout.addLayout(self._buttons())
        self.resize(self.fontMetrics().averageCharWidth() * 92, self.fontMetrics().height() * 38)
        self.show_interpreter()
        self.update_route()

    # --- parts --------------------------------------------------------------------------------------------------------------------

    def _status_box(self) -> QGroupBox:
        box = QGroupBox(tr("State"))
        row = QHBoxLayout(box)
        self.icon, self.status, self.path = QLabel(), QLabel(), QLabel()
        for label in (self.status, self.path):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.MinimumExpanding)
        self.status.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        texts = QVBoxLayout()
        texts.addWidget(self.status)
        texts.addWidget(self.path)
        self.test_button = QPushButton(tr("Test"))
        explain(tr("Run the worker's self-test: imports, a real convolution, the model, a tiny prediction"), self.test_button)
        self.test_button.clicked.connect(lambda: self.test())
        row.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        row.addWidget(self.test_button, 0, Qt.AlignmentFlag.AlignTop)
        return box

    def _routes_box(self) -> QGroupBox:
        box = QGroupBox(tr("Get an environment"))
        grid = QGridLayout(box)
        self.python_file, self.wheels_folder = QgsFileWidget(), QgsFileWidget()
        self.by_download = QRadioButton(tr("Make one (fetches the packages)"))
        self.by_path = QRadioButton(tr("Use an existing Python"))
        self.by_wheels = QRadioButton(tr("Make one from a folder of wheels (no internet)"))
        explain(tr("Fetches PyTorch and the other packages into the QGIS profile. QGIS's own Python stays as it is."), self.by_download)
        explain(tr("A virtual or conda environment that you made: choose its python program."), self.by_path, self.python_file)
        explain(
            tr("For computers without internet: a folder of package files (.whl) that were fetched elsewhere."),
            *(self.by_wheels, self.wheels_folder),
        )
        self.by_download.setChecked(True)
        self.routes = QButtonGroup(self)
        self.build = QComboBox()
        explain(tr("The CPU build works everywhere. That for NVIDIA GPUs is larger, and much faster with such a card."), self.build)
        for name in builds():
            self.build.addItem(tr("PyTorch for NVIDIA GPUs") if name == CUDA else tr("PyTorch for processors (CPU)"), name)
        self.python_file.setDialogTitle(tr("Python interpreter"))
        self.wheels_folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.wheels_folder.setDialogTitle(tr("Folder of wheels"))
        for row, (button, widget) in enumerate(
            ((self.by_download, self.build), (self.by_path, self.python_file), (self.by_wheels, self.wheels_folder))
        ):
            self.routes.addButton(button)
            grid.addWidget(button, row, 0)
            grid.addWidget(widget, row, 1)
            button.toggled.connect(lambda _: self.update_route())
        self.space = QLabel()
        self.space.setWordWrap(True)
        grid.addWidget(self.space, 3, 0, 1, 2)
        self.old_button = QPushButton(tr("Remove environments of earlier versions"))
        explain(tr("Each takes a gigabyte or more, and is not used any more"), self.old_button)
        self.old_button.clicked.connect(lambda: self.start(removal(outdated(managed_folder()))))
        grid.addWidget(self.old_button, 4, 0, 1, 2, Qt.AlignmentFlag.AlignLeft)
        grid.setColumnStretch(1, 1)
        self.build.currentIndexChanged.connect(lambda _: self.update_route())
        self.python_file.fileChanged.connect(lambda _: self.update_route())
        self.wheels_folder.fileChanged.connect(lambda _: self.update_route())
        return box

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.go_button = QPushButton()
        self.go_button.setDefault(True)
        self.go_button.clicked.connect(lambda: self.go())
        self.cancel_button = QPushButton(tr("Cancel"))
        self.cancel_button.setEnabled(False)
        self.cancel_button.clicked.connect(lambda: self.cancel())
        self.copy_button = QPushButton(tr("Copy diagnostics"))
        explain(tr("Stop what is under way; nothing half-made is left"), self.cancel_button)
        explain(tr("Do what is chosen above, then test it"), self.go_button)
        explain(tr("Versions, state and log, without your folders and name"), self.copy_button)
        self.copy_button.clicked.connect(lambda: QgsApplication.clipboard().setText(self.diagnostics()))
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        row.addWidget(self.go_button)
        row.addWidget(self.cancel_button)
        row.addStretch(1)
        row.addWidget(self.copy_button)
        row.addWidget(close)
        return row

    # --- state --------------------------------------------------------------------------------------------------------------------

    def show_status(self, kind: str, text: str) -> None:
        """Icon and sentence."""
        self.icon.setPixmap(QgsApplication.getThemeIcon(ICONS[kind]).pixmap(ICON_SIZE, ICON_SIZE))
        self.status.setText(text)

    def show_interpreter(self) -> str:
        """Say which interpreter is in use; its path, empty when there is none."""
        try:
            found = find_interpreter()
        except PluginError as error:
            self.show_status("bad", error.message)
            self.path.setText("")
            self.path.hide()
            self.test_button.setEnabled(False)
            return ""
        self.path.setText(tr("In use: {path} (from {source})").format(path=breakable(found.path), source=found.source))
        self.path.show()
        self.show_status("unknown", tr("Not tested yet."))
        self.test_button.setEnabled(True)
        return found.path

    def plan(self):
        """The plan of the chosen route, None for an existing interpreter. Raises PluginError."""
        if self.by_path.isChecked():
            return None
        return plan_offline(self.wheels_folder.filePath()) if self.by_wheels.isChecked() else plan_download(self.build.currentData())

    def update_route(self) -> None:
        """Show what the chosen route needs."""
        for button, widget in ((self.by_download, self.build), (self.by_path, self.python_file), (self.by_wheels, self.wheels_folder)):
            widget.setEnabled(button.isChecked())
        self.old_button.setVisible(bool(outdated(managed_folder())))
        self.go_button.setText(tr("Use it") if self.by_path.isChecked() else tr("Make the environment"))
        self.space.setToolTip(str(managed_folder()))
        ready = True
        if self.by_path.isChecked():
            ready = bool(self.python_file.filePath())
            text = tr("A Python 3.11 or later that has the packages of resources/requirements.")
        elif self.by_wheels.isChecked() and not self.wheels_folder.filePath():
            ready, text = False, tr("Choose the folder. Nothing is fetched from the internet.")
        else:
            ready, text = self.space_text()
        self.space.setText(text)
        self.go_button.setEnabled(ready and self.task is None)

    def space_text(self) -> tuple:
        """Whether there is space for the chosen plan, and the sentence."""
        try:
            plan, free = self.plan(), free_space(managed_folder())
        except (PluginError, OSError) as error:
            return False, str(error)
        values = {"installed": plan.installed / GB, "download": plan.download / GB, "free": free / GB}
        if plan.download:
            text = tr("Fetches about {download:.1f} GB and takes about {installed:.1f} GB in the QGIS profile; {free:.1f} GB are free.")
        else:
            text = tr("Takes about {installed:.2f} GB in the QGIS profile; {free:.1f} GB are free.")
        text = text.format(**values)
        if free < plan.needed:
            return False, text + " " + tr("Free at least {more:.1f} GB.").format(more=(plan.needed - free) / GB)
        return True, text + (" " + tr("Made with uv.") if plan.uv else "")

    # --- actions ------------------------------------------------------------------------------------------------------------------

    def test(self) -> None:
        """Test the interpreter in use, in the background."""
        path = self.show_interpreter()
        if path:
            self.start(selftest(path))

    def go(self) -> None:
        """Do what the chosen route says."""
        try:
            plan = self.plan()
        except PluginError as error:
            self.show_status("bad", str(error))
            return
        self.start(adoption(self.python_file.filePath()) if plan is None else creation(plan))

    def start(self, task: EnvironmentTask) -> None:
        """Run a task; one at a time."""
        if self.task is not None:
            return
        self.task = task
        self.log.clear()
        self.log_lines = []
        task.said.connect(self.add_line)
        task.step.connect(self.step.setText)
        task.progressChanged.connect(self.show_progress)
        task.ended.connect(self.end)
        self.bar.setRange(0, 0)
        self.bar.show()
        self.step.show()
        self.show_status("unknown", tr("Working..."))
        self.set_busy(True)
        QgsApplication.taskManager().addTask(task)

    def add_line(self, line: str) -> None:
        """One line of the log."""
        self.log_lines.append(line)
        self.log.appendPlainText(line)

    def show_progress(self, percent: float) -> None:
        """How far it is; unknown until the first figure."""
        if percent > 0 and self.task is not None:
            self.bar.setRange(0, 100)
            self.bar.setValue(int(percent))

    def cancel(self) -> None:
        """Stop what runs; the window says so when it has."""
        if self.task is not None:
            self.cancel_button.setEnabled(False)
            self.step.setText(tr("Stopping..."))
            self.task.cancel()

    def end(self) -> None:
        """Show how it ended."""
        task, self.task = self.task, None
        self.bar.setRange(0, 100)
        self.bar.setValue(100)
        self.bar.setVisible(task.error is None)
        self.step.hide()
        self.show_interpreter()
        if task.error is not None:
            self.show_status("unknown" if isinstance(task.error, Stopped) else "bad", str(task.error))
        else:
            self.show_status("fine" if task.report.get("ok") else "bad", status_line(task.report))
        self.set_busy(False)
        if task.error is None:
            waiting, self.waiting = self.waiting, set()
            for tell in waiting:
                tell()

    def set_busy(self, busy: bool) -> None:
        """Only Cancel while something runs."""
        for widget in (*self.routes.buttons(), self.build, self.python_file, self.wheels_folder, self.old_button):
            widget.setEnabled(not busy)
        self.cancel_button.setEnabled(busy)
        self.test_button.setEnabled(not busy and bool(self.path.text()))
        self.update_route() if not busy else self.go_button.setEnabled(False)

    def diagnostics(self) -> str:
        """State and log without personal paths."""
        return diagnostics(self.status.text(), self.path.text().replace("\u200b", ""), self.log_lines)


def breakable(text: str) -> str:
    """The text with places to break its lines after the separators of paths."""
    return text.replace("/", "/\u200b").replace("\\", "\\\u200b")
