"""The handbook: its chapters in the language in use, which of them helps where, and looking for words in them.

The sources are Markdown under `resources/handbook`; `contents.toml` there gives their order, their reader, what they help with.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from app.core import text
from app.core.language import N_, _, chosen
from app.core.paths import resources
from app.services import coach
from app.services import workplace as workplace  # it declares the steps, whose advice is a chapter

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

READERS = {
    "everybody": N_("Everybody"),
    "clerk": N_("Clerk"),
    "handler": N_("Handler"),
    "manager": N_("Department manager"),
    "warehouse": N_("Warehouse and marketing"),
    "caller": N_("Caller"),
    "head": N_("Branch head"),
    "admin": N_("Administrator"),
    "reference": N_("To look up"),
}
"""Whose day a chapter belongs to, in the order of the contents."""
FIRST = "workbench"
_COACH = "{{coach}}"
_BEFORE, _AFTER = 8, 30
"""Characters of an excerpt on either side of what was found."""
_MOST = 40
_ENOUGH = 0.6
"""So many of the pairs of what was typed a section has, where none has all the words."""
_MARKS = dict.fromkeys(map(ord, "\n\t"), " ")


class Piece(NamedTuple):
    """A block of a chapter as plain text. `kind`: heading, paragraph, item, picture, quote, code or table.

    `level`: of a heading or of an item in its list; `mark`: what stands before an item, or the file of a picture.
    """

    kind: str
    text: str
    level: int = 1
    mark: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


class Chapter(NamedTuple):
    """One job of one reader."""

    name: str
    reader: str
    title: str
    source: str


class Hit(NamedTuple):
    """Where the words stand: the chapter, the heading above them, and what is around them."""

    chapter: str
    title: str
    heading: str
    excerpt: str


@cache
def _contents() -> dict[str, dict[str, Any]]:
    with (resources() / "handbook" / "contents.toml").open("rb") as file:
        return tomllib.load(file)


def chapters() -> tuple[Chapter, ...]:
    """All chapters in their order."""
    return _chapters(chosen())


@cache
def _chapters(language: str) -> tuple[Chapter, ...]:
    found = [_read(language, name, str(one["reader"])) for name, one in _contents().items()]
    order = list(READERS)
    return tuple(sorted(found, key=lambda chapter: order.index(chapter.reader)))


def _read(language: str, name: str, reader: str) -> Chapter:
    source = (resources() / "handbook" / language / f"{name}.md").read_text(encoding="utf-8")
    title = source.partition("\n")[0].removeprefix("# ").strip()
    return Chapter(name, reader, title, source.replace(_COACH, _advice(language)) if _COACH in source else source)


def by_reader() -> list[tuple[str, list[Chapter]]]:
    """The chapters of each reader under the reader's name."""
    return [(_(READERS[reader]), list(found)) for reader, found in groupby(chapters(), lambda chapter: chapter.reader)]


def chapter(name: str) -> Chapter:
    """The chapter of that name."""
    return next(one for one in chapters() if one.name == name)


def chapter_for(names: Iterable[str]) -> str:
    """The chapter that helps with the first of these names that any helps with; empty where there is none."""
    helped = {helps: name for name, one in _contents().items() for helps in one["helps"]}
    return next((helped[name] for name in names if name in helped), "")


def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # start-up must not pay for it

    return MarkdownIt("commonmark", {"html": False}).enable("table")


def html(name: str) -> str:
    """A chapter as HTML without style."""
    made: str = _parser().render(chapter(name).source)
    return made


def pieces(found: Chapter) -> list[Piece]:
    """A chapter block by block, its title first."""
    return _pieces(found)


@cache
def _pieces(found: Chapter) -> list[Piece]:
    return list(_walk(_parser().parse(found.source)))


def _walk(tokens: Sequence[Token]) -> Iterator[Piece]:
    """Lists and tables are told by what opens and closes around their texts."""
    counts: list[int] = []
    rows: list[list[str]] = []
    opened: list[str] = []
    for token in tokens:
        if token.nesting == 1:
            opened.append(token.type)
            _open(token, counts, rows)
        elif token.nesting == -1:
            opened.pop()
            if token.type in ("bullet_list_close", "ordered_list_close"):
                counts.pop()
            elif token.type == "table_close":
                yield Piece("table", "\n".join("  ".join(row) for row in rows), rows=tuple(map(tuple, rows)))
                rows.clear()
        elif token.type == "inline" and "table_open" in opened:
            rows[-1].append(_plain(token))
        elif token.type == "inline":
            yield _told(token, opened, counts)
        elif token.type == "fence":
            yield Piece("code", token.content.rstrip("\n"))


def _open(token: Token, counts: list[int], rows: list[list[str]]) -> None:
    if token.type == "bullet_list_open":
        counts.append(-1)
    elif token.type == "ordered_list_open":
        counts.append(0)
    elif token.type == "list_item_open" and counts[-1] >= 0:
        counts[-1] += 1
    elif token.type == "tr_open":
        rows.append([])


