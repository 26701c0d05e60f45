"""How a text becomes lines: Chinese breaks between characters but not before ，。 or after （, Western words stay whole."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from app.reports import fonts


class Align(Enum):
    LEFT = 0.0
    CENTRE = 0.5
    RIGHT = 1.0


class Style(NamedTuple):
    """Sizes in points; `indent` (of a paragraph's first line) in characters; `grey` from 0 (black) to 1."""

    size: float = 10
    bold: bool = False
    align: Align = Align.LEFT
    spacing: float = 1.5
    indent: int = 0
    grey: float = 0

    @property
    def leading(self) -> float:
        """From one base line to the next."""
        return self.size * self.spacing


class Line(NamedTuple):
    """A line ready to draw, with its indentation and its width without blanks at the end, in points."""

    text: str
    indent: float
    width: float


_NOT_AT_START = frozenset("、，。．：；！？）］｝】》」』〉〕〗”’…—～·％‰℃°,.;:!?)]}%>》々ー〞")
_NOT_AT_END = frozenset("（［｛【《「『〈〔〖“‘([{<￥¥$＃#№〝")
# Letters, digits and marks of alphabets: what stands together is one word.
_WORD = re.compile(r"[!-~\u00a1-\u00b6\u00b8-\u1fff\u2c00-\u2dff]+| +|\u00a0|.", re.DOTALL)


def lines(text: str, style: Style, width: float) -> list[Line]:
    """The text broken to `width` points; a line feed begins a paragraph, an empty text is one empty line."""
    indent = style.indent * style.size
    return [line for paragraph in text.expandtabs(4).split("\n") for line in _paragraph(paragraph, style, width, indent)]


def _paragraph(text: str, style: Style, width: float, indent: float) -> Iterator[Line]:
    # A hundredth of a point more: sums of widths are not exact.
    room, taken, pieces = width - indent + 0.01, 0.0, list[str]()
    for piece in _pieces(text, style, width):
        wide = fonts.width(piece, style.size, style.bold)
        if pieces and taken + wide > room and piece.strip(" "):
            yield _line("".join(pieces), indent, style)
            room, taken, pieces, indent = width + 0.01, 0.0, [], 0.0
        pieces.append(piece)
        taken += wide
    yield _line("".join(pieces), indent, style)


def _line(text: str, indent: float, style: Style) -> Line:
    return Line(text, indent, fonts.width(text.rstrip(" "), style.size, style.bold))


def _pieces(text: str, style: Style, width: float) -> Iterator[str]:
    """What may not be broken, except where it is wider than a whole line."""
    for piece in _clusters(text):
        if len(piece) > 1 and fonts.width(piece, style.size, style.bold) > width - style.indent * style.size:
            yield from piece
        else:
            yield piece


def _clusters(text: str) -> Iterator[str]:
    cluster = ""
    for found in _WORD.finditer(text):
        token = found[0]
        if cluster and not _belongs(cluster[-1], token):
            yield cluster
            cluster = ""
        cluster += token
    if cluster:
        yield cluster


def _belongs(before: str, token: str) -> bool:
    """Whether no line may end between the two."""
    if "\u00a0" in (before, token):
        return True
    if before == " " or token[0] == " ":
        return False
    combining = fonts.invisible(token[0]) or unicodedata.combining(token[0]) != 0
    return combining or token[0] in _NOT_AT_START or before in _NOT_AT_END
