"""The panel "Super-resolve time series": the series, what to make of it, and the run."""

from __future__ import annotations

from qgis.core import QgsProject
from qgis.gui import QgsDockWidget
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from ..core import PLUGIN_ROOT, PluginError, tr
from ..core.dock_parameters import output_path, read_extent, results_in, run_parameters
from ..core.dock_settings import ENSEMBLE, EVERY, TICKED, DockSettings, load_settings, save_settings
from ..core.environment import missing_environment
from ..core.estimate import Extent, estimate_text, seconds_per_pixel
from ..core.models import factor_of
from ..core.read_raster import ReadRaster
from ..core.series_grid import grid_layer
from ..core.unfinished import can_resume
from .calm_wheel import let_scroll
from .environment_dialog import open_environment_dialog, remove_environment_dialog
from .messages import Messages
from .options_panel import OptionsPanel
from .preview import PreviewRun
from .questions import may_replace
from .run_bar import RunBar
from .run_controller import RunController
from .series_panel import SeriesPanel

NAME = "sitsrDock"


class SeriesDock(QgsDockWidget):
    """The panel. Call ``close_down`` before it is deleted."""

    def __init__(self, iface=None, project: QgsProject | None = None, parent=None):
        super().__init__(tr("Super-resolve time series"), parent)
        self.setObjectName(NAME)
        self.setWindowIcon(QIcon(str(PLUGIN_ROOT / "resources" / "icons" / "sitsr.svg")))
        self.project = project or QgsProject.instance()
        self.canvas = iface.mapCanvas() if iface is not None else None
        self.unfinished = ""
        self.running_to, self.running = "", (DockSettings().product(), 0)
        self.pace: dict = {}
        self.series = SeriesPanel(iface, self.project)
        self.options = OptionsPanel(self.canvas, self.project)
        self.bar = RunBar()
        self.messages = Messages(iface, self.bar.say)
        self.controller = RunController(self)
        self.preview = PreviewRun(self.controller, self)
        self.arrange()
        self.connect_all()
        self.restore()

    def arrange(self) -> None:
        """Series above, options below, both scroll; the run stays in sight."""
        options = QWidget()
        column = QVBoxLayout(options)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.options)
        column.addStretch()
        upper = QWidget()
        layout = QVBoxLayout(upper)
        layout.addWidget(self.heading(tr("Series")))
        layout.addWidget(self.series, 1)
        layout.addWidget(self.heading(tr("Result")))
        layout.addWidget(options)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(upper)
        let_scroll(upper)
        # a tab is as wide as those beside it, which need not be enough for this one in every language
        scroll.setMinimumWidth(upper.minimumSizeHint().width() + scroll.verticalScrollBar().sizeHint().width())
        body = QWidget()
        whole = QVBoxLayout(body)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll, 1)
        lower = QWidget()
        below = QVBoxLayout(lower)
        below.addWidget(self.bar)
        whole.addWidget(lower)
        self.setWidget(body)

    def heading(self, text: str) -> QLabel:
        """A title within the panel."""
        label = QLabel(text)
        font = label.font()
        font.setBold(True)
        label.setFont(font)
        return label

    def connect_all(self) -> None:
        """Wire the parts, and the project's comings and goings."""
        self.series.changed.connect(self.another_series)
        self.series.checked.connect(self.update_state)
        self.series.refused.connect(lambda text: self.messages.tell("warning", text))
        self.series.model.ticked_changed.connect(self.remember)
        self.options.changed.connect(self.remember)
        self.options.bands_changed.connect(self.series.set_bands)
        self.options.more.reading_changed.connect(self.series.set_reading)
        self.series.align_wanted.connect(lambda: self.options.more.align.setChecked(True))
        self.options.target_changed.connect(lambda kind: self.series.set_ticking(kind == TICKED))
        self.bar.run.clicked.connect(lambda: self.start(resume=False))
        self.bar.resume.clicked.connect(lambda: self.start(resume=True))
        self.bar.cancel.clicked.connect(self.cancel)
        self.bar.preview.clicked.connect(self.start_preview)
        self.controller.progress.connect(self.bar.show_progress)
        self.controller.step.connect(self.bar.say)
        self.controller.said.connect(self.hear)
        self.controller.ended.connect(self.finish)
        self.project.readProject.connect(self.restore)
        self.project.cleared.connect(self.project_closed)
        self.project.layersWillBeRemoved.connect(self.series.forget_layers)
        if self.canvas is not None:
            self.canvas.extentsChanged.connect(self.options.follow_canvas)

    def settings(self) -> DockSettings:
        """What the controls say."""
        settings = self.series.settings()
        self.options.keep(settings)
        settings.ticked = self.series.model.ticked_dates() if self.series.report else sorted(self.series.model.ticked)
        settings.unfinished = self.unfinished
        return settings

    def remember(self) -> None:
        """Keep the settings in the project."""
        save_settings(self.project, self.settings())
        self.update_state()

    def another_series(self) -> None:
        """The series changed: how the last run of the one before ended is said no longer."""
        if not self.controller.busy:
            self.bar.say("")
        self.remember()

    def restore(self, *_) -> None:
        """Show what the project remembers."""
        settings = load_settings(self.project)
        self.unfinished = settings.unfinished if can_resume(settings.unfinished) else ""
        self.options.restore(settings)
        self.series.model.set_ticked(settings.ticked)
        self.series.restore(settings)
        self.update_state()

    def project_closed(self) -> None:
        """The project went away: so does its run."""
        self.controller.abandon()
        self.preview.close_window()
        self.bar.say("")
        self.restore()

    def update_state(self) -> None:
        """Buttons, kind of output and estimate follow the settings."""
        settings = self.settings()
        self.options.expect(settings.several())
        self.options.more.follow(settings.mode)
        if self.series.report:
            self.options.suggest_day(self.series.report["dates"][-1]["date"])
        layer = self.grid_raster()
        if layer is not None:
            self.options.suggest_crs(layer.crs(), layer.extent())
        self.bar.predict(self.prediction(settings, layer))
        if not self.controller.busy:
            self.bar.show_idle(bool(self.series.items), can_resume(self.unfinished), self.series.hindrance())

    def grid_raster(self) -> ReadRaster | None:
        """A raster on the grid of the series, opened for it."""
        return grid_layer(self.series.report, [item.path for item in self.series.items])

    def extent_of(self, settings: DockSettings, layer: ReadRaster | None) -> Extent | None:
        """How much these settings ask for; None while the series is not known."""
        report = self.series.report
        if not report:
            return None
        width, height = report["grid"]["width"], report["grid"]["height"]
        area = read_extent(settings.extent) if settings.extent else None
        if area is not None and layer is not None and (area[1] == layer.crs() or not area[1].isValid()):
            box = area[0].intersect(layer.extent())
            width = max(0, min(width, round(box.width() / layer.rasterUnitsPerPixelX())))
            height = max(0, min(height, round(box.height() / layer.rasterUnitsPerPixelY())))
        return Extent(width, height, {EVERY: len(report["dates"]), TICKED: max(1, len(settings.ticked))}.get(settings.target, 1))

    def prediction(self, settings: DockSettings, layer: ReadRaster | None) -> str:
        """What is known of the result before the run; empty while nothing is."""
        extent = self.extent_of(settings, layer)
        if extent is None:
            return ""
        if not extent.pixels:
            return tr("The area lies outside the series: choose another, or clear it.")
        uncertain = settings.uncertainty or settings.mode == ENSEMBLE
        pace = seconds_per_pixel(self.pace, settings.product())
        return estimate_text(self.series.report, extent, uncertain, factor_of(settings.model), pace)

    def lacks_environment(self) -> bool:
        """Whether there is no Python to compute in yet: then it says so and opens the window that makes one."""
        missing = missing_environment()
        if missing:
            self.messages.tell("error", missing)
            open_environment_dialog(self.window(), self.environment_made)
        return bool(missing)

    def environment_made(self) -> None:
        """There is a Python to compute in now."""
        self.bar.say("")
        self.series.inspect()

    def start(self, resume: bool) -> None:
        """Run the algorithm in the background; with ``resume`` to where the stopped run was going."""
        if self.lacks_environment():
            return
        settings = self.settings()
        output = self.unfinished if resume and self.unfinished else output_path(settings)
        replaced = results_in(output, settings, self.series.report) if settings.several() and not resume else []
        if replaced and not may_replace(self, len(replaced), output):
            return
        try:
            self.controller.start(run_parameters(settings, output, self.project), project=self.project)
        except PluginError as error:
            self.messages.tell("error", str(error))
            return
        extent = self.extent_of(settings, self.grid_raster())
        self.running_to, self.running = output, (settings.product(), extent.pixels if extent else 0)
        self.bar.show_running()

    def start_preview(self) -> None:
        """Super-resolve the middle of the map and show it."""
        if self.lacks_environment():
            return
        layer = self.grid_raster()
        if layer is None:
            self.messages.tell("warning", tr("No raster of the series could be opened, so there is no preview."))
            return
        try:
            self.preview.start(self.settings(), layer, self.canvas)
        except PluginError as error:
            self.messages.tell("error", str(error))
            return
        self.running_to, self.running = "", (self.settings().product(), self.preview.pixels)
        self.bar.show_running()

    def cancel(self) -> None:
        """Stop the run."""
        self.controller.cancel()
        self.bar.cancel.setEnabled(False)
        self.bar.say(tr("Stopping ..."))

    def hear(self, level: str, text: str) -> None:
        """What the run says: all of it into the log, warnings to the message bar, the rest to the line under the progress."""
        self.bar.log.appendPlainText(text)
        if level == "warning":
            self.messages.tell(level, text)
        elif level == "info":
            self.bar.say(text)

    def finish(self, succeeded: bool, results: dict, error: str) -> None:
        """The run ended: say how, and keep what can be resumed."""
        previewed = not self.running_to
        product, pixels = self.running
        if succeeded and pixels and results.get("SECONDS"):
            self.pace[product] = results["SECONDS"] / pixels
        self.unfinished = self.unfinished if previewed else "" if succeeded or not can_resume(self.running_to) else self.running_to
        self.remember()
        if succeeded and previewed:
            self.bar.say("")
            problem = self.preview.show_result(results, self.series.report)
            if problem:
                self.messages.tell("warning", problem)
        elif succeeded:
            text = tr("Done in {seconds:.0f} s: {dates}.").format(
                seconds=results.get("SECONDS") or 0, dates=str(results.get("TARGET_DATES", "")).replace(",", ", ")
            )
            self.messages.tell("success", text)
        elif self.controller.cancelled:
            kept = tr("Cancelled. Finished tiles are kept: Resume goes on.") if self.unfinished and not previewed else tr("Cancelled.")
            self.messages.tell("info", kept)
        else:
            self.messages.tell("error", error or tr("The run failed and gave no reason: the log messages panel has more."))

    def close_down(self) -> None:
        """Let go of everything: no run, no signal, no window stays."""
        for signal, slot in (
            (self.project.readProject, self.restore),
            (self.project.cleared, self.project_closed),
            (self.project.layersWillBeRemoved, self.series.forget_layers),
        ):
            signal.disconnect(slot)
        if self.canvas is not None:
            self.canvas.extentsChanged.disconnect(self.options.follow_canvas)
        self.controller.close()
        self.series.close_runs()
        self.preview.close_window()
        remove_environment_dialog()
