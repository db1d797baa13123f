"""Every text of the interface has its French, with the same placeholders; read from the syntax trees and the .ts file alone."""

import ast
import re
import string
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "release"))

import translations  # noqa: E402

TEXTS = translations.sources()
FRENCH = translations.read(ROOT / "resources" / "i18n" / "sitsr_fr.ts")


def placeholders(text: str) -> list[str]:
    return sorted(f"{name}:{form}" for _, name, form, _ in string.Formatter().parse(text) if name is not None)


def test_no_text_lacks_its_french():
    assert len(TEXTS) > 100
    assert [text for text in TEXTS if text not in FRENCH] == [], "run 'make i18n' and translate what it lists"


def test_no_translation_is_left_over():
    assert [text for text in FRENCH if text not in TEXTS] == [], "run 'make i18n'"


def test_translations_keep_the_placeholders():
    assert {text: french for text, french in FRENCH.items() if placeholders(text) != placeholders(french)} == {}


def test_file_filters_and_lists_stay_what_they_are():
    for text, french in FRENCH.items():
        assert re.findall(r"\*\.\w+", text) == re.findall(r"\*\.\w+", french)
        assert text.count("\n") == french.count("\n")


@pytest.mark.parametrize("path", sorted((ROOT / "sitsr_plugin").rglob("*.py")), ids=lambda path: path.stem)
def test_texts_are_plain_so_that_they_can_be_translated(path):
    assert translations.untranslatable(ast.parse(path.read_text(encoding="utf-8"))) == []


def as_pattern(node: ast.expr) -> str:
    """A text or f-string of the worker's with {} for what differs."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in parts)


def test_known_sentences_are_the_workers_own():
    known = ast.parse((ROOT / "sitsr_plugin" / "core" / "worker_sentences.py").read_text(encoding="utf-8"))
    own = {
        as_pattern(node)
        for path in (ROOT / "sitsr_core").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
    }
    texts = [call.args[0].value for call in translations.calls_of_tr(known)]
    assert len(texts) > 20 and [text for text in texts if re.sub(r"\{\w+\}", "{}", text) not in own] == []


def test_what_cannot_be_translated_is_seen():
    tree = ast.parse("tr('fine')\ntr(f'{x} dates')\ntr('a %s' % b)\ntr(name)\ntr('one', 'two')\ntr('')\n")
    assert translations.untranslatable(tree) == [2, 3, 4, 5, 6]


def test_collecting_keeps_translations_and_marks_what_is_new(tmp_path):
    path = tmp_path / "sitsr_fr.ts"
    translations.write(path, {"Run <fast> & far": ["a.py"], "Stop": ["a.py"]}, {"Run <fast> & far": "Exécuter", "Gone": "Parti"}, "fr")
    assert translations.read(path) == {"Run <fast> & far": "Exécuter"}
    assert path.read_text(encoding="utf-8").count('type="unfinished"') == 1
    (tmp_path / "sitsr_plugin").mkdir()
    (tmp_path / "sitsr_plugin" / "a.py").write_text("tr('Stop')\nprint(f'{tr(\"Go\")}')\n")
    assert translations.sources(tmp_path) == {"Go": ["sitsr_plugin/a.py"], "Stop": ["sitsr_plugin/a.py"]}
