"""QGIS loads this folder as a plugin; everything else lives in ``sitsr_plugin`` and ``sitsr_core``."""


def classFactory(iface):
    """What QGIS calls to make the plugin."""
    from .sitsr_plugin.plugin import SitsrPlugin

    return SitsrPlugin(iface)
