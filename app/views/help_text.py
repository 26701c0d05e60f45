"""A chapter of the handbook as it is read: in the colours of the look, with its pictures as wide as there is room for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QEvent, QRegularExpression, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QColor, QImage, QResizeEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QFrame, QTextBrowser, QTextEdit

from app.core.language import _
from app.services import handbook
from app.views import style
from app.views.pieces.area import BAR

_SETTLES = 80
"""Milliseconds without another width, after which pictures are made anew."""
_EDGE = 20
_BESIDE = BAR + 6
"""The upright bar and the frame, whether they are there yet or not."""


class HelpText(QTextBrowser):
    """`followed` names the chapter that a link leads to. Tab goes from link to link, Enter follows."""

    followed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.chapter = ""
        self._found: Sequence[str] = ()
        self.setObjectName("help_text")
        self.setAccessibleName(_("Handbook"))
        self.setProperty("ground", "reading")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.document().setDocumentMargin(_EDGE)
        self.anchorClicked.connect(lambda url: self.followed.emit(url.toString().removesuffix(".md")))
        self._anew = QTimer(self, singleShot=True, interval=_SETTLES)
        self._anew.timeout.connect(self.refresh)

    def show_chapter(self, name: str, words: Sequence[str] = ()) -> None:
        """From its beginning, or from the first of the words, each of which is marked."""
        self.chapter, self._found = name, words
        self.refresh()
        self.verticalScrollBar().setValue(0)
        self._mark()

    def refresh(self) -> None:
        """The same in the present look and width, at the same place."""
        if not self.chapter:
            return
        bar = self.verticalScrollBar()
        share = bar.value() / max(1, bar.maximum())
        self.document().setDefaultStyleSheet(_sheet())
        self.document().setDefaultFont(style.font())
        self.setHtml(_fitted(handbook.html(self.chapter)))
        bar.setValue(round(share * bar.maximum()))
        self._mark(lead=False)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """A picture of the handbook, and nothing else from anywhere."""
        if kind != QTextDocument.ResourceType.ImageResource:
            return QByteArray()
        file = QUrl(name).path().rpartition("/")[2]
        image = QImage()
        # Named, for by their bytes alone some are taken for another format and come to nothing.
        image.loadFromData(QByteArray(handbook.picture(file)), "PNG")
        ratio = self.devicePixelRatioF()
        room = min(style.px(image.width()), self.width() - 2 * _EDGE - _BESIDE)
        shown = image.scaledToWidth(max(1, round(room * ratio)), Qt.TransformationMode.SmoothTransformation)
        shown.setDevicePixelRatio(ratio)
        return shown

    def _mark(self, *, lead: bool = True) -> None:
        marks = []
        for word in self._found:
            wanted = QRegularExpression(handbook.pattern(word), QRegularExpression.PatternOption.CaseInsensitiveOption)
            cursor = self.document().find(wanted)
            while not cursor.isNull():
                mark = QTextEdit.ExtraSelection()
                mark.cursor = cursor
                mark.format.setBackground(QColor(style.colour("warn-soft")))
                marks.append(mark)
                cursor = self.document().find(wanted, cursor)
        self.setExtraSelections(marks)
        if marks and lead:
            first = min(marks, key=lambda mark: mark.cursor.selectionStart())
            there = QTextCursor(self.document())
            there.setPosition(first.cursor.selectionStart())
            self.setTextCursor(there)
            self.ensureCursorVisible()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Pictures follow once the width has settled."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._anew.start()

    def changeEvent(self, event: QEvent) -> None:
        """Another look: the colours of a text are part of it."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and hasattr(self, "_anew"):
            self._anew.start()


def _fitted(html: str) -> str:
    """Qt adds to the size of headings whatever the sheet says, and room for one and a half lines to a picture."""
    plain = re.sub(r"<(h[12])>(.*?)</\1>", r'<p class="\1">\2</p>', html)
    return plain.replace("<p><img", '<p class="picture"><img')


def _sheet() -> str:
    """Qt knows no more of CSS in a text than this."""
    hexes = style.look().hexes
    sizes = {name: style.px(size) for name, size in (("body", style.BODY), ("card", style.CARD), ("title", style.TITLE))}
    return f"""
        body, p, li, td, th {{ color: {hexes["text"]}; font-size: {sizes["body"]}px; line-height: 150%; }}
        .h1 {{ font-size: {sizes["title"]}px; font-weight: bold; margin-top: 0; margin-bottom: 10px; }}
        .h2 {{ font-size: {sizes["card"]}px; font-weight: bold; margin-top: 18px; margin-bottom: 4px; }}
        .picture {{ line-height: 100%; margin-top: 8px; }}
        p {{ margin-top: 4px; margin-bottom: 8px; }}
        li {{ margin-bottom: 4px; }}
        a {{ color: {hexes["accent"]}; }}
        code {{ background-color: {hexes["mute-soft"]}; }}
        pre {{ background-color: {hexes["sunken"]}; color: {hexes["text"]}; }}
        blockquote {{ background-color: {hexes["accent-soft"]}; margin-left: 0; margin-right: 0; }}
        th {{ background-color: {hexes["sunken"]}; text-align: left; padding: 5px 10px; }}
        td {{ padding: 5px 10px; }}
        table {{ border-color: {hexes["line"]}; border-collapse: collapse; border-style: solid; border-width: 1px; }}
    """
