"""回访单: what was agreed, what the customer said when called back, and the questions of the next call, answered by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from app.core.language import N_, _
from app.core.times import Moment
from app.reports.documents.parts import PARAGRAPH, blank_day, boxes, day, moment, part, short_day, yes_no
from app.reports.grid import BODY, LABEL, SMALL, Cell, Grid, Row, form_row, head_row, memo_row, table
from app.reports.layout import Block, Entry, Signatures, Text
from app.reports.pdf import Paper, Sheaf
from app.reports.typesetting import Align, Style

SCORES = (N_("very dissatisfied"), N_("dissatisfied"), N_("so-so"), N_("satisfied"), N_("very satisfied"))
"""The words of 1 to 5."""
_CENTRE, _RIGHT = SMALL._replace(align=Align.CENTRE), SMALL._replace(align=Align.RIGHT)
_HINT = Style(8.5, spacing=1.5, grey=0.3)
_SHARES = (0.06, 0.34, 0.6)


class Agreed(NamedTuple):
    """A remedy that binds us and how far it is, amounts as text with their units."""

    way: str
    content: str
    promised: str
    delivered: str
    owed: str = ""


class Call(NamedTuple):
    """A follow-up that was made, or tried."""

    at: Moment | None
    who: str = ""
    way: str = ""
    reached: bool | None = None
    result: int | None = None
    process: int | None = None
    dissatisfied: str = ""
    change: bool | None = None
    words: str = ""
    round: int = 1


@dataclass(frozen=True)
class FollowUpSheet:
    """A complaint whose customer is called back. `waiting`: there is a call to make, with room for its answers."""

    paper: Paper
    complaint_number: str
    customer: str = ""
    contact: str = ""
    phone: str = ""
    address: str = ""
    handler: str = ""
    round: int = 1
    agreement_number: str = ""
    planned_for: date | None = None
    planned_by: str = ""
    agreed: tuple[Agreed, ...] = ()
    calls: tuple[Call, ...] = ()
    waiting: bool = True


def follow_up_sheaf(data: FollowUpSheet) -> Sheaf:
    """The paper."""
    blocks: list[Block] = [
        Grid(_head(data)),
        *part(_("What was agreed"), _agreed(data.agreed)),
        *(block for number, call in enumerate(data.calls, 1) for block in _call(number, call)),
        *(_questions(data) if data.waiting else [_signatures(data)]),
    ]
    return Sheaf(data.paper, _("Follow-up sheet"), blocks)


def _head(data: FollowUpSheet) -> list[Row]:
    return [
        form_row((_("Complaint"), data.complaint_number, 0.38), (_("Agreement"), data.agreement_number, 0.38),
                 (_("Round"), str(data.round), 0.24), label=0.12),
        form_row((_("Customer"), data.customer, 0.62), (_("Handler"), data.handler, 0.38), label=0.12),
        form_row((_("Contact person"), data.contact, 0.38), (_("Phone"), data.phone, 0.62), label=0.12),
        form_row((_("Address"), data.address, 1), label=0.12),
        form_row((_("Planned for"), day(data.planned_for), 0.62), (_("Follow-up by"), data.planned_by, 0.38), label=0.12),
    ]  # fmt: skip


def _agreed(lines: Sequence[Agreed]) -> Grid:
    captions = (_("#"), _("Remedy"), _("Content"), _("Promised"), _("Delivered"), _("Owed"))
    rows = [(str(number), *line) for number, line in enumerate(lines, 1)]
    return table(captions, (0.06, 0.17, 0.38, 0.13, 0.13, 0.13), rows, (_CENTRE, SMALL, SMALL, _RIGHT, _RIGHT, _RIGHT))


def score(value: int | None) -> str:
    """A score with its word; empty where none was given."""
    return "" if value is None else f"{value} / 5  {_(SCORES[value - 1])}"


def _call(number: int, call: Call) -> list[Block]:
    title = _("Follow-up {number}").format(number=number)
    rows = [
        form_row((_("Time"), moment(call.at), 0.4), (_("How"), call.way, 0.25), (_("Follow-up by"), call.who, 0.35), label=0.12),
        form_row((_("Reached"), yes_no(call.reached), 0.4), (_("Round"), str(call.round), 0.25),
                 (_("Change the solution"), yes_no(call.change), 0.35), label=0.12),
        form_row((_("Result (1–5)"), score(call.result), 0.4), (_("Process (1–5)"), score(call.process), 0.6), label=0.12),
        memo_row(_("Still dissatisfied about"), call.dissatisfied, label=0.12, least=22),
        memo_row(_("What the customer said"), call.words, label=0.12, least=22),
    ]  # fmt: skip
    return part(title, Grid([rows[0], *(Row(one.cells, one.least, joined=True) for one in rows[1:])]))


def _questions(data: FollowUpSheet) -> list[Block]:
    """A call to make: how to begin, what to ask, and what becomes of the answers."""
    begin = _("“Good day, this is {branch}. You told us of a trouble under {number}; I would like to ask how it was settled.”")
    told = _("A score of 1 or 2, or a wish to change the solution, opens the next round; after a 3 another call is arranged.")
    return [
        *part(_("This call")),
        Text(begin.format(branch=data.paper.branch, number=data.complaint_number), PARAGRAPH),
        Text(told, _HINT, with_next=True),
        Grid([_reached()], before=3),
        Grid(_asked(), [head_row((_("#"), _("Question"), _("Customer's answer")), _SHARES)]),
        _signatures(data),
    ]


def _reached() -> Row:
    again = _("not reached, again on {day}").format(day=blank_day())
    return form_row((_("Time"), "", 0.35), (_("Reached"), boxes([_("yes"), again]), 0.65), label=0.12, least=26)


def _asked() -> list[Row]:
    either = boxes([_("yes"), _("no")])
    scale = boxes([f"1 {_(SCORES[0])}", "2", "3", "4", f"5 {_(SCORES[4])}"])
    questions = (
        (_("Did you get everything that was agreed, on time?"), either, False),
        (_("How satisfied are you with the result?"), scale, False),
        (_("How satisfied are you with the way it was handled?"), scale, False),
        (_("What are you still dissatisfied about?"), "", True),
        (_("Should the solution be changed? How?"), either, True),
        (_("What should we do better?"), "", True),
    )
    return [_question(number, *one) for number, one in enumerate(questions, 1)]


def _question(number: int, question: str, answer: str, ruled: bool) -> Row:
    cells = [
        Cell(str(number), _SHARES[0], LABEL, shaded=True),
        Cell(question, _SHARES[1]),
        Cell(answer, _SHARES[2], BODY._replace(size=9), ruled=ruled, top=ruled),
    ]
    return Row(cells, 46 if ruled else 28)


def _signatures(data: FollowUpSheet) -> Signatures:
    last = data.calls[-1] if data.calls and not data.waiting else None
    when = short_day(last.at) if last else ""
    return Signatures(
        [
            [Entry(_("Followed up by:"), last.who if last else ""), Entry(_("Date:"), when or blank_day(), line=False)],
            [Entry(_("Customer (if visited):")), Entry(_("Date:"), blank_day(), line=False)],
        ]
    )
