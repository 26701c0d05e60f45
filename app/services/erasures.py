"""Erasing a customer (PIPL art. 47): what tells of the person goes from every file, what is counted stays as it was.

Signed agreements stay while claims can arise from them. A list beside the database keeps who was erased, as hashes, so that it
can be done again after an older copy of the data came back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from app.core import fields
from app.core.database import database, explained, transaction
from app.core.errors import UserError
from app.core.fields import Field, Kind
from app.core.language import N_, _
from app.core.session import Session
from app.models import (
    attachments,
    case_entries,  # noqa: F401 - declares the parts of a complaint that steps write
    history,
    merges,
    permissions,
    personal,
    record,
)
from app.models import classifications as of
from app.models.agreements import Agreement
from app.models.attachments import File
from app.models.complaints import Complaint
from app.models.customers import Customer, show_on_cases
from app.models.dispatches import Dispatch
from app.models.objections import Objection
from app.models.proposals import RemedyLine
from app.models.record import KINDS, Record
from app.services import erased_kept, erased_list, erased_months, erased_texts, erased_traces
from app.services.erased_list import listed
from app.services.erased_months import Gone
from app.services.erased_texts import ids

REASON = Field("reason", N_("Reason"), Kind.MEMO, required=True, max_length=500)
_OF_GOODS = ("product_photo", "batch_photo", "inspection", "advertising")
"""Files that show goods or paper of our own, and no person."""
_OF_AGREEMENTS = ("agreement_scan", "signed_agreement", "delivery_proof", "approval_scan")
_LABELS = ("name", "short_name", "phone", "address", "licence", "credit_code")


class Kept(NamedTuple):
    """A signed agreement that stays, and the first day on which it may go."""

    number: str
    until: date


class Plan(NamedTuple):
    """What erasing a customer does: `open` numbers stand against it; files are counted, `kept` agreements stay with theirs."""

    number: str
    name: str
    open: tuple[str, ...]
    complaints: int
    objections: int
    contacts: int
    log: int
    files: int
    kept: tuple[Kept, ...]


class Done(NamedTuple):
    """What was done. `clean`: nothing of it is left in the files; else another program or the disk hinders it for now.

    What is left to do is done when the folder is opened again.
    """

    plan: Plan
    clean: bool


class Reach(NamedTuple):
    """Everything that tells of a customer."""

    customers: list[Customer]
    records: list[Record]
    kept: tuple[Kept, ...]
    kept_cases: frozenset[int]
    """Complaints of agreements that stay."""


def plan(session: Session, customer: Customer) -> Plan:
    """What erasing would do; nothing is changed. UserError for a record that was merged into another."""
    return _planned(session, reach_of(session, customer))


def _planned(session: Session, reach: Reach) -> Plan:
    customer = reach.customers[0]
    own = [one.id for one in reach.customers]
    kinds = [one.KIND for one in reach.records]
    return Plan(
        customer.number,
        customer.name,
        tuple(one.number for one in reach.records if _is_open(one)),
        kinds.count(Complaint.KIND),
        kinds.count(Objection.KIND),
        len(ids("contact", "parent_id", own)),
        len(ids("contact_entry", "parent_id", own)),
        sum(1 for _one, _file in _going_files(session, reach)),
        reach.kept,
    )


def _is_open(one: Record) -> bool:
    if isinstance(one, Complaint | Objection):
        return one.status not in (*of.ENDED, "voided")
    return one.KIND == "promise" and one.status == "open"


def reach_of(session: Session, customer: Customer) -> Reach:
    """Everything that tells of a customer, records that were merged into its own included. UserError for such a one."""
    if customer.status == "merged":
        raise UserError(customer.frozen() or "")
    customers = [customer]
    for one in customers:
        customers += Customer.fetch("t.merged_into_id = ? ORDER BY t.id", one.id)
    own = [one.id for one in customers]
    records: list[Record] = []
    for pointer in merges.pointers():
        if pointer.kind:
            records += _belonging(pointer.kind, f't."{pointer.column}" = ?', own)
    for kind in ("agreement", "dispatch", "action"):
        records += _belonging(kind, "t.complaint_id IN (SELECT id FROM complaint WHERE customer_id = ?)", own)
    signed = [one for one in records if isinstance(one, Agreement) and one.signed_on is not None]
    kept = [(one, until) for one in signed if (until := _until(session, one)) > session.now().date()]
    told = tuple(Kept(one.number, until) for one, until in kept)
    return Reach(customers, records, told, frozenset(one.complaint_id for one, _until_day in kept))


def _belonging(kind: str, condition: str, owners: Iterable[int]) -> Iterator[Record]:
    for owner in owners:
        yield from KINDS[kind].fetch(f"{condition} ORDER BY t.id", owner)


def _until(session: Session, agreement: Agreement) -> date:
    """Claims expire three years after they could be made (民法典 art. 188); the setting says how long agreements are kept."""
    return years_later(agreement.signed_on, session.settings["retention_years"])


def years_later(day: date, years: int) -> date:
    """The same day so many years later."""
    with suppress(ValueError):
        return day.replace(year=day.year + years)
    return date(day.year + years, 3, 1)  # of a 29 February


def _stays(reach: Reach, one: Record) -> bool:
    """Whether it is part of what an agreement under retention promised and what was delivered of it."""
    return isinstance(one, Agreement | Dispatch) and one.complaint_id in reach.kept_cases


def _going_files(session: Session, reach: Reach) -> Iterator[tuple[Record, File]]:
    for one in (*reach.customers, *reach.records):
        of_kept = one.id in reach.kept_cases if isinstance(one, Complaint) else False
        for file in () if _stays(reach, one) else attachments.of(session, one):
            if file.shows not in _OF_GOODS and not (of_kept and file.shows in _OF_AGREEMENTS):
                yield one, file


def demand_ended(planned: Plan) -> None:
    """UserError while a case is open."""
    if planned.open:
        sentence = _("{number} has open cases: {cases}. Bring them to an end first, or void them.")
        raise UserError(sentence.format(number=planned.number, cases=_(", ").join(planned.open[:10])))


def erase(session: Session, customer: Customer, reason: str) -> Done:
    """Erase a customer and what tells of it. UserError while a case is open; ValidationError without a reason."""
    planned = begin(session, customer, reason)
    return Done(planned, erased_traces.finish(session.folder))


def begin(session: Session, customer: Customer, reason: str) -> Plan:
    """Erase a customer, as `erase` does; `erased_traces.finish` has to follow, which takes long in a large store."""
    permissions.require(session, "customer.erase")
    return enter(session, customer, given_reason(session, reason))


def given_reason(session: Session, reason: str) -> str:
    """ValidationError without one."""
    return str(fields.clean((REASON,), {"reason": reason}, session.now())["reason"])


def enter(session: Session, customer: Customer, reason: str, *, though_open: bool = False) -> Plan:
    """Erase a customer, but for what follows the commit: `erased_traces.finish`, once after several."""
    with session.changed.after(), transaction():
        reach = reach_of(session, Customer.get_by_id(customer.id))
        planned = _planned(session, reach)
        if not though_open:
            demand_ended(planned)
        signs = _signs(session, reach)
        gone = _enter_all(session, reach, reason)
        _remember(session, {*map(key_of, reach.customers), *signs}, gone)
    return planned


def _enter_all(session: Session, reach: Reach, reason: str) -> list[str]:
    """Write all of it, inside the transaction; the files that nothing needs any more, by hash."""
    going = [one for one in reach.records if not _stays(reach, one)]
    names = _names(reach)
    gone = _drop_files(session, reach, names)
    _clear_cards(session, [one.number for one in going if isinstance(one, Objection)], names)
    for one in going:
        _clear_record(session, one, names)
    _clear_solutions([one.id for one in going if isinstance(one, Complaint)], names)
    erased_texts.clear_forms([one.number for one in (*reach.customers, *reach.records)], _names_of(reach.customers))
    erased_months.clear(session, _gone(reach, going, names))
    history.erase_asked(session, names, reason)
    erased_texts.redact("print", ("reason",), ids("print", "kind", ["branch"]), names)
    for customer in reach.customers:
        _clear_customer(session, customer)
    _close(session, reach)
    for one in (*reach.customers, *reach.records):
        history.erase(session, one.KIND, one.id, reason)
        record.index(session, type(one).get_by_id(one.id))
        session.changed(one.KIND, one.number)
    show_on_cases(Customer.get_by_id(reach.customers[0].id))
    return gone


def _close(session: Session, reach: Reach) -> None:
    """What has to be kept may be stored and no more (PIPL art. 47): nobody reads it without a look that is recorded."""
    for one in reach.records:
        if isinstance(one, Agreement | Dispatch):
            one.rewrite(one.id, withheld=_stays(reach, one))
        for file in attachments.of(session, one) if one.id in reach.kept_cases or _stays(reach, one) else ():
            if _stays(reach, one) or (isinstance(one, Complaint) and file.shows in _OF_AGREEMENTS):
                database.execute_sql("UPDATE attachment SET withheld = 1 WHERE id = ?", (file.id,))


def _gone(reach: Reach, going: list[Record], names: Iterable[str]) -> Gone:
    label = _label(reach.customers[0])
    known = dict.fromkeys(names, _("[erased]")) | {str(one.name): label for one in reach.customers}
    texts = {code for kind in (Complaint, Objection) for code in personal.going(kind)} | {"dissatisfied_about", "text"}
    return Gone(frozenset(one.number for one in (*reach.customers, *going)), known, texts - {"customer_name"})


def _label(customer: Customer) -> str:
    return _("Erased customer {number}").format(number=customer.number)


def _names_of(customers: Sequence[Customer]) -> set[str]:
    found = erased_texts.values("customer", _LABELS, [one.id for one in customers])
    for one in customers:
        rows = database.execute_sql(
            "SELECT old, new FROM history WHERE kind = 'customer' AND record_id = ? AND field IN ('name', 'phone')", (one.id,)
        )
        found |= {text for row in rows.fetchall() for text in row if text}
    return {text for text in found if len(text) > 1}


def _names(reach: Reach) -> set[str]:
    """All by which the customer and its people are called or reached."""
    found = erased_texts.values("contact", ("name", "phone"), ids("contact", "parent_id", [one.id for one in reach.customers]))
    cases = [one.id for one in reach.records if isinstance(one, Complaint)]
    found |= erased_texts.values("complaint", ("complainant", "phone", "address", "end_user"), cases)
    found |= erased_texts.values(
        "agreement", erased_kept.PARTIES, [one.id for one in reach.records if isinstance(one, Agreement)]
    )
    return {text for text in found if len(text) > 1} | _names_of(reach.customers)


def _clear_record(session: Session, one: Record, names: Iterable[str]) -> None:
    kind = type(one)
    table = personal.name_of(kind)
    erased_texts.clear_rows(kind, [one.id], names)
    erased_texts.blot(table, ("void_reason",), [one.id])
    for part in kind.PARTS.values():
        erased_texts.clear_rows(part, ids(personal.name_of(part), "parent_id", [one.id]), names)
    if isinstance(one, Complaint):
        erased_texts.redact(table, ("batches",), [one.id], names)
    kind.rewrite(one.id, version=one.version + 1)
    prints = "SELECT id FROM print WHERE kind = ? AND record_id = ?"
    erased_texts.blot("print", ("reason",), [row for (row,) in database.execute_sql(prints, (one.KIND, one.id)).fetchall()])


def _clear_solutions(cases: list[int], names: Iterable[str]) -> None:
    """Proposals and what was said of them: no records of their own."""
    proposals = ids("proposal", "complaint_id", cases)
    erased_texts.blot("proposal", ("text",), proposals)
    erased_texts.blot("approval", ("opinion",), ids("approval", "proposal_id", proposals))
    erased_texts.clear_rows(RemedyLine, ids("remedy_line", "parent_id", proposals), names)


def _clear_customer(session: Session, customer: Customer) -> None:
    """A label instead of the name; contacts and notes go, of the log stays when there was what kind of dealing."""
    empty = dict.fromkeys((*personal.going(Customer), "void_reason"))
    label = {"name": _label(customer)}
    referred = "UPDATE customer SET referred_by = ? WHERE referred_by = ?"
    database.execute_sql(referred, (label["name"], customer.name))
    database.execute_sql("DELETE FROM contact WHERE parent_id = ?", (customer.id,))
    log = KINDS["customer"].PARTS["log"]
    erased_texts.clear_rows(log, ids("contact_entry", "parent_id", [customer.id]), _names_of([customer]))
    found_by = {code: value for code, value in Customer.derive(session, label).items() if code != "lost_until"}
    Customer.rewrite(customer.id, **empty | label | found_by, former="", source_key=None, version=customer.version + 1)
    nothing = json.dumps({"before": {}, "after": {}, "contacts": []})
    sql = "UPDATE customer_merge SET content = ? WHERE keep_id = ? OR other_id = ?"
    database.execute_sql(sql, (nothing, customer.id, customer.id))


def _clear_cards(session: Session, numbers: list[str], names: Iterable[str]) -> None:
    """Cards that were made of the customer's objections stay, without the names."""
    cards = KINDS["card"]
    for card in cards.select().where(cards.from_objection.in_(numbers)):
        codes = [one.code for one in cards.FIELDS if one.kind in fields.TEXTS]
        if erased_texts.redact("card", codes, [card.id], names):
            history.erase(session, "card", card.id)
            record.index(session, cards.get_by_id(card.id))


