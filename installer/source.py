"""The program as packages of Python: sdist and wheel, the same bytes whenever they are made from the same commit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from installer.places import OUT, ROOT, WORK, epoch, run, version


def tools() -> Path:
    """The Python of an environment with what a release needs."""
    home = WORK / "tools"
    wanted, have = ROOT / "requirements" / "release.txt", home / "wanted.txt"
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not have.exists() or have.read_bytes() != wanted.read_bytes():
        shutil.rmtree(home, ignore_errors=True)
        run(sys.executable, "-m", "venv", home)
        run(python, "-m", "pip", "-q", "install", "--require-hashes", "--no-deps", "--only-binary=:all:", "-r", wanted)
        shutil.copy(wanted, have)
    return python


def packages(out: Path = OUT, python: Path | None = None) -> tuple[Path, Path]:
    """(sdist, wheel), with nothing in them but what the commit holds."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch())}
    command = (python or tools(), "-m", "build", "--no-isolation", "--outdir", out, ROOT)
    run(*command, environment=environment)
    return out / f"kesu-{version()}.tar.gz", out / f"kesu-{version()}-py3-none-any.whl"


def wheel() -> Path:
    """The wheel alone, for a bundle."""
    return packages(WORK / "packages")[1]


def audit() -> None:
    """Ask whether what is bundled has known holes; needs the registry's list of them, and fails where it has none for a part."""
    run(tools(), "-m", "pip_audit", "--strict", "--disable-pip", "--require-hashes", "-r", ROOT / "requirements" / "runtime.txt")


def bill(out: Path = OUT) -> Path:
    """The list of what is bundled, with versions, hashes and licences (CycloneDX)."""
    out.mkdir(parents=True, exist_ok=True)
    made = out / f"kesu-{version()}.cdx.json"
    command = ("-m", "cyclonedx_py", "requirements", "--pyproject", ROOT / "pyproject.toml", "--mc-type", "application",
               "--output-reproducible", "--of", "JSON", "-o", made, ROOT / "requirements" / "runtime.txt")  # fmt: skip
    subprocess.run([str(tools()), *map(str, command)], check=True)
    return made
