"""Tab goes the way one reads, as the layouts lie: by itself Qt goes by when things were made, and what comes later comes last."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QDialog, QGridLayout, QLayout, QWidget

from app.views import style
from app.views.pieces.basics import lying

FIRST = "first"
"""The property of a button that Tab comes to before those beside it: behind the fields of a dialog comes what they are for."""


def pressed() -> bool:
    """Whether a person asks. Qt asks, too, where what has the focus is hidden or goes: nothing may be looked at then."""
    here = QApplication.focusWidget()
    return here is None or (here.isVisible() and here.isEnabled())


def go(window: QWidget, *, forward: bool) -> bool:
    """Move the focus to the next stop of what is seen now, or to the one before; whether there is another.

    The focus is set, and Qt's own chain left as it is: widgets come and go, and what arranges that chain anew meets them.
    """
    read = list(_reading(window))
    place = _place(read, window.focusWidget())
    others = [*read[place + 1 :], *read[:place]]
    wanted = next((one for one in (others if forward else reversed(others)) if _stops(one)), None)
    if wanted is not None:
        wanted.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    return wanted is not None


def _stops(widget: QWidget) -> bool:
    tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(tab) and widget.isEnabled() and widget.focusProxy() is None


def _place(read: list[QWidget], here: QWidget | None) -> int:
    """Where the focus is: at a widget, or within one whose parts are its own matter."""
    while here is not None and here not in read:
        here = here.parentWidget()
    return read.index(here) if here is not None else 0


def _reading(widget: QWidget) -> Iterator[QWidget]:
    """It, and all that is seen within."""
    yield widget
    if isinstance(widget, QAbstractItemView):  # its cells are its own matter
        return
    layout = widget.layout()
    placed = _placed(layout) if layout is not None else ()
    for child in dict.fromkeys((*placed, *widget.children())):
        if isinstance(child, QWidget) and child.isVisible() and not child.isWindow():
            yield from _reading(child)


def _placed(layout: QLayout) -> Iterator[QWidget]:
    """The widgets of a layout; those of a grid by lines, whenever they were put there."""
    turn = partial(_cell, layout) if isinstance(layout, QGridLayout) else _behind_first
    for one in sorted(lying(layout), key=turn):
        if isinstance(one, QWidget):
            yield one
        else:
            yield from _placed(one)


def _behind_first(one: QWidget | QLayout) -> bool:
    return one.property(FIRST) is not True


def _cell(grid: QGridLayout, one: QWidget | QLayout) -> tuple[int, ...]:
    """Line, column and spans."""
    return cast(tuple[int, ...], grid.getItemPosition(grid.indexOf(one)))


class ReadWindow(QWidget):
    """A window whose Tab goes as one reads."""

    def focusNextPrevChild(self, forward: bool) -> bool:
        """To the next in reading, or the one before."""
        return go(self, forward=forward) if pressed() else super().focusNextPrevChild(forward)


class ReadDialog(QDialog):
    """A dialog whose Tab goes as one reads. One that comes before the window puts the look on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        style.dress(cast(QApplication, QApplication.instance()))
        super().__init__(parent)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """To the next in reading, or the one before."""
        return go(self, forward=forward) if pressed() else super().focusNextPrevChild(forward)
