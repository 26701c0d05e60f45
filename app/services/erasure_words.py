"""What erasing a customer does, in words."""

from __future__ import annotations

from app.core.language import _
from app.services.erasures import Plan


def lines(plan: Plan) -> list[str]:
    """What goes and what stays, a sentence each."""
    counted = _("Goes: name, phones, addresses, {contacts} contacts, {log} log texts, {files} files")
    cases = _("Without the person: {complaints} complaints, {objections} objections; all figures stay")
    told = [counted.format(**plan._asdict()), cases.format(**plan._asdict())]
    kept = _("Stays, restricted, until {day}: agreement {number}")
    told += [kept.format(number=one.number, day=one.until.isoformat()) for one in plan.kept]
    if plan.open:
        told.append(_("Still open: {cases}").format(cases=_(", ").join(plan.open)))
    return told
