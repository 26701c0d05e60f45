"""The command that takes in registers."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from app.commands.common import TerminalProgress, on_one_line, open_session, print_json, say, table_lines
from app.core.database import transaction
from app.core.files import coming_file
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
    session = open_session(asked)
    progress = TerminalProgress()
    with importing.open_for_import(
        session, asked.kind, asked.file, mapping=asked.map, sheet=asked.sheet, encoding=asked.encoding, progress=progress
    ) as opened:
        result = _take_in(opened, asked.rejects, asked.dry_run, progress)
        mapping = write_mapping(opened.mapping) if asked.dry_run else ""
    if asked.json:
        print_json(result.as_json() | ({"mapping": mapping} if mapping else {}))
    elif mapping:
        # What the terminal shows is a mapping as it stands: the rest are comments in it.
        say("\n".join((mapping, *(f"# {line}".rstrip() for line in _told(result)))))
    else:
        say("\n".join(_told(result)))
    return 3 if result.rejected else 0


def _take_in(opened: importing.Opened, rejects: Path | None, dry_run: bool, progress: TerminalProgress) -> importing.Result:
    """What becomes of the rows; the workbook of those that were rejected comes to be together with the records."""
    if rejects is None:
        return importing.take_in(opened, dry_run=dry_run, progress=progress)
    from app.reports import table_workbook  # heavy: the Excel library

    with opened.session.changed.after(), transaction(), coming_file(rejects) as write:
        result = importing.take_in(opened, dry_run=dry_run, progress=progress)
        write(table_workbook.rejects(result.headers, importing.rejected_rows(result)))
    return result


def _told(result: importing.Result) -> Iterator[str]:
    yield _("{read} rows read: {created} created, {updated} updated, {unchanged} unchanged, {rejected} rejected.").format(
        read=result.read,
        created=result.created,
        updated=result.updated,
        unchanged=result.unchanged,
        rejected=len(result.rejected),
    )
    yield from result.warnings
    for code, values in result.unmapped.items():
        counted = _(", ").join(f"{on_one_line(text)} ({count})" for text, count in list(values.items())[:12])
        yield _("{field}: not classified: {values}").format(field=code, values=counted)
    if result.rejected:
        shown = [[str(one.row), one.column, one.value[:60], one.reason] for one in result.rejected[:50]]
        yield from table_lines([_("Row"), _("Column"), _("Value"), _("Reason")], shown)
    if len(result.rejected) > 50:
        yield _("… and {count} more. --rejects OUT.xlsx writes them all.").format(count=len(result.rejected) - 50)
