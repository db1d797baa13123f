"""The interface in French, compiled and loaded by real Qt."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsSettings

ROOT = Path(__file__).resolve().parents[2]
LRELEASE = next((path for version in (5, 6) if os.path.exists(path := f"/usr/lib/qt{version}/bin/lrelease")), None) or shutil.which(
    "lrelease"
)


@pytest.fixture
def translation(sitsr, tmp_path, monkeypatch):
    """The module that loads translations, with freshly compiled ones."""
    from sitsr.sitsr_plugin.core import translation

    source = ROOT / "resources" / "i18n" / "sitsr_fr.ts"
    done = subprocess.run([LRELEASE, str(source), "-qm", str(tmp_path / "sitsr_fr.qm")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    monkeypatch.setattr(translation, "translation_file", lambda locale, find=translation.translation_file: find(locale, tmp_path))
    return translation


@pytest.fixture
def language():
    """Choose QGIS's language as its options do."""

    def choose(name):
        QgsSettings().setValue("locale/userLocale", name)
        QgsSettings().setValue("locale/overrideFlag", True)

    yield choose
    for key in ("locale/userLocale", "locale/overrideFlag"):
        QgsSettings().remove(key)


@pytest.mark.skipif(not LRELEASE, reason="Qt's lrelease is not on this machine (Debian: qttools5-dev-tools)")
def test_a_french_qgis_shows_the_plugin_in_french(translation, language, sitsr, iface, plugin):
    from sitsr.sitsr_plugin.core import tr

    plugin.unload()
    language("fr_FR")
    french = sitsr.classFactory(iface)
    french.initGui()
    try:
        assert french.action.text() == "Super-résoudre une série temporelle"
        algorithm = QgsApplication.processingRegistry().algorithmById("sitsr:superresolvetimeseries")
        assert algorithm.displayName() == "Super-résoudre une série temporelle"
        assert algorithm.group() == "Série temporelle"
        assert algorithm.parameterDefinition("MODE").options()[0] == "Fidèle (moyenne)"
        assert tr("'{path}' does not exist.").format(path="x") == "« x » n'existe pas."
        assert "10 m devient 2,5 m" in algorithm.shortHelpString()
        the_worker_speaks_french()
    finally:
        french.unload()
        language("en")
        plugin.initGui()
    assert tr("Cancelled.") == "Cancelled."
    assert plugin.action.text() == "Super-resolve time series"


def the_worker_speaks_french():
    """Errors of the worker's, word for word, as its user reads them; what is not known stays as it is."""
    from sitsr.sitsr_plugin.core.worker_sentences import in_own_language, is_undated

    grids = in_own_language("The rasters do not share one grid: z.tif and a {b}.tif, c.tif differ in CRS and size.")
    assert grids == "Les rasters n'ont pas la même grille : z.tif et a {b}.tif, c.tif diffèrent par : SCR, taille."
    grids = in_own_language("The rasters do not share one grid: a.tif, b.tif and 3 more differ from the other 7 in pixel size and CRS.")
    assert grids == "Les rasters n'ont pas la même grille : a.tif, b.tif et 3 de plus diffèrent des 7 autres par : taille des pixels, SCR."
    undated = in_own_language("The date is missing or doubtful for 5 of the inputs: a.tif, b.tif and 2 more.")
    assert undated.startswith("La date manque") and "a.tif, b.tif et 2 de plus" in undated and is_undated(undated)
    assert in_own_language("'x.tif' has 7 bands, and nothing says which are B02, B03, B04 and B08.").startswith("« x.tif » a 7 bandes")
    folder = in_own_language(
        "The folder 'near' has no rasters that can be used: fine.tif (results of sitsr; to use one, give the file itself); "
        "a.tif, b.tif and 4 more (one band, and nothing says which)."
    )
    assert folder == (
        "Le dossier « near » n'a pas de raster utilisable : fine.tif (résultats de sitsr ; pour en utiliser un, donnez le fichier "
        "lui-même); a.tif, b.tif et 4 de plus (une seule bande, et rien ne dit laquelle)."
    )
    note = in_own_language("2022-06-01: 81.60% of the area is left without data, because this date has none there, though others have. "
                           "Choose a date that covers more, or a day between two dates.")  # fmt: skip
    assert note.startswith("2022-06-01 : 81.60% de la zone reste sans données") and in_own_language("file name") == "nom du fichier"
    twice = in_own_language("2021-07-16 (B02) is given twice: a.tif and b.tif.")
    assert twice == "2021-07-16 (B02) est donné deux fois : a.tif et b.tif."
    outside = in_own_language("The bounds 0, 0, 9.5, 9.5 lie outside the image, whose bounds are 5, 10, 15, 20 (EPSG:32631).")
    assert outside == "L'emprise 0, 0, 9.5, 9.5 se trouve hors de l'image, dont l'emprise est 5, 10, 15, 20 (EPSG:32631)."
    assert in_own_language("Something else is wrong.") == "Something else is wrong."


def test_the_file_is_found_by_locale(sitsr, tmp_path):
    from sitsr.sitsr_plugin.core.translation import translation_file

    (tmp_path / "sitsr_fr.qm").write_bytes(b"")
    (tmp_path / "sitsr_pt_BR.qm").write_bytes(b"")
    assert translation_file("fr_CA", tmp_path).name == translation_file("fr", tmp_path).name == "sitsr_fr.qm"
    assert translation_file("pt_BR", tmp_path).name == "sitsr_pt_BR.qm"
    assert translation_file("pt", tmp_path) is translation_file("en_US", tmp_path) is translation_file("", tmp_path) is None
