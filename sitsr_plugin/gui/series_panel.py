"""The series: where it comes from, and its table, filled by the worker in the background."""

from __future__ import annotations

import json
import os

from qgis.core import QgsProcessingUtils, QgsProject
from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QLabel, QMenu, QPushButton, QTableView, QVBoxLayout, QWidget

from ..core import PluginError, tr
from ..core.dock_parameters import series_parameters
from ..core.dock_settings import FOLDER, LAYERS, STACK, DockSettings
from ..core.environment import missing_environment
from ..core.layers import SeriesItem, gdal_path, layer_date
from ..core.mask_order import masks_in_order
from ..core.series_fixes import ALIGN, SET_DATE, Fix, row_fixes, series_fixes
from ..core.series_rows import REFUSED, UNCHECKED, blamed_rows, checked_rows, fix_text, folder_items, known_dates, unchecked_rows
from ..core.worker_sentences import asks_for_warping
from .environment_dialog import open_environment_dialog
from .explain import explain
from .fix_button import FixButton, fill_menu
from .narrow import with_breaks
from .run_controller import RunController
from .series_model import DATE, NAME, OFFSET, SeriesModel
from .source_panel import SourcePanel
from .tick_delegate import TickDelegate

INSPECT = "sitsr:inspectseries"
OUTPUT_JSON = "OUTPUT_JSON"
PATIENCE_MS = 400


