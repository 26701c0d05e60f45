"""Updates and diagnosis in the window: what is named, what is found, what is said when nothing answers."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any
from weakref import ref

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from app.core import log, signing
from app.core.errors import UserError
from app.views.messages import Dialog
from app.views.settings_updates import UpdatesPart
from app.views.updates import Aside, Watch
from app.views.window import Window
from installer import release_manifest
from tests.views.stage import Told, press, words_of


@pytest.fixture
def share(tmp_path: Path) -> tuple[Path, str]:
    """A folder with version 9.0.0, and the public key."""
    folder = tmp_path / "share"
    folder.mkdir()
    (folder / "kesu-9.0.0-py3-none-any.whl").write_bytes(b"installer")
    pem, public = signing.pair()
    release_manifest.signed(folder, pem, {"en": "Three things were mended"})
    return folder, signing.as_text(public)


def opened(window: Window) -> UpdatesPart:
    window.open_page("settings")
    window.page.show_part("updates")
    part = window.page.part()  # type: ignore[attr-defined]
    assert isinstance(part, UpdatesPart)
    return part


def name_it(part: UpdatesPart, folder: object, key: str) -> None:
    for code, text in (("update_folder", str(folder)), ("update_key", key)):
        editor: Any = part.form.form.editor(code)
        editor.set_value(text)
        editor.edited.emit()
    part.save()


def test_what_lies_in_the_named_folder_is_told(window: Window, share: tuple[Path, str], qtbot: QtBot) -> None:
    part = opened(window)
    assert not part.look_button.isEnabled()
    name_it(part, *share)
    assert window.session.settings["update_folder"] == str(share[0])
    part.look()
    qtbot.waitUntil(lambda: "Version 9.0.0 can be installed. New: Three things were mended" in words_of(part))
    assert part.get.isEnabled()
    assert window.desk.preferences.get("update_seen") == "9.0.0"


def test_blanks_around_what_was_pasted_are_not_kept(window: Window, share: tuple[Path, str]) -> None:
    folder, key = share
    name_it(opened(window), f"  {folder} ", f" {key}\t")
    assert (window.session.settings["update_folder"], window.session.settings["update_key"]) == (str(folder), key)


def test_the_folder_can_be_chosen(window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    part = opened(window)
    part.form.form.editor("update_folder").findChild(QPushButton, "choose_update_folder").click()
    assert part.form.form.values()["update_folder"] == str(tmp_path)
    assert part.dirty


def test_an_address_and_a_key_that_is_none_stand_at_their_fields(window: Window) -> None:
    part = opened(window)
    name_it(part, "https://example.com", "abc")
    rows = part.form.form.rows
    assert "never in the network" in str(rows["update_folder"].error())
    assert "no public key" in str(rows["update_key"].error())
    assert window.session.settings["update_folder"] is None


def test_a_changed_manifest_is_said_and_never_offered(window: Window, share: tuple[Path, str], qtbot: QtBot) -> None:
    part = opened(window)
    name_it(part, share[0], signing.as_text(signing.pair()[1]))
    part.look()
    qtbot.waitUntil(lambda: "not signed with the key" in words_of(part))
    assert not part.get.isEnabled()


def test_the_window_looks_once_a_day(window: Window, share: tuple[Path, str], qtbot: QtBot, told: Told) -> None:
    name_it(opened(window), *share)
    watch = Watch(window.desk, window)
    qtbot.waitUntil(lambda: bool(told.messages))
    told.expect("Version 9.0.0 can be installed")
    window.desk.preferences.put("update_seen", "")
    watch.look()
    assert window.desk.preferences.get("update_seen") == ""


def test_nothing_is_looked_for_where_no_folder_is_named(window: Window) -> None:
    Watch(window.desk, window)
    assert window.desk.preferences.get("update_looked") is None


def test_a_share_that_does_not_answer_is_said_and_holds_nothing_up(qapp: QApplication, qtbot: QtBot) -> None:
    free, owner = Event(), QObject()
    found: list[Exception | None] = []
    Aside(free.wait, lambda _result, error: found.append(error), owner, 20)
    qtbot.waitUntil(lambda: bool(found))
    free.set()
    assert isinstance(found[0], UserError)
    assert "does not answer" in str(found[0])


def test_the_thread_keeps_nothing_of_a_window_that_was_closed(qapp: QApplication, qtbot: QtBot) -> None:
    free, begun, owner = Event(), Event(), QObject()
    found: list[object] = []

    def work() -> None:
        begun.set()
        free.wait()

    aside = Aside(work, lambda *told: found.append(told), owner, 10_000)
    assert begun.wait(10)
    seen = ref(aside)
    delete(owner)
    del aside, owner
    assert seen() is None
    free.set()
    assert found == []


def test_what_is_said_of_a_newer_version_leads_to_its_part_of_the_settings(window: Window) -> None:
    window.desk.go("settings.updates")
    assert isinstance(window.page.part(), UpdatesPart)  # type: ignore[attr-defined]


def test_the_size_of_the_report_is_kept_on_this_desk(window: Window, told: Told, qtbot: QtBot) -> None:
    seen: list[int] = []

    def enlarge(dialog: Dialog) -> None:
        seen.append(dialog.height())
        dialog.resize(dialog.width(), dialog.height() + 40)
        press(dialog, "dialog_close")

    window.desk.go("help")
    asked: Any = window.page.findChild(QPushButton, "diagnosis")
    for count in (1, 2):
        told.answers.append(enlarge)
        asked.click()
        qtbot.waitUntil(lambda count=count: len(seen) == count)  # type: ignore[misc]
    assert seen[1] == seen[0] + 40


@pytest.mark.parametrize("place", ["settings.updates", "settings.about", "help"])
def test_the_report_can_be_copied_and_names_nobody(place: str, window: Window, told: Told, qtbot: QtBot) -> None:
    window.session.user = "王秀兰"
    log.refused(UserError("王秀兰 13800002211"))
    window.desk.go(place)
    asked: Any = window.page.findChild(QPushButton, "diagnosis")

    def copy_and_check(dialog: Dialog) -> None:
        press(dialog, "dialog_copy")
        press(dialog, "dialog_check")

    told.answers.append(copy_and_check)
    asked.click()
    assert not asked.isEnabled()
    qtbot.waitUntil(lambda: bool(told.dialogs))
    qtbot.waitUntil(lambda: window.page.nav == "history")
    text = QApplication.clipboard().text()
    assert "Free space" in text
    assert " refused kind=app.core.errors.UserError" in text
    personal = ("王秀兰", "13800002211", window.session.branch.name, str(window.session.folder), str(Path.home()))
    assert [one for one in personal if one in text] == []
