"""The certificate in the window: set, replaced and removed by keyboard, asked for its password where a paper goes out, and said
above all pages before it ends.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core.session import Session
from app.models import attachments, certificates, history, prints
from app.models.certificates import CertificateKey, Held, SignedEdition
from app.models.record import Record
from app.services import backups
from app.views import printing
from app.views.agreements import AgreementPage
from app.views.keeper import Keeper
from app.views.messages import Dialog
from app.views.papers import PaperPage
from app.views.settings_certificate import CertificatePart
from app.views.window import Window
from tests import certified
from tests.conftest import Clock
from tests.make import Make
from tests.models.stands import agreement_in
from tests.staffed import protected, quick
from tests.views.panels import everything, tab_to
from tests.views.stage import Answer, Key, Told, buttons, choose_file, finish, focus_name, key, press, words_of
from tests.views.test_handing_out import drop, pull
from tests.views.test_papers import to_file
from tests.views.test_sign_in import enter, fill, said

NEEDED = "the password of the certificate is needed"


def brought(folder: Path, content: bytes = b"") -> Path:
    path = folder / "branch.p12"
    path.write_bytes(content or certified.certificate())
    return path


def held_by(session: Session) -> Held:
    held = certificates.current(session)
    assert held is not None
    return held


def typing(*passwords: str) -> Answer:
    """Each is tried with Enter."""

    def answer(dialog: Dialog) -> None:
        for one in passwords:
            fill(dialog, certificate_password=one)
            enter(dialog)

    return answer


def leave(dialog: Dialog) -> None:
    QTest.keyClick(dialog, Key.Key_Escape)


def part_of(window: Window) -> CertificatePart:
    window.open_page("settings")
    window.page.show_part("certificate")  # type: ignore[attr-defined]
    QApplication.processEvents()
    part = window.page.part()  # type: ignore[attr-defined]
    assert isinstance(part, CertificatePart)
    return part


# In the settings.


def test_a_certificate_is_chosen_by_keyboard_and_its_facts_are_shown(
    window: Window, session: Session, told: Told, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    part = part_of(window)
    assert "agreements are issued unsigned" in words_of(part)
    choose_file(monkeypatch, brought(tmp_path))
    told.answers.append(typing(certified.PASSWORD))
    part.setFocus()
    assert focus_name() == "choose_certificate"
    key(Key.Key_Return)
    QApplication.processEvents()
    facts = held_by(session).facts
    assert told.toasts == ["Agreements are signed with this certificate from now on."]
    shown = words_of(part)
    for words in ("城东分公司", "2027-12-31", "2026-11-23 14:32", facts.fingerprint[:4], "asked for when signing"):
        assert words in shown
    assert "unsigned" not in shown
    assert window.focusWidget().objectName() == "choose_certificate"


def test_a_wrong_password_is_said_at_its_field_and_the_right_one_goes_on(
    window: Window, session: Session, told: Told, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    part = part_of(window)
    choose_file(monkeypatch, brought(tmp_path))

    def answer(dialog: Dialog) -> None:
        enter(dialog)
        assert "Password of the certificate is missing." in words_of(dialog)
        typing("wrong")(dialog)
        assert "The password does not open this file" in words_of(dialog)
        assert dialog.focusWidget().objectName() == "certificate_password"
        assert certificates.current(session) is None
        typing(certified.PASSWORD)(dialog)

    told.answers.append(answer)
    press(part, "choose_certificate")
    assert held_by(session).facts.subject == "城东分公司"


def test_an_unfit_certificate_says_why_and_changes_nothing(
    window: Window, session: Session, told: Told, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    part = part_of(window)
    choose_file(monkeypatch, brought(tmp_path, certified.certificate("旧的", until=certified.late(-1))))

    def answer(dialog: Dialog) -> None:
        typing(certified.PASSWORD)(dialog)
        assert said(dialog) == "The certificate expired on 2026-11-22."
        leave(dialog)

    told.answers.append(answer)
    press(part, "choose_certificate")
    assert certificates.current(session) is None
    assert told.toasts == []


def test_the_certificate_is_removed_by_keyboard_after_a_question(
    window: Window, session: Session, told: Told, tmp_path: Path
) -> None:
    certificates.choose(session, brought(tmp_path), certified.PASSWORD)
    part = part_of(window)
    for answer, left in (("no", 1), ("yes", 0)):
        window.activateWindow()
        tab_to("remove_certificate")
        told.answer(answer)
        key(Key.Key_Return)
        assert CertificateKey.select().count() == left
        assert window.focusWidget().objectName() == ("remove_certificate" if left else "choose_certificate")
    assert "Remove the certificate?" in told.dialogs[-1]
    assert "agreements are issued unsigned" in words_of(part)


def test_who_may_not_set_it_sees_why_and_no_button(window: Window, session: Session, tmp_path: Path) -> None:
    certificates.choose(session, brought(tmp_path), certified.PASSWORD)
    session.roles = frozenset({"clerk"})
    part = part_of(window)
    assert "This needs the role" in words_of(part)
    assert "城东分公司" in words_of(part)
    assert buttons(part) == set()


# Where a paper goes out.


@pytest.fixture
def agreement(session: Session, make: Make, tmp_path: Path) -> Record:
    """One that holds, in an open branch with a certificate whose password nobody gave yet."""
    certificates.choose(session, brought(tmp_path), certified.PASSWORD)
    made: Record = agreement_in(make, "released")
    return made


@pytest.fixture
def page(agreement: Record, window: Window) -> PaperPage:
    window.open_paper("agreement", agreement.number)
    assert isinstance(window.page, PaperPage)
    return window.page


def to_printer(monkeypatch: pytest.MonkeyPatch, path: Path, copies: int = 1) -> None:
    """The printing dialog answers with a printer that writes a file."""

    def asked(*_asked: object) -> QPrinter:
        return to_file(path, copies)

    monkeypatch.setattr(printing, "ask", asked)


def test_saving_asks_for_the_password_once_and_each_file_has_the_same_bytes(
    page: PaperPage, session: Session, agreement: Record, told: Told, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told.answers.append(typing("wrong", certified.PASSWORD))
    files = [tmp_path / "first.pdf", tmp_path / "second.pdf"]
    for path in files:
        choose_file(monkeypatch, path)
        press(page, "save_pdf")
    first, second = (path.read_bytes() for path in files)
    assert b"/ByteRange" in first
    assert first == second == page.view.content
    assert len(prints.of(agreement)) == 2
    assert SignedEdition.get().sha256 == attachments.of(session, agreement)[0].sha256
    assert len(told.dialogs) == 1


def test_printing_signs_once_and_counts_each_copy(
    page: PaperPage, session: Session, agreement: Record, told: Told, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told.answers.append(typing(certified.PASSWORD))
    to_printer(monkeypatch, tmp_path / "sent.pdf")
    press(page, "print")
    signed = page.view.content
    press(page, "print")
    assert page.view.content == signed
    assert b"/ByteRange" in signed
    assert [one.copies for one in prints.of(agreement)] == [2, 2]
    assert [one.action for one in history.of("agreement", agreement.id)].count("certify") == 1
    assert len(attachments.of(session, agreement)) == 1


def test_dragging_out_signs(page: PaperPage, agreement: Record, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    told.answers.append(typing(certified.PASSWORD))
    files = drop(monkeypatch, Qt.DropAction.CopyAction)
    pull(page)
    assert files[0].read_bytes() == page.view.content
    assert b"/ByteRange" in page.view.content
    assert len(prints.of(agreement)) == 1


def test_the_page_of_the_agreement_signs_what_it_prints(
    window: Window, agreement: Record, told: Told, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    window.open_record(agreement.number)
    assert isinstance(window.page, AgreementPage)
    told.answers.append(typing(certified.PASSWORD))
    to_printer(monkeypatch, tmp_path / "sent.pdf")
    window.page.print_page()
    window.page.print_page()
    assert SignedEdition.select().count() == 1
    assert window.page.issued is not None
    assert b"/ByteRange" in window.page.issued.content
    assert len(prints.of(agreement)) == 2


@pytest.mark.parametrize("act", ["save", "print", "drag", "page"])
def test_who_leaves_the_password_leaves_nothing_half_done(
    page: PaperPage,
    window: Window,
    make: Make,
    agreement: Record,
    told: Told,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    act: str,
) -> None:
    path, files = tmp_path / "sent.pdf", drop(monkeypatch, Qt.DropAction.CopyAction)
    choose_file(monkeypatch, path)
    to_printer(monkeypatch, path)
    before, seen = everything(make, agreement), page.view.content
    told.answers.append(leave)
    if act == "page":
        window.open_record(agreement.number)
        window.page.print_page()  # type: ignore[attr-defined]
    else:
        {"save": page.save, "print": page.print_page, "drag": lambda: pull(page)}[act]()
        assert page.view.content == seen
    told.expect(NEEDED)
    assert not path.exists()
    assert files == []
    assert everything(make, agreement) == before
    assert told.toasts == []


def test_where_passwords_are_nothing_is_asked(
    session: Session, make: Make, told: Told, window: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    agreement = agreement_in(make, "released")
    quick(monkeypatch)
    protected(session)
    certificates.choose(session, brought(tmp_path), certified.PASSWORD)
    window.open_paper("agreement", agreement.number)
    assert isinstance(window.page, PaperPage)
    window.page.save_to(tmp_path / "sent.pdf")
    assert b"/ByteRange" in (tmp_path / "sent.pdf").read_bytes()
    assert told.dialogs == []
    assert "kept in the encrypted database" in words_of(part_of(window))


# Before it ends.


@pytest.fixture
def keeper(window: Window) -> Keeper:
    return Keeper(window)


def set_for(session: Session, folder: Path, days: int) -> None:
    """A certificate that ends so many days from the test's beginning; the day's backup is made."""
    certificates.choose(session, brought(folder, certified.certificate(until=certified.late(days))), certified.PASSWORD)
    backups.make(session.folder, "daily", session.clock())


def test_a_certificate_that_ends_soon_is_said_above_every_page_until_it_is_removed(
    window: Window, keeper: Keeper, session: Session, clock: Clock, qtbot: QtBot, told: Told, tmp_path: Path
) -> None:
    set_for(session, tmp_path, 31)
    finish(qtbot)
    assert window.standing.sentences() == []
    clock.advance(days=1)
    backups.make(session.folder, "daily", session.clock())
    keeper.look()
    finish(qtbot)
    assert window.standing.sentences() == ["The certificate expires in 30 days. Ask for the next one."]
    press(window.standing, "Open settings")
    told.answer("yes")
    press(window.page, "remove_certificate")
    finish(qtbot)
    assert window.standing.sentences() == []


def test_an_expired_certificate_is_said_above_every_page(
    window: Window, keeper: Keeper, session: Session, clock: Clock, qtbot: QtBot, tmp_path: Path
) -> None:
    set_for(session, tmp_path, 5)
    clock.advance(days=6)
    backups.make(session.folder, "daily", session.clock())
    keeper.look()
    finish(qtbot)
    (said,) = window.standing.sentences()
    assert said.startswith("The certificate expired on 2026-11-28. Agreements cannot be signed until")


def test_who_cannot_mend_it_is_not_told(window: Window, keeper: Keeper, session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    set_for(session, tmp_path, 5)
    session.roles = frozenset({"clerk"})
    keeper.look()
    finish(qtbot)
    assert window.standing.sentences() == []
