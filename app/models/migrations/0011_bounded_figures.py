"""What the figures of a month look up instead of reading the stock. Frozen: it uses no live table class.

Cases and active customers are tallied by the hour at which they count, by triggers, so that no door can forget it: a year's trend
and the number of customers cost as much as the calendar. What is open has indexes of its own: what has not ended, and what took
more than 31 days.
"""

_HOUR = "({0} + 3600000000000000) / 3600000 - 1000000000"
"""A moment's hour since 1970, rounded down before 1970, too."""
_DAY = "coalesce(CAST(strftime('%s', {0}) AS INTEGER) / 3600, -1000000000)"
_GONE = "max(coalesce({0}lost_on, ''), coalesce({0}ended_on, ''))"
_WAS_HERE = "{0}status NOT IN ('voided', 'merged') AND ({0}status = 'active' OR " + _GONE + " > coalesce({0}customer_since, ''))"
# Table → what it counts: the hour, by how much, on which condition; `{0}` is the row.
_TALLIED = {
    "objection": [(_HOUR.format("{0}occurred_at"), 1, "{0}status <> 'voided' AND {0}occurred_at IS NOT NULL")],
    "complaint": [(_HOUR.format("{0}received_at"), 1, "{0}status <> 'voided' AND {0}received_at IS NOT NULL")],
    "customer": [
        (_DAY.format("{0}customer_since"), 1, _WAS_HERE),
        (_DAY.format(_GONE), -1, _WAS_HERE + " AND {0}status <> 'active'"),
    ],
}
_WATCHED = {
    "objection": "status, occurred_at",
    "complaint": "status, received_at",
    "customer": "status, customer_since, lost_on, ended_on",
}
_OPEN = """
CREATE INDEX objection_open ON objection (branch_id, occurred_at) WHERE closed_at IS NULL;
CREATE INDEX objection_long ON objection (branch_id, closed_at) WHERE closed_at - occurred_at > 2678400000;
CREATE INDEX complaint_open ON complaint (branch_id, received_at) WHERE closed_at IS NULL;
CREATE INDEX complaint_long ON complaint (branch_id, closed_at) WHERE closed_at - received_at > 2678400000;
"""


def up(migrator, db):
    db.execute_sql(
        "CREATE TABLE tally (branch_id INTEGER NOT NULL, kind TEXT NOT NULL, hour INTEGER NOT NULL, number INTEGER NOT NULL, "
        "PRIMARY KEY (branch_id, kind, hour)) WITHOUT ROWID"
    )
    for table in _TALLIED:
        for statement in (*_triggers(table), *_counted(table)):
            db.execute_sql(statement)
    for statement in _OPEN.strip().splitlines():
        db.execute_sql(statement)


def _triggers(table):
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in _WATCHED[table].split(", "))
    events = (
        ("added", "INSERT", "", _steps(table, "NEW.", 1)),
        ("taken", "DELETE", "", _steps(table, "OLD.", -1)),
        ("moved", f"UPDATE OF {_WATCHED[table]}", f"WHEN {changed} ", _steps(table, "OLD.", -1) + _steps(table, "NEW.", 1)),
    )
    for name, event, when, steps in events:
        yield f"CREATE TRIGGER {table}_{name} AFTER {event} ON {table} {when}BEGIN {steps}END"


def _steps(table, row, sign):
    return "".join(
        f"INSERT INTO tally SELECT {row}branch_id, '{table}', {hour.format(row)}, {number * sign} WHERE {condition.format(row)} "
        "ON CONFLICT DO UPDATE SET number = number + excluded.number; "
        for hour, number, condition in _TALLIED[table]
    )


def _counted(table):
    """What is there already."""
    for hour, number, condition in _TALLIED[table]:
        yield (
            f"INSERT INTO tally SELECT branch_id, '{table}', {hour.format('')}, sum({number}) FROM {table} "
            f"WHERE {condition.format('')} GROUP BY 1, 3 ON CONFLICT DO UPDATE SET number = number + excluded.number"
        )
