"""Newer versions in the folder that IT names: a signed manifest says which there is. Nothing is looked up anywhere else.

Format and reasons: docs/decisions/updates.md.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import platform
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from app.core import program
from app.core.errors import UserError, ValidationError
from app.core.files import copy_whole, plain_name, reason
from app.core.language import _, chosen
from app.core.session import Session
from app.core.signing import holds, read_key
from app.models import branches

MANIFEST = "kesu-desk.json"
LARGEST, LARGEST_FILE = 64 * 1024, 1024**3
"""Bytes of a manifest and of an installer, far above what they have."""
_VERSION = re.compile(r"\d{1,5}(?:\.\d{1,5}){1,3}")
_NAMES = (
    ("windows", re.compile(r"KesuDesk-(?P<version>[\d.]+)-x64\.exe")),
    ("deb", re.compile(r"kesu-desk_(?P<version>[\d.]+)_amd64\.deb")),
    ("deb-old", re.compile(r"kesu-desk_(?P<version>[\d.]+)~glibc[\d.]+_amd64\.deb")),
    ("wheel", re.compile(r"kesu-(?P<version>[\d.]+)-py3-none-any\.whl")),
)
"""Kind of desk that a file is for, by its name; the version stands in it."""
_NEW_GLIBC = (2, 34)


class Refused(UserError):
    """What lies in the folder is not what the key's owner released: it is never offered."""


@dataclass(frozen=True)
class File:
    """An installer as the manifest tells of it; `kind` of desk it is for."""

    kind: str
    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Release:
    """What a manifest says; `news` by language."""

    version: str
    files: tuple[File, ...]
    news: dict[str, str]

    def new(self) -> str:
        """What is new, in the user's language where it was written in it."""
        return self.news.get(chosen()) or next(iter(self.news.values()), "")

    def file_for(self, kind: str) -> File | None:
        """The installer for a kind of desk."""
        return next((file for file in self.files if file.kind == kind), None)


def number(version: str) -> tuple[int, ...]:
    """A version to be compared; empty where it is none."""
    return tuple(map(int, version.split("."))) if _VERSION.fullmatch(version) else ()


def kind_of(name: str) -> tuple[str, str]:
    """(kind of desk, version) of an installer by its name; empty where it is none."""
    for kind, pattern in _NAMES:
        if found := pattern.fullmatch(name):
            return kind, found["version"]
    return "", ""


def this_kind() -> str:
    """The kind of installer that this desk came from."""
    if not program.bundled():
        return "wheel"
    if sys.platform == "win32":
        return "windows"
    has = number(platform.libc_ver()[1])
    return "deb" if has >= _NEW_GLIBC else "deb-old"


def check_folder(named: str) -> None:
    """UserError for what is no folder of this computer or a share; whether it is there is not looked at: it may not answer."""
    if re.match(r"\s*[a-zA-Z][\w+.-]+:(?!\\)", named) or "://" in named:
        raise UserError(
            _("{folder} is an address. Newer versions are only looked for in a folder or a share, never in the network.").format(
                folder=named
            )
        )
    if not PurePath(named).is_absolute():
        raise UserError(_("{folder} is no whole path. Write it from its drive, share or root on.").format(folder=named))


def set_source(session: Session, values: Mapping[str, object]) -> None:
    """Set folder and key. ValidationError where one cannot be, or stands alone."""
    checks: tuple[tuple[str, str, Callable[[str], object]], ...] = (
        ("update_folder", "update_key", check_folder),
        ("update_key", "update_folder", read_key),
    )
    given = {code: str(value or "").strip() or None for code, value in values.items()}
    errors = {}
    for code, other, check in checks:
        try:
            if given.get(code) or given.get(other):
                check(given.get(code) or "")
        except UserError as error:
            errors[code] = str(error)
    if errors:
        raise ValidationError(errors)
    branches.change_settings(session, given)


