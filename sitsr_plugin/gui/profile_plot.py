"""The plot of a temporal profile: reflectance above, NDVI below, input against output, drawn with Qt."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from qgis.PyQt.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF
from qgis.PyQt.QtWidgets import QSizePolicy, QWidget

from ..core import tr
from ..core.plot_scale import date_ticks, number_ticks, padded
from ..core.profile import CLOUDY, NDVI, OUTSIDE, Profile, Reading
from .profile_colours import colour, quantity_name, text_colour

RADIUS = 3.5
GAP = 12
NDVI_SHARE = 0.34
LEAST_SPAN = {False: 0.05, True: 0.2}


@dataclass(frozen=True)
class Axes:
    """One of the plot's fields: where it is, which quantities it shows, and the values at its bottom and top."""

    box: QRectF
    quantities: tuple
    low: float
    high: float

    def y(self, value: float) -> float:
        """Where a value lies."""
        return self.box.bottom() - (value - self.low) / (self.high - self.low) * self.box.height()


class ProfilePlot(QWidget):
    """Shows a profile. The mouse, or the left and right arrow keys, choose the date whose values are read out.

    Signals:
        pointed: the date that is read out, empty for none.
    """

    pointed = pyqtSignal(str)

    def __init__(self, parent=None):
        super().__init__(parent)
        self.profile: Profile | None = None
        self.hidden: set = set()
        self.date = ""
        self.hint = tr("Click on the map to see how the reflectance of that place changes over the dates.")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(14 * self.em(), 11 * self.em())

    def sizeHint(self):
        return QSize(44 * self.em(), 20 * self.em())

    def em(self) -> int:
        """The height of a line of text, the measure of all distances."""
        return self.fontMetrics().height()

    def wide(self, text: str) -> int:
        """The width of a text."""
        return self.fontMetrics().boundingRect(text).width()

    def show_profile(self, profile: Profile | None) -> None:
        """Show another profile; None shows the hint again."""
        self.profile = profile
        if profile is None or self.date not in profile.dates():
            self.point_at("")
        self.update()

    def show_quantity(self, name: str, shown: bool) -> None:
        """Show or hide a band or NDVI."""
        self.hidden = self.hidden - {name} if shown else self.hidden | {name}
        self.update()

    def point_at(self, date: str) -> None:
        """Read out a date."""
        if date != self.date:
            self.date = date
            self.pointed.emit(date)
            self.update()

    # --- geometry -------------------------------------------------------------------------------------------------------------------

    def span(self) -> tuple:
        """(first, last) ordinal of the dates, never the same."""
        days = [datetime.date.fromisoformat(date).toordinal() for date in self.profile.dates()]
        return (min(days), max(days)) if min(days) < max(days) else (min(days) - 15, max(days) + 15)

    def fields(self) -> list:
        """The axes that fit the profile and the widget."""
        shown = [name for name in self.profile.quantities() if name not in self.hidden]
        bands, em = tuple(name for name in shown if name != NDVI), self.em()
        left, width = 3.2 * em, self.width() - 4.2 * em
        top = (1.6 + 1.15 * max((row for *_, row in self.legend_places()), default=0)) * em
        height = self.height() - top - 1.6 * em
        found = []
        if bands and NDVI in shown:
            upper = height * (1 - NDVI_SHARE) - GAP
            found = [
                (QRectF(left, top, width, upper), bands),
                (QRectF(left, top + upper + 1.6 * em, width, height - upper - 1.6 * em), (NDVI,)),
            ]
        elif shown:
            found = [(QRectF(left, top, width, height), bands or (NDVI,))]
        readings = (*self.profile.inputs, *self.profile.outputs)
        return [
            Axes(
                box,
                names,
                *padded([one.values[name] for one in readings for name in names if name in one.values], LEAST_SPAN[NDVI in names]),
            )
            for box, names in found
        ]

    def x(self, date: str, box: QRectF) -> float:
        """Where a date lies."""
        first, last = self.span()
        room = 2 * RADIUS
        share = (datetime.date.fromisoformat(date).toordinal() - first) / (last - first)
        return box.left() + room + share * (box.width() - 2 * room)

    def nearest(self, x: float) -> str:
        """The date that is drawn nearest to a column of the widget."""
        fields = self.fields()
        return min(self.profile.dates(), key=lambda date: abs(self.x(date, fields[0].box) - x)) if fields else ""

    # --- drawing --------------------------------------------------------------------------------------------------------------------

    def tint(self, strength: float) -> QColor:
        """The ink, thinned."""
        found = QColor(text_colour(self.palette()))
        found.setAlphaF(strength)
        return found

    def paintEvent(self, event):
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        message = self.hint if self.profile is None else self.profile.message
        fields = [] if message else self.fields()
        if not fields:
            painter.setPen(text_colour(self.palette()))
            edge = 2 * self.em()
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(
                QRectF(self.rect()).adjusted(edge, 0, -edge, 0),
                flags,
                message or tr("Every band is switched off: tick one above the plot."),
            )
            return
        for axes in fields:
            self.draw_frame(painter, axes, last=axes is fields[-1])
            for name in axes.quantities:
                self.draw_side(painter, axes, name, self.profile.inputs, output=False)
                self.draw_side(painter, axes, name, self.profile.outputs, output=True)
        self.draw_gaps(painter, fields[0])
        self.draw_legend(painter)
        if self.date:
            self.draw_pointer(painter, fields)

    def draw_frame(self, painter: QPainter, axes: Axes, last: bool) -> None:
        """Grid, numbers and dates of one field."""
        em, box = self.em(), axes.box
        text, line = text_colour(self.palette()), self.tint(0.16)
        for value in number_ticks(axes.low, axes.high, max(2, int(box.height() / (1.15 * em)))):
            painter.setPen(line)
            painter.drawLine(QPointF(box.left(), axes.y(value)), QPointF(box.right(), axes.y(value)))
            painter.setPen(text)
            place = QRectF(0, axes.y(value) - em / 2, box.left() - 0.4 * em, em)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{value:g}")
        first, end = (datetime.date.fromordinal(one) for one in self.span())
        wide = self.wide("2024-12-28") + em
        for day, label in date_ticks(first, end, max(1, int(box.width() / wide))):
            x = self.x(day.isoformat(), box)
            painter.setPen(line)
            painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
            if last:
                painter.setPen(text)
                place = QRectF(min(max(x - wide / 2, 0), self.width() - wide), box.bottom() + 0.3 * em, wide, em)
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, label)
        painter.setPen(self.tint(0.45))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)
        painter.setPen(text)
        title = tr("NDVI") if axes.quantities == (NDVI,) else tr("Reflectance")
        # beside the legend, which may have more rows below
        row = 0.8 * em if axes.box.top() < 5 * em else box.top() - 0.75 * em
        painter.drawText(QRectF(box.left(), row - em / 2, box.width(), em), Qt.AlignmentFlag.AlignVCenter, title)

    def draw_side(self, painter: QPainter, axes: Axes, name: str, readings: tuple, output: bool) -> None:
        """One quantity of one side: a line that breaks at gaps, and a mark a date."""
        ink = colour(name, self.palette())
        run = QPolygonF()
        runs = [run]
        for one in readings:
            if name in one.values:
                run.append(QPointF(self.x(one.date, axes.box), axes.y(one.values[name])))
            else:
                run = QPolygonF()
                runs.append(run)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(ink, 2.0) if output else QPen(ink, 1.2, Qt.PenStyle.DashLine))
        for points in runs:
            painter.drawPolyline(points)
        for one in readings:
            if name in one.values:
                self.draw_mark(painter, QPointF(self.x(one.date, axes.box), axes.y(one.values[name])), ink, output, one.doubtful)

    def draw_mark(self, painter: QPainter, place: QPointF, ink: QColor, output: bool, doubtful: bool = False) -> None:
        """A full disc for a result, a ring for the input; a square for the input of a partly cloudy date."""
        painter.setPen(QPen(ink, 1.5))
        painter.setBrush(ink if output else self.palette().color(QPalette.ColorRole.Base))
        if doubtful and not output:
            painter.drawRect(QRectF(place.x() - RADIUS, place.y() - RADIUS, 2 * RADIUS, 2 * RADIUS))
        else:
            size = RADIUS - 0.8 if output else RADIUS + 0.6
            painter.drawEllipse(place, size, size)

    def draw_gaps(self, painter: QPainter, axes: Axes) -> None:
        """A cross at the foot of the upper field for each date on which the input shows nothing."""
        for one in self.profile.inputs:
            if one.gap:
                self.draw_cross(painter, QPointF(self.x(one.date, axes.box), axes.box.bottom() - 2.2 * RADIUS))

    def draw_cross(self, painter: QPainter, place: QPointF) -> None:
        """A gap's mark."""
        painter.setPen(QPen(self.tint(0.75), 1.5))
        for side in (-1, 1):
            painter.drawLine(QPointF(place.x() - RADIUS, place.y() - side * RADIUS), QPointF(place.x() + RADIUS, place.y() + side * RADIUS))

    def legend(self) -> list:
        """(kind, text) of what the plot shows."""
        entries = [("input", tr("Input"))] if any(one.values for one in self.profile.inputs) else []
        if any(one.doubtful for one in self.profile.inputs):
            entries.append(("doubtful", tr("Input, partly cloudy date")))
        if any(one.values for one in self.profile.outputs):
            entries.append(("output", tr("Super-resolved")))
        if any(one.gap for one in self.profile.inputs):
            entries.append(("gap", tr("Input cloudy or without data")))
        return entries

    def legend_places(self) -> list:
        """(kind, text, x, row) of the legend's entries: right of the title as far as they fit, then in rows below."""
        em, places, row = self.em(), [], 0
        start = 3.2 * em
        x = start + self.wide(tr("Reflectance")) + 1.6 * em
        for kind, text in self.legend():
            if places and x + 2.4 * em + self.wide(text) > self.width():
                x, row = start, row + 1
            places.append((kind, text, x, row))
            x += 3.6 * em + self.wide(text)
        return places

    def draw_legend(self, painter: QPainter) -> None:
        """What lines and marks mean."""
        em, ink = self.em(), text_colour(self.palette())
        for kind, text, x, row in self.legend_places():
            y = (0.8 + 1.15 * row) * em
            if kind in ("input", "output"):
                painter.setPen(QPen(ink, 2.0) if kind == "output" else QPen(ink, 1.2, Qt.PenStyle.DashLine))
                painter.drawLine(QPointF(x, y), QPointF(x + 2 * em, y))
            if kind == "gap":
                self.draw_cross(painter, QPointF(x + em, y))
            else:
                self.draw_mark(painter, QPointF(x + em, y), ink, kind == "output", kind == "doubtful")
            painter.setPen(ink)
            painter.drawText(QRectF(x + 2.4 * em, y - em / 2, self.wide(text) + em, em), Qt.AlignmentFlag.AlignVCenter, text)

    def draw_pointer(self, painter: QPainter, fields: list) -> None:
        """A line through the date that is read out, and the values in a box beside it."""
        x = self.x(self.date, fields[0].box)
        painter.setPen(QPen(self.tint(0.6), 1.0))
        for axes in fields:
            painter.drawLine(QPointF(x, axes.box.top()), QPointF(x, axes.box.bottom()))
        em, text = self.em(), self.palette().color(QPalette.ColorRole.ToolTipText)
        rows = self.readout()
        columns = [max(self.wide(row[number]) for row in rows) + 0.8 * em for number in range(3)]
        wide, high = sum(columns) + 0.6 * em, (len(rows) + 0.5) * 1.15 * em
        area = fields[0].box
        left = x + em if x + em + wide < area.right() else max(area.left(), x - em - wide)
        frame = QRectF(left, area.top() + 0.4 * em, wide, high)
        painter.setPen(self.tint(0.5))
        painter.setBrush(self.palette().color(QPalette.ColorRole.ToolTipBase))
        painter.drawRect(frame)
        for line, row in enumerate(rows):
            at = frame.left() + 0.5 * em
            for number, cell in enumerate(row):
                ink = colour(row[3], self.palette(), QPalette.ColorRole.ToolTipBase) if number == 0 and row[3] else text
                painter.setPen(ink)
                side = Qt.AlignmentFlag.AlignLeft if number == 0 else Qt.AlignmentFlag.AlignRight
                if number < 3:
                    place = QRectF(at, frame.top() + (line + 0.25) * 1.15 * em, columns[number] - 0.3 * em, em)
                    painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, cell)
                    at += columns[number]

    def readout(self) -> list:
        """Rows (text, input, output, quantity) of the date that is read out; the first is the head."""
        source, result = self.profile.on(self.date)
        rows = [(self.date, tr("Input"), tr("Super-resolved"), "")]
        for name in self.profile.quantities():
            if name not in self.hidden:
                rows.append((quantity_name(name), value_text(source, name), value_text(result, name), name))
        if source is not None and source.gap:
            rows.append((tr("Input: {reason}").format(reason=gap_text(source)), "", "", ""))
        return rows

    # --- choosing a date ------------------------------------------------------------------------------------------------------------

    def has_plot(self) -> bool:
        """Whether there is something to point at."""
        return self.profile is not None and not self.profile.message

    def mouseMoveEvent(self, event):
        if self.has_plot():
            # Qt 6 has position(), Qt 5 has localPos()
            place = event.position() if hasattr(event, "position") else event.localPos()
            self.point_at(self.nearest(place.x()))

    def leaveEvent(self, event):
        self.point_at("")
        super().leaveEvent(event)

    def keyPressEvent(self, event):
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if not self.has_plot() or event.key() not in steps:
            super().keyPressEvent(event)
            return
        dates = self.profile.dates()
        present = dates.index(self.date) if self.date in dates else (len(dates) if event.key() == Qt.Key.Key_Left else -1)
        self.point_at(dates[min(max(present + steps[event.key()], 0), len(dates) - 1)])


def value_text(reading: Reading | None, name: str) -> str:
    """A value in the read-out."""
    return f"{reading.values[name]:.4f}" if reading is not None and name in reading.values else "–"


def gap_text(reading: Reading) -> str:
    """Why a date has no values, in the user's language."""
    return {CLOUDY: tr("cloudy"), OUTSIDE: tr("outside the raster")}.get(reading.gap, tr("no data"))
