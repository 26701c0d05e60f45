"""The customers' file: log, merges, and what duplicates are found by. Frozen: it uses no live table class."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.core import search_index
from app.core.likeness import name_key, phones

STATEMENTS = """
ALTER TABLE customer ADD COLUMN ended_on TEXT
ALTER TABLE customer ADD COLUMN merged_into_id INTEGER REFERENCES customer (id)
ALTER TABLE customer ADD COLUMN name_key TEXT NOT NULL DEFAULT ''
ALTER TABLE customer ADD COLUMN phone_keys TEXT NOT NULL DEFAULT ''
ALTER TABLE customer ADD COLUMN lost_until INTEGER
ALTER TABLE customer ADD COLUMN former TEXT NOT NULL DEFAULT ''
CREATE INDEX customer_status ON customer (branch_id, status, number)
CREATE INDEX customer_name_key ON customer (branch_id, name_key)
CREATE INDEX customer_credit_code ON customer (branch_id, credit_code)
CREATE INDEX customer_merged ON customer (merged_into_id) WHERE merged_into_id IS NOT NULL
CREATE INDEX customer_anniversary ON customer (branch_id, substr(customer_since, 6))
CREATE INDEX contact_birthday ON contact (substr(birthday, 6)) WHERE birthday IS NOT NULL
CREATE TABLE contact_entry (id INTEGER NOT NULL PRIMARY KEY, position INTEGER NOT NULL, parent_id INTEGER NOT NULL REFERENCES customer (id), kind TEXT, at INTEGER, at_day SMALLINT NOT NULL DEFAULT 0, contact TEXT, text TEXT, why_us TEXT, why_buy TEXT, improve TEXT, brand TEXT, company_told TEXT, company_told_on TEXT, maker_told TEXT, maker_told_on TEXT, who TEXT)
CREATE INDEX contact_entry_parent ON contact_entry (parent_id)
CREATE TABLE customer_merge (id INTEGER NOT NULL PRIMARY KEY, branch_id INTEGER NOT NULL, keep_id INTEGER NOT NULL REFERENCES customer (id), other_id INTEGER NOT NULL REFERENCES customer (id), at INTEGER NOT NULL, who TEXT NOT NULL, status TEXT NOT NULL, content TEXT NOT NULL, undone_at INTEGER)
CREATE INDEX customer_merge_keep ON customer_merge (keep_id)
CREATE INDEX customer_merge_other ON customer_merge (other_id)
CREATE TABLE merged_row (id INTEGER NOT NULL PRIMARY KEY, merge_id INTEGER NOT NULL REFERENCES customer_merge (id), name TEXT NOT NULL, row_id INTEGER NOT NULL)
CREATE INDEX merged_row_merge ON merged_row (merge_id)
CREATE TABLE not_same (id INTEGER NOT NULL PRIMARY KEY, branch_id INTEGER NOT NULL, one_id INTEGER NOT NULL REFERENCES customer (id), other_id INTEGER NOT NULL REFERENCES customer (id), at INTEGER NOT NULL, who TEXT NOT NULL)
CREATE UNIQUE INDEX not_same_pair ON not_same (one_id, other_id)
"""


def up(migrator, db):
    for statement in STATEMENTS.strip().splitlines():
        db.execute_sql(statement)
    _fill(db)


def _fill(db):
    """What is worked out of the customers that are there: keys, numbers of contacts, the end of the last day."""
    zones = dict(db.execute_sql("SELECT id, time_zone FROM branch").fetchall())
    numbers = {}
    for parent, phone in db.execute_sql("SELECT parent_id, phone FROM contact WHERE phone IS NOT NULL").fetchall():
        numbers.setdefault(parent, set()).update(phones(phone))
    rows = db.execute_sql("SELECT id, branch_id, name, phone, lost_on FROM customer").fetchall()
    for row, branch, name, phone, lost_on in rows:
        keys = " ".join(sorted(phones(phone) | numbers.get(row, set())))
        until = None
        if lost_on:
            end = datetime.fromisoformat(lost_on).replace(tzinfo=ZoneInfo(zones[branch])) + timedelta(days=1)
            until = int(end.timestamp() * 1000)
        sql = "UPDATE customer SET name_key = ?, phone_keys = ?, lost_until = ? WHERE id = ?"
        db.execute_sql(sql, (name_key(name or ""), keys, until, row))
    found = db.execute_sql(
        "SELECT k.id, k.key, c.phone_keys FROM search_customer_key AS k JOIN customer AS c ON c.id = k.id WHERE c.phone_keys <> ''"
    )
    search_index.put("customer", [(row, f"{key} {keys}") for row, key, keys in found.fetchall()])
