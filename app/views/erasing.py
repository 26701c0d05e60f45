"""Erasing a customer in the window: what goes and what stays is shown first, and the reason asked."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.core.language import _
from app.models.customers import Customer
from app.services import erasure_words, erasures
from app.services.erasures import REASON, Done
from app.views.bulk_dialogs import FieldsDialog
from app.views.desk import Desk


def erase_customer(desk: Desk, customer: Customer, above: QWidget) -> None:
    """Show what it does, ask, and do it."""
    desk.attempt(lambda: _asked(desk, customer, above))


def _asked(desk: Desk, customer: Customer, above: QWidget) -> None:
    planned = erasures.plan(desk.session, customer)
    erasures.demand_ended(planned)
    question = _("Erase the personal data of {name}?").format(name=customer.name)
    told = "\n".join((*erasure_words.lines(planned), _("This cannot be taken back.")))
    dialog = FieldsDialog(question, told, (REASON,), (_("Erase"), "danger"), desk.session.now, above)
    if dialog.ask() == "do":
        _say(desk, erasures.erase(desk.session, customer, str(dialog.values[REASON.code])))


def _say(desk: Desk, done: Done) -> None:
    words = (
        _("{number}: personal data erased")
        if done.clean
        else _("{number}: erased; traces stay until the program is started again")
    )
    desk.tell(words.format(number=done.plan.number))
