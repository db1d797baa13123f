"""Options of the panel that are seldom needed: masks, grids, orientations, what else to write."""

from __future__ import annotations

from qgis.core import QgsProject
from qgis.gui import QgsCollapsibleGroupBoxBasic
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QFormLayout, QVBoxLayout

from ..algorithms.run_parameters import ORIENTATION_COUNTS, orientation_choices
from ..core import tr
from ..core.dock_settings import ENSEMBLE, DockSettings
from ..core.mask_order import mask_groups
from .explain import explain
from .narrow import narrow, narrow_form


class MaskChoice(QComboBox):
    """Where the clear sky is known from; the list is read from the project whenever it is opened."""

    def __init__(self, project: QgsProject, parent=None):
        super().__init__(parent)
        self.project = project
        narrow(self)
        explain(
            tr(
                "What says where the sky is clear. Automatically: the scene classification (SCL) that came with the images, else an "
                "estimate. Your own masks: scene classifications, or rasters that are not zero where it is clear; one for every date, "
                "or one each (of a folder or a stack, with the date in its name)."
            ),
            self,
        )
        self.fill([])

    def fill(self, chosen: list) -> None:
        """List what can be a mask, and choose."""
        silent = self.blockSignals(True)
        self.clear()
        self.addItem(tr("Found automatically"), [])
        for name, ids in mask_groups(self.project):
            self.addItem(tr("Masks {name} ({count})").format(name=name, count=len(ids)), ids)
        ids = [one for one in chosen if self.project.mapLayer(one) is not None]
        places = [row for row in range(self.count()) if sorted(self.itemData(row)) == sorted(ids)]
        if not places:
            self.addItem(tr("Masks ({count})").format(count=len(ids)), ids)
        self.setCurrentIndex(places[0] if places else self.count() - 1)
        self.blockSignals(silent)

    def chosen(self) -> list:
        """Ids of the mask layers."""
        return list(self.currentData() or [])

    def showPopup(self) -> None:
        """Qt opens the list."""
        self.fill(self.chosen())
        super().showPopup()


class MoreOptions(QgsCollapsibleGroupBoxBasic):
    """A box that opens.

    Signals:
        changed: the user changed something.
        reading_changed: (ids of masks, whether to warp to one grid), when they changed.
    """

    changed = pyqtSignal()
    reading_changed = pyqtSignal(list, bool)

    def __init__(self, project: QgsProject, parent=None):
        super().__init__(tr("More options"), parent)
        self.setWhatsThis(tr("What is seldom needed: cloud masks, grids that differ, averaging over orientations, what else to write."))
        self.masks = MaskChoice(project)
        self.align = QCheckBox(tr("Warp to the first date's grid"))
        explain(tr("For rasters with another CRS, extent or pixel size, which are refused otherwise"), self.align)
        self.orientations = QComboBox()
        narrow(self.orientations)
        for number, label in enumerate(orientation_choices()):
            self.orientations.addItem(label, ORIENTATION_COUNTS[number])
        explain(
            tr(
                "Compute the expected image from the series as it is and again mirrored and turned, and take the average: a little nearer "
                "to the truth, and slower"
            ),
            self.orientations,
        )
        self.uncertainty = QCheckBox(tr("Uncertainty"))
        explain(tr("How far each pixel may be from the truth: a standard deviation, in reflectance"), self.uncertainty)
        self.clear_count = QCheckBox(tr("Clear dates of each pixel"))
        explain(tr("How many of the dates that were used saw each pixel without clouds"), self.clear_count)
        beside = QVBoxLayout()
        beside.addWidget(self.uncertainty)
        beside.addWidget(self.clear_count)
        form = QFormLayout(self)
        narrow_form(form)
        for label, field in (
            (tr("Clouds"), self.masks),
            (tr("Grids"), self.align),
            (tr("Orientations"), self.orientations),
            (tr("Also write"), beside),
        ):
            form.addRow(label, field)
        self.setCollapsed(True)
        self.masks.currentIndexChanged.connect(self.tell_reading)
        self.align.toggled.connect(self.tell_reading)
        self.orientations.currentIndexChanged.connect(self.changed)
        self.uncertainty.clicked.connect(self.changed)
        self.clear_count.clicked.connect(self.changed)

    def tell_reading(self, *_) -> None:
        """Another way to read the series."""
        self.reading_changed.emit(self.masks.chosen(), self.align.isChecked())

    def follow(self, mode: int) -> None:
        """The product with uncertainty always writes it."""
        self.uncertainty.setEnabled(mode != ENSEMBLE)

    def restore(self, settings: DockSettings) -> None:
        """Show what a project remembers, without a word."""
        self.masks.fill(settings.masks)
        for box, on in ((self.align, settings.align), (self.uncertainty, settings.uncertainty), (self.clear_count, settings.clear_count)):
            silent = box.blockSignals(True)
            box.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
            box.blockSignals(silent)
        silent = self.orientations.blockSignals(True)
        self.orientations.setCurrentIndex(max(0, self.orientations.findData(settings.orientations)))
        self.orientations.blockSignals(silent)
        if settings.masks or settings.align or settings.orientations > 1 or settings.uncertainty or settings.clear_count:
            self.setCollapsed(False)

    def keep(self, settings: DockSettings) -> None:
        """Write the choices into the settings; how to read the series is the series' own."""
        settings.orientations = self.orientations.currentData()
        settings.uncertainty = self.uncertainty.isChecked()
        settings.clear_count = self.clear_count.isChecked()
