"""Captions as the handbook quotes them, in either language, and as the window shows them."""

from __future__ import annotations

import re

QUOTED = {"zh_CN": re.compile(r"「([^」]+)」"), "en": re.compile(r"\*\*([^*]+)\*\*")}
_BESIDE = re.compile(r"(\s{2,}|\t).*$| \d+$|（\d+）$| \(\d+\)$")


def bare(caption: str) -> str:
    """Without the key or the count that stands behind it, and the dots that say that something is asked first."""
    return _BESIDE.sub("", caption).rstrip(" …")
