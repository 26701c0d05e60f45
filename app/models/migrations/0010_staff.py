"""Who works here, in which roles, from when to when. Frozen: it uses no live table class."""


def up(migrator, db):
    db.execute_sql(
        "CREATE TABLE staff (id INTEGER NOT NULL PRIMARY KEY, branch_id INTEGER NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL, "
        "name_key TEXT NOT NULL, roles TEXT NOT NULL, status TEXT NOT NULL, since TEXT NOT NULL, until TEXT, "
        "one_time INTEGER NOT NULL, at INTEGER NOT NULL, added_by TEXT NOT NULL)"
    )
    db.execute_sql("CREATE UNIQUE INDEX staff_name ON staff (branch_id, name_key)")
    db.execute_sql("CREATE UNIQUE INDEX staff_code ON staff (branch_id, code)")
