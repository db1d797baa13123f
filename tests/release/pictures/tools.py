"""The algorithms: their dialogs and reports."""

from pathlib import Path

from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtWidgets import QTextBrowser, QWidget

from .stage import HOME, Stage, picture


@picture
def try_it_dialog(stage: Stage) -> QWidget:
    stage.clear()
    return stage.dialog("sitsr:tryit")


@picture
def try_it_result(stage: Stage) -> QWidget:
    stage.clear()
    dialog = stage.dialog("sitsr:tryit")
    stage.press_run(dialog)
    dialog.close()
    stage.iface.messageBar().clearWidgets()
    stage.zoom_to(next(iter(stage.project.mapLayersByName("Sample 2021-01-07"))))
    stage.result_beside("Sample of 40 m", "Sample 2021-01-07")
    return stage.window


@picture
def algorithm(stage: Stage) -> QWidget:
    stage.clear()
    layers = stage.load_sample()
    dialog = stage.dialog("sitsr:superresolvetimeseries", INPUT=[layer.id() for layer in layers])
    dialog.resize(900, 720)
    return dialog


@picture
def algorithm_log(stage: Stage) -> QWidget:
    stage.clear()
    layers = stage.load_sample()
    dialog = stage.dialog("sitsr:superresolvetimeseries", INPUT=[layer.id() for layer in layers], TARGET="2021-01-07")
    dialog.resize(900, 620)
    stage.press_run(dialog)
    return dialog


@picture
def inspect_report(stage: Stage) -> QWidget:
    stage.clear()
    report = stage.run("sitsr:inspectseries", FOLDER=str(stage.sample()), OUTPUT=str(HOME / "inspect.html"))
    return page(stage, Path(report["OUTPUT"]), 1120, 1540)


@picture
def evaluate_report(stage: Stage) -> QWidget:
    stage.clear()
    series = stage.sample()
    result = stage.run(
        "sitsr:evaluate",
        INPUT=str(HOME / "sample.tif"),
        REFERENCE=str(next(series.parent.glob("*.tif"))),
        COARSE=str(next(series.glob("*2021-01-07.tif"))),
        OUTPUT=str(HOME / "evaluate.html"),
    )
    return page(stage, Path(result["OUTPUT"]), 760, 680)


@picture
def simulate(stage: Stage) -> QWidget:
    stage.clear()
    dialog = stage.dialog("sitsr:simulateseries")
    dialog.resize(860, 640)
    return dialog


def page(stage: Stage, path: Path, width: int, height: int) -> QWidget:
    """A report as a browser shows it."""
    loaded: list[bool] = []
    try:
        from qgis.PyQt.QtWebKitWidgets import QWebView

        view = QWebView()
        view.loadFinished.connect(loaded.append)
        view.setUrl(QUrl.fromLocalFile(str(path)))
    except ImportError:
        view = QTextBrowser()
        view.setHtml(path.read_text(encoding="utf-8"))
        loaded.append(True)
    view.resize(width, height)
    stage.keep(view)
    stage.until(lambda: bool(loaded))
    stage.wait(0.5)
    return view
