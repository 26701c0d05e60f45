"""How Chinese names sound, written in letters: what they are found by."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4096)
def pinyin_of(name: str) -> tuple[str, str]:
    """Full pinyin without tones or blanks, and initials, of a name; other characters as they are, lower case.

    Names are remembered, and their words, because a register brings the same ones again and again.
    """
    if name.isascii():
        words = name.casefold().split()
        return "".join(words), "".join(word[0] for word in words)
    from pypinyin.seg.simpleseg import seg  # heavy: half a second, paid by the first name that is written

    spoken = [_spoken(word) for word in seg(name)]
    return "".join(full for full, _initials in spoken), "".join(initials for _full, initials in spoken)


@lru_cache(maxsize=4096)
def _spoken(word: str) -> tuple[str, str]:
    """The same of one word of a name."""
    from pypinyin import lazy_pinyin  # heavy: likewise

    pieces = lazy_pinyin(word, errors=lambda other: f"{_OTHER}{other.casefold()}")
    full = "".join(piece.removeprefix(_OTHER) for piece in pieces)
    initials = "".join(piece[1:] if piece.startswith(_OTHER) else piece[0] for piece in pieces)
    return full.replace(" ", ""), initials.replace(" ", "")


_OTHER = "\0"
"""Before a piece that is no Chinese; no name holds it."""
