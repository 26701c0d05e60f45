"""A closed month is what it was, whatever becomes of its cases; and what was kept of it is known again to the byte."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.core import database as store
from app.core.database import database
from app.core.errors import Cancelled, NotPermitted, UserError, ValidationError
from app.core.progress import Progress
from app.core.session import Session
from app.models import frozen_months, history
from app.models.complaints import Complaint
from app.models.record import find
from app.services import closing, figures, figures_content, kept_content, periods, workplace
from app.services.figures_content import Content
from app.services.figures_json import as_json
from app.services.periods import month_of
from tests.make import Make
from tests.services.figures_cases import NOW, Cases
from tests.services.test_figures import agreement

OCTOBER = month_of(date(2026, 10, 1))


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with many cases of all kinds."""
    folder = tmp_path_factory.mktemp("closing") / "data"
    opened = workplace.init(folder, {"code": "CD", "name": "城东分公司"}, user="王敏", clock=lambda: NOW)
    Cases(opened, 5, size=150, since=120)
    complaint = Complaint.select().first()
    agreement(opened, complaint, 1, date(2026, 9, 20), "300.00", status="signed")
    agreement(opened, complaint, 2, date(2026, 10, 3), "450.50", status="signed")
    store.close()
    return folder


@pytest.fixture
def session(full: Path, tmp_path: Path) -> Iterator[Session]:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "kesu.db").write_bytes((full / "kesu.db").read_bytes())
    yield workplace.open_folder(tmp_path / "data", user="赵经理", clock=lambda: NOW)
    store.close()


@pytest.fixture
def make(session: Session) -> Make:
    return Make(session)


def listed(content: Content) -> Content:
    """The content with its rows read."""
    read = {name: getattr(content, name) for name in ("objections", "complaints")}
    return dataclasses.replace(content, **{name: (details.columns, list(details.rows)) for name, details in read.items()})


def kept(session: Session) -> closing.Closed:
    found = closing.closed(session, OCTOBER)
    assert found is not None
    return found


def test_what_is_read_back_is_what_was_gathered(session: Session) -> None:
    before = listed(figures_content.gather(session, OCTOBER))
    closing.close(session, OCTOBER)
    assert listed(kept(session).content) == before
    assert as_json(kept(session).content.figures) == as_json(before.figures)
    assert kept(session).missing == ()
    assert len(before.objections[1]) > 50  # type: ignore[arg-type]
    assert before.agreed


def test_the_figures_stay_when_cases_change(session: Session, make: Make) -> None:
    closing.close(session, OCTOBER)
    before = listed(kept(session).content)
    make.objection(occurred_at="2026-10-05 09:00")
    assert as_json(figures.compute(session, OCTOBER))["objections"] == before.figures.objections + 1
    assert listed(kept(session).content) == before


def test_the_same_content_has_the_same_hash(session: Session) -> None:
    first = closing.close(session, OCTOBER)
    closing.open_again(session, OCTOBER, "补登一件")
    assert closing.closed(session, OCTOBER) is None
    assert closing.close(session, OCTOBER).sha256 == first.sha256


