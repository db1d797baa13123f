"""The thread of the windows, the layers and the project."""

from __future__ import annotations

from collections.abc import Callable

from qgis.PyQt.QtCore import QCoreApplication, QObject, QThread, pyqtSignal

_waiting: set = set()


class Messenger(QObject):
    """Carries a call from thread to thread."""

    sent = pyqtSignal()


def in_main_thread() -> bool:
    """Whether this is it."""
    return QThread.currentThread() == QCoreApplication.instance().thread()


def do_in_main_thread(call: Callable) -> None:
    """Call a function at once in the main thread; from another thread, as soon as the main one sees to its events."""
    if in_main_thread():
        call()
        return
    messenger = Messenger()

    def deliver():
        _waiting.discard(messenger)
        call()

    # to be alive, and at home in the main thread, when the signal arrives
    _waiting.add(messenger)
    messenger.moveToThread(QCoreApplication.instance().thread())
    messenger.sent.connect(deliver)
    messenger.sent.emit()
