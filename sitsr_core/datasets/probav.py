"""PROBA-V super-resolution (Martens et al. 2019; ESA's Kelvins competition): 9 to 35 images at 300 m and one at 100 m of a scene, x3.

    {train,test}/{RED,NIR}/imgsetNNNN/  LR000.png ..  128 x 128, 14 bits in uint16     QM000.png ..  not 0 is clear
                                        HR.png        384 x 384                        SM.png        not 0 counts
    norm.csv                            scene and the cPSNR of the baseline, in train/ or beside it

A scene has one band, shown as Sentinel-2's nearest (red B04, near infrared B08), and no dates: all days are 0. Both resolutions are of one
satellite, so nothing is matched; the fine image is only registered to within ``metrics.SHIFT_TOLERANCE`` pixels, as the competition's
measure allows for. The fine images of test/ were never published: of train/, every scene whose number ends in 0 is taken for the tests,
in 5 for validation, which is this project's choice.
"""

import re
from functools import partial
from pathlib import Path

import numpy as np

from sitsr_core.datasets.pairs import DatasetCard, Entry, Pair
from sitsr_core.datasets.reading import read_image, require
from sitsr_core.errors import InputError

CARD = DatasetCard(
    name="probav",
    title="PROBA-V super-resolution (Martens, Izzo, Krzic and Cox 2019)",
    factor=3,
    matched=False,
    licence="ESA and VITO; see the page of the dataset.",
    citation="M. Märtens, D. Izzo, A. Krzic, D. Cox: Super-Resolution of PROBA-V Images Using Convolutional Neural Networks. "
    "Astrodynamics 3, 2019.",
    source="https://kelvins.esa.int/proba-v-super-resolution/data/",
)
BANDS = {"RED": "B04", "NIR": "B08"}
SIDE, FINE_SIDE = 128, 384
WHITE = 16383.0  # 14 bits
PIXEL = 300.0
PARTS = {0: "test", 5: "validation"}  # by the last digit of the scene's number


def entries(root: Path) -> list[Entry]:
    """The scenes of train/, red ones first. Raises InputError when there is none."""
    found = []
    for band in BANDS:
        for folder in sorted((root / "train" / band).glob("imgset*")):
            number = re.fullmatch(r"imgset(\d+)", folder.name)
            require(number is not None, folder, "is not named imgsetNNNN")
            part = PARTS.get(int(number[1]) % 10, "train")  # type: ignore[index]
            found.append(Entry(f"{band}/{folder.name}", part, partial(_load, folder, band)))
    if not found:
        raise InputError(f"'{root}' has no scene of PROBA-V.", "Give the folder that holds train/RED/imgset0000 and so on.")
    return found


def _load(folder: Path, band: str) -> list[Pair]:
    images, masks = [], []
    paths = sorted(folder.glob("LR*.png"))
    require(bool(paths), folder, "has no image LR000.png")
    for path in paths:
        images.append(_read(path, SIDE) / WHITE)
        masks.append(_read(path.with_name(path.name.replace("LR", "QM")), SIDE) > 0)
    fine, counted = _read(folder / "HR.png", FINE_SIDE) / WHITE, _read(folder / "SM.png", FINE_SIDE) > 0
    series, clear = np.stack(images)[:, None].astype(np.float32), np.stack(masks)
    return [
        Pair(
            name=f"{band}/{folder.name}",
            bands=(BANDS[band],),
            series=series * clear[:, None],
            days=np.zeros(len(series), np.float32),
            clear=clear,
            reference=np.where(counted, fine, 0).astype(np.float32)[None],
            reference_day=0,
            valid=counted,
            pixel_size=PIXEL,
        )
    ]


def _read(path: Path, side: int) -> np.ndarray:
    """(side, side) as float32."""
    image = read_image(path, 1)[0][0]
    require(image.shape == (side, side), path, f"has {image.shape[0]} x {image.shape[1]} pixels instead of {side} x {side}")
    return image.astype(np.float32)


def baseline_scores(root: Path) -> dict[str, float]:
    """ "BAND/imgsetNNNN" -> cPSNR of the competition's baseline, from norm.csv (``metrics.normalised_score``). Raises InputError."""
    path = next((one for one in (root / "norm.csv", root / "train" / "norm.csv") if one.is_file()), root / "norm.csv")
    try:
        lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        scores = {name: float(value) for name, value in lines}
    except (OSError, ValueError) as error:
        raise InputError(
            f"The table '{path}' cannot be read.", "Fetch it again; a line holds a scene and a number.", repr(error)
        ) from error
    names = {entry.name.partition("/")[2]: entry.name for entry in entries(root)}
    missing = next((scene for scene in names if scene not in scores), None)
    if missing:
        raise InputError(f"The table '{path}' has no line for '{missing}'.", "Fetch it again.")
    return {name: scores[scene] for scene, name in names.items()}
