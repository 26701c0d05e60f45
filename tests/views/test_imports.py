"""The import page: columns recognised and chosen, tried, taken in; what could not come in is shown and saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableWidget
from pytestqt.qtbot import QtBot

from app.core.errors import UserError
from app.core.preferences import Preferences
from app.core.session import Session
from app.models.customers import Customer
from app.views.desk import Desk
from app.views.import_result import ResultCard
from app.views.imports import ImportPage
from app.views.messages import MessageBar
from app.views.pieces.basics import Button, lying

REGISTER = """客户名称,电话,类型,备注栏
鑫源商行,13800001111,零售户,甲
鑫源二店,13800001112,超市,乙
,13800001113,零售户,丙
"""


@pytest.fixture
def desk(session: Session) -> Desk:
    return Desk(session, Preferences(session.folder))


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> ImportPage:
    made = ImportPage(desk)
    qtbot.addWidget(made)
    made.show()
    made.kind.set_value("customers")
    return made


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "台账.csv"
    path.write_text(REGISTER, encoding="utf-8")
    return path


def settle(page: ImportPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not page._busy, timeout=15_000)


def opened(page: ImportPage, qtbot: QtBot, path: Path) -> ImportPage:
    page.open_file(path)
    settle(page, qtbot)
    return page


def result(page: ImportPage) -> ResultCard:
    (card,) = lying(page._told)
    assert isinstance(card, ResultCard)
    return card


def sentences(page: ImportPage) -> str:
    return " ".join(bar.words.text() for bar in page.findChildren(MessageBar))


def test_nothing_can_be_tried_before_a_file_is_chosen(page: ImportPage) -> None:
    assert not page._try.isEnabled()
    assert page._try.toolTip() == "Choose a file first."


def test_columns_that_are_recognised_have_their_field(page: ImportPage, qtbot: QtBot, register: Path) -> None:
    opened(page, qtbot, register)
    assert [page._columns.combo(place).value() for place in range(4)] == ["name", "phone", "type", None]
    assert page._try.isEnabled()


def test_the_first_rows_are_shown_as_they_would_come_in(page: ImportPage, qtbot: QtBot, register: Path) -> None:
    table = opened(page, qtbot, register)._preview.table
    assert table.rowCount() == 3
    assert [table.item(0, place).text() for place in range(4)] == ["2", "鑫源商行", "13800001111", "Retailer"]  # type: ignore[union-attr]


def test_it_is_said_that_numbers_of_the_register_stay_beside_our_own(page: ImportPage, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "311.csv"
    path.write_text("投诉编号,投诉日期,投诉内容\n39573567,2018-06-01,噪音\n", "utf-8")
    page.kind.set_value("complaints")
    table = opened(page, qtbot, path)._preview.table
    heads = [table.model().headerData(place, Qt.Orientation.Horizontal) for place in range(4)]
    assert heads == ["Line", "Reference of the source", "Received at", "What happened"]
    assert page._preview._numbers.text().startswith("Each new case gets a number of its own")
    assert page._preview._numbers.isVisible()
    page.kind.set_value("products")
    path.write_text("产品编号,产品名称\nYL01,云岭\n", "utf-8")
    assert not opened(page, qtbot, path)._preview._numbers.isVisible()


def test_trying_counts_and_writes_nothing(page: ImportPage, qtbot: QtBot, register: Path) -> None:
    opened(page, qtbot, register).take(dry_run=True)
    settle(page, qtbot)
    assert result(page).counts() == {"created": 2, "updated": 0, "unchanged": 0, "rejected": 1}
    assert Customer.select().count() == 0
    assert not page._take.isHidden()
    assert "超市" in sentences(page)


def test_taking_in_writes_and_leads_to_the_list(page: ImportPage, desk: Desk, qtbot: QtBot, register: Path) -> None:
    opened(page, qtbot, register).take(dry_run=True)
    settle(page, qtbot)
    page._take.click()
    settle(page, qtbot)
    assert sorted(one.name for one in Customer.select()) == ["鑫源二店", "鑫源商行"]
    with qtbot.waitSignal(desk.wanted_page) as went:
        result(page).findChild(Button, "open_list").click()  # type: ignore[union-attr]
    assert went.args is not None
    assert went.args[0] == "customers"


def test_a_column_that_was_chosen_by_hand_comes_in(page: ImportPage, qtbot: QtBot, register: Path) -> None:
    opened(page, qtbot, register)
    combo = page._columns.combo(3)
    combo.set_value("short_name")
    combo.edited.emit()
    qtbot.waitUntil(lambda: "short_name" in page._opened.header.columns, timeout=3000)  # type: ignore[union-attr]
    page.take(dry_run=False)
    settle(page, qtbot)
    assert {one.short_name for one in Customer.select()} == {"甲", "乙"}


def test_another_choice_of_columns_has_to_be_tried_again(page: ImportPage, qtbot: QtBot, register: Path) -> None:
    opened(page, qtbot, register).take(dry_run=True)
    settle(page, qtbot)
    page._columns.combo(1).set_value(None)
    page._columns.combo(1).edited.emit()
    qtbot.waitUntil(page._take.isHidden, timeout=3000)
    assert page._try.isEnabled()


def test_a_file_whose_headers_are_unknown_can_be_mapped_by_hand(page: ImportPage, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("Xq,Zw\nOne,2\nTwo,3\n", encoding="utf-8")
    opened(page, qtbot, path)
    assert not page._try.isEnabled()
    page._columns.combo(0).set_value("name")
    page._columns.combo(0).edited.emit()
    qtbot.waitUntil(page._try.isEnabled, timeout=3000)
    page.take(dry_run=False)
    settle(page, qtbot)
    assert sorted(one.name for one in Customer.select()) == ["One", "Two"]


def test_rejected_rows_are_shown_with_their_reason_and_saved(
    page: ImportPage, qtbot: QtBot, register: Path, tmp_path: Path
) -> None:
    opened(page, qtbot, register).take(dry_run=True)
    settle(page, qtbot)
    card = result(page)
    table = card.findChild(QTableWidget, "rejected")
    assert table is not None
    assert table.item(0, 0).text() == "4"  # type: ignore[union-attr]
    assert "Name" in table.item(0, 3).text()  # type: ignore[union-attr]
    target = tmp_path / "rejected.xlsx"
    card.save_rejects(target)
    qtbot.waitUntil(target.exists, timeout=10_000)


def test_a_mapping_is_saved_and_taken_again(page: ImportPage, qtbot: QtBot, register: Path, tmp_path: Path) -> None:
    opened(page, qtbot, register)
    page.write_mapping_to(tmp_path / "map.toml")
    page._mapping = tmp_path / "map.toml"
    page.reopen()
    settle(page, qtbot)
    assert "map.toml" in page._mapping_words.text()
    assert page._columns.combo(0).value() == "name"


def test_a_file_that_cannot_be_read_gives_a_sentence(page: ImportPage, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    opened(page, qtbot, tmp_path / "empty.csv")
    assert "is empty" in sentences(page)
    assert not page._try.isEnabled()


def test_a_mapping_that_cannot_be_written_gives_a_sentence(
    page: ImportPage, desk: Desk, qtbot: QtBot, register: Path, tmp_path: Path
) -> None:
    opened(page, qtbot, register)
    with qtbot.waitSignal(desk.failed) as failed:
        page.write_mapping_to(tmp_path / "no" / "map.toml")
    assert failed.args is not None
    assert isinstance(failed.args[0], UserError)


def test_another_file_starts_anew(page: ImportPage, qtbot: QtBot, register: Path) -> None:
    opened(page, qtbot, register).take(dry_run=False)
    settle(page, qtbot)
    result(page).again.emit()
    assert page._opened is None
    assert page._file.text() == ""
