"""Small rasters written with QGIS's own GDAL."""

import zipfile
from pathlib import Path

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
BANDS = ("B02", "B03", "B04", "B08")
DATES = ("2021-04-03", "2021-04-18", "2021-05-08", "2021-06-02")
WIDTH, HEIGHT = 40, 32


def write_series(folder, dates=DATES, width=WIDTH, height=HEIGHT):
    """One GeoTIFF a date: fields and roads, seen with a sub-pixel shift and a little noise. Returns the paths."""
    paths = []
    fine = fine_scene(width, height)
    for number, date in enumerate(dates):
        shifted = np.roll(fine, (number % 3, (2 * number) % 4), axis=(1, 2))
        coarse = shifted.reshape(len(BANDS), height, 4, width, 4).mean(axis=(2, 4))
        noise = np.random.default_rng(number).normal(0, 15, coarse.shape)
        path = str(folder / f"s2_{date}.tif")
        write_raster(path, np.clip(coarse + noise, 1, 9000).astype("uint16"), descriptions=BANDS)
        paths.append(path)
    return paths


def fine_scene(width, height):
    """(C, 4h, 4w) DN: random fields with a few bright roads."""
    rng = np.random.default_rng(7)
    fields = rng.uniform(300, 1500, (len(BANDS), height // 4, width // 4))
    fine = np.kron(fields, np.ones((1, 16, 16)))
    fine[3] += 1500
    fine[:, 20:23, :] = 2200
    fine[:, :, 50:53] = 2000
    return fine


def write_raster(path, array, descriptions=(), nodata=None, origin=(430000.0, 4650000.0), pixel=10.0, epsg=32631):
    """A GeoTIFF from a (C, h, w) array."""
    kind = {"uint16": gdal.GDT_UInt16, "float32": gdal.GDT_Float32, "uint8": gdal.GDT_Byte}[array.dtype.name]
    bands, height, width = array.shape
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), width, height, bands, kind)
    dataset.SetGeoTransform((origin[0], pixel, 0, origin[1], 0, -pixel))
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(epsg)
    dataset.SetProjection(reference.ExportToWkt())
    for number in range(bands):
        band = dataset.GetRasterBand(number + 1)
        band.WriteArray(array[number])
        if descriptions:
            band.SetDescription(descriptions[number])
        if nodata is not None:
            band.SetNoDataValue(nodata)
    dataset.FlushCache()


def pack(archive, paths):
    """Put files into a zip archive. Returns the texts by which GDAL opens them there."""
    with zipfile.ZipFile(archive, "w") as file:
        for path in paths:
            file.write(path, Path(path).name)
    return [f"/vsizip/{archive}/{Path(path).name}" for path in paths]


def read(path):
    """(array (C, h, w), geotransform, projection)."""
    dataset = gdal.Open(str(path))
    array = dataset.ReadAsArray()
    return (array if array.ndim == 3 else array[None]), dataset.GetGeoTransform(), dataset.GetProjection()


def shown_pixels(layer):
    """The stored numbers of a layer's first band as QGIS shows them."""
    block = layer.dataProvider().block(1, layer.extent(), layer.width(), layer.height())
    # copied while the block, whose memory it is, lives
    return bytes(block.data())
