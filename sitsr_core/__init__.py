"""sitsr: super-resolution of satellite image time series.

The package never imports QGIS or Qt. ``super_resolve(job)`` is the one entry point that the command line, the
worker process and Python scripts share.
"""

__version__ = "0.16.0"

__all__ = ["SitsrError", "SuperResolutionJob", "__version__", "super_resolve"]

from sitsr_core.errors import SitsrError
from sitsr_core.job import SuperResolutionJob


def super_resolve(job, progress=None, should_stop=None):
    """Run one job. See :func:`sitsr_core.inference.engine.super_resolve`."""
    from sitsr_core.inference.engine import super_resolve as run

    return run(job, progress=progress, should_stop=should_stop)
