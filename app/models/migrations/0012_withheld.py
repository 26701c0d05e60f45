"""What is kept of erased customers is marked and closed. Frozen: it uses no live table class.

Of customers that were erased before: what stayed is theirs and was not erased itself.
"""

_OF_ERASED = (
    "complaint_id IN (SELECT c.id FROM complaint AS c JOIN history AS h ON h.action = 'erase' AND h.kind = 'customer' "
    "AND h.record_id = c.customer_id)"
)
_STAYED = "id NOT IN (SELECT record_id FROM history WHERE action = 'erase' AND kind = '{0}')"
_FILES = (
    "UPDATE attachment SET withheld = 1 WHERE (kind = 'agreement' AND record_id IN (SELECT id FROM agreement WHERE withheld)) "
    "OR (kind = 'dispatch' AND record_id IN (SELECT id FROM dispatch WHERE withheld)) "
    "OR (kind = 'complaint' AND shows IN ('agreement_scan', 'delivery_proof', 'approval_scan') "
    "AND record_id IN (SELECT complaint_id FROM agreement WHERE withheld))"
)


def up(migrator, db):
    for table in ("agreement", "dispatch", "attachment"):
        db.execute_sql(f"ALTER TABLE {table} ADD COLUMN withheld INTEGER NOT NULL DEFAULT 0")
    for table in ("agreement", "dispatch"):
        db.execute_sql(f"UPDATE {table} SET withheld = 1 WHERE {_OF_ERASED} AND {_STAYED.format(table)}")
    db.execute_sql(_FILES)
