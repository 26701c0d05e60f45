"""The common form of all papers: letterhead, number, page x of y, print stamp, watermark. The content is the documents'."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from app.core.errors import UserError
from app.core.language import N_, _, chosen
from app.core.progress import Progress
from app.reports import fonts
from app.reports.layout import (
    MARGIN,
    MM,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    RULE,
    Block,
    Text,
    centred,
    paginate,
    write,
    write_lines,
)
from app.reports.typesetting import Align, Line, Style, lines

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

DRAFT, VOID = N_("Draft"), N_("Void")
CERTIFICATE = N_("Signed by certificate {code}")
_TOP, _BOTTOM = 16 * MM, 14 * MM
_SMALL = Style(8.5, spacing=1.35, grey=0.3)
FOOT = _BOTTOM + _SMALL.leading + 4
"""Points from a page's lower edge: below stands its foot."""
_RIGHT = _SMALL._replace(align=Align.RIGHT)
_MOST_OF_NUMBER, _GAP = 0.42, 14
_MISSING_NAMED = 8


@dataclass(frozen=True)
class Paper:
    """What every paper carries around its content. `printed_at` is in the branch's zone, `prints` counts this print (0: not
    counted), `version` 0 means none, `mark` is the watermark's word (pdf.DRAFT, pdf.VOID or any other), `copy` names whose
    copy it is, `anchor` the history that it bears witness to, `certificate` the beginning of its
    fingerprint; one of the `sample` branch says so in its foot."""

    branch: str
    number: str
    printed_at: datetime
    address: str = ""
    phone: str = ""
    version: int = 0
    prints: int = 0
    mark: str = ""
    copy: str = ""
    author: str = ""
    anchor: str = ""
    certificate: str = ""
    sample: bool = False


@dataclass(frozen=True)
class Sheaf:
    """A document before it is drawn: what stands around it, its title and its blocks; its pages are counted of their own.

    `outline`: what it is called in the outline of the file, where that is not its title.
    """

    paper: Paper
    title: str
    blocks: Sequence[Block]
    subtitle: str = ""
    landscape: bool = False
    outline: str = ""


class Laid:
    """A sheaf whose blocks have fallen on pages. UserError names characters that no font has."""

    def __init__(self, sheaf: Sheaf) -> None:
        self.sheaf = sheaf
        self.size = (PAGE_HEIGHT, PAGE_WIDTH) if sheaf.landscape else (PAGE_WIDTH, PAGE_HEIGHT)
        self.frame = _Frame(sheaf.paper, *self.size)
        head = [Text(sheaf.title, centred(), with_next=True, width=self.frame.inner)] if sheaf.title else []
        if sheaf.subtitle:
            head.append(Text(sheaf.subtitle, Style(9.5, align=Align.CENTRE), with_next=True, width=self.frame.inner))
        _require_glyphs([*head, *sheaf.blocks], self.frame.texts())
        self.pages = paginate([*head, *_lowered(sheaf.blocks)], self.frame.room)

    def draw(self, canvas: Canvas, place: int, page: int, pages: int) -> None:
        """Draw the page at `place`, numbered as `page` of `pages`."""
        canvas.setPageSize(self.size)
        self.frame.draw(canvas, page, pages)
        for placed in self.pages[place]:
            placed.block.draw(canvas, self.frame.height - self.frame.top - placed.down)
        canvas.showPage()


def bind(*sheaves: Sheaf, progress: Progress | None = None) -> bytes:
    """Documents in one file, each with its own page numbers; the same content gives the same bytes."""
    return draw([Laid(sheaf) for sheaf in sheaves], progress)


def draw(laid: Sequence[Laid], progress: Progress | None = None, *, through: bool = False) -> bytes:
    """The file; `through`: page numbers go through all documents, each of which has an entry in the outline."""
    # heavy: start-up must not pay for it
    from reportlab.pdfgen.canvas import Canvas

    first, told, buffer = laid[0].sheaf, progress or Progress(), BytesIO()
    plain = fonts.face(fonts.REGULAR).name  # else pages begin with Helvetica, which nobody uses and which is not embedded
    language = chosen().replace("_", "-")
    canvas = Canvas(buffer, laid[0].size, pageCompression=1, invariant=1, lang=language, initialFontName=plain)  # type: ignore[arg-type]
    canvas.setTitle(f"{first.title or first.outline} {first.paper.number}".strip())
    canvas.setAuthor(first.paper.author or first.paper.branch)
    canvas.setSubject(first.paper.number)
    canvas.setCreator("Kesu Desk")
    whole, before = sum(len(one.pages) for one in laid), 0
    for one in laid:
        if through and (entry := one.sheaf.outline or one.sheaf.title):
            canvas.bookmarkPage(str(before))
            canvas.addOutlineEntry(entry, str(before))
        for place in range(len(one.pages)):
            told.step(before + place, whole, _("Drawing pages"))
            one.draw(canvas, place, *((before + place + 1, whole) if through else (place + 1, len(one.pages))))
        before += len(one.pages)
    canvas.save()
    return buffer.getvalue()


