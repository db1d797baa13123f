"""What to make of the series: bands, target dates, product, area, output."""

from __future__ import annotations

from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsRectangle
from qgis.gui import QgsExtentWidget, QgsFileWidget
from qgis.PyQt.QtCore import QDate, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QDateEdit, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from ..core import tr
from ..core.dock_parameters import extent_text, read_extent
from ..core.dock_settings import EVERY, LATEST, OTHER, TICKED, DockSettings
from .explain import explain
from .model_choice import ModelChoice
from .more_options import MoreOptions
from .narrow import narrow, narrow_form

TARGETS = (LATEST, TICKED, EVERY, OTHER)


def band_presets() -> list:
    """(label, band roles) of the usual orders."""
    return [
        (tr("Detect from the files"), ""),
        (tr("Blue, green, red, near infrared"), "B02=1,B03=2,B04=3,B08=4"),
        (tr("Red, green, blue, near infrared"), "B04=1,B03=2,B02=3,B08=4"),
        (tr("Red, green, blue"), "B04=1,B03=2,B02=3"),
        (tr("Blue, green, red"), "B02=1,B03=2,B04=3"),
        (tr("Sentinel-2, 12 or 13 bands in order"), "B02=2,B03=3,B04=4,B08=8"),
        (tr("Sentinel-2, the 10 and 20 m bands"), "B02=1,B03=2,B04=3,B08=7"),
    ]


def products() -> list:
    """(label, explanation) of the three products, in the order of the algorithm's modes."""
    return [
        (tr("Faithful"), tr("The expected image: best for measurements, and fastest.")),
        (tr("Detailed"), tr("One plausible image with sharper texture: best to look at.")),
        (tr("Detailed + uncertainty"), tr("Several plausible images: their mean, and how much they differ. Slowest.")),
    ]


