"""Saved views of lists, and attachments that were voided. Frozen: it uses no live table class."""

from peewee import *


def up(migrator, db):
    voided = (("voided_at", BigIntegerField), ("voided_by", TextField), ("void_reason", TextField))
    migrator.migrate(*(migrator.add_column("attachment", name, kind(null=True)) for name, kind in voided))

    class SavedView(Model):
        branch_id = IntegerField()
        who = TextField()
        kind = TextField()
        name = TextField()
        content = TextField()
        first = BooleanField(default=False)
        changed_at = BigIntegerField()

        class Meta:
            database = db
            table_name = "saved_view"

    SavedView.create_table(safe=False)
    db.execute_sql("CREATE UNIQUE INDEX saved_view_name ON saved_view (branch_id, who, kind, name)")
