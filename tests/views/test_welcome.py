"""The first start: a branch is begun, or the sample branch made or opened; what was stopped leaves nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core import database, paths
from app.core.preferences import Preferences
from app.core.session import Session
from app.services import sample_folder, workplace
from app.views.application import make_window
from app.views.messages import MessageBar
from app.views.pieces.basics import breakable
from app.views.pieces.cards import Card
from app.views.recovery import RecoverySheet
from app.views.welcome import Welcome
from tests.staffed import ADMIN, PASSWORD, quick
from tests.views.stage import focus_name


@pytest.fixture
def welcome(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Welcome:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    made = Welcome(tmp_path / "data", "王敏")
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_branch_is_started_with_code_and_name(welcome: Welcome, tmp_path: Path) -> None:
    welcome.form.set_values({"code": "CX", "name": "城西分公司", "address": "解放路 6 号"})
    welcome.start.click()
    assert welcome.opened == tmp_path / "data"
    session = workplace.open_folder(tmp_path / "data")
    assert (session.branch.code, session.branch.name, session.branch.address) == ("CX", "城西分公司", "解放路 6 号")
    database.close()


def test_what_is_missing_stands_at_its_field(welcome: Welcome, tmp_path: Path) -> None:
    welcome.start.click()
    assert welcome.form.rows["code"].error()
    assert welcome.form.rows["name"].error()
    assert welcome.opened is None
    assert not database.exists(tmp_path / "data")


def test_a_folder_that_cannot_be_made_gives_a_sentence(welcome: Welcome, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, no folder")
    welcome.form.set_values({"code": "CX", "name": "城西分公司"})
    welcome.start.click()
    assert [bar.objectName() for bar in welcome.findChildren(MessageBar)] == ["message_bad"]
    assert welcome.opened is None


def test_it_says_that_there_is_no_password_and_where_the_data_lies(welcome: Welcome, tmp_path: Path) -> None:
    words = " ".join(one.text() for one in welcome.findChildren(type(welcome._step)))
    assert "no password" in words
    assert "not encrypted" in words
    assert breakable(tmp_path / "data") in words


def test_a_sample_that_is_there_is_opened(welcome: Welcome) -> None:
    sample_folder.start(paths.sample_folder(), "王敏")
    database.close()
    welcome.open_sample()
    assert welcome.opened == paths.sample_folder()


def test_a_sample_that_is_stopped_leaves_nothing(welcome: Welcome, qtbot: QtBot) -> None:
    welcome.open_sample()
    welcome.reject()
    qtbot.waitUntil(lambda: welcome._job is None, timeout=20_000)
    assert welcome.opened is None
    assert not database.exists(paths.sample_folder())
    assert welcome.try_sample.isEnabled()


def test_the_sample_is_made_and_opened(welcome: Welcome, qtbot: QtBot) -> None:
    welcome.sizes = {"customers": 12, "objections": 12, "complaints": 12, "months": 2}
    welcome.open_sample()
    assert not welcome.start.isEnabled()
    qtbot.waitUntil(lambda: welcome.opened is not None, timeout=60_000)
    session = workplace.open_folder(paths.sample_folder())
    assert session.branch.sample
    database.close()


def test_a_real_branch_is_never_taken_for_the_sample(tmp_path: Path) -> None:
    workplace.init(tmp_path / "data", {"code": "CD", "name": "城东分公司"})
    database.close()
    with pytest.raises(Exception, match="real branch"):
        sample_folder.start(tmp_path / "data")
    assert database.exists(tmp_path / "data")


@pytest.mark.parametrize(("named", "acts"), [("", "李强"), ("刘洋", "刘洋")])
def test_a_user_named_at_the_start_goes_before_the_one_that_the_desk_is_set_to(
    session: Session, qapp: QApplication, qtbot: QtBot, named: str, acts: str
) -> None:
    Preferences(session.folder).put("user", "李强")
    qtbot.addWidget(make_window(qapp, session, named))
    assert session.user == acts


def test_all_that_is_wrong_is_said_at_its_field_at_once(welcome: Welcome, tmp_path: Path) -> None:
    welcome.way.option("staff").click()
    welcome.start.click()
    assert welcome.form.rows["name"].error()
    assert welcome.secrets.error("password") == "Password is missing."
    assert focus_name() == "name"
    assert not database.exists(tmp_path / "data")


def test_the_cards_end_at_the_same_height(welcome: Welcome, qtbot: QtBot) -> None:
    for way in ("open", "staff"):
        welcome._show_way(way)
        qtbot.wait(1)
        ends = {card.title.text(): card.mapTo(welcome, card.rect().bottomLeft()).y() for card in welcome.findChildren(Card)}
        assert ends["Start a branch"] == ends["Or try the sample branch"]


def test_a_branch_with_passwords_is_begun_with_its_administrator(
    welcome: Welcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick(monkeypatch)
    shown: list[str] = []
    monkeypatch.setattr(RecoverySheet, "ask", lambda self: shown.append(self._code))
    welcome.form.set_values({"code": "CX", "name": "城西分公司"})
    assert not welcome.secrets.isVisible()
    welcome.way.set_value("staff")
    welcome._show_way("staff")
    assert welcome.secrets.isVisible()
    assert welcome.secrets.editors["admin"].text() == "王敏"
    welcome.secrets.editors["admin"].clear()
    welcome.start.click()
    assert welcome.secrets.error("admin") == "Administrator is missing."
    for code, text in (("admin", ADMIN), ("password", "12345"), ("again", "12345")):
        welcome.secrets.editors[code].setText(text)
    welcome.start.click()
    assert "10 characters" in welcome.secrets.error("password")
    assert not database.exists(tmp_path / "data")
    for code in ("password", "again"):
        welcome.secrets.editors[code].setText(PASSWORD)
    welcome.start.click()
    assert (welcome.opened, len(shown[0])) == (tmp_path / "data", 29)
    assert welcome.session is not None
    assert (welcome.session.user, welcome.session.open) == (ADMIN, False)
    database.close()