def _drop_files(session: Session, reach: Reach, names: Iterable[str]) -> list[str]:
    """Take the files away from their records, and the names out of what those that stay are called."""
    going = list(_going_files(session, reach))
    for _one, file in going:
        database.execute_sql("DELETE FROM attachment WHERE id = ?", (file.id,))
    for one in (*reach.customers, *reach.records):
        left = [file.id for file in attachments.of(session, one)]
        erased_texts.redact("attachment", ("name", "shows", "void_reason"), left, names)
    return [file.sha256 for _one, file in going if not erased_traces.is_used(file.sha256)]


def key_of(customer: Customer) -> str:
    """How the list names a customer: the hash of an identifier that is random and tells nothing of the person."""
    return hashlib.sha256(f"kesu:{customer.uid}".encode()).hexdigest()


def _signs(session: Session, reach: Reach) -> set[str]:
    """By what a register could name the customers; nothing of those who were erased before."""
    living = [one for one in reach.customers if not history.erased("customer", one.id)]
    own = [one.id for one in living]
    numbers = erased_texts.values("contact", ("phone",), ids("contact", "parent_id", own))
    numbers |= erased_texts.values("customer", ("phone",), own)
    names, licences = (erased_texts.values("customer", codes, own) for codes in (("name", "short_name"), ("licence",)))
    return erased_list.signs(erased_list.salt_of(session), names, numbers, licences)


def _remember(session: Session, keys: Iterable[str], gone: Iterable[str]) -> None:
    """On disk before the commit: one too many in either list does no harm, a missing one would bring a person back."""
    known = listed(session.folder)
    known |= {one: session.clock().isoformat() for one in keys}
    erased_list.keep(session.folder, known)
    with explained(session.folder):
        erased_traces.note(session.folder, gone)


def is_erased(session: Session, customer: Customer) -> bool:
    """Whether the customer stands in the list and its record as one that was erased."""
    return key_of(customer) in listed(session.folder) and history.erased("customer", customer.id)


def apply_again(session: Session) -> list[str]:
    """Erase again who was erased and came back with an older copy of the data, also where a case was open then; their numbers.

    And go on with what was broken off after an erasure, or done less thoroughly by an older version.
    """
    known = listed(session.folder)
    rows = Customer.fetch("t.branch_id = ? AND t.status <> 'merged' ORDER BY t.id", session.branch.id) if known else []
    back = [one for one in rows if key_of(one) in known and not is_erased(session, one)]
    for one in back:
        enter(session, one, _("Erased before; done again after older data came back"), though_open=True)
    erased_kept.close(session)
    erased_traces.finish(session.folder)
    return [one.number for one in back]
