"""The content of a month's workbook as lines of JSON that are kept, known again by their hash, and read back.

How a value is written follows from its class alone: figures and parts that are declared later need no word here.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from app.core.language import _
from app.core.progress import Progress
from app.models.frozen_months import Piece, damaged
from app.services.figures_content import Content
from app.services.figures_details import Details

_PIECE = 256 * 1024
"""Characters of JSON that are compressed together."""
_MOST_PIECE = 64 << 20
"""A piece that unpacks to more was not written here."""
_TAGS: Mapping[str, tuple[type, Callable[[str], Any]]] = {
    # A datetime is a date, too: it stands first.
    "moment": (datetime, datetime.fromisoformat),
    "day": (date, date.fromisoformat),
    "decimal": (Decimal, Decimal),
}
"""How a value that JSON does not know stands: `{"day": "2026-10-31"}`."""

Pieces = Callable[[str], Iterable[Piece]]
"""Gives the pieces of a part, or of all where it is empty."""


class Packed(NamedTuple):
    """What is kept, compressed, and its hash."""

    pieces: list[Piece]
    sha256: str


class Kept(NamedTuple):
    """What was read back. `missing`: what this program shows and the one that kept it did not know, by its name."""

    content: Content
    missing: tuple[str, ...]


def pack(content: Content, progress: Progress) -> Packed:
    """All of it, each row read as it is packed: never more than a piece is held unpacked."""
    digest, pieces = hashlib.sha256(), []
    for part in dataclasses.fields(content):
        for text in _together(_lines(getattr(content, part.name), progress)):
            digest.update(text)
            pieces.append(Piece(part.name, zlib.compress(text)))
    return Packed(pieces, digest.hexdigest())


def _lines(value: object, progress: Progress) -> Iterator[str]:
    """A part: one line, or that of the columns and one for each row."""
    if not isinstance(value, Details):
        yield _line(value)
        return
    yield _line(value.columns)
    for row in progress.over(value.rows, None, _("Closing the month")):
        yield _line(row)


def _together(lines: Iterable[str]) -> Iterator[bytes]:
    held: list[str] = []
    size = 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size >= _PIECE:
            yield "".join(held).encode("ascii")
            held, size = [], 0
    if held:
        yield "".join(held).encode("ascii")


def _line(value: object) -> str:
    # In ASCII, so that half a character is kept, too.
    return json.dumps(plain(value), separators=(",", ":")) + "\n"


def plain(value: object) -> Any:  # noqa: ANN401 - what JSON can hold
    """A value as JSON holds it, exactly. TypeError for one that cannot be kept."""
    if value is None or isinstance(value, str | int | float):
        return value
    for tag, (kind, _read) in _TAGS.items():
        if isinstance(value, kind):
            return {tag: str(value) if kind is Decimal else value.isoformat()}  # type: ignore[attr-defined]
    if isinstance(value, tzinfo | Enum):
        return str(value) if isinstance(value, tzinfo) else value.value
    if isinstance(value, Mapping):
        return [[plain(key), plain(one)] for key, one in value.items()]
    if dataclasses.is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        names = getattr(value, "_fields", None)
        return [plain(one) for one in value] if names is None else dict(zip(names, map(plain, value), strict=True))
    raise TypeError(f"{type(value).__name__} cannot be kept")


def unpack(pieces: Pieces, sha256: str, month: str) -> Kept:
    """What was kept, its rows read as they are asked for. UserError where a single byte of it is another."""
    try:
        _check(pieces, sha256)
    except (ValueError, zlib.error):
        raise damaged(month) from None
    reader = _Reader()
    values: dict[str, Any] = {}
    hints = get_type_hints(Content)
    for part in dataclasses.fields(Content):
        lines = _kept_lines(pieces, part.name)
        first = next(lines, None)
        if first is None:
            values[part.name] = _default(part, lambda name=part.name: reader.absent(hints[name], name))  # type: ignore[misc]
        elif hints[part.name] is Details:
            columns = reader.read(get_type_hints(Details)["columns"], json.loads(first), part.name)
            values[part.name] = Details(columns, Rows(pieces, part.name, len(columns)))
        else:
            values[part.name] = reader.read(hints[part.name], json.loads(first), part.name)
    return Kept(Content(**values), tuple(reader.missing))


def _check(pieces: Pieces, sha256: str) -> None:
    digest = hashlib.sha256()
    for piece in pieces(""):
        digest.update(unpacked(piece.content))
    if digest.hexdigest() != sha256:
        raise ValueError(sha256)


def _kept_lines(pieces: Pieces, part: str) -> Iterator[bytes]:
    for piece in pieces(part):
        yield from unpacked(piece.content).splitlines()


def unpacked(content: bytes) -> bytes:
    """A piece as it was kept. ValueError or zlib.error where it is damaged, or larger than any: archives bring them, too."""
    reader = zlib.decompressobj()
    text = reader.decompress(content, _MOST_PIECE)
    if not reader.eof:
        raise ValueError(len(content))
    return text


@dataclasses.dataclass(frozen=True)
class Rows:
    """The rows of a part, read from the beginning each time; with nothing in columns that were not kept."""

    pieces: Pieces
    part: str
    width: int

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        lines = _kept_lines(self.pieces, self.part)
        next(lines)
        for line in lines:
            values = json.loads(line)
            values += [None] * (self.width - len(values))
            yield tuple(value if not isinstance(value, dict) else _scalar(value) for value in values)


def _scalar(value: Any) -> Any:  # noqa: ANN401 - any value of a cell
    if isinstance(value, dict):
        ((tag, text),) = value.items()
        return _TAGS[tag][1](text)
    return value


def _default(declared: dataclasses.Field[Any], absent: Callable[[], Any]) -> Any:  # noqa: ANN401 - of any class
    if declared.default is not dataclasses.MISSING:
        return declared.default
    return absent() if declared.default_factory is dataclasses.MISSING else declared.default_factory()


class _Reader:
    """Makes values of their annotations, and remembers what was not kept."""

    def __init__(self) -> None:
        self.missing: list[str] = []

    def read(self, kind: Any, value: Any, path: str) -> Any:  # noqa: ANN401 - of any class
        """The value of that class."""
        origin, inner = get_origin(kind) or kind, get_args(kind)
        if origin in (Union, UnionType):
            of_classes = [one for one in inner if one is not type(None)]
            return self.read(of_classes[0], value, path) if value is not None and len(of_classes) == 1 else _scalar(value)
        if origin is tuple:
            kinds = inner[:1] * len(value) if inner[-1] is Ellipsis else inner
            return tuple(self.read(one, element, path) for one, element in zip(kinds, value, strict=True))
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return {self.read(inner[0], key, path): self.read(inner[1], one, path) for key, one in value}
        if isinstance(origin, type) and issubclass(origin, tzinfo):
            return ZoneInfo(value)
        if isinstance(origin, type) and issubclass(origin, Enum):
            return origin(value)
        return self._structure(kind, value, path) if _fields(kind) is not None else _scalar(value)

    def _structure(self, kind: Any, value: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401 - of any class
        made = {}
        for name, (hint, declared) in (_fields(kind) or {}).items():
            below = f"{path}.{name}"
            if name in value:
                made[name] = self.read(hint, value[name], below)
            else:
                made[name] = _default(declared, lambda hint=hint, below=below: self.absent(hint, below))  # type: ignore[misc]
        return (get_origin(kind) or kind)(**made)

    def absent(self, kind: Any, path: str) -> Any:  # noqa: ANN401 - of any class
        """What stands for a value that was not kept: nothing of its class, told by its path."""
        if path not in self.missing:
            self.missing.append(path)
        return _nothing(kind)


def _nothing(kind: Any) -> Any:  # noqa: ANN401 - of any class
    origin, inner = get_origin(kind) or kind, get_args(kind)
    if origin in (Union, UnionType):
        return None
    if origin is Details:
        return Details((), ())
    if origin is tuple:
        return () if inner[-1] is Ellipsis else tuple(_nothing(one) for one in inner)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {}
    found = _fields(kind)
    return origin() if found is None else origin(**{name: _nothing(hint) for name, (hint, _declared) in found.items()})


@cache
def _fields(kind: Any) -> dict[str, tuple[Any, dataclasses.Field[Any]]] | None:  # noqa: ANN401 - any class
    """The fields of a dataclass or named tuple with their classes; None of a class that has none."""
    origin = get_origin(kind) or kind
    if dataclasses.is_dataclass(origin):
        declared = {field.name: field for field in dataclasses.fields(origin)}
    elif hasattr(origin, "_fields"):
        declared = {name: _of_tuple(origin, name) for name in origin._fields}
    else:
        return None
    chosen = dict(zip(getattr(origin, "__parameters__", ()), get_args(kind), strict=False))
    hints = get_type_hints(origin)
    return {name: (_filled(hints[name], chosen), field) for name, field in declared.items()}


def _of_tuple(kind: Any, name: str) -> dataclasses.Field[Any]:  # noqa: ANN401 - a named tuple
    defaults = kind._field_defaults
    made: dataclasses.Field[Any] = dataclasses.field(default=defaults[name]) if name in defaults else dataclasses.field()
    return made


def _filled(hint: Any, chosen: Mapping[Any, Any]) -> Any:  # noqa: ANN401 - an annotation
    """The annotation with what its type variables stand for."""
    if isinstance(hint, TypeVar):
        return chosen.get(hint, hint)
    names = getattr(hint, "__parameters__", ())
    return hint[tuple(chosen.get(name, name) for name in names)] if names and chosen else hint
