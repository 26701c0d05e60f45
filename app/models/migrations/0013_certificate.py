"""The certificate of the branch, apart from it its key, and which file an edition was signed as. Frozen: it uses no live table class."""


def up(migrator, db):
    db.execute_sql(
        "CREATE TABLE certificate (id INTEGER NOT NULL PRIMARY KEY, branch_id INTEGER NOT NULL, subject TEXT NOT NULL, "
        "issuer TEXT NOT NULL, serial TEXT NOT NULL, fingerprint TEXT NOT NULL, valid_from INTEGER NOT NULL, "
        "valid_until INTEGER NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL, ended_at INTEGER)"
    )
    db.execute_sql("CREATE INDEX certificate_fingerprint ON certificate (fingerprint)")
    db.execute_sql("CREATE TABLE certificate_key (id INTEGER NOT NULL PRIMARY KEY, content BLOB NOT NULL, password TEXT)")
    db.execute_sql(
        "CREATE TABLE signed_edition (agreement_id INTEGER NOT NULL PRIMARY KEY, certificate_id INTEGER NOT NULL, "
        "sha256 TEXT NOT NULL, copies INTEGER NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL)"
    )
