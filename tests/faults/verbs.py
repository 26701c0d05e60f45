"""Every verb and every step, and what else writes files, each made ready to be done; and whether it left things whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.core import database as store
from app.core import keyring, replacing
from app.core.database import database
from app.core.errors import UserError
from app.core.preferences import Preferences
from app.core.progress import Progress
from app.core.tries import SignInRefused
from app.models.steps import take
from app.reports import papers, papers_many
from app.services import archiving, backups, cases, checking, encryption, restoring, unarchiving, workplace
from app.services.restore_rights import Right
from tests.branch import new_branch
from tests.faults.trial import content, files_in, litter, opened
from tests.make import Make
from tests.models.stands import ASKED, IN_STATE, ready_for
from tests.models.test_transitions import LEGAL
from tests.services.test_permissions import DEEDS
from tests.staffed import ADMIN, OWN, PASSWORD, protected, signed_in

Deed = Callable[[], object]
Prepared = Callable[[Make, Path], Deed]
SEVERAL = frozenset({"customer.merge", "form.reserve", "month.close", "staff.edit", "passwords.switch"})
"""Driven by several verbs, each of which is whole for itself: what is there between them is no fault."""
CARRIED_ON = frozenset({"restore", "archive taken in"})
"""From its plan on it is carried through by whoever opens the folder next: the one or the other is there then."""
ONCE = SEVERAL | CARRIED_ON | {"person out of the key file"}
"""What cannot be done again on the same branch."""
_STORE = store._Store
SEVERAL = frozenset({"customer.merge", "form.reserve", "month.close", "staff.edit", "passwords.switch"})
"""Driven by several verbs, each of which is whole for itself: what is there between them is no fault."""
CARRIED_ON = frozenset({"restore", "archive taken in"})
"""From its plan on it is carried through by whoever opens the folder next: the one or the other is there then."""
ONCE = SEVERAL | CARRIED_ON | {"person out of the key file"}
"""What cannot be done again on the same branch."""
_STORE = store._Store


def _step(kind: str, state: str, code: str) -> Prepared:
    def prepare(make: Make, _place: Path) -> Deed:
        special = kind == "complaint" and code in ("close", "resume", "follow-up")
        record = ready_for(make, code) if special else IN_STATE[kind](make, state)
        return lambda: take(make.session, make.again(record), code, ASKED[kind].get(code, {}))

    return prepare


def _steps() -> dict[str, Prepared]:
    found: dict[str, Prepared] = {}
    for kind, legal in LEGAL.items():
        for state, code in legal:
            found.setdefault(f"{kind}: {code}", _step(kind, state, code))
    for code in ("close", "resume"):
        found[f"complaint: {code}"] = _step("complaint", "", code)
    return found


def _with_file(make: Make, place: Path) -> Any:
    (place / "发票.jpg").write_bytes(b"\xff\xd8" + bytes(9000))
    record = make.customer()
    DEEDS["attachment.add"](make, place)()
    return record


def _prints(make: Make, place: Path) -> Deed:
    case = cases.load(make.session, make.complaint().number)
    return lambda: papers_many.write_together(make.session, place / "表.pdf", [papers.paper(make.session, papers.FORM, case)])


def _backs_up(make: Make, place: Path) -> Deed:
    _with_file(make, place)
    return lambda: backups.make(make.session.folder, "hand", make.session.clock())


def _backs_up_twice(make: Make, place: Path) -> Deed:
    """Into a second place too: that it fails there is told, and no error."""
    _with_file(make, place)
    (place / "usb").mkdir()
    backups.set_second_place(make.session, place / "usb")

    def act() -> None:
        if failed := backups.make(make.session.folder, "hand", make.session.clock()).second_failed:
            raise UserError(failed)

    return act


def _restores(make: Make, place: Path) -> Deed:
    _with_file(make, place)
    path = backups.make(make.session.folder, "hand", make.session.clock()).backup.path
    make.customer(name="后来的店")
    return lambda: restoring.restore(make.session.folder, path, workplace.LATEST, make.session.clock(), Progress(), Right("王敏"))


def _tries_out(make: Make, place: Path) -> Deed:
    _backs_up(make, place)()
    return lambda: restoring.drill(make.session, workplace.LATEST, Progress())


def _takes_in(make: Make, place: Path) -> Deed:
    _with_file(make, place)
    archiving.write(make.session, place / "all.zip", Progress())
    return lambda: unarchiving.take_in(place / "all.zip", place / "new", make.session.clock(), Progress())


def _remembers(make: Make, _place: Path) -> Deed:
    def act() -> None:
        Preferences(make.session.folder).put("width", 1366)
        if Preferences(make.session.folder).get("width") != 1366:
            raise UserError("not remembered")

    return act


def _guarded(act: Callable[[Any], object]) -> Prepared:
    def prepare(make: Make, place: Path) -> Deed:
        _with_file(make, place)
        protected(make.session)
        keyring.add_person(make.session.folder, store.present_key() or b"", "刘洋", OWN)
        return lambda: act(make.session)

    return prepare


def _wrong_password(session: Any) -> None:
    try:
        keyring.check(session.folder, ADMIN, "wrong password")
    except SignInRefused:
        return


def _new_key(session: Any) -> None:
    """Who was refused signs in again, as they are told."""
    signed_in(session, ADMIN, PASSWORD)
    encryption.rekey(session, "刘洋")


FILES: dict[str, Prepared] = {
    "document to a file": _prints,
    "backup": _backs_up,
    "backup with a second place": _backs_up_twice,
    "restore": _restores,
    "trial of a backup": _tries_out,
    "archive taken in": _takes_in,
    "what the desk remembers": _remembers,
    "password changed": _guarded(lambda session: keyring.set_password(session.folder, ADMIN, PASSWORD, PASSWORD)),
    "recovery code anew": _guarded(lambda session: keyring.new_code(session.folder, store.present_key() or b"")),
    "person out of the key file": _guarded(
        lambda session: keyring.remove_person(session.folder, store.present_key() or b"", "刘洋")
    ),
    "wrong password": _guarded(_wrong_password),
    "new key": _guarded(_new_key),
}
VERBS: dict[str, Prepared] = {**DEEDS, **_steps(), **FILES}


class Stage:
    """A branch of its own for one verb, which is done as often as it takes."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name, self.folder, self.place = name, folder / "data", folder / "out"
        self.make = Make(new_branch(self.folder))
        self.place.mkdir(parents=True)
        self.deed = VERBS[name](self.make, self.place)
        self.before, self.files = content(), files_in(folder)
        self.root = folder

    def _key(self) -> bytes | None:
        return keyring.unlock(self.folder, ADMIN, PASSWORD).key if keyring.exists(self.folder) else None

    def failed(self) -> bool:
        """Whether the verb is refused by a sentence; any other error is a fault of the program."""
        try:
            self.deed()
        except UserError as error:
            return bool(str(error))
        return False

    def wrong(self) -> Iterator[str]:
        """What is not as before after it was refused."""
        if store.database.obj is None or database.is_closed():
            opened(self.folder, self._key())
        replacing.finish(self.place / "new")
        if self.name in CARRIED_ON:
            yield from (f"{fault.where}: {fault.what}" for fault in checking.check(self.make.session))
        elif self.name not in SEVERAL and content() != self.before:
            yield "something was written although it was refused"
        yield from litter(self.root, self.files)

    def wrong_in_the_end(self) -> Iterator[str]:
        """What a check finds after it was done, by the program's own SQLite."""
        key = self._key()
        store.close()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(store, "_Store", _STORE)
            session = opened(self.folder, key)
            yield from (f"{fault.where}: {fault.what}" for fault in checking.check(session))
        yield from litter(self.root, self.files)
