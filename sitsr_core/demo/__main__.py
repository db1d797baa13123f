"""Simulate a series, super-resolve it through QGIS, judge it against the truth, then super-resolve the real scene itself."""

import argparse
import json
import sys
import time
from pathlib import Path

from sitsr_core.demo.picture import compose, crop
from sitsr_core.demo.qgis import open_qgis
from sitsr_core.demo.report import bicubic, candidates, figures, table
from sitsr_core.demo.scene import read_raster, read_scene, write_raster
from sitsr_core.demo.simulate import DATES, TARGET, prepare
from sitsr_core.script import exit_code

DETAIL = (75, 40, 96, 128)  # row, column, height, width of the picture's part of the 10 m truth
SCENE_DETAIL = (48, 40, 45, 60)  # the same of the real scene's own pixels
SCENE_DATE = "2020-01-01"  # the file of the real scene does not say its date; one image alone needs none but a name


def run(profile: Path, output: Path) -> dict:
    """The whole demo; prints as it goes and returns its figures."""
    started = time.monotonic()
    output.mkdir(parents=True, exist_ok=True)
    qgis = open_qgis(profile, output / "qgis_process.log")

    scene = read_scene()
    sample = prepare(scene, output)
    print(f"A series of {len(DATES)} dates at 40 m, simulated from a real Sentinel-2 scene: {sample.folder}", flush=True)

    one, every = output / "one_date_10m.tif", output / "all_dates_10m.tif"
    print(f"qgis_process: {TARGET} to 10 m from that date alone ...", flush=True)
    qgis.super_resolve(one, INPUT=sample.target.resolve(), TARGET=TARGET)
    print(f"qgis_process: {TARGET} to 10 m from all dates ...", flush=True)
    said = qgis.super_resolve(every, FOLDER=sample.folder.resolve(), TARGET=TARGET)
    print(f"Dates used: {said.get('DATES_USED', '?')}", flush=True)

    images = candidates(sample, one, every)
    rows = {name: figures(image, sample, scene.bands) for name, image in images.items()}
    print(f"\nAgainst the real 10 m scene (border of 8 pixels left out):\n{table(rows)}\n", flush=True)

    print("qgis_process: the real scene itself to 2.5 m ...", flush=True)
    coarse = write_raster(output / f"scene_10m_{SCENE_DATE}.tif", scene.reflectance, scene.transform, scene.bands, scene.crs)
    fine = output / "scene_2.5m.tif"
    qgis.super_resolve(fine, INPUT=coarse.resolve(), TARGET=SCENE_DATE)

    shown = [("bicubic", "40 m to 10 m: bicubic"), ("all_dates", "sitsr, all dates"), ("truth", "truth (10 m)")]
    pictures = {**images, "truth": sample.truth}
    four = [4 * edge for edge in SCENE_DETAIL]
    part = crop(scene.reflectance, *SCENE_DETAIL)
    picture = compose(
        [
            ([(label, crop(pictures[name], *DETAIL)) for name, label in shown], crop(sample.truth, *DETAIL)),
            (
                [
                    ("the scene itself (10 m)", part),
                    ("10 m to 2.5 m: bicubic", crop(bicubic(scene.reflectance), *four)),
                    ("sitsr, one date (2.5 m)", crop(read_raster(fine), *four)),
                ],
                part,
            ),
        ],
        output / "before_after.png",
    )
    print(f"GeoTIFFs in {output}, the picture is {picture}")
    return {
        "psnr": {name: round(row["psnr"], 3) for name, row in rows.items()},
        "consistency": round(rows["all_dates"]["consistency"], 6),
        "seconds": round(time.monotonic() - started, 1),
    }


def main() -> int:
    """``python -m sitsr_core.demo``: ends with one line of JSON."""
    parser = argparse.ArgumentParser(prog="python -m sitsr_core.demo", description=__doc__)
    parser.add_argument("--profile", type=Path, required=True, help="folder for a QGIS profile of the demo's own")
    parser.add_argument("--output", type=Path, required=True, help="folder for the results")
    options = parser.parse_args()
    return exit_code(lambda: print(json.dumps({"demo": run(options.profile, options.output)})))


if __name__ == "__main__":
    sys.exit(main())
