"""Somebody who has nothing but the handbook: what a chapter quotes is pressed and filled in, in its order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QWidget

from app.core.language import _
from app.services import handbook
from app.views.field_grid import FieldRow
from app.views.forms import Form
from app.views.step_panel import StepPanel
from app.views.window import Window
from tests.views.stage import fill


class Reader:
    """Somebody who presses and fills in what a chapter quotes, in the order in which it does."""

    def __init__(self, window: QWidget, chapter: str) -> None:
        self.window, self._text, self._place = window, handbook.chapter(chapter).source, 0

    def _told(self, caption: str) -> None:
        place = self._text.find(f"「{caption}」", self._place)
        assert place >= 0, f"「{caption}」 is not told there: {self._text[self._place :]}"
        self._place = place + 1

    def press(self, caption: str) -> None:
        """The button of that name that is nearest at hand: in the step that is open, else on the page, else at the left."""
        self._told(caption)
        places = [*seen(self.window, StepPanel), *([self.window.page] if isinstance(self.window, Window) else []), self.window]
        for place in places:
            found = [one for one in seen(place, QAbstractButton) if name_of(one) == caption]
            if found:
                assert found[0].isEnabled(), found[0].toolTip()
                found[0].click()
                QApplication.processEvents()
                return
        raise AssertionError(f"nothing is called 「{caption}」: {[name_of(one) for one in seen(self.window, QAbstractButton)]}")

    def choose(self, menu: str, caption: str) -> None:
        """A row of the menu that a button opens."""
        self._told(menu)
        self._told(caption)
        (button,) = [one for one in seen(self.window.page, QAbstractButton) if name_of(one) == menu]  # type: ignore[attr-defined]
        rows = {one.text().partition("\t")[0]: one for one in _rows(button.menu())}
        assert caption in rows, f"{menu} has {list(rows)}"
        row = rows[caption]
        assert row.isEnabled(), row.toolTip()
        row.trigger()
        QApplication.processEvents()

    def fill(self, caption: str, value: Any) -> None:
        """The field of that name."""
        self._told(caption)
        found = [one for one in seen(self.window, FieldRow) if _(one.declared.label) == caption]
        assert found, f"no field is called 「{caption}」: {[_(one.declared.label) for one in seen(self.window, FieldRow)]}"
        fill(form_of(found[0]), **{found[0].declared.code: value})


def seen(place: QWidget, kind: type[Any]) -> list[Any]:
    return [one for one in place.findChildren(kind) if one.isVisible()]


def name_of(button: QAbstractButton) -> str:
    return button.text().partition("  ")[0] or button.accessibleName()


def _rows(menu: QMenu) -> Iterator[QAction]:
    menu.aboutToShow.emit()
    for action in menu.actions():
        yield from _rows(action.menu()) if isinstance(action.menu(), QMenu) else [action]


def form_of(widget: QWidget) -> Form:
    while not isinstance(widget, Form):
        widget = widget.parentWidget()
    return widget
