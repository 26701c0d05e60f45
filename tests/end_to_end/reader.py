"""Somebody who has nothing but the handbook: what a chapter quotes is pressed and filled in, in its order and its language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import permutations
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QMenu, QWidget

from app.core.language import _, chosen
from app.services import handbook
from app.views.field_grid import FieldRow
from app.views.forms import Form
from app.views.step_panel import StepPanel
from app.views.window import Window
from tests.quoted import QUOTED, bare
from tests.views.stage import fill


class Reader:
    """Somebody who presses and fills in what a chapter quotes, in its order. Captions are given in the words of the source.

    What a numbered step quotes is not passed over: it is used, or at least seen.
    """

    def __init__(self, window: QWidget, chapter: str) -> None:
        self.window, self._text, self._place = window, handbook.chapter(chapter).source, 0

    def at(self, section: int, step: int = 0) -> Reader:
        """Go on at that heading, counted from the title, and at that step below it."""
        heads = [one.start() for one in re.finditer(r"^#", self._text, re.MULTILINE)]
        self._place = heads[section]
        if step:
            found = re.compile(rf"^{step}\. ", re.MULTILINE).search(self._text, self._place)
            assert found, f"{section} has no step {step}"
            self._place = found.start()
        return self

    @contextmanager
    def before(self, dialog: QWidget) -> Iterator[Reader]:
        """While a dialog is in front."""
        behind, self.window = self.window, dialog
        yield self
        self.window = behind

    def told(self, caption: str) -> str:
        """The caption in the reader's language, where the chapter goes on with it."""
        wanted = bare(_(caption))
        for quoted in QUOTED[chosen()].finditer(self._text, self._place):
            if bare(quoted[1]) == wanted:
                self._place = quoted.end()
                return wanted
            assert not self._in_step(quoted.start()), f"{quoted[0]} was passed over on the way to {wanted}"
        raise AssertionError(f"{wanted} is not told there: {self._text[self._place :]}")

    def _in_step(self, place: int) -> bool:
        line = self._text[self._text.rfind("\n", 0, place) + 1 : place]
        return re.match(r"\d+\. ", line) is not None

    def press(self, caption: str) -> None:
        """The button of that name that is nearest at hand: in the step that is open, else on the page, else at the left."""
        self._click(self.told(caption))

    def _click(self, name: str) -> None:
        button = self._button(name)
        assert button.isEnabled(), button.toolTip()
        button.click()
        QApplication.processEvents()

    def _button(self, name: str) -> QAbstractButton:
        for place in self._places():
            if found := [one for one in seen(place, QAbstractButton) if name in names_of(one)]:
                return found[0]  # type: ignore[no-any-return]
        raise AssertionError(f"nothing is called {name}: {[one.text() for one in seen(self.window, QAbstractButton)]}")

    def _places(self) -> list[QWidget]:
        page = [self.window.page] if isinstance(self.window, Window) else []
        return [*seen(self.window, StepPanel), *page, self.window]

    def go(self, caption: str) -> None:
        """The page of that name at the left."""
        name = self.told(caption)
        assert isinstance(self.window, Window)
        next(one for one in self.window.sidebar.items.values() if name in names_of(one)).click()
        QApplication.processEvents()

    def both(self, *captions: str) -> list[str]:
        """The captions in the reader's language, which may name them in another order: where they stand together first."""
        start, found = self._place, {}
        for order in permutations(captions):
            self._place = start
            with suppress(AssertionError):
                words = {one: self.told(one) for one in order}
                found[self._place] = [words[one] for one in captions]
        assert found, f"{captions} are not told together: {self._text[start:]}"
        self._place = min(found)
        return found[self._place]

    def choose(self, menu: str, caption: str) -> None:
        """A row of the menu that a button opens."""
        row = self._row(*self.both(menu, caption))
        assert row.isEnabled(), row.toolTip()
        row.trigger()
        QApplication.processEvents()

    def _row(self, menu: str, caption: str) -> QAction:
        rows = {bare(one.text()): one for one in reversed([*_rows(self._button(menu))])}  # the first of a name
        assert caption in rows, f"{menu} has {list(rows)}"
        return rows[caption]

    def fill(self, caption: str, value: Any) -> None:
        """The field of that name."""
        name = self.told(caption)
        found = [one for one in seen(self.window, FieldRow) if _(one.declared.label) == name]
        lines = [one for one in seen(self.window, QLineEdit) if one.accessibleName() == name]
        if found:
            fill(form_of(found[0]), **{found[0].declared.code: value})
        else:
            assert lines, f"no field is called {name}: {[_(one.declared.label) for one in seen(self.window, FieldRow)]}"
            lines[0].setText(value)

    def rows(self, menu: str) -> list[str]:
        """What the menu of a button offers."""
        return [bare(one.text()) for one in _rows(self._button(bare(_(menu))))]

    def words(self) -> set[str]:
        """All that is written on what is seen."""
        return self._shown()

    def sees(self, *captions: str) -> None:
        """Each is there: a button, a field, a heading, a choice or a row of a menu."""
        for caption in captions:
            name = self.told(caption)
            assert name in self._shown(), f"{name} is not seen among {sorted(self._shown())}"

    def _shown(self) -> set[str]:
        buttons = seen(self.window, QAbstractButton)
        words = [one for button in buttons for one in names_of(button)] + [one.text() for one in seen(self.window, QLabel)]
        words += [_(one.declared.label) for one in seen(self.window, FieldRow)]
        words += [row.text() for one in buttons for row in _rows(one)]
        return {bare(word) for word in words}

    def press_at(self, caption: str, place: str) -> None:
        """The button that the chapter names together with the page or card where it stands."""
        self._click(self.both(caption, place)[0])

    def keys(self, keys: str) -> None:
        """The chapter names these keys further on."""
        place = self._text.find(keys, self._place)
        assert place >= 0, f"{keys} is not told there: {self._text[self._place :]}"
        self._place = place


def seen(place: QWidget, kind: type[Any]) -> list[Any]:
    return [one for one in place.findChildren(kind) if one.isVisible()]


def names_of(button: QAbstractButton) -> set[str]:
    """What is written on it, what is said of it, and what it is while it says more, as a view that is chosen does."""
    words = {bare(button.text().replace("&&", "&")), bare(button.accessibleName())}
    return words | {re.split("[:：]", one)[0] for one in words}


def _rows(button: QAbstractButton) -> Iterator[QAction]:
    menu = button.menu() if hasattr(button, "menu") else None
    if menu is not None:
        yield from _rows_of(menu)


def _rows_of(menu: QMenu) -> Iterator[QAction]:
    menu.aboutToShow.emit()
    for action in menu.actions():
        yield from _rows_of(action.menu()) if isinstance(action.menu(), QMenu) else [action]


def form_of(widget: QWidget) -> Form:
    while not isinstance(widget, Form):
        widget = widget.parentWidget()
    return widget
