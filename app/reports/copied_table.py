"""A table for the clipboard: text parted by tabs, and HTML whose cells say what they are, as spreadsheets read them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from html import escape
from typing import NamedTuple

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet calculates begins so."""
_QUOTED = re.compile('["\t\r\n]')
_BREAK = '<br style="mso-data-placement:same-cell">'
_FIRST_DAY = datetime(1899, 12, 30)
"""As spreadsheets count days, without a zone."""


class Cell(NamedTuple):
    """`words` as people read them. `value`: a number, a day or a local time; None makes the cell text, whatever it looks like."""

    words: str
    value: int | Decimal | date | None = None


Row = Sequence[Cell]


def as_text(rows: Sequence[Row]) -> str:
    """A line to a row. Cells with tabs, breaks or quotation marks are quoted; an apostrophe keeps text from being calculated."""
    return "\n".join("\t".join(map(_plain, row)) for row in rows)


def _plain(cell: Cell) -> str:
    words = f"'{cell.words}" if cell.value is None and cell.words.startswith(FORMULA) else cell.words
    return '"{}"'.format(words.replace('"', '""')) if _QUOTED.search(words) else words


def as_html(rows: Sequence[Row]) -> str:
    """Text stays text, so 0012, an identity number and =1+1 arrive as they are; runs of blanks become one."""
    lines = "".join(f"<tr>{''.join(map(_marked, row))}</tr>" for row in rows)
    return f'<html><head><meta charset="utf-8"></head><body><table>{lines}</table></body></html>'


def _marked(cell: Cell) -> str:
    """Excel and WPS read the style, LibreOffice the attributes; without them it calculates what begins with =."""
    mso, office, value = _formats(cell)
    words = escape(cell.words).replace("\r\n", "\n").replace("\n", _BREAK).replace("\t", "&#9;")
    told = f' sdval="{value}"' if value else ""
    return f'<td style=\'mso-number-format:"{mso}"\'{told} sdnum="1033;0;{office}">{words}</td>'


def _formats(cell: Cell) -> tuple[str, str, str]:
    """The format for Excel, that for LibreOffice (which takes none but its own), and the value as LibreOffice counts it."""
    value = cell.value
    if isinstance(value, datetime):
        days = (value.replace(tzinfo=None) - _FIRST_DAY).total_seconds() / 86400
        return r"yyyy\-mm\-dd hh\:mm", "YYYY-MM-DD HH:MM:SS", str(days)
    if isinstance(value, date):
        return r"yyyy\-mm\-dd", "YYYY-MM-DD", str((value - _FIRST_DAY.date()).days)
    if value is None:
        return r"\@", "@", ""
    return (r"\#\,\#\#0\.00", "#,##0.00", str(value)) if "." in cell.words else ("General", "General", str(value))
