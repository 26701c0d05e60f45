"""What the program says of itself."""

from __future__ import annotations

import tomllib
from importlib import metadata

from app.core.paths import resources

PACKAGE = "kesu"


def version() -> str:
    """Of the program: as installed, else as the source says."""
    try:
        return metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        declared = resources().parent / "pyproject.toml"
        return str(tomllib.loads(declared.read_text(encoding="utf-8"))["project"]["version"]) if declared.exists() else "—"
