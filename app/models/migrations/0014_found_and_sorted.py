"""Complaints keep the batch numbers of their products, by which they are found; names are sorted as they sound.

Frozen: it uses no live table class.
"""

from itertools import groupby

from app.core import search_index, text

_FOUND_BY = (
    *("number", "source_reference", "customer_name", "customer_keys", "complainant", "end_user", "phone", "address"),
    *("description", "wish", "batches"),
)
_SORTED = (
    ("customer", "pinyin", "name"),
    ("complaint", "customer_keys", "customer_name"),
    ("objection", "customer_keys", "customer_name"),
)
_AT_ONCE = 1_000


def up(migrator, db):
    db.execute_sql("ALTER TABLE complaint ADD COLUMN batches TEXT NOT NULL DEFAULT ''")
    lines = db.execute_sql(
        "SELECT parent_id, batch FROM product_line WHERE batch <> '' ORDER BY parent_id, position, id"
    ).fetchall()
    found = [
        (" ".join(dict.fromkeys(batch for _case, batch in some)), case) for case, some in groupby(lines, lambda line: line[0])
    ]
    for table, sound, name in _SORTED:
        db.execute_sql(f"CREATE INDEX {table}_sound ON {table} (branch_id, {sound}, {name})")
    for start in range(0, len(found), _AT_ONCE):
        _write(db, found[start : start + _AT_ONCE])


def _write(db, found):
    db.cursor().executemany("UPDATE complaint SET batches = ? WHERE id = ?", found)
    marks = ", ".join("?" * len(found))
    sql = f"SELECT id, phone, {', '.join(_FOUND_BY)} FROM complaint WHERE id IN ({marks})"
    rows = db.execute_sql(sql, [case for _batches, case in found]).fetchall()
    search_index.put("complaint", [(case, _text(phone, words)) for case, phone, *words in rows])


def _text(phone, words):
    return f"{' '.join(word for word in words if word)} {text.digits(phone or '')}"
