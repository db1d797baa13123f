"""Several rasters of one place on different dates in, one finer image out."""

from __future__ import annotations

from qgis.core import (
    QgsMapLayer,
    QgsProcessing,
    QgsProcessingException,
    QgsProcessingOutputMultipleLayers,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingUtils,
    QgsRasterLayer,
)

from ..core import PluginError, tr
from ..core.layers import flatten, is_several, layers_below, parse_targets
from ..core.metadata import write_metadata
from ..core.models import resolve_model
from ..core.places import move_file, with_written
from ..core.series_grid import first_raster
from ..core.style import shared_stretch, stretch_on_screen
from ..core.temporal import load_with_date, show_again, write_styles
from . import parameters as shared
from . import run_parameters as run
from .base import SeriesAlgorithm
from .run_parameters import CLEAR_COUNT_OUTPUT, EXTENT, FORMATS, MODES, OUTPUT, OUTPUT_FOLDER, PRECISIONS, UNCERTAINTY_OUTPUT

PATHS = "PATHS"
TARGET_DATES = "TARGET_DATES"
DATES_USED = "DATES_USED"
CONSISTENCY = "CONSISTENCY"
SECONDS = "SECONDS"
KIND_OUTPUTS = {"image": OUTPUT, "uncertainty": UNCERTAINTY_OUTPUT, "clear_count": CLEAR_COUNT_OUTPUT}


