"""The series as a table: one row a date, the date editable, target dates ticked."""

from __future__ import annotations

from qgis.PyQt.QtCore import QAbstractTableModel, QDate, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QPalette
from qgis.PyQt.QtWidgets import QApplication

from ..core import PluginError, tr
from ..core.layers import parse_date
from ..core.series_rows import REFUSED, UNDATED, SeriesRow, fix_text, status_text

NAME, DATE, STATUS, CLEAR, SOURCE, OFFSET, SHIFT = range(7)
NUMBERS = (CLEAR, OFFSET, SHIFT)
GRAVE = (*REFUSED, "no data", "cloudy")


class SeriesModel(QAbstractTableModel):
    """Rows of ``SeriesRow``.

    Signals:
        date_edited: (row number, ISO date) after the user typed a date.
        ticked_changed: the set of ticked dates changed.
        refused: a sentence, when what the user typed is no date.
    """

    date_edited = pyqtSignal(int, str)
    ticked_changed = pyqtSignal()
    refused = pyqtSignal(str)

    def __init__(self, parent=None):
        super().__init__(parent)
        self.rows: list[SeriesRow] = []
        self.ticked: set = set()
        self.ticking = False

    def set_rows(self, rows: list) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def set_ticking(self, ticking: bool) -> None:
        """Whether dates have a box to tick."""
        self.ticking = ticking
        self.changed(DATE)

    def set_ticked(self, dates) -> None:
        """Tick these dates."""
        self.ticked = set(dates)
        self.changed(DATE)

    def ticked_dates(self) -> list:
        """The ticked dates that the series has, sorted."""
        return sorted({row.date for row in self.rows if row.date in self.ticked})

    def changed(self, column: int) -> None:
        """Repaint a column."""
        if self.rows:
            self.dataChanged.emit(self.index(0, column), self.index(len(self.rows) - 1, column))

    def rowCount(self, parent=None):
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent=None):
        return 0 if parent is not None and parent.isValid() else 7

    def headerData(self, section, orientation, role=Qt.ItemDataRole.DisplayRole):
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            heads = (tr("Name"), tr("Date"), tr("Status"), tr("Clear %"), tr("Date from"), tr("Offset"), tr("Shift (px)"))
            return heads[section]
        if orientation == Qt.Orientation.Horizontal and role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.WhatsThisRole):
            return column_help()[section]
        return None

    def flags(self, index):
        flags = super().flags(index)
        if index.column() == DATE and self.rows[index.row()].keys:
            flags |= Qt.ItemFlag.ItemIsEditable
        if index.column() == DATE and self.ticking and self.rows[index.row()].date:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        row, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(row, column)
        if role == Qt.ItemDataRole.EditRole and column == DATE:
            return row.date
        if role == Qt.ItemDataRole.CheckStateRole and column == DATE and self.ticking and row.date:
            return Qt.CheckState.Checked if row.date in self.ticked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell_help(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in NUMBERS:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole and column == STATUS and row.status in GRAVE:
            return warning_colour(QApplication.palette())
        return None

    def setData(self, index, value, role=Qt.ItemDataRole.EditRole):
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.CheckStateRole:
            # an int in Qt 5, the enum in Qt 6
            checked = value in (Qt.CheckState.Checked, 2)
            self.ticked = self.ticked | {row.date} if checked else self.ticked - {row.date}
            self.changed(DATE)
            self.ticked_changed.emit()
            return True
        if role != Qt.ItemDataRole.EditRole or index.column() != DATE:
            return False
        text = value.toString("yyyy-MM-dd") if isinstance(value, QDate) else str(value).strip()
        if text == row.date:
            return False
        try:
            date = parse_date(text)
        except PluginError as error:
            self.refused.emit(str(error))
            return False
        self.date_edited.emit(index.row(), date)
        return True


def warning_colour(palette: QPalette) -> QColor:
    """A colour for what needs attention, legible on light and on dark ground."""
    dark = palette.color(QPalette.ColorRole.Base).lightness() < 128
    return QColor("#ffb35c") if dark else QColor("#a34a00")


def column_help() -> tuple:
    """What each column holds."""
    return (
        tr("The layer or file of this date."),
        tr("The day on which the image was taken. Double-click to correct it."),
        tr("Whether this date can be used; point at it for what to do."),
        tr("Share of the image without clouds and their shadows, in percent."),
        tr("Where the date was found: layer, tags, metadata, file name, or typed by you."),
        tr("What is added to get reflectance: Sentinel-2 products since January 2022 carry -0.1."),
        tr("How far this date lies from the clearest one, in input pixels (rows, columns). These shifts are what several dates add."),
    )


def cell_text(row: SeriesRow, column: int) -> str:
    """What a cell shows."""
    if column == CLEAR:
        return "" if row.clear_percent is None else f"{row.clear_percent:.0f}"
    if column == OFFSET:
        return "" if row.offset is None else f"{row.offset:g}"
    if column == SHIFT:
        return "" if row.shift is None else " ".join(f"{value:+.2f}" for value in row.shift)
    return {
        NAME: row.name,
        DATE: row.date or (tr("missing") if row.status == UNDATED else ""),
        SOURCE: row.date_source,
        STATUS: status_text(row),
    }[column]


def cell_help(row: SeriesRow, column: int) -> str:
    """What a cell's tooltip says."""
    if column == NAME:
        return row.path or row.name
    if column == DATE:
        return tr("Double-click to type another date (YYYY-MM-DD).") if row.keys else tr("Dates of a stack are changed above the table.")
    if column == OFFSET and row.scale is not None:
        return tr("Reflectance = value x {scale:g} + {offset:g}").format(scale=row.scale, offset=row.offset)
    if column == SHIFT:
        return tr("Rows and columns against the clearest date, in input pixels.")
    return fix_text(row) if column == STATUS else cell_text(row, column)
