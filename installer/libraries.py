"""What a bundle asks of the system it runs on: the libraries that it does not bring, and how new its glibc must be."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

# Soname → packages of Debian 11 to 13 that have it. Every desktop has these.
PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0 | libglib2.0-0t64",
    "libgthread-2.0.so.0": "libglib2.0-0 | libglib2.0-0t64",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libgcc_s.so.1": "libgcc-s1",
    "libstdc++.so.6": "libstdc++6",
    "libbz2.so.1.0": "libbz2-1.0",
    "liblzma.so.5": "liblzma5",
    "libuuid.so.1": "libuuid1",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
    "libxcb.so.1": "libxcb1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xinput.so.0": "libxcb-xinput0",
}
# Of plugins that Qt leaves aside where these are missing: printers, Wayland, the look of GTK's dialogs.
WELCOME = {
    "libcups.so.2": "libcups2 | libcups2t64",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
_ASIDE = re.compile(r"lib(gtk-3|gdk-3|pango|pangocairo|cairo|cairo-gobject|atk|gio|gobject|gdk_pixbuf|harfbuzz)[-\w.]*\.so\.\d+")
_GLIBC = re.compile(r"lib(c|m|dl|rt|pthread|util|resolv|anl)\.so\.\d|ld-linux-[\w-]+\.so\.\d")


class Asked(NamedTuple):
    """What one file asks for: `glibc` the highest version of its symbols, (0, 0) where it has none."""

    file: Path
    needed: tuple[str, ...]
    glibc: tuple[int, int]


def asked(folder: Path) -> Iterator[Asked]:
    """Each program and library below a folder."""
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.is_symlink() and _is_elf(file):
            told = subprocess.run(["objdump", "-p", str(file)], capture_output=True, text=True, check=True).stdout
            versions = [tuple(map(int, one.split("."))) for one in re.findall(r"GLIBC_(\d+\.\d+)", told)]
            highest = max(versions, default=(0, 0))
            yield Asked(file, tuple(re.findall(r"NEEDED\s+(\S+)", told)), (highest[0], highest[1]))


def _is_elf(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(4) == b"\x7fELF"


def oldest_glibc(found: Iterable[Asked]) -> tuple[int, int]:
    """The version that all of it runs with."""
    return max(one.glibc for one in found)


def depends(found: Iterable[Asked], folder: Path) -> tuple[list[str], list[str]]:
    """(packages without which it does not start, packages that are good to have). KeyError names a library nobody thought of."""
    found = tuple(found)
    brought = {file.name for file in folder.rglob("*")}
    needed = {name for one in found for name in one.needed if name not in brought and not _GLIBC.fullmatch(name)}
    must = {PACKAGES[name] for name in needed if name not in WELCOME and not _ASIDE.fullmatch(name)}
    return sorted(must), sorted({WELCOME[name] for name in needed & WELCOME.keys()})
