"""The first tables. Frozen: it describes them as they were made and uses no live table class."""

from peewee import *

from app.core.search_index import create_index

INDEXES = """
CREATE UNIQUE INDEX customer_number ON customer (branch_id, number);
CREATE INDEX customer_name ON customer (branch_id, name);
CREATE INDEX customer_phone ON customer (branch_id, phone_digits);
CREATE INDEX customer_licence ON customer (branch_id, licence);
CREATE INDEX customer_route ON customer (branch_id, route);
CREATE INDEX customer_manager ON customer (branch_id, customer_manager);
CREATE INDEX customer_source ON customer (branch_id, source_reference);
CREATE UNIQUE INDEX customer_source_key ON customer (branch_id, source_key);
CREATE UNIQUE INDEX product_source_key ON product (branch_id, source_key);
CREATE UNIQUE INDEX product_number ON product (branch_id, number);
CREATE INDEX product_name ON product (branch_id, name);
CREATE INDEX product_code ON product (branch_id, code);
CREATE UNIQUE INDEX complaint_number ON complaint (branch_id, number);
CREATE INDEX complaint_received ON complaint (branch_id, received_at, id, status);
CREATE INDEX complaint_status ON complaint (branch_id, status, received_at);
CREATE INDEX complaint_name ON complaint (branch_id, customer_name);
CREATE INDEX complaint_handler ON complaint (branch_id, handler);
CREATE INDEX complaint_severity ON complaint (branch_id, severity);
CREATE INDEX complaint_promised ON complaint (branch_id, promised_at);
CREATE INDEX complaint_closed ON complaint (branch_id, closed_at);
CREATE INDEX complaint_customer ON complaint (customer_id, received_at);
CREATE INDEX complaint_owed ON complaint (branch_id, promised_at) WHERE replied_at IS NULL AND closed_at IS NULL AND status <> 'voided';
CREATE INDEX complaint_source ON complaint (branch_id, source_reference);
CREATE UNIQUE INDEX complaint_source_key ON complaint (branch_id, source_key);
CREATE UNIQUE INDEX objection_number ON objection (branch_id, number);
CREATE INDEX objection_occurred ON objection (branch_id, occurred_at, id, status);
CREATE INDEX objection_status ON objection (branch_id, status, occurred_at);
CREATE INDEX objection_name ON objection (branch_id, customer_name);
CREATE INDEX objection_handler ON objection (branch_id, handler);
CREATE INDEX objection_promised ON objection (branch_id, promised_at);
CREATE INDEX objection_closed ON objection (branch_id, closed_at);
CREATE INDEX objection_customer ON objection (customer_id, occurred_at);
CREATE INDEX objection_owed ON objection (branch_id, promised_at) WHERE replied_at IS NULL AND closed_at IS NULL AND status <> 'voided';
CREATE INDEX objection_complaint ON objection (complaint_id);
CREATE INDEX objection_source ON objection (branch_id, source_reference);
CREATE UNIQUE INDEX objection_source_key ON objection (branch_id, source_key);
CREATE UNIQUE INDEX agreement_number ON agreement (branch_id, number, edition);
CREATE INDEX agreement_status ON agreement (branch_id, status);
CREATE INDEX agreement_signed ON agreement (branch_id, signed_on);
CREATE INDEX agreement_name ON agreement (branch_id, customer_name);
CREATE INDEX agreement_deadline ON agreement (branch_id, deadline);
CREATE INDEX agreement_complaint ON agreement (complaint_id);
CREATE INDEX proposal_complaint ON proposal (complaint_id);
CREATE INDEX proposal_status ON proposal (status);
CREATE INDEX approval_proposal ON approval (proposal_id);
CREATE INDEX history_record ON history (kind, record_id);
CREATE INDEX attachment_record ON attachment (kind, record_id);
CREATE INDEX print_record ON print (kind, record_id);
CREATE INDEX print_hash ON print (sha256);
CREATE UNIQUE INDEX reserved_number ON reserved (branch_id, number);
CREATE INDEX contact_parent ON contact (parent_id);
CREATE INDEX product_line_parent ON product_line (parent_id);
CREATE INDEX loss_line_parent ON loss_line (parent_id);
CREATE INDEX enquiry_parent ON enquiry (parent_id);
CREATE INDEX remedy_line_parent ON remedy_line (parent_id);
CREATE INDEX agreement_line_parent ON agreement_line (parent_id);
"""

