"""Rows that fit: the header of a page and its foot give up what matters least where there is no room for all of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QMenu, QSizePolicy, QWidget

from app.core.language import _
from app.views import style
from app.views.pieces.area import EDGE
from app.views.pieces.basics import Button, KeyMark, button, clear, lying, menu_button, row

NARROW = 1000
"""Pages that are not so wide have one column, and the acts of their header in a menu."""
_BESIDE = 8
"""Between what stands in the header and what is told in its gap."""
Way = Callable[[bool], object]
"""A way to get shorter (True), and back."""


class Fitting(QFrame):
    """A row of widgets. Where it is too narrow it takes one way after the other to get shorter, in the order given."""

    def __init__(self, margins: tuple[int, int, int, int]) -> None:
        super().__init__()
        self.line = row(margins=margins)
        self.setLayout(self.line)
        self.ways: list[Way] = []
        self._given_up: set[QWidget] = set()
        self._fitted: object = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def always_short(self) -> int:
        """How many of the ways are taken whatever the room."""
        return 0

    def fit(self) -> None:
        """Take as many ways as are needed, and no more."""
        for way in self.ways:
            way(False)
        for place, way in enumerate(self.ways):
            if place >= self.always_short() and self._needed() <= self.width():
                break
            way(True)
        self._fitted = self._measured()

    def hiding(self, widget: QWidget) -> Way:
        """The way of doing without a widget; one that is hidden for another reason stays so."""

        def hide(on: bool) -> None:
            if on and not widget.isHidden():
                self._given_up.add(widget)
                widget.hide()
            elif not on and widget in self._given_up:
                self._given_up.remove(widget)
                widget.show()

        return hide

    def _needed(self) -> int:
        self.line.invalidate()
        return self.line.minimumSize().width()

    def _measured(self) -> object:
        return self.width(), [(one, one.isHidden(), one.sizeHint()) for one in lying(self.line) if isinstance(one, QWidget)]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width."""
        super().resizeEvent(event)
        self._refit()

    def showEvent(self, event: QShowEvent) -> None:
        """What came before, while nobody saw it, was not worth a fitting."""
        super().showEvent(event)
        self._refit()

    def event(self, event: QEvent) -> bool:
        """Another content, which no fitting of ours brought about."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._refit()
        return super().event(event)

    def _refit(self) -> None:
        if self.isVisible() and self._measured() != self._fitted:
            self.fit()


class Elided(QLabel):
    """Words on one line that give way where they have no room, and then stand in the tool tip."""

    def __init__(
        self, text: str, role: str = "", *, selectable: bool = False, give: Qt.TextElideMode = Qt.TextElideMode.ElideRight
    ) -> None:
        """`give`: their end gives way, or for names of files their middle."""
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        if selectable:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._whole, self._give = "", give
        self.say(text)

    def say(self, text: str) -> None:
        """Other words."""
        self._whole = " ".join(text.split())
        self.setText(self._whole)
        self.setAccessibleName(self._whole)
        self._shorten()

    def _shorten(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, self._give, self.width() + 1)
        shown = self._whole if self.width() >= self.sizeHint().width() else shown
        if shown != self.text():
            self.setText(shown)
        self.setToolTip("" if shown == self._whole else self._whole)

    def sizeHint(self) -> QSize:
        """Of all the words."""
        self.ensurePolished()
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Of their beginning."""
        return QSize(min(self.sizeHint().width(), style.px(80)), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As much as there is room for."""
        super().resizeEvent(event)
        self._shorten()


class Head(Fitting):
    """Title, what stands beside it, and acts at the right; on narrow pages all but the filled one go under ⋯."""

    def __init__(self, back: Callable[[], object] | None = None) -> None:
        super().__init__((EDGE - 8 if back else EDGE, 12, EDGE, 8))
        self._back = back
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._folded: list[QAction] = []
        self._acts: list[Button] = []

    def show_title(
        self,
        title: str | Elided,
        beside: Sequence[QWidget] = (),
        acts: Sequence[Button] = (),
        kept: Sequence[QWidget] = (),
        *,
        stays: int = 0,
        selectable: bool = False,
    ) -> None:
        """Show all this instead. `beside` gives way from its end, but for the first `stays`; `kept` stands before the acts."""
        clear(self.line)
        self._given_up.clear()
        self._acts = list(acts)
        self.title = title if isinstance(title, Elided) else Elided(title, "title", selectable=selectable)
        self._more = menu_button(_("More"), self._menu, icon="dots", kind="icon", name="more_acts")
        if self._back is not None:
            self.line.addWidget(button(_("Back"), "icon", "arrow-left", name="back", on_click=self._back))
        for widget in (self.title, *beside):
            self.line.addWidget(widget)
        self.line.addStretch(1)
        for widget in (*kept, *acts, self._more):
            self.line.addWidget(widget)
        given_up = (self.hiding(one) for one in reversed(beside[stays:]))
        self.ways = [self._fold, *given_up, *(act.shorten for act in acts)]
        self._refit()

    def gap(self, window: QWidget) -> QRect:
        """The room that is left between what stands at the left and what at the right, as the window measures."""
        seen = [one.geometry() for one in lying(self.line) if isinstance(one, QWidget) and one.isVisible()]
        ends = [*((one.left(), one.right()) for one in seen), (self.width() - EDGE, self.width())]
        spans = [(right + _BESIDE, left - _BESIDE) for (_left, right), (left, _right) in pairwise(ends)]
        start, end = max(spans, key=lambda span: span[1] - span[0], default=(0, 0))
        return QRect(self.mapTo(window, QPoint(start, 0)), QSize(max(0, end - start), self.height()))

    def always_short(self) -> int:
        """Narrow pages have their acts in the menu."""
        return 1 if self.width() < style.px(NARROW) else 0

    def _fold(self, on: bool) -> None:
        for folded in self._folded:
            self.removeAction(folded)
        self._folded = []
        self._menu.clear()
        quiet = [act for act in self._acts if act.property("kind") != "primary"]
        for act in quiet:
            act.setHidden(on)
            if on:
                self._into_menu(act)
        self._more.setVisible(bool(self._folded))

    def _into_menu(self, act: Button) -> None:
        words = act.accessibleName()
        if act.menu() is not None:
            made = self._menu.addMenu(act.menu())
            made.setText(words)
        else:
            made = self._menu.addAction(act.icon(), words)
            made.triggered.connect(lambda _checked=False: act.click())
            made.setShortcut(act.shortcut())
        made.setEnabled(act.isEnabled())
        made.setToolTip(act.toolTip())
        self.addAction(made)
        self._folded.append(made)


class Foot(Fitting):
    """What is said at the left, what can be done at the right.

    Where there is no room hints go, then the keys on the buttons, then the words beside what is chosen from.
    """

    def __init__(self, said: Sequence[QWidget], acts: Sequence[QWidget], height: int = 10, *, bare: bool = False) -> None:
        """`said`: the first to go stands last; `height`: free above and below; `bare`: within a panel that has its own edges."""
        super().__init__((0, 0, 0, 0) if bare else (EDGE, height, EDGE, height))
        self.setProperty("ground", "scroll" if bare else "foot")
        for widget in said:
            self.line.addWidget(widget)
        self.line.addStretch(1)
        for widget in acts:
            self.line.addWidget(widget)
        self.ways = [
            *(self.hiding(one) for one in reversed(said)),
            *(one.shorten for one in acts if isinstance(one, Button)),
            *(self.hiding(one) for one in acts if isinstance(one, QLabel | KeyMark)),
        ]
