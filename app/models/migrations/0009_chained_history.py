"""A history that can only grow, each row hanging on the one before. Frozen: it uses no live table class.

The rows are copied in their order, so that the table lies as it was written; where a million rows must grow in place, pages split.
"""

from app.core.chain import START, TRIGGERS, link, salt, seal

_TABLE = """
CREATE TABLE history_chained (id INTEGER NOT NULL PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, kind TEXT NOT NULL,
    record_id INTEGER NOT NULL, action TEXT NOT NULL, field TEXT, old TEXT, new TEXT, note TEXT NOT NULL, salt BLOB, seal BLOB,
    hash BLOB NOT NULL)
"""
_ADD = f"INSERT INTO history_chained VALUES ({', '.join('?' * 13)})"
_BATCH = 5_000
_STATEMENTS = (
    "DROP TABLE history",
    "ALTER TABLE history_chained RENAME TO history",
    "CREATE INDEX history_record ON history (kind, record_id)",
    "CREATE INDEX history_at ON history (at)",
    "CREATE INDEX history_who ON history (who)",
    "CREATE INDEX history_action ON history (action)",
    *TRIGGERS.values(),
    "ALTER TABLE print ADD COLUMN anchor TEXT",
)


def up(migrator, db):
    db.execute_sql(_TABLE)
    number, before = -1, START
    while rows := _read(db, number):
        chained = []
        for told, values in rows:
            salted = salt() if values != (None, None, "") else None
            sealed = seal(salted, values) if salted is not None else None
            before = link(before, (*told, sealed))
            chained.append((*told, *values, salted, sealed, before))
        db.cursor().executemany(_ADD, chained)
        number = rows[-1][0][0]
    for statement in _STATEMENTS:
        db.execute_sql(statement)


def _read(db, after):
    columns = "id, at, who, kind, record_id, action, field, old, new, note"
    found = db.execute_sql(f"SELECT {columns} FROM history WHERE id > ? ORDER BY id LIMIT ?", (after, _BATCH)).fetchall()
    return [(row[:7], row[7:]) for row in found]
