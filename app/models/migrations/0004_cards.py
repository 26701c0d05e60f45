"""Objection cards, the evidence they rest on, who practises them, and which card an objection was answered with. Frozen."""

from peewee import *

from app.core.search_index import create_index

INDEXES = """
CREATE UNIQUE INDEX evidence_number ON evidence (branch_id, number);
CREATE INDEX evidence_title ON evidence (branch_id, title);
CREATE INDEX evidence_from ON evidence (branch_id, valid_from);
CREATE INDEX evidence_to ON evidence (branch_id, valid_to);
CREATE UNIQUE INDEX card_number ON card (branch_id, number);
CREATE INDEX card_status ON card (branch_id, status);
CREATE INDEX card_published ON card (branch_id, published_at);
CREATE INDEX card_origin ON card (branch_id, from_objection);
CREATE INDEX evidence_line_parent ON evidence_line (parent_id);
CREATE INDEX evidence_line_evidence ON evidence_line (evidence_id);
CREATE INDEX minutes_parent ON minutes (parent_id);
CREATE INDEX rehearsal_parent ON rehearsal (parent_id);
CREATE UNIQUE INDEX practice_card ON practice (branch_id, who, card_id);
CREATE INDEX practice_due ON practice (branch_id, who, due);
CREATE INDEX objection_card ON objection (card_id, status, satisfaction, solved_on_spot);
"""

_RECORD = (
    ("uid", lambda tables: TextField(unique=True)),
    ("branch_id", lambda tables: IntegerField()),
    ("number status created_by changed_by", lambda tables: TextField()),
    ("void_reason", lambda tables: TextField(null=True)),
    ("created_at changed_at", lambda tables: BigIntegerField()),
    ("version", lambda tables: IntegerField(default=1)),
)
_LINE = (
    ("position", lambda tables: IntegerField()),
    ("parent", lambda tables: ForeignKeyField(tables["card"], index=False)),
)
TABLES = (
    (
        "evidence",
        (*_RECORD, ("title type text source valid_from valid_to", lambda tables: TextField(null=True))),
    ),
    (
        "card",
        (
            *_RECORD,
            ("words content cause answer method retired_reason from_objection", lambda tables: TextField(null=True)),
            ("published_at", lambda tables: BigIntegerField(null=True)),
            ("published_at_day", lambda tables: BooleanField(default=False)),
            ("edition", lambda tables: IntegerField(default=1)),
        ),
    ),
    (
        "evidence_line",
        (*_LINE, ("evidence", lambda tables: ForeignKeyField(tables["evidence"], null=True, index=False))),
    ),
    ("minutes", (*_LINE, ("held_on present text", lambda tables: TextField(null=True)))),
    ("rehearsal", (*_LINE, ("held_on players note", lambda tables: TextField(null=True)))),
    (
        "practice",
        (
            ("branch_id edition reviews", lambda tables: IntegerField()),
            ("who state", lambda tables: TextField()),
            ("card", lambda tables: ForeignKeyField(tables["card"], index=False)),
            ("first_at reviewed_at due", lambda tables: BigIntegerField()),
        ),
    ),
)


def up(migrator, db):
    tables = {}
    for name, columns in TABLES:
        made = {code: make(tables) for codes, make in columns for code in codes.split()}
        meta = type("Meta", (), {"database": db, "table_name": name})
        tables[name] = type(name, (Model,), made | {"Meta": meta})
        tables[name].create_table(safe=False)
    db.execute_sql("ALTER TABLE objection ADD COLUMN card_id INTEGER REFERENCES card (id)")
    for statement in INDEXES.strip().splitlines():
        db.execute_sql(statement)
    for name in ("evidence", "card"):
        create_index(name)
