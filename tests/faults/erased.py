"""Customers are erased one after the other: nothing that was typed of them is in any file of the folder any more."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from app.core import database as store
from app.core import search_index
from app.core.preferences import Preferences
from app.core.progress import Progress
from app.models import attachments, unfinished
from app.models.record import edit
from app.services import backup_file, backups, checking, erasures
from tests.branch import new_branch
from tests.faults.trial import Trial, Tried, draw
from tests.make import Make
from tests.stores import tables_of

_RARE = [chr(code) for code in range(0x20000, 0x2A000)]
"""Characters of which no other text here is made."""
_TELLING = re.compile(rb"\xf0[\xa0-\xaa][\x80-\xbf]{2}|1[3]\d{9}")


class _Person:
    """Somebody, of whom each text is made of characters that nobody else has."""

    def __init__(self, make: Make, rng: Random, own: list[str], folder: Path) -> None:
        def word(length: int) -> str:
            return "".join(own.pop() for _letter in range(length))

        self.words = [word(3) for _place in range(9)]
        name, former, contact, address, note, what, said, file, draft = self.words
        self.phones = [f"13{rng.randint(10**8, 10**9 - 1)}", f"13{rng.randint(10**8, 10**9 - 1)}"]
        contacts = [{"name": contact, "phone": self.phones[1], "main": True}]
        one = make.customer(name=former, phone=self.phones[0], address=address, contacts=contacts, background=note)
        one = edit(make.session, one, {"name": name}, one.version)
        one = make.steps(one, ("log", {"kind": "visit", "at": "2026-11-20", "text": said}))
        objection = make.objection(customer=one.number, what=what, who=contact)
        make.steps(objection, ("close", {"solved_on_spot": True, "satisfaction": 5, "result": said}))
        case = make.complaint(customer=one.number, complainant=contact, phone=self.phones[1], description=what)
        path = folder / f"{file}.jpg"
        path.write_bytes(b"\xff\xd8" + file.encode() * 50)
        attachments.attach(make.session, case, path, "licence")
        make.steps(case, "sign", ("close", {"reason": said, "satisfaction": 4, "result": what, "lesson": f"{contact}要早打电话"}))
        unfinished.keep(make.session, "complaint", name, {"description": draft})
        self.customer = make.again(one)


def _live(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file that is there now, by name, and what is in a backup that was made since."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.name.encode() + path.read_bytes()


def _hits(folder: Path, people: list[_Person]) -> list[str]:
    """By two of a word's characters, for the search index keeps no whole words; one alone may stand in any hash."""
    hits = []
    for name, content in _live(folder):
        seen = {found.decode() for found in _TELLING.findall(content)}
        for person in people:
            hits += [f"{phone} in {name}" for phone in person.phones if phone in seen]
            hits += [f"{word} in {name}" for word in person.words if sum(letter in seen for letter in word) > 1]
    return hits


def erase(folder: Path, times: int) -> Tried:
    """Erase each, look after every fifth and after a backup that is made then, unpacked."""
    data, sources = folder / "data", folder / "sources"
    sources.mkdir()
    make = Make(new_branch(data))
    rng, own = draw("erased"), list(_RARE)
    rng.shuffle(own)
    people = [_Person(make, rng, own, sources) for _turn in range(times)]
    make.customer(name="别家")
    Preferences(data).put("width", 1366)
    before = len(_hits(data, people))
    assert before >= times * 11, "the scan must see them while they are there"
    wrong: list[str] = []
    for place, person in enumerate(people, 1):
        if not erasures.erase(make.session, person.customer, "书面申请").clean:
            wrong.append(f"{person.customer.number}: not swept")
        if place % 5 == 0 or place == len(people):
            wrong += _hits(data, people[:place])
    left = len(tables_of(data)["customer"])
    wrong += [f"{fault.where}: {fault.what}" for fault in checking.check(make.session)]
    wrong += [f"in a backup: {hit}" for hit in _hits(_unpacked(data, folder, make), people)]
    wrong += _hits(data, people)
    store.close()
    wrong += _hits(data, people)
    return Tried(times, tuple(wrong), f"{before:,} hits before, {len(wrong)} after; {left} customers still counted")


def _unpacked(data: Path, folder: Path, make: Make) -> Path:
    place = folder / "unpacked"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    backup_file.unpack(backups.make(data, "hand", make.session.clock()).backup.path, place, Progress())
    return place


def insecure(folder: Path, times: int) -> Tried:
    """The control: secure_delete off."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "PRAGMAS", tuple((name, 0 if name == "secure_delete" else value) for name, value in store.PRAGMAS))
        return erase(folder, times)


def unswept(folder: Path, times: int) -> Tried:
    """The second control: the search index is left as it is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_index, "compact", lambda _progress: None)
        return erase(folder, times)


def both(folder: Path, times: int) -> Tried:
    """Each of them has to be found out."""
    (folder / "1").mkdir()
    (folder / "2").mkdir()
    first, second = insecure(folder / "1", times), unswept(folder / "2", times)
    found = first.wrong + second.wrong if first.wrong and second.wrong else ()
    return Tried(
        first.times + second.times, found, f"{len(first.wrong)} without secure_delete, {len(second.wrong)} with the old index"
    )


TRIALS = (
    Trial(
        "erased",
        "customers with a changed name, contacts, log, cases, an attached file and a form half typed are erased; every byte of "
        "every file of the folder is searched for all that was typed of them, and a backup made afterwards, unpacked",
        erase, 100, 6,
        "secure_delete off, and the search index not put together anew", both, 12,
    ),
)  # fmt: skip
