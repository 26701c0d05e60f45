"""Forms that are being typed: kept, offered again, in no number and no figure."""

from __future__ import annotations

from dataclasses import replace

from app.models import unfinished
from app.models.complaints import Complaint
from app.models.numbering import Counter
from tests.make import Make


def test_a_form_is_kept_and_offered_again(make: Make) -> None:
    content = {"description": "打到一半的话 \ud800\x00", "lines": [{"amount": "1"}], "answered": True}
    entry = unfinished.keep(make.session, "complaint", "鑫瑞达商行", content)
    (found,) = unfinished.of(make.session)
    assert (found.id, found.kind, found.title, found.content, found.saved_at) == (
        entry, "complaint", "鑫瑞达商行", content, make.session.clock(),
    )  # fmt: skip
    assert (Complaint.select().count(), Counter.select().count()) == (0, 0)


def test_saving_again_replaces_and_does_not_add(make: Make) -> None:
    entry = unfinished.keep(make.session, "complaint", "一", {"a": "1"}, number="TS-1", version=3)
    assert unfinished.keep(make.session, "complaint", "二", {"a": "2"}, entry=entry) == entry
    (found,) = unfinished.of(make.session)
    assert (found.title, found.content, found.number, found.version) == ("二", {"a": "2"}, "TS-1", 3)


def test_a_form_that_was_dropped_meanwhile_is_kept_anew(make: Make) -> None:
    entry = unfinished.keep(make.session, "complaint", "一", {})
    unfinished.drop(make.session, entry)
    unfinished.drop(make.session, None)
    assert unfinished.of(make.session) == []
    unfinished.keep(make.session, "complaint", "一", {"a": "1"}, entry=entry)
    assert [one.content for one in unfinished.of(make.session)] == [{"a": "1"}]


def test_forms_belong_to_who_types_them_newest_first(make: Make) -> None:
    unfinished.keep(make.session, "complaint", "一", {})
    make.session.clock.advance(minutes=1)  # type: ignore[attr-defined]
    unfinished.keep(make.session, "objection", "二", {})
    assert [one.title for one in unfinished.of(make.session)] == ["二", "一"]
    assert unfinished.of(replace(make.session, user="刘洋")) == []
