"""Commands on single records: fields, show, add, edit, step."""

from __future__ import annotations

import argparse
import sys

from app.commands import case_table, customers, files
from app.commands.common import open_session, print_json, print_table, read_json, say, take_version
from app.core import formats
from app.core.errors import UserError, WrongUsage
from app.core.fields import Field
from app.core.language import _
from app.core.session import Session
from app.models import agreements, dispatches, methods, sight, steps
from app.models.complaints import Complaint
from app.models.listing import LISTINGS
from app.models.objections import missing_elements
from app.models.record import KINDS, Record, add, edit, find_any
from app.services import cases

ADDABLE = ("customer", "product", "objection", "complaint", "card", "evidence", "action")


def declare(name: str, parser: argparse.ArgumentParser) -> None:
    """The arguments of each command."""
    if name == "fields":
        one_or_many = (name for code, listing in LISTINGS.items() for name in (listing.code, code))
        _kind(parser, tuple(one_or_many))
    elif name == "add":
        _kind(parser, ADDABLE)
        parser.add_argument("--json-file", required=True, metavar=_("FILE"))
    else:
        parser.add_argument("number", metavar=_("NUMBER"))
    if name == "edit":
        parser.add_argument("--json-file", required=True, metavar=_("FILE"))
    elif name == "show":
        help_text = _("look at a masked or restricted field, which is recorded")
        parser.add_argument("--reveal", action="append", default=[], metavar=_("FIELD"), help=help_text)
    elif name == "step":
        parser.add_argument("step", nargs="?", metavar=_("STEP"))
        parser.add_argument("--json-file", metavar=_("FILE"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def _kind(parser: argparse.ArgumentParser, kinds: tuple[str, ...]) -> None:
    parser.add_argument("kind", choices=kinds, metavar=_("KIND"), help=" ".join(kinds))


def run(asked: argparse.Namespace) -> int:
    """Do the command."""
    commands = {"fields": _fields, "show": _show, "add": _add, "edit": _edit, "step": _step}
    commands[asked.command](asked)
    return 0


def _fields(asked: argparse.Namespace) -> None:
    kind = KINDS[asked.kind] if asked.kind in KINDS else LISTINGS[asked.kind].kind
    declared = [_field(one) for one in kind.FIELDS if not one.derived]
    declared += [
        {
            "code": code,
            "label": _(part.LABEL),
            "type": "lines",
            "required": False,
            "choices": [],
            "fields": [_field(one) for one in part.FIELDS],
        }
        for code, part in kind.PARTS.items()
    ]
    if asked.json:
        print_json(declared)
        return
    rows = [
        [
            str(one["code"]),
            str(one["label"]),
            str(one["type"]),
            _("required") if one["required"] else "",
            " ".join(map(str, _codes(one))),
        ]
        for one in declared
    ]
    print_table([_("Code"), _("Label"), _("Type"), _("Required"), _("Choices")], rows)


def _codes(field: dict[str, object]) -> list[object]:
    choices = field["choices"]
    assert isinstance(choices, list)
    return [one["code"] for one in choices]


def _field(declared: Field) -> dict[str, object]:
    choices = [{"code": one.code, "label": formats.label(declared, one.code)} for one in declared.choices]
    described: dict[str, object] = {"code": declared.code, "label": _(declared.label), "type": declared.kind.value}
    if declared.refers:
        described["refers"] = declared.refers
    return described | {"required": declared.required, "by_step": declared.by_step, "choices": choices}


def _show(asked: argparse.Namespace) -> None:
    session = open_session(asked)
    case = cases.load(session, asked.number)
    for code in asked.reveal:
        sight.reveal(session, type(case.record), case.record.id, code, withheld=sight.is_withheld(case.record))
    case = cases.seen(session, case, asked.reveal)
    if asked.json:
        told = {"missing_evidence": files.missing(session, case.record)} | _of_objection(case)
        print_json(cases.as_json(session, case) | told)
        return
    rows = [*case_table.lines(session, case), *files.rows(session, case), *customers.rows(session, case)]
    print_table([_("Field"), _("Value")], rows)


def _of_objection(case: cases.Case) -> dict[str, list[str]]:
    """Which methods fit an objection, best first, and which of the five elements are missing."""
    if case.record.KIND != "objection":
        return {}
    return {"fitting_methods": [*methods.admissible(case.values)], "missing_elements": [*missing_elements(case.values)]}


def _made(asked: argparse.Namespace, record: Record) -> None:
    if asked.json:
        print_json({"number": record.number, "uid": record.uid, "status": record.status, "version": record.version})
    else:
        say(f"{record.number}\t{record.status}")


def _add(asked: argparse.Namespace) -> None:
    session = open_session(asked)
    record = add(session, KINDS[asked.kind], read_json(asked.json_file))
    _made(asked, record)
    _heed(session, record)


def _heed(session: Session, record: Record | None) -> None:
    """What is odd but allowed."""
    for sentence in cases.heed(session, record) if record is not None else ():
        print(sentence, file=sys.stderr)


def _edit(asked: argparse.Namespace) -> None:
    session = open_session(asked)
    record = find_any(session, asked.number)
    values = read_json(asked.json_file)
    version = take_version(values)
    edited = edit(session, record, values, record.version if version is None else version)
    _made(asked, edited)
    _heed(session, edited)


def _step(asked: argparse.Namespace) -> None:
    if asked.step is None and asked.json_file is not None:
        raise WrongUsage(_("--json-file belongs to a step: write which one."))
    session = open_session(asked)
    record = find_any(session, asked.number)
    if not steps.steps_of(record.KIND):
        raise UserError(_("{number} is a {kind}: it has no steps.").format(number=record.number, kind=_(record.LABEL)))
    if asked.step is None:
        _options(asked, session, record)
        return
    record = _meant(session, record, asked.step)
    values = {} if asked.json_file is None else read_json(asked.json_file)
    done = steps.take(session, record, asked.step, values, version=take_version(values))
    _made(asked, done)
    if isinstance(done, Complaint) and asked.step == "agreement":
        _heed(session, agreements.current(session, done))


def _meant(session: Session, record: Record, code: str) -> Record:
    """A step of the agreement, or of the only order under way, may be named with the complaint's number."""
    own = {step.code for step in steps.steps_of(record.KIND)}
    if not isinstance(record, Complaint) or code in own:
        return record
    if code in {step.code for step in steps.steps_of("dispatch")}:
        return _only_order(record, code)
    if code in {step.code for step in steps.steps_of("agreement")}:
        agreement = agreements.current(session, record)
        if agreement is None:
            raise UserError(_("{number} has no agreement yet. Draw one up first.").format(number=record.number))
        return agreement
    return record


def _only_order(record: Complaint, code: str) -> Record:
    orders = dispatches.open_of(record)
    if len(orders) != 1:
        numbers = ", ".join(one.number for one in orders) or "—"
        raise UserError(
            _("{step} is a step of a dispatch order. Name one of those that are under way: {numbers}.").format(
                step=code, numbers=numbers
            )
        )
    return orders[0]


def _options(asked: argparse.Namespace, session: Session, record: Record) -> None:
    found = steps.options(session, record)
    if isinstance(record, Complaint) and (agreement := agreements.current(session, record)):
        found += [one for one in steps.options(session, agreement) if one.step.code != "void"]
    if asked.json:
        print_json([_option(one) for one in found])
        return
    print_table([_("Step"), _("Label"), _("Now"), _("Fields (* required)")], [_option_row(one) for one in found])


def _option_row(one: steps.Option) -> list[str]:
    why = one.locked or " ".join(missing.sentence for missing in one.missing)
    asks = [field.code + ("*" if field.required else "") for field in one.step.fields]
    return [one.step.code, _(one.step.label), _("possible") if one.possible else why, " ".join([*asks, *one.step.parts])]


def _option(one: steps.Option) -> dict[str, object]:
    asks: list[dict[str, object]] = [_field(field) for field in one.step.fields]
    asks += [
        {"code": code, "type": "lines", "required": False, "fields": [_field(f) for f in fields]}
        for code, fields in one.step.parts.items()
    ]
    missing = [{"field": m.field, "sentence": m.sentence, "rule": m.rule} for m in one.missing]
    return {
        "step": one.step.code,
        "label": _(one.step.label),
        "possible": one.possible,
        "locked": one.locked or None,
        "rule": one.step.rule or None,
        "missing": missing,
        "fields": asks,
    }
