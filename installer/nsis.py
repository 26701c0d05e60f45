"""The Windows installer, compiled by `makensis` from the folder that PyInstaller made; the script compiles on every system."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from installer import bundle
from installer.places import AUTHORS, HERE, NAME, OUT, WORK, epoch, version
from installer.version_file import numbers_of

SCRIPT = HERE / "windows" / "kesu.nsi"


def made() -> Path:
    """`KesuDesk-VERSION-x64.exe` in `dist`, from the payload that `windows-payload` left."""
    home = WORK / f"bundle-{bundle.WINDOWS.name}"
    OUT.mkdir(exist_ok=True)
    return compiled(home / "dist" / NAME, home / "made" / "kesu.ico", OUT / f"KesuDesk-{version()}-x64.exe")


def compiled(payload: Path, icon: Path, output: Path) -> Path:
    """An installer of all that lies in `payload`. CalledProcessError where the script is wrong."""
    size = sum(file.stat().st_size for file in payload.rglob("*") if file.is_file())
    defined = {
        "VERSION": version(),
        "NUMBERS": ".".join(map(str, numbers_of(version()))),
        "PAYLOAD": payload,
        "ICON": icon,
        "SIZE": -(-size // 1024),
        "OUTPUT": output,
        "AUTHORS": AUTHORS,
    }
    told = ["-V2", "-WX", "-INPUTCHARSET", "UTF8", *(f"-D{name}={value}" for name, value in defined.items())]
    subprocess.run(["makensis", *told, str(SCRIPT)], check=True, env={**os.environ, "SOURCE_DATE_EPOCH": str(epoch())})
    return output
