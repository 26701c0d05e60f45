"""Finds the header row of a register and recognises the usual Chinese and English headers. Reads no data rows."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from app.core import text
from app.core.fields import Field
from app.core.paths import resources
from app.services.register_files import Cell, Row
from app.services.register_targets import in_all_languages

SEARCHED_ROWS = 200
_NOISE = re.compile(r"[*:?#\s]+$|^[*#\s]+|\s*[(\[]\s*(必填|选填|必选|可选|required|optional)\s*[)\]]")
_SPACED = re.compile(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")
"""Blanks that only widen a Chinese word."""


@dataclass(frozen=True)
class Header:
    """A header row: its physical line, its cells as text, and where it was recognised, field → columns (0-based)."""

    row: int
    names: tuple[str, ...]
    columns: Mapping[str, tuple[int, ...]]


def usual_headers(kind: str) -> Mapping[str, tuple[str, ...]]:
    """Field → what its column is usually called, the surest names first."""
    known = tomllib.loads((resources() / "texts" / "headers.toml").read_text(encoding="utf-8"))
    shared = known["cases"] if kind in ("objections", "complaints") else {}
    return {code: tuple(names) for code, names in (shared | known[kind]).items()}


def header_key(cell: Cell) -> str:
    """What headers are compared by: width, case, blanks and marks at the ends do not matter."""
    return _SPACED.sub("", _NOISE.sub("", text.key(str(cell)))) if cell is not None else ""


def recognise(rows: Iterable[Row], kind: str, fields: Mapping[str, Field], row: int = 0) -> Header | None:
    """The row among the first ones with the most usual headers, `row` before others; None where there is not one."""
    names = _names(kind, fields)
    best: Header | None = None
    for number, cells in islice(rows, max(SEARCHED_ROWS, row)):
        columns = _assign([header_key(cell) for cell in cells], names)
        if columns and (best is None or len(columns) > len(best.columns) or number == row):
            best = Header(number, _texts(cells), columns)
        if best is not None and number == row:
            break
    return best


def locate(rows: Iterable[Row], wanted: Mapping[str, tuple[str, ...]], row: int = 0) -> Header | tuple[str, ...]:
    """The row that holds all wanted headers, `row` before others; else the headers that no row has together with the rest.

    Rejected rows come back as a workbook with its header in the first line, whatever the mapping says.
    """
    keys = {code: tuple(header_key(name) for name in names) for code, names in wanted.items()}
    needed = {key for names in keys.values() for key in names}
    best: tuple[int, tuple[Cell, ...]] | None = None
    fewest = needed
    for number, cells in islice(rows, max(SEARCHED_ROWS, row)):
        missing = needed - {header_key(cell) for cell in cells}
        fewest = min(fewest, missing, key=len)
        if not missing and (best is None or number == row):
            best = number, cells
        if best is not None and number >= row:
            break
    if best is None:
        return tuple(name for code, names in wanted.items() for name in names if header_key(name) in fewest)
    number, cells = best
    places = _places(cells)
    return Header(number, _texts(cells), {code: tuple(places[key] for key in names) for code, names in keys.items()})


def _texts(cells: Iterable[Cell]) -> tuple[str, ...]:
    return tuple("" if cell is None else str(cell) for cell in cells)


def _places(cells: Iterable[Cell]) -> dict[str, int]:
    """Of columns with the same header the first counts."""
    places: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if key := header_key(cell):
            places.setdefault(key, place)
    return places


def _names(kind: str, fields: Mapping[str, Field]) -> dict[str, list[tuple[int, int, str]]]:
    """Header → (rank, place among the fields, field): our own words first, then the usual ones, the surest first."""
    names: dict[str, list[tuple[int, int, str]]] = {}
    usual = usual_headers(kind)
    own: set[str] = set()
    for order, (code, declared) in enumerate(fields.items()):
        # A word that several fields share (a customer's phone, a contact's) means the first of them.
        words = {header_key(word) for word in (code, *in_all_languages(declared.label))} - own
        own |= words
        ranked = [(word, -1) for word in words] + [(header_key(word), rank) for rank, word in enumerate(usual.get(code, ()))]
        for word, rank in ranked:
            names.setdefault(word, []).append((rank, order, code))
    return names


def _assign(keys: list[str], names: Mapping[str, list[tuple[int, int, str]]]) -> dict[str, tuple[int, ...]]:
    """Each field and each column at most once, the surest pairs first."""
    found = sorted((rank, order, place, code) for place, key in enumerate(keys) for rank, order, code in names.get(key, ()))
    columns: dict[str, tuple[int, ...]] = {}
    taken: set[int] = set()
    for _rank, _order, place, code in found:
        if code not in columns and place not in taken:
            columns[code] = (place,)
            taken.add(place)
    return dict(sorted(columns.items(), key=lambda item: item[1]))
