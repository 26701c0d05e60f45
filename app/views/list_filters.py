"""What stands above a list: the search box, a chip per filter, days, and a way to clear them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.core.fields import YES_NO, Field, Kind
from app.core.language import _
from app.core.session import Session
from app.models import spans
from app.models.listing import COMPLAINTS, OBJECTIONS, OPEN, UNCLASSIFIED, Listing
from app.views import style
from app.views.pieces.basics import button, menu_button, row
from app.views.pieces.choosers import Chip, pairs_of
from app.views.search_box import SearchBox

DATES = "dates"


class Filters(QWidget):
    """`asked`: something else is asked for; `cleared`: everything again."""

    asked = Signal()
    cleared = Signal()

    def __init__(self, session: Session, listing: Listing, hint: str) -> None:
        super().__init__()
        self._session, self._listing = session, listing
        self.search = SearchBox(hint, self.asked.emit)
        self.search.setMinimumWidth(style.px(200))
        self.chips = [self._chip(listing.field(code)) for code in listing.filters]
        if listing.dated:
            title = _(listing.field(listing.dated).label)
            self.chips.append(Chip(DATES, title, [(code, _(word)) for code, word in spans.SPANS]))
        self._clear = button(_("Clear"), "link", name="clear_filters", on_click=self.cleared.emit)
        self._more_menu = QMenu(self)
        self._more = menu_button(_("More filters"), self._more_menu, kind="chip", name="more_filters")
        for chip in self.chips:
            chip.changed.connect(self.asked)
        self.asked.connect(self._fold)
        self._more_menu.aboutToHide.connect(lambda: QTimer.singleShot(0, self, self._fold))
        self._width = 0
        line = row(self.search, *self.chips, self._more, self._clear, gap=8, margins=(24, 4, 16, 10))
        line.setStretch(0, 1)
        self.setLayout(line)

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
        self._fold()
        return rest

    def offer_known(self) -> None:
        """People who are new appear in their filter."""
        for chip in self.chips:
            if chip.code != DATES and self._listing.field(chip.code).kind is Kind.TEXT:
                chip.offer([(name, name) for name in self._listing.known(self._session, chip.code)])

    def set_clearable(self, on: bool) -> None:
        """Whether there is something to clear."""
        if on != self._clear.isVisibleTo(self):
            self._clear.setVisible(on)
            self._fold()

    def narrow(self, width: int) -> None:
        """Chips that do not fit into so many pixels go into “more filters”, those that are off first."""
        self._width = width
        self._fold()

    def _fold(self) -> None:
        if not self._width or self._more_menu.isVisible():
            return
        room = self._width - style.px(200 + 40 + 8)
        room -= self._clear.sizeHint().width() + 8 if self._clear.isVisibleTo(self) else 0
        hidden = self._without_room(room)
        self._more_menu.clear()
        for chip in self.chips:
            chip.setVisible(chip not in hidden)
            if chip in hidden:
                self._more_menu.addMenu(chip.menu_of_choices())
        on = sum(bool(chip.value()) for chip in hidden)
        self._more.setVisible(bool(hidden))
        self._more.say(_("More filters: {count} on").format(count=on) if on else _("More filters"))
        style.polish(self._more, on="1" if on else "0")

    def _without_room(self, room: int) -> list[Chip]:
        """The chips that do not fit into so many pixels."""
        wanted = sorted(self.chips, key=lambda chip: not chip.value())
        self._more.say(_("More filters: {count} on").format(count=len(wanted)))
        more = self._more.sizeHint().width() + 8
        for place, chip in enumerate(wanted):
            room -= chip.sizeHint().width() + 8
            # The last of them needs no room for “more”.
            if room < (0 if place == len(wanted) - 1 else more):
                return wanted[place:]
        return []
