"""Papers in the window: a blank form takes its number when it goes out, a valid agreement says which print it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from app.core.errors import UserError
from app.core.session import Session
from app.models import numbering, prints
from app.models.numbering import Reserved
from app.models.record import find_any
from app.views.papers import BlankPage, PaperPage
from app.views.printing import printer_for
from app.views.window import Window
from tests.make import Make
from tests.models.stands import agreement_in
from tests.reports.reading import pages_of, text_of
from tests.views.stage import Told, choose_file, press, words_of


@pytest.fixture
def blank(window: Window) -> BlankPage:
    window.open_page("settings")
    window.page.show_part("blanks")  # type: ignore[attr-defined]
    press(window.page, "print_blank")
    QApplication.processEvents()
    assert isinstance(window.page, BlankPage)
    return window.page


def open_numbers(session: Session) -> list[str]:
    return numbering.reserved(session, "complaint")


def to_file(path: Path, copies: int) -> QPrinter:
    printer = printer_for("Form", copies)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    return printer


def test_looking_at_a_blank_form_takes_no_number(blank: BlankPage, session: Session, make: Make) -> None:
    assert open_numbers(session) == []
    assert "TS-202611-____" in text_of(blank.view.content)
    assert make.complaint().number == "TS-202611-0001"


def test_a_blank_form_gets_its_number_when_it_is_saved(
    blank: BlankPage, window: Window, session: Session, told: Told, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    choose_file(monkeypatch, tmp_path / "form.pdf")
    press(blank, "save_pdf")
    assert open_numbers(session) == ["TS-202611-0001"]
    assert "TS-202611-0001" in text_of((tmp_path / "form.pdf").read_bytes())
    assert any("TS-202611-0001" in toast for toast in told.toasts)
    window.go_back()
    QApplication.processEvents()
    assert "TS-202611-0001" in words_of(window.page)


def test_each_printed_copy_of_a_blank_form_has_a_number_of_its_own(blank: BlankPage, session: Session, tmp_path: Path) -> None:
    told = blank.print_on(to_file(tmp_path / "form.pdf", copies=2))
    assert open_numbers(session) == ["TS-202611-0001", "TS-202611-0002"]
    assert all(number in told for number in open_numbers(session))


def test_a_form_that_could_not_be_saved_leaves_its_number_void(
    blank: BlankPage, session: Session, told: Told, tmp_path: Path
) -> None:
    blank.save_to(tmp_path / "nowhere" / "form.pdf")
    told.expect("nowhere")
    assert open_numbers(session) == []
    assert [(one.number, one.status, one.reason) for one in Reserved.select()] == [
        ("TS-202611-0001", "voided", "The form could not be printed.")
    ]


def test_each_print_of_a_valid_agreement_says_which_it_is(window: Window, make: Make, tmp_path: Path) -> None:
    agreement = agreement_in(make, "released")
    window.open_paper("agreement", agreement.number)
    page = window.page
    assert isinstance(page, PaperPage)
    page.print_on(to_file(tmp_path / "sent.pdf", copies=2))
    assert len(pages_of((tmp_path / "sent.pdf").read_bytes()))
    page.save_to(tmp_path / "second.pdf")
    assert "print2" in text_of((tmp_path / "second.pdf").read_bytes())
    assert "print3" in text_of(page.view.content)
    assert [one.copies for one in prints.of(agreement)] == [2, 4]


def test_pages_that_the_paper_has_not_are_refused(window: Window, make: Make, tmp_path: Path) -> None:
    number = make.complaint().number
    window.open_paper("form", number)
    page = window.page
    assert isinstance(page, PaperPage)
    printer = to_file(tmp_path / "sent.pdf", copies=1)
    printer.setFromTo(5, 6)
    with pytest.raises(UserError, match="1 pages"):
        page.print_on(printer)
    assert prints.of(make.again(find_any(make.session, page.number))) == []
