"""The tables of the statistics page: figures with their changes, and those of one person, product … beside another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from app.core import formats
from app.core.language import _
from app.services.period_lines import Change, Line
from app.services.period_report import Member
from app.views.pieces import figures
from app.views.pieces.basics import IconMark, box, button, column, hairline, label, row, unbroken
from app.views.pieces.figures import KeyFigure
from app.views.pieces.flow import Flow
from app.views.pieces.heads import Elided

Open = Callable[..., object]
"""`open(figure, code, listing, only)`: the list of the cases behind a number."""
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_TONES = {1: "ok", 0: "text2", -1: "bad"}
_ROLES = {1: "good", 0: "small", -1: "error"}


def key_figure(line: Line) -> KeyFigure:
    """A figure in large."""
    changes = [figures.Change(one.sentence, one.direction, _TONES[one.good]) for one in line.changes]
    return KeyFigure(line.label, line.number, line.unit, changes)


def mend_bar(sentence: str, acts: Sequence[tuple[str, Callable[[], object]]]) -> QFrame:
    """What is missing, with a way to each; on as many lines as that needs."""
    made = box("warn")
    outer = column(margins=(12, 6, 12, 6))
    flow = Flow(None, 16, 2)
    flow.addWidget(label(sentence))
    for word, act in acts:
        flow.addWidget(button(word, "link", on_click=act))
    outer.addLayout(flow)
    made.setLayout(outer)
    return made


class Table(QFrame):
    """Rows of widgets under a head, with hairlines between; the first column takes what is left."""

    def __init__(self, head: Sequence[str]) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self._columns = len(head)
        self._rows = 0
        for place, word in enumerate(head):
            made = label(word, "hint")
            made.setAlignment(_RIGHT if place else _LEFT)
            self._grid.addWidget(made, 0, place)

    def add(self, *cells: QWidget) -> None:
        """A row."""
        at = 2 * self._rows + 1
        self._grid.addWidget(hairline(), at, 0, 1, self._columns)
        for place, cell in enumerate(cells):
            self._grid.addWidget(cell, at + 1, place, _RIGHT if place else Qt.AlignmentFlag(0))
        self._rows += 1


def figures_table(lines: Sequence[Line], whens: Sequence[str], open_cases: Open) -> Table:
    """A figure to a row; its number opens the cases."""
    made = Table([_("Figure"), _("The period"), *(_("against {when}").format(when=when) for when in whens)])
    for line in lines:
        unit = "" if line.unit in ("", "%") else _(" ({unit})").format(unit=line.unit)
        opens = partial(open_cases, line.code, "", line.listing)
        number = _number(line.shown, f"{line.label} {line.shown}", f"figure_{line.code}_{line.listing}", opens)
        made.add(label(unbroken(f"{line.label}{unit}"), wrap=True), number, *(_change(change) for change in line.changes))
    return made


def _change(change: Change) -> QWidget:
    """The arrow and the difference; the sentence for who cannot see it."""
    made = QWidget()
    words = label(change.difference, _ROLES[change.good])
    arrow = IconMark(figures.ARROWS[change.direction], _TONES[change.good], 14)
    made.setLayout(row(arrow, words, gap=3))
    made.setAccessibleName(change.sentence)
    made.setToolTip(change.sentence)
    return made


def members_table(name: str, members: Sequence[Member], open_cases: Open) -> Table:
    """Those who have most cases, side by side; each number opens its own."""
    heads = (_("Complaints"), _("Objections"), _("Closed"), _("Share satisfied"), _("Not ended"))
    made = Table([name, *heads])
    for member in members:
        found = member.figures
        cells = (
            ("complaints", "complaints", f"{found.complaints:,}"),
            ("objections", "objections", f"{found.objections:,}"),
            ("close_rate", "", formats.percent(_closed(member))),
            ("satisfied_rate", "", formats.percent(found.satisfied_rate, 0)),
            ("backlog", "", f"{found.backlog:,}"),
        )
        numbers = (_cell(member, head, cell, open_cases) for head, cell in zip(heads, cells, strict=True))
        made.add(Elided(member.label), *numbers)
    return made


def _closed(member: Member) -> float | None:
    """Of both kinds of cases together."""
    found = member.figures
    counted = zip((found.objections, found.complaints), found.close_rate, strict=True)
    ended = sum(round(count * rate) for count, rate in counted if rate is not None)
    return ended / (found.objections + found.complaints) if found.objections + found.complaints else None


def _cell(member: Member, head: str, cell: tuple[str, str, str], open_cases: Open) -> QWidget:
    figure, listing, text = cell
    opens = partial(open_cases, figure, "", listing, member.figures.only)
    return _number(text, f"{member.label} {head} {text}", f"member_{member.code}_{figure}", opens)


def _number(text: str, said: str, name: str, opens: Callable[[], object]) -> QWidget:
    if text in ("—", "0"):
        return label(text, "secondary")
    made = button(text, "link", name=name, on_click=opens)
    made.setAccessibleName(said)
    return made
