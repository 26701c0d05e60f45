"""The page of an agreement: the paper itself, its signature, prints, editions and where it comes from."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core import formats
from app.core.language import _
from app.models import agreements, sight, steps
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
from app.views.pieces.area import Area
from app.views.pieces.basics import IconMark, box, button, clear, column, hairline, label, row
from app.views.pieces.flow import Flow
from app.views.pieces.heads import NARROW, Elided, Head
from app.views.pieces.nothing import nothing
from app.views.pieces.pills import Pill, face
from app.views.preview import pair_grid
from app.views.step_panel import StepPanel, may_leave, tell_lost
from app.views.tab_order import first
from app.views.turn_card import locked
from app.views.verifying import verify_button

_SIDE = 350


class AgreementPage(Page):
    """The edition that counts, or one of the older ones."""

    nav = "agreements"
    topics = ("agreement", "complaint")

    def __init__(self, desk: Desk, number: str) -> None:
        super().__init__(desk)
        self.number = number
        self._edition = 0
        self._looked = False
        self._load()
        self.taking = Taking(self, lambda: self.record, self.refresh)
        self._head = Head(desk.back.emit)
        self.view = PaperView()
        self._closed = QWidget()
        self._closed.setLayout(column())
        self._side = column(gap=12)
        self._pane = box("pane")
        self._pane.setLayout(column(Area(self._side, 14, 14)))
        self._narrow = self._paper_wanted = False
        self.build(self._head, row(self.view, self._closed, self._pane, gap=0))
        self.show_edition()

    def name(self) -> str:
        """For the title of the window."""
        return _("Processing agreement {number}").format(number=self.number)

    def _load(self) -> None:
        record = find(self.session, Agreement, self.number)
        self._whole = cases.load(self.session, record.complaint.number)
        self.case: Case = cases.seen(self.session, self._whole)
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
        """Read again; a step that is being typed stays open."""
        self._load()
        panels = (one for one in self.findChildren(StepPanel) if one.isVisible())
        if not any(one.goes_on(self.record if one.number == self.number else self.case.record) for one in panels):
            self.show_edition()

    def resting(self) -> QWidget | None:
        """The next act, or the first field of the step that is open."""
        return first(self._side.parentWidget() or self) or super().resting()

    def choose(self, edition: int) -> None:
        """Show another edition."""
        self._edition = edition
        self.refresh()

    def show_edition(self) -> None:
        """Paper and side for the edition."""
        self.issued: papers.Issued | None = None
        if self._looked or not self.record.withheld:
            self.issued = self.desk.attempt(partial(papers.paper, self.session, "agreement", self._whole, self._edition))
        if self.issued is not None:
            self.view.show_pdf(self.issued.content)
        self._fill_closed()
        self._fill_head()
        self._fill_side()

    def _fill_head(self) -> None:
        one = self.edition
        marks = [
            label(one.number, "secondary", selectable=True),
            Pill(_status(one.status), face("status", one.status)),
            Elided(str(one.values["customer_name"] or ""), "secondary"),
        ]
        acts = [
            button(_("Void"), "danger", "ban", name="act_void", on_click=partial(self._start, found))
            for found in self._options()
            if found.step.danger
        ]
        self._other = button("", name="other_side", on_click=self._turn_over)
        self._head.show_title(_("Processing agreement"), marks, acts, [self._other])
        self._show_sides()

    def _turn_over(self) -> None:
        self._paper_wanted = not self._paper_wanted
        self._show_sides()

    def _show_sides(self) -> None:
        """On narrow pages either the paper or what can be done with it."""
        self._other.say(_("Signing and prints") if self._paper_wanted else _("Show the paper"))
        self._other.setVisible(self._narrow)
        away = self._narrow and not self._paper_wanted
        self.view.setHidden(self.issued is None or away)
        self._closed.setHidden(self.issued is not None or away)
        self._pane.setHidden(self._narrow and self._paper_wanted)

    def _options(self) -> list[Option]:
        return [one for one in steps.options(self.session, self.record) if one.possible]

    def _fill_side(self) -> None:
        clear(self._side)
        self._place = QVBoxLayout()
        for part in (self._signing, self._files, self._prints, self._editions, self._origin):
            if self._side.count():
                self._side.addWidget(hairline())
            self._side.addLayout(part())
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

    def _fill_closed(self) -> None:
        """Kept of an erased customer: why it is closed, and the look for who may, where the paper would be."""
        layout = self._closed.layout()
        assert isinstance(layout, QVBoxLayout)
        clear(layout)
        if not self.record.withheld or self.issued is not None:
            return
        words = _("The customer was erased. The agreement has to be kept until its time is over, and is closed until then.")
        why = sight.refusal(self.session, sight.KEPT)
        look = button(
            _("Look at it (is recorded)"), "outline", "lock" if why else "eye", name="look_at_kept", on_click=self._look
        )
        look.lock(why)
        layout.addWidget(nothing("lock", _("Closed, customer erased"), words, look))

    def _look(self) -> None:
        self._looked = True
        self.show_edition()
        self._looked = self.issued is not None

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
        acts = QWidget()
        flow = Flow(acts)
        for one in steps.options(self.session, self.record):
            if one.possible and not one.step.danger:
                kind = "outline" if flow.count() else "primary"
                icon = "signature" if one.step.code == "sign-agreement" else "file-certificate"
                start = partial(self._start, one)
                flow.addWidget(button(_(one.step.label), kind, icon, name=f"act_{one.step.code}", on_click=start))
            for lack in one.missing:
                self._place.addLayout(locked(_(one.step.label), lack.sentence))
        if self.record.frozen() is None:
            edit = partial(self.desk.new, "agreement", {"_edit": self.number})
            flow.addWidget(button(_("Edit draft"), "outline", "pencil", name="edit", on_click=edit))
        if self.case.record.status in ("proposed", "approved", "replied") and self.edition.status != "signed":
            flow.addWidget(button(_("New edition"), "outline", "versions", name="new_edition", on_click=self._new_edition))
        self._place.addWidget(acts)

    def _start(self, one: Option) -> None:
        self._open_panel(StepPanel(self.desk, self.record, one.step))

    def show_part(self, code: str) -> None:
        """A step that was being typed."""
        found = next((one for one in self._options() if one.step.code == code), None)
        if found is not None:
            self._start(found)
        elif code:
            tell_lost(self.desk, self.record, code, self)

    def _new_edition(self) -> None:
        step = steps.step_of(self.case.record, "agreement")
        self._open_panel(StepPanel(self.desk, self.case.record, step))

    def _open_panel(self, panel: StepPanel) -> None:
        panel.done.connect(self._moved)
        panel.gone.connect(self._show_acts)
        clear(self._place)
        self._place.addWidget(panel)
        self._paper_wanted = False
        self._show_sides()

    def _moved(self, _record: Record) -> None:
        self._edition = 0
        self.refresh()

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
        if self.record.withheld:
            open_paper.lock(sight.refusal(self.session, sight.KEPT))
        made.addLayout(row(open_paper, verify_button(self), None))
        for issue in one.prints[:6]:
            words = f"{formats.near(issue.at, self.session.now())}   {issue.who}   × {issue.copies}"
            why = label(_("draft watermark") if issue.draft else issue.reason, "hint", wrap=True)
            made.addLayout(_in_two(label(words, "small"), why))
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
        opened = partial(self.desk.open, complaint)
        pairs: list[tuple[str, str | QWidget]] = [(_("Complaint"), button(complaint, "link", on_click=opened))]
        approved = next((d for r in reversed(self.case.rounds) for d in r.decisions if d.result == "approved"), None)
        if approved is not None:
            who = approved.paper_approver or approved.who
            pairs.append((_("Approval"), f"{who}   {formats.near(approved.at, self.session.now())}"))
        if self.edition.content_hash:
            pairs.append((_("Check code"), self.edition.content_hash[:12]))
        made.addLayout(pair_grid(pairs))
        return made

    def print_page(self) -> None:
        """Ctrl+P prints at once."""
        issued = self.issued
        if issued is None:
            return
        printer = self.desk.attempt(lambda: printing.ask(self, self.name(), self.desk, papers.AGREEMENT))
        if printer is not None:
            self.desk.attempt(lambda: self._print_on(printer, issued))

    def _print_on(self, printer: QPrinter, issued: papers.Issued) -> None:
        issued = papers.signed(self.session, issued)
        printing.send(printer, issued.content)
        papers.keep_record(self.session, issued, copies=printing.copies_of(printer))

    def may_leave(self) -> bool:
        """Asks about a step that is being typed."""
        return may_leave(self)

    def narrow(self, width: int) -> None:
        """Narrow pages have no column at the right."""
        self._narrow = width < style.px(NARROW)
        self._pane.setFixedWidth(width if self._narrow else style.px(_SIDE))
        self._show_sides()


def _status(code: str) -> str:
    return formats.label(AGREEMENTS.field("status"), code)


def _party(side: str, who: str, state: str, *, done: bool) -> QHBoxLayout:
    mark = IconMark("circle-check" if done else "circle-dashed", "ok" if done else "text3", 18)
    return _in_two(label(who, "secondary", wrap=True), label(state, "small"), mark, label(side))


def _in_two(first: QWidget, second: QWidget, *before: QWidget) -> QHBoxLayout:
    """Something long that wraps, and something at the right; both begin on the same line."""
    made = row(*before, first, second)
    made.setStretch(len(before), 1)
    for widget in (*before, first, second):
        made.setAlignment(widget, Qt.AlignmentFlag.AlignTop)
    return made