class SuperResolveTimeSeries(SeriesAlgorithm):
    """``sitsr:superresolvetimeseries``."""

    written_last = (UNCERTAINTY_OUTPUT, CLEAR_COUNT_OUTPUT)
    guide_page = "running"

    def name(self):
        return "superresolvetimeseries"

    def displayName(self):
        return tr("Super-resolve time series")

    def tags(self):
        return tr(
            "super-resolution,sentinel-2,satellite,temporal,multi-image,diffusion,deep learning,pansharpen,upscale,enhance,uncertainty"
        ).split(",")

    def shortDescription(self):
        return tr("Makes one finer image from several images of the same place.")

    def shortHelpString(self):
        return tr(
            "Makes a finer image from several images of the same place on different dates: four times finer (10 m becomes 2.5 m) with the "
            "models that come with sitsr, and with another one by the factor on its card. "
            "Bands: Sentinel-2 B02, B03, B04 and B08, or red, green and blue only. The result keeps the extent, CRS, data type, "
            "scale and no-data of the input.\n"
            "Faithful gives the expected image, the best for measurements. Detailed draws one plausible image with sharper "
            "texture. Detailed with uncertainty draws several and gives their mean and the error that is to be expected of it.\n"
            "Cloudy dates are recognised and left out. Every result is pulled back to the observed pixels; CONSISTENCY is the "
            "mean difference in reflectance that remains when the result is brought back to the input's pixels.\n"
            "Leave the target date empty for the latest usable one. A single date is written to OUTPUT; several dates, or all, to "
            "OUTPUT_FOLDER, one file a date (OUTPUT is then the latest of them). The job beside each output repeats the run.\n"
            "Detail finer than the input's pixels is estimated by a model, not observed."
        )

    def initAlgorithm(self, configuration=None):
        for definition in (
            *shared.series_definitions(),
            *run.main_definitions(),
            *shared.advanced_definitions(),
            *run.rare_definitions(),
            *run.destinations(),
        ):
            self.addParameter(definition)
        for output in (
            QgsProcessingOutputMultipleLayers(PATHS, tr("All files written")),
            QgsProcessingOutputString(TARGET_DATES, tr("Dates of the results")),
            QgsProcessingOutputString(DATES_USED, tr("Dates used")),
            QgsProcessingOutputNumber(CONSISTENCY, tr("Mean difference to the observed pixels (reflectance)")),
            QgsProcessingOutputNumber(SECONDS, tr("Seconds of computing")),
        ):
            self.addOutput(output)

    def describe(self, parameters, context):
        job = super().describe(parameters, context)
        targets = parse_targets(self.parameterAsString(parameters, run.TARGET, context))
        several = is_several(targets)
        if several and not shared.is_asked(parameters.get(OUTPUT_FOLDER)):
            raise PluginError(
                tr("Several target dates were asked but no folder to write them to."), tr("Set 'Folder for several dates' (OUTPUT_FOLDER).")
            )
        if not several and not shared.is_asked(parameters.get(OUTPUT)):
            raise PluginError(tr("No output file was given."), tr("Set 'Super-resolved image' (OUTPUT)."))
        number, choice = self.parameterAsInt, self.parameterAsEnum
        return {
            **job,
            "target_dates": targets,
            "mode": MODES[choice(parameters, run.MODE, context)],
            **self.bounds(parameters, context, job),
            "model": resolve_model(self.parameterAsString(parameters, run.MODEL, context)),
            "steps": number(parameters, run.STEPS, context),
            "members": number(parameters, run.MEMBERS, context),
            "orientations": run.ORIENTATION_COUNTS[choice(parameters, run.ORIENTATIONS, context)],
            "seed": number(parameters, run.SEED, context),
            "max_dates": number(parameters, run.MAX_DATES, context),
            "back_projection": number(parameters, run.BACK_PROJECTION, context),
            "tile": number(parameters, run.TILE, context),
            "device": self.parameterAsString(parameters, run.DEVICE, context).strip() or "auto",
            "precision": PRECISIONS[choice(parameters, run.PRECISION, context)],
            "output_format": FORMATS[choice(parameters, run.FORMAT, context)],
            "uncertainty": shared.is_asked(parameters.get(UNCERTAINTY_OUTPUT)),
            "clear_count": shared.is_asked(parameters.get(CLEAR_COUNT_OUTPUT)),
            "overwrite": True,
        }

    def late_places(self, job, parameters, context):
        # of several dates, all files go to OUTPUT_FOLDER
        return [] if is_several(job["target_dates"]) else super().late_places(job, parameters, context)

    def bounds(self, parameters, context, job: dict) -> dict:
        """The extent as (xmin, ymin, xmax, ymax) in the first raster's CRS, and that; the series may be warped to another."""
        if parameters.get(EXTENT) in (None, ""):
            return {"bounds": None}
        layer = first_raster(job["inputs"], job["dates"])
        if layer is None:
            raise PluginError(tr("No raster in '{path}' could be opened to place the extent.").format(path=job["inputs"][0]))
        box = self.parameterAsExtent(parameters, EXTENT, context, layer.crs())
        if box.isNull():
            return {"bounds": None}
        if box.isEmpty():
            raise PluginError(tr("The extent has no area."), tr("Draw or type a rectangle."))
        corners = [box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()]
        return {"bounds": corners, "bounds_crs": layer.crs().authid() or layer.crs().toWkt()}

    def prepareAlgorithm(self, parameters, context, feedback):
        prepared = super().prepareAlgorithm(parameters, context, feedback)
        # layers belong to the main thread; band roles given by hand may be others than those on screen
        stretches = [] if self.job["bands"] else [stretch_on_screen(layer) for layer in self.styled_inputs(parameters, context)]
        stretches = [stretch for stretch in stretches if stretch is not None]
        self.seen = shared_stretch(stretches) if stretches else None
        return prepared

    def styled_inputs(self, parameters, context) -> list:
        """The input's raster layers that are in the project, of a folder those that lie in it: only they have a style of the user's."""
        if not shared.items_given(parameters, context):
            return layers_below(self.job["inputs"][0], context.project())
        entries = flatten(parameters.get(shared.INPUT), context)
        found = [
            one if isinstance(one, QgsMapLayer) else QgsProcessingUtils.mapLayerFromString(str(one), context, False) for one in entries
        ]
        return [layer for layer in found if isinstance(layer, QgsRasterLayer)]

    def processAlgorithm(self, parameters, context, feedback):
        several = is_several(self.job["target_dates"])
        if several:
            target = self.parameterAsString(parameters, OUTPUT_FOLDER, context)
            if target == QgsProcessing.TEMPORARY_OUTPUT:
                target = QgsProcessingUtils.generateTempFilename("super_resolved")
        else:
            target = self.geotiff(parameters, OUTPUT, context)
        result = self.compute({**self.job, "output": target}, feedback, "super_resolve")
        outputs, failed = result.get("outputs", []), None
        if not several:
            outputs, failed = self.place(outputs, parameters, context)
        # where dates are stored differently, a stretch of stored numbers is none of all
        alike = len({(date["scale"], date["offset"]) for date in result.get("series", [])}) <= 1
        write_styles(outputs, self.seen if alike else None)
        for output in outputs:
            write_metadata(output, self.job, result)
        if failed is not None:
            show_again(context.project(), outputs)
            raise QgsProcessingException(with_written(failed, [output["path"] for output in outputs]))
        self.written = tuple(outputs)
        self.load(outputs, several, parameters, context)
        return self.summary(result, outputs, feedback)

    def place(self, outputs: list, parameters, context) -> tuple:
        """Move what the worker wrote beside the image to where the user wants it.

        Returns:
            The records with their places, and the PluginError of the first that stays beside the image; None when none does.
        """
        placed, failed = [], None
        for output in outputs:
            name = KIND_OUTPUTS.get(output["kind"])
            path = output["path"]
            if name != OUTPUT and shared.is_asked(parameters.get(name)):
                wanted = self.parameterAsOutputLayer(parameters, name, context)
                try:
                    move_file(path, wanted)
                    path = wanted
                except PluginError as error:
                    failed = failed or error
            placed.append({**output, "path": path})
        return placed, failed

    def load(self, outputs: list, several: bool, parameters, context) -> None:
        """Give every result that QGIS will load its date, stretch and group; several dates load when OUTPUT would have."""
        project = shared.destination_project(parameters.get(OUTPUT))
        latest_first = sorted(outputs, key=lambda output: output["date"], reverse=True)
        images_first = sorted(latest_first, key=lambda output: list(KIND_OUTPUTS).index(output["kind"]))
        for rank, output in enumerate(images_first):
            beside = several or output["kind"] == "uncertainty"
            load_with_date(context, output, KIND_OUTPUTS[output["kind"]], project if beside else None, rank)

    def summary(self, result: dict, outputs: list, feedback) -> dict:
        """The declared outputs, and a few lines for the log."""
        consistency = [value for bands in result.get("consistency", {}).values() for value in bands.values() if value is not None]
        used = sorted({date for dates in result.get("dates_used", {}).values() for date in dates})
        images = sorted((output["date"], output["path"]) for output in outputs if output["kind"] == "image")
        answer = {
            PATHS: [output["path"] for output in outputs],
            TARGET_DATES: ",".join(result.get("target_dates", [])),
            DATES_USED: ",".join(used),
            SECONDS: result.get("seconds"),
        }
        if images:
            answer[OUTPUT] = images[-1][1]
        for kind in ("uncertainty", "clear_count"):
            paths = [output["path"] for output in outputs if output["kind"] == kind]
            if paths:
                answer[KIND_OUTPUTS[kind]] = paths[-1]
        if consistency:
            answer[CONSISTENCY] = sum(consistency) / len(consistency)
            feedback.pushInfo(tr("Mean difference to the observed pixels: {value:.5f} reflectance.").format(value=answer[CONSISTENCY]))
        feedback.pushInfo(tr("Dates used: {dates}.").format(dates=", ".join(used)))
        return answer
