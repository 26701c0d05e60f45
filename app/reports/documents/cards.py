"""异议卡: pocket cards, eight on a page between cut lines. A long text gets smaller type, below a floor it goes on on another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from app.core.language import _
from app.reports import fonts
from app.reports.layout import MARGIN, MM, WIDTH, Block, write_lines
from app.reports.pdf import Paper, Sheaf
from app.reports.typesetting import Align, Line, Style, lines

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

ACROSS, DOWN = 2, 4
CARD_WIDTH, CARD_HEIGHT = WIDTH / ACROSS, 58 * MM
SIZES = (11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
"""Of the type, in points, from the usual to the smallest that is read without glasses."""
_PADDING = 3.5 * MM
_INNER = CARD_WIDTH - 2 * _PADDING
_HEAD = Style(7.5, grey=0.35)
_HEAD_GAP, _GAP = 3.0, 3.5
_ROOM = CARD_HEIGHT - 2 * _PADDING - _HEAD.leading - _HEAD_GAP


@dataclass(frozen=True)
class PocketCard:
    """What a card says; labels of choices as text. `evidence`: titles with their sources. `mark`: why it is not valid, if so."""

    number: str
    edition: int
    words: str
    content: str = ""
    answer: str = ""
    method: str = ""
    evidence: tuple[str, ...] = ()
    mark: str = ""


class _Row(NamedTuple):
    """A line of text and the distance above it, in points."""

    line: Line
    style: Style
    before: float = 0.0

    @property
    def height(self) -> float:
        return self.before + self.style.leading


class _Face(NamedTuple):
    """One side of pasteboard: part `part` of `parts` of a card."""

    card: PocketCard
    rows: Sequence[_Row]
    part: int
    parts: int


def cards_sheaf(paper: Paper, cards: Sequence[PocketCard]) -> Sheaf:
    """The pages."""
    faces = [face for card in cards for face in faces_of(card)]
    each = ACROSS * DOWN
    sheets = [_Sheet(faces[start : start + each]) for start in range(0, len(faces), each)]
    return Sheaf(paper, _("Objection cards"), sheets)


def faces_of(card: PocketCard) -> list[_Face]:
    """As few faces as the smallest type allows, in the largest type that needs no more."""
    fewest = len(_parts(_set(card, SIZES[-1])))
    parts = next(parts for size in SIZES if len(parts := _parts(_set(card, size))) == fewest)
    return [_Face(card, rows, number, fewest) for number, rows in enumerate(parts, 1)]


def _set(card: PocketCard, size: float) -> list[_Row]:
    """All lines of a card in one size of type."""
    plain = Style(size, spacing=1.35)
    below = Style(max(size - 1, SIZES[-1] - 0.5), spacing=1.3, grey=0.2)
    pairs = ((_("Method"), card.method), (_("Evidence"), _("; ").join(card.evidence)))
    rests = "\n".join(_("{caption}: {value}").format(caption=caption, value=value) for caption, value in pairs if value)
    words = _("“{words}”").format(words=card.words)
    found: list[_Row] = []
    for text, style in ((words, plain._replace(bold=True)), (card.answer, plain), (rests, below)):
        rows = lines(text, style, _INNER) if text else []
        found += [_Row(line, style, 0.0 if place or not found else _GAP) for place, line in enumerate(rows)]
    return found


def _parts(rows: Sequence[_Row]) -> list[Sequence[_Row]]:
    """Rows as they fit on one face after the other; where it is not the only one, with room for the word that it goes on."""
    room = _ROOM if sum(row.height for row in rows) <= _ROOM else _ROOM - _HEAD.leading
    parts: list[list[_Row]] = [[]]
    used = 0.0
    for row in rows:
        if parts[-1] and used + row.height > room:
            parts.append([])
            used = 0.0
        parts[-1].append(row)
        used += row.height
    return list(parts)


class _Sheet(Block):
    """Up to eight faces in two columns."""

    def __init__(self, faces: Sequence[_Face]) -> None:
        self.faces = faces
        self.height = DOWN * CARD_HEIGHT

    def draw(self, canvas: Canvas, top: float) -> None:
        for place, face in enumerate(self.faces):
            down, right = divmod(place, ACROSS)
            _draw_face(canvas, MARGIN + right * CARD_WIDTH + _PADDING, top - down * CARD_HEIGHT - _PADDING, face)
        self._cut_lines(canvas, top)

    def _cut_lines(self, canvas: Canvas, top: float) -> None:
        """Dashed, around every card there is."""
        canvas.saveState()
        canvas.setLineWidth(0.4)
        canvas.setStrokeGray(0.55)
        canvas.setDash(3, 3)
        across = min(len(self.faces), ACROSS)
        rows = -(-len(self.faces) // ACROSS)
        for row in range(rows + 1):
            # Below an odd last card there is nothing to cut off at its right.
            wide = across if row < rows or len(self.faces) % ACROSS == 0 else len(self.faces) % ACROSS
            canvas.line(MARGIN, top - row * CARD_HEIGHT, MARGIN + wide * CARD_WIDTH, top - row * CARD_HEIGHT)
        for column in range(across + 1):
            high = rows - (column == ACROSS and len(self.faces) % ACROSS == 1)
            canvas.line(MARGIN + column * CARD_WIDTH, top, MARGIN + column * CARD_WIDTH, top - high * CARD_HEIGHT)
        canvas.restoreState()

    def texts(self) -> Iterator[tuple[str, str]]:
        for card in dict.fromkeys(face.card for face in self.faces):
            yield card.number, "".join((card.number, card.words, card.answer, card.method, card.content, *card.evidence))


def _draw_face(canvas: Canvas, left: float, top: float, face: _Face) -> None:
    card = face.card
    edition = _("{number}, edition {edition}").format(number=card.number, edition=card.edition)
    part = f"{face.part}/{face.parts}" if face.parts > 1 else ""
    _one(canvas, left, top, "  ".join(word for word in (card.content, card.mark) if word), _HEAD)
    _one(canvas, left, top, "  ".join(word for word in (edition, part) if word), _HEAD._replace(align=Align.RIGHT))
    top -= _HEAD.leading + _HEAD_GAP
    for row in face.rows:
        write_lines(canvas, left, top - row.before, _INNER, [row.line], row.style)
        top -= row.height
    if face.part < face.parts:
        further = _("continued on card {part}/{parts}").format(part=face.part + 1, parts=face.parts)
        _one(canvas, left, top, further, _HEAD._replace(align=Align.RIGHT))


def _one(canvas: Canvas, left: float, top: float, text: str, style: Style) -> None:
    write_lines(canvas, left, top, _INNER, [Line(text, 0, fonts.width(text, style.size))], style)
