"""Where the focus goes: Tab goes the way one reads, as the layouts lie, and what had it comes back where it was built anew.

By itself Qt goes by when things were made: what comes later comes last, and what goes leaves the focus to the first of all.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QAbstractItemView, QApplication, QDialog, QGridLayout, QLayout, QWidget
from shiboken6 import isValid

from app.views import style
from app.views.pieces.basics import lying

FIRST = "first"
"""The property of a button that Tab comes to before those beside it: behind the fields of a dialog comes what they are for."""


def pressed() -> bool:
    """Whether a person asks. Qt asks, too, where what has the focus is hidden or goes: nothing may be looked at then."""
    here = QApplication.focusWidget()
    return here is None or (here.isVisible() and here.isEnabled())


def first(widget: QWidget) -> QWidget | None:
    """The first stop in what is seen of it."""
    return next((one for one in _read(widget, []) if _stops(one)), None)


def go(window: QWidget, *, forward: bool) -> bool:
    """Move the focus to the next stop of what is seen now, or to the one before; whether there is another.

    The focus is set, and Qt's own chain left as it is: widgets come and go, and what arranges that chain anew meets them.
    """
    read = _read(window, [])
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


def _read(widget: QWidget, found: list[QWidget]) -> list[QWidget]:
    """It, and all that is seen within, after what was found before."""
    found.append(widget)
    children = widget.children()
    if not children or isinstance(widget, QAbstractItemView):  # the cells of a table are its own matter
        return found
    layout = widget.layout()
    placed = _placed(layout) if layout is not None else ()
    for child in dict.fromkeys((*placed, *children)):
        if isinstance(child, QWidget) and child.isVisible() and not child.isWindow():
            _read(child, found)
    return found


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
    """A window whose Tab goes as one reads, and in which the focus stays where a person works.

    Where what had it was built anew, what bears its name has it next; where that is gone, what `resting` names.
    """

    def __init__(self) -> None:
        super().__init__()
        self._last: QWidget = self
        self._name = self._wanted = ""
        self._anyway = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        """When all that is being built stands and is seen."""
        self._soon.timeout.connect(self._find_again)
        cast(QApplication, QApplication.instance()).focusObjectChanged.connect(self._moved)

    def resting(self) -> QWidget | None:
        """Where the focus is best off now."""
        raise NotImplementedError  # pragma: no cover - the window says it

    def focusNextPrevChild(self, forward: bool) -> bool:
        """To the next in reading, or the one before; what goes leaves the focus to nobody for the moment."""
        if pressed():
            return go(self, forward=forward)
        self._lost()
        return False

    def event(self, event: QEvent) -> bool:
        """What went while a dialog was before the window comes back with the window."""
        if event.type() == QEvent.Type.WindowActivate and not isValid(self._last):
            self._lost(anyway=True)
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What waits for the focus is possible again: it has it, unless something else got it meanwhile."""
        if event.type() == QEvent.Type.EnabledChange and isinstance(watched, QWidget) and watched.isEnabled():
            watched.removeEventFilter(self)
            self._lost()
        return False

    def _moved(self, now: QObject | None) -> None:
        if now is self:
            self._lost()
        elif isinstance(now, QWidget) and self.isAncestorOf(now):
            self._last, self._name = now, _name_of(now)

    def _lost(self, *, anyway: bool = False) -> None:
        """`anyway`: Qt is about to give the focus to somebody."""
        if not self._soon.isActive():
            self._wanted, self._anyway = self._name, anyway
            self._soon.start()

    def _find_again(self) -> None:
        here = QApplication.focusWidget()
        if not self.isActiveWindow() or (here is not None and pressed() and not self._anyway):
            return
        named = (one for one in self.findChildren(QWidget, self._wanted) if self._wanted and one.isVisible())
        wanted = next(named, None) or self.resting()
        if wanted is not None and not wanted.isEnabled():
            wanted.installEventFilter(self)
        elif wanted is not None:
            wanted.setFocus(Qt.FocusReason.OtherFocusReason)


def _name_of(widget: QWidget) -> str:
    """Its own, else that of the group it belongs to."""
    above: QWidget | None = widget
    while above is not None and not above.objectName():
        above = above.parentWidget()
    return above.objectName() if above is not None and above.window() is not above else ""


class ReadDialog(QDialog):
    """A dialog whose Tab goes as one reads. One that comes before the window puts the look on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        style.dress(cast(QApplication, QApplication.instance()))
        super().__init__(parent)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """To the next in reading, or the one before."""
        return go(self, forward=forward) if pressed() else super().focusNextPrevChild(forward)
