"""Anchors as they stand on papers and in files: read to the letter, found in texts, held against the history."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.errors import UserError
from app.models import history, prints
from app.services import anchors
from app.services.anchors import Anchor
from app.services.backup_file import Manifest
from tests.make import Make


@pytest.mark.parametrize("digits", [16, 64])
def test_an_anchor_is_read_however_it_was_copied(digits: int) -> None:
    for text in (f"12:{'a' * digits}", f" 12 :\n{'A' * digits} "):
        assert anchors.parse(text) == Anchor(12, "a" * digits, f"the anchor 12:{'a' * digits}")
    assert anchors.parse(f"{'9' * 15}:{'0' * digits}", "the paper") == Anchor(10**15 - 1, "0" * digits, "the paper")


@pytest.mark.parametrize(
    "text", ["12:" + "a" * 15, "12:" + "a" * 65, "1" * 16 + ":" + "a" * 16, "12" + "a" * 16, "x 12:" + "a" * 16]
)
def test_what_is_no_anchor_is_said(text: str) -> None:
    with pytest.raises(UserError) as told:
        anchors.parse(text)
    shown = text if len(text) <= 40 else f"{text[:40]}…"
    assert str(told.value) == (
        f"“{shown}” is no anchor. Write it as it stands on the paper: a number, a colon, and at least 16 digits."
    )


def test_each_anchor_in_a_text_is_found_once() -> None:
    one, other = f"7:{'0' * 16}", f"8:{'f' * 32}"
    assert anchors.texts(f"{one} and {other}, again {one}") == [one, other]
    assert anchors.texts("7:abc") == []


def test_an_anchor_holds_for_its_row_alone(make: Make) -> None:
    for name in ("甲", "乙"):
        make.customer(name=name)
    head = history.head()
    digits = head.hash.hex()
    assert anchors.holds(Anchor(head.number, digits, ""))
    assert anchors.holds(Anchor(head.number, digits[:16], ""))
    assert not anchors.holds(Anchor(head.number, digits[1:], ""))
    assert not anchors.holds(Anchor(head.number - 1, digits, ""))
    assert not anchors.holds(Anchor(head.number + 1, digits, ""))
    assert anchors.holds(Anchor(0, "0" * 32, ""))


def test_what_went_out_is_remembered_the_newest_first(make: Make) -> None:
    customer = make.customer()
    for content in (b"%PDF 1", b"%PDF 2", b"%PDF 3"):
        prints.record_print(make.session, customer, "form", content)
    everything = list(anchors.issued())
    assert [one.where for one in everything] == [f"print {n}, Complaint registration form" for n in (3, 2, 1)]
    assert list(anchors.issued(2)) == everything[:2]
    assert all(anchors.holds(one) for one in everything)


def manifest(make: Make, code: str = "CD") -> Manifest:
    """Of a backup made now, as far as its anchor asks."""
    head, branch = history.head(), make.session.branch
    known = (0, "", {}, None, head.number, head.hash.hex(), 0, 0, ())
    return Manifest("hand", make.session.clock(), code, branch.name, branch.zone.key, 1, *known)


def test_a_daily_file_says_what_it_is_and_is_read_back(make: Make, tmp_path: Path) -> None:
    make.customer()
    path = anchors.write_daily(manifest(make), tmp_path)
    head = history.head()
    assert path.read_bytes().decode("utf-8-sig").split("\r\n") == [
        "History of 城东分公司 on 2026-11-23. Keep this file: it shows whether the history was changed later.",
        f"{head.number}:{head.hash.hex()}",
        "",
    ]
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    (tmp_path / "kesu-history-XX-2026-11-22.txt").write_text("another branch")
    earlier = tmp_path / "kesu-history-CD-2026-11-22.txt"
    earlier.write_bytes(b"\xff 1:" + b"0" * 16 + b" then 2:" + b"1" * 16)
    found = list(anchors.in_place("CD", tmp_path))
    assert found == [
        Anchor(2, "1" * 16, f"the file {earlier.name}"),
        Anchor(head.number, head.hash.hex(), f"the file {path.name}"),
    ]
    path.write_text("x")
    with pytest.raises(UserError) as told:
        list(anchors.in_place("CD", tmp_path))
    assert str(told.value) == f"{path} holds no anchor any more. Look at who changed it."


def test_a_branch_code_makes_a_file_name(make: Make, tmp_path: Path) -> None:
    assert anchors.write_daily(manifest(make, "城东/1 *"), tmp_path).name == "kesu-history-城东-1---2026-11-23.txt"
