"""QGIS enums by their scoped name, in every QGIS from 3.22 to 4.

From 3.36 on, Processing's enums live in ``Qgis`` under new names; the old ones are gone or mere aliases there.
"""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProcessing,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
)

if hasattr(Qgis, "ProcessingParameterFlag"):
    FLAG_ADVANCED = Qgis.ProcessingParameterFlag.Advanced
else:
    FLAG_ADVANCED = QgsProcessingParameterDefinition.Flag.FlagAdvanced

if hasattr(Qgis, "ProcessingSourceType"):
    TYPE_RASTER = Qgis.ProcessingSourceType.Raster
else:
    TYPE_RASTER = QgsProcessing.SourceType.TypeRaster

if hasattr(Qgis, "ProcessingNumberParameterType"):
    NUMBER_INTEGER = Qgis.ProcessingNumberParameterType.Integer
    NUMBER_DOUBLE = Qgis.ProcessingNumberParameterType.Double
else:
    NUMBER_INTEGER = QgsProcessingParameterNumber.Type.Integer
    NUMBER_DOUBLE = QgsProcessingParameterNumber.Type.Double

if hasattr(Qgis, "ProcessingFileParameterBehavior"):
    FILE_FOLDER = Qgis.ProcessingFileParameterBehavior.Folder
    FILE_FILE = Qgis.ProcessingFileParameterBehavior.File
else:
    FILE_FOLDER = QgsProcessingParameterFile.Behavior.Folder
    FILE_FILE = QgsProcessingParameterFile.Behavior.File

FIXED_TEMPORAL_RANGE = Qgis.RasterTemporalMode.FixedTemporalRange
ALL_STYLE = QgsMapLayer.StyleCategory.AllStyleCategories
