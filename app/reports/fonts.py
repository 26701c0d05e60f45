"""The fonts of the papers: which font draws which character, how wide it is, and what no font can draw. No layout here."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from app.core.paths import resources

if TYPE_CHECKING:
    from reportlab.pdfbase.pdfdoc import PDFDocument
    from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD, RARE, EMOJI = "NotoSansSC-Regular", "NotoSansSC-Bold", "LXGWWenKai-Regular", "NotoEmoji-Regular"
_ENTRIES_OF_A_BLOCK = 100  # a CMap block may hold no more (Adobe 5014, beginbfchar)


class Face(NamedTuple):
    """A registered font: its glyphs and widths (thousandths of the size) by code point."""

    name: str
    glyphs: Mapping[int, int]
    widths: Mapping[int, float]


@cache
def face(name: str) -> Face:
    """The font, read and registered at its first use (50–120 ms each, so the rare ones only when a text needs them)."""
    # heavy: start-up must not pay for it
    from reportlab import rl_config
    from reportlab.pdfbase import pdfmetrics

    # Our text never passes reportlab's markup, which can read files; these close it for whoever might use it one day.
    rl_config.trustedSchemes, rl_config.trustedHosts = ["data"], []
    rl_config.useA85 = 0  # pages as bytes: as letters they are a quarter larger and take longer
    font = _faithful_font()(name, str(resources() / "fonts" / f"{name}.ttf"))
    pdfmetrics.registerFont(font)
    return Face(name, font.face.charToGlyph, font.face.charWidths)


@cache
def _faithful_font() -> type[TTFont]:
    """reportlab's TrueType font, but text copied out of the paper is right beyond U+FFFF, too.

    Its own table of code points (ttfonts.makeToUnicodeCMap) prints them as one group of more than four digits, which
    readers cut: 𬭚 (U+2CB5A) came out as U+2CB5. PDF wants UTF-16 there, and at most 100 entries in a block.
    """
    # heavy: start-up must not pay for it
    from reportlab.pdfbase import ttfonts

    class FaithfulFont(ttfonts.TTFont):
        def addObjects(self, doc: PDFDocument) -> None:
            subsets = self.state[doc].subsets
            names = [self.getSubsetInternalName(number, doc)[1:] for number in range(len(subsets))]
            super().addObjects(doc)
            fonts = doc.idToObject["BasicFonts"].dict  # type: ignore[attr-defined]
            for name, subset in zip(names, subsets, strict=True):
                table = doc.idToObject[fonts[name].ToUnicode.name]
                table.content = to_unicode(fonts[name].BaseFont, subset)  # type: ignore[attr-defined]

    return FaithfulFont


def to_unicode(font: str, subset: list[int]) -> str:
    """The CMap that says which character each code of the subset stands for, in UTF-16."""
    entries = [f"<{code:02X}> <{chr(point).encode('utf-16-be').hex().upper()}>" for code, point in enumerate(subset) if point]
    blocks = [entries[start : start + _ENTRIES_OF_A_BLOCK] for start in range(0, len(entries), _ENTRIES_OF_A_BLOCK)]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        f"/CIDSystemInfo << /Registry ({font}) /Ordering ({font}) /Supplement 0 >> def",
        f"/CMapName /{font} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<00> <FF>",
        "endcodespacerange",
    ]
    for block in blocks:
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    return "\n".join([*lines, "endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"])


@cache
def invisible(character: str) -> bool:
    """Whether a character only steers others (joiners, variation selectors): it needs no glyph and takes no room."""
    return unicodedata.category(character) == "Cf" or "VARIATION SELECTOR" in unicodedata.name(character, "")


@cache
def face_of(character: str, bold: bool = False) -> Face | None:
    """The font that draws the character; None if no font has it."""
    for name in (BOLD if bold else REGULAR, RARE, EMOJI):
        if ord(character) in face(name).glyphs:
            return face(name)
    return None


def width(text: str, size: float, bold: bool = False) -> float:
    """How wide the text is in points."""
    return sum(map(_width_of, text, [bold] * len(text))) * size / 1000


@cache
def _width_of(character: str, bold: bool) -> float:
    found = None if invisible(character) else face_of(character, bold)
    return found.widths.get(ord(character), 0) if found else 0


def runs(text: str, bold: bool = False) -> Iterator[tuple[str, str]]:
    """(font, part) in order, the parts as long as one font can draw them; what no font has is left out."""
    main = face(BOLD if bold else REGULAR)
    if all(ord(character) in main.glyphs for character in set(text)) and not any(map(invisible, set(text))):
        yield main.name, text
        return
    visible = (character for character in text if not invisible(character))
    for found, part in groupby(visible, lambda character: face_of(character, bold)):
        if found is not None:
            yield found.name, "".join(part)


def missing(text: str) -> list[str]:
    """The characters that no font has, each once, in the order they occur."""
    laid_out = dict.fromkeys(text)
    return [
        character for character in laid_out if character not in "\n\t" and not invisible(character) and not face_of(character)
    ]
