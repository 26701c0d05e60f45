"""What a row of the history hangs on: bytes that never change, whatever the values hold."""

from __future__ import annotations

import hashlib
import sqlite3

import pytest

from app.core import chain


def test_links_are_those_of_all_that_was_written_before() -> None:
    """A program that computed other ones could no longer verify what older ones wrote."""
    values = (1, 1795415520000, "王敏", "complaint", 7, "edit", "phone", b"\x00\xff")
    plain = rb'[1,1795415520000,"\u738b\u654f","complaint",7,"edit","phone",{"bytes":"00ff"}]'
    assert chain.link(bytes(32), values) == hashlib.sha256(bytes(32) + plain).digest()
    assert chain.seal(b"salt", (None, "a\n\"b'", "")) == hashlib.sha256(b'salt[null,"a\\n\\"b\'",""]').digest()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", "c"), ("a", "bc")),
        ((None, ""), ("", None)),
        ((1, "2"), ("1", 2)),
        (('a","b',), ("a", "b")),
        (("\\u738b",), ("王",)),
        (("\ud800",), ("\\ud800",)),
        ((b"a",), ("a",)),
        ((b"a",), ('{"bytes":"61"}',)),
        (("é",), ("e\u0301",)),
    ],
)
def test_no_two_rows_are_the_same_bytes(one: tuple[object, ...], other: tuple[object, ...]) -> None:
    assert chain.link(chain.START, one) != chain.link(chain.START, other)
    assert chain.seal(b"", one) != chain.seal(b"", other)


def test_salts_differ() -> None:
    assert len({chain.salt() for _time in range(100)}) == 100


def test_the_first_row_hangs_on_zeros_and_salts_are_long() -> None:
    assert bytes(32) == chain.START
    assert {len(chain.salt()) for _time in range(10)} == {16}


COLUMNS = ("id", "at", "who", "kind", "record_id", "action", "field", "seal", "hash")


def _history() -> sqlite3.Connection:
    """A row with sealed values, guarded."""
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE TABLE history ({', '.join(COLUMNS)}, old, new, note, salt)")
    connection.execute(f"INSERT INTO history VALUES ({', '.join('7' * len(COLUMNS))}, 'a', 'b', 'c', x'00')")
    for trigger in chain.TRIGGERS.values():
        connection.execute(trigger)
    return connection


ERASED = {"old": None, "new": None, "note": "", "salt": None}


def _update(connection: sqlite3.Connection, **values: object) -> None:
    connection.execute(f"UPDATE history SET {', '.join(f'{name} = ?' for name in values)}", tuple(values.values()))


def test_a_row_may_lose_its_values_together_and_nothing_else() -> None:
    connection = _history()
    changes = [ERASED | {column: 8} for column in COLUMNS]
    changes += [ERASED | {column: None} for column in COLUMNS]
    changes += [{name: kept for name, kept in ERASED.items() if name != left} for left in ERASED]
    changes += [{"note": "d"}, ERASED | {"old": ""}, ERASED | {"salt": b"1"}]
    for change in changes:
        with pytest.raises(sqlite3.IntegrityError, match="the history only grows"):
            _update(connection, **change)
    _update(connection, **ERASED)
    with pytest.raises(sqlite3.IntegrityError):  # there is nothing left to lose
        _update(connection, **ERASED)


def test_no_row_goes_and_none_comes_before_the_last() -> None:
    connection = _history()
    add = f"INTO history ({', '.join(COLUMNS)}) VALUES (?, {', '.join('1' * (len(COLUMNS) - 1))})"
    for number in (6, 7):
        for way in ("INSERT", "REPLACE"):
            with pytest.raises(sqlite3.IntegrityError, match="the history only grows"):
                connection.execute(f"{way} {add}", (number,))
    with pytest.raises(sqlite3.IntegrityError, match="the history only grows"):
        connection.execute("DELETE FROM history")
    connection.execute(f"INSERT {add}", (8,))
