"""Asking whether a file is what was issued here: chosen, read on the worker thread, the verdict above the page."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from app.core.language import _
from app.core.progress import Progress
from app.core.session import Session
from app.reports import verdicts, verifying
from app.reports.verdicts import Verdict
from app.views.desk import Desk
from app.views.page import Page
from app.views.pieces.basics import Button, button

_HEED = (verdicts.DRAFTED, verdicts.OLDER, verdicts.VOIDED)


def verify_button(page: Page) -> Button:
    """Starts it on a page."""
    return button(_("Verify file"), icon="shield-check", name="verify_file", on_click=partial(choose, page))


def choose(page: Page) -> None:
    """By the system's dialog."""
    path, _kind = QFileDialog.getOpenFileName(page, _("Verify file"), "", _("PDF and workbooks (*.pdf *.xlsx)"))
    if path:
        page.desk.run(partial(_verdict, page.desk.session, Path(path)), partial(_tell, page.desk, Path(path).name), page.window())


def _verdict(session: Session, path: Path, _progress: Progress) -> Verdict:
    return verifying.verify(session, path)


def _tell(desk: Desk, name: str, verdict: Verdict) -> None:
    tone = "ok" if verdict.genuine else "warn" if verdict.code in _HEED else "bad"
    sentence = _("{file}: {verdict}. {sentence}").format(
        file=name, verdict=_(verdicts.WORDS[verdict.code]), sentence=verdict.sentence
    )
    known = verdict.number and verdict.code != verdicts.UNKNOWN
    desk.say(tone, sentence, [(_("Open"), partial(desk.open, verdict.number))] if known else [])