def look(folder: Path, key: bytes, running: str, seen: str = "") -> Release | None:
    """The newer version that lies in the folder, None where there is none newer.

    `seen`: the highest version that this folder showed before. UserError where it cannot be read, Refused where it is not right.
    """
    release = read(_manifest(folder), key)
    if number(release.version) < number(seen):
        raise Refused(
            _("The folder showed version {seen} before and shows {version} now: an older manifest was put in its place.").format(
                seen=seen, version=release.version
            )
        )
    if number(release.version) < number(running):
        raise Refused(
            _("In the folder lies version {version}, and {running} runs here. An older one is not offered.").format(
                version=release.version, running=running
            )
        )
    if release.version == running:
        return None
    if (file := release.file_for(this_kind())) is not None:
        check_size(folder / file.name, file)
    return release


def _manifest(folder: Path) -> bytes:
    path = folder / MANIFEST
    try:
        if not path.is_file():
            raise UserError(_("{folder} holds no {file}, or cannot be reached.").format(folder=folder, file=MANIFEST))
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise UserError(_("{path} cannot be read: {reason}.").format(path=path, reason=reason(error))) from error
    if len(content) > LARGEST:
        raise Refused(_("{file} is larger than a manifest can be. It was not read.").format(file=MANIFEST))
    return content


def read(content: bytes, key: bytes) -> Release:
    """What a manifest says. Refused where the signature is not of this key or anything in it cannot be."""
    try:
        envelope = json.loads(content)
        signed, signature = str(envelope["signed"]).encode(), base64.b64decode(envelope["signature"], validate=True)
    except (ValueError, KeyError, TypeError, binascii.Error, RecursionError):
        raise Refused(_("{file} is no manifest.").format(file=MANIFEST)) from None
    if not holds(key, signed, signature):
        raise Refused(
            _("{file} was not signed with the key that is set here, or was changed afterwards. Ask who released it.").format(
                file=MANIFEST
            )
        )
    try:
        return _release(json.loads(signed))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refused(_("{file} is signed, but not in a form that this version understands.").format(file=MANIFEST)) from None


def _release(told: Any) -> Release:  # noqa: ANN401 - JSON
    """ValueError and its like where it cannot be; each file has to be for the version that the manifest names."""
    version, news = told["version"], told["news"]
    files = tuple(File(str(one["kind"]), str(one["name"]), int(one["size"]), str(one["sha256"])) for one in told["files"])
    right = all(
        kind_of(file.name) == (file.kind, version) and plain_name(file.name) == file.name and 0 < file.size <= LARGEST_FILE
        for file in files
    )
    if not number(version) or not files or not right:
        raise ValueError(version)
    return Release(version, files, {str(code): str(text) for code, text in news.items()})


def written(release: Release) -> bytes:
    """What is signed of a release."""
    files = [{"kind": one.kind, "name": one.name, "size": one.size, "sha256": one.sha256} for one in release.files]
    return json.dumps({"version": release.version, "files": files, "news": release.news}, ensure_ascii=False, indent=1).encode()


def envelope(signed: bytes, signature: bytes) -> bytes:
    """The manifest as a file: what was signed, as text and to the letter, beside its signature."""
    told = {"signed": signed.decode(), "signature": base64.b64encode(signature).decode()}
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def check_size(path: Path, file: File) -> None:
    """UserError where the file is missing, Refused where its size is another than the manifest says."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise UserError(_("{path} cannot be read: {reason}.").format(path=path, reason=reason(error))) from error
    if size != file.size:
        raise _changed(file)


def _changed(file: File) -> Refused:
    words = _("{file} is not the file that the manifest names: it was changed or not copied whole. Do not install it.")
    return Refused(words.format(file=file.name))


def fetch(folder: Path, file: File, target: Path) -> Path:
    """A copy of the installer on this computer, which nobody changes between the check and the start.

    Its hash is taken of the bytes that are copied; where it is another, no copy is left. UserError, Refused.
    """
    source, copy = folder / file.name, target / file.name
    check_size(source, file)
    try:
        target.mkdir(parents=True, exist_ok=True)
        digest = copy_whole(source, copy)
    except OSError as error:
        raise UserError(_("{path} cannot be read: {reason}.").format(path=source, reason=reason(error))) from error
    if digest != file.sha256:
        os.unlink(copy)
        raise _changed(file)
    return copy
