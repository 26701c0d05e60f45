"""The page of an agreement: the paper itself, its signature, prints, editions and where it comes from."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.core import formats
from app.core.errors import UserError
from app.core.language import _
from app.models import agreements, steps
from app.models.agreements import Agreement
from app.models.listing import AGREEMENTS
from app.models.record import Record, find
from app.models.steps import Option
from app.reports import papers
from app.services import cases
from app.services.cases import Case, Edition
from app.views import printing, style
from app.views.attaching import Taking
from app.views.attachments import files_of
from app.views.desk import Desk
from app.views.messages import MessageBar
from app.views.page import Page
from app.views.paper import PaperView
from app.views.pieces.basics import IconMark, box, button, clear, column, hairline, label, row
from app.views.pieces.pills import Pill, face
from app.views.step_panel import StepPanel

_SIDE = 350


class AgreementPage(Page):
    """The edition that counts, or one of the older ones."""

    nav = "agreements"
    topics = ("agreement", "complaint")

    def __init__(self, desk: Desk, number: str) -> None:
        super().__init__(desk)
        self.number = number
        self._edition = 0
        self._load()
        self.taking = Taking(self, lambda: self.record, self.refresh)
        self._head = QHBoxLayout()
        self._head.setContentsMargins(16, 12, 24, 8)
        self._head.setSpacing(10)
        self.view = PaperView()
        self._side = QVBoxLayout()
        self._side.setSpacing(8)
        self._side.setContentsMargins(18, 14, 18, 14)
        holder = QWidget()
        holder.setProperty("ground", "scroll")
        holder.setLayout(self._side)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(holder)
        self._pane = box("pane")
        pane = QVBoxLayout(self._pane)
        pane.setContentsMargins(0, 0, 0, 0)
        pane.addWidget(area)
        self._pane.setFixedWidth(style.px(_SIDE))
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.view, 1)
        middle.addWidget(self._pane)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._head)
        layout.addLayout(middle, 1)
        self.show_edition()

    def name(self) -> str:
        """For the title of the window."""
        return _("Processing agreement {number}").format(number=self.number)

    def _load(self) -> None:
        record = find(self.session, Agreement, self.number)
        self.case: Case = cases.load(self.session, record.complaint.number)
        known = [one.edition for one in self.case.editions]
        self._edition = self._edition if self._edition in known else known[-1]
        self.record: Agreement = next(
            one for one in agreements.editions(self.session, record.complaint) if one.edition == self._edition
        )

    @property
    def edition(self) -> Edition:
        """The edition that is shown."""
        return next(one for one in self.case.editions if one.edition == self._edition)

    def refresh(self) -> None:
        """Read again."""
        self._load()
        self.show_edition()

    def choose(self, edition: int) -> None:
        """Show another edition."""
        self._edition = edition
        self.refresh()

    def show_edition(self) -> None:
        """Paper and side for the edition."""
        try:
            self.issued: papers.Issued | None = papers.paper(self.session, "agreement", self.case, self._edition)
        except UserError as error:
            self.issued = None
            self.desk.fail(error)
        if self.issued is not None:
            self.view.show_pdf(self.issued.content)
        self._fill_head()
        self._fill_side()

    def _fill_head(self) -> None:
        clear(self._head)
        one = self.edition
        self._head.addWidget(button(_("Back"), "icon", "arrow-left", name="back", on_click=self.desk.back.emit))
        self._head.addWidget(label(_("Processing agreement"), "title"))
        self._head.addWidget(label(one.number, "secondary", selectable=True))
        self._head.addWidget(label(str(one.values["customer_name"] or ""), "secondary"))
        self._head.addWidget(Pill(_status(one.status), face("status", one.status)))
        self._head.addStretch(1)
        for found in self._options():
            if found.step.danger:
                self._head.addWidget(button(_("Void"), "danger", "ban", name="act_void", on_click=partial(self._start, found)))

    def _options(self) -> list[Option]:
        return [one for one in steps.options(self.session, self.record) if one.possible]

    def _fill_side(self) -> None:
        clear(self._side)
        self._place = QVBoxLayout()
        for part in (self._signing, self._files, self._prints, self._editions, self._origin):
            self._side.addLayout(part())
            self._side.addSpacing(6)
            self._side.addWidget(hairline())
            self._side.addSpacing(2)
        self._side.addStretch(1)

    def _signing(self) -> QVBoxLayout:
        made = QVBoxLayout()
        made.setSpacing(8)
        one = self.edition
        made.addWidget(label(_("Signing"), "card"))
        words, tone = self._sentence(one)
        made.addWidget(MessageBar(tone, words))
        values = one.values
        released = one.status in ("released", "signed")
        made.addLayout(_party(_("Party A"), values["party_a"], _("released") if released else _("not released"), done=released))
        signed = one.status == "signed"
        when = formats.day(values["signed_on"]) if values["signed_on"] else _("not signed")
        made.addLayout(_party(_("Party B"), f"{values['party_b']}  {values['signed_by'] or ''}", when, done=signed))
        made.addLayout(self._place)
        self._show_acts()
        return made

    def _sentence(self, one: Edition) -> tuple[str, str]:
        sentences = {
            "draft": (_("A draft. It prints with a watermark until it is released."), "info"),
            "released": (_("Party B has not signed yet."), "warn"),
            "signed": (_("Signed. What was signed stays as it is."), "ok"),
            "voided": (_("Void: {reason}").format(reason=one.void_reason), "info"),
        }
        return sentences[one.status]

    def _show_acts(self) -> None:
        clear(self._place)
        found = steps.options(self.session, self.record)
        loud = True
        for one in found:
            if one.possible and not one.step.danger:
                kind = "primary" if loud else "outline"
                icon = "signature" if one.step.code == "sign-agreement" else "file-certificate"
                self._place.addWidget(
                    button(_(one.step.label), kind, icon, name=f"act_{one.step.code}", on_click=partial(self._start, one))
                )
                loud = False
            for lack in one.missing:
                self._place.addLayout(
                    row(IconMark("lock", "text3", 16), label(_(one.step.label)), label(lack.sentence, "hint"), None)
                )
        if self.case.record.status in ("proposed", "approved", "replied") and self.edition.status != "signed":
            self._place.addWidget(button(_("New edition"), "outline", "versions", name="new_edition", on_click=self._new_edition))

    def _start(self, one: Option) -> None:
        self._open_panel(StepPanel(self.desk, self.record, one.step))

    def _new_edition(self) -> None:
        step = steps.step_of(self.case.record, "agreement")
        self._open_panel(StepPanel(self.desk, self.case.record, step))

    def _open_panel(self, panel: StepPanel) -> None:
        panel.done.connect(self._moved)
        panel.gone.connect(self._show_acts)
        clear(self._place)
        self._place.addWidget(panel)

    def _moved(self, _record: Record) -> None:
        self._edition = 0
        self.refresh()
        self.desk.tell(_("{number}: {status}").format(number=self.number, status=_status(self.edition.status)))

    def _files(self) -> QVBoxLayout:
        return column(label(_("Files"), "card"), files_of(self.desk, self.record, self.taking))

    def _prints(self) -> QVBoxLayout:
        made = QVBoxLayout()
        one = self.edition
        count = _("printed {count} times").format(count=len(one.prints))
        made.addLayout(row(label(_("Prints"), "card"), None, label(count, "small")))
        open_paper = button(
            _("Print or save"), icon="printer", name="paper", on_click=partial(self.desk.paper, "agreement", self.number)
        )
        made.addLayout(row(open_paper, None))
        for issue in one.prints[:6]:
            words = f"{formats.near(issue.at, self.session.now())}   {issue.who}   × {issue.copies}"
            made.addLayout(row(label(words, "small"), None, label(_("draft watermark") if issue.draft else issue.reason, "hint")))
        return made

    def _editions(self) -> QVBoxLayout:
        made = QVBoxLayout()
        made.addWidget(label(_("Editions"), "card"))
        for one in reversed(self.case.editions):
            words = _("Edition {n}").format(n=one.edition)
            look = button(words, "link", name=f"edition_{one.edition}", on_click=partial(self.choose, one.edition))
            when = formats.near(one.changed_at, self.session.now())
            made.addLayout(row(look, label(when, "hint"), None, Pill(_status(one.status), face("status", one.status))))
            if one.void_reason:
                made.addWidget(label(one.void_reason, "hint", wrap=True))
        return made

    def _origin(self) -> QVBoxLayout:
        made = QVBoxLayout()
        made.addWidget(label(_("Origin"), "card"))
        complaint = self.case.record.number
        made.addLayout(
            row(label(_("Complaint"), "small"), button(complaint, "link", on_click=partial(self.desk.open, complaint)), None)
        )
        approved = next((d for r in reversed(self.case.rounds) for d in r.decisions if d.result == "approved"), None)
        if approved is not None:
            who = approved.paper_approver or approved.who
            made.addLayout(
                row(label(_("Approval"), "small"), label(f"{who}   {formats.near(approved.at, self.session.now())}"), None)
            )
        if self.edition.content_hash:
            made.addLayout(row(label(_("Check code"), "small"), label(self.edition.content_hash[:12], selectable=True), None))
        return made

    def print_page(self) -> None:
        """Ctrl+P prints at once."""
        issued = self.issued
        if issued is None:
            return
        copies = self.desk.attempt(
            lambda: printing.print_pdf(self, issued.content, self.name(), self.edition.values["copies"] or 1)
        )
        if copies:
            self.desk.attempt(lambda: papers.keep_record(self.session, issued, copies=copies))

    def narrow(self, width: int) -> None:
        """The pane keeps its place from 700 on."""
        self._pane.setFixedWidth(style.px(_SIDE if width >= style.px(860) else 300))


def _status(code: str) -> str:
    return formats.label(AGREEMENTS.field("status"), code)


def _party(side: str, who: str, state: str, *, done: bool) -> QHBoxLayout:
    mark = IconMark("circle-check" if done else "circle-dashed", "ok" if done else "text3", 18)
    return row(mark, label(side), label(who, "secondary", wrap=True), None, label(state, "small"))
