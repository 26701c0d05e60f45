"""What the system is told of where the window is not looked at: how many things wait, never whose."""

from __future__ import annotations

from typing import NamedTuple

from app.core.database import database
from app.core.language import N_, _
from app.core.session import Session
from app.core.times import day_of
from app.services import promise_board


class Waits(NamedTuple):
    """How many there are: promises overdue or due today, calls back due, proposals that this person may decide."""

    promises: int
    follow_ups: int
    proposals: int


_WORDS = (N_("Promises due: {count}"), N_("Calls back due: {count}"), N_("Proposals to decide: {count}"))
_FOLLOW_UPS = (
    "SELECT count(*) FROM complaint WHERE branch_id = ? AND follow_up_at IS NOT NULL AND follow_up_at <= ? "
    "AND status IN ('agreed', 'executing', 'following_up')"
)
_PROPOSALS = "SELECT count(*) FROM complaint WHERE branch_id = ? AND status = 'proposed'"


def waits(session: Session) -> Waits:
    """Now; each through an index on what is open."""
    branch = session.branch.id
    today = day_of(session.clock(), session.branch.zone).isoformat()
    proposals = _count(_PROPOSALS, branch) if _decides(session) else 0
    return Waits(sum(promise_board.count(session)), _count(_FOLLOW_UPS, branch, today), proposals)


def _count(sql: str, *values: object) -> int:
    return int(database.execute_sql(sql, values).fetchone()[0])


def _decides(session: Session) -> bool:
    from app.models import steps  # heavy: all that is done to a case, which the first list does without

    approve = next(step for step in steps.steps_of("complaint") if step.code == "approve")
    return bool(steps.held(session) & set(approve.roles))


def sentence(waiting: Waits, days_without_backup: int = 0) -> str:
    """All of it in one line; empty where nothing waits."""
    told = [_(words).format(count=count) for words, count in zip(_WORDS, waiting, strict=True) if count]
    if days_without_backup:
        told.append(_("no backup for {days} days").format(days=days_without_backup))
    return _("; ").join(told)


def more(now: Waits, before: Waits | None) -> bool:
    """Whether something came that was not told of; what falls due among the promises is named by itself."""
    return any(now) if before is None else any(one > other for one, other in zip(now[1:], before[1:], strict=True))
