"""The cards of a customer's page: what was promised, the last year, people, grades, and what to heed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.core import formats
from app.core.language import _
from app.core.session import Session
from app.models import anniversaries, customer_queries, customer_steps, merges, sight
from app.models.customer_steps import Grading
from app.models.customers import Customer
from app.models.listing import PROMISES
from app.models.record import Part, parts_of
from app.services import customer_file, promise_board
from app.services.promise_board import Owed
from app.views.customer_facts import anniversary_words
from app.views.desk import Desk
from app.views.line_table import LineTable
from app.views.messages import Act, MessageBar
from app.views.pickers import maybe_same
from app.views.pieces.basics import IconMark, button, label, row
from app.views.pieces.cards import Card
from app.views.pieces.heads import Elided
from app.views.preview import fact_pairs
from app.views.veil import value_label

_FACTS = ("licence", "type", "route", "customer_manager", "phone", "credit_code", "customer_since", "address")
_SHOWN = 6


def facts_card(session: Session, customer: Customer) -> Card:
    """What is known, four beside each other."""
    card = Card()
    grid = QGridLayout()
    grid.setHorizontalSpacing(20)
    grid.setVerticalSpacing(4)
    for place, (word, value) in enumerate(fact_pairs(session, customer, _FACTS)):
        line, column = divmod(place, 4)
        grid.addWidget(label(word, "small"), 2 * line, column)
        shown = label(value, wrap=True, selectable=True) if isinstance(value, str) else value
        grid.addWidget(shown, 2 * line + 1, column, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(column, 1)
    card.body.addLayout(grid)
    tags = customer["tags"]
    if tags:
        card.body.addWidget(label(_(", ").join(tags), "hint", wrap=True))
    if customer.background:
        note = str(customer.background)
        read = str(sight.shown(session, customer.field("background"), note))
        words = read if read == note else _("Background note: {note}").format(note=read)
        card.body.addWidget(value_label(session, customer, "background", words, note, "secondary"))
    return card


def bars(desk: Desk, customer: Customer) -> list[QWidget]:
    """What has to be known first: lost, ended, merged, void, or perhaps here twice."""
    near = partial(formats.near, now=desk.session.now())
    if erased := customer.erased():
        return [MessageBar("info", erased)]
    if customer.status == "lost":
        return [_lost(desk, customer)]
    if customer.status == "ended":
        day = near(customer.ended_on) if customer.ended_on else ""
        return [MessageBar("info", _("The relation ended {day}.").format(day=day))]
    if customer.status == "voided":
        return [MessageBar("info", _("Void: {reason}").format(reason=customer.void_reason))]
    if customer.status == "merged":
        return []
    found = customer_queries.known(desk.session, _typed(customer), str(customer.number))
    act = _("Compare")
    return [
        MessageBar("warn", maybe_same(one), [(act, partial(desk.new, "merge", {"keep": customer.number, "other": one.number}))])
        for one in found[:1]
    ]


def _typed(customer: Customer) -> dict[str, object]:
    values = {code: customer[code] for code in ("name", "phone", "licence", "credit_code")}
    return values | {"contacts": [{"phone": line["phone"]} for line in parts_of(customer, "contacts")]}


def _lost(desk: Desk, customer: Customer) -> MessageBar:
    day = formats.near(customer.lost_on, desk.session.now()) if customer.lost_on else ""
    sentence = _("Lost {day}: {reason}").format(day=day, reason=customer.lost_reason or "—")
    complaint = customer_queries.lost_after(customer)
    if complaint is None:
        return MessageBar("info", sentence)
    told = _("{sentence} There was a complaint before.").format(sentence=sentence)
    return MessageBar("bad", told, [(complaint, partial(desk.open, complaint))])


def promises_card(desk: Desk, customer: Customer) -> Card | None:
    """What is owed to the customer."""
    owed = promise_board.owed(desk.session, _SHOWN, customer=customer.id)
    if not owed:
        return None
    card = Card(_("Promises"))
    card.add_act(label(_("{count} promises").format(count=len(owed)), "hint"))
    for one in owed:
        card.body.addLayout(_promise(desk, one))
    return card


def _promise(desk: Desk, one: Owed) -> QVBoxLayout:
    late = one.overdue is not None
    mark = IconMark("alert-triangle" if late else "clock", "bad" if late else "warn" if one.today else "text2")
    subject = formats.label(PROMISES.field("subject"), one.subject)
    words = _("{what}: {when}").format(what=subject, when=formats.near(one.due, desk.session.now()))
    made = QVBoxLayout()
    made.setSpacing(0)
    made.addLayout(row(mark, label(words, "error" if late else ""), None))
    made.addLayout(row(24, label(one.handler, "hint"), button(one.case, "link", on_click=partial(desk.open, one.case)), None))
    return made


def year_card(session: Session, customer: Customer) -> Card:
    """The last year in four figures."""
    year = customer_file.last_year(session, customer)
    score = "—" if year.satisfaction is None else f"{year.satisfaction:.1f}"
    figures = (
        (_("Complaints"), str(year.complaints), ""),
        (_("Objections"), str(year.objections), ""),
        (_("Compensation"), formats.money(year.compensation), _("yuan")),
        (_("Satisfaction"), score, ""),
    )
    card = Card(_("Last year"))
    grid = QGridLayout()
    for place, (word, number, unit) in enumerate(figures):
        line, column = divmod(place, 2)
        grid.addWidget(label(word, "small"), 2 * line, column)
        grid.addLayout(row(label(number, "number"), label(unit, "secondary"), None, gap=4), 2 * line + 1, column)
    card.body.addLayout(grid)
    return card


def contacts_card(desk: Desk, customer: Customer, *, writable: bool) -> Card:
    """Who speaks for the customer, the main one first; who left stays below."""
    card = Card(_("Contacts"))
    if writable:
        given = {"_edit": str(customer.number), "_go": "contacts"}
        card.add_act(button(_("Add"), "link", name="add_contact", on_click=partial(desk.new, "customer", given)))
    people = sorted(parts_of(customer, "contacts"), key=lambda one: (one["until"] is not None, not one["main"]))
    for one in people:
        card.body.addLayout(_person(desk.session, customer, one))
    if not people:
        card.body.addWidget(label(_("Nobody is known yet."), "secondary"))
    return card


def _person(session: Session, customer: Customer, one: Part) -> QVBoxLayout:
    left = one["until"] is not None
    main = _("main contact") if one["main"] and not left else ""
    until = _("until {day}").format(day=formats.near(one["until"], session.now())) if left else ""
    detail = "   ".join(word for word in (one["role"], main, until) if word)
    made = QVBoxLayout()
    made.setSpacing(0)
    name = Elided(str(one["name"]), "secondary" if left else "", selectable=True)
    number = str(one["phone"] or "")
    read = str(sight.shown(session, one.field("phone"), number))
    phone = value_label(session, customer, "contacts", read, number, "hint" if left else "secondary")
    made.addLayout(row(IconMark("user", "text3" if left else "text2"), name, None, phone))
    if detail:
        made.addLayout(row(24, label(detail, "hint"), None))
    return made


def grades_card(session: Session, customer: Customer) -> Card | None:
    """Each change of tier and integrity grade with its reason, the newest first."""
    found = customer_steps.gradings(customer)[::-1]
    if not found:
        return None
    card = Card(_("Changes of tier and grade"))
    head = [_("When"), _("Change"), _("Why")]
    card.body.addWidget(LineTable(head, [_grading(session, customer, one) for one in found], [False] * 3))
    return card


def _grading(session: Session, customer: Customer, one: Grading) -> list[str]:
    field = customer.field(one.field)
    old, new = (formats.label(field, value) if value else "—" for value in (one.old, one.new))
    why = {"merge": _("Merged: {number}"), "unmerge": _("Merge undone: {number}")}.get(one.step, "{number}")
    day = formats.near(one.at.astimezone(session.branch.zone).date(), session.now())
    reason = f"{why.format(number=one.reason)}   {one.who}".strip()
    return [day, _("{old} → {new}").format(old=old, new=new), reason]


def heed_card(desk: Desk, customer: Customer) -> Card | None:
    """The days that come."""
    if customer.status != "active":
        return None
    coming = anniversaries.of_customer(desk.session, customer.id)
    if not coming:
        return None
    card = Card(_("Coming days"))
    for one in coming:
        icon = "cake" if one.contact else "star"
        words = anniversary_words(one)
        day = formats.near(one.day, desk.session.now())
        card.body.addLayout(row(IconMark(icon), label(words, wrap=True), None, label(day, "hint")))
    return card


def merged_bar(desk: Desk, customer: Customer, undo: Callable[[], object]) -> MessageBar:
    """Which record stands for this one since when."""
    made = merges.standing(customer)
    survivor = customer.merged_into
    assert made is not None
    when = formats.near(made.at, desk.session.now())
    words = _("Merged into {number} {name}, {when} by {person}. Its cases and contacts stand there.")
    sentence = words.format(number=survivor.number, name=survivor.name, when=when, person=made.who)
    acts: list[Act] = [
        (_("Open {number}").format(number=survivor.number), partial(desk.open, survivor.number)),
        (_("Undo merge"), undo),
    ]
    return MessageBar("info", sentence, acts)
