"""The session: roles, and who hears of changes when; and how long work is told and stopped."""

from __future__ import annotations

from datetime import UTC
from threading import Event, Thread

import pytest

from app.core import language
from app.core.errors import Cancelled, NotPermitted
from app.core.progress import Progress
from app.core.session import Changed, Session, system_clock


def test_listeners_hear_at_once_outside_of_a_block() -> None:
    changed, heard = Changed(), []
    changed.connect(lambda topic, number: heard.append((topic, number)))
    changed("complaint", "TS-1")
    changed("settings")
    assert heard == [("complaint", "TS-1"), ("settings", "")]


def test_who_reads_anew_hears_once_of_what_was_saved_together() -> None:
    changed, heard = Changed(), []
    changed.connect_once(heard.append)
    with changed.after():
        for number in range(3):
            changed("complaint", f"{number}")
            changed("promise", f"{number}")
    with changed.after():
        pass
    changed("settings")
    assert heard == [{"complaint", "promise"}, {"settings"}]


def test_within_blocks_they_hear_once_and_after_the_outermost() -> None:
    changed, heard = Changed(), []
    changed.connect(lambda topic, number: heard.append(number))
    with changed.after():
        with changed.after():
            changed("complaint", "1")
            changed("complaint", "2")
        changed("complaint", "1")
        assert heard == []
    assert heard == ["1", "2"]


def test_of_what_failed_they_hear_nothing() -> None:
    changed, heard = Changed(), []
    changed.connect(lambda topic, number: heard.append(number))

    def fail() -> None:
        with changed.after():
            changed("complaint", "1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    changed("complaint", "2")
    assert heard == ["2"]


def test_long_work_on_one_thread_holds_back_nothing_of_another() -> None:
    changed, heard = Changed(), []
    changed.connect(lambda topic, number: heard.append(number))
    begun, seen = Event(), Event()

    def work() -> None:
        with changed.after():
            changed("complaint", "long")
            begun.set()
            assert seen.wait(5)

    thread = Thread(target=work)
    thread.start()
    assert begun.wait(5)
    with changed.after():
        changed("complaint", "short")
    assert heard == ["short"]
    seen.set()
    thread.join()
    assert heard == ["short", "long"]


def test_a_listener_may_cause_changes_itself() -> None:
    changed, heard = Changed(), []

    def listen(topic: str, number: str) -> None:
        heard.append(number)
        if number == "1":
            with changed.after():
                changed(topic, "2")

    changed.connect(listen)
    with changed.after():
        changed("complaint", "1")
    assert heard == ["1", "2"]


def test_a_missing_role_is_said_in_words(session: Session) -> None:
    session.require("head")
    session.roles = frozenset({"clerk"})
    with pytest.raises(NotPermitted, match="This needs the role branch head"):
        session.require("head")
    language.choose("zh_CN")
    with pytest.raises(NotPermitted, match="这一步要由分公司负责人来做"):
        session.require("head")


def test_the_clock_counts_in_what_the_database_keeps() -> None:
    now = system_clock()
    assert (now.tzinfo, now.microsecond % 1000) == (UTC, 0)


def test_work_reports_on_its_way_and_at_its_end() -> None:
    told: list[tuple[int, int | None]] = []

    class Told(Progress):
        def report(self, done: int, total: int | None, sentence: str) -> None:
            told.append((done, total))

    assert list(Told().over(range(250), 250)) == list(range(250))
    assert told == [(0, 250), (100, 250), (200, 250), (250, 250)]


def test_work_stops_when_asked() -> None:
    progress = Progress()
    rows = progress.over(range(1000))
    seen = [next(rows) for _turn in range(150)]
    progress.cancel()
    with pytest.raises(Cancelled):
        seen.extend(rows)
    assert seen == list(range(200))


@pytest.mark.parametrize(("asked", "spoken"), [("en_GB", "en"), ("zh_TW", "zh_CN"), ("zh", "zh_CN"), ("fr", "zh_CN")])
def test_the_language_is_the_asked_one_or_chinese(asked: str, spoken: str) -> None:
    assert language.preferred({"KESU_LANG": asked}) == spoken


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB"}, "en"),
        ({"LANG": "C.UTF-8"}, "zh_CN"),
        ({"LC_ALL": "POSIX"}, "zh_CN"),
        ({"KESU_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
    ],
)
def test_the_system_names_the_language_unless_it_names_none(environment: dict[str, str], spoken: str) -> None:
    assert language.preferred(environment) == spoken
