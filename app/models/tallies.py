"""How many there are, without counting them: cases by the hour at which they count, customers by the days they came and left.

The triggers of the tables keep it, whoever writes. A row is `number` more from `hour` (since 1970) on.
"""

from __future__ import annotations

from datetime import date

from app.core.database import database

HOUR = 3_600_000
_EPOCH = date(1970, 1, 1).toordinal()
_HOUR = "({0} + 3600000000000000) / 3600000 - 1000000000"
_DAY = "coalesce(CAST(strftime('%s', {0}) AS INTEGER) / 3600, -1000000000)"
_GONE = "max(coalesce(lost_on, ''), coalesce(ended_on, ''))"
_WAS_HERE = f"status NOT IN ('voided', 'merged') AND (status = 'active' OR {_GONE} > coalesce(customer_since, ''))"
_ANEW = f"""
SELECT branch_id, kind, hour, sum(number) AS number FROM (
    SELECT branch_id, 'objection' AS kind, {_HOUR.format("occurred_at")} AS hour, 1 AS number FROM objection
    WHERE status <> 'voided' AND occurred_at IS NOT NULL
    UNION ALL SELECT branch_id, 'complaint', {_HOUR.format("received_at")}, 1 FROM complaint
    WHERE status <> 'voided' AND received_at IS NOT NULL
    UNION ALL SELECT branch_id, 'customer', {_DAY.format("customer_since")}, 1 FROM customer WHERE {_WAS_HERE}
    UNION ALL SELECT branch_id, 'customer', {_DAY.format(_GONE)}, -1 FROM customer WHERE {_WAS_HERE} AND status <> 'active'
) GROUP BY 1, 2, 3 HAVING sum(number) <> 0
"""
"""The same, counted from the records."""
_WRONG = f"""
WITH kept AS (SELECT * FROM tally WHERE number <> 0), anew AS ({_ANEW})
SELECT DISTINCT kind FROM (SELECT * FROM (SELECT * FROM kept EXCEPT SELECT * FROM anew)
UNION ALL SELECT * FROM (SELECT * FROM anew EXCEPT SELECT * FROM kept)) ORDER BY kind
"""


def between(branch: int, kind: str, first: int, last: int) -> int:
    """How many cases count from one hour up to another one, which is not in it."""
    sql = "SELECT coalesce(sum(number), 0) FROM tally WHERE branch_id = ? AND kind = ? AND hour >= ? AND hour < ?"
    return int(database.execute_sql(sql, (branch, kind, first, last)).fetchone()[0])


def standing(branch: int, kind: str, day: date) -> int:
    """How many had come and not left by the beginning of a day."""
    sql = "SELECT coalesce(sum(number), 0) FROM tally WHERE branch_id = ? AND kind = ? AND hour <= ?"
    return int(database.execute_sql(sql, (branch, kind, (day.toordinal() - _EPOCH) * 24)).fetchone()[0])


def wrong() -> list[str]:
    """The kinds whose tally is not what the records say."""
    return [kind for (kind,) in database.execute_sql(_WRONG)]


def count_anew() -> None:
    """Make it what the records say."""
    database.execute_sql("DELETE FROM tally")
    database.execute_sql(f"INSERT INTO tally {_ANEW}")
