"""What sitsr sees in a series before anything is computed: dates, clouds, radiometry, shifts, grid."""

from __future__ import annotations

import json

from qgis.core import (
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFileDestination,
)

from ..core import tr
from . import parameters as shared
from .base import SeriesAlgorithm
from .parameters import with_help
from .report import html_report

OUTPUT = "OUTPUT"
OUTPUT_JSON = "OUTPUT_JSON"
DATE_COUNT = "DATE_COUNT"
FIRST_DATE = "FIRST_DATE"
LAST_DATE = "LAST_DATE"
CLEAR_PERCENT = "CLEAR_PERCENT"
WARNING_COUNT = "WARNING_COUNT"


class InspectSeries(SeriesAlgorithm):
    """``sitsr:inspectseries``."""

    written_last = (OUTPUT, OUTPUT_JSON)
    guide_page = "series"

    def name(self):
        return "inspectseries"

    def displayName(self):
        return tr("Inspect series")

    def tags(self):
        return tr("dates,clouds,sentinel-2,time series,super-resolution,check,preflight,report").split(",")

    def shortDescription(self):
        return tr("Reports the dates, clouds, radiometry, shifts and grid of a series.")

    def shortHelpString(self):
        return tr(
            "Reads a series the way Super-resolve time series does and reports, for each date: where the date came from, how much "
            "of it is clear, the scale and offset to reflectance and how they were found, and its sub-pixel shift. It warns "
            "about what would spoil a result. The report is a page with a small picture of each date, in which what was taken for "
            "cloud is marked; for these pictures the whole of each image is read, where it has no overviews."
        )

    def initAlgorithm(self, configuration=None):
        for definition in (*shared.series_definitions(), *shared.advanced_definitions()):
            self.addParameter(definition)
        self.addParameter(
            with_help(
                QgsProcessingParameterFileDestination(OUTPUT, tr("Report"), tr("HTML files (*.html)"), None, True),
                tr("The report as a page with a small picture of each date; it opens in the results viewer."),
            )
        )
        self.addParameter(
            with_help(
                QgsProcessingParameterFileDestination(OUTPUT_JSON, tr("Report for programs"), tr("JSON files (*.json)"), None, True, False),
                tr("The same report as JSON."),
            )
        )
        for output in (
            QgsProcessingOutputNumber(DATE_COUNT, tr("Number of dates")),
            QgsProcessingOutputString(FIRST_DATE, tr("First date")),
            QgsProcessingOutputString(LAST_DATE, tr("Last date")),
            QgsProcessingOutputNumber(CLEAR_PERCENT, tr("Mean clear share (%)")),
            QgsProcessingOutputNumber(WARNING_COUNT, tr("Number of warnings")),
        ):
            self.addOutput(output)

    def processAlgorithm(self, parameters, context, feedback):
        asked = bool(self.parameterAsFileOutput(parameters, OUTPUT, context))
        report = self.compute({**self.job, "output": "", "quicklooks": asked}, feedback, "inspect")
        page = html_report(report)
        for date in report.get("dates", []):
            date.pop("quicklook", None)  # for the page alone
        answer = self.write_texts({OUTPUT: page, OUTPUT_JSON: json.dumps(report, indent=2)}, parameters, context)
        dates = report.get("dates", [])
        for date in dates:
            feedback.pushInfo(f"{date['date']}  {date['clear_percent']:5.1f} %  {date['name']}  ({date['date_source']})")
        for warning in report.get("warnings", []):
            feedback.pushWarning(warning)
        days = sorted(date["date"] for date in dates)
        answer[DATE_COUNT] = len(dates)
        answer[WARNING_COUNT] = len(report.get("warnings", []))
        if days:
            answer.update(
                {FIRST_DATE: days[0], LAST_DATE: days[-1], CLEAR_PERCENT: sum(date["clear_percent"] for date in dates) / len(dates)}
            )
        return answer
