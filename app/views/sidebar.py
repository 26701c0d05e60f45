"""The sidebar: branch, new, find, the pages in groups, and who sits here. On narrow windows a rail of icons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QLabel, QMenu, QSizePolicy, QVBoxLayout, QWidget

from app.core.language import _
from app.core.session import ROLES, Session
from app.models import permissions
from app.views import icons, style
from app.views.pieces.basics import action, button, column, hairline, label, menu_button, row

WIDE, RAIL = 192, 56


class PageEntry(NamedTuple):
    """A page as the sidebar shows it; `title` is English, `group` 0–2 from above, 3 at the foot."""

    code: str
    title: str
    icon: str
    group: int


class NavItem(QAbstractButton):
    """One page: icon, word, and a badge that is red only when something is overdue."""

    def __init__(self, entry: PageEntry, key: str) -> None:
        super().__init__()
        self.entry = entry
        self._badge = ""
        self._late = False
        self.rail = False
        self.setObjectName(f"nav_{entry.code}")
        self.setText(_(entry.title))
        self.setAccessibleName(_(entry.title))
        self.setToolTip(f"{_(entry.title)}  {key}".strip())
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def set_badge(self, count: int, *, late: bool) -> None:
        """How much waits; 0 shows nothing."""
        self._badge, self._late = (str(min(count, 99)) if count else ""), late
        waits = _("{count} due").format(count=count) if count else ""
        self.setAccessibleDescription(waits)
        self.update()

    def sizeHint(self) -> QSize:
        """36 high."""
        return QSize(style.px(40), style.px(36))

    def minimumSizeHint(self) -> QSize:
        """On low windows as high as its icon needs."""
        return QSize(style.px(40), style.px(18) + 4)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↑↓ move between pages, Enter opens."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._go_on(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def _go_on(self, by: int) -> None:
        """To a neighbour, without opening it. Tab would not do: of buttons that exclude each other it reaches one only."""
        parent = self.parentWidget()
        items = parent.findChildren(NavItem) if parent is not None else [self]
        items[min(max(0, items.index(self) + by), len(items) - 1)].setFocus(Qt.FocusReason.TabFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A raised field with an accent bar for the page that is open."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect()).adjusted(8, 1, -8, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked() or self.underMouse():
            painter.setBrush(style.colour("surface" if self.isChecked() else "hover"))
            painter.drawRoundedRect(rect, 6, 6)
        if self.isChecked():
            painter.setBrush(style.colour("accent"))
            painter.drawRoundedRect(QRectF(rect.left(), rect.top() + 8, 3, rect.height() - 16), 1.5, 1.5)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(style.colour("accent"), 2))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 6, 6)
        self._paint_content(painter, rect)
        painter.end()

    def _paint_content(self, painter: QPainter, rect: QRectF) -> None:
        size = style.px(18)
        left = rect.center().x() - size / 2 if self.rail else rect.left() + 12
        icons.paint(
            painter, self.entry.icon, "accent" if self.isChecked() else "text2", left, rect.center().y() - size / 2 + 1, size
        )
        if self.rail:
            if self._badge:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(style.colour("bad" if self._late else "accent"))
                painter.drawEllipse(QRectF(rect.right() - 12, rect.top() + 4, 8, 8))
            return
        painter.setFont(style.font(style.BODY, bold=self.isChecked()))
        painter.setPen(style.colour("text"))
        painter.drawText(
            rect.adjusted(size + 22, 0, -30, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text()
        )
        if self._badge:
            self._paint_badge(painter, rect)

    def _paint_badge(self, painter: QPainter, rect: QRectF) -> None:
        wide = max(style.px(20), style.metrics(style.SMALL, bold=True).horizontalAdvance(self._badge) + 10)
        spot = QRectF(rect.right() - wide - 8, rect.center().y() - style.px(10), wide, style.px(20))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.colour("bad" if self._late else "mute-soft"))
        painter.drawRoundedRect(spot, spot.height() / 2, spot.height() / 2)
        painter.setFont(style.font(style.SMALL, bold=True))
        painter.setPen(style.colour("on-bad" if self._late else "text2"))
        painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, self._badge)


def roles_of(session: Session) -> str:
    """What the person is here."""
    if session.open:
        return _("Open branch, all roles")
    if session.roles >= set(ROLES):
        return _("All roles")
    return _(", ").join(_(word) for role, word in ROLES.items() if role in session.roles)


class Sidebar(QFrame):
    """Navigation. `chosen` names a page, `asked` a kind to write down, `find` the search across everything."""

    chosen = Signal(str)
    asked = Signal(str)
    search_asked = Signal()

    def __init__(self, session: Session, entries: Sequence[PageEntry], kinds: Sequence[tuple[str, str, str, str]]) -> None:
        """`kinds`: code, word, icon and key of what can be written down."""
        super().__init__()
        self.setProperty("ground", "sidebar")
        self._session = session
        self.items: dict[str, NavItem] = {}
        self._words: list[QWidget] = []
        self._signs: list[QWidget] = []
        self._rail = False
        self._rules: list[QWidget] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 14, 0, 12)
        layout.setSpacing(2)
        layout.addLayout(self._head())
        layout.addSpacing(10)
        self._acts = self._actions(kinds)
        layout.addWidget(self._acts)
        layout.addSpacing(8)
        for group in (0, 1, 2, None, 3):
            if group is None:
                layout.addStretch(1)
                continue
            self._add_group(layout, entries, group)
        layout.addWidget(self._rule())
        self._sitter = self._person()
        layout.addWidget(self._sitter)

    def _head(self) -> QVBoxLayout:
        self._mark = QLabel()
        self._mark.setFixedSize(style.px(28), style.px(28))
        self._mark.setAccessibleName(_("Kesu Desk"))
        self._name = label(_("Kesu Desk"), "strong")
        self._branch = label("", "hint")
        words = QWidget()
        words.setLayout(column(self._name, self._branch, gap=0))
        self._words.append(words)
        holder = QVBoxLayout()
        holder.addLayout(row(self._mark, words, None, gap=10, margins=(16, 0, 8, 0)))
        self.refresh()
        return holder

    def _actions(self, kinds: Sequence[tuple[str, str, str, str]]) -> QWidget:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        acts = {
            code: (action(menu, f"{_(word)}\t{key}", partial(self.asked.emit, code), icon), icon)
            for code, word, icon, key in kinds
        }
        menu.aboutToShow.connect(partial(self._lock, acts))
        new = menu_button(_("New"), menu, name="nav_new")
        search = button(_("Find"), icon="search", name="nav_find", on_click=self.search_asked.emit)
        search.setText(_("Find  Ctrl+K"))
        self._words += [new, search]
        small = menu_button(_("New"), menu, icon="plus", kind="icon", name="nav_new")
        find = button(_("Find  Ctrl+K"), "icon", "search", name="nav_find", on_click=self.search_asked.emit)
        self._signs = [small, find]
        holder = QWidget()
        holder.setLayout(column(new, search, small, find, margins=(12, 0, 12, 0)))
        return holder

    def _lock(self, acts: Mapping[str, tuple[QAction, str]]) -> None:
        """What the person may not write down is locked, with the reason."""
        for kind, (act, icon) in acts.items():
            why = permissions.refusal(self._session, f"{kind}.add")
            act.setEnabled(not why)
            act.setToolTip(why)
            act.setIcon(icons.icon("lock" if why else icon))

    def _add_group(self, layout: QVBoxLayout, entries: Sequence[PageEntry], group: int) -> None:
        members = [entry for entry in entries if entry.group == group]
        if group in (1, 2) and members:
            layout.addWidget(self._rule())
        for entry in members:
            place = entries.index(entry) + 1
            item = NavItem(entry, f"Ctrl+{place}" if place < 10 else "")
            item.clicked.connect(lambda _checked=False, code=entry.code: self.chosen.emit(code))
            self.items[entry.code] = item
            layout.addWidget(item)

    def _rule(self) -> QWidget:
        holder = QWidget()
        holder.setLayout(column(hairline(), margins=(20, 6, 20, 6)))
        self._rules.append(holder)
        return holder

    def _person(self) -> QWidget:
        self._user = label(self._session.user, "")
        self._roles = label("", "hint")
        words = QWidget()
        words.setLayout(column(self._user, self._roles, gap=0))
        self._words.append(words)
        holder = QWidget()
        self._face = QLabel()
        self._face.setFixedSize(style.px(18), style.px(18))
        holder.setLayout(row(self._face, words, None, gap=10, margins=(20, 0, 8, 0)))
        self.refresh()
        self.refresh_pictures()
        return holder

    def refresh(self) -> None:
        """The branch may have another name, the person too."""
        self._branch.setText(self._session.branch.shown)
        self.setToolTip("")
        if hasattr(self, "_user"):
            self._user.setText(self._session.user)
            self._face.setAccessibleName(self._session.user)
            self._roles.setText(roles_of(self._session))

    def refresh_pictures(self) -> None:
        """Pictures in the colours of the theme."""
        ratio = self.devicePixelRatioF()
        self._mark.setPixmap(icons.mark(style.px(28), ratio))
        face: QPixmap = icons.pixmap("user", style.look().hexes["text2"], style.px(18), ratio)
        self._face.setPixmap(face)

    def set_rail(self, rail: bool, width: int) -> None:
        """Only icons, or words too."""
        self.setFixedWidth(style.px(RAIL) if rail else width)
        for words in self._words:
            words.setVisible(not rail)
        for sign in self._signs:
            sign.setVisible(rail)
        self._rail = rail
        self._fit_height()
        for item in self.items.values():
            item.rail = rail
            item.update()

    def _fit_height(self) -> None:
        """Where it is too low for all, the pages come first."""
        layout = self.layout()
        assert layout is not None
        groups = [self._sitter], self._rules, [self._acts] if self._rail else []
        for widget in (self._acts, self._sitter, *self._rules):
            widget.show()
        for group in groups:
            layout.invalidate()
            if layout.minimumSize().height() <= self.height():
                return
            for widget in group:
                widget.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another height."""
        super().resizeEvent(event)
        self._fit_height()

    def mark_page(self, code: str) -> None:
        """Show which page is open."""
        if code in self.items:
            self.items[code].setChecked(True)
