"""Waiting after wrong passwords: through restarts, and whatever is done to the clock."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core import tries


class Uptime:
    """Seconds since the system started."""

    def __init__(self) -> None:
        self.seconds = 50_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def up(monkeypatch: pytest.MonkeyPatch) -> Uptime:
    made = Uptime()
    monkeypatch.setattr(tries, "uptime", made)
    return made


def fail(folder: Path, times: int, name: str = "王敏") -> None:
    for _turn in range(times):
        tries.begin(folder, name)


def test_the_fifth_wrong_password_costs_a_minute_and_each_further_one_more(tmp_path: Path, up: Uptime) -> None:
    fail(tmp_path, 4)
    assert tries.left(tmp_path, "王敏") == 0
    waits = []
    for _turn in range(7):
        fail(tmp_path, 1)
        waits.append(tries.left(tmp_path, "王敏") // 60)
        up.seconds += tries.left(tmp_path, "王敏")
    assert waits == [1, 5, 15, 30, 60, 60, 60]


def test_a_try_while_waiting_is_refused_and_not_counted(tmp_path: Path, up: Uptime) -> None:
    fail(tmp_path, 5)
    for _turn in range(3):
        up.seconds += 10
        with pytest.raises(tries.SignInRefused, match="Wait 1 min") as caught:
            tries.begin(tmp_path, "王敏")
    assert (caught.value.wait, caught.value.exit_code) == (30, 5)
    up.seconds += 30
    fail(tmp_path, 1)
    assert tries.left(tmp_path, "王敏") == 300


def test_the_calendar_clock_has_no_say(tmp_path: Path, up: Uptime, monkeypatch: pytest.MonkeyPatch) -> None:
    fail(tmp_path, 5)
    for moment in (0.0, 1e9, 4e9):
        monkeypatch.setattr("time.time", lambda moment=moment: moment)
        assert tries.left(tmp_path, "王敏") == 60
    up.seconds += 60
    assert tries.left(tmp_path, "王敏") == 0  # the control: time itself ends the wait


def test_a_restart_of_the_system_shortens_no_wait(tmp_path: Path, up: Uptime) -> None:
    fail(tmp_path, 5)
    up.seconds = 20  # since the start; at least so much has gone by
    assert tries.left(tmp_path, "王敏") == 40
    with pytest.raises(tries.SignInRefused):
        tries.begin(tmp_path, "王敏")
    up.seconds = 45
    assert tries.left(tmp_path, "王敏") == 15


def test_each_name_waits_for_itself_however_it_is_written(tmp_path: Path, up: Uptime) -> None:
    fail(tmp_path, 5, "Wang Min")
    assert tries.left(tmp_path, " wang  ＭＩＮ") == 60
    assert tries.left(tmp_path, "刘洋") == 0


def test_the_right_password_begins_anew(tmp_path: Path, up: Uptime) -> None:
    fail(tmp_path, 4)
    tries.forget(tmp_path, "王敏")
    fail(tmp_path, 4)
    assert tries.left(tmp_path, "王敏") == 0


def test_invented_names_do_not_push_out_one_that_waits(tmp_path: Path, up: Uptime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries, "MOST", 20)
    fail(tmp_path, 5)
    for number in range(40):
        fail(tmp_path, 1, f"nobody {number}")
    assert tries.left(tmp_path, "王敏") == 60
    assert len(tries._load(tmp_path)) == 20


def test_no_name_stands_in_the_file(tmp_path: Path) -> None:
    """A password is easily typed in the place of the name."""
    fail(tmp_path, 1, "my secret sentence")
    assert b"secret" not in (tmp_path / tries.FILE_NAME).read_bytes()


@pytest.mark.parametrize("content", [b"", b"[]", b'{"x": [1]}', b"\xff", b'{"x": ["a", "b", "c"]}', b'{"x": [1e999, 1, 1]}'])
def test_a_damaged_file_stops_nobody(tmp_path: Path, content: bytes) -> None:
    (tmp_path / tries.FILE_NAME).write_bytes(content)
    fail(tmp_path, 1)
    assert tries.left(tmp_path, "王敏") == 0


def test_the_wait_is_counted_to_the_second(tmp_path: Path, up: Uptime) -> None:
    fail(tmp_path, 5)
    seen = []
    for step in (0.0, 0.5, 0.5, 58.0, 0.5, 0.5, 5.0):
        up.seconds += step
        seen.append(tries.left(tmp_path, "王敏"))
    assert seen == [60, 60, 59, 1, 1, 0, 0]


@pytest.mark.parametrize(("seconds", "minutes"), [(1, 1), (60, 1), (61, 2), (3600, 60)])
def test_the_minutes_to_wait_are_rounded_up(seconds: int, minutes: int) -> None:
    assert tries.waiting(seconds) == f"Too many wrong passwords. Wait {minutes} min, then try again."


def test_a_refusal_says_the_wait_and_keeps_it(tmp_path: Path, up: Uptime) -> None:
    fail(tmp_path, 5)
    up.seconds += 60
    fail(tmp_path, 1)
    up.seconds += 60
    with pytest.raises(tries.SignInRefused) as told:
        tries.begin(tmp_path, "王敏")
    assert (str(told.value), told.value.wait) == ("Too many wrong passwords. Wait 4 min, then try again.", 240)
    up.seconds = 100.0  # the system was started anew
    assert tries.left(tmp_path, "王敏") == 140
    assert tries.SignInRefused("x").wait == 0


def test_the_moment_of_a_restart_is_no_time_gone(tmp_path: Path, up: Uptime) -> None:
    fail(tmp_path, 5)
    up.seconds = 0.0
    assert tries.left(tmp_path, "王敏") == 60


def test_forgetting_a_name_leaves_the_others_and_a_file_only_where_there_was_one(tmp_path: Path, up: Uptime) -> None:
    tries.forget(tmp_path, "王敏")
    assert not (tmp_path / tries.FILE_NAME).exists()
    fail(tmp_path, 5)
    fail(tmp_path, 5, "刘洋")
    tries.forget(tmp_path, "王敏")
    assert (tries.left(tmp_path, "王敏"), tries.left(tmp_path, "刘洋")) == (0, 60)
    assert all(len(code) == 24 for code in tries._load(tmp_path))


def test_of_names_that_wait_those_with_more_wrong_tries_stay_then_the_later(
    tmp_path: Path, up: Uptime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tries, "MOST", 3)
    for name, count in (("a", 5), ("b", 4), ("c", 4), ("d", 3)):
        up.seconds += 1
        fail(tmp_path, count, name)
    assert set(tries._load(tmp_path)) == {tries._code(name) for name in ("a", "b", "c")}
    up.seconds += 1
    fail(tmp_path, 1, "e")
    assert set(tries._load(tmp_path)) == {tries._code(name) for name in ("a", "b", "c")}
    up.seconds += 3600
    fail(tmp_path, 4, "f")
    assert tries._code("a") in tries._load(tmp_path)


def test_only_the_odd_entries_of_a_file_count_for_none(tmp_path: Path, up: Uptime) -> None:
    good, odd = tries._code("王敏"), tries._code("刘洋")
    (tmp_path / tries.FILE_NAME).write_text(f'{{"{odd}": [1, 2], "{good}": [5, 60, 50000], "x": null}}')
    assert (tries.left(tmp_path, "王敏"), tries.left(tmp_path, "刘洋")) == (60, 0)
