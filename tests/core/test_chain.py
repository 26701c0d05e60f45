"""What a row of the history hangs on: bytes that never change, whatever the values hold."""

from __future__ import annotations

import hashlib

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
