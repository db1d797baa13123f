"""The Processing algorithms, one file each."""

from __future__ import annotations
