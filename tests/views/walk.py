"""Through the whole program: every page, record, form, step, dialog; a test says what is looked at in each place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.core.errors import Conflict, Difference
from app.core.fields import Choice
from app.core.language import _
from app.models import attachments
from app.models.customers import Customer
from app.models.listing import OPEN, Query
from app.models.objections import Objection
from app.models.record import find_any
from app.models.staff import Person
from app.models.steps import REASON
from app.reports import papers, papers_many
from app.services import backup_places, backups, diagnosis, periods, restoring
from app.services.faults import Fault
from app.views import messages, restore
from app.views.agreements import AgreementPage
from app.views.bulk_dialogs import ClassifyDialog, FieldsDialog, PrintDialog
from app.views.case_page import CasePage
from app.views.conflict import ask_conflict
from app.views.diagnosis import DiagnosisDialog
from app.views.file_page import FilePage
from app.views.find import FindPopup
from app.views.form_page import FormPage
from app.views.history import FaultsDialog
from app.views.imports import ImportPage
from app.views.licences import LicencesDialog
from app.views.objections import ObjectionForm
from app.views.pickers import QuickAdd
from app.views.pieces.basics import Button
from app.views.pieces.side import Side
from app.views.recovery import RecoverySheet
from app.views.secrets import Secret, SecretDialog
from app.views.self_test import SelfTestPage
from app.views.settings import PARTS, ReasonDialog, SettingsPage
from app.views.settings_staff import PersonDialog
from app.views.sign_in import Locked, SignIn
from app.views.statistics import StatisticsPage
from app.views.welcome import Welcome
from app.views.window import FACTORIES, Window
from app.views.work import pool
from tests.views import heard, sight
from tests.views.full_branch import NAME, WORDS, Branch
from tests.views.stage import Told, bury

ROUNDS = 12
"""What moves moves others: so often one looks until everything must have found its place."""
WRONG = "没有 11 月 32 日。可写 11-23、今天 或 昨天 9:30。"
REGISTER = f"""客户名称,电话,类型,备注栏,许可证号
{NAME},13800001111,超市特大,甲乙丙丁,1
鑫源二店,13800001112,超市,乙,2
,13800001113,零售户,丙,3
"""


class SmallWelcome(Welcome):
    """On a screen of that height."""

    most = 0

    def room(self) -> int:
        return self.most


class Walk:
    """Through everything, looking at each place; what is wrong is kept with the name of the place."""

    def __init__(self, window: Window, branch: Branch, told: Told, look: tuple[int, int, str]) -> None:
        self.window, self.branch, self.told = window, branch, told
        self.width, self.height, self.code = look
        self.found: dict[str, str] = {}
        self.places = 0

    def at(self, place: str, seen: QWidget | None = None) -> None:
        """Look once."""
        bury()
        QApplication.processEvents()
        for _round in range(ROUNDS):
            QApplication.processEvents()
            wrong = self.wrong(seen or self.window)
            if not wrong:
                break
        self.found = dict.fromkeys(wrong, place) | self.found
        self.places += 1

    def wrong(self, seen: QWidget) -> list[str]:
        """What is wrong with a window now."""
        found = sight.everything(seen) + heard.everything(seen) + (sight.english_left(seen) if self.code == "zh_CN" else [])
        if seen.width() > self.width or seen.height() > self.height:
            found.append(f"{seen.width()}×{seen.height()} is more than the screen")
        return found

    def ask(self, place: str, make: Callable[[], object]) -> None:
        """Look at a dialog while it asks."""
        self.told.answers.append(lambda dialog: self.at(place, dialog))
        make()

    def pages(self) -> None:
        """The pages of the sidebar, and what is reached from them."""
        window = self.window
        for code in set(FACTORIES) - {"statistics", "settings", "import", "self_test"}:
            window.open_page(code)
            self.at(code)
        window.open_page("self_test")
        self.at("self-test")
        assert isinstance(window.page, SelfTestPage)
        window.page.show_answer()
        self.at("self-test, answer")
        window.open_page("complaints", Query(where={"status": (OPEN,)}, text="没有"))
        self.at("complaints, nothing found")
        window.messages.show_message("bad", f"{NAME}：没有存上。腾出空间后再按保存，填写的内容还在。" * 2)
        window.toast.tell(f"{NAME} 已作废", lambda: None)
        self.at("message and toast")

    def facts(self, place: str) -> None:
        """What a narrow page has behind ⓘ."""
        found = next((one for one in self.window.page.findChildren(Button, "facts") if one.isVisible()), None)
        if found is not None:
            found.click()
            popup = self.window.page.findChild(Side)._popup
            self.at(place, popup)
            popup.hide()

    def records(self) -> None:
        """Customer, cases in each tab, agreement, papers."""
        window, branch = self.window, self.branch
        window.open_record(branch.customer)
        self.at("customer")
        self.facts("customer, facts")
        for number in (branch.proposed, branch.executing, branch.objection, branch.dispatch, branch.card, branch.evidence):
            window.open_record(number)
            assert isinstance(window.page, CasePage)
            for code, _word in window.page.tabs():
                window.page.open_tab(code)
                self.at(f"{window.page.case.record.KIND}, {code}")
        for number in (branch.fresh, branch.void, branch.rejected, branch.action):
            window.open_record(number)
            self.at(f"case {number}")
        window.open_record(branch.agreement)
        self.at("agreement")
        window.open_paper("form", branch.proposed)
        self.at("paper")
        files = attachments.of(branch.session, find_any(branch.session, branch.proposed))
        window.open_view(FilePage(window.desk, [*files, *files], 0))
        self.at("file")

    def steps(self) -> None:
        """What steps ask."""
        asked = (
            (self.branch.fresh, ("accept", "hand-over", "void")),
            (self.branch.proposed, ("approve", "return", "agreement", "promise", "consult", "escalate")),
            (self.branch.objection, ("reply", "escalate")),
            (self.branch.replied, ("waive", "notice", "pause")),
            (self.branch.dispatch, ("deliver", "chase")),
            (self.branch.action, ("finish",)),
        )
        for number, codes in asked:
            self.window.open_record(number)
            assert isinstance(self.window.page, CasePage)
            for code in codes:
                self.window.page.turn.start(code)
                self.at(f"step {code}")
                self.window.page.refresh()
        self.window.open_record(self.branch.agreement)
        assert isinstance(self.window.page, AgreementPage)
        for option in self.window.page._options():
            self.window.page._start(option)
            self.at(f"step {option.step.code}")

    def forms(self) -> None:
        """New ones, one that is full of mistakes, and those of records that there are."""
        window, branch = self.window, self.branch
        given = {"customer": branch.customer}
        new = {"customer": {}, "product": {}, "action": {"complaint": branch.proposed}, "card": {}, "evidence": {}}
        new |= {"objection": given | {"method": "indirect", "what": WORDS}, "complaint": given}
        for kind, values in new.items():
            window.open_form(kind, values)
            self.at(f"form of {kind}")
            assert isinstance(window.page, FormPage)
            window.page.form.set_errors(dict.fromkeys(window.page.form.rows, WRONG))
            if isinstance(window.page, ObjectionForm):
                window.page.outcome._choose("promise")
            window.page.refresh_side()
            self.at(f"form of {kind}, wrong")
            self.facts(f"form of {kind}, facts")
        known = (branch.customer, branch.objection, branch.proposed, branch.card, branch.draft)
        for kind, number in zip(("customer", "objection", "complaint", "card", "agreement"), known, strict=True):
            window.open_form(kind, {"_edit": number})
            self.at(f"form of {number}")

    def others(self) -> None:
        """Statistics, settings, import."""
        window = self.window
        window.open_page("statistics")
        page = window.page
        assert isinstance(page, StatisticsPage)
        for place, act in {
            "month": page.refresh,
            "year, by customer": lambda: (page.show_period(periods.year_of(date(2026, 11, 1))), page.members.compare("customer")),
            "days of a person": lambda: (page.choose_kind("days"), page.narrowed.choose("handler", "王敏")),
        }.items():
            act()
            while page.counting:
                QApplication.processEvents()
            pool().waitForDone()
            self.at(f"statistics, {place}")
        session = self.branch.session
        for kind in ("import", "hand"):
            backups.make(session.folder, kind, session.clock())
        window.standing.stand("bad", WRONG * 2, ((_("Back up now"), print),))
        window.open_page("settings")
        assert isinstance(window.page, SettingsPage)
        for code, _word, _make in PARTS:
            window.page.show_part(code)
            self.at(f"settings, {code}")
        window.standing.clear()

    def register(self, qtbot: QtBot) -> None:
        """The import from the empty page to its result."""
        path = self.branch.folder / f"{NAME} 台账 2026.csv"
        path.write_text(REGISTER, encoding="utf-8")
        self.window.open_page("import")
        page = self.window.page
        assert isinstance(page, ImportPage)
        page.kind.set_value("customers")
        self.at("import")
        acts = {"opened": partial(page.open_file, path), "tried": partial(page.take, True), "done": partial(page.take, False)}
        for place, act in acts.items():
            act()
            qtbot.waitUntil(lambda: not page._busy, timeout=15_000)
            pool().waitForDone()
            self.at(f"import, {place}")

    def dialogs(self) -> None:
        """Decisions, faults, the first start."""
        window = self.window
        both = (Difference("description", "投诉内容", WORDS, "六条霉变"), Difference("wish", "希望怎样解决", "换", ""))
        self.ask("unsaved", lambda: messages.ask_unsaved(window))
        self.ask("conflict", lambda: ask_conflict(window, Conflict("刘洋 14:20 也改了这一件。", both)))
        self.ask("fault", lambda: messages.fault_dialog("Traceback\n" * 12, "14:32:05"))
        self.ask("stop", lambda: messages.stop_dialog(f"{NAME} 里没有数据库。" * 3))
        now = self.branch.session.now
        self.ask("void a customer", lambda: FieldsDialog(NAME, WORDS, (REASON,), (_("Void"), "danger"), now, window).ask())
        for kind, codes in papers_many.DOCUMENTS.items():
            documents = [*(Choice(one, papers.TITLES[one]) for one in codes), Choice("register", "Register of these")]
            self.ask(f"print {kind}", partial(PrintDialog("?", documents, frozenset(), window).ask))
        self.ask("classify many", lambda: ClassifyDialog("?", Objection.FIELDS[7:9], window).ask())
        self.ask("reason", lambda: ReasonDialog(f"{self.branch.blank}?", now, window).ask())
        folder = self.branch.session.folder
        (backup, *_older) = backup_places.listed(backup_places.home(folder)).backups
        self.ask("restore", lambda: restore.may_restore(window, backup, restoring.present(folder)))
        self.ask("rescue", lambda: restore.RescueDialog(folder, WRONG * 2).ask())
        find = FindPopup(window.desk, window)
        find.open_below(window.sidebar)
        find.edit.setText(NAME[:2])
        find.look()
        self.at("find", find)
        find.close()
        welcome = SmallWelcome(self.branch.folder / "new", "王敏")
        welcome.most = self.height
        welcome.show()
        self.at("welcome", welcome)
        welcome.form.set_errors({"code": WRONG, "name": WRONG})
        welcome._say(WRONG)
        self.at("welcome, wrong", welcome)
        welcome._show_way("staff")
        self.at("welcome, passwords", welcome)
        welcome.secrets.set_errors({"admin": WRONG, "password": WRONG})
        self.at("welcome, passwords, wrong", welcome)
        welcome.close()

    def asked(self) -> None:
        """What forms and settings ask beside themselves, and what is read in a dialog."""
        window, session = self.window, self.branch.session
        desk, person = (
            window.desk,
            Person(1, "WM", NAME[:20], ("recorder", "manager"), "active", date(2020, 1, 1), None, one_time=False),
        )
        password, act, no = (Secret("password", _("Password")),), _("Go on"), _("Do not go on")
        faults = [Fault(WRONG, NAME, WORDS[:60])] * 3
        if self.height > 600:  # what is added in passing needs 560, and a screen of 508 is lower
            self.ask("quick add", QuickAdd(desk, Customer, NAME, window).ask)
        for place, make in {
            "person": lambda: PersonDialog(desk, person, window),
            "password": lambda: SecretDialog("?", WRONG, password, act, print, parent=window, harmless=no),
            "diagnosis": lambda: DiagnosisDialog(desk, diagnosis.look(session), window),
            "licences": lambda: LicencesDialog(window),
            "faults": lambda: FaultsDialog(faults, window),
        }.items():
            self.ask(place, make().ask)

    def secrets(self) -> None:
        """Signing in, the lock, the recovery code."""
        session = self.window.session
        for place, dialog in (
            ("sign in", SignIn(session.folder, "王敏")),
            ("locked", Locked(session)),
            ("recovery code", RecoverySheet(session, "73QRW-X97KJ-DSRPG-6CMJ7-ESZ84")),
        ):
            dialog.show()
            self.at(place, dialog)
            dialog.hide()
            dialog.deleteLater()
