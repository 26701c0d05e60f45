"""Customers who may be here twice: pairs with a score and the reasons; Enter compares, Ctrl+D keeps them apart."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QStackedWidget

from app.core.fields import Kind
from app.core.language import N_, _
from app.core.progress import Progress
from app.services import duplicates
from app.services.duplicates import MOST, Pair
from app.views.desk import Desk
from app.views.page import Page
from app.views.pieces.basics import button, label
from app.views.pieces.heads import Foot, Head
from app.views.pieces.nothing import nothing
from app.views.table import ListView
from app.views.table_model import Column, Rows

_COLUMNS = (
    Column("score", N_("Score"), Kind.INTEGER, width=70),
    Column("one", N_("Number"), width=96, face="soft"),
    Column("one_name", N_("Name"), width=190, face="strong"),
    Column("other", N_("Number"), width=96, face="soft"),
    Column("other_name", N_("Name"), width=190, face="strong"),
    Column("why", N_("Why"), width=260, stretch=True),
)


class DuplicatesPage(Page):
    """Checks all customers beside the window and lists what it finds; what is settled meanwhile leaves the list."""

    nav = "customers"
    new_kind = "customer"

    def __init__(self, desk: Desk, _asked: dict[str, Any]) -> None:
        super().__init__(desk)
        self._every: list[Pair] = []
        self.pairs: list[Pair] = []
        self._count = label(_("Comparing customers"), "small")
        self.table = ListView(_COLUMNS, self.session.now, name="pairs")
        self.table.setAccessibleName(_("Duplicates"))
        self.table.opened.connect(lambda _place: self.compare())
        why = _("No two customers share licence, phone or name, or are written alike.")
        self._empty = nothing("users", _("Nobody is here twice"), why)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        apart = button(_("Not the same"), icon="x", key="Ctrl+D", name="not_same", on_click=self.dismiss)
        compare = button(_("Compare"), "primary", "git-branch", name="compare", on_click=self.compare)
        head = Head(desk.back.emit)
        head.show_title(_("Duplicates"), acts=[apart, compare])
        keys = label(_("↑↓ choose   Enter compares   F5 checks again"), "hint")
        self.build(head, self._stack, Foot([self._count], [keys], height=6))
        self.setFocusProxy(self.table)
        # Not by its topics: to check all again after each change would take the window's time.
        desk.changed.connect(self._changed)
        self.refresh()

    def name(self) -> str:
        """For the title of the window."""
        return _("Duplicates")

    def refresh(self) -> None:
        """Check again; what was found before stays to be seen until then."""
        session = self.session

        def work(progress: Progress) -> list[Pair]:
            return duplicates.check(session, progress)

        self.desk.run(work, self._found, self)

    def _found(self, pairs: list[Pair]) -> None:
        self._every = pairs
        self._show()

    def _changed(self, topics: frozenset[str]) -> None:
        if "customer" in topics:
            self._show()

    def _show(self) -> None:
        self.pairs = duplicates.standing(self.session, self._every)
        rows = [
            (place, one.score, one.one.number, one.one.name, one.other.number, one.other.name, one.why)
            for place, one in enumerate(self.pairs)
        ]
        self.table.show_source(Rows(rows), keep=True)
        self._stack.setCurrentWidget(self.table if rows else self._empty)
        more = len(self._every) >= MOST
        words = _("{count} pairs; there are more") if more else _("{count} pairs, the surest first")
        self._count.setText(words.format(count=len(rows)))

    def _current(self) -> Pair | None:
        place = self.table.current_id()
        return self.pairs[place] if 0 <= place < len(self.pairs) else None

    def compare(self) -> None:
        """Both records side by side."""
        pair = self._current()
        if pair is not None:
            self.desk.new("merge", {"keep": pair.one.number, "other": pair.other.number, "listed": True})

    def dismiss(self) -> None:
        """The two are not the same: they do not come again."""
        pair = self._current()
        if pair is None:
            return
        session, one, other = self.session, pair.one.number, pair.other.number
        duplicates.dismiss(session, one, other)
        told = _("{number} and {other} are kept apart.").format(number=one, other=other)
        self.desk.tell(told, lambda: duplicates.take_back(session, one, other))
