"""The recovery sheet of a branch with passwords: printed once, for the code on it is kept nowhere."""

from __future__ import annotations

from app.core.language import _
from app.core.session import Session
from app.reports.documents.parts import PARAGRAPH, blank_day, part
from app.reports.grid import Grid, form_row
from app.reports.layout import Entry, Signatures, Text, centred
from app.reports.papers import safe_name
from app.reports.papers_case import frame
from app.reports.pdf import Sheaf, bind


def title() -> str:
    """What the sheet is called."""
    return _("Recovery sheet")


def file_name(session: Session) -> str:
    """What its file is called."""
    return safe_name(f"{title()} {session.branch.name}.pdf")


def render(session: Session, code: str) -> bytes:
    """The sheet as PDF."""
    facts = [
        form_row((_("Branch"), f"{session.branch.name} ({session.branch.code})", 1), label=0.2),
        form_row((_("Administrator"), session.user, 1), label=0.2),
        form_row((_("Data folder"), str(session.folder), 1), label=0.2),
    ]
    ways = (
        _("Start Kesu Desk and choose “Forgot the password?” on the page where one signs in."),
        _("Type the code, the administrator's name and a new password. Case and hyphens do not matter."),
        _("Then print a new sheet in the settings (People) and destroy this one."),
    )
    blocks = [
        Text(_("The data of this branch are encrypted. This code opens them when nobody knows a password any more:"), PARAGRAPH),
        Text(code, centred(20), before=16),
        *part(_("What it is for"), Grid(facts)),
        *part(_("How it is used")),
        *(Text(f"{number}. {sentence}", PARAGRAPH, before=2) for number, sentence in enumerate(ways, 1)),
        Text(
            _("Whoever has this sheet and the data can read everything. Keep it under lock and key, away from the computer."),
            PARAGRAPH,
            before=12,
        ),
        Signatures([[Entry(_("Kept by:")), Entry(_("Where:")), Entry(_("Date:"), blank_day(), line=False)]]),
    ]
    return bind(Sheaf(frame(session, ""), title(), blocks))
