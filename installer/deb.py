"""The Debian package: the bundle under /opt, and what makes a desktop know it. The same bytes from the same commit."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from installer import bundle, libraries
from installer.bundle import Flavour
from installer.places import AUTHORS, HERE, NAME, OUT, ROOT, WORK, epoch, maintainer, run, version

_LINUX = HERE / "linux"
_CONTROL = """Package: {name}
Version: {version}
Architecture: amd64
Section: misc
Priority: optional
Maintainer: {maintainer}
Installed-Size: {size}
Depends: {depends}
Recommends: {recommends}
Description: objections, complaints and processing agreements of a branch
 Kesu Desk (客诉台) is for branch offices: objections and complaints from the
 first call to the processing agreement that the customer signs, and the
 figures of the month in Excel. Everything stays on this computer; no server,
 no network. Python, Qt and all else it is made of are in this package.
"""
_COPYRIGHT = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Kesu Desk
Comment: The package brings along the parts that are listed below. Their texts are
 in /opt/kesu-desk/_internal/resources/licences/bundled.json and in the program, Settings, About.
{parts}
Files: *
Copyright: {authors}
License: Expat
{text}
"""


def made(flavour: Flavour) -> Path:
    """The package in `dist`, of a bundle that is made anew."""
    return wrapped(flavour, bundle.made(flavour))


def wrapped(flavour: Flavour, folder: Path) -> Path:
    """The package of a bundle that is there."""
    tree = WORK / f"deb-{flavour.name}"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(folder, tree / "opt" / NAME, symlinks=True)
    (tree / "usr/bin").mkdir(parents=True)
    for command in (NAME, "kesu"):
        (tree / "usr/bin" / command).symlink_to(f"/opt/{NAME}/kesu")
    _desktop(tree, folder.parents[1] / "made" / "icons")
    _documents(tree, folder)
    _control(tree, folder, flavour)
    _settle(tree)
    OUT.mkdir(exist_ok=True)
    settings = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch())}
    run(
        "dpkg-deb",
        "--root-owner-group",
        "-Zxz",
        "-z3",
        "--threads-max=1",
        "--build",
        tree,
        package(flavour),
        environment=settings,
    )
    return package(flavour)


def package(flavour: Flavour) -> Path:
    """Where the package lies once it was made."""
    return OUT / f"{NAME}_{_version(flavour)}_amd64.deb"


def _version(flavour: Flavour) -> str:
    """That for old systems counts as a little older, so that the usual one takes its place."""
    return version() + (f"~glibc{flavour.glibc}" if flavour is bundle.OLD else "")


def _desktop(tree: Path, icons: Path) -> None:
    share = tree / "usr" / "share"
    shutil.copytree(icons, share / "icons" / "hicolor")
    places = {f"{NAME}.desktop": "applications", f"{NAME}.xml": "mime/packages"}
    for name, place in places.items():
        (share / place).mkdir(parents=True)
        shutil.copy(_LINUX / name, share / place)
    text = (_LINUX / "metainfo.xml").read_text(encoding="utf-8")
    day = f"{datetime.fromtimestamp(epoch(), UTC):%Y-%m-%d}"
    (share / "metainfo").mkdir()
    told = share / "metainfo" / "org.kesu_desk.KesuDesk.metainfo.xml"
    told.write_text(text.replace("@VERSION@", version()).replace("@DATE@", day), encoding="utf-8")


def _documents(tree: Path, folder: Path) -> None:
    place = tree / "usr/share/doc" / NAME
    place.mkdir(parents=True)
    when = format_datetime(datetime.fromtimestamp(epoch(), UTC))
    news = "What is new stands in CHANGELOG.md.gz."
    entry = f"{NAME} ({version()}) stable; urgency=medium\n\n  * {news}\n\n -- {maintainer()}  {when}\n"
    (place / "changelog.gz").write_bytes(gzip.compress(entry.encode(), mtime=0))
    (place / "CHANGELOG.md.gz").write_bytes(gzip.compress((ROOT / "CHANGELOG.md").read_bytes(), mtime=0))
    bundled = json.loads((folder / "_internal/resources/licences/bundled.json").read_text(encoding="utf-8"))
    parts = "\n".join(f" {name} {number}: {' '.join(terms.split()) or 'see its text'}" for name, number, terms, _text in bundled)
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8").strip().splitlines()
    text = "\n".join(f" {line}" if line.strip() else " ." for line in licence)
    (place / "copyright").write_text(_COPYRIGHT.format(parts=parts, text=text, authors=AUTHORS), encoding="utf-8")
    overrides = tree / "usr/share/lintian/overrides"
    overrides.mkdir(parents=True)
    shutil.copy(_LINUX / "lintian-overrides", overrides / NAME)


def _control(tree: Path, folder: Path, flavour: Flavour) -> None:
    place = tree / "DEBIAN"
    place.mkdir()
    found = tuple(libraries.asked(folder))
    glibc = max(libraries.oldest_glibc(found), tuple(map(int, flavour.glibc.split("."))))
    must, welcome = libraries.depends(found, folder)
    size = sum(file.stat().st_size for file in (tree / "opt").rglob("*") if file.is_file() and not file.is_symlink())
    control = _CONTROL.format(
        name=NAME,
        version=_version(flavour),
        maintainer=maintainer(),
        size=-(-size // 1024),
        depends=", ".join([f"libc6 (>= {glibc[0]}.{glibc[1]})", "tzdata", *must]),
        recommends=", ".join(welcome),
    )
    (place / "control").write_text(control, encoding="utf-8")
    shutil.copy(_LINUX / "preinst", place)
    (place / "md5sums").write_text("".join(_sums(tree)), encoding="utf-8")


def _sums(tree: Path) -> list[str]:
    files = (file for file in sorted(tree.rglob("*")) if file.is_file() and not file.is_symlink())
    places = ((file, file.relative_to(tree).as_posix()) for file in files)
    return [f"{hashlib.md5(file.read_bytes()).hexdigest()}  {name}\n" for file, name in places if not name.startswith("DEBIAN/")]


def _settle(tree: Path) -> None:
    """Rights and times that do not depend on who builds it when."""
    for file in [tree, *tree.rglob("*")]:
        if not file.is_symlink():
            runs = file.is_dir() or file.name in ("kesu", "preinst")
            file.chmod(0o755 if runs else 0o644)
        os.utime(file, (epoch(), epoch()), follow_symlinks=False)
