"""Small SAFE products and folders of single bands, written with QGIS's own GDAL."""

import shutil
import zipfile

import numpy as np
from rasters import BANDS, read, write_raster, write_series

METADATA = """<?xml version="1.0"?><n1:Level-2A_User_Product><PRODUCT_START_TIME>{date}T10:50:31.024Z</PRODUCT_START_TIME>
<PROCESSING_BASELINE>03.01</PROCESSING_BASELINE><BOA_QUANTIFICATION_VALUE unit="none">10000</BOA_QUANTIFICATION_VALUE>
</n1:Level-2A_User_Product>"""


def write_products(folder, dates, tile="T31TDG", zipped=False):
    """One product a date, its bands GeoTIFFs where JPEG 2000 would be (both sides look at names, GDAL at contents). Returns the paths."""
    plain = folder / "as GeoTIFF"
    plain.mkdir(parents=True)
    numbers = [read(path)[0] for path in write_series(plain, dates)]
    shutil.rmtree(plain)
    return [write_product(folder, date, one, tile, zipped) for date, one in zip(dates, numbers, strict=True)]


def write_product(folder, date, numbers, tile, zipped):
    """One product of (4, h, w) numbers; beside its bands of 10 m others that are in the way."""
    day = f"{date.replace('-', '')}T105031"
    product = folder / f"S2A_MSIL2A_{day}_N0301_R051_{tile}_{day}.SAFE"
    granule = product / "GRANULE" / f"L2A_{tile}_A000001_{day}"
    for name in ("IMG_DATA/R10m", "IMG_DATA/R20m", "QI_DATA"):
        (granule / name).mkdir(parents=True)
    (product / "MTD_MSIL2A.xml").write_text(METADATA.format(date=date))
    coarse = numbers[:1, ::2, ::2]
    for number, band in enumerate(BANDS):
        write_raster(granule / "IMG_DATA" / "R10m" / f"{tile}_{day}_{band}_10m.jp2", numbers[number : number + 1])
    write_raster(granule / "IMG_DATA" / "R10m" / f"{tile}_{day}_AOT_10m.jp2", numbers[:1])
    write_raster(granule / "IMG_DATA" / "R20m" / f"{tile}_{day}_B02_20m.jp2", coarse, pixel=20.0)
    write_raster(granule / "IMG_DATA" / "R20m" / f"{tile}_{day}_SCL_20m.jp2", np.full_like(coarse, 4), pixel=20.0)
    write_raster(granule / "QI_DATA" / "MSK_DETFOO_B02.jp2", coarse, pixel=20.0, epsg=4326)
    if not zipped:
        return str(product)
    archive = folder / f"{product.name[:-5]}.zip"
    with zipfile.ZipFile(archive, "w") as made:
        for path in sorted(product.rglob("*")):
            made.write(path, path.relative_to(folder))
    shutil.rmtree(product)
    return str(archive)


def write_bands_by_date(folder, dates):
    """One folder a date, in it one file a band, called alike. Returns the folders."""
    folder.mkdir(parents=True, exist_ok=True)
    for path, date in zip(write_series(folder, dates), dates, strict=True):
        (folder / date).mkdir()
        for number, band in enumerate(BANDS):
            write_raster(folder / date / f"{band}.tif", read(path)[0][number : number + 1])
    for path in folder.glob("s2_*"):
        path.unlink()
    return [str(folder / date) for date in dates]


def contents(folder):
    """Path -> bytes of every file below a folder: what a run must leave as it is."""
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