def body(paper: Paper, *, landscape: bool = False) -> tuple[float, float]:
    """Width and height of what a page holds between its head and its foot, in points."""
    frame = _Frame(paper, *((PAGE_HEIGHT, PAGE_WIDTH) if landscape else (PAGE_WIDTH, PAGE_HEIGHT)))
    return frame.inner, frame.room


def _lowered(blocks: Sequence[Block]) -> Sequence[Block]:
    """The title keeps some distance, whatever comes first."""
    if blocks:
        blocks[0].before = max(blocks[0].before, 8)
    return blocks


class _Frame:
    """What stands around the content of each page."""

    def __init__(self, paper: Paper, width: float, height: float) -> None:
        self.paper, self.width, self.height = paper, width, height
        self.inner = width - 2 * MARGIN
        sender = " · ".join(part for part in (paper.branch, paper.address, paper.phone) if part)
        widest = max(fonts.width(line, _RIGHT.size) for line in self._number().split("\n"))
        number = min(widest, self.inner * _MOST_OF_NUMBER) + 1
        self.sender = lines(sender, _SMALL, self.inner - number - _GAP)
        self.number = lines(self._number(), _RIGHT, number)
        self.head = max(len(self.sender), len(self.number)) * _SMALL.leading
        self.top = _TOP + self.head + 14
        self.bottom = FOOT + 8

    @property
    def room(self) -> float:
        """The height of a page's body."""
        return self.height - self.top - self.bottom

    def texts(self) -> list[tuple[str, str]]:
        paper = self.paper
        return [(_("Letterhead"), f"{paper.branch}{paper.address}{paper.phone}{paper.number}{paper.copy}{paper.mark}")]

    def _number(self) -> str:
        paper = self.paper
        number = _("No. {number}").format(number=paper.number) if paper.number else ""
        version = _("version {version}").format(version=paper.version) if paper.version else ""
        return "\n".join(filter(None, (paper.copy, "  ".join(filter(None, (number, version))))))

    def _stamp(self) -> str:
        sample = _("Sample") if self.paper.sample else ""
        stamp = _("Printed {time}").format(time=f"{self.paper.printed_at:%Y-%m-%d %H:%M}")
        count = _("print {count}").format(count=self.paper.prints) if self.paper.prints else ""
        anchor = _("History {anchor}").format(anchor=self.paper.anchor) if self.paper.anchor else ""
        return "  ".join(filter(None, (sample, stamp, count, anchor)))

    def draw(self, canvas: Canvas, page: int, pages: int) -> None:
        if self.paper.mark:
            self._watermark(canvas, _(self.paper.mark))
        top = self.height - _TOP
        write_lines(canvas, MARGIN, top, self.inner, self.sender, _SMALL)
        write_lines(canvas, MARGIN, top, self.inner, self.number, _RIGHT)
        self._rule(canvas, top - self.head - 3)
        self._rule(canvas, FOOT - 2)
        count = _("Page {page} of {pages}").format(page=page, pages=pages)
        for text, style in ((self._stamp(), _SMALL), (count, _RIGHT)):
            write_lines(canvas, MARGIN, _BOTTOM + _SMALL.leading, self.inner, [_one_line(text, style)], style)
        if self.paper.certificate:
            signed = _(CERTIFICATE).format(code=self.paper.certificate)
            write_lines(canvas, MARGIN, _BOTTOM, self.inner, [_one_line(signed, _SMALL)], _SMALL)

    def _rule(self, canvas: Canvas, y: float) -> None:
        canvas.setLineWidth(RULE)
        canvas.setStrokeGray(0.4)
        canvas.line(MARGIN, y, MARGIN + self.inner, y)
        canvas.setStrokeGray(0)

    def _watermark(self, canvas: Canvas, word: str) -> None:
        style = Style(min(130, 560 / max(fonts.width(word, 1), 1)), bold=True)
        canvas.saveState()
        canvas.setFillGray(0.9)
        canvas.translate(self.width / 2, self.height / 2)
        canvas.rotate(40)
        write(canvas, -fonts.width(word, style.size, bold=True) / 2, -style.size * 0.35, word, style)
        canvas.restoreState()


def _one_line(text: str, style: Style) -> Line:
    return Line(text, 0, fonts.width(text, style.size, style.bold))


def _require_glyphs(blocks: Sequence[Block], around: Sequence[tuple[str, str]]) -> None:
    """UserError that names the characters and where they stand."""
    found: dict[str, str] = {}
    for where, text in [*around, *(pair for block in blocks for pair in block.texts())]:
        for character in fonts.missing(text):
            place = text.index(character)
            excerpt = text[max(0, place - 6) : place].replace("\n", " ")
            found.setdefault(character, where or (f"{excerpt}…" if excerpt else text[:12]))
    if not found:
        return
    names = [f"{character} (U+{ord(character):04X}, {where})" for character, where in found.items()]
    more = "…" if len(names) > _MISSING_NAMED else ""
    sentence = _("No font has these characters, so they would not be printed: {characters}. Write them in another way.")
    raise UserError(sentence.format(characters=_(", ").join(names[:_MISSING_NAMED]) + more))
