"""What the program says of itself, and how it calls itself."""

from __future__ import annotations

import sys
from pathlib import Path

from app.core.paths import resources

PACKAGE = "kesu"
CHILD = "--as-child"
"""First argument of a bundle that is to run one module; see `child`."""


def version() -> str:
    """Of the program: as installed, else as the source says."""
    import tomllib  # both are heavy, and no start needs them
    from importlib import metadata

    try:
        return metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        declared = resources().parent / "pyproject.toml"
        return str(tomllib.loads(declared.read_text(encoding="utf-8"))["project"]["version"]) if declared.exists() else "—"


def bundled() -> bool:
    """Whether it runs from an installer's bundle, with an interpreter of its own that takes no code."""
    return bool(getattr(sys, "frozen", False))


def child(module: str, *arguments: str) -> list[str]:
    """The command that runs `main` of a module in a process of its own."""
    if bundled():  # on Windows the window's program has no standard output, the command's has
        return [str(Path(sys.executable).with_name("kesu").with_suffix(Path(sys.executable).suffix)), CHILD, module, *arguments]
    code = f"import sys; sys.path.insert(0, {str(resources().parent)!r}); from {module} import main; main()"
    return [sys.executable, "-I", "-X", "utf8", "-c", code, *arguments]