class SeriesPanel(QWidget):
    """Source, table and notes.

    Signals:
        changed: the user chose another series or another date.
        checked: the worker's report is there, or it failed.
        refused: a sentence for the user.
        align_wanted: the user chose to warp all dates to one grid.
    """

    changed = pyqtSignal()
    checked = pyqtSignal()
    refused = pyqtSignal(str)
    align_wanted = pyqtSignal()

    def __init__(self, iface, project: QgsProject, parent=None):
        super().__init__(parent)
        self.project = project
        self.given: dict = {}
        self.bands = ""
        self.masks: list = []
        self.align = False
        self.report: dict = {}
        self.error = ""
        self.items: list = []
        self.source = SourcePanel(iface, project, self)
        self.model = SeriesModel(self)
        self.table = self.make_table()
        self.remove = QPushButton(tr("Remove"))
        explain(tr("Take the selected dates out of the series"), self.remove)
        self.check = QPushButton(tr("Check"))
        explain(tr("Look at the series again: dates, clouds, radiometry and shifts"), self.check)
        self.get_environment = QPushButton(tr("Python environment…"))
        explain(tr("Make, choose or test the Python that computes; then the series is looked at"), self.get_environment)
        self.get_environment.clicked.connect(lambda: open_environment_dialog(self.window(), self.inspect))
        self.fix = FixButton()
        self.notes = QLabel()
        self.notes.setWordWrap(True)
        self.inspector = RunController(self)
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(PATIENCE_MS)
        self.arrange()
        self.source.changed.connect(self.refill)
        self.model.date_edited.connect(self.set_date)
        self.model.refused.connect(self.refused)
        self.remove.clicked.connect(self.remove_selected)
        self.check.clicked.connect(self.inspect)
        self.fix.chosen.connect(self.mend)
        self.table.customContextMenuRequested.connect(self.offer_for_row)
        self.timer.timeout.connect(self.inspect)
        self.inspector.ended.connect(self.take_report)
        self.show_notes()

    def make_table(self) -> QTableView:
        """The view of the table."""
        table = QTableView()
        table.setModel(self.model)
        table.setItemDelegateForColumn(DATE, TickDelegate(table))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setAlternatingRowColors(True)
        table.verticalHeader().hide()
        # names of one series differ at their ends
        table.setWordWrap(False)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        table.horizontalHeader().setStretchLastSection(True)
        table.horizontalHeader().setHighlightSections(False)
        table.verticalHeader().setDefaultSectionSize(round(1.5 * table.fontMetrics().height()))
        table.setMinimumHeight(10 * table.fontMetrics().height())
        table.setWhatsThis(
            tr(
                "The dates of the series and what was found out about each. Double-click a date to correct it. Point at a cell or at a "
                "column's head to read what it means."
            )
        )
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.selectionModel().currentChanged.connect(self.show_notes)
        return table

    def arrange(self) -> None:
        """Put the widgets in their places."""
        buttons = QHBoxLayout()
        buttons.addWidget(self.remove)
        buttons.addStretch()
        buttons.addWidget(self.fix)
        buttons.addWidget(self.get_environment)
        buttons.addWidget(self.check)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.source)
        layout.addWidget(self.table, 1)
        layout.addLayout(buttons)
        layout.addWidget(self.notes)

    def find_items(self) -> list:
        """The files of the series as QGIS knows them. Raises PluginError."""
        kind = self.settings().source
        if kind == LAYERS:
            layers = [self.project.mapLayer(one) for one in self.source.layers]
            return [SeriesItem(layer.name(), gdal_path(layer), layer_date(layer)) for layer in layers if layer is not None]
        if kind == FOLDER:
            return folder_items(self.source.folder.filePath())
        path = self.source.stack.filePath()
        return [SeriesItem(os.path.basename(path), path)] if path else []

    def settings(self, into: DockSettings | None = None) -> DockSettings:
        """What describes the series, written into the given settings or into new ones."""
        settings = into or DockSettings()
        self.source.keep(settings)
        settings.given = known_dates(self.given, self.items, settings.source == LAYERS)
        settings.bands = self.bands
        by_layer = settings.source == LAYERS  # masks of a folder or a stack go by their own dates
        settings.masks = masks_in_order(self.project, self.masks, settings.layers, settings.given) if by_layer else list(self.masks)
        settings.align = self.align
        return settings

    def restore(self, settings: DockSettings) -> None:
        """Show the series that a project remembers."""
        self.given = dict(settings.given)
        self.bands = settings.bands
        self.masks = [one for one in settings.masks if self.project.mapLayer(one) is not None]
        self.align = settings.align
        self.source.restore(settings)
        self.refill(user=False)

    def set_bands(self, text: str) -> None:
        """Other band roles: look again."""
        self.bands = text
        self.look_again()

    def set_reading(self, masks: list, align: bool) -> None:
        """Other masks, or warped to one grid: look again."""
        if (masks, align) != (self.masks, self.align):
            self.masks, self.align = list(masks), align
            self.look_again()

    def set_ticking(self, ticking: bool) -> None:
        """Whether target dates are ticked in the table."""
        self.model.set_ticking(ticking)
        self.fit_columns()

    def refill(self, user: bool = True) -> None:
        """The source changed: show its files at once and look at them soon."""
        problem = ""
        try:
            self.items = self.find_items()
        except PluginError as error:
            self.items, problem = [], str(error)
        self.look_again(user)
        if problem:
            self.refused.emit(problem)

    def look_again(self, user: bool = True) -> None:
        """What is known is out of date."""
        self.inspector.abandon()
        self.report, self.error = {}, ""
        self.model.set_rows(unchecked_rows(self.items, self.given, by_path=self.settings().source == LAYERS))
        self.fit_columns()
        if self.items:
            self.timer.start()
        else:
            self.timer.stop()
        self.show_notes()
        if user:
            self.changed.emit()

    def inspect(self) -> None:
        """Let the worker look at the series."""
        self.timer.stop()
        if not self.items:
            return
        if missing := missing_environment():
            self.take_report(False, {}, missing)
            return
        path = QgsProcessingUtils.generateTempFilename("report.json")
        try:
            self.error = ""
            self.inspector.start({**series_parameters(self.settings()), OUTPUT_JSON: path}, INSPECT, self.project)
        except PluginError as error:
            self.take_report(False, {}, str(error))
            return
        self.show_notes()

    def take_report(self, succeeded: bool, results: dict, error: str) -> None:
        """The worker answered."""
        settings = self.settings()
        self.error = error
        if succeeded:
            with open(results[OUTPUT_JSON], encoding="utf-8") as file:
                self.report = json.load(file)
            os.unlink(results[OUTPUT_JSON])
            rows = checked_rows(self.report, self.items, settings.source == LAYERS, settings.source != STACK, settings.given)
            self.model.set_rows(rows)
        elif error:
            self.report = {}
            self.model.set_rows(blamed_rows(self.model.rows, error))
        self.fit_columns()
        self.show_notes()
        self.checked.emit()

    def show_notes(self, *_) -> None:
        """A line or two under the table: what goes on, the worker's notes, the fix for the row at hand."""
        lines = [self.error] if self.error else []
        folder = self.source.folder.filePath() if self.source.kind_of() == FOLDER else ""
        if folder and not self.items:
            lines.append(tr("There are no rasters in '{folder}'.").format(folder=folder))
        elif not self.items:
            lines.append(tr("Add images of one place on several dates, or choose where they are above. Even one date works."))
        elif self.inspector.busy:
            lines.append(tr("Looking at the series ..."))
        lines += self.report.get("warnings", [])
        row = self.table.currentIndex().row()
        if 0 <= row < len(self.model.rows) and self.model.rows[row].status not in ("ok", UNCHECKED):
            lines.append(f"{self.model.rows[row].name}: {fix_text(self.model.rows[row])}")
        self.notes.setText(with_breaks("\n".join(lines)))
        self.notes.setVisible(bool(lines))
        self.get_environment.setVisible(bool(self.error) and self.error == missing_environment())
        self.check.setEnabled(bool(self.items) and not self.inspector.busy)
        self.remove.setVisible(self.removable())
        self.remove.setEnabled(bool(self.model.rows))
        self.fix.offer(self.fixes())

    def hindrance(self) -> str:
        """Why a run would fail, where a date of the table is to blame; else empty."""
        return self.error if any(row.status in REFUSED for row in self.model.rows) else ""

    def fixes(self) -> list:
        """What can be done about the series."""
        return series_fixes(self.model.rows, self.removable(), asks_for_warping(self.error))

    def removable(self) -> bool:
        """Whether rows can be taken out: only layers can."""
        return self.source.kind_of() == LAYERS

    def offer_for_row(self, place) -> None:
        """The menu of a row."""
        index = self.table.indexAt(place)
        if index.isValid():
            menu = QMenu(self)
            fill_menu(menu, row_fixes(self.model.rows[index.row()], index.row(), self.removable()), self.mend)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(self.table.viewport().mapToGlobal(place))

    def mend(self, fix: Fix) -> None:
        """Do what the user chose."""
        if fix.kind == ALIGN:
            self.align_wanted.emit()
        elif fix.kind == SET_DATE:
            self.table.setCurrentIndex(self.model.index(fix.rows[0], DATE))
            self.table.edit(self.model.index(fix.rows[0], DATE))
        else:
            self.remove_rows(fix.rows)

    def fit_columns(self) -> None:
        """Columns as wide as their texts; a long name gives way to what is known of the dates."""
        table = self.table
        table.resizeColumnsToContents()
        room = table.viewport().width() - sum(table.columnWidth(column) for column in range(DATE, OFFSET))
        widest = max(15 * table.fontMetrics().averageCharWidth(), room)
        table.setColumnWidth(NAME, min(table.columnWidth(NAME), widest))

    def set_date(self, number: int, date: str) -> None:
        """The user typed a date: it holds for every file of that row."""
        for key in self.model.rows[number].keys:
            self.given[key] = date
        self.look_again()

    def remove_selected(self) -> None:
        """Take the selected rows' layers out of the series."""
        self.remove_rows([index.row() for index in self.table.selectionModel().selectedRows()])

    def remove_rows(self, numbers) -> None:
        """Take the layers of these rows out of the series; of two layers of one file the last goes first."""
        layers = [one for one in self.source.layers if self.project.mapLayer(one) is not None]
        for row in (self.model.rows[number] for number in sorted(numbers, reverse=True)):
            for key in row.keys:
                named = [one for one in layers if gdal_path(self.project.mapLayer(one)) == key]
                called = [one for one in named if self.project.mapLayer(one).name() == row.name]
                layers = [one for one in layers if one not in (called or named)[-1:]]
        self.source.set_layers(layers)

    def forget_layers(self, ids: list) -> None:
        """Layers are about to leave the project."""
        self.masks = [one for one in self.masks if one not in ids]
        if set(ids) & set(self.source.layers):
            self.source.layers = [one for one in self.source.layers if one not in ids]
            # not the user's doing: the project, which may be closing, is not written to
            self.refill(user=False)

    def close_runs(self) -> None:
        """End what runs in the background."""
        self.timer.stop()
        self.inspector.close()
