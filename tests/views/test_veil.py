"""Guarded values in the window: no page says them to who may not read them, an eye shows them, forms leave them as they are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QLineEdit, QPlainTextEdit, QWidget

from app.core.session import ROLES, Session
from app.models import history, sight
from app.models.customers import Customer
from app.models.record import edit, find, parts_of
from app.models.steps import step_of
from app.views import style
from app.views.customer_form import CustomerForm
from app.views.lists import CustomersPage
from app.views.pieces.basics import Button
from app.views.step_panel import StepPanel
from app.views.window import Window
from tests.guarded import BLIND, SECRETS, Guarded, fill, found_in, nobody_reads
from tests.make import Make
from tests.views.stage import Told, press


@pytest.fixture
def held(make: Make) -> Guarded:
    return fill(make)


def _cells(model: QAbstractItemModel) -> Iterator[str]:
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
    for line in range(model.rowCount()):
        for column in range(columns):
            yield str(model.index(line, column).data())


def everything(widget: QWidget) -> str:
    """All texts of a widget, hidden ones too: labels, editors, tips, descriptions, the cells of tables."""
    told: list[str] = []
    for one in [widget, *widget.findChildren(QWidget)]:
        told += [one.toolTip(), one.accessibleName(), one.accessibleDescription()]
        if isinstance(one, QLabel | QLineEdit):
            told.append(one.text())
        elif isinstance(one, QPlainTextEdit):
            told.append(one.toPlainText())
        elif isinstance(one, QAbstractItemView) and one.model() is not None:
            told += _cells(one.model())
    return "\n".join(told)


def pages(window: Window, held: Guarded) -> Iterator[tuple[str, str]]:
    """Every page that could say it, by name, with all its texts."""
    for place in ("customers", "complaints", "agreements", "objections", "promises", "history", "workbench"):
        window.open_page(place)
        window.page.refresh()
        QApplication.processEvents()
        for table in window.page.findChildren(QAbstractItemView):
            table.selectAll()
        QApplication.processEvents()
        yield place, everything(window.page)
    for record in (held.customer, held.complaint):
        window.open_record(str(record.number))
        QApplication.processEvents()
        texts = [everything(window.page)]
        for code, _word in getattr(window.page, "tabs", list)():
            window.page.open_tab(code)
            QApplication.processEvents()
            texts.append(everything(window.page))
        yield record.KIND, "\n".join(texts)
    window.open_record(str(held.agreement.number))
    QApplication.processEvents()
    yield "agreement", everything(window.page)
    for kind, record in (("customer", held.customer), ("complaint", held.complaint), ("agreement", held.agreement)):
        window.desk.new(kind, {"_edit": str(record.number)})
        QApplication.processEvents()
        yield f"form of {kind}", everything(window.page)


SAID = {
    "customers": {"customer.phone"},
    "complaints": {"complaint.phone"},
    "history": {*SECRETS},
    "customer": {"customer.phone", "customer.contacts.phone", "customer.background"},
    "complaint": {"complaint.phone"},
    "form of customer": {"customer.phone", "customer.contacts.phone", "customer.background"},
    "form of complaint": {"customer.phone", "complaint.phone"},
    "form of agreement": {"agreement.party_b_identity", "agreement.party_b_phone"},
}
"""What pages say to somebody who reads everything."""


def test_no_page_says_what_may_not_be_read(
    window: Window, session: Session, held: Guarded, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To somebody who may do everything else, so that each form opens."""
    with monkeypatch.context() as changed:
        nobody_reads(changed)
        for name, texts in pages(window, held):
            assert (name, found_in(texts)) == (name, set())
    said = {name: found_in(texts) for name, texts in pages(window, held)}
    for name, fields in SAID.items():
        assert fields <= said[name], (name, said[name])


def test_a_table_is_copied_as_it_is_shown(window: Window, session: Session, held: Guarded, told: Told) -> None:
    for roles, expected in ((BLIND, set()), (frozenset(ROLES), {"customer.phone"})):
        session.roles = roles
        window.open_page("customers")
        assert isinstance(window.page, CustomersPage)
        window.page.refresh()
        window.page.table.selectAll()
        window.page.table.copy()
        assert found_in(QGuiApplication.clipboard().text()) == expected
        window.go_back()


def looks(record: object) -> list[str | None]:
    return [one.field for one in history.of(record.KIND, record.id) if one.action == sight.REVEAL]  # type: ignore[attr-defined]


def test_an_eye_shows_one_value_and_that_is_written_down(window: Window, session: Session, held: Guarded, told: Told) -> None:
    session.roles = BLIND
    window.open_record(str(held.customer.number))
    press(window.page, "reveal_phone")
    QApplication.processEvents()
    assert found_in(everything(window.page)) == {"customer.phone"}
    press(window.page, "reveal_contacts")
    press(window.page, "reveal_background")
    assert looks(held.customer) == ["phone", "contacts", "background"]


def test_to_others_the_eye_is_a_lock_that_says_why(window: Window, session: Session, held: Guarded, told: Told) -> None:
    session.roles = frozenset({"clerk"})
    window.open_record(str(held.customer.number))
    (lock,) = (one for one in window.page.findChildren(Button) if one.objectName().startswith("reveal_"))
    assert (lock.objectName(), lock.isEnabled()) == ("reveal_background", False)
    assert "handler or manager or branch head" in lock.toolTip()