def test_opening_again_is_kept_with_its_reason(session: Session) -> None:
    first = closing.close(session, OCTOBER)
    with pytest.raises(ValidationError):
        closing.open_again(session, OCTOBER, "  ")
    closing.open_again(session, OCTOBER, "补登一件")
    (known,) = frozen_months.of(session, "2026-10")
    assert (known.sha256, known.opened_by, known.open_reason) == (first.sha256, "赵经理", "补登一件")
    assert [(one.action, one.note) for one in history.of("month", known.id)] == [
        ("freeze", "2026-10"),
        ("open-again", "补登一件"),
    ]
    closing.close(session, OCTOBER)
    assert [one.opened_by for one in frozen_months.of(session, "2026-10")] == ["赵经理", None]
    assert list(frozen_months.pieces(known))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2026-11", "2026-11 is not over yet. It can be closed from 2026-12-01 on."),
        ("2027-01", "not over yet"),
        ("2026-Q3", "“2026-Q3” is no month"),
        ("soon", "“soon” is no month"),
    ],
)
def test_what_cannot_be_closed_is_refused(session: Session, typed: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        closing.close(session, closing.month(session, typed))


def test_a_month_is_over_by_the_clock_of_the_branch(session: Session) -> None:
    session.clock = lambda: datetime.fromisoformat("2026-10-31T15:59:59.999+00:00")
    with pytest.raises(UserError, match="not over"):
        closing.close(session, OCTOBER)
    session.clock = lambda: datetime.fromisoformat("2026-10-31T16:00+00:00")
    closing.close(session, OCTOBER)


def test_a_closed_month_is_not_closed_twice(session: Session) -> None:
    closing.close(session, OCTOBER)
    with pytest.raises(UserError, match=r"closed by 赵经理 at 2026-11-23 14:32 already"):
        closing.close(session, OCTOBER)
    with pytest.raises(UserError, match="2026-09 is not closed"):
        closing.open_again(session, OCTOBER.previous(), "x")


def test_only_the_branch_head_closes_and_opens(session: Session) -> None:
    session.roles = frozenset({"clerk", "manager"})
    with pytest.raises(NotPermitted, match="branch head"):
        closing.close(session, OCTOBER)
    with pytest.raises(NotPermitted, match="branch head"):
        closing.open_again(session, OCTOBER, "x")


def test_another_process_that_was_first_is_heeded(session: Session) -> None:
    first = closing.close(session, OCTOBER)
    with pytest.raises(UserError, match="already"):
        frozen_months.keep(session, "2026-10", [], first.sha256, 0, NOW)


def test_cancelled_work_leaves_nothing(session: Session) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        closing.close(session, OCTOBER, progress)
    assert frozen_months.of(session, "2026-10") == []
    assert database.execute_sql("SELECT count(*) FROM frozen_part").fetchone() == (0,)


def test_a_copy_of_the_database_holds_the_closed_month(session: Session, make: Make, tmp_path: Path) -> None:
    closing.close(session, OCTOBER)
    before = listed(kept(session).content)
    (tmp_path / "restored").mkdir()
    with store.snapshot(session.folder / store.FILE_NAME) as reading:
        store.copy_to(tmp_path / "restored" / store.FILE_NAME, reading, Progress())
    make.objection(occurred_at="2026-10-05 09:00")
    restored = workplace.open_folder(tmp_path / "restored", clock=lambda: NOW)
    assert listed(kept(restored).content) == before


def _put(piece: int, content: bytes) -> None:
    database.execute_sql("UPDATE frozen_part SET content = ? WHERE id = ?", (content, piece))


def test_a_changed_byte_is_noticed(session: Session) -> None:
    """Wherever it stands: in what is compressed, or in what was before compressing."""
    closing.close(session, OCTOBER)
    for piece, content in database.execute_sql("SELECT id, content FROM frozen_part").fetchall():
        text = zlib.decompress(content)
        changed = zlib.compress(text.replace(b"1", b"2", 1)) if b"1" in text else zlib.compress(text + b" ")
        broken = bytes(content[:-1]) + bytes([content[-1] ^ 1])
        for other in (changed, broken, b""):
            _put(piece, other)
            with pytest.raises(UserError, match="What was kept of 2026-10 is damaged"):
                closing.closed(session, OCTOBER)
        _put(piece, content)
    assert closing.closed(session, OCTOBER)


def test_a_piece_that_is_missing_is_noticed(session: Session) -> None:
    closing.close(session, OCTOBER)
    database.execute_sql("DELETE FROM frozen_part WHERE part = 'agreed'")
    with pytest.raises(UserError, match="damaged"):
        closing.closed(session, OCTOBER)


def _rekeep(session: Session, part: str, change: Any) -> None:
    """Keep something else, with a hash that fits: as an older program would have."""
    freeze = closing.standing(session, OCTOBER)
    assert freeze is not None
    for piece, content in database.execute_sql("SELECT id, content FROM frozen_part WHERE part = ?", (part,)).fetchall():
        lines = [json.dumps(change(json.loads(line))) for line in zlib.decompress(content).splitlines()]
        _put(piece, zlib.compress("\n".join(lines).encode() + b"\n"))
    texts = (zlib.decompress(piece.content) for piece in frozen_months.pieces(freeze))
    digest = hashlib.sha256(b"".join(texts)).hexdigest()
    database.execute_sql("UPDATE frozen_month SET sha256 = ?", (digest,))


def test_a_month_of_an_older_program_is_read_and_says_what_it_does_not_have(session: Session) -> None:
    closing.close(session, OCTOBER)
    before = kept(session).content.figures

    def older(said: dict[str, Any]) -> dict[str, Any]:
        said["shares"] = [[code, rows] for code, rows in said["shares"] if code != "by_family"]
        return {code: value for code, value in said.items() if code not in ("valid_rate", "close_rate", "pareto", "only")}

    _rekeep(session, "figures", older)
    _rekeep(session, "objections", lambda row: row[:12] + row[13:])
    found = kept(session)
    read = found.content.figures
    assert set(found.missing) >= {"figures.valid_rate", "figures.close_rate", "figures.pareto", "figures.by_family"}
    assert (read.valid_rate, read.close_rate, read.pareto.causes, read.only) == (None, (None, None), (), ())
    assert read.shares["by_family"] == ()
    assert [name for name in found.missing if name.startswith("objections.")] == ["objections.satisfaction"]
    assert {row[-1] for row in found.content.objections.rows} == {None}
    assert (read.objections, read.shares["by_content"]) == (before.objections, before.shares["by_content"])


def test_what_is_no_month_is_counted_from_the_records(session: Session) -> None:
    closing.close(session, OCTOBER)
    assert closing.closed(session, periods.quarter_of(date(2026, 10, 1))) is None
    assert closing.closed(session, periods.days(date(2026, 10, 1), date(2026, 10, 31))) is None


@pytest.mark.parametrize(
    "value",
    [Decimal("300.00"), Decimal("-0.5"), date(2026, 10, 1), datetime(2026, 10, 1, 9, 30), None, True, 0.3, "半\ud800"],
)
def test_values_are_kept_exactly(value: object) -> None:
    read = kept_content._scalar(json.loads(json.dumps(kept_content.plain(value))))
    assert (read, type(read)) == (value, type(value))


def test_numbers_of_records_are_found_after_all(session: Session) -> None:
    """The rows name their cases by numbers that are still those of records."""
    closing.close(session, OCTOBER)
    details = kept(session).content.complaints
    place = [column.code for column in details.columns].index("number")
    assert all(find(session, Complaint, str(row[place])) for row in list(details.rows)[:5])
