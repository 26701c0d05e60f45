"""Follow-ups by when they were done: satisfaction is counted by month. Frozen: it uses no live table class."""


def up(migrator, db):
    db.execute_sql("CREATE INDEX follow_up_done ON follow_up (at) WHERE result_score IS NOT NULL")
