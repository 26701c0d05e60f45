"""What stands above a list: the search box, a chip per filter, days, and a way to clear them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu

from app.core.fields import YES_NO, Field, Kind
from app.core.language import _
from app.core.session import Session
from app.models import spans
from app.models.listing import COMPLAINTS, OBJECTIONS, OPEN, UNCLASSIFIED, Listing
from app.views import style
from app.views.pieces.area import EDGE
from app.views.pieces.basics import button, menu_button
from app.views.pieces.choosers import Chip, pairs_of
from app.views.pieces.heads import Fitting
from app.views.search_box import SearchBox

DATES = "dates"


class Filters(Fitting):
    """`asked`: something else is asked for; `cleared`: everything again."""

    asked = Signal()
    cleared = Signal()

    def __init__(self, session: Session, listing: Listing, hint: str) -> None:
        super().__init__((EDGE, 4, 16, 10))
        self._session, self._listing = session, listing
        self.search = SearchBox(hint, self.asked.emit)
        self.chips = [self._chip(listing.field(code)) for code in listing.filters]
        if listing.dated:
            title = _(listing.field(listing.dated).label)
            self.chips.append(Chip(DATES, title, [(code, _(word)) for code, word in spans.SPANS]))
        self._clear = button(_("Clear"), "link", name="clear_filters", on_click=self.cleared.emit)
        self._more_menu = QMenu(self)
        self._more = menu_button(_("More filters"), self._more_menu, kind="chip", name="more_filters")
        for chip in self.chips:
            chip.changed.connect(self.asked)
        self._more.setProperty("on", "0")
        self._more.hide()
        for widget in (self.search, *self.chips, self._more, self._clear):
            self.line.addWidget(widget)
        self.line.setStretch(0, 1)
        self.ways = [partial(self._fold, chip, any_) for any_ in (False, True) for chip in reversed(self.chips)]

    def _chip(self, declared: Field) -> Chip:
        pairs = pairs_of(YES_NO if declared.kind is Kind.BOOLEAN else declared.choices)
        if declared.kind is Kind.TEXT:
            pairs = [(name, name) for name in self._listing.known(self._session, declared.code)]
        if declared.code == "status" and self._listing in (COMPLAINTS, OBJECTIONS):
            pairs.insert(0, (OPEN, _("Not ended")))
        elif declared.kind is Kind.CHOICE and declared.code != "status":
            pairs.append((UNCLASSIFIED, _("Not classified")))
        return Chip(declared.code, _(declared.label), pairs)

    def where(self) -> dict[str, tuple[str, ...]]:
        """The filters that are on."""
        return {chip.code: chip.value() for chip in self.chips if chip.value() and chip.code != DATES}

    def days(self) -> tuple[str, ...]:
        """The days that are on."""
        return next((chip.value() for chip in self.chips if chip.code == DATES), ())

    def show_asked(self, text: str, where: Mapping[str, Sequence[str]], days: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Show what is asked for, without asking. Filters that no chip can show come back."""
        offered = {chip.code: chip.offered() for chip in self.chips}
        rest = {code: tuple(values) for code, values in where.items() if not set(values) <= offered.get(code, set())}
        for chip in self.chips:
            chip.set_value(days if chip.code == DATES else () if chip.code in rest else where.get(chip.code, ()))
        self.search.blockSignals(True)
        self.search.setText(text)
        self.search.blockSignals(False)
        return rest

    def offer_known(self) -> None:
        """People who are new appear in their filter."""
        for chip in self.chips:
            if chip.code != DATES and self._listing.field(chip.code).kind is Kind.TEXT:
                chip.offer([(name, name) for name in self._listing.known(self._session, chip.code)])

    def set_clearable(self, on: bool) -> None:
        """Whether there is something to clear."""
        self._clear.setVisible(on)

    def _fold(self, chip: Chip, any_: bool, on: bool) -> None:
        """A chip that finds no room goes into “more filters”; one that is on stays, unless `any_` must go."""
        menu, away = chip.menu_of_choices(), on and (any_ or not chip.value())
        self._more_menu.removeAction(menu.menuAction())
        if away:
            above = self._more_menu.actions()
            self._more_menu.insertMenu(above[0], menu) if above else self._more_menu.addMenu(menu)
        chip.setHidden(away)
        self._more.setHidden(self._more_menu.isEmpty())
        used = sum(bool(one.value()) for one in self.chips if one.isHidden())
        self._more.say(_("More filters: {count} on").format(count=used) if used else _("More filters"))
        style.polish(self._more, on="1" if used else "0")
