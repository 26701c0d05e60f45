"""What the statistics are narrowed to: a menu of fields, and a chip for each that is on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.core.fields import Field
from app.core.language import _
from app.models.listing import COMPLAINTS, CUSTOMERS, OBJECTIONS
from app.services import figures_by
from app.services.figures_values import UNCLASSIFIED
from app.views import style
from app.views.pieces.area import EDGE
from app.views.pieces.basics import button, column, label, menu_button
from app.views.pieces.choosers import Chip, Pair, pairs_of
from app.views.pieces.flow import Flow

_FIRST = ("handler", "tier", "customer", "product", "class", "content", "channel", "severity")
FIELDS = (*_FIRST, *(field for field in figures_by.FIELDS if field not in _FIRST))
"""Those that a branch head asks for first stand first."""


def label_of(field: str) -> str:
    """What a field that figures are narrowed by is called."""
    return _(_declared(field).label)


def _declared(field: str) -> Field:
    kinds = (listing.kind for listing in (OBJECTIONS, COMPLAINTS, CUSTOMERS))
    return next(declared for kind in kinds for declared in kind.FIELDS if declared.code == field)


class Narrow(QWidget):
    """The chips that are on, in a row that is hidden while none is; `button` opens the menu of them all."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._menu = QMenu(self)
        self.button = menu_button(_("Narrow"), self._menu, name="narrow")
        flow = Flow()
        outer = column(margins=(EDGE, 0, EDGE, 8))
        outer.addLayout(flow)
        self.setLayout(outer)
        caption = label(_("Only:"), "small")
        caption.setMinimumHeight(style.px(28))
        flow.addWidget(caption)
        self.chips: dict[str, Chip] = {}
        for field in FIELDS:
            chip = Chip(field, label_of(field), self._choices(_declared(field)))
            chip.changed.connect(self._asked)
            self.chips[field] = chip
            self._menu.addMenu(chip.menu_of_choices())
            flow.addWidget(chip)
        flow.addWidget(button(_("Clear"), "link", name="clear_narrow", on_click=self.clear))
        self._show()

    def _choices(self, declared: Field) -> list[Pair]:
        return [*pairs_of(declared.choices), (UNCLASSIFIED, _("Not classified"))] if declared.choices else []

    def offer(self, offered: Mapping[str, Sequence[Pair]]) -> None:
        """The people, products and customers of the period; one that is chosen stays, even where it has no case."""
        for field, pairs in offered.items():
            chip = self.chips[field]
            kept = [(code, code) for code in chip.value() if code not in dict(pairs)]
            chip.offer([*pairs, *kept])
            chip.menu_of_choices().menuAction().setEnabled(bool(pairs or kept))

    def conditions(self) -> list[tuple[str, str]]:
        """Fields and codes, as the figures are narrowed by them."""
        return [(field, code) for field, chip in self.chips.items() for code in chip.value()]

    def choose(self, field: str, *codes: str) -> None:
        """Narrow by a field, as if it had been checked in the menu."""
        self.chips[field].set_value(codes)
        self._asked()

    def clear(self) -> None:
        """All cases again."""
        for chip in self.chips.values():
            chip.set_value(())
        self._asked()

    def _asked(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        for chip in self.chips.values():
            chip.setVisible(bool(chip.value()))
        self.setVisible(bool(self.conditions()))
