"""Rows that hang on each other by SHA-256: changing, removing or inserting one breaks every link behind it.

How a row is put into bytes must never change: the links of all that was written hang on it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from json import JSONEncoder

START = bytes(32)
"""What the first row hangs on."""
_SALT = 16
_REFUSED = "BEGIN SELECT RAISE(ABORT, 'the history only grows'); END"
_STAYS = ("id", "at", "who", "kind", "record_id", "action", "field", "seal", "hash")
_SAME = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in _STAYS)
TRIGGERS = {
    "history_stays": f"CREATE TRIGGER history_stays BEFORE DELETE ON history {_REFUSED}",
    "history_same": f"CREATE TRIGGER history_same BEFORE UPDATE ON history WHEN NOT ({_SAME} AND OLD.salt IS NOT NULL "
    f"AND NEW.salt IS NULL AND NEW.old IS NULL AND NEW.new IS NULL AND NEW.note = '') {_REFUSED}",
    "history_grows": "CREATE TRIGGER history_grows BEFORE INSERT ON history WHEN NEW.id <= (SELECT max(id) FROM history) "
    f"{_REFUSED}",
}
"""By name, what lets the history only grow: a row may lose its sealed values, all at once, and nothing else. The last one is
against REPLACE, which deletes without asking the first."""
# ASCII, no blanks: [1,"a",null] is another text than ["1","a",""], whatever the values hold.
_encode = JSONEncoder(ensure_ascii=True, separators=(",", ":"), default=lambda value: {"bytes": bytes(value).hex()}).encode


def link(before: bytes, values: Sequence[object]) -> bytes:
    """The hash of a row: over that of the row before it, and its values (text, whole numbers, bytes, None) in order."""
    return hashlib.sha256(before + _encode(values).encode()).digest()


def salt() -> bytes:
    """What keeps a sealed value from being found by trying: a phone has few possible numbers."""
    return os.urandom(_SALT)


def seal(salted: bytes, values: Sequence[object]) -> bytes:
    """The hash that stands in the row for values which may have to be erased one day."""
    return hashlib.sha256(salted + _encode(values).encode()).digest()
