"""The QGIS side: standard library, ``qgis`` and ``qgis.PyQt`` only. The computing is done by a worker process."""

from __future__ import annotations
