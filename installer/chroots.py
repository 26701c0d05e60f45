"""Bare Debian systems in a folder: to compile in an old one, to try packages in. Needs root and debootstrap."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from installer.places import WORK, run

KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_BOUND = ("dev", "dev/pts", "dev/shm", "proc")


def mirror() -> str:
    """The Debian mirror that this machine is set up with; on another system that of everybody."""
    wanted = ("apt-get", "indextargets", "--format", "$(LABEL) $(REPO_URI)", "Created-By: Packages")
    listed = subprocess.run(wanted, capture_output=True, text=True, check=True).stdout.splitlines()
    return next((line.split()[1] for line in listed if line.startswith("Debian ")), "http://deb.debian.org/debian")


def made(suite: str) -> Path:
    """The bare system of a suite (`bullseye`, `bookworm`, `trixie`), made once and kept."""
    root = WORK / suite
    if not (root / "var/lib/dpkg/status").exists() or (root / "debootstrap").exists():
        shutil.rmtree(root, ignore_errors=True)
        root.parent.mkdir(parents=True, exist_ok=True)
        run("debootstrap", "--variant=minbase", f"--keyring={KEYS}", suite, root, mirror())
    return root


@contextmanager
def copied(suite: str, name: str) -> Iterator[Path]:
    """A system of its own, thrown away afterwards."""
    root = WORK / name
    shutil.rmtree(root, ignore_errors=True)
    run("cp", "-a", made(suite), root)
    try:
        yield root
    finally:
        assert not _mounted(root), f"{root} is still in use"
        shutil.rmtree(root)


@contextmanager
def entered(root: Path, folders: Mapping[str, Path] | None = None) -> Iterator[None]:
    """With devices and processes as programs expect them, and `folders` of this machine at these places in it."""
    binds = {name: Path("/", name) for name in _BOUND} | dict(folders or {})
    for name, source in binds.items():
        (root / name).mkdir(parents=True, exist_ok=True)
        run("mount", "--bind", source, root / name)
    try:
        yield
    finally:
        for place in sorted(_mounted(root), reverse=True):
            run("umount", place)


def _mounted(root: Path) -> list[str]:
    lines = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    return [line.split()[1] for line in lines if line.split()[1].startswith(f"{root}/")]


def inside(root: Path, *command: str | Path, environment: Mapping[str, str] | None = None) -> None:
    """Run a command in it as root, with nothing of this machine's environment but the way out."""
    passed = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    settings = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/root", "DEBIAN_FRONTEND": "noninteractive"}
    run("chroot", root, *command, environment=settings | passed | dict(environment or {}))


def install(root: Path, packages: Sequence[str]) -> None:
    """Install packages of the suite, recommended ones left out."""
    inside(root, "apt-get", "-q", "update")
    inside(root, "apt-get", "-q", "-y", "--no-install-recommends", "install", *packages)
