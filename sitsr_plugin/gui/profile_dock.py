"""The window of the temporal profile: which bands to show, the plot, and its values to take away."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import QIODevice, QSaveFile
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ..core import PLUGIN_ROOT, tr
from ..core.profile import QUANTITIES, Profile, csv_text
from .messages import Messages
from .profile_colours import quantity_name, swatch
from .profile_plot import ProfilePlot

NAME = "sitsrProfile"


class ProfileDock(QgsDockWidget):
    """The window; it shows what ``show_profile`` gives it."""

    def __init__(self, iface=None, parent=None):
        super().__init__(tr("Temporal profile"), parent)
        self.setObjectName(NAME)
        self.setWindowIcon(QIcon(str(PLUGIN_ROOT / "resources" / "icons" / "profile.svg")))
        self.plot = ProfilePlot()
        self.boxes = {name: self.make_box(name) for name in QUANTITIES}
        self.notes = QLabel()
        self.notes.setWordWrap(True)
        self.copy = QPushButton(tr("Copy values"))
        self.copy.setToolTip(tr("Copy the values as a table (CSV) to the clipboard"))
        self.save = QPushButton(tr("Save values…"))
        self.save.setToolTip(tr("Save the values as a table (CSV)"))
        self.messages = Messages(iface, self.say)
        self.arrange()
        self.copy.clicked.connect(self.copy_values)
        self.save.clicked.connect(self.save_values)
        self.show_profile(None)

    def make_box(self, name: str) -> QCheckBox:
        """The switch of a band."""
        box = QCheckBox(quantity_name(name))
        box.setToolTip(tr("Show or hide it in the plot"))
        box.setIcon(swatch(name, self.palette(), box.fontMetrics().height()))
        box.setChecked(True)
        box.toggled.connect(lambda shown: self.plot.show_quantity(name, shown))
        return box

    def arrange(self) -> None:
        """Switches above, the plot, notes and buttons at the foot."""
        above = QHBoxLayout()
        for box in self.boxes.values():
            above.addWidget(box)
        above.addStretch()
        below = QHBoxLayout()
        below.addWidget(self.notes, 1)
        below.addWidget(self.copy)
        below.addWidget(self.save)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.addLayout(above)
        layout.addWidget(self.plot, 1)
        layout.addLayout(below)
        self.setWidget(body)

    def show_profile(self, profile: Profile | None) -> None:
        """Show what was read at a place; None while no place was clicked."""
        self.plot.show_profile(profile)
        found = profile.quantities() if profile is not None and not profile.message else []
        for name, box in self.boxes.items():
            box.setEnabled(name in found)
        self.copy.setEnabled(bool(found))
        self.save.setEnabled(bool(found))
        self.say("\n".join((place_text(profile), *profile.notes)) if found else "")

    def say(self, text: str) -> None:
        """The lines under the plot."""
        self.notes.setText(text)

    def copy_values(self, *_) -> None:
        """The table to the clipboard."""
        QgsApplication.clipboard().setText(csv_text(self.plot.profile))

    def save_values(self, *_) -> None:
        """The table to a file."""
        path, _ = QFileDialog.getSaveFileName(self, tr("Save values"), "profile.csv", tr("Tables (*.csv)"))
        if path:
            self.write(path if path.lower().endswith(".csv") else f"{path}.csv")

    def write(self, path: str) -> None:
        """Write the table, whole or not at all."""
        file = QSaveFile(path)
        data = csv_text(self.plot.profile).encode()
        if not file.open(QIODevice.OpenModeFlag.WriteOnly) or file.write(data) != len(data) or not file.commit():
            text = tr("'{path}' cannot be written: {reason}.").format(path=path, reason=file.errorString())
            self.messages.tell("error", text)


def place_text(profile: Profile) -> str:
    """Where it was read, and how many dates of each side have values."""
    digits = 6 if abs(profile.x) <= 360 and abs(profile.y) <= 90 else 1
    inputs, outputs = (sum(bool(one.values) for one in side) for side in (profile.inputs, profile.outputs))
    told = (
        counted(inputs, tr("no input dates"), tr("1 input date"), tr("{count} input dates")),
        counted(outputs, tr("no super-resolved dates"), tr("1 super-resolved date"), tr("{count} super-resolved dates")),
    )
    return tr("{x}, {y} ({crs}): {inputs}, {outputs}.").format(
        x=f"{profile.x:.{digits}f}", y=f"{profile.y:.{digits}f}", crs=profile.crs or tr("no CRS"), inputs=told[0], outputs=told[1]
    )


def counted(count: int, none: str, one: str, many: str) -> str:
    """How many, in words that fit the number."""
    return none if count == 0 else one if count == 1 else many.format(count=count)
