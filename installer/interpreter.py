"""The CPython that the Linux bundles bring along: compiled in Debian 11 from the source package of Debian 13.

Debian 11 has glibc 2.31, which sets the oldest system the bundle runs on; its own Python 3.9 is too old for the program.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from installer import chroots, libraries
from installer.chroots import entered, inside, install
from installer.places import WORK

SUITE, SOURCE_SUITE, PACKAGE, VERSION = "bullseye", "trixie", "python3.13", "3.13"
PREFIX = "opt/kesu-python"
# No libssl: the program never speaks over a network, and Debian 11's is past its end. Hashes are Python's own.
_NEEDED = ("build-essential", "dpkg-dev", "zlib1g-dev", "libbz2-dev", "liblzma-dev", "libffi-dev", "libsqlite3-dev", "uuid-dev")
# What Qt's xcb plugin needs and many desktops lack; a few kilobytes each, so that no package must be fetched for them.
_SCREEN = (
    *("libxcb-cursor0", "libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1", "libxcb-render-util0", "libxcb-util1"),
    *("libxcb-xkb1", "libxcb-xinerama0", "libxkbcommon0", "libxkbcommon-x11-0"),
)
BROUGHT = (
    *("libffi.so.7", "libxcb-cursor.so.0", "libxcb-icccm.so.4", "libxcb-image.so.0", "libxcb-keysyms.so.1"),
    *("libxcb-render-util.so.0", "libxcb-util.so.1", "libxcb-xkb.so.1", "libxkbcommon.so.0", "libxkbcommon-x11.so.0"),
)
"""Libraries of Debian 11 that lie beside the interpreter and go into the bundle."""
_BUILD = rf"""
set -e
cd /usr/src
apt-get -q source --download-only {PACKAGE}/{SOURCE_SUITE}
rm -rf python && dpkg-source --no-check -x {PACKAGE}_*.dsc python
cd python
./configure -q --prefix=/{PREFIX} --enable-shared --enable-optimizations --without-ensurepip --disable-test-modules \
    --without-readline
nice -n 10 make -j2
make install
find /{PREFIX} \( -name '*.so*' -o -name 'python{VERSION}' \) -type f -exec strip --strip-unneeded {{}} +
mkdir -p /{PREFIX}/copyright
for package in libffi7 {" ".join(_SCREEN)}; do cp /usr/share/doc/$package/copyright /{PREFIX}/copyright/$package.txt; done
"""


def made() -> Path:
    """The Debian 11 with the interpreter at `PREFIX`, compiled once and kept."""
    root = chroots.made(SUITE)
    place = root / PREFIX
    if not (place / "finished").exists():
        shutil.rmtree(place, ignore_errors=True)
        sources = root / "etc/apt/sources.list.d/source.list"
        shutil.copy(chroots.KEYS, root / "usr/share/keyrings/newer.gpg")
        sources.write_text(f"deb-src [signed-by=/usr/share/keyrings/newer.gpg] {chroots.mirror()} {SOURCE_SUITE} main\n")
        with entered(root):
            install(root, (*_NEEDED, *_SCREEN, *sorted({one.partition(" |")[0] for one in libraries.PACKAGES.values()})))
            inside(root, "sh", "-c", _BUILD)
        for name in BROUGHT:
            found = next((root / "usr/lib/x86_64-linux-gnu").glob(f"{name}*"))
            shutil.copy(found.resolve(), place / "lib" / name)
        (place / "finished").touch()
    return root


def copied() -> Path:
    """The same interpreter on this machine, for libraries that are too new for Debian 11."""
    there = WORK / "python"
    if not (there / "finished").exists():
        shutil.rmtree(there, ignore_errors=True)
        shutil.copytree(made() / PREFIX, there, symlinks=True)
    return there


def python(prefix: Path | str) -> str:
    """The program below a prefix."""
    return f"{prefix}/bin/python{VERSION}"


if __name__ == "__main__":
    print(made())