class OptionsPanel(QWidget):
    """A form.

    Signals:
        changed: the user changed something.
        bands_changed: the band roles, when they changed.
        target_changed: the kind of target dates.
    """

    changed = pyqtSignal()
    bands_changed = pyqtSignal(str)
    target_changed = pyqtSignal(str)

    def __init__(self, canvas=None, project=None, parent=None):
        super().__init__(parent)
        self.silent = False
        self.told_bands = ""
        self.bands = self.make_bands()
        self.target = QComboBox()
        self.target.addItems([tr("Latest clear date"), tr("Dates ticked in the table"), tr("Every date"), tr("Another day")])
        self.other = QDateEdit()
        self.other.setCalendarPopup(True)
        self.other.setDisplayFormat("yyyy-MM-dd")
        self.mode = QComboBox()
        self.mode.addItems([label for label, _ in products()])
        self.meaning = QLabel()
        self.meaning.setWordWrap(True)
        self.model = ModelChoice()
        for choice in (self.target, self.mode, self.model):
            narrow(choice)
        self.extent = QgsExtentWidget(None, QgsExtentWidget.WidgetStyle.CondensedStyle)
        self.extent.setNullValueAllowed(True, tr("Whole image"))
        if canvas is not None:
            self.extent.setMapCanvas(canvas, True)
            self.extent.setCurrentExtent(canvas.extent(), canvas.mapSettings().destinationCrs())
        self.clear_area()
        self.output = QgsFileWidget()
        self.output.setFilter(tr("GeoTIFF (*.tif *.tiff)"))
        self.output.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        self.more = MoreOptions(project or QgsProject.instance())
        self.canvas = canvas
        self.arrange()
        self.bands.currentIndexChanged.connect(self.tell_bands)
        self.bands.lineEdit().editingFinished.connect(self.tell_bands)
        self.target.currentIndexChanged.connect(self.tell_target)
        self.mode.currentIndexChanged.connect(self.tell_mode)
        self.model.currentIndexChanged.connect(self.tell)
        self.other.dateChanged.connect(self.tell)
        self.extent.extentChanged.connect(self.tell)
        self.output.fileChanged.connect(self.tell)
        self.more.changed.connect(self.tell)
        self.tell_target()
        self.tell_mode()

    def make_bands(self) -> QComboBox:
        """The band roles: a usual order, or typed."""
        bands = QComboBox()
        for label, roles in band_presets():
            bands.addItem(label, roles)
        bands.setEditable(True)
        bands.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        narrow(bands)
        return bands

    def arrange(self) -> None:
        """Put the widgets in their places."""
        dates = QVBoxLayout()
        for widget in (self.target, self.other):
            dates.addWidget(widget)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        narrow_form(form)
        for text, field, widget, purpose in (
            (tr("Bands"), self.bands, self.bands, tr("Choose an order, or type it, such as B02=1,B03=2,B04=3,B08=4")),
            (tr("Show"), dates, self.target, tr("The day or days that the result shows. All dates near them help, whichever is chosen.")),
            (
                tr("Product"),
                self.mode,
                self.mode,
                tr("The expected image to measure in, or plausible images with more texture to look at."),
            ),
            (tr("Model"), self.model, self.model, tr("The trained network. Raster > sitsr > Models shows what each was trained on.")),
            (
                tr("Area"),
                self.extent,
                self.extent,
                tr("A part of the image: the map's extent, a layer's, or one drawn. Empty for all of it."),
            ),
            (tr("Save to"), self.output, self.output, tr("A GeoTIFF, or a folder for several dates. Left empty, a temporary one.")),
        ):
            label = QLabel(text)
            label.setBuddy(widget)
            explain(purpose, label, widget)
            form.addRow(label, field)
            if widget is self.mode:
                # a row of its own: within another layout its lines are not counted at the width that it has
                form.setWidget(form.rowCount(), QFormLayout.ItemRole.FieldRole, self.meaning)
        form.addRow(self.more)
        explain(tr("The day to show. It need not be one of the series' dates: the nearest dates are used."), self.other)

    def tell(self, *_) -> None:
        """Something changed."""
        if not self.silent:
            self.changed.emit()

    def tell_bands(self, *_) -> None:
        """A preset was chosen, or typing came to an end."""
        roles = self.band_roles()
        if not self.silent and roles != self.told_bands:
            self.told_bands = roles
            self.bands_changed.emit(roles)
            self.changed.emit()

    def tell_target(self, *_) -> None:
        """Other target dates: a folder takes several."""
        kind = TARGETS[self.target.currentIndex()]
        self.other.setVisible(kind == OTHER)
        self.target_changed.emit(kind)
        self.tell()

    def tell_mode(self, *_) -> None:
        """Another product."""
        self.meaning.setText(products()[self.mode.currentIndex()][1])
        self.tell()

    def expect(self, several: bool) -> None:
        """Ask for a file or for a folder."""
        self.output.setStorageMode(QgsFileWidget.StorageMode.GetDirectory if several else QgsFileWidget.StorageMode.SaveFile)
        self.output.lineEdit().setPlaceholderText(tr("Temporary folder") if several else tr("Temporary file"))

    def suggest_day(self, date: str) -> None:
        """The day that "another day" begins with."""
        day = QDate.fromString(date, "yyyy-MM-dd")
        if day.isValid() and TARGETS[self.target.currentIndex()] != OTHER:
            self.silent = True
            self.other.setDate(day)
            self.silent = False

    def suggest_crs(self, crs: QgsCoordinateReferenceSystem, extent: QgsRectangle) -> None:
        """The series' own CRS and extent, which the area's menu offers."""
        self.silent = True
        chosen = self.area()
        if self.extent.outputCrs() != crs:
            self.extent.setOutputCrs(crs)
        self.extent.setOriginalExtent(extent, crs)
        if not chosen:
            self.clear_area()
        self.silent = False

    def follow_canvas(self) -> None:
        """The area's menu offers what the canvas shows now."""
        if self.canvas is not None:
            self.extent.setCurrentExtent(self.canvas.extent(), self.canvas.mapSettings().destinationCrs())

    def clear_area(self) -> None:
        """The whole image; clearing selects the field's text, which would look like a choice."""
        self.extent.clear()
        for field in self.extent.findChildren(QLineEdit):
            field.deselect()

    def area(self) -> str:
        """The extent as a text; empty for the whole image."""
        box = self.extent.outputExtent()
        return "" if box.isNull() or box.isEmpty() else extent_text(box, self.extent.outputCrs())

    def band_roles(self) -> str:
        """The band roles as the algorithm takes them."""
        found = self.bands.findText(self.bands.currentText())
        return self.bands.itemData(found) if found >= 0 else self.bands.currentText().strip()

    def restore(self, settings: DockSettings) -> None:
        """Show what a project remembers, without a word."""
        self.silent = True
        found = self.bands.findData(settings.bands)
        if found >= 0:
            self.bands.setCurrentIndex(found)
        else:
            self.bands.setEditText(settings.bands)
        self.told_bands = settings.bands
        self.target.setCurrentIndex(TARGETS.index(settings.target) if settings.target in TARGETS else 0)
        self.other.setDate(QDate.fromString(settings.other, "yyyy-MM-dd") if settings.other else QDate.currentDate())
        self.mode.setCurrentIndex(settings.mode if 0 <= settings.mode < self.mode.count() else 0)
        self.model.fill(settings.model)
        extent = read_extent(settings.extent) if settings.extent else None
        if extent:
            self.extent.setOutputCrs(extent[1])
            self.extent.setOutputExtentFromUser(*extent)
        else:
            self.clear_area()
        self.output.setFilePath(settings.output)
        self.more.restore(settings)
        self.silent = False

    def keep(self, settings: DockSettings) -> None:
        """Write the choices into the settings."""
        settings.bands = self.band_roles()
        settings.target = TARGETS[self.target.currentIndex()]
        settings.other = self.other.date().toString("yyyy-MM-dd") if settings.target == OTHER else ""
        settings.mode = self.mode.currentIndex()
        settings.model = self.model.chosen()
        settings.extent = self.area()
        settings.output = self.output.filePath().strip()
        self.more.keep(settings)
