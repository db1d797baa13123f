"""Collects the interface's texts into ``resources/i18n/sitsr_<language>.ts`` and compiles these: ``translations.py --lrelease PATH``

Translations that are there are kept, texts that are gone are dropped, new ones are marked "unfinished" for Qt Linguist or an editor.
The texts are read from the syntax trees: all have the context ``sitsr``, whatever class they are in, unlike what Qt's own collector does.
"""

import argparse
import ast
import subprocess
import sys
import xml.etree.ElementTree as ET  # our own files
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "resources" / "i18n"
LANGUAGES = ("fr",)
CONTEXT = "sitsr"
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n'


def calls_of_tr(tree: ast.AST) -> list[ast.Call]:
    """Every ``tr(...)``."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr"]


def untranslatable(tree: ast.AST) -> list[int]:
    """Lines whose ``tr`` is given anything but one plain text, such as an f-string: no translation would be found for it."""
    return [
        call.lineno
        for call in calls_of_tr(tree)
        if call.keywords or len(call.args) != 1 or not isinstance(getattr(call.args[0], "value", None), str) or not call.args[0].value
    ]


def sources(root: Path = ROOT) -> dict[str, list[str]]:
    """The texts of the interface, sorted, each with the files that use it."""
    found: dict[str, list[str]] = {}
    for path in sorted((root / "sitsr_plugin").rglob("*.py")):
        for call in calls_of_tr(ast.parse(path.read_text(encoding="utf-8"))):
            text = getattr(call.args[0], "value", None) if call.args else None
            name = path.relative_to(root).as_posix()
            if isinstance(text, str) and name not in found.setdefault(text, []):
                found[text].append(name)
    return dict(sorted(found.items()))


def read(path: Path) -> dict[str, str]:
    """The finished translations of a .ts file; none when there is no file."""
    if not path.is_file():
        return {}
    answer = {}
    for message in ET.parse(path).getroot().iter("message"):
        translation = message.find("translation")
        if translation is not None and translation.get("type") is None and translation.text:
            answer[message.findtext("source", "")] = translation.text
    return answer


def write(path: Path, texts: dict[str, list[str]], translations: dict[str, str], language: str) -> None:
    """A .ts file of these texts."""
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    context = ET.SubElement(root, "context")
    ET.SubElement(context, "name").text = CONTEXT
    for text, names in texts.items():
        message = ET.SubElement(context, "message")
        for name in names:
            ET.SubElement(message, "location", filename=f"../../{name}")
        ET.SubElement(message, "source").text = text
        translation = ET.SubElement(message, "translation")
        if text in translations:
            translation.text = translations[text]
        else:
            translation.set("type", "unfinished")
    ET.indent(root, "    ")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{HEAD}{ET.tostring(root, encoding='unicode')}\n", encoding="utf-8")


def main() -> int:
    """Update and compile every language."""
    parser = argparse.ArgumentParser(description="Collects and compiles the translations.")
    parser.add_argument("--lrelease", default="lrelease", help="Qt's compiler of translations")
    options = parser.parse_args()
    texts, missing = sources(), 0
    for language in LANGUAGES:
        path = FOLDER / f"{CONTEXT}_{language}.ts"
        translations = read(path)
        write(path, texts, translations, language)
        lacking = [text for text in texts if text not in translations]
        missing += len(lacking)
        print(f"{path.name}: {len(texts)} texts, {len(lacking)} without a translation", *(f"  {text}" for text in lacking), sep="\n")
        try:
            subprocess.run([options.lrelease, "-silent", str(path), "-qm", str(path.with_suffix(".qm"))], check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"{path.name} could not be compiled: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
