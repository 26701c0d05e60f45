"""The whole way of a complaint: dispatch orders, promises, follow-ups, corrective actions, deadlines, and what is noted beside them.

Frozen: it describes the tables as they were made and uses no live table class.
"""

from datetime import UTC, datetime

from app.core.search_index import create_index, put
from app.core.uids import new_uid

_RECORD = """
    id INTEGER NOT NULL PRIMARY KEY, uid TEXT NOT NULL UNIQUE, branch_id INTEGER NOT NULL, number TEXT NOT NULL,
    status TEXT NOT NULL, void_reason TEXT, created_at INTEGER NOT NULL, created_by TEXT NOT NULL, changed_at INTEGER NOT NULL,
    changed_by TEXT NOT NULL, version INTEGER NOT NULL"""
_CASE_PART = "id INTEGER NOT NULL PRIMARY KEY, position INTEGER NOT NULL, parent_id INTEGER NOT NULL REFERENCES complaint (id)"
_ORDER_PART = "id INTEGER NOT NULL PRIMARY KEY, position INTEGER NOT NULL, parent_id INTEGER NOT NULL REFERENCES dispatch (id)"
_AT = "at INTEGER, at_day INTEGER NOT NULL"
_STATEMENTS = f"""
CREATE TABLE day_mark (day TEXT NOT NULL PRIMARY KEY, works INTEGER NOT NULL, name TEXT NOT NULL, source TEXT NOT NULL);
CREATE TABLE deputy (id INTEGER NOT NULL PRIMARY KEY, branch_id INTEGER NOT NULL, principal TEXT NOT NULL, deputy TEXT NOT NULL,
    role TEXT NOT NULL, since TEXT NOT NULL, until TEXT NOT NULL, reason TEXT NOT NULL, ended_at INTEGER, named_by TEXT NOT NULL,
    at INTEGER NOT NULL);
ALTER TABLE complaint ADD COLUMN responsible_person TEXT;
ALTER TABLE complaint ADD COLUMN swapped INTEGER;
ALTER TABLE complaint ADD COLUMN handed_person TEXT;
ALTER TABLE complaint ADD COLUMN taken_over_at INTEGER;
ALTER TABLE complaint ADD COLUMN taken_over_at_day INTEGER NOT NULL DEFAULT 0;
ALTER TABLE complaint ADD COLUMN contact_due INTEGER;
ALTER TABLE complaint ADD COLUMN contact_due_day INTEGER NOT NULL DEFAULT 0;
ALTER TABLE complaint ADD COLUMN solution_due INTEGER;
ALTER TABLE complaint ADD COLUMN solution_due_day INTEGER NOT NULL DEFAULT 0;
ALTER TABLE complaint ADD COLUMN extended_to INTEGER;
ALTER TABLE complaint ADD COLUMN extended_to_day INTEGER NOT NULL DEFAULT 0;
ALTER TABLE complaint ADD COLUMN paused_at INTEGER;
ALTER TABLE complaint ADD COLUMN paused_at_day INTEGER NOT NULL DEFAULT 0;
ALTER TABLE complaint ADD COLUMN contacted_at INTEGER;
ALTER TABLE complaint ADD COLUMN contacted_at_day INTEGER NOT NULL DEFAULT 0;
ALTER TABLE complaint ADD COLUMN solved_at INTEGER;
ALTER TABLE complaint ADD COLUMN solved_at_day INTEGER NOT NULL DEFAULT 0;
ALTER TABLE complaint ADD COLUMN follow_up_at TEXT;
ALTER TABLE complaint ADD COLUMN follow_up_by TEXT;
ALTER TABLE complaint ADD COLUMN reject_reason TEXT;
ALTER TABLE complaint ADD COLUMN turn_to TEXT;
ALTER TABLE complaint ADD COLUMN closed_reason TEXT;
ALTER TABLE agreement ADD COLUMN round INTEGER NOT NULL DEFAULT 1;
ALTER TABLE agreement ADD COLUMN proposal INTEGER NOT NULL DEFAULT 0;
ALTER TABLE proposal ADD COLUMN settled TEXT NOT NULL DEFAULT '';
ALTER TABLE approval ADD COLUMN for_whom TEXT NOT NULL DEFAULT '';
CREATE TABLE promise ({_RECORD}, "case" TEXT, subject TEXT, due INTEGER, due_day INTEGER NOT NULL,
    customer_id INTEGER REFERENCES customer (id), customer_name TEXT, given_at INTEGER, given_at_day INTEGER NOT NULL, given_by TEXT,
    kept_at INTEGER, kept_at_day INTEGER NOT NULL, handler TEXT, note TEXT);
CREATE TABLE dispatch ({_RECORD}, complaint_id INTEGER REFERENCES complaint (id), agreement TEXT, department TEXT, due TEXT,
    note TEXT, accepted_by TEXT, accepted_at INTEGER, accepted_at_day INTEGER NOT NULL, done_at INTEGER, done_at_day INTEGER NOT NULL,
    chased_at INTEGER, chased_at_day INTEGER NOT NULL, customer_name TEXT);
CREATE TABLE dispatch_line ({_ORDER_PART}, remedy TEXT, description TEXT, quantity INTEGER, unit TEXT, delivered INTEGER,
    proposal INTEGER NOT NULL, place INTEGER NOT NULL);
CREATE TABLE delivery ({_ORDER_PART}, {_AT}, line INTEGER, quantity INTEGER, received_by TEXT, proof TEXT, who TEXT);
CREATE TABLE action ({_RECORD}, complaint_id INTEGER REFERENCES complaint (id), root_cause TEXT, cause TEXT, immediate TEXT,
    lasting TEXT, department TEXT, person TEXT, due TEXT, check_on TEXT, done_at INTEGER, done_at_day INTEGER NOT NULL, done_note TEXT,
    checked_at INTEGER, checked_at_day INTEGER NOT NULL, check_note TEXT, published_at INTEGER, published_at_day INTEGER NOT NULL,
    published_by TEXT, customer_name TEXT);
CREATE TABLE notice ({_CASE_PART}, {_AT}, step TEXT, way TEXT, text TEXT, who TEXT, round INTEGER);
CREATE TABLE consultation ({_CASE_PART}, {_AT}, with_whom TEXT, opinion TEXT, who TEXT);
CREATE TABLE change ({_CASE_PART}, {_AT}, what TEXT, "to" TEXT, taken_over_by TEXT, until INTEGER, until_day INTEGER NOT NULL, who TEXT);
CREATE TABLE escalation ({_CASE_PART}, {_AT}, "to" TEXT, department TEXT, note TEXT, who TEXT);
CREATE TABLE extension ({_CASE_PART}, {_AT}, kind TEXT, until INTEGER, until_day INTEGER NOT NULL, reason TEXT, who TEXT);
CREATE TABLE assessment ({_CASE_PART}, {_AT}, long_standing INTEGER, buys_again INTEGER, word_of_mouth INTEGER,
    unreasonable INTEGER, our_fault INTEGER, suggested TEXT, band TEXT, reason TEXT, who TEXT, round INTEGER);
CREATE TABLE follow_up ({_CASE_PART}, planned_for TEXT, {_AT}, way TEXT, reached INTEGER, result_score INTEGER,
    process_score INTEGER, dissatisfied_about TEXT, change_solution INTEGER, text TEXT, who TEXT, round INTEGER);
CREATE UNIQUE INDEX promise_number ON promise (branch_id, number);
CREATE INDEX promise_due ON promise (branch_id, due);
CREATE INDEX promise_status ON promise (branch_id, status, due);
CREATE INDEX promise_case ON promise (branch_id, "case");
CREATE INDEX promise_name ON promise (branch_id, customer_name);
CREATE INDEX promise_customer ON promise (customer_id);
CREATE UNIQUE INDEX dispatch_number ON dispatch (branch_id, number);
CREATE INDEX dispatch_status ON dispatch (branch_id, status, due);
CREATE INDEX dispatch_due ON dispatch (branch_id, due);
CREATE INDEX dispatch_done ON dispatch (branch_id, done_at);
CREATE INDEX dispatch_name ON dispatch (branch_id, customer_name);
CREATE INDEX dispatch_complaint ON dispatch (complaint_id);
CREATE INDEX dispatch_line_parent ON dispatch_line (parent_id);
CREATE INDEX delivery_parent ON delivery (parent_id);
CREATE UNIQUE INDEX action_number ON action (branch_id, number);
CREATE INDEX action_status ON action (branch_id, status, due);
CREATE INDEX action_due ON action (branch_id, due);
CREATE INDEX action_check ON action (branch_id, check_on);
CREATE INDEX action_name ON action (branch_id, customer_name);
CREATE INDEX action_complaint ON action (complaint_id);
CREATE INDEX notice_parent ON notice (parent_id);
CREATE INDEX consultation_parent ON consultation (parent_id);
CREATE INDEX change_parent ON change (parent_id);
CREATE INDEX escalation_parent ON escalation (parent_id);
CREATE INDEX extension_parent ON extension (parent_id);
CREATE INDEX assessment_parent ON assessment (parent_id);
CREATE INDEX follow_up_parent ON follow_up (parent_id);
CREATE INDEX complaint_solution_due ON complaint (branch_id, solution_due);
CREATE INDEX complaint_follow_up ON complaint (branch_id, follow_up_at) WHERE follow_up_at IS NOT NULL;
CREATE INDEX complaint_cause ON complaint (branch_id, cause, received_at) WHERE cause IS NOT NULL;
CREATE INDEX complaint_person ON complaint (branch_id, responsible_person, received_at) WHERE responsible_person IS NOT NULL;
CREATE INDEX product_line_batch ON product_line (product_id, batch) WHERE batch IS NOT NULL;
UPDATE complaint SET taken_over_at = handed_at, taken_over_at_day = handed_at_day WHERE status NOT IN ('draft', 'registered');
UPDATE complaint SET contacted_at = replied_at, contacted_at_day = replied_at_day;
UPDATE complaint SET solved_at = replied_at, solved_at_day = replied_at_day
    WHERE imported OR status IN ('replied', 'agreed', 'closed');
UPDATE agreement SET proposal = coalesce((SELECT max(p.id) FROM proposal AS p WHERE p.complaint_id = agreement.complaint_id), 0);
UPDATE proposal SET settled = 'agreement'
    WHERE id IN (SELECT a.proposal FROM agreement AS a WHERE a.status = 'signed');
UPDATE proposal SET settled = 'waived'
    WHERE settled = '' AND id IN (SELECT max(p.id) FROM proposal AS p JOIN complaint AS c ON c.id = p.complaint_id
        WHERE c.waived IS NOT NULL GROUP BY p.complaint_id);
"""
# A promise that was given before promises were kept: its time, and the reply that kept it or did not.
_PROMISED = """
SELECT c.branch_id, c.number || '-C1',
    CASE WHEN c.status = 'voided' THEN 'voided' WHEN c.replied_at IS NULL AND c.closed_at IS NOT NULL THEN 'broken'
        WHEN c.replied_at IS NULL THEN 'open'
        WHEN c.replied_at <= c.promised_at OR date(c.replied_at / 1000, 'unixepoch', '+8 hours')
            <= date(c.promised_at / 1000, 'unixepoch', '+8 hours') AND (c.promised_at_day OR c.replied_at_day) THEN 'kept'
        ELSE 'late' END,
    c.changed_at, c.changed_by, c.changed_at, c.changed_by, 1, c."case", 'reply', c.promised_at, c.promised_at_day, c.customer_id,
    c.customer_name, c.created_at, 0, c.created_by, c.replied_at, c.replied_at_day, c.handler
FROM ({cases}) AS c WHERE c.promised_at IS NOT NULL
"""
_COMPLAINTS = 'SELECT *, number AS "case" FROM complaint'
# What an objection promised that became a complaint is owed by the complaint.
_OBJECTIONS = """
SELECT o.branch_id, o.number, coalesce(k.number, o.number) AS "case", coalesce(k.status, o.status) AS status,
    iif(k.id IS NULL OR o.replied_at IS NOT NULL, o.replied_at, k.replied_at) AS replied_at,
    iif(k.id IS NULL OR o.replied_at IS NOT NULL, o.replied_at_day, k.replied_at_day) AS replied_at_day,
    iif(k.id IS NULL, o.closed_at, k.closed_at) AS closed_at, o.promised_at, o.promised_at_day,
    o.created_at, o.created_by, o.changed_at, o.changed_by, o.customer_id, o.customer_name, coalesce(k.handler, o.handler) AS handler
FROM objection AS o LEFT JOIN complaint AS k ON k.id = o.complaint_id AND o.status = 'escalated'
"""
_PROMISE = """
INSERT INTO promise (uid, branch_id, number, status, created_at, created_by, changed_at, changed_by, version, "case", subject, due,
    due_day, customer_id, customer_name, given_at, given_at_day, given_by, kept_at, kept_at_day, handler)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_SOUGHT = """SELECT id, number || ' ' || "case" || ' ' || coalesce(customer_name, '') FROM promise"""


def up(migrator, db):
    for statement in _STATEMENTS.split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
    now = datetime.now(UTC)
    for cases in (_COMPLAINTS, _OBJECTIONS):
        for row in db.execute_sql(_PROMISED.format(cases=cases)).fetchall():
            db.execute_sql(_PROMISE, (new_uid(now), *row))
    for name in ("promise", "dispatch", "action"):
        create_index(name)
    put("promise", db.execute_sql(_SOUGHT).fetchall())
