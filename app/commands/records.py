"""Commands on single records: fields, list, show, add, edit, attach, step."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from app.commands.common import open_session, print_json, print_table, read_json, say
from app.core import formats
from app.core.errors import UserError
from app.core.fields import Field, Kind
from app.core.language import _
from app.core.session import Session
from app.core.text import quoted
from app.models import agreements, attachments, steps
from app.models.complaints import Complaint
from app.models.listing import LISTINGS, Listing, Query
from app.models.record import KINDS, Record, add, edit, find_any
from app.services import cases

ADDABLE = ("customer", "product", "objection", "complaint")


def declare(name: str, parser: argparse.ArgumentParser) -> None:
    """The arguments of each command."""
    if name == "fields":
        parser.add_argument("kind", choices=ADDABLE, metavar=_("KIND"))
    elif name == "list":
        parser.add_argument("kind", choices=tuple(LISTINGS), metavar=_("KIND"))
        parser.add_argument("--where", action="append", default=[], metavar=_("FIELD=VALUE"))
        parser.add_argument("--search", default="", metavar=_("TEXT"))
        parser.add_argument("--sort", default="", metavar=_("[-]FIELD"))
        parser.add_argument("--limit", type=int, metavar=_("N"))
    elif name == "add":
        parser.add_argument("kind", choices=ADDABLE, metavar=_("KIND"))
        parser.add_argument("--json-file", required=True, metavar=_("FILE"))
    else:
        parser.add_argument("number", metavar=_("NUMBER"))
    if name == "edit":
        parser.add_argument("--json-file", required=True, metavar=_("FILE"))
    elif name == "attach":
        parser.add_argument("files", nargs="+", metavar=_("FILE"))
        parser.add_argument("--shows", default="", metavar=_("TEXT"), help=_("what is to be seen in them"))
    elif name == "step":
        parser.add_argument("step", nargs="?", metavar=_("STEP"))
        parser.add_argument("--json-file", metavar=_("FILE"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def run(asked: argparse.Namespace) -> int:
    """Do the command."""
    commands = {"fields": _fields, "list": _list, "show": _show, "add": _add, "edit": _edit, "attach": _attach, "step": _step}
    commands[asked.command](asked)
    return 0


def _fields(asked: argparse.Namespace) -> None:
    kind = KINDS[asked.kind]
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


def _list(asked: argparse.Namespace) -> None:
    session = open_session(asked)
    listing = LISTINGS[asked.kind]
    if asked.json:
        codes = tuple(dict.fromkeys((*listing.columns, *(one.code for one in listing.kind.FIELDS))))
        listing = replace(listing, columns=("uid", "version", *codes))
    query = _query(asked, listing)
    rows = listing.all(session, query, asked.limit, numbers=asked.json)
    fields = listing.fields()
    if asked.json:
        zone = session.branch.zone
        print_json([{one.code: formats.as_json(value, zone) for one, value in zip(fields, row[1:], strict=True)} for row in rows])
        return
    shown = [listing.columns.index(code) for code in listing.shown]
    now = session.now()
    print_table(
        [_(fields[place].label) for place in shown],
        [[formats.show(fields[place], row[place + 1], now) for place in shown] for row in rows],
    )


def _query(asked: argparse.Namespace, listing: Listing) -> Query:
    where: dict[str, tuple[str, ...]] = {}
    for condition in asked.where:
        code, sign, value = condition.partition("=")
        if not sign:
            raise UserError(_("“{text}” is no condition. Write FIELD=VALUE.").format(text=quoted(condition)))
        where[code] = (*where.get(code, ()), _code(listing, code, value))
    sort = asked.sort.removeprefix("-")
    return Query(text=asked.search, where=where, sort=sort, descending=asked.sort.startswith("-") if sort else True)


def _code(listing: Listing, code: str, value: str) -> str:
    """A choice may be named by its code or its label."""
    declared = next((one for one in (*listing.fields(), *listing.kind.FIELDS) if one.code == code), None)
    if declared is None:
        raise UserError(_("There is no field “{code}”.").format(code=quoted(code)))
    if declared.kind is Kind.CHOICE:
        named = [one.code for one in declared.choices if value in (one.code, one.label, _(one.label))]
        return named[0] if named else value
    return value


def _show(asked: argparse.Namespace) -> None:
    session = open_session(asked)
    case = cases.load(session, asked.number)
    if asked.json:
        print_json(cases.as_json(session, case))
        return
    record, now = case.record, session.now()
    rows = [[_("Number"), record.number], [_("Status"), record.status], [_("Version"), str(record.version)]]
    known = [declared for declared in record.FIELDS if case.values.get(declared.code) is not None]
    rows += [[_(declared.label), formats.show(declared, case.values[declared.code], now)] for declared in known]
    for code, part in record.PARTS.items():
        for line in case.values[code]:
            shown = [
                f"{_(one.label)} {formats.show(one, line[one.code], now)}" for one in part.FIELDS if line[one.code] is not None
            ]
            rows.append([_(part.LABEL), _(", ").join(shown)])
    rows += [
        [formats.moment(entry.at, session.branch.zone), f"{entry.who} {entry.action} {entry.field or ''} {entry.note}"]
        for entry in case.history
    ]
    print_table([_("Field"), _("Value")], rows)


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
    values = dict(read_json(asked.json_file))
    version = values.pop("version", record.version)
    if not isinstance(version, int):
        raise UserError(_("“version” must be the number that `show` gave."))
    edited = edit(session, record, values, version)
    _made(asked, edited)
    _heed(session, edited)


def _attach(asked: argparse.Namespace) -> None:
    session = open_session(asked)
    record = find_any(session, asked.number)
    kept = [attachments.attach(session, record, Path(name), asked.shows) for name in asked.files]
    if asked.json:
        print_json([{"name": one.name, "size": one.size, "sha256": one.sha256} for one in kept])
    else:
        print_table([_("File"), _("Size"), "SHA-256"], [[one.name, str(one.size), one.sha256] for one in kept])


def _step(asked: argparse.Namespace) -> None:
    session = open_session(asked)
    record = find_any(session, asked.number)
    if asked.step is None:
        _options(asked, session, record)
        return
    record = _meant(session, record, asked.step)
    values = dict(read_json(asked.json_file)) if asked.json_file else {}
    version = values.pop("version", None)
    done = steps.take(session, record, asked.step, values, version=version if isinstance(version, int) else None)
    _made(asked, done)
    if isinstance(done, Complaint) and asked.step == "agreement":
        _heed(session, agreements.current(session, done))


def _meant(session: Session, record: Record, code: str) -> Record:
    """A step of the agreement may be named with the complaint's number."""
    own = {step.code for step in steps.STEPS.get(record.KIND, ())}
    if isinstance(record, Complaint) and code not in own and code in {step.code for step in steps.STEPS["agreement"]}:
        agreement = agreements.current(session, record)
        if agreement is None:
            raise UserError(_("{number} has no agreement yet. Draw one up first.").format(number=record.number))
        return agreement
    return record


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
