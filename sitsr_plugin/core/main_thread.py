"""The thread of the windows, the layers and the project."""

from __future__ import annotations

from collections.abc import Callable

from qgis.PyQt.QtCore import QCoreApplication, QObject, QThread, pyqtSignal, pyqtSlot

_waiting: set = set()


class Messenger(QObject):
    """Carries a call to the main thread; a plain function would be called in the thread that emits."""

    sent = pyqtSignal()

    def __init__(self, call: Callable):
        super().__init__()
        self.call = call
        self.moveToThread(QCoreApplication.instance().thread())
        self.sent.connect(self.deliver)

    @pyqtSlot()
    def deliver(self) -> None:
        """Call it."""
        _waiting.discard(self)
        self.call()


def in_main_thread() -> bool:
    """Whether this is it."""
    return QThread.currentThread() == QCoreApplication.instance().thread()


def do_in_main_thread(call: Callable) -> None:
    """Call a function at once in the main thread; from another thread, as soon as the main one sees to its events."""
    if in_main_thread():
        call()
        return
    messenger = Messenger(call)
    _waiting.add(messenger)  # to be alive when the signal arrives
    messenger.sent.emit()
