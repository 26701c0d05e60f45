"""What the law gives to a customer's people, in the window: everything that is kept, given out, and erased with its reason.

Erasing shows first what goes and what stays.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.core.database import transaction
from app.core.files import whole_file
from app.core.language import _
from app.core.progress import Progress
from app.core.session import Session
from app.models.customers import Customer
from app.services import erased_traces, erasure_words, erasures, person_data
from app.services.erasures import REASON
from app.views.bulk_dialogs import FieldsDialog
from app.views.desk import Desk


def erase_customer(desk: Desk, customer: Customer, page: QWidget) -> None:
    """Show what it does, ask, and do it. Traces are swept out beside the window, which takes long in a large store."""
    desk.attempt(lambda: _asked(desk, customer, page.window()))  # the page may be left before the end


def _asked(desk: Desk, customer: Customer, window: QWidget) -> None:
    planned = erasures.plan(desk.session, customer)
    erasures.demand_ended(planned)
    question = _("Erase the personal data of {name}?").format(name=customer.name)
    told = "\n".join((*erasure_words.lines(planned), _("This cannot be taken back.")))
    dialog = FieldsDialog(question, told, (REASON,), (_("Erase"), "danger"), desk.session.now, window)
    dialog.setProperty("help", "RetentionPage")
    if dialog.ask() == "do":
        done = erasures.begin(desk.session, customer, str(dialog.values[REASON.code]))
        desk.tell(_("{number}: personal data erased").format(number=done.number))
        desk.run(partial(erased_traces.finish, desk.session.folder), partial(_swept, desk, done.number), window)


def _swept(desk: Desk, number: str, clean: bool) -> None:
    if not clean:
        desk.say("warn", _("{number}: erased; traces stay until the program is started again").format(number=number))


def tell_person(desk: Desk, customer: Customer, owner: QWidget) -> None:
    """Write everything that is kept about a customer into a file that the person may take along; it is written down."""
    if not desk.permitted("customer.tell"):
        return
    kinds = {_("To read (*.pdf)"): ".pdf", _("For a machine (*.json)"): ".json"}
    suggested = _("Personal data {number}").format(number=customer.number) + ".pdf"
    path, kind = QFileDialog.getSaveFileName(owner, _("Give out personal data"), suggested, ";;".join(kinds))
    if path:
        ending = Path(path).suffix.lower()
        out = Path(path) if ending in kinds.values() else Path(f"{path}{kinds.get(kind, '.pdf')}")
        told = _("Everything kept about {number} stands in {file}.").format(number=customer.number, file=out.name)
        desk.run(partial(_write, desk.session, customer, out), lambda _done: desk.tell(told), owner)


def _write(session: Session, customer: Customer, out: Path, progress: Progress) -> None:
    from app.reports import papers_person  # heavy: the PDF library

    content = papers_person.content(session, customer, out.suffix.lower(), progress)
    with transaction(), whole_file(out, content):
        person_data.keep_record(session, customer, out.suffix.lower())
