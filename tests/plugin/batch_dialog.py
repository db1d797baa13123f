"""Processing's batch dialog, filled from a file and run."""

import gc
import json

from panel import LONG
from qgis.core import QgsApplication, QgsScopedProxyProgressTask
from qgis.PyQt import sip
from qgis.PyQt.QtWidgets import QFileDialog, QMessageBox, QTextEdit


def run_batch(algorithm, rows, folder, load, monkeypatch, qtbot, watch=lambda dialog: None):
    """Runs the rows; ``load``: layers into the project; ``watch`` gets the dialog before they run. Returns the text of its log."""
    from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog  # once QGIS has started

    (folder / "batch.json").write_text(json.dumps(rows))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(folder / "batch.json"), ""))
    # newer QGIS asks whether a file in this format, which all versions read, is to be trusted
    monkeypatch.setattr(QMessageBox, "exec", lambda _: None)
    monkeypatch.setattr(QMessageBox, "result", lambda _: QMessageBox.StandardButton.Yes)
    dialog = BatchAlgorithmDialog(QgsApplication.processingRegistry().createAlgorithmById(algorithm))
    dialog.mainWidget().load()
    dialog.mainWidget().checkLoadLayersOnCompletion.setChecked(load)
    # newer QGIS deletes one that is hidden when its rows are done, and leaves a task behind for which its end waits for ever
    dialog.show()
    watch(dialog)
    dialog.runAlgorithm()
    # newer QGIS runs a row after the other as tasks that write into the dialog: it must not go before the last one has ended
    qtbot.waitUntil(dialog.runButton().isEnabled, timeout=len(rows) * LONG)
    # QGIS 3.22 leaks the exception of a row that failed or was cancelled, and with it the dialog's task, for which it waits when it ends
    for task in [one for one in gc.get_objects() if isinstance(one, QgsScopedProxyProgressTask)]:
        sip.delete(task)
    text = log_text(dialog)
    dialog.close()
    if not sip.isdeleted(dialog):
        dialog.deleteLater()
    return text


def log_text(dialog):
    """What the dialog's log says."""
    return next(widget for widget in dialog.findChildren(QTextEdit) if widget.objectName() == "txtLog").toPlainText()
