"""Pictures and PDFs out of files that anybody may have sent: told by their content, and measured before they are read."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QBuffer, QSize, Qt
from PySide6.QtGui import QImage, QImageIOHandler, QImageReader

from app.core.errors import UserError
from app.core.language import _

MOST_PIXELS = 25_000_000
MOST_PAGES = 500
LONGEST_SIDE = 14_400.0
"""Points: the longest side that a page of a PDF may have by its standard."""
_FORMATS = frozenset((b"png", b"jpeg", b"gif", b"bmp", b"webp"))


class Look(Enum):
    """What can be shown of a file."""

    PICTURE = "picture"
    PDF = "pdf"
    NOTHING = "nothing"


START = 64 * 1024
"""Bytes that are enough to know what a file is."""


def look_of(start: bytes) -> Look:
    """By its first bytes, whatever it is called."""
    if b"%PDF-" in start[:1024]:
        return Look.PDF
    reader = _Reader(start)
    return Look.PICTURE if reader.canRead() and reader.format().data() in _FORMATS else Look.NOTHING


def check(content: bytes) -> QImageReader:
    """A reader of a picture that is small enough to be read; only its head was looked at. UserError where it cannot be shown."""
    reader = _Reader(content)
    size = reader.size()
    if not size.isValid() or reader.format().data() not in _FORMATS:
        raise UserError(_damaged())
    if size.width() * size.height() > MOST_PIXELS:
        sentence = _("This picture has {pixels} million pixels, 25 can be shown here. Save a copy to look at it elsewhere.")
        raise UserError(sentence.format(pixels=f"{size.width() * size.height() / 1e6:,.0f}"))
    return reader


def picture(content: bytes, room: QSize | None = None) -> QImage:
    """The picture, turned as the camera was held; no larger than `room` (device pixels). UserError where it cannot be shown."""
    reader = check(content)
    size = reader.size()
    if room is not None:
        turned = bool(reader.transformation() & QImageIOHandler.Transformation.TransformationRotate90)
        most = room.transposed() if turned else room
        if size.width() > most.width() or size.height() > most.height():
            reader.setScaledSize(size.scaled(most, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1)))
    image = reader.read()
    if image.isNull():
        raise UserError(_damaged())
    return image


def _damaged() -> str:
    return _("This picture is damaged or of a kind that is not known here. Save a copy to look at it elsewhere.")


class _Reader(QImageReader):
    """Reads out of memory, which Qt does not keep for it."""

    def __init__(self, content: bytes) -> None:
        self._buffer = QBuffer()
        self._buffer.setData(content)
        self._buffer.open(QBuffer.OpenModeFlag.ReadOnly)
        super().__init__(self._buffer)
        self.setDecideFormatFromContent(True)
        self.setAutoDetectImageFormat(True)
        self.setAutoTransform(True)


def pdf(content: bytes) -> bytes:
    """The PDF, where it can be shown. UserError where it is damaged, locked, or larger than pages are."""
    import pypdfium2  # heavy: start-up must not pay for it

    try:
        document = pypdfium2.PdfDocument(content)
        count = len(document)
        longest = max((max(document.get_page_size(place)) for place in range(min(count, MOST_PAGES))), default=0.0)
        document.close()
    except pypdfium2.PdfiumError:
        sentence = _("This PDF is damaged or locked by a password. Save a copy to look at it elsewhere.")
        raise UserError(sentence) from None
    if not 0 < count <= MOST_PAGES or longest > LONGEST_SIDE:
        raise UserError(_("This PDF is too large to be shown here. Save a copy to look at it elsewhere."))
    return content
