"""Under which licences the program and all that it is made of stand, with their texts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from email.message import Message
from importlib import metadata
from pathlib import Path
from typing import NamedTuple, cast

from app.core.paths import resources
from app.core.program import PACKAGE, version

KEPT = "bundled.json"
"""Written beside the texts when a bundle is made: of its packages nothing else is left to be asked."""


class Licence(NamedTuple):
    """Of one part: `terms` is the licence's name or what its authors call it."""

    name: str
    version: str
    terms: str
    text: str


# What lies in the folder of resources or inside a package, and where its text is.
_MATERIAL = (
    ("Noto Sans SC", "2.004", "OFL-1.1", ("fonts/OFL-NotoSansSC.txt",)),
    ("LXGW WenKai", "1.511", "OFL-1.1", ("fonts/OFL-LXGWWenKai.txt",)),
    ("Noto Emoji", "3.006", "OFL-1.1", ("fonts/OFL-NotoEmoji.txt",)),
    ("Tabler Icons", "", "MIT", ("icons/LICENSE",)),
    ("zxcvbn", "", "MIT", ("texts/LICENSE-zxcvbn.txt",)),
    ("SQLCipher", "", "BSD-3-Clause", ("licences/SQLCipher.txt",)),
)
_LESSER = ("licences/LGPL-3.0.txt", "licences/GPL-3.0.txt")
"""The lesser licence is written as an addition to the other."""
_BY_TEXT = {"MIT": "Permission is hereby granted, free of charge", "Zlib": "This software is provided 'as-is'"}
_TEXT = re.compile(r"licen[cs]e|copying|notice|/licenses/", re.IGNORECASE)
_NO_TEXT = (".py", ".pyc", ".json")


def all_of_them() -> tuple[Licence, ...]:
    """The program first, then what it is made of, by name."""
    kept = resources() / "licences" / KEPT
    packages = [Licence(*one) for one in json.loads(kept.read_text(encoding="utf-8"))] if kept.exists() else packages_here()
    material = [Licence(name, number, terms, _read(places)) for name, number, terms, places in _MATERIAL]
    ours = Licence("客诉台 Kesu Desk", version(), "MIT", _our_text())
    return (ours, *sorted([*material, *packages], key=lambda one: one.name.lower()))


def packages_here() -> list[Licence]:
    """Of the packages that the program asks for, and those that they ask for, as they are installed here."""
    found: dict[str, Licence] = {}
    waiting = _asked_for()
    while waiting:
        name = _plain(waiting.pop())
        if name in found:
            continue
        try:
            package = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # for another system
            continue
        found[name] = _of(package)
        waiting += [one for one in package.requires or () if "extra ==" not in one]
    return list(found.values())


def _asked_for() -> list[str]:
    try:
        return list(metadata.requires(PACKAGE) or ())
    except metadata.PackageNotFoundError:
        import tomllib

        declared = (resources().parent / "pyproject.toml").read_text(encoding="utf-8")
        return list(tomllib.loads(declared)["project"]["dependencies"])


def _plain(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower().replace("_", "-").replace(".", "-")


def _of(package: metadata.Distribution) -> Licence:
    told: Message = cast(Message, package.metadata)
    terms = str(told.get("License-Expression") or told.get("License") or "")
    if not terms or len(terms) > 60 or terms == "Dual License":
        classified = (one.rpartition(" :: ")[2] for one in told.get_all("Classifier") or () if one.startswith("License :: "))
        terms = ", ".join(one for one in classified if one != "OSI Approved") or terms.partition("(")[0].strip()
    text = "\n\n".join(_texts(package)) or (_read(_LESSER) if "LGPL-3.0" in terms else "")
    terms = terms or next((name for name, words in _BY_TEXT.items() if words in text), "")
    return Licence(told["Name"], package.version, terms, text)


def _texts(package: metadata.Distribution) -> Iterator[str]:
    for file in sorted(package.files or (), key=str):
        if "dist-info" in file.parts[0] and file.suffix not in _NO_TEXT and _TEXT.search("/".join(("", *file.parts[1:]))):
            yield Path(str(file.locate())).read_text(encoding="utf-8", errors="replace").strip()


def _read(places: tuple[str, ...]) -> str:
    return "\n\n".join((resources() / place).read_text(encoding="utf-8").strip() for place in places)


def _our_text() -> str:
    beside = resources().parent / "LICENSE"
    if beside.exists():
        return beside.read_text(encoding="utf-8").strip()
    return "\n\n".join(_texts(metadata.distribution(PACKAGE)))
