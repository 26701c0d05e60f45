"""What the law gives to a customer's people, in the window: everything that is kept, given out, and erased with its reason.

Erasing shows first what goes and what stays.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.core.database import transaction
from app.core.files import whole_file
from app.core.language import _
from app.core.progress import Progress
from app.core.session import Session
from app.models.customers import Customer
from app.services import erasure_words, erasures, person_data
from app.services.erasures import REASON, Done
from app.views.bulk_dialogs import FieldsDialog
from app.views.desk import Desk


def erase_customer(desk: Desk, customer: Customer, above: QWidget, then: Callable[[], object] = lambda: None) -> None:
    """Show what it does, ask, and do it beside the window: putting the search together anew takes long in a large store."""
    desk.attempt(lambda: _asked(desk, customer, above, then))


def _asked(desk: Desk, customer: Customer, above: QWidget, then: Callable[[], object]) -> None:
    planned = erasures.plan(desk.session, customer)
    erasures.demand_ended(planned)
    question = _("Erase the personal data of {name}?").format(name=customer.name)
    told = "\n".join((*erasure_words.lines(planned), _("This cannot be taken back.")))
    dialog = FieldsDialog(question, told, (REASON,), (_("Erase"), "danger"), desk.session.now, above)
    dialog.setProperty("help", "RetentionPage")
    if dialog.ask() == "do":
        reason = str(dialog.values[REASON.code])
        desk.run(lambda _progress: erasures.erase(desk.session, customer, reason), partial(_say, desk, then), above)


def _say(desk: Desk, then: Callable[[], object], done: Done) -> None:
    words = (
        _("{number}: personal data erased")
        if done.clean
        else _("{number}: erased; traces stay until the program is started again")
    )
    desk.tell(words.format(number=done.plan.number))
    then()


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
