"""Papers read back as a reader program would, for the tests."""

from __future__ import annotations

import pypdfium2


def pages_of(paper: bytes) -> list[str]:
    """The text of each page; line ends of the layout are single line feeds."""
    document = pypdfium2.PdfDocument(paper)
    try:
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]
    finally:
        document.close()


def text_of(paper: bytes) -> str:
    """All text without blanks and line ends: where lines break is not what was written."""
    return "".join("".join(pages_of(paper)).split())


def in_order(text: str, *parts: str) -> None:
    """The parts stand in the text one behind the other."""
    place = 0
    for part in parts:
        found = text.find(part, place)
        assert found >= 0, f"{part} is not behind {text[max(0, place - 30) : place]}"
        place = found + len(part)
