"""A sample series with a known truth, run through real QGIS and judged: ``make demo``."""