def test_a_form_saved_by_who_does_not_read_a_field_leaves_it(window: Window, session: Session, held: Guarded, told: Told) -> None:
    session.roles = frozenset({"clerk"})
    window.desk.new("customer", {"_edit": str(held.customer.number)})
    page = window.page
    assert isinstance(page, CustomerForm)
    editor = page.form.editor("background")
    assert (editor.toPlainText(), editor.isReadOnly()) == ("—", True)
    assert "background" not in page.raw()
    page.form.editor("address").setText("西山路1号")
    page.save()
    saved = find(session, Customer, held.customer.number)
    assert (saved.address, saved.background) == ("西山路1号", SECRETS["customer.background"][0])


def test_an_unfinished_entry_comes_back_without_what_is_hidden(
    window: Window, session: Session, held: Guarded, told: Told
) -> None:
    session.roles = frozenset({"clerk"})
    window.desk.new("customer", {"_edit": str(held.customer.number)})
    page = window.page
    assert isinstance(page, CustomerForm)
    page.form.editor("address").setText("西山路1号")
    page._dirty = True
    page.keep()
    again = CustomerForm(window.desk, {"_entry": page._entry})
    assert again.form.editor("background").isReadOnly()
    assert (again.form.editor("address").text(), again.form.editor("background").toPlainText()) == ("西山路1号", "—")
    page._done()
    again.deleteLater()


def test_after_a_look_the_field_can_be_typed_into(window: Window, session: Session, held: Guarded, told: Told) -> None:
    session.roles = frozenset({"clerk", "head"})
    window.desk.new("customer", {"_edit": str(held.customer.number)})
    page = window.page
    assert isinstance(page, CustomerForm)
    press(page, "reveal_background")
    editor = page.form.editor("background")
    assert (editor.toPlainText(), editor.isReadOnly()) == (SECRETS["customer.background"][0], False)
    editor.setPlainText("账已结清")
    page.save()
    assert find(session, Customer, held.customer.number).background == "账已结清"
    assert looks(held.customer) == ["background"]


def test_an_eye_at_the_contacts_shows_their_phones_beside_what_was_typed(
    window: Window, session: Session, held: Guarded, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = SECRETS["customer.contacts.phone"][0]
    nobody_reads(monkeypatch)
    window.desk.new("customer", {"_edit": str(held.customer.number)})
    page = window.page
    assert isinstance(page, CustomerForm)
    table = page.form.tables["contacts"]
    assert [line["phone"] for line in table.value()] == [sight.mask(phone)]
    table.set_value([{"name": "新来的", "phone": "13700137000"}, {**table.value()[0], "role": "店长"}])
    press(page, "reveal_contacts")
    assert [(line["name"], line["phone"]) for line in table.value()] == [("新来的", "13700137000"), ("陈建国", phone)]
    assert table.value()[1]["role"] == "店长"
    assert looks(held.customer) == ["contacts"]
    page.save()
    kept = parts_of(find(session, Customer, held.customer.number), "contacts")
    assert [one["phone"] for one in kept] == ["13700137000", phone]


def test_contacts_that_are_read_or_have_no_phone_have_no_eye(
    window: Window, session: Session, held: Guarded, make: Make, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.desk.new("customer", {"_edit": str(held.customer.number)})
    assert window.page.findChild(Button, "reveal_contacts") is None
    silent = make.customer(contacts=[{"name": "赵磊"}])
    nobody_reads(monkeypatch)
    window.desk.new("customer", {"_edit": str(silent.number)})
    assert window.page.findChild(Button, "reveal_contacts") is None


def test_who_may_not_look_at_the_contacts_finds_a_lock(
    window: Window, session: Session, held: Guarded, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody_reads(monkeypatch)
    session.roles = frozenset({"clerk"})
    window.desk.new("customer", {"_edit": str(held.customer.number)})
    lock = window.page.findChild(Button, "reveal_contacts")
    assert isinstance(lock, Button)
    assert (lock.isEnabled(), "branch head" in lock.toolTip()) == (False, True)


def test_a_conflict_shows_masks_and_theirs_comes_back_masked(window: Window, session: Session, held: Guarded, told: Told) -> None:
    session.roles = frozenset({"clerk"})
    window.desk.new("customer", {"_edit": str(held.customer.number)})
    page = window.page
    assert isinstance(page, CustomerForm)
    page.form.editor("address").setText("西山路1号")
    session.roles = frozenset(ROLES)
    edit(session, held.customer, {"address": "北山路", "background": "第三次改的"}, held.customer.version)
    session.roles = frozenset({"clerk"})
    told.answer("theirs")
    page.save()
    assert "第三次改的" not in "\n".join(told.dialogs)
    assert page.form.editor("background").toPlainText() == "—"
    page._done()


def test_a_step_starts_from_what_is_known_without_showing_it(window: Window, session: Session, held: Guarded, told: Told) -> None:
    session.roles = BLIND
    panel = StepPanel(window.desk, held.complaint, step_of(held.complaint, "agreement"))
    assert found_in(everything(panel)) == set()
    assert panel.form.editor("party_b_phone").text() == sight.mask(SECRETS["customer.phone"][0])
    assert "party_b_phone" not in panel.raw()
    panel.deleteLater()


def test_a_phone_of_a_contact_is_not_cut_on_a_small_screen(window: Window, held: Guarded, told: Told) -> None:
    window.resize(853, 480)
    window.desk.new("customer", {"_edit": str(held.customer.number)})
    QApplication.processEvents()
    assert isinstance(window.page, CustomerForm)
    table = window.page.form.tables["contacts"]
    (column,) = (place for place, one in enumerate(table.model().declared) if one.code == "phone")
    words = table.model().words(0, column)
    assert style.metrics().horizontalAdvance(words) <= table.view.columnWidth(column) - 20
