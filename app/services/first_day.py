"""The first steps of a branch on this computer, and which of them are done: read from the data, for what is done is done.

Only that somebody looked at a thing, or wants to hear no more of it, is remembered, with what else this desk remembers.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from app.core.language import N_
from app.core.preferences import Preferences
from app.core.session import Session
from app.models import permissions, staff
from app.models.complaints import Complaint
from app.models.customers import Customer
from app.models.objections import Objection
from app.models.products import Product
from app.services import backups

NEW, MOVED = "new", "moved"
COURSES = {NEW: ("branch", "people", "register", "backup"), MOVED: ("came", "backup", "people")}
"""The steps of a branch that was begun here, and of one that came from another computer."""
_KEPT = "first_day"
_SEEN = "people"
"""The step that is done by looking, where the branch came from elsewhere."""


class Step(NamedTuple):
    """`page` and `part` (of the settings) are where it is done; `seen`: a look is enough."""

    code: str
    title: str
    text: str
    page: str
    part: str
    done: bool
    seen: bool = False


class _Told(NamedTuple):
    title: str
    text: str
    verb: str
    page: str
    part: str = ""


_STEPS = {
    "came": _Told(
        N_("Data"),
        N_("The data of the old computer are here. The first line is what was written last there; write nothing on it any more."),
        "branch.edit",
        "history",
    ),
    "branch": _Told(
        N_("Branch"),
        N_("Add phone, legal name, code and representative, then save: they stand on every paper."),
        "branch.edit",
        "settings",
        "branch",
    ),
    "people": _Told(
        N_("People"),
        N_("Turn passwords on and add the colleagues with their roles. Who works alone can leave it."),
        "staff.edit",
        "settings",
        "staff",
    ),
    "register": _Told(
        N_("Old register"),
        N_(
            "Choose a file, customers and products before old cases; try it without writing, then take it in. Products without a "
            "list are added while a complaint is typed, with Ctrl+I."
        ),
        "register.import",
        "import",
    ),
    "backup": _Told(
        N_("Second place"),
        N_("Choose a folder on another disk or a share: the first backup is made and copied there at once."),
        "backup.place",
        "settings",
        "backup",
    ),
}
_ADD = N_("Add the colleagues with their roles. Who works alone can leave it.")
"""Where passwords are on already."""
_LOOK = N_("Are all here, with the right roles? Disable who has left; without passwords, turn them on here.")


def steps(session: Session, preferences: Preferences) -> tuple[Step, ...]:
    """The steps that the person may take, in their order; none in a sample, or once they are put away."""
    kept = _kept(preferences)
    if session.branch.sample or kept.get("away") or permissions.refusal(session, "branch.edit"):
        return ()
    course = course_of(preferences)
    return tuple(
        _step(session, code, looks=course == MOVED and code == _SEEN, looked=bool(kept.get("looked")))
        for code in COURSES[course]
        if not permissions.refusal(session, _STEPS[code].verb)
    )


def course_of(preferences: Preferences) -> str:
    """Which of the courses it is; the one of a new branch where nothing is known."""
    return MOVED if _kept(preferences).get("course") == MOVED else NEW


def _step(session: Session, code: str, *, looks: bool, looked: bool) -> Step:
    told = _STEPS[code]
    done = looked if looks else _is_done(session, code)
    text = _LOOK if looks else _ADD if code == "people" and not session.open else told.text
    return Step(code, told.title, text, told.page, told.part, done, looks)


def _is_done(session: Session, code: str) -> bool:
    if code == "branch":
        branch = session.branch
        return all((branch.phone, branch.legal_name, branch.credit_code, branch.representative))
    if code == "came":
        return True
    if code == "people":
        return not session.open and len(staff.listed(session)) > 1
    if code == "register":
        kinds = (Customer, Product, Objection, Complaint)
        return any(kind.select().where(kind.branch_id == session.branch.id).exists() for kind in kinds)
    return backups.second_place(session.folder) is not None


def begin(preferences: Preferences, course: str) -> None:
    """A branch was begun here, or came from another computer."""
    preferences.put(_KEPT, {"course": course})


def looked(preferences: Preferences) -> None:
    """Somebody looked at the people of a branch that came from elsewhere."""
    preferences.put(_KEPT, {**_kept(preferences), "looked": True})


def put_away(preferences: Preferences) -> None:
    """No more of it on the workbench."""
    preferences.put(_KEPT, {**_kept(preferences), "away": True})


def _kept(preferences: Preferences) -> dict[str, Any]:
    kept = preferences.get(_KEPT)
    return kept if isinstance(kept, dict) else {}
