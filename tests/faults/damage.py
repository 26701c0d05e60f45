"""Random damage to what an encrypted branch has on the disk: all of it is found, and nothing is overwritten because of it."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from app.core import database as store
from app.core import keyring, store_file
from app.core.database import FILE_NAME
from app.core.errors import UserError
from app.core.progress import Progress
from app.core.session import Session
from app.models import attachments
from app.services import backups, checking, restoring, staffing, workplace
from app.services.restore_rights import Right
from tests.branch import STARTED, new_branch
from tests.faults.trial import Trial, Tried, draw
from tests.faults.work import work
from tests.make import Make
from tests.staffed import ADMIN, PASSWORD, protected

_PAGE = 4096


def _bit(rng: Random, content: bytearray) -> None:
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)


def _zeros(rng: Random, content: bytearray) -> None:
    at, length = rng.randrange(len(content)), rng.randint(16, 8192)
    content[at : at + length] = bytes(len(content[at : at + length]))


def _noise(rng: Random, content: bytearray) -> None:
    at, length = rng.randrange(len(content)), rng.randint(1, 512)
    content[at : at + length] = rng.randbytes(len(content[at : at + length]))


def _swapped(rng: Random, content: bytearray) -> None:
    one, other = rng.sample(range(len(content) // _PAGE), 2) if len(content) >= 2 * _PAGE else (0, 0)
    first, second = (content[at * _PAGE : (at + 1) * _PAGE] for at in (one, other))
    content[one * _PAGE : (one + 1) * _PAGE], content[other * _PAGE : (other + 1) * _PAGE] = second, first


def _cut(rng: Random, content: bytearray) -> None:
    del content[rng.randrange(len(content)) :]


def _cut_at_a_page(rng: Random, content: bytearray) -> None:
    del content[rng.randrange(max(1, len(content) // _PAGE)) * _PAGE :]


HARMS: tuple[Callable[[Random, bytearray], None], ...] = (_bit, _bit, _zeros, _noise, _swapped, _cut, _cut_at_a_page)


def _branch(folder: Path) -> Session:
    """A clerk's work of an hour, with attachments."""
    session = new_branch(folder)
    (folder.parent / "sources").mkdir(exist_ok=True)
    clerk = work(session, draw("damage"), folder.parent / "sources")
    for _turn in range(60):
        next(clerk)
    return session


def _harmed(rng: Random, path: Path) -> tuple[str, bytes]:
    """Damage a file; what was done, and what it is now. Never nothing: the bytes differ."""
    before = path.read_bytes()
    while True:
        harm, content = rng.choice(HARMS), bytearray(before)
        harm(rng, content)
        if content != before:
            path.write_bytes(content)
            return harm.__name__.strip("_"), bytes(content)


def encrypted(folder: Path, times: int) -> Tried:
    """The database of a branch with passwords; signed in and checked as a person would."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keyring, "COST", (1, 64, 1))
        source = folder / "source"
        protected(_branch(source))
        store.close()
        rng, wrong, kinds = draw("harm"), [], Counter[str]()
        for turn in range(times):
            place = folder / "harmed"
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(source, place)
            harm, content = _harmed(rng, place / FILE_NAME)
            kinds[harm] += 1
            if not _is_found(place):
                wrong.append(f"{turn}: {harm} was not found")
            if (place / FILE_NAME).read_bytes() != content:
                wrong.append(f"{turn}: {harm}: the damaged file was overwritten")
    return Tried(times, tuple(wrong), ", ".join(f"{count} × {name}" for name, count in sorted(kinds.items())))


def _is_found(place: Path) -> bool:
    """At the sign-in, or by `kesu check`."""
    try:
        return bool(checking.check(staffing.sign_in(place, ADMIN, PASSWORD)))
    except UserError as error:
        return bool(str(error))
    finally:
        store.close()


def plain(folder: Path, times: int) -> Tried:
    """The control: the same damage to a plain database, and SQLite's own check of it."""
    source = folder / "source"
    _branch(source)
    store.close()
    rng, wrong = draw("harm"), []
    for turn in range(times):
        copy = folder / "harmed.db"
        shutil.copyfile(source / FILE_NAME, copy)
        harm, _content = _harmed(rng, copy)
        if not store_file.faults(copy, None):
            wrong.append(f"{turn}: {harm} was not found")
    return Tried(times, tuple(wrong))


