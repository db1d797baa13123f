"""What the pictures of the guide show: runs inside QGIS."""
