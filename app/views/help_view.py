"""The handbook to be read: its contents at the left, or what was found in it, and the chapter. On a page, or over a dialog."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QWidget

from app.core.language import _
from app.services import handbook
from app.views import style
from app.views.help_text import HelpText
from app.views.pieces.basics import box, column, label
from app.views.search_box import SearchBox

_SIDE, _NARROW_SIDE, _WIDEST = 288, 220, 900
_NARROW = 1000
_APART = 4
_CHAPTER, _WORDS = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class HelpView(QWidget):
    """Contents, search and text. ↑↓ choose a chapter, Enter goes into it; Ctrl+F looks for words."""

    def __init__(self) -> None:
        super().__init__()
        self.visited: list[str] = []
        self.search = SearchBox(_("Look in the handbook"), self.look)
        self.list = QListWidget()
        self.list.setObjectName("help_contents")
        self.list.setAccessibleName(_("Contents"))
        self.list.setWordWrap(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(lambda item, _before: self._choose(item))
        self.search.below = self.list
        self.said = label("", "hint", wrap=True)
        self.said.hide()
        self.text = HelpText()
        self.list.itemActivated.connect(lambda _item: self.text.setFocus())
        self.text.followed.connect(self.show_chapter)
        self._side = box("contents")
        inside = column(self.search, self.said, margins=(16, 12, 12, 12))
        inside.addWidget(self.list, 1)
        self._side.setLayout(inside)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._side)
        layout.addWidget(self.text, 1)
        self.setFocusProxy(self.text)
        self.look()

    def show_chapter(self, name: str) -> None:
        """Read a chapter from its beginning; the one before can be gone back to."""
        if self.search.text():
            self.search.clear()
            self.search.timer.stop()
            self.look()
        self._read(name)
        self._mark_current()

    def _read(self, name: str, words: tuple[str, ...] = ()) -> None:
        if self.text.chapter not in ("", name):
            self.visited.append(self.text.chapter)
        self.text.show_chapter(name, words)

    def step_back(self) -> bool:
        """To the chapter that was read before; whether there was one."""
        if not self.visited:
            return False
        self.text.show_chapter(self.visited.pop())
        self._mark_current()
        return True

    def look(self) -> None:
        """Show what was typed where it stands, or all chapters."""
        self.list.blockSignals(True)
        self.list.clear()
        typed = self.search.text().strip()
        self.said.setVisible(bool(typed))
        self.list.setSpacing(style.px(_APART) if typed else 0)
        if typed:
            self._show_hits(typed)
        else:
            self._show_contents()
        self.list.blockSignals(False)
        self._mark_current()

    def _show_contents(self) -> None:
        for reader, chapters in handbook.by_reader():
            head = QListWidgetItem(reader)
            head.setFlags(Qt.ItemFlag.NoItemFlags)
            head.setFont(style.font(style.SMALL, bold=True))
            head.setForeground(style.colour("text3"))
            self.list.addItem(head)
            for one in chapters:
                self._add(one.title, one.name)

    def _show_hits(self, typed: str) -> None:
        found = handbook.find(typed)
        words = tuple(typed.split())
        for hit in found:
            heading = (
                hit.title
                if hit.heading == hit.title
                else _("{chapter} · {heading}").format(chapter=hit.title, heading=hit.heading)
            )
            self._add(f"{heading}\n{hit.excerpt}", hit.chapter, words)
        nothing = _("Nothing found. Try fewer characters or another word.")
        self.said.setText(_("{count} places").format(count=len(found)) if found else nothing)

    def _add(self, words: str, chapter: str, found: tuple[str, ...] = ()) -> None:
        item = QListWidgetItem(words)
        item.setToolTip(words)
        item.setData(_CHAPTER, chapter)
        item.setData(_WORDS, found)
        self.list.addItem(item)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.data(_CHAPTER):
            self._read(str(item.data(_CHAPTER)), tuple(item.data(_WORDS) or ()))

    def _mark_current(self) -> None:
        """The chapter that is read is the one that is chosen; among hits nothing is chosen by itself."""
        self.list.blockSignals(True)
        rows = [row for row in range(self.list.count()) if self.list.item(row).data(_CHAPTER) == self.text.chapter]
        self.list.setCurrentRow(rows[0] if rows and not self.search.text() else -1)
        self.list.blockSignals(False)
        if rows:
            self.list.scrollToItem(self.list.item(rows[0]))

    def narrow(self, width: int) -> None:
        """The contents take less on narrow pages."""
        self._side.setFixedWidth(style.px(_NARROW_SIDE if width < style.px(_NARROW) else _SIDE))
        self.text.setMaximumWidth(style.px(_WIDEST))

    def sizeHint(self) -> QSize:
        """Of a page."""
        return QSize(style.px(_SIDE + 600), style.px(500))

    def changeEvent(self, event: QEvent) -> None:
        """Another look: the heads of the contents have a font of their own."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "text"):
            self.look()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width."""
        super().resizeEvent(event)
        self.narrow(self.width())
