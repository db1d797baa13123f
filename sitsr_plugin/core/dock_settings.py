"""What the dock remembers in a project."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields

from qgis.core import QgsProject

SCOPE, KEY = "sitsr", "dock"
LAYERS, FOLDER, STACK = "layers", "folder", "stack"
LATEST, TICKED, EVERY, OTHER = "latest", "ticked", "every", "other"
MEAN, SAMPLE, ENSEMBLE = range(3)


@dataclass
class DockSettings:
    """The state of the dock's controls, as plain values.

    Attributes:
        source: ``layers``, ``folder`` or ``stack``.
        layers: ids of project layers.
        folder: the folder of the series.
        stack, stack_dates: one raster with several dates, and the dates in order with commas (empty: the file says them).
        given: key -> date, typed by the user.
        bands: band roles such as ``B02=1,B03=2,B04=3``; empty to detect them.
        masks: ids of layers that say what is clear; empty to find clouds.
        align: warp every date to one grid, that of the finest pixels.
        target: ``latest``, ``ticked``, ``every`` or ``other``.
        ticked: dates ticked in the table.
        other: a day between the dates.
        extent: ``xmin,xmax,ymin,ymax [EPSG:n]``; empty for the whole image.
        mode: ``MEAN``, ``SAMPLE`` or ``ENSEMBLE``.
        model: a name; empty for the default one.
        orientations: of the series, whose results are averaged: 1, 2, 4 or 8.
        uncertainty, clear_count: whether to write these too.
        output: a file or, for several dates, a folder; empty for a temporary one.
        unfinished: output of a run that was stopped, while it can be resumed.
    """

    source: str = LAYERS
    layers: list = field(default_factory=list)
    folder: str = ""
    stack: str = ""
    stack_dates: str = ""
    given: dict = field(default_factory=dict)
    bands: str = ""
    masks: list = field(default_factory=list)
    align: bool = False
    target: str = LATEST
    ticked: list = field(default_factory=list)
    other: str = ""
    extent: str = ""
    mode: int = MEAN
    model: str = ""
    orientations: int = 1
    uncertainty: bool = False
    clear_count: bool = False
    output: str = ""
    unfinished: str = ""

    def product(self) -> tuple:
        """Model, mode and orientations: runs of the same ones take the same time for a pixel."""
        return self.model, self.mode, self.orientations

    def several(self) -> bool:
        """Whether these settings ask for several files."""
        return self.target == EVERY or (self.target == TICKED and len(self.ticked) > 1)


def load_settings(project: QgsProject) -> DockSettings:
    """The project's settings; what is missing or of another kind keeps its default."""
    text, _ = project.readEntry(SCOPE, KEY, "")
    settings = DockSettings()
    try:
        values = json.loads(text) if text else {}
    except ValueError:
        return settings
    if isinstance(values, dict):
        for one in fields(DockSettings):
            value = values.get(one.name)
            if isinstance(value, type(getattr(settings, one.name))):
                setattr(settings, one.name, value)
    return settings


def save_settings(project: QgsProject, settings: DockSettings) -> None:
    """Write the settings into the project, only when they changed: a project that was only looked at is not marked as changed."""
    text = json.dumps(asdict(settings), sort_keys=True)
    if text != json.dumps(asdict(load_settings(project)), sort_keys=True):
        project.writeEntry(SCOPE, KEY, text)
