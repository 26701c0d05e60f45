"""The days of the administrator and of what the branch head alone does, followed by the words of the handbook alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QWidget
from pytestqt.qtbot import QtBot

from app.core import database, signing
from app.core.session import Session
from app.models import certificates, staff
from app.models.customers import Customer
from app.services import backup_places, backups, first_day, scheduled_export, workplace
from app.views import restore
from app.views.application import make_window
from app.views.field_grid import FieldRow
from app.views.sign_in import Locked, SignIn
from app.views.welcome import Welcome
from app.views.window import Window
from installer import release_manifest
from tests import certified
from tests.end_to_end.conftest import DAY, Desk
from tests.end_to_end.reader import Reader, form_of, seen
from tests.make import Make
from tests.staffed import ADMIN, OWN, PASSWORD, quick, signed_in
from tests.views.stage import Key, Told, choose_file, fill, finish, key, open_window, press, settle, throw_away, type_keys


def choosing(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Path:
    """The dialog that asks for a folder answers so."""
    folder.mkdir(exist_ok=True)
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getExistingDirectory", lambda *_asked: str(folder))
    return folder


def before(reader: Reader, *captions: str) -> Callable[[QDialog], None]:
    """What is pressed in the dialog that comes next."""

    def answer(dialog: QDialog) -> None:
        with reader.before(dialog):
            for caption in captions:
                reader.press(caption)

    return answer


def shown(qtbot: QtBot, widget: QWidget) -> QWidget:
    qtbot.addWidget(widget)
    widget.show()
    QApplication.processEvents()
    return widget


def test_a_branch_is_begun_by_the_words_of_the_handbook(
    spoken: str, qapp: QApplication, qtbot: QtBot, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    welcome = Welcome(tmp_path / "data", ADMIN)
    shown(qtbot, welcome)
    reader = Reader(welcome, "first-day")
    reader.sees("Open the sample branch")
    welcome.activateWindow()
    welcome.form.focus_field("name")
    type_keys("城西分公司")
    key(Key.Key_Tab)
    reader.at(0, 2).sees("Without passwords", "With passwords")
    reader.press("Start the branch")
    assert (welcome.opened, welcome.course) == (tmp_path / "data", first_day.NEW)
    session = workplace.open_folder(tmp_path / "data", user=ADMIN)
    window = make_window(qapp, session)
    window.show()
    reader = Reader(window, "first-day").at(0, 4)
    window.desk.wanted_step.emit("")
    settle(qtbot)
    reader.sees("First day", "Skip", "Do it later")
    reader.told("Do not show again")
    reader.press("Branch")
    fill(form_of(next(one for one in seen(window, FieldRow) if one.declared.code == "legal_name")), phone="0571-55500123")
    reader.press("Save")
    assert session.branch.phone == "0571-55500123"
    reader.told("People")
    reader.press("Import")
    reader.press("Settings")
    reader.press("Backups")
    second = choosing(monkeypatch, tmp_path / "U盘")
    reader.press("Choose folder")
    finish(qtbot)
    reader.press("Back up now")
    finish(qtbot)
    assert list(second.rglob(f"*{backup_places.ENDING}"))
    throw_away(window)
    database.close()


def test_the_administrator_adds_people_backs_up_and_restores_by_the_words_of_the_handbook(
    office: Session, at: Desk, told: Told, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = choosing(monkeypatch, tmp_path / "U盘")
    with at(ADMIN) as window:
        _added(window, told)
        reader = Reader(window, "back-up").at(1, 2)
        reader.press("Settings")
        reader.press("Backups")
        reader.told("Second place")
        reader.press("Choose folder")
        finish(qtbot)
        reader.press("Back up now")
        finish(qtbot)
        assert list(second.rglob(f"*{backup_places.ENDING}"))
        reader.at(2).press("Try a restore")
        finish(qtbot)
        reader = Reader(window, "restore").at(1)
        reader.press("Settings")
        reader.press("Backups")
        told.answers.append(_kept)
        reader.at(1, 2).press("Restore …")
        qtbot.waitUntil(lambda: not told.answers, timeout=30_000)


def _kept(dialog: QDialog) -> None:
    reader = Reader(dialog, "restore").at(1, 4)
    reader.sees("Restore")
    reader.press("Keep the present data")


def _added(window: Window, told: Told) -> None:
    """A colleague, whose password is for one time."""
    reader = Reader(window, "staff").at(2)
    reader.press("Settings")
    reader.press("People")
    reader.sees("New colleague")
    reader.fill("Full name", "马骏")
    reader.sees("Staff code")
    form = form_of(next(one for one in seen(window, FieldRow) if one.declared.code == "name"))
    fill(form, roles=("handler",))
    told.answers.append(before(Reader(window, "staff").at(2, 3), "Done"))
    reader.press("Add")
    assert "马骏" in [one.name for one in staff.listed(window.session)]
    reader.at(3).sees("Edit", "New password", "Disable")
    reader.told("Handed over to")
    reader.sees("New recovery sheet")


def test_passwords_are_turned_on_by_the_words_of_the_handbook(alone: Window, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)
    reader = Reader(alone, "staff").at(1)
    reader.told("With passwords")
    reader.press("Settings")
    reader.press("People")

    def turn_on(dialog: Any) -> None:
        dialog.secrets.editors["admin"].setText(ADMIN)
        for name in ("password", "again"):
            dialog.secrets.editors[name].setText(PASSWORD)
        with reader.before(dialog):
            reader.press("Turn on")

    def keep_sheet(dialog: QDialog) -> None:
        with reader.before(dialog):
            reader.sees("Print")
            reader.told("The sheet is printed, or the code written down")
            dialog.findChildren(QCheckBox)[0].setChecked(True)
            reader.press("Go on")

    told.answers += [turn_on, keep_sheet]
    reader.press("Turn passwords on")
    assert not alone.session.open


def test_signing_in_and_changing_the_password_go_by_the_words_of_the_handbook(
    office: Session, at: Desk, qtbot: QtBot, told: Told
) -> None:
    database.close()
    dialog = SignIn(office.folder, "")
    shown(qtbot, dialog)
    reader = Reader(dialog, "sign-in")
    reader.fill("Full name", DAY["clerk"])
    reader.fill("Password", OWN)
    Reader(dialog, "sign-in").at(4).sees("Forgot the password?")
    reader.press("Sign in")
    assert dialog.session is not None
    locked = Locked(dialog.session)
    shown(qtbot, locked)
    locked.secrets.editors["password"].setText(OWN)
    Reader(locked, "sign-in").at(2).sees("Somebody else")
    Reader(locked, "sign-in").at(2).press("Unlock")
    assert locked.chosen == "done"
    with at(DAY["clerk"]) as window:
        reader = Reader(window, "sign-in").at(3)
        reader.press("Settings")
        reader.press("People")

        def change(asked: QDialog) -> None:
            with reader.before(asked):
                reader.sees("Set the password")

        told.answers.append(change)
        reader.press("Change the password")
        reader.at(5)
        reader.press("Settings")
        reader.press("This desk")
        reader.sees("My name", "Language", "Colours", "Size of type", "Reminders by the system")


def test_a_new_computer_goes_on_by_the_words_of_the_handbook(
    session: Session, make: Make, spoken: str, told: Told, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.customer(name="鑫瑞达商行")
    window = open_window(qtbot, session)
    reader = Reader(window, "new-computer")
    stick = choosing(monkeypatch, tmp_path / "U盘")
    reader.press("Settings")
    reader.press("Backups")
    reader.press("Choose folder")
    finish(qtbot)
    reader.press("Back up now")
    finish(qtbot)
    throw_away(window)
    database.close()
    welcome = Welcome(tmp_path / "new", ADMIN)
    shown(qtbot, welcome)
    choose_file(monkeypatch, max(stick.rglob(f"*{backup_places.ENDING}")))
    reader = Reader(welcome, "new-computer").at(0, 3)
    told.answers.append(before(reader, "Put it in place"))
    told.answers.append(lambda _dialog: finish(qtbot))
    told.answer("go_on")
    reader.press_at("Choose backup or archive", "A new computer")
    assert (welcome.opened, welcome.course) == (tmp_path / "new", first_day.MOVED)
    database.close()


def test_where_the_data_is_damaged_the_newest_backup_comes_back_by_the_words_of_the_handbook(
    session: Session, make: Make, spoken: str, told: Told, qtbot: QtBot
) -> None:
    make.customer()
    backups.make(session.folder, "hand", session.clock())
    database.close()
    (session.folder / database.FILE_NAME).write_bytes(b"x" * 5000)

    def answer(dialog: QDialog) -> None:
        reader = Reader(dialog, "restore").at(2)
        reader.sees("Restore this backup", "Choose another backup")
        reader.at(2).press("Restore this backup")

    told.answers.append(answer)
    told.answers.append(lambda _dialog: finish(qtbot))
    told.answer("go_on")
    assert restore.rescue(session.folder, "x")


def test_a_certificate_is_set_and_removed_by_the_words_of_the_handbook(
    alone: Window, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    p12 = tmp_path / "branch.p12"
    p12.write_bytes(certified.certificate())
    choose_file(monkeypatch, p12)
    alone.open_page("settings")
    reader = Reader(alone, "settings").at(1)
    reader.press("Certificate")

    def typed(dialog: QDialog) -> None:
        with reader.before(dialog):
            reader.fill("Password of the certificate", certified.PASSWORD)
            reader.press("Set certificate")

    told.answers.append(typed)
    reader.press("Choose certificate")
    assert certificates.current(alone.session) is not None
    reader.sees("Replace certificate", "Remove certificate")


def test_newer_versions_and_the_diagnosis_are_found_by_the_words_of_the_handbook(
    alone: Window, told: Told, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = tmp_path / "share"
    share.mkdir()
    (share / "kesu-9.0.0-py3-none-any.whl").write_bytes(b"installer")
    pem, public = signing.pair()
    release_manifest.signed(share, pem, {"en": "Three things were mended"})
    alone.open_page("settings")
    reader = Reader(alone, "settings").at(2)
    reader.press("Updates")
    reader.fill("Folder of newer versions", str(share))
    reader.fill("Public key", signing.as_text(public))
    reader.press("Save")
    reader.press("Look now")
    part = alone.page.part()  # type: ignore[attr-defined]
    qtbot.waitUntil(part.get.isEnabled, timeout=20_000)
    reader.sees("Fetch and check")
    alone.open_page("settings")
    helped = Reader(alone, "trouble")
    told.answers.append(before(helped, "Copy report"))
    press(alone.page, "diagnosis")
    qtbot.waitUntil(lambda: not told.answers, timeout=30_000)
    finish(qtbot)


def test_the_branch_head_gives_out_and_erases_by_the_words_of_the_handbook(
    office: Session, at: Desk, told: Told, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = Make(signed_in(office, DAY["clerk"])).customer(name="鑫源商行").number
    with at(DAY["head"], customer) as window:
        reader = Reader(window, "personal-data").at(1)
        window.session.proved_at = window.session.uptime()
        choose_file(monkeypatch, tmp_path / "给客户.pdf")
        reader.choose("Customer file", "Give out personal data…")
        finish(qtbot)
        assert (tmp_path / "给客户.pdf").exists()
        reader.at(2)

        def answer(dialog: Any) -> None:
            fill(dialog.form, reason="2026-11-23 书面申请")
            Reader(dialog, "personal-data").at(2, 3).press("Erase")

        told.answers.append(answer)
        reader.choose("Customer file", "Erase personal data…")
        finish(qtbot)
        assert Customer.get().name != "鑫源商行"
        reader.at(3)
        reader.press("Customers")
        reader.press("Retention")
        finish(qtbot)


def test_the_branch_head_registers_the_monthly_export_by_the_words_of_the_handbook(
    office: Session, at: Desk, told: Told, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_config_dir", lambda *_asked, **_named: str(tmp_path / "account"))
    choosing(monkeypatch, tmp_path / "月报")
    with at(DAY["head"]) as window:
        window.session.proved_at = window.session.uptime()
        reader = Reader(window, "export-month").at(1)
        window.open_page("settings")
        reader.told("Settings")
        reader.press("Exports")
        told.answers.append(before(Reader(window, "export-month").at(1, 2), "Register"))
        reader.press("Register")
        assert scheduled_export.registered() is not None
        reader.at(1, 3).press("Copy command")
        reader.sees("Withdraw")
