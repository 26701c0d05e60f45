"""Anchors as they stand on papers and in files: read to the letter, found in texts, held against the history."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.core.database import database, transaction
from app.core.errors import UserError
from app.core.session import Session
from app.models import history, prints
from app.services import anchors
from app.services.anchors import Anchor, Parted
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


def test_the_day_of_a_file_is_that_of_the_branch(make: Make, tmp_path: Path, clock: Any) -> None:
    clock.present = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
    assert anchors.write_daily(manifest(make), tmp_path).name == "kesu-history-CD-2026-11-24.txt"


def test_a_folder_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "kesu-history-CD-2026-11-22.txt").mkdir()
    with pytest.raises(UserError, match=re.escape(str(tmp_path))):
        list(anchors.in_place("CD", tmp_path))


# What a restore set aside.


def wrote_down(session: Session, new: str, kind: str = "branch") -> None:
    """The row that a restore leaves."""
    with transaction():
        history.write(session, kind, session.branch.id, "restore", new=new)


END, PAPER = Anchor(9, "a" * 32, ""), Anchor(7, "b" * 32, "")
READ = [Anchor(*one[:2], f"the anchor {one}") for one in (END, PAPER)]
"""As they are read back: named by themselves."""


def test_two_anchors_mean_the_same_row_where_the_longer_begins_as_the_shorter() -> None:
    short = Anchor(7, "b" * 16, "elsewhere")
    assert PAPER.means(short)
    assert short.means(PAPER)
    for other in (Anchor(8, "b" * 32, ""), Anchor(7, "c" * 16, "")):
        assert not PAPER.means(other)
        assert not other.means(PAPER)


def test_a_parting_explains_the_rows_between_what_is_common_and_its_end() -> None:
    rows = [Anchor(number, "0" * 16, "") for number in (3, 4, 9, 10)]
    assert [Parted(3, END, ()).may_explain(one) for one in rows] == [False, True, True, False]
    assert [Parted(3, None, ()).may_explain(one) for one in rows] == [False, True, True, True]


def test_what_a_restore_set_aside_stands_and_nothing_else(make: Make) -> None:
    make.customer()
    wrote_down(make.session, Parted(3, END, (PAPER,)).as_json())
    wrote_down(make.session, Parted(4, None, ()).as_json())
    wrote_down(make.session, Parted(5, END, ()).as_json(), "customer")
    assert anchors.partings() == [Parted(3, READ[0], (READ[1],)), Parted(4, None, ())]
    assert (anchors.set_aside(9), anchors.set_aside(7), anchors.set_aside(8)) == ([READ[0]], [READ[1]], [])
    head = history.head()
    for one in (Anchor(9, "a" * 64, ""), Anchor(7, "b" * 16, ""), Anchor(head.number, head.hash.hex(), "")):
        assert anchors.stands(one)
    for one in (Anchor(7, "a" * 32, ""), Anchor(8, "a" * 32, ""), Anchor(9, "b" * 32, ""), Anchor(head.number, "0" * 16, "")):
        assert not anchors.stands(one)


@pytest.mark.parametrize(
    "new",
    [
        *("x", "[]", "null", "{}", '{"at": 1, "end": null}', '{"at": "x", "end": null, "anchors": []}'),
        *(
            '{"at": 1, "end": "x", "anchors": []}',
            '{"at": 1, "end": null, "anchors": ["9"]}',
            '{"at": 1, "end": null, "anchors": 5}',
        ),
    ],
)
def test_what_is_not_as_a_restore_writes_it_tells_nothing(make: Make, new: str) -> None:
    wrote_down(make.session, new)
    assert anchors.partings() == []
    (end,) = anchors.written_after(0, database.connection())
    assert end.number == 1


def test_a_database_remembers_its_end_its_papers_and_what_its_restores_set_aside(make: Make) -> None:
    reading = database.connection()
    assert list(anchors.written_after(0, reading)) == []
    prints.record_print(make.session, make.customer(), "form", b"%PDF")
    (printed,) = anchors.issued()
    wrote_down(make.session, Parted(3, END, (PAPER,)).as_json())
    head = history.head()
    everything = list(anchors.written_after(0, reading))
    end = Anchor(head.number, head.hash.hex(), "")
    assert everything == [end, Anchor(*printed[:2], f"the anchor {printed}"), READ[1], READ[0]]
    assert list(anchors.written_after(7, reading)) == [READ[0]]
    assert printed.number < head.number < 7
    assert list(anchors.written_after(printed.number, reading)) == [end, READ[1], READ[0]]
