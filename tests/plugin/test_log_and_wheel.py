"""A log follows what comes; the wheel over the panel's controls scrolls the panel and changes nothing."""

import pytest
from qgis.PyQt.QtCore import QPoint, QPointF, Qt
from qgis.PyQt.QtGui import QWheelEvent
from qgis.PyQt.QtWidgets import QAbstractSlider, QApplication, QComboBox, QLineEdit, QVBoxLayout, QWidget

LONG_LINE = "WARNING: Retrying after the connection was broken by an error that takes more than one line to tell of. " * 3


@pytest.fixture
def log(sitsr, qtbot):
    from sitsr.sitsr_plugin.gui.log_view import LogView

    view = LogView(1000)
    qtbot.addWidget(view)
    view.resize(300, 200)
    view.show()
    qtbot.waitUntil(view.isVisible)
    return view


def at_end(log):
    return log.verticalScrollBar().value() == log.verticalScrollBar().maximum() > 0


def test_a_log_follows_through_long_lines_and_a_smaller_window(log, qtbot):
    for number in range(30):
        log.appendPlainText(f"{number} {LONG_LINE}")
        if number == 10:
            log.resize(200, 90)
    qtbot.waitUntil(lambda: at_end(log))


def test_a_log_stays_where_the_user_scrolled_to_until_it_begins_anew(log, qtbot):
    for number in range(30):
        log.appendPlainText(f"{number} {LONG_LINE}")
    log.verticalScrollBar().triggerAction(QAbstractSlider.SliderAction.SliderToMinimum)
    log.appendPlainText(LONG_LINE)
    QApplication.processEvents()
    assert log.verticalScrollBar().value() == 0
    log.verticalScrollBar().triggerAction(QAbstractSlider.SliderAction.SliderToMaximum)
    log.appendPlainText(LONG_LINE)
    qtbot.waitUntil(lambda: at_end(log))
    log.verticalScrollBar().triggerAction(QAbstractSlider.SliderAction.SliderToMinimum)
    log.clear()
    for number in range(30):
        log.appendPlainText(f"{number} {LONG_LINE}")
    qtbot.waitUntil(lambda: at_end(log))


def turn_wheel(widget):
    """One step of the wheel towards the user over the middle of a widget; whether the widget took it, so that what is behind gets none."""
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        *(middle, QPointF(widget.mapToGlobal(middle.toPoint())), QPoint(0, -120), QPoint(0, -120)),
        *(Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False),
    )
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def test_the_wheel_passes_through_a_choice_that_was_not_clicked(sitsr, qtbot):
    from sitsr.sitsr_plugin.gui.calm_wheel import let_scroll

    content, choice, other = QWidget(), QComboBox(), QLineEdit()
    choice.addItems(["one", "two", "three"])
    layout = QVBoxLayout(content)
    layout.addWidget(choice)
    layout.addWidget(other)
    qtbot.addWidget(content)
    content.show()
    other.setFocus()
    qtbot.waitUntil(other.hasFocus)
    assert turn_wheel(choice) and choice.currentText() == "two"
    let_scroll(content)
    assert not turn_wheel(choice) and choice.currentText() == "two"
    choice.setFocus()
    assert turn_wheel(choice) and choice.currentText() == "three"


def test_the_wheel_over_the_panel_leaves_its_settings(dock):
    before = dock.settings()
    for control in (dock.options.target, dock.options.mode, dock.options.bands, dock.options.other, dock.series.source.kind):
        assert not control.hasFocus()
        turn_wheel(control)
    assert dock.settings() == before
