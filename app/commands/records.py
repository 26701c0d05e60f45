"""Commands on single records: fields, list, show, add, edit, attach, step."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from app.commands import case_table
from app.commands.common import condition, open_session, print_json, print_table, read_json, say, take_version, within
from app.core import formats
from app.core.errors import UserError, WrongUsage
from app.core.fields import Field, Kind, read
from app.core.language import _
from app.core.session import Session
from app.core.text import quoted
from app.models import agreements, attachments, steps
from app.models.complaints import Complaint
from app.models.listing import LISTINGS, OPEN, UNCLASSIFIED, Listing, Query
from app.models.record import KINDS, Record, add, edit, find, find_any
from app.services import cases

ADDABLE = ("customer", "product", "objection", "complaint")
MOST_ROWS = 1_000_000_000


def declare(name: str, parser: argparse.ArgumentParser) -> None:
    """The arguments of each command."""
    if name == "fields":
        one_or_many = (name for code, listing in LISTINGS.items() for name in (listing.kind.KIND, code))
        _kind(parser, tuple(one_or_many))
    elif name == "list":
        _kind(parser, tuple(LISTINGS))
        parser.add_argument("--where", action="append", default=[], metavar=_("FIELD=VALUE"))
        parser.add_argument("--search", default="", metavar=_("TEXT"))
        parser.add_argument("--sort", default="", metavar=_("[-]FIELD"))
        parser.add_argument("--limit", type=int, metavar=_("N"))
    elif name == "add":
        _kind(parser, ADDABLE)
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


def _kind(parser: argparse.ArgumentParser, kinds: tuple[str, ...]) -> None:
    parser.add_argument("kind", choices=kinds, metavar=_("KIND"), help=" ".join(kinds))


def run(asked: argparse.Namespace) -> int:
    """Do the command."""
    commands = {"fields": _fields, "list": _list, "show": _show, "add": _add, "edit": _edit, "attach": _attach, "step": _step}
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


def _list(asked: argparse.Namespace) -> None:
    if asked.limit is not None:
        within("limit", asked.limit, 0, MOST_ROWS)
    session = open_session(asked)
    listing = LISTINGS[asked.kind]
    if asked.json:
        codes = tuple(dict.fromkeys((*listing.columns, *(one.code for one in listing.kind.FIELDS))))
        listing = replace(listing, columns=("uid", "version", *codes))
    query = _query(session, asked, listing)
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


def _query(session: Session, asked: argparse.Namespace, listing: Listing) -> Query:
    where: dict[str, tuple[str, ...]] = {}
    for code, value in map(condition, asked.where):
        where[code] = (*where.get(code, ()), _sought(session, listing, code, value))
    sort = asked.sort.removeprefix("-")
    return Query(text=asked.search, where=where, sort=sort, descending=asked.sort.startswith("-") if sort else True)


def _sought(session: Session, listing: Listing, code: str, value: str) -> str:
    """The value as lists are asked for it: choices by code. UserError for one that cannot be: an empty list would hide it."""
    try:
        declared = listing.field(code)
    except KeyError:
        raise UserError(_("There is no field “{code}”.").format(code=quoted(code))) from None
    if not value.strip() or value == UNCLASSIFIED:
        return UNCLASSIFIED
    if declared.choices and (code, value) != ("status", OPEN):
        return str(read(declared.but(kind=Kind.CHOICE), value, session.now()))
    return find(session, KINDS[declared.refers], value).number if declared.refers else value


def _show(asked: argparse.Namespace) -> None:
    session = open_session(asked)
    case = cases.load(session, asked.number)
    if asked.json:
        print_json(cases.as_json(session, case))
        return
    print_table([_("Field"), _("Value")], list(case_table.lines(session, case)))


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


def _attach(asked: argparse.Namespace) -> None:
    session = open_session(asked)
    record = find_any(session, asked.number)
    kept = attachments.attach_all(session, record, [Path(name) for name in asked.files], asked.shows)
    if asked.json:
        print_json([{"name": one.name, "size": one.size, "sha256": one.sha256} for one in kept])
    else:
        print_table([_("File"), _("Size"), "SHA-256"], [[one.name, str(one.size), one.sha256] for one in kept])


def _step(asked: argparse.Namespace) -> None:
    if asked.step is None and asked.json_file is not None:
        raise WrongUsage(_("--json-file belongs to a step: write which one."))
    session = open_session(asked)
    record = find_any(session, asked.number)
    if record.KIND not in steps.STEPS:
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
