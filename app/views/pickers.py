"""How fields that name a customer or a product find it, and how one that is missing is added without leaving the form."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core import formats
from app.core.errors import UserError, ValidationError
from app.core.language import N_, _
from app.core.session import Session
from app.models import customer_queries
from app.models.cards import Card as ObjectionCard
from app.models.customers import Customer
from app.models.evidence import Evidence
from app.models.listing import CARDS, EVIDENCE, PRODUCTS, Query
from app.models.products import Product
from app.models.record import Record, add, find
from app.views.autocomplete import Picker, RecordEditor, Suggestion
from app.views.desk import Desk
from app.views.forms import Form, Section, Shape
from app.views.messages import Dialog, MessageBar, confirm
from app.views.pieces.basics import clear, label
from app.views.preview import card_line, name_of

_QUICK: Mapping[type[Record], tuple[str, ...]] = {
    Customer: ("name", "phone", "type", "licence", "address"),
    Product: ("name", "code", "specification", "unit", "brand"),
    Evidence: ("title", "type", "source", "valid_to", "text"),
}


def pickers(desk: Desk) -> Mapping[str, Picker]:
    """Pickers by kind of record, for a form."""
    session = desk.session
    return {
        "customer": Picker(
            partial(_customers, session),
            partial(_name, session, Customer),
            partial(_create, desk, Customer),
            N_("Add customer “{text}”"),
        ),
        "product": Picker(
            partial(_products, session),
            partial(_name, session, Product),
            partial(_create, desk, Product),
            N_("Add product “{text}”"),
        ),
        "evidence": Picker(
            partial(_evidence, session),
            partial(_name, session, Evidence),
            partial(_create, desk, Evidence),
            N_("Add evidence “{text}”"),
        ),
        "card": Picker(partial(_cards, session), partial(_name, session, ObjectionCard)),
    }


def customer_picker(session: Session) -> Picker:
    """Customers who are here, without a way to add one."""
    return Picker(partial(_customers, session), partial(_name, session, Customer))


def _customers(session: Session, typed: str) -> list[Suggestion]:
    found = []
    for one in customer_queries.suggest(session, typed):
        tail = _("ends {digits}").format(digits=one.phone[-4:]) if one.phone else ""
        detail = "·".join(part for part in (one.address, tail) if part) or one.number
        found.append(Suggestion(one.number, one.name, detail, one.matched))
    return found


def _products(session: Session, typed: str) -> list[Suggestion]:
    place = {code: PRODUCTS.columns.index(code) + 1 for code in ("number", "name", "code", "specification", "unit", "status")}
    rows = PRODUCTS.page(session, Query(text=typed, where={"status": ("active",)}), 0, 8)
    return [
        Suggestion(
            row[place["number"]],
            row[place["name"]],
            "·".join(row[place[code]] for code in ("code", "specification", "unit") if row[place[code]]),
        )
        for row in rows
    ]


def _evidence(session: Session, typed: str) -> list[Suggestion]:
    place = {code: EVIDENCE.columns.index(code) + 1 for code in ("number", "title", "source")}
    rows = EVIDENCE.page(session, Query(text=typed, where={"status": ("active",)}), 0, 8)
    return [Suggestion(row[place["number"]], row[place["title"]], row[place["source"]] or row[place["number"]]) for row in rows]


def _cards(session: Session, typed: str) -> list[Suggestion]:
    place = {code: CARDS.columns.index(code) + 1 for code in ("number", "words", "answer")}
    rows = CARDS.page(session, Query(text=typed, where={"status": ("published",)}), 0, 8)
    return [
        Suggestion(row[place["number"]], card_line(row[place["number"]], row[place["words"]]), row[place["answer"]] or "")
        for row in rows
    ]


def _name(session: Session, kind: type[Record], number: str) -> str:
    try:
        return name_of(find(session, kind, number))
    except UserError:
        return ""


def maybe_same(one: customer_queries.Known) -> str:
    """That it may be the same customer, and why."""
    return _("{number} {name} may be the same customer: {why}.").format(**one._asdict())


def _create(desk: Desk, kind: type[Record], typed: str, asked: RecordEditor) -> None:
    """Not waited for: what asked is in the middle of a key, and may be gone when the dialog ends (then Qt tells nobody)."""
    dialog = QuickAdd(desk, kind, typed, asked.window())
    dialog.answered.connect(asked.take_added)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


class QuickAdd(Dialog):
    """The few fields that a customer or product needs at once; the rest can wait."""

    answered = Signal(object)
    """The record to choose, as a suggestion; None where the person thought better of it."""

    def __init__(self, desk: Desk, kind: type[Record], typed: str, parent: QWidget | None) -> None:
        super().__init__(_("Add {kind}").format(kind=_(kind.LABEL)), "", parent, width=560)
        self._desk, self._kind = desk, kind
        self.made: Record | None = None
        codes = _QUICK[kind]
        fields = tuple(kind.field(code) for code in codes)
        self.form = Form(Shape(fields, (Section("", codes),), numbered=False), desk.session.now)
        self.form.set_values({"phone" if typed.isdigit() and "phone" in codes else codes[0]: typed})
        self.body.addWidget(self.form)
        self._said = label("", "error", wrap=True)
        self.body.addWidget(self._said)
        self._here = QVBoxLayout()
        self.body.addLayout(self._here)
        if kind is Customer:
            self.form.changed.connect(lambda _code: self._heed())
            self._heed()
        self.offer("", _("Cancel"), closes=False).clicked.connect(lambda _checked=False: self.reject())
        act = self.offer("add", _("Add"), "primary", "Ctrl+Return", default=True, closes=False)
        act.clicked.connect(lambda _checked=False: self.save())
        self._begun = self._values()
        self.form.focus_field(codes[0])

    def _values(self) -> dict[str, Any]:
        zone = self._desk.session.branch.zone
        return {code: formats.as_json(value, zone) for code, value in self.form.values().items()}

    def _heed(self) -> None:
        """Who is here already and may be meant can be taken at once."""
        clear(self._here)
        for one in customer_queries.known(self._desk.session, self._values()):
            act = (_("Take {number}").format(number=one.number), partial(self._take, one.number))
            self._here.addWidget(MessageBar("warn", maybe_same(one), [act]))

    def _take(self, number: str) -> None:
        self.made = find(self._desk.session, self._kind, number)
        self.end("add")

    def save(self) -> None:
        """Add the record; what is wrong is said at its field."""
        try:
            self.made = add(self._desk.session, self._kind, self._values())
        except ValidationError as error:
            self._said.setText(" ".join(self.form.set_errors(error.errors)))
        except UserError as error:
            self._said.setText(str(error))
        else:
            self.end("add")

    def reject(self) -> None:
        """Esc and Cancel: what was typed here is not thrown away unasked."""
        if self._values() == self._begun or confirm(
            self,
            _("Leave without adding?"),
            _("What was typed here is kept nowhere else."),
            _("Throw away"),
            _("Stay"),
        ):
            super().reject()

    def done(self, result: int) -> None:
        """Tell who asked."""
        super().done(result)
        self.answered.emit(Suggestion(self.made.number, name_of(self.made)) if self.made is not None else None)