def beside(folder: Path, times: int) -> Tried:
    """An attached file, a copy of the key file and a backup in turns: found, refused, or mended from the second copy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keyring, "COST", (1, 64, 1))
        source = folder / "source"
        session = protected(_branch(source))
        kept = backups.make(source, "hand", session.clock()).backup.path.relative_to(source)
        store.close()
        rng, wrong = draw("beside"), []
        for turn in range(times):
            place = folder / "harmed"
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(source, place)
            what = ("attachment", "key file", "backup", "both key files")[turn % 4]
            wrong += [f"{turn}: {one}" for one in _beside(rng, place, place / kept, what)]
            store.close()
    return Tried(
        times, tuple(wrong), "each a quarter: attached file found by the check, key file mended, both refused, backup refused"
    )


def _beside(rng: Random, place: Path, backup: Path, what: str) -> list[str]:
    files = {
        "attachment": [next(path for path in sorted((place / "attachments").glob("*/*")) if path.is_file())],
        "key file": [place / rng.choice(("keys.json", "keys-copy.json"))],
        "both key files": [place / "keys.json", place / "keys-copy.json"],
        "backup": [backup],
    }[what]
    for file in files:
        harm, content = _harmed(rng, file)
    try:
        if what == "backup":
            restoring.restore(place, backup, workplace.LATEST, STARTED, Progress(), Right("王敏"))
            return [f"a backup with {harm} was put back"]
        session = staffing.sign_in(place, ADMIN, PASSWORD)
        found = checking.check(session)
        whole = len({(place / name).read_bytes() for name in ("keys.json", "keys-copy.json")}) == 1
    except UserError:
        whole, found = False, []
        if what in ("attachment", "key file"):
            return [f"{what} with {harm}: nobody can sign in"]
        return [] if what != "backup" or backup.read_bytes() == content else ["the damaged backup was overwritten"]
    if what == "key file":
        return [] if whole and session.notices and not found else [f"key file with {harm} was not mended and told"]
    return [] if what == "attachment" and found else [f"{what} with {harm} was not found"]


def unsealed(folder: Path, times: int) -> Tried:
    """The control: an attached file read without the check of its hash, beside a plain database."""
    source = folder / "source"
    session = _branch(source)
    record = Make(session).customer()
    (folder / "发票.jpg").write_bytes(draw("file").randbytes(20_000))
    file = attachments.attach(session, record, folder / "发票.jpg")
    rng, wrong, before = draw("unsealed"), [], file.path.read_bytes()
    for turn in range(times):
        harm, _content = _harmed(rng, file.path)
        try:
            file.content()
            wrong.append(f"{turn}: {harm} was not found")
        except UserError:
            pass
        file.path.write_bytes(before)
    store.close()
    return Tried(times, tuple(wrong))


TRIALS = (
    Trial(
        "damage",
        "random damage to the database of a branch with passwords (bits, zeros, noise, swapped pages, cuts): sign-in refuses or "
        "`kesu check` finds it, and the damaged file is left as it is",
        encrypted, 500, 7,
        "the same on a plain database, by SQLite's integrity_check", plain, 100,
    ),
    Trial(
        "damage-beside",
        "the same to attached files, copies of the key file and backups: found, mended from the second copy, or refused",
        beside, 200, 8,
        "an attached file of an open branch, opened without the check", unsealed, 40,
    ),
)  # fmt: skip
