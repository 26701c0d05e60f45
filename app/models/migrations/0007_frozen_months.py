"""Months that were closed, with all that their workbooks are made of. Frozen: it uses no live table class."""

from peewee import *


def up(migrator, db):
    class FrozenMonth(Model):
        branch_id = IntegerField()
        month = TextField()
        at = BigIntegerField()
        who = TextField()
        sha256 = TextField()
        history_id = IntegerField()
        opened_at = BigIntegerField(null=True)
        opened_by = TextField(null=True)
        open_reason = TextField(null=True)

        class Meta:
            database = db
            table_name = "frozen_month"

    class FrozenPart(Model):
        frozen = ForeignKeyField(FrozenMonth, index=False)
        part = TextField()
        content = BlobField()

        class Meta:
            database = db
            table_name = "frozen_part"

    FrozenMonth.create_table(safe=False)
    FrozenPart.create_table(safe=False)
    # Two that close the same month at once: one of them is refused.
    db.execute_sql("CREATE UNIQUE INDEX frozen_month_standing ON frozen_month (branch_id, month) WHERE opened_at IS NULL")
    db.execute_sql("CREATE INDEX frozen_part_of ON frozen_part (frozen_id, part, id)")
