"""Where the installers are made, and how other programs are called for it."""

from __future__ import annotations

import os
import subprocess
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HERE = ROOT / "installer"
OUT = ROOT / "dist"
"""Where what is made for people lies."""
WORK = Path(os.environ.get("KESU_BUILD") or Path.home() / ".cache" / "kesu-build").absolute()
"""Chroots, interpreters, wheels and bundles; some 5 GB, kept between builds."""
NAME = "kesu-desk"
AUTHORS = "The Kesu Desk authors"


@cache
def version() -> str:
    """Of the program, from the one place that says it."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


@cache
def epoch() -> int:
    """The moment that everything made from this commit is dated to: that of the commit, or SOURCE_DATE_EPOCH."""
    told = os.environ.get("SOURCE_DATE_EPOCH")
    if told:
        return int(told)
    command = ("git", "-C", str(ROOT), "log", "-1", "--format=%ct")
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def maintainer() -> str:
    """Who answers for a Debian package: DEBFULLNAME and DEBEMAIL; else the authors, who have no address yet."""
    return f"{os.environ.get('DEBFULLNAME') or AUTHORS} <{os.environ.get('DEBEMAIL') or 'kesu-desk@localhost'}>"


def run(*command: str | Path, environment: Mapping[str, str] | None = None, folder: Path | None = None) -> None:
    """Run a program to its end, its words shown. CalledProcessError where it fails."""
    subprocess.run(list(map(str, command)), check=True, env=environment, cwd=folder)
