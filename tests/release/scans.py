"""The two scans that plugins.qgis.org runs on what is uploaded: Bandit and detect-secrets."""

import json
import subprocess
import sys
from pathlib import Path

# The same that ruff leaves out in pyproject.toml: assertions, and starting programs at all (never through a shell).
SKIPPED = "B101,B404,B603,B607"
# Model weights are data: high entropy is what they are.
NOT_TEXT = r".*\.(safetensors|jpg|png|qm)$"


def complaints(folder: Path) -> list[str]:
    """What both scans find in a folder, one line each. Raises RuntimeError when one of them does not run."""
    return [*bandit(folder), *secrets(folder)]


def bandit(folder: Path) -> list[str]:
    """Findings of Bandit, of any severity."""
    report = _answer("bandit", "-q", "-r", "-f", "json", "-s", SKIPPED, str(folder), codes=(0, 1))
    found = [f"Bandit cannot read {error['filename']}: {error['reason']}" for error in report["errors"]]
    for finding in report["results"]:
        name = Path(finding["filename"]).relative_to(folder).as_posix()
        found.append(f"Bandit: {name}:{finding['line_number']}: {finding['test_id']} {finding['issue_text']}")
    return found


def secrets(folder: Path) -> list[str]:
    """Findings of detect-secrets."""
    report = _answer("detect_secrets", "-C", str(folder), "scan", "--all-files", "--exclude-files", NOT_TEXT, codes=(0,))
    return [
        f"detect-secrets: {name}:{finding['line_number']}: {finding['type']}"
        for name, findings in sorted(report["results"].items())
        for finding in findings
    ]


def _answer(module: str, *arguments: str, codes: tuple[int, ...]) -> dict:
    done = subprocess.run([sys.executable, "-m", module, *arguments], capture_output=True, text=True)
    if done.returncode not in codes:
        raise RuntimeError(f"{module} ended with code {done.returncode}: {done.stderr.strip()[-500:]}")
    return json.loads(done.stdout)
