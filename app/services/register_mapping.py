"""Which column of a register is which field: the mapping, as read from and written to TOML. Headers are recognised elsewhere."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping as Table
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from app.core.errors import UserError
from app.core.files import reason
from app.core.language import _
from app.services.register_dates import check_formats

Given = str | int | float | bool
"""A value as it stands in TOML; days are turned into text."""

ANYTHING = "*"
_MOST_BYTES = 1 << 20
_TABLES = ("columns", "values", "defaults", "formats")
_KEYS = ("kind", "sheet", "header_row", *_TABLES)
_BARE = re.compile(r"[A-Za-z0-9_-]+$")


@dataclass(frozen=True)
class Mapping:
    """`columns`: field → headers, several being joined by a blank; `header_row` counts physical lines from 1."""

    kind: str
    columns: Table[str, tuple[str, ...]] = field(default_factory=dict)
    values: Table[str, Table[str, Given]] = field(default_factory=dict)
    defaults: Table[str, Given] = field(default_factory=dict)
    formats: Table[str, tuple[str, ...]] = field(default_factory=dict)
    sheet: str = ""
    header_row: int = 0

    def with_columns(self, columns: Table[str, tuple[str, ...]], header_row: int) -> Mapping:
        """The same mapping with columns found in a file."""
        return replace(self, columns=columns, header_row=header_row)


def read_mapping(path: Path, kind: str, known: Table[str, object]) -> Mapping:
    """The mapping for `kind` in a TOML file; `known` are the codes of its fields. UserError says where it is wrong."""
    try:
        raw = tomllib.loads(_content(path).decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UserError(
            _("{path} is not UTF-8 from byte {place} on. Save it as UTF-8.").format(path=path.name, place=error.start + 1)
        ) from None
    except (ValueError, RecursionError) as error:  # no TOML, or numbers or lists without end
        raise UserError(_("{file} is no valid TOML: {reason}.").format(file=path.name, reason=error)) from None
    try:
        return _mapping(raw, kind, known)
    except UserError as error:
        raise UserError(_("{file}: {sentence}").format(file=path.name, sentence=error)) from None


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        raise UserError(_("There is no file {file}.").format(file=path)) from None
    except OSError as error:
        raise UserError(_("{file} can't be read: {reason}.").format(file=path, reason=reason(error))) from None
    if len(content) > _MOST_BYTES:
        raise UserError(_("{file} is too long for a mapping. Check the file.").format(file=path.name))
    return content


def _mapping(raw: dict[str, Any], kind: str, known: Table[str, object]) -> Mapping:
    _check_keys(raw, _KEYS)
    if raw.get("kind", kind) != kind:
        raise UserError(_("The mapping is for {theirs}, not for {ours}.").format(theirs=raw["kind"], ours=kind))
    tables: dict[str, dict[str, Any]] = {}
    for name in _TABLES:
        tables[name] = raw.get(name, {})
        if not isinstance(tables[name], dict):
            raise UserError(_("“{name}” must be a table: [{name}].").format(name=name))
        _check_keys(tables[name], tuple(known))
    header_row = raw.get("header_row", 0)
    if not isinstance(header_row, int) or isinstance(header_row, bool) or header_row < 0:
        raise UserError(_("header_row must be the number of a line, counted from 1."))
    return Mapping(
        kind,
        {code: _texts(code, headers) for code, headers in tables["columns"].items()},
        {code: _value_map(code, pairs) for code, pairs in tables["values"].items() if pairs != {}},
        {code: _given(code, value) for code, value in tables["defaults"].items()},
        _formats(tables["formats"]),
        str(raw.get("sheet", "")),
        header_row,
    )


def _check_keys(given: Table[str, object], known: tuple[str, ...]) -> None:
    for code in given:
        if code not in known:
            close = get_close_matches(code, known, 1)
            hint = _(" Is “{name}” meant?").format(name=close[0]) if close else ""
            raise UserError(_("There is no “{name}” to be mapped.").format(name=code) + hint)


def _texts(code: str, raw: object) -> tuple[str, ...]:
    texts = tuple(raw) if isinstance(raw, list) else (raw,)
    if not texts or not all(isinstance(text, str) and text.strip() for text in texts):
        raise UserError(_("“{name}” needs a text, or a list of texts.").format(name=code))
    return texts


def _formats(raw: Table[str, object]) -> dict[str, tuple[str, ...]]:
    formats = {code: _texts(code, given) for code, given in raw.items()}
    for names in formats.values():
        if wrong := check_formats(names):
            raise UserError(_("“{format}” is no date notation. Write one like %Y.%m.%d, or excel, or roc.").format(format=wrong))
    return formats


def _value_map(code: str, raw: object) -> dict[str, Given]:
    if not isinstance(raw, dict):
        raise UserError(_("“{name}” must be a table: [{name}].").format(name=f"values.{code}"))
    return {theirs: _given(code, ours) for theirs, ours in raw.items()}


def _given(code: str, raw: object) -> Given:
    if isinstance(raw, str | int | float | bool):
        return raw
    if hasattr(raw, "isoformat"):
        return str(raw.isoformat())
    raise UserError(_("“{name}” needs a text, a number, a day, true or false.").format(name=code))


def write_mapping(mapping: Mapping) -> str:
    """The mapping as TOML, ready to be edited."""
    lines = [f"kind = {_quoted(mapping.kind)}"]
    if mapping.sheet:
        lines.append(f"sheet = {_quoted(mapping.sheet)}")
    if mapping.header_row:
        lines.append(f"header_row = {mapping.header_row}")
    lines += _table("columns", {code: headers[0] if len(headers) == 1 else headers for code, headers in mapping.columns.items()})
    for code, pairs in mapping.values.items():
        lines += _table(f"values.{_key(code)}", pairs)
    lines += _table("defaults", mapping.defaults)
    lines += _table("formats", mapping.formats)
    return "\n".join(lines) + "\n"


def _table(name: str, pairs: Table[str, Given | tuple[str, ...]]) -> list[str]:
    if not pairs:
        return []
    return ["", f"[{name}]", *(f"{_key(code)} = {_literal(value)}" for code, value in pairs.items())]


def _key(code: str) -> str:
    return code if _BARE.match(code) else _quoted(code)


def _literal(value: Given | tuple[str, ...]) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_quoted(text) for text in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return _quoted(value) if isinstance(value, str) else repr(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
