"""The pane beside a list: who, what, where it stands, and what happened last, of the row that is marked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from app.core import formats
from app.core.errors import UserError
from app.core.fields import Field, Kind, Value
from app.core.language import _
from app.core.session import Session
from app.models import sight
from app.models.listing import Listing
from app.models.record import Record, find, moment_of
from app.views import style
from app.views.desk import Desk
from app.views.pieces.basics import box, button, clear, hairline, label, row
from app.views.pieces.pills import Pill, face
from app.views.veil import Veiled

_FACTS = {
    "complaint": ("received_at", "channel", "complainant", "phone", "product", "wish", "promised_at", "handler", "recorder"),
    "objection": ("occurred_at", "channel", "where", "who", "wish", "content", "cause", "promised_at", "handler", "result"),
    "customer": ("type", "phone", "address", "route", "customer_manager", "licence", "customer_since"),
    "agreement": ("complaint", "deadline", "copies", "cost", "signed_on", "signed_by"),
    "product": ("code", "specification", "brand", "unit", "active"),
    "card": ("answer", "content", "cause", "method", "published_at", "from_objection"),
    "evidence": ("type", "source", "valid_from", "valid_to"),
    "dispatch": ("complaint", "agreement", "department", "due", "accepted_by", "accepted_at", "done_at", "note"),
    "promise": ("case", "subject", "due", "kept_at", "given_at", "given_by", "handler", "note"),
    "action": ("complaint", "cause", "lasting", "department", "person", "due", "check_on", "done_at", "published_at"),
}
_PILLS = {
    "complaint": ("status", "severity"),
    "objection": ("status",),
    "customer": ("tier", "integrity", "status"),
    "agreement": ("status",),
    "product": (),
    "card": ("status",),
    "evidence": ("status",),
    "dispatch": ("status",),
    "promise": ("status",),
    "action": ("status",),
}
_NAME = {
    "complaint": "customer_name",
    "objection": "customer_name",
    "customer": "name",
    "agreement": "customer_name",
    "product": "name",
    "card": "words",
    "evidence": "title",
    "dispatch": "customer_name",
    "promise": "customer_name",
    "action": "customer_name",
}
_QUOTED = {"complaint": "description", "objection": "what", "agreement": "facts", "action": "root_cause"}
_EVENTS = 4
_SHORT = 40


class Preview(QFrame):
    """Follows the selection; never takes the focus."""

    def __init__(self, desk: Desk, listing: Listing) -> None:
        super().__init__()
        self.desk, self._listing = desk, listing
        self._number: str | None = None
        self.setProperty("ground", "pane")
        self._body = QVBoxLayout()
        self._body.setSpacing(8)
        self._body.setContentsMargins(16, 14, 16, 12)
        holder = QWidget()
        holder.setProperty("ground", "scroll")
        holder.setLayout(self._body)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(holder)
        self._open = button(_("Open  Enter"), "outline", name="preview_open", on_click=self._open_record)
        foot = box("foot")
        foot.setLayout(row(self._open, None, margins=(16, 10, 16, 10)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(area, 1)
        layout.addWidget(foot)
        self.show_number(None)

    def show_number(self, number: str | None) -> None:
        """Show a record, or nothing."""
        self._number = number
        clear(self._body)
        self._open.setEnabled(number is not None)
        if number is None:
            self._body.addWidget(label(_("Nothing is marked."), "secondary"))
            self._body.addStretch(1)
            return
        try:
            record = find(self.desk.session, self._listing.kind, number)
        except UserError:
            return
        self._fill(record)

    def _fill(self, record: Record) -> None:
        from app.services import timeline  # heavy: all kinds, which nothing needs until a row is marked

        session = self.desk.session
        self._body.addWidget(label(record.number, "secondary", selectable=True))
        self._body.addWidget(label(str(record[_NAME[record.KIND]] or _("Unknown customer")), "card", wrap=True, selectable=True))
        pills = [Pill(text, face(code, value)) for code, value, text in _pills(self._listing, record)]
        self._body.addLayout(row(*pills, None, gap=6))
        self._body.addWidget(hairline())
        words = self._quoted(record)
        if words:
            self._body.addWidget(label(words if len(words) <= 240 else words[:240] + "…", wrap=True, selectable=True))
        self._body.addLayout(facts(session, record, _FACTS[record.KIND]))
        self._body.addWidget(hairline())
        self._body.addWidget(label(_("Last events"), "card"))
        for event in timeline.of_case(session, record)[:_EVENTS]:
            self._body.addWidget(label(event.title))
            when = formats.near(event.at, session.now())
            self._body.addWidget(label(f"{event.who}   {when}", "hint"))
        self._body.addStretch(1)

    def _quoted(self, record: Record) -> str:
        """What it is about, as the acting person reads it."""
        if record.KIND not in _QUOTED:
            return ""
        declared = record.field(_QUOTED[record.KIND])
        return str(sight.shown_of(self.desk.session, record, declared, record[declared.code]) or "")

    def _open_record(self) -> None:
        if self._number is not None:
            self.desk.open(self._number)


def _pills(listing: Listing, record: Record) -> list[tuple[str, str, str]]:
    found = []
    for code in _PILLS[record.KIND]:
        value = record[code]
        if value:
            found.append((code, str(value), formats.label(listing.field(code), str(value))))
    return found


def facts(session: Session, record: Record, codes: tuple[str, ...]) -> QGridLayout:
    """Label and value of fields that hold something."""
    return pair_grid(fact_pairs(session, record, codes))


def pair_grid(pairs: Sequence[tuple[str, str | QWidget]]) -> QGridLayout:
    """Label and value, line by line."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(1, 1)
    grid.setColumnMinimumWidth(0, style.px(60))
    for line, (word, value) in enumerate(pairs):
        shown = label(value, wrap=True, selectable=True) if isinstance(value, str) else value
        name = label(word, "small")
        name.setMinimumHeight(style.metrics().height())
        grid.addWidget(name, line, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(shown, line, 1, Qt.AlignmentFlag.AlignTop)
    return grid


def fact_pairs(session: Session, record: Record, codes: tuple[str, ...]) -> list[tuple[str, str | QWidget]]:
    """(label, value) of fields that hold something; other records by name, what is hidden with an eye."""
    pairs: list[tuple[str, str | QWidget]] = []
    for code in codes:
        declared = record.field(code)
        value = moment_of(session, record, code) if f"{code}_day" in record.__data__ else record[code]
        if value is None or value == "":
            continue
        shown = _shown(session, declared, value)
        read = sight.shown_of(session, record, declared, shown)
        pairs.append((_(declared.label), shown if read == shown else Veiled(session, record, code, read, shown)))
    return pairs


def _shown(session: Session, declared: Field, value: Value) -> str:
    if isinstance(value, Record):
        return name_of(value)
    near = declared.kind in (Kind.MOMENT, Kind.DATE)
    return formats.near(value, session.now()) if near else formats.show(declared, value, session.now())


def name_of(record: Record) -> str:
    """How a record that another one names is called: its name, its title, or a card by number and words."""
    if record.KIND == "card":
        return card_line(record.number, record.words)
    return str(getattr(record, "name", None) or getattr(record, "title", None) or record.number)


def card_line(number: str, words: str) -> str:
    """A card in one line."""
    short = words.replace("\n", " ")
    return _("{number} “{words}”").format(number=number, words=short if len(short) <= _SHORT else short[:_SHORT] + "…")
