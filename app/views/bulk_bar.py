"""The bar below a list while several rows are marked: how many, and what can be done with them all. Doing it: in_bulk.py."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu, QWidget

from app.core.language import _
from app.models.listing import Listing
from app.views.bulk_summary import BulkSummary
from app.views.list_output import ListOutput
from app.views.page import Page
from app.views.pieces.basics import Button, action, button, label, row
from app.views.table import ListView

if TYPE_CHECKING:
    from app.views.in_bulk import Acts


class BulkBar(QWidget):
    """Stands in the foot of a list while several rows are marked; the same acts are in the menu of a row."""

    def __init__(self, page: Page, listing: Listing, table: ListView, output: ListOutput, summary: BulkSummary) -> None:
        super().__init__()
        self._of = (page, listing, table, output, summary)
        self._table = table
        self._marked = label("", "strong")
        self._line = row(self._marked, 6, gap=14)
        self.setLayout(self._line)
        table.more_actions = self._fill_menu  # type: ignore[method-assign]
        self.hide()

    @cached_property
    def _acts(self) -> Acts:
        from app.views.in_bulk import Acts  # heavy: steps and their fields, which a list does not need

        return Acts(*self._of)

    @cached_property
    def _buttons(self) -> list[Button]:
        """Made when several rows are marked for the first time."""
        made = [
            button(_(word), "link", name=f"bulk_{code}", on_click=partial(self._acts.start, code))
            for code, word, _icon in self._acts.offered
        ]
        for one in made:
            self._line.addWidget(one)
        return made

    def follow(self) -> None:
        """Show or hide itself as rows are marked."""
        count = self._table.count_marked()
        self._marked.setText(_("{count} marked").format(count=f"{count:,}"))
        self.setVisible(count > 1 and bool(self._buttons))

    def _fill_menu(self, menu: QMenu) -> None:
        menu.addSeparator()
        for code, word, icon in self._acts.offered:
            action(menu, _(word), partial(self._acts.start, code), icon).setObjectName(f"menu_{code}")
