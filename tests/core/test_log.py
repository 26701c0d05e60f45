"""The log: what gets in, what never does, and how it is turned."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from app.core import log
from app.core.errors import RuleBroken, UserError, ValidationError

PERSONAL = ("王秀兰", "13800002211", "TS-202611-0001", "长青路 8 号", "O'Neill; DROP TABLE", "wang@example.org")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    yield
    assert log.folder().is_relative_to(tmp_path)


def raised(text: str) -> Exception:
    """An error whose message, cause and locals name somebody."""
    customer = {"name": text}
    try:
        try:
            raise KeyError(text)
        except KeyError as cause:
            raise ValueError(f"{customer} {text}") from cause
    except ValueError as error:
        return error


def everything_fails() -> None:
    """Each way into the log, with texts that name somebody."""
    for text in PERSONAL:
        log.fault(raised(text))
        log.refused(UserError(text))
        log.refused(ValidationError({text: text}))
        log.refused(RuleBroken(2, text))
        log.note("slow", what=text, ms=5)
        log.note("command", name=text, customer=text, code=1, ms=2)
        log.note(text)
        logging.getLogger("kesu").error("%s", text)
        logging.getLogger("kesu").error(text, exc_info=raised(text))


def test_nothing_that_names_somebody_gets_in() -> None:
    everything_fails()
    told = log.content()
    assert [text for text in PERSONAL if text in told] == []
    assert told.count(" fault kind=ValueError") == len(PERSONAL)
    assert told.count("refused kind=app.core.errors.RuleBroken rule=2") == len(PERSONAL)


def test_without_the_gate_the_same_would_stand_there() -> None:
    """The control: the texts do reach the log, and only its formatter keeps them out."""
    handler = next(one for one in log._opened().handlers if isinstance(one, log.Rotating))
    clean = handler.formatter
    handler.setFormatter(logging.Formatter("%(message)s %(facts)s", defaults={"facts": ""}))
    try:
        everything_fails()
    finally:
        handler.setFormatter(clean)
    assert [text for text in PERSONAL if text not in log.content()] == []


def test_a_fault_is_told_by_class_and_lines_of_code_the_cause_first() -> None:
    when = log.fault(raised("王秀兰"))
    first, *frames = log.content().splitlines()
    assert first.startswith(when.isoformat()[:-8])  # to the minute, for a second may have passed
    assert frames[0].endswith(" raised")
    assert [line.strip() for line in frames if "Error" in line] == ["KeyError", "ValueError"]


def test_a_path_of_the_account_is_not_in_a_fault() -> None:
    log.fault(raised("x"))
    assert str(Path.home()) not in log.content()
    assert str(Path(__file__).parent) not in log.content()


def test_faults_are_counted_from_a_moment_on() -> None:
    log.fault(raised("x"))
    log.note("end", code=0, seconds=5)
    log.fault(raised("x"))
    now = log.now()
    assert log.faults_since(log.content(), now - timedelta(days=7)) == 2
    assert log.faults_since(log.content(), now + timedelta(hours=1)) == 0


def test_five_files_are_kept_and_none_grows_over_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "LARGEST", 2_000)
    for turn in range(400):
        log.note("command", name="list", code=turn, ms=1)
    files = sorted(log.folder().iterdir())
    assert [one.name for one in files] == ["kesu.log", *(f"kesu.log.{place}" for place in range(1, 5))]
    assert max(one.stat().st_size for one in files) <= 2_000
    assert "code=399" in files[0].read_text()
    assert "code=399" not in files[1].read_text()


def test_what_takes_long_is_named_by_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "SLOW", 0)
    with log.timed(partial(raised, "王秀兰")):
        pass
    assert "slow what=" in log.content()
    assert "raised" in log.content()
    assert "王秀兰" not in log.content()


def test_a_folder_that_cannot_be_written_costs_the_line_only(tmp_path: Path) -> None:
    log.folder().parent.parent.mkdir(parents=True, exist_ok=True)
    log.folder().parent.write_text("in the way")
    log.note("end", code=0, seconds=5)
    assert log.content() == ""
    assert not list(tmp_path.glob("**/kesu.log"))
