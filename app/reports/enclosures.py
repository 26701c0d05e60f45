"""What lies with a record, on paper: pictures scaled onto pages, PDFs page by page. Anybody may have sent these files.

They are told by their content and measured before they are read; what cannot be put on paper is None, and is listed only.
"""

from __future__ import annotations

import re
import warnings
import zlib
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from app.models.attachments import File
from app.reports.layout import MARGIN, RULE, WIDTH, Block, Text
from app.reports.typesetting import Style

if TYPE_CHECKING:
    import pypdfium2
    from PIL.Image import Image
    from reportlab.pdfgen.canvas import Canvas

MOST_PIXELS = 25_000_000
MOST_PAGES = 500
LONGEST_SIDE = 1_800
"""Pixels of a picture on paper: some 250 to the inch; the file itself stays as it came."""
_QUALITY = 82
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP")
_CAPTION = Style(9, spacing=1.4)
_GAP = 4.0
# The second identifier of a file that PDFium writes is random.
_IDENTIFIER = re.compile(rb"/ID\[<([0-9A-F]{32})><[0-9A-F]{32}>\]")


class Picture(NamedTuple):
    """A picture as it is drawn: JPEG, upright, its sides in pixels."""

    content: bytes
    width: int
    height: int


def picture(content: bytes) -> Picture | None:
    """The picture in a file, no larger than a page needs; None where there is none that can be drawn."""
    from PIL import Image, ImageOps  # heavy: pictures are rare

    try:
        with warnings.catch_warnings(action="error"), Image.open(BytesIO(content), formats=_FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                return None
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return _drawn(upright)
    except (OSError, ValueError, SyntaxError, zlib.error, Warning, Image.DecompressionBombError):
        return None


def _drawn(image: Image) -> Picture:
    """On white where it is transparent."""
    from PIL import Image  # heavy: pictures are rare

    if image.has_transparency_data:
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        ground.alpha_composite(image)
        image = ground
    buffer = BytesIO()
    image.convert("RGB").save(buffer, "JPEG", quality=_QUALITY)
    return Picture(buffer.getvalue(), image.width, image.height)


def page_sizes(content: bytes) -> list[tuple[float, float]] | None:
    """Width and height of the pages of a PDF in points; None where it is none, damaged, locked or too long."""
    import pypdfium2  # heavy: start-up must not pay for it

    if b"%PDF-" not in content[:1024]:
        return None
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        return None
    try:
        return [_size(document, place) for place in range(len(document))] if 0 < len(document) <= MOST_PAGES else None
    except pypdfium2.PdfiumError:
        return None
    finally:
        document.close()


def _size(document: pypdfium2.PdfDocument, place: int) -> tuple[float, float]:
    page = document[place]  # one that is damaged is noticed here
    width, height = page.get_size()
    page.close()
    return float(width), float(height)


class Shown(Block):
    """A picture with its caption above, if it has one, on a page of height `room` (points); wide ones leave room for a second."""

    before = 14

    def __init__(self, caption: str, found: Picture, room: float) -> None:
        self.caption = Text(caption, _CAPTION)
        self.found = found
        most = room / 2 - self.before if found.width >= found.height else room
        above = self.caption.height + _GAP if caption else 0
        room = most - above
        scale = min(WIDTH / found.width, room / found.height, 1)
        self.size = (found.width * scale, found.height * scale)
        self.height = above + self.size[1]

    def draw(self, canvas: Canvas, top: float) -> None:
        # heavy: start-up must not pay for it
        from reportlab.lib.utils import ImageReader

        self.caption.draw(canvas, top)
        left, bottom = MARGIN + (WIDTH - self.size[0]) / 2, top - self.height
        canvas.drawImage(ImageReader(BytesIO(self.found.content)), left, bottom, *self.size)
        canvas.setLineWidth(RULE)
        canvas.rect(left, bottom, *self.size)

    def texts(self) -> Iterator[tuple[str, str]]:
        return self.caption.texts()


class Room(Block):
    """Where a page of a PDF is put afterwards."""

    before = _GAP

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height

    def draw(self, canvas: Canvas, top: float) -> None:
        canvas.setLineWidth(RULE)
        canvas.setStrokeGray(0.6)
        canvas.rect(MARGIN, top - self.height, self.width, self.height)
        canvas.setStrokeGray(0)


class Inset(NamedTuple):
    """A page of a file for a box of one of ours; places from 0, the box in points from the lower left corner."""

    page: int
    file: File
    place: int
    left: float
    bottom: float
    width: float
    height: float


def filled(content: bytes, insets: Sequence[Inset]) -> bytes:
    """Our pages with those of other files drawn into their boxes, with what was filled in or noted on them."""
    if not insets:
        return content
    import pypdfium2  # heavy: start-up must not pay for it

    whole = pypdfium2.PdfDocument(content)
    sources = {one.file: pypdfium2.PdfDocument(one.file.content()) for one in insets}
    for one in insets:
        _draw(whole, sources[one.file], one)
    buffer = BytesIO()
    whole.save(buffer)
    for document in (*sources.values(), whole):  # not before: what was drawn is still read from them while it is saved
        document.close()
    return settled(buffer.getvalue())


def _draw(whole: pypdfium2.PdfDocument, source: pypdfium2.PdfDocument, inset: Inset) -> None:
    import pypdfium2  # heavy: start-up must not pay for it

    theirs = source[inset.place]
    pypdfium2.raw.FPDFPage_Flatten(theirs, pypdfium2.raw.FLAT_PRINT)  # fields and notes become part of the page
    width, height = theirs.get_size()
    theirs.close()
    scale = min(inset.width / max(width, 1), inset.height / max(height, 1))
    left = inset.left + (inset.width - width * scale) / 2
    bottom = inset.bottom + (inset.height - height * scale) / 2
    captured = source.page_as_xobject(inset.place, whole)
    drawn = captured.as_pageobject()
    drawn.set_matrix(pypdfium2.PdfMatrix().scale(scale, scale).translate(left, bottom))
    ours = whole[inset.page]
    ours.insert_obj(drawn)
    ours.gen_content()
    captured.close()
    ours.close()


def settled(content: bytes) -> bytes:
    """A file that PDFium wrote, without what is random in it."""
    return _IDENTIFIER.sub(rb"/ID[<\1><\1>]", content)
