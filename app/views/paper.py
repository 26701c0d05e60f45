"""Papers on the screen and to the printer: the pages of a PDF, drawn by pypdfium2. What stands on them is the reports' work."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from app.core.language import _
from app.views import style
from app.views.pieces.area import Steady
from app.views.pieces.basics import box, button, label, row
from app.views.pieces.graphic import Graphic

if TYPE_CHECKING:
    import pypdfium2

POINT = 96 / 72
"""Logical pixels of a point at 100 %."""
GAP = 18
STEPS = (0.25, 0.33, 0.5, 0.67, 0.75, 0.92, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
KEPT = 8
"""Rendered pages in memory."""
MOST_PIXELS = 40_000_000
"""Of one of them."""
FIT_PAGE, FIT_WIDTH, FREE = "page", "width", "free"


class Pages:
    """The pages of a PDF as pictures."""

    def __init__(self, content: bytes) -> None:
        import pypdfium2  # heavy: start-up must not pay for it

        self._document: pypdfium2.PdfDocument = pypdfium2.PdfDocument(content)
        self._drawn: OrderedDict[tuple[int, float], QImage] = OrderedDict()

    def __len__(self) -> int:
        return len(self._document)

    def size(self, place: int) -> tuple[float, float]:
        """Width and height of a page in points."""
        width, height = self._document.get_page_size(place)
        return float(width), float(height)

    def image(self, place: int, scale: float) -> QImage:
        """A page, `scale` device pixels per point or, of one that would become too large, as many as can be drawn."""
        width, height = self.size(place)
        scale = min(scale, (MOST_PIXELS / max(1.0, width * height)) ** 0.5)
        key = (place, round(scale, 4))
        if key not in self._drawn:
            bitmap = self._document[place].render(scale=scale, rev_byteorder=True)
            form = QImage.Format.Format_RGBA8888 if bitmap.n_channels == 4 else QImage.Format.Format_RGB888
            data = bytes(bitmap.buffer)
            self._drawn[key] = QImage(data, bitmap.width, bitmap.height, bitmap.stride, form).copy()
            if len(self._drawn) > KEPT:
                self._drawn.popitem(last=False)
        self._drawn.move_to_end(key)
        return self._drawn[key]

    def text(self, place: int) -> str:
        """What stands on a page."""
        page = self._document[place].get_textpage()
        return str(page.get_text_bounded()).replace("\r\n", "\n")

    def close(self) -> None:
        """Let go of the file."""
        self._document.close()


class Sheets(Graphic):
    """The pages below each other; only those in sight are drawn. Papers stay white in the dark."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.pages: Pages | None = None
        self.zoom = 1.0

    def places(self) -> list[QRect]:
        """Where each page lies, in logical pixels."""
        found, top = [], GAP
        for place in range(len(self.pages) if self.pages is not None else 0):
            assert self.pages is not None
            width, height = (round(side * POINT * self.zoom) for side in self.pages.size(place))
            found.append(QRect(max(GAP, (self.width() - width) // 2), top, width, height))
            top += height + GAP
        return found

    def needed(self) -> QSize:
        """Room for all pages."""
        sizes = [self.pages.size(place) for place in range(len(self.pages))] if self.pages is not None else []
        wide = max((round(width * POINT * self.zoom) for width, _height in sizes), default=0)
        high = sum(round(height * POINT * self.zoom) + GAP for _width, height in sizes) + GAP
        return QSize(wide + 2 * GAP, high)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A thin shadow, then the page."""
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        for place, rect in enumerate(self.places()):
            if rect.intersects(event.rect()) and self.pages is not None:
                for spread in (3, 2, 1):
                    shade = QColor(style.colour("text"))
                    shade.setAlpha(18)
                    painter.fillRect(rect.adjusted(-spread, -spread + 1, spread, spread + 1), shade)
                picture = QPixmap.fromImage(self.pages.image(place, self.zoom * POINT * ratio))
                painter.drawPixmap(rect, picture)
                if self.hasFocus():
                    painter.setPen(QPen(style.colour("accent"), 2))
                    painter.drawRect(rect.adjusted(-2, -2, 2, 2))
        painter.end()


class _Desk(Steady):
    """What the papers lie on."""

    zoomed = Signal(int)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel zoom."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoomed.emit(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Leaving by Tab scrolls nothing: Qt would bring the middle of all pages into sight."""
        return QWidget.focusNextPrevChild(self, forward)


class PaperView(QFrame):
    """A PDF with page numbers, zoom, fitting. `show_pdf` takes its bytes."""

    def __init__(self) -> None:
        super().__init__()
        self.content = b""
        self._fit = FIT_PAGE
        self._sheets = Sheets()
        self._area = _Desk()
        self._area.setWidget(self._sheets)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setFocusProxy(self._sheets)
        # Both show the desk behind them.
        self._area.viewport().setAutoFillBackground(False)
        self._sheets.setAutoFillBackground(False)
        self._area.zoomed.connect(self._step)
        self._area.verticalScrollBar().valueChanged.connect(lambda _value: self._show_place())
        desk = box("desk")
        desk_layout = QVBoxLayout(desk)
        desk_layout.setContentsMargins(0, 0, 0, 0)
        desk_layout.addWidget(self._area)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._bar())
        layout.addWidget(desk, 1)

    def _bar(self) -> QFrame:
        self._page = QLineEdit("1")
        self._page.setObjectName("page")
        self._page.setAccessibleName(_("Page"))
        self._page.setFixedWidth(style.px(48))
        self._page.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._page.returnPressed.connect(lambda: self.go_to(int(self._page.text()) if self._page.text().isdigit() else 1))
        self._of = label("")
        self._percent = label("", "secondary")
        bar = box("foot")
        bar.setLayout(
            row(
                button(
                    _("Previous page"), "icon", "chevron-left", name="previous_page", on_click=lambda: self.go_to(self.page() - 1)
                ),
                self._page,
                self._of,
                button(_("Next page"), "icon", "chevron-right", name="next_page", on_click=lambda: self.go_to(self.page() + 1)),
                None,
                button(_("Smaller"), "icon", "zoom-out", "Ctrl+-", name="zoom_out", on_click=lambda: self._step(-1)),
                self._percent,
                button(_("Larger"), "icon", "zoom-in", "Ctrl++", name="zoom_in", on_click=lambda: self._step(1)),
                button(_("Fit page"), "text", name="fit_page", on_click=lambda: self.fit(FIT_PAGE)),
                button(_("Fit width"), "text", name="fit_width", on_click=lambda: self.fit(FIT_WIDTH)),
                margins=(16, 5, 16, 5),
            )
        )
        return bar

    def show_pdf(self, content: bytes) -> None:
        """Show another paper, from its first page."""
        if self._sheets.pages is not None:
            self._sheets.pages.close()
        self.content = content
        self._sheets.pages = Pages(content)
        self._sheets.setAccessibleName("")
        self._lay_out()
        self.go_to(1)
        QTimer.singleShot(0, self, self._lay_out)

    def count(self) -> int:
        """Pages."""
        return len(self._sheets.pages) if self._sheets.pages is not None else 0

    def page(self) -> int:
        """The page in sight, from 1."""
        top = self._area.verticalScrollBar().value() + self._area.viewport().height() // 3
        passed = [place for place, rect in enumerate(self._sheets.places()) if rect.top() <= top]
        return (passed[-1] if passed else 0) + 1

    def go_to(self, page: int) -> None:
        """Bring a page to the top."""
        places = self._sheets.places()
        if places:
            rect = places[min(max(1, page), len(places)) - 1]
            self._area.verticalScrollBar().setValue(rect.top() - GAP)
            self._show_place()

    def fit(self, how: str) -> None:
        """The whole page, or its width."""
        page = self.page()
        self._fit = how
        self._lay_out()
        self.go_to(page)

    def set_zoom(self, zoom: float) -> None:
        """1.0 is the size on paper."""
        middle = self._area.viewport().rect().center()
        before = QPoint(self._area.horizontalScrollBar().value(), self._area.verticalScrollBar().value()) + middle
        factor = zoom / self._sheets.zoom
        self._fit, self._sheets.zoom = FREE, zoom
        self._lay_out()
        self._area.horizontalScrollBar().setValue(round(before.x() * factor) - middle.x())
        self._area.verticalScrollBar().setValue(round(before.y() * factor) - middle.y())

    def _step(self, by: int) -> None:
        now = self._sheets.zoom
        larger = [step for step in STEPS if step > now * 1.01]
        smaller = [step for step in STEPS if step < now * 0.99]
        if by > 0 and larger:
            self.set_zoom(larger[0])
        elif by < 0 and smaller:
            self.set_zoom(smaller[-1])

    def _lay_out(self) -> None:
        pages = self._sheets.pages
        if pages is None or not len(pages):
            return
        room = self._area.viewport().size()
        width, height = pages.size(0)
        across = (room.width() - 2 * GAP) / (width * POINT)
        if self._fit == FIT_WIDTH:
            self._sheets.zoom = max(0.2, across)
        elif self._fit == FIT_PAGE:
            self._sheets.zoom = max(0.2, min(across, (room.height() - 2 * GAP) / (height * POINT)))
        free = self._fit == FREE
        bars = Qt.ScrollBarPolicy.ScrollBarAsNeeded if free else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self._area.setHorizontalScrollBarPolicy(bars)
        needed = self._sheets.needed() if free else QSize(0, self._sheets.needed().height())
        self._sheets.resize(max(needed.width(), self._area.viewport().width()), needed.height())
        self._sheets.update()
        self._show_place()

    def _show_place(self) -> None:
        if not self._page.hasFocus():
            self._page.setText(str(self.page()))
        self._of.setText(_("/ {count} pages").format(count=self.count()))
        self._tell()

    def _tell(self) -> None:
        """Who listens hears which page it is, and what stands on it."""
        page = self.page()
        words = _("Page {page} of {pages}").format(page=page, pages=self.count())
        if words == self._sheets.accessibleName():
            return
        self._sheets.setAccessibleName(words)
        if QAccessible.isActive() and self._sheets.pages is not None:
            self._sheets.setAccessibleDescription(self._sheets.pages.text(page - 1))
        self._percent.setText(f"{self._sheets.zoom * 100:.0f} %")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again, once the area inside has its new size too."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._lay_out)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """PgUp and PgDn turn pages."""
        if event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self.go_to(self.page() + (1 if event.key() == Qt.Key.Key_PageDown else -1))
        else:
            super().keyPressEvent(event)
