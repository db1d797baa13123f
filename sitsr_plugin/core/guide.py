"""Where the user guide is: the pages of ``docs`` in the repository that metadata.txt names."""

from __future__ import annotations

import re
from functools import lru_cache

from . import PLUGIN_ROOT

BRANCH = "main"


@lru_cache(maxsize=1)
def repository() -> str:
    """The address of the repository."""
    text = (PLUGIN_ROOT / "metadata.txt").read_text(encoding="utf-8")
    return re.search(r"^repository=(\S+?)/?\s*$", text, re.MULTILINE).group(1)


def guide_url(page: str = "README") -> str:
    """The address of a page, such as ``series`` for ``docs/series.md``."""
    return f"{repository()}/blob/{BRANCH}/docs/{page}.md"