# Table → (names of columns, how each of them is made); a dict is the table's own key.
TABLES = (
    (
        "branch",
        None,
        (
            ("code", lambda tables: TextField(unique=True)),
            ("name", lambda tables: TextField()),
            ("address phone legal_name credit_code representative letterhead", lambda tables: TextField(default="")),
            ("time_zone", lambda tables: TextField(default="Asia/Shanghai")),
            ("sample", lambda tables: BooleanField(default=False)),
            ("created_at", lambda tables: BigIntegerField()),
        ),
    ),
    (
        "setting",
        ("branch_id", "code"),
        (
            ("branch_id", lambda tables: IntegerField()),
            ("code value", lambda tables: TextField()),
        ),
    ),
    (
        "counter",
        ("branch_id", "kind", "period"),
        (
            ("branch_id last", lambda tables: IntegerField()),
            ("kind period", lambda tables: TextField()),
        ),
    ),
    (
        "reserved",
        None,
        (
            ("branch_id", lambda tables: IntegerField()),
            ("kind number who", lambda tables: TextField()),
            ("status", lambda tables: TextField(default="reserved")),
            ("at", lambda tables: BigIntegerField()),
            ("reason", lambda tables: TextField(default="")),
        ),
    ),
    (
        "history",
        None,
        (
            ("at", lambda tables: BigIntegerField()),
            ("who kind action", lambda tables: TextField()),
            ("record_id", lambda tables: IntegerField()),
            ("field old new", lambda tables: TextField(null=True)),
            ("note", lambda tables: TextField(default="")),
        ),
    ),
    (
        "clauseversion",
        None,
        (
            ("branch_id", lambda tables: IntegerField()),
            ("clauses who", lambda tables: TextField()),
            ("at", lambda tables: BigIntegerField()),
        ),
    ),
    (
        "attachment",
        None,
        (
            ("kind name media_type sha256 who", lambda tables: TextField()),
            ("record_id", lambda tables: IntegerField()),
            ("size at", lambda tables: BigIntegerField()),
            ("shows", lambda tables: TextField(default="")),
        ),
    ),
    (
        "print",
        None,
        (
            ("kind document who sha256", lambda tables: TextField()),
            ("record_id copies", lambda tables: IntegerField()),
            ("at", lambda tables: BigIntegerField()),
            ("draft", lambda tables: BooleanField()),
            ("reason", lambda tables: TextField(default="")),
        ),
    ),
    (
        "unfinished",
        None,
        (
            ("branch_id", lambda tables: IntegerField()),
            ("kind who content", lambda tables: TextField()),
            ("number title", lambda tables: TextField(default="")),
            ("version", lambda tables: IntegerField(default=0)),
            ("saved_at", lambda tables: BigIntegerField()),
        ),
    ),
    (
        "customer",
        None,
        (
            ("uid", lambda tables: TextField(unique=True)),
            ("branch_id", lambda tables: IntegerField()),
            ("number status created_by changed_by", lambda tables: TextField()),
            (
                "void_reason name short_name type phone address route tier integrity licence credit_code "
                "customer_manager customer_since referred_by tags background lost_on lost_reason source_reference source_key",
                lambda tables: TextField(null=True),
            ),
            ("created_at changed_at", lambda tables: BigIntegerField()),
            ("version", lambda tables: IntegerField(default=1)),
            ("pinyin initials phone_digits", lambda tables: TextField(default="")),
        ),
    ),
    (
        "contact",
        None,
        (
            ("position", lambda tables: IntegerField()),
            ("parent", lambda tables: ForeignKeyField(tables["customer"], index=False)),
            ("name role phone birthday since until", lambda tables: TextField(null=True)),
            ("main", lambda tables: BooleanField(null=True)),
        ),
    ),
    (
        "product",
        None,
        (
            ("uid", lambda tables: TextField(unique=True)),
            ("branch_id", lambda tables: IntegerField()),
            ("number status created_by changed_by", lambda tables: TextField()),
            ("void_reason name code specification brand unit source_reference source_key", lambda tables: TextField(null=True)),
            ("created_at changed_at", lambda tables: BigIntegerField()),
            ("version", lambda tables: IntegerField(default=1)),
            ("active", lambda tables: BooleanField(null=True)),
        ),
    ),
    (
        "complaint",
        None,
        (
            ("uid", lambda tables: TextField(unique=True)),
            ("branch_id", lambda tables: IntegerField()),
            ("number status created_by changed_by", lambda tables: TextField()),
            (
                "void_reason source_key complainant channel phone source_reference address end_user class severity "
                "tags description wish went_wrong feeling reason broken_expectation service_failure faith evidence "
                "cause responsible_party responsible_stage recorder handed_to handler reply_channel reply_text waived "
                "result summary lesson customer_name",
                lambda tables: TextField(null=True),
            ),
            ("created_at changed_at", lambda tables: BigIntegerField()),
            ("customer_keys", lambda tables: TextField(default="")),
            ("version round", lambda tables: IntegerField(default=1)),
            (
                "imported received_at_day signed_at_day handed_at_day promised_at_day replied_at_day closed_at_day",
                lambda tables: BooleanField(default=False),
            ),
            ("customer", lambda tables: ForeignKeyField(tables["customer"], null=True, index=False)),
            ("received_at signed_at handed_at promised_at replied_at closed_at", lambda tables: BigIntegerField(null=True)),
            ("external reason_sufficient demand_reasonable valid solved_on_spot", lambda tables: BooleanField(null=True)),
            ("fault_percent satisfaction", lambda tables: IntegerField(null=True)),
            ("product", lambda tables: ForeignKeyField(tables["product"], null=True, index=False)),
        ),
    ),
    (
        "product_line",
        None,
        (
            ("position", lambda tables: IntegerField()),
            ("parent", lambda tables: ForeignKeyField(tables["complaint"], index=False)),
            ("product", lambda tables: ForeignKeyField(tables["product"], null=True, index=False)),
            (
                "specification unit batch produced_on symptom order_number bought_on used_since earlier_brand recent_condition",
                lambda tables: TextField(null=True),
            ),
            ("quantity defective_quantity", lambda tables: BigIntegerField(null=True)),
            ("invoice", lambda tables: BooleanField(null=True)),
        ),
    ),
    (
        "loss_line",
        None,
        (
            ("position", lambda tables: IntegerField()),
            ("parent", lambda tables: ForeignKeyField(tables["complaint"], index=False)),
            ("item note", lambda tables: TextField(null=True)),
            ("amount", lambda tables: BigIntegerField(null=True)),
        ),
    ),
    (
        "enquiry",
        None,
        (
            ("position", lambda tables: IntegerField()),
            ("parent", lambda tables: ForeignKeyField(tables["complaint"], index=False)),
            ("at confirmed_at", lambda tables: BigIntegerField(null=True)),
            ("at_day confirmed_at_day", lambda tables: BooleanField(default=False)),
            ("way asked findings restatement confirmed_by", lambda tables: TextField(null=True)),
        ),
    ),
    (
        "objection",
        None,
        (
            ("uid", lambda tables: TextField(unique=True)),
            ("branch_id", lambda tables: IntegerField()),
            ("number status created_by changed_by", lambda tables: TextField()),
            (
                "void_reason source_key channel where who what wish expression nature hidden_demand content family "
                "cause method method_reason handler step_buffer_note step_enquire_note step_listen_note "
                "step_persuade_note step_feed_back_note result fed_back_to source_reference customer_name",
                lambda tables: TextField(null=True),
            ),
            ("created_at changed_at", lambda tables: BigIntegerField()),
            ("customer_keys", lambda tables: TextField(default="")),
            ("version", lambda tables: IntegerField(default=1)),
            (
                "imported occurred_at_day promised_at_day replied_at_day closed_at_day fed_back_at_day",
                lambda tables: BooleanField(default=False),
            ),
            ("customer", lambda tables: ForeignKeyField(tables["customer"], null=True, index=False)),
            ("occurred_at promised_at replied_at closed_at fed_back_at", lambda tables: BigIntegerField(null=True)),
            ("product", lambda tables: ForeignKeyField(tables["product"], null=True, index=False)),
            (
                "step_buffer step_enquire step_listen step_persuade step_feed_back solved_on_spot",
                lambda tables: BooleanField(null=True),
            ),
            ("satisfaction", lambda tables: IntegerField(null=True)),
            ("complaint", lambda tables: ForeignKeyField(tables["complaint"], null=True, index=False)),
        ),
    ),
    (
        "proposal",
        None,
        (
            ("complaint", lambda tables: ForeignKeyField(tables["complaint"], index=False)),
            ("round", lambda tables: IntegerField()),
            ("text proposed_by", lambda tables: TextField()),
            ("cost proposed_at", lambda tables: BigIntegerField()),
            ("status", lambda tables: TextField(default="proposed")),
        ),
    ),
    (
        "remedy_line",
        None,
        (
            ("position", lambda tables: IntegerField()),
            ("parent", lambda tables: ForeignKeyField(tables["proposal"], index=False)),
            ("remedy description unit", lambda tables: TextField(null=True)),
            ("quantity unit_price amount", lambda tables: BigIntegerField(null=True)),
        ),
    ),
    (
        "approval",
        None,
        (
            ("proposal", lambda tables: ForeignKeyField(tables["proposal"], index=False)),
            ("result way who", lambda tables: TextField()),
            ("paper_approver opinion", lambda tables: TextField(default="")),
            ("at", lambda tables: BigIntegerField()),
        ),
    ),
    (
        "agreement",
        None,
        (
            ("uid", lambda tables: TextField(unique=True)),
            ("branch_id", lambda tables: IntegerField()),
            ("number status created_by changed_by", lambda tables: TextField()),
            (
                "void_reason party_a party_a_identity party_b party_b_identity facts clauses deadline signed_on "
                "signed_by customer_name",
                lambda tables: TextField(null=True),
            ),
            ("created_at changed_at", lambda tables: BigIntegerField()),
            ("version edition", lambda tables: IntegerField(default=1)),
            ("content_hash", lambda tables: TextField(default="")),
            ("print_count template", lambda tables: IntegerField(default=0)),
            ("complaint", lambda tables: ForeignKeyField(tables["complaint"], null=True, index=False)),
            ("copies", lambda tables: IntegerField(null=True)),
            ("cost", lambda tables: BigIntegerField(null=True)),
        ),
    ),
    (
        "agreement_line",
        None,
        (
            ("position", lambda tables: IntegerField()),
            ("parent", lambda tables: ForeignKeyField(tables["agreement"], index=False)),
            ("remedy description unit", lambda tables: TextField(null=True)),
            ("quantity unit_price amount", lambda tables: BigIntegerField(null=True)),
        ),
    ),
)


def up(migrator, db):
    tables = {}
    for name, key, columns in TABLES:
        meta = {"database": db, "table_name": name} | ({"primary_key": CompositeKey(*key)} if key else {})
        made = {code: make(tables) for codes, make in columns for code in codes.split()}
        tables[name] = type(name, (Model,), made | {"Meta": type("Meta", (), meta)})
        tables[name].create_table(safe=False)
    for statement in INDEXES.strip().splitlines():
        db.execute_sql(statement)
    for name in ("customer", "product", "objection", "complaint", "agreement"):
        create_index(name)