def _told(token: Token, opened: Sequence[str], counts: Sequence[int]) -> Piece:
    children = token.children or []
    words = _plain(token)
    if len(children) == 1 and children[0].type == "image":
        return Piece("picture", words, mark=str(children[0].attrs["src"]).rpartition("/")[2])
    if opened[-1] == "heading_open":
        return Piece("heading", words, level=1 if token.markup == "#" or token.level == 0 else 2)
    if "blockquote_open" in opened:
        return Piece("quote", words)
    if counts:
        return Piece("item", words, len(counts), f"{counts[-1]}." if counts[-1] > 0 else "•")
    return Piece("paragraph", words)


def _plain(token: Token) -> str:
    """What is read: captions that are bold stand in quotation marks, for plain text has nothing else to tell them by."""
    words = {"softbreak": " ", "hardbreak": "\n", "strong_open": '"', "strong_close": '"'}
    return "".join(child.content or words.get(child.type, "") for child in token.children or ())


def _advice(language: str) -> str:
    """The texts of the coach as Markdown, in the order of the steps."""
    colon, gap = ("：", "") if language == "zh_CN" else (": ", " ")
    lines = []
    for title, told in coach.everything():
        lines += [f"## {title}", "", *(f"- {step}{colon}{gap.join(said)}" for step, said in told), ""]
    return "\n".join(lines)


class _Section(NamedTuple):
    chapter: str
    title: str
    heading: str
    words: str


@cache
def _sections(language: str) -> tuple[_Section, ...]:
    return tuple(section for one in _chapters(language) for section in _sections_of(one))


def _sections_of(one: Chapter) -> Iterator[_Section]:
    """What stands under each heading, the heading first."""
    words: list[list[str]] = []
    for piece in pieces(one):
        if piece.kind == "heading":
            words.append([piece.text])
        elif piece.kind != "picture":
            words[-1].append(piece.text.translate(_MARKS))
    return (_Section(one.name, one.title, found[0], " ".join(found)) for found in words)


def find(typed: str) -> list[Hit]:
    """Sections that have all the words, those with one in the heading first; else those that share most with what is typed."""
    words = text.key(typed).split()
    if not words:
        return []
    ranked = [(_rank(section, words), section) for section in _sections(chosen())]
    found = [(rank, section) for rank, section in ranked if rank]
    if not found:
        found, words = _likely(words)
    found.sort(key=lambda one: -one[0])
    return [_hit(section, words) for _score, section in found[:_MOST]]


def pattern(word: str) -> str:
    """A word of letters begins where a word begins; Chinese stands anywhere, with or without a blank beside letters."""
    parts = r"\s?".join(re.escape(part) for part in re.findall(r"[\x00-\x7f]+|[^\x00-\x7f]+", word))
    return rf"\b{parts}" if word.isascii() and word[:1].isalnum() else parts


def _rank(section: _Section, words: Sequence[str]) -> float:
    """0 where a word is missing; all of them in their order, and those in the heading, weigh most."""
    body, heading = text.key(section.words), text.key(section.heading)
    counts = [len(re.findall(pattern(word), body)) for word in words]
    if not all(counts):
        return 0
    whole = " ".join(words)
    headed = sum(bool(re.search(pattern(word), heading)) for word in words)
    return 1 + 20 * (whole in heading) + 10 * headed + 5 * (whole in body) + min(9, sum(counts)) / 10


def _likely(words: Sequence[str]) -> tuple[list[tuple[float, _Section]], list[str]]:
    """For a question in whole words: what shares most pairs of characters with it, of those that the handbook has at all."""
    bodies = [(section, text.key(section.words)) for section in _sections(chosen())]
    typed = [word[place : place + 2] for word in words for place in range(len(word) - 1)]
    pairs = [pair for pair in typed if any(pair in body for _section, body in bodies)]
    found = []
    for section, body in bodies:
        shared = [pair for pair in pairs if pair in body]
        if pairs and len(shared) >= _ENOUGH * len(pairs):
            found.append((0.0 + len(shared) + sum(pair in text.key(section.heading) for pair in shared), section))
    return found, pairs


def _hit(section: _Section, words: Sequence[str]) -> Hit:
    body = section.words.removeprefix(section.heading).strip()
    key = text.key(body)
    places = [found.start() for word in words if (found := re.search(pattern(word), key))]
    first = min(places, default=0)
    start, end = max(0, first - _BEFORE), first + _AFTER
    excerpt = f"{'…' if start else ''}{body[start:end]}{'…' if end < len(body) else ''}"
    return Hit(section.chapter, section.title, section.heading, excerpt)


def picture(name: str) -> bytes:
    """The file of a picture that a chapter shows."""
    return (resources() / "handbook" / "pictures" / name).read_bytes()
