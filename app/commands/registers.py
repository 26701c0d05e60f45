"""The command that takes in registers."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.commands.common import TerminalProgress, open_session, print_json, print_table, say
from app.core.language import _
from app.services import importing
from app.services.register_dates import NAMED, NOTATIONS, TIMES
from app.services.register_mapping import write_mapping


def declare(name: str, parser: argparse.ArgumentParser) -> None:
    """The arguments of `import`."""
    parser.add_argument("kind", choices=("customers", "products", "objections", "complaints"), metavar=_("KIND"))
    parser.add_argument("file", type=Path, metavar=_("FILE"))
    parser.add_argument("--map", type=Path, metavar="MAP.toml", help=_("which column is which field"))
    parser.add_argument("--sheet", metavar=_("SHEET"))
    parser.add_argument("--encoding", metavar=_("ENCODING"))
    parser.add_argument("--dry-run", action="store_true", help=_("only say what would happen, and print the mapping"))
    parser.add_argument("--rejects", type=Path, metavar="OUT.xlsx", help=_("rows that could not come in, with the reason"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _notations()


def _notations() -> str:
    named = [f"{name}: {_(meaning)}" for name, meaning in NAMED.items()]
    return "\n".join(
        (
            _("Days are read in these notations, and stand for the whole day:"),
            *(f"  {one}" for one in NOTATIONS),
            _("A time may follow:"),
            *(f"  {one}" for one in TIMES),
            _("Others are named in [formats] of the mapping, as strftime writes them, or by name:"),
            *(f"  {one}" for one in named),
        )
    )


def run(asked: argparse.Namespace) -> int:
    """Take in a register; 3 where some rows were rejected."""
    if asked.rejects:
        # heavy: the Excel library; before anything is written, so that nothing can fail afterwards for want of it
        from app.reports import table_workbook
    session = open_session(asked)
    progress = TerminalProgress()
    with importing.open_for_import(
        session, asked.kind, asked.file, mapping=asked.map, sheet=asked.sheet, encoding=asked.encoding, progress=progress
    ) as opened:
        result = importing.take_in(opened, dry_run=asked.dry_run, progress=progress)
        mapping = write_mapping(opened.mapping) if asked.dry_run else ""
    if asked.rejects and result.rejected:
        asked.rejects.write_bytes(table_workbook.rejects(result.headers, importing.rejected_rows(result)))
    if asked.json:
        print_json(result.as_json() | ({"mapping": mapping} if mapping else {}))
    else:
        _tell(result, mapping)
    return 3 if result.rejected else 0


def _tell(result: importing.Result, mapping: str) -> None:
    if mapping:
        say(mapping)
    say(
        _("{read} rows read: {created} created, {updated} updated, {unchanged} unchanged, {rejected} rejected.").format(
            read=result.read,
            created=result.created,
            updated=result.updated,
            unchanged=result.unchanged,
            rejected=len(result.rejected),
        )
    )
    for sentence in result.warnings:
        say(sentence)
    for code, values in result.unmapped.items():
        say(
            _("{field}: not classified: {values}").format(
                field=code, values=_(", ").join(f"{text} ({count})" for text, count in list(values.items())[:12])
            )
        )
    if result.rejected:
        head = [_("Row"), _("Column"), _("Value"), _("Reason")]
        print_table(head, [[str(one.row), one.column, one.value[:60], one.reason] for one in result.rejected[:50]])
    if len(result.rejected) > 50:
        say(_("… and {count} more. --rejects OUT.xlsx writes them all.").format(count=len(result.rejected) - 50))
