"""Run in the environment that is bundled: writes the program's icons and the licences of all that goes along.

It comes before PyInstaller, as nothing of the packages is left to be asked later.
"""

from __future__ import annotations

import json
import sys
from importlib import metadata
from pathlib import Path

from app.core import licences
from app.core.licences import Licence
from installer import interpreter, pictures
from installer.places import NAME


def main() -> None:
    """Argument: the folder."""
    folder = Path(sys.argv[1])
    found = [*licences.packages_here(), _python(), *_brought()]
    (folder / licences.KEPT).write_text(json.dumps(found, ensure_ascii=False, indent=0), encoding="utf-8")
    _without_ssl()
    _without_other_countries()
    pictures.write_theme(folder / "icons", NAME)
    pictures.write_ico(folder / "kesu.ico")


def _without_ssl() -> None:
    """Of python-stdnum: it wants `ssl` for look-ups over a network, which the program never makes."""
    found = metadata.distribution("python-stdnum").locate_file("stdnum/util.py")
    source = Path(str(found))
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    source.write_text("".join(line for line in lines if line != "import ssl\n"), encoding="utf-8")


def _without_other_countries() -> None:
    """Of holidays: its packages read 250 countries at once, where the library itself asks for one module."""
    for name in ("countries", "financial"):
        Path(str(metadata.distribution("holidays").locate_file(f"holidays/{name}/__init__.py"))).write_text("", encoding="utf-8")


def _python() -> Licence:
    base = Path(sys.base_prefix)
    places = (base / "LICENSE.txt", base / f"lib/python{interpreter.VERSION}/LICENSE.txt")
    text = next(place for place in places if place.exists()).read_text(encoding="utf-8")
    return Licence("CPython", sys.version.split()[0], "PSF-2.0", text)


def _brought() -> list[Licence]:
    """Of the system's libraries that lie beside the interpreter: what Debian says of them was kept there."""
    kept = Path(sys.base_prefix) / "copyright"
    return [
        Licence(one.stem, "", "see text", one.read_text(encoding="utf-8", errors="replace")) for one in sorted(kept.glob("*.txt"))
    ]


if __name__ == "__main__":
    main()
