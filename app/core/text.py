"""The one gate by which text enters, and the keys by which it is found. What is stored is what came in."""

from __future__ import annotations

import re
import unicodedata

from app.core.errors import UserError
from app.core.language import _

# Control characters but tab and line feed, lone surrogates, and what turns the direction of writing round.
_FORBIDDEN = "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]"
# Of these what nobody sees and does without; a surrogate is half of a character.
_UNSEEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
_QUOTED = 40
_NO_DIGITS = "[^0-9]+"
_BLANKS = rf"(?:\s|{_FORBIDDEN})+"


def admit(text: str) -> str:
    """The text as it will be stored: CR LF and CR become LF. UserError names the first character that may not come in."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # None of these is printable; the pattern takes long to compile, and most texts do without it.
    if not text.isprintable() and (found := re.search(_FORBIDDEN, text)):
        raise UserError(
            _("Character {place} is the invisible control character U+{code:04X}. Delete it and type the text again.").format(
                place=found.start() + 1, code=ord(found[0])
            )
        )
    return text


def seen(text: str) -> str:
    """A text of another program without what nobody sees in it, and so nobody could delete."""
    return text if text.isprintable() else re.sub(_UNSEEN, "", text)


def tame(text: str) -> str:
    """One line of a text that people did not type, as the name of a file: what may not come in stands as _."""
    return re.sub(_FORBIDDEN, "_", text.replace("\r", "_").replace("\n", "_"))


def trim_ends(text: str) -> str:
    """A phone or number without blanks and invisible characters at its ends (they come along when copied from a chat)."""
    start, end = 0, len(text)
    while start < end and (text[start].isspace() or unicodedata.category(text[start]) in ("Cf", "Cc")):
        start += 1
    while end > start and (text[end - 1].isspace() or unicodedata.category(text[end - 1]) in ("Cf", "Cc")):
        end -= 1
    return text[start:end]


def quoted(text: object) -> str:
    """What a sentence repeats of something that was typed: on one line, and no more than is needed to know it again."""
    line = " ".join(str(text).split())
    return line if len(line) <= _QUOTED else f"{line[:_QUOTED]}…"


def key(text: str) -> str:
    """What a text is compared by: NFKC (full-width = half-width), no case, blanks (and what may not come in) collapsed."""
    if not text:
        return ""
    return re.sub(_BLANKS, " ", unicodedata.normalize("NFKC", text).casefold()).strip()


def digits(text: str) -> str:
    """The ASCII digits of a phone number, full-width ones included."""
    return re.sub(_NO_DIGITS, "", unicodedata.normalize("NFKC", text))
