"""拜访准备单: what to know before one visits a customer, on a page or two, with room for what is said there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from app.core import formats
from app.core.language import _
from app.core.times import Moment
from app.reports.documents.parts import day, moment, part, short_day
from app.reports.grid import Grid, Row, form_row, memo_row, nothing, table
from app.reports.layout import Block
from app.reports.pdf import Paper, Sheaf

_NOTES = 84
_MOST_OF_WORDS = 90


class Person(NamedTuple):
    """A contact."""

    name: str
    role: str = ""
    phone: str = ""
    birthday: date | None = None
    main: bool = False


class Case(NamedTuple):
    """An open complaint or objection; `state` and `who` as text."""

    number: str
    since: Moment
    what: str
    state: str
    who: str = ""


class Due(NamedTuple):
    """Something owed; `late`: its time is over."""

    what: str
    due: Moment
    case: str
    late: bool = False


class Said(NamedTuple):
    """An objection raised before, and how it ended."""

    number: str
    on: Moment
    what: str
    result: str = ""
    satisfaction: int | None = None


class Answer(NamedTuple):
    """A card that fits."""

    number: str
    words: str
    answer: str
    rests_on: str = ""


@dataclass(frozen=True)
class VisitSheet:
    """One customer; labels of choices as text, instants in the branch's zone."""

    paper: Paper
    customer: str
    number: str
    tier: str = ""
    integrity: str = ""
    type: str = ""
    route: str = ""
    manager: str = ""
    phone: str = ""
    licence: str = ""
    since: date | None = None
    address: str = ""
    contacts: tuple[Person, ...] = ()
    cases: tuple[Case, ...] = ()
    owed: tuple[Due, ...] = ()
    objections: tuple[Said, ...] = ()
    answers: tuple[Answer, ...] = ()


def visit_sheaf(data: VisitSheet) -> Sheaf:
    """The paper."""
    blocks: list[Block] = [
        Grid(_customer(data)),
        *part(_("Contacts"), _contacts(data)),
        *part(_("Promised and not done yet"), _owed(data)),
        *part(_("Complaints and objections still open"), _cases(data)),
        *part(_("Last objections"), _objections(data)),
        *part(_("Cards that fit"), Grid([_answer(one) for one in data.answers]) if data.answers else nothing()),
        *part(_("This visit"), Grid(_notes())),
    ]
    return Sheaf(data.paper, _("Pre-visit sheet"), blocks)


def _customer(data: VisitSheet) -> list[Row]:
    return [
        form_row(
            (_("Customer"), f"{data.customer} {data.number}", 0.5),
            (_("Tier"), data.tier, 0.27),
            (_("Integrity"), data.integrity, 0.23),
        ),
        form_row(
            (_("Type"), data.type, 0.3), (_("Customer manager"), data.manager, 0.3), (_("Customer since"), day(data.since), 0.4)
        ),
        form_row((_("Phone"), data.phone, 0.5), (_("Licence"), data.licence, 0.5)),
        form_row((_("Address"), data.address, 0.5), (_("Route"), data.route, 0.5)),
    ]


def _contacts(data: VisitSheet) -> Grid:
    captions = (_("Name"), _("Position"), _("Phone"), _("Birthday"))
    rows = [
        (f"{one.name} ★" if one.main else one.name, one.role, one.phone, formats.day(one.birthday) if one.birthday else "")
        for one in data.contacts
    ]
    return table(captions, (0.25, 0.25, 0.3, 0.2), rows)


def _owed(data: VisitSheet) -> Grid:
    captions = (_("Due"), _("What was promised"), _("Case"))
    rows = [
        (_("{due} (overdue)").format(due=moment(one.due)) if one.late else moment(one.due), one.what, one.case)
        for one in data.owed
    ]
    return table(captions, (0.4, 0.3, 0.3), rows)


def _cases(data: VisitSheet) -> Grid:
    captions = (_("Number"), _("Since"), _("What"), _("State"), _("Owner"))
    rows = [(one.number, short_day(one.since), _short(one.what), one.state, one.who) for one in data.cases]
    return table(captions, (0.19, 0.13, 0.44, 0.13, 0.11), rows)


def _objections(data: VisitSheet) -> Grid:
    captions = (_("Date"), _("What"), _("Result"), _("Satisfaction"))
    rows = [
        (
            f"{short_day(one.on)}\n{one.number}",
            _short(one.what),
            _short(one.result),
            "" if one.satisfaction is None else f"{one.satisfaction} / 5",
        )
        for one in data.objections
    ]
    return table(captions, (0.19, 0.38, 0.33, 0.1), rows)


def _answer(one: Answer) -> Row:
    rests = _("{caption}: {value}").format(caption=_("Evidence"), value=one.rests_on) if one.rests_on else ""
    text = "\n".join(part for part in (_("“{words}”").format(words=one.words), one.answer, rests) if part)
    return memo_row(one.number, text, least=20)


def _notes() -> list[Row]:
    return [
        memo_row(_("What we talked about"), "", least=_NOTES, ruled=True),
        memo_row(_("What was agreed, until when"), "", least=_NOTES / 2, ruled=True, joined=True),
    ]


def _short(text: str) -> str:
    """The beginning of a long text: the case itself tells the rest, and its number stands beside it."""
    plain = text.replace("\n", " ")
    return plain if len(plain) <= _MOST_OF_WORDS else plain[:_MOST_OF_WORDS] + "…"
