"""The provider and what its algorithms declare."""

from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsProcessingAlgorithm, QgsProcessingParameterDefinition

ROOT = Path(__file__).resolve().parents[2]
SERIES = ("sitsr:superresolvetimeseries", "sitsr:inspectseries")
IDS = (*SERIES, "sitsr:tryit", "sitsr:simulateseries", "sitsr:evaluate", "sitsr:finetune")


def registry():
    return QgsApplication.processingRegistry()


def test_the_algorithms_are_registered(plugin):
    provider = registry().providerById("sitsr")
    assert provider is plugin.provider
    assert sorted(algorithm.id() for algorithm in provider.algorithms()) == sorted(IDS)
    assert not provider.icon().isNull()


@pytest.mark.parametrize("identifier", IDS)
def test_an_algorithm_says_what_it_is(plugin, identifier):
    algorithm = registry().createAlgorithmById(identifier)
    assert algorithm.displayName() and algorithm.group() and algorithm.groupId() and algorithm.shortDescription()
    assert len(algorithm.shortHelpString()) > 200
    address = algorithm.helpUrl()
    assert address.startswith("https://") and (ROOT / "docs" / address.rpartition("/")[2]).is_file()
    assert "sentinel-2" in algorithm.tags()
    assert not algorithm.icon().isNull()
    assert not algorithm.flags() & QgsProcessingAlgorithm.Flag.FlagNoThreading
    assert type(algorithm.createInstance()) is type(algorithm)


@pytest.mark.parametrize("identifier", IDS)
def test_every_parameter_has_help_and_rare_ones_are_advanced(plugin, identifier):
    algorithm = registry().createAlgorithmById(identifier)
    shown = [p.name() for p in algorithm.parameterDefinitions() if not p.flags() & QgsProcessingParameterDefinition.Flag.FlagAdvanced]
    for parameter in algorithm.parameterDefinitions():
        assert len(parameter.help()) > 15 and parameter.help() != parameter.description(), parameter.name()
    assert len(shown) <= 10
    assert "OUTPUT" in shown and ("INPUT" in shown or identifier not in SERIES)


def test_all_results_are_declared(plugin):
    algorithm = registry().createAlgorithmById(IDS[0])
    assert {output.name() for output in algorithm.outputDefinitions()} == {
        *("OUTPUT", "UNCERTAINTY_OUTPUT", "CLEAR_COUNT_OUTPUT", "OUTPUT_FOLDER"),
        *("PATHS", "TARGET_DATES", "DATES_USED", "CONSISTENCY", "SECONDS"),
    }


def test_results_are_geotiffs_whatever_the_user_prefers(plugin):
    algorithm = registry().createAlgorithmById(IDS[0])
    destination = algorithm.parameterDefinition("OUTPUT")
    assert destination.defaultFileExtension() == "tif"
    assert destination.supportedOutputRasterLayerExtensions() == ["tif", "tiff"]


def test_processing_starts_without_a_window(sitsr, plugin):
    plugin.unload()
    headless = sitsr.classFactory(None)
    headless.initProcessing()
    assert registry().algorithmById(IDS[0]) is not None
    headless.unload()
    assert registry().providerById("sitsr") is None
    plugin.initGui()


def test_loading_and_unloading_leaves_nothing(sitsr, plugin, iface):
    plugin.unload()
    before = trace(iface)
    for _ in range(5):
        other = sitsr.classFactory(iface)
        other.initGui()
        assert trace(iface) != before
        other.unload()
        assert trace(iface) == before
    plugin.initGui()


def trace(iface):
    """What a plugin may leave behind."""
    return (
        [action.text() for action in iface.toolbar.actions()],
        [action.text() for action in iface.raster_menu.actions()],
        sorted(provider.id() for provider in registry().providers()),
    )
