"""How many promises are late is as many as the board shows to be late."""

from __future__ import annotations

from collections import Counter

import pytest

from app.core import formats
from app.services import promise_board
from tests.conftest import Clock
from tests.make import Make

_TIMES = ("2026-11-23", "2026-11-23 15:00", "2026-11-24", "2026-11-24 09:00", "2026-11-24 18:00", "2026-11-26")


# From the Monday, 14:32, on which all is promised: that minute, past the hour, past midnight, morning, evening, a week after.
@pytest.mark.parametrize(("hours", "late", "today"), [(0, 0, 2), (1, 1, 1), (9.5, 2, 3), (20, 3, 2), (28, 4, 1), (170, 6, 0)])
def test_late_and_due_today_are_counted_as_the_board_shows_them(
    make: Make, clock: Clock, hours: float, late: int, today: int
) -> None:
    for when in _TIMES:
        make.steps(make.objection(), ("promise", {"promised_at": when}))
    clock.advance(hours=hours)
    counted = promise_board.count(make.session)
    shown = Counter(one.group for one in promise_board.owed(make.session))
    assert (counted.overdue, counted.today) == (shown["overdue"], shown["today"]) == (late, today)


def test_what_is_over_longest_comes_first_and_a_day_is_over_at_its_end(make: Make, clock: Clock) -> None:
    for when in reversed(_TIMES):
        make.steps(make.objection(), ("promise", {"promised_at": when}))
    clock.advance(hours=48)
    shown = promise_board.owed(make.session)
    zone = make.session.branch.zone
    told = [formats.moment(one.due, zone) for one in shown]
    assert told == ["2026-11-23 15:00", "2026-11-23", "2026-11-24 09:00", "2026-11-24 18:00", "2026-11-24", "2026-11-26"]
    late = [one.overdue for one in shown if one.overdue is not None]
    assert late == sorted(late, reverse=True)
