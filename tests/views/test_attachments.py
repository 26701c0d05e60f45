"""Files on the page of a record: dropped, pasted, chosen, said what they show, looked at, opened safely, voided."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSize, Qt, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.core.errors import UserError
from app.core.session import Session
from app.models import attachments
from app.models.attachments import File
from app.models.complaints import Complaint
from app.reports import papers
from app.services import cases
from app.views import opening, pictures
from app.views.attachments import FilesPanel
from app.views.case_page import CasePage
from app.views.file_page import FilePage, PictureView
from app.views.messages import Dialog
from app.views.paper import PaperView
from app.views.pictures import Look
from app.views.window import Window
from tests.make import Make
from tests.models.stands import agreement_in
from tests.views.stage import CONTROL, Key, Told, buttons, choose_file, fill, focus_name, key, press, settle, words_of


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "批号照.jpg"
    Image.new("RGB", (640, 480), "navy").save(path)
    return path


@pytest.fixture
def page(make: Make, window: Window) -> CasePage:
    """The page of a product complaint."""
    window.open_record(make.complaint(**{"class": "product"}).number)
    assert isinstance(window.page, CasePage)
    return window.page


def files(session: Session) -> list[File]:
    return attachments.of(session, Complaint.get_by_id(1))


def panel(page: CasePage) -> FilesPanel:
    page.open_tab("attachments")
    QApplication.processEvents()
    (made,) = [one for one in page.findChildren(FilesPanel) if one.isVisible()]
    return made


def entry(menu_owner: QWidget, button: str, name: str) -> QAction:
    """A row of the menu of a button."""
    found = menu_owner.findChild(QWidget, button)
    assert found is not None
    menu = found.menu()  # type: ignore[attr-defined]
    assert isinstance(menu, QMenu)
    return next(one for one in menu.actions() if one.objectName() == name)


def wait(qtbot: QtBot, session: Session, count: int) -> None:
    qtbot.waitUntil(lambda: len(files(session)) == count, timeout=10_000)
    settle(qtbot, 50)


def held(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drop(page: QWidget, data: QMimeData) -> None:
    """As the window system delivers it."""
    none = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(page, QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, data, *none))
    assert any(label.text().startswith("Let go") for label in page.findChildren(QWidget) if hasattr(label, "text"))
    event = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, *none)
    QApplication.sendEvent(page, event)
    assert event.isAccepted()


def test_dropped_files_are_kept_and_the_tab_of_files_opens(
    page: CasePage, session: Session, photo: Path, told: Told, qtbot: QtBot
) -> None:
    other = photo.with_name("发票.pdf")
    other.write_bytes(b"%PDF-1.4")
    drop(page, held(photo, other))
    wait(qtbot, session, 2)
    assert told.toasts == ["2 files attached."]
    shown = words_of(page)
    assert "Evidence that is missing" in shown
    assert {"look_1", "look_2"} <= {one.objectName() for one in page.findChildren(QWidget)}


def test_what_was_attached_by_mistake_is_undone(
    page: CasePage, window: Window, session: Session, photo: Path, told: Told, qtbot: QtBot
) -> None:
    drop(page, held(photo))
    wait(qtbot, session, 1)
    window.toast.undo()
    (file,) = files(session)
    assert file.void_reason == "Attached by mistake"
    assert "Attached by mistake" in words_of(panel(page))


def test_a_folder_among_what_is_dropped_is_named_and_the_rest_kept(
    page: CasePage, session: Session, photo: Path, told: Told, qtbot: QtBot
) -> None:
    drop(page, held(photo.parent, photo))
    wait(qtbot, session, 1)
    told.expect("There is no file")


def test_what_holds_no_files_is_not_taken(page: CasePage, session: Session, told: Told) -> None:
    data = QMimeData()
    data.setText("https://example.org/a.jpg")
    data.setUrls([QUrl("https://example.org/a.jpg")])
    event = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(page, event)
    assert not event.isAccepted()
    assert files(session) == []


def test_files_and_pictures_are_pasted(page: CasePage, session: Session, photo: Path, told: Told, qtbot: QtBot) -> None:
    page.setFocus()
    QGuiApplication.clipboard().setMimeData(held(photo))
    key(Key.Key_V, CONTROL)
    wait(qtbot, session, 1)
    QGuiApplication.clipboard().setImage(QImage(40, 30, QImage.Format.Format_RGB32))
    page.setFocus()
    key(Key.Key_V, CONTROL)
    wait(qtbot, session, 2)
    pasted = files(session)[1]
    assert pasted.name == "Picture 2026-11-23 14.32.00.png"
    assert pictures.picture(pasted.content()).size() == QSize(40, 30)


def test_text_in_the_clipboard_is_not_attached(page: CasePage, session: Session, told: Told) -> None:
    QGuiApplication.clipboard().setText("只是文字")
    page.setFocus()
    key(Key.Key_V, CONTROL)
    assert told.toasts == ["The clipboard holds neither files nor a picture."]
    assert files(session) == []


def test_missing_evidence_leads_to_a_file_that_shows_it(
    page: CasePage, session: Session, photo: Path, told: Told, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_asked: ([str(photo)], ""))
    made = panel(page)
    assert "Evidence that is missing" in words_of(made)
    press(made, "lack_batch_photo")
    wait(qtbot, session, 1)
    assert files(session)[0].shows == "batch_photo"
    assert "lack_batch_photo" not in buttons(panel(page))
    assert "lack_product_photo" in buttons(panel(page))


def test_what_a_file_shows_is_chosen_or_said_in_words(
    page: CasePage, make: Make, session: Session, photo: Path, told: Told, qtbot: QtBot
) -> None:
    attachments.attach(session, make.again(page.case.record), photo)
    made = panel(page)
    entry(made, "shows_1", "invoice").trigger()
    assert files(session)[0].shows == "invoice"
    settle(qtbot)
    assert focus_name() == "shows_1"

    def answer(dialog: Dialog) -> None:
        fill(dialog.form, shows="店门口")  # type: ignore[attr-defined]
        press(dialog, "dialog_do")

    told.answers.append(answer)
    entry(panel(page), "shows_1", "other_words").trigger()
    assert files(session)[0].shows == "店门口"


def test_a_file_is_voided_with_a_reason(page: CasePage, make: Make, session: Session, photo: Path, told: Told) -> None:
    attachments.attach(session, make.again(page.case.record), photo, "invoice")

    def answer(dialog: Dialog) -> None:
        press(dialog, "dialog_do")
        fill(dialog.form, reason="别家的")  # type: ignore[attr-defined]
        press(dialog, "dialog_do")

    told.answers.append(answer)
    entry(panel(page), "more_1", "void_file").trigger()
    assert files(session)[0].void_reason == "别家的"
    assert "别家的   王敏" in words_of(panel(page))
    assert not dict(page.tabs())["attachments"].endswith("1")


def look(page: CasePage, window: Window, name: str, qtbot: QtBot) -> FilePage:
    press(panel(page), name)
    assert isinstance(window.page, FilePage)
    settle(qtbot, 30)
    return window.page


def test_pictures_are_looked_at_one_after_another(
    page: CasePage, window: Window, make: Make, session: Session, photo: Path, qtbot: QtBot
) -> None:
    for place in (1, 2):
        path = photo.with_name(f"{place}.png")
        Image.new("RGB", (100 * place, 50)).save(path)
        attachments.attach(session, make.again(page.case.record), path)
    shown = look(page, window, "look_1", qtbot)
    view = shown.findChild(PictureView)
    assert view is not None
    assert view._picture.pixmap().width() == 100
    key(Key.Key_Right)
    assert shown.file.name == "2.png"
    assert "2 of 2" in words_of(shown)
    key(Key.Key_Right)
    key(Key.Key_Left)
    assert shown.file.name == "1.png"
    key(Key.Key_Escape)
    assert window.page is page


def test_a_large_picture_is_fitted_and_can_be_seen_in_its_own_size(
    page: CasePage, window: Window, make: Make, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "大.jpg"
    Image.new("RGB", (4000, 3000)).save(path)
    attachments.attach(session, make.again(page.case.record), path)
    shown = look(page, window, "look_1", qtbot)
    view = shown.findChild(PictureView)
    assert view is not None
    assert view._picture.pixmap().width() < 1366
    press(shown, "actual_size")
    assert view._picture.pixmap().width() == 4000


def test_a_pdf_is_shown_page_by_page(
    page: CasePage, window: Window, make: Make, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "扫描.pdf"
    path.write_bytes(papers.paper(session, "form", cases.case_of(session, page.case.record)).content)
    attachments.attach(session, make.again(page.case.record), path)
    shown = look(page, window, "look_1", qtbot)
    paper = shown.findChild(PaperView)
    assert paper is not None
    assert paper.count() >= 1


def huge_png(path: Path) -> None:
    """Declares 60,000 × 60,000 pixels in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b""))


def pdf_of(box: str) -> bytes:
    """The smallest PDF with a page of this size."""
    parts = [
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
        f"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[{box}]>>endobj\n".encode(),
    ]
    return b"%PDF-1.4\n" + b"".join(parts) + b"trailer<</Root 1 0 R>>\n%%EOF"


HOSTILE: dict[str, tuple[Callable[[Path], object], str]] = {
    "huge.png": (huge_png, "3,600 million pixels"),
    "cut.png": (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n"), "picture is damaged"),
    "cut.jpg": (lambda path: path.write_bytes(b"\xff\xd8\xff\xe0 photo"), "picture is damaged"),
    "no picture.jpg": (lambda path: path.write_bytes(os.urandom(64)), "Only pictures and PDFs"),
    "broken.pdf": (lambda path: path.write_bytes(b"%PDF-1.7\nnonsense"), "damaged or locked"),
    "vast.pdf": (lambda path: path.write_bytes(pdf_of("0 0 9999999 9999999")), "too large to be shown"),
    "程序.exe": (lambda path: path.write_bytes(b"MZ\x90\0"), "Only pictures and PDFs"),
    "drawing.svg": (lambda path: path.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>"), "Only pictures and PDFs"),
}


@pytest.mark.qt_log_ignore(".*[Pp][Nn][Gg].*", ".*J[Pp][Ee]G.*")
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_kept_and_only_said_of(
    page: CasePage, window: Window, make: Make, session: Session, tmp_path: Path, qtbot: QtBot, name: str
) -> None:
    write, said = HOSTILE[name]
    write(tmp_path / name)
    attachments.attach(session, make.again(page.case.record), tmp_path / name)
    shown = look(page, window, "look_1", qtbot)
    assert said in words_of(shown)


def test_a_file_that_was_empty_when_it_was_kept_says_so(
    page: CasePage, window: Window, make: Make, session: Session, qtbot: QtBot
) -> None:
    attachments.settle(session, attachments.keep(session, make.again(page.case.record), "空文件.pdf", b"", ""))
    assert "This file is empty (0 bytes)." in words_of(look(page, window, "look_1", qtbot))


def test_a_file_that_is_gone_from_the_disk_is_said(
    page: CasePage, window: Window, make: Make, session: Session, photo: Path, qtbot: QtBot
) -> None:
    attachments.attach(session, make.again(page.case.record), photo).path.unlink()
    assert "cannot be used" in words_of(look(page, window, "look_1", qtbot))


def test_what_is_shown_goes_by_content_not_by_name(tmp_path: Path) -> None:
    Image.new("RGB", (3, 3)).save(tmp_path / "a.png")
    path = (tmp_path / "a.png").rename(tmp_path / "program.exe")
    assert pictures.look_of(path.read_bytes()) is Look.PICTURE


def test_a_picture_is_turned_as_the_camera_was_held(tmp_path: Path) -> None:
    path = tmp_path / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (400, 200)).save(path, exif=exif)
    assert pictures.picture(path.read_bytes()).size() == QSize(200, 400)
    small = pictures.picture(path.read_bytes(), QSize(100, 100)).size()
    assert (small.width(), small.height()) == (50, 100)


def test_a_picture_at_the_limit_is_read_and_one_above_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 100)
    for size, fine in (((10, 10), True), ((10, 11), False)):
        path = tmp_path / "a.png"
        Image.new("RGB", size).save(path)
        if fine:
            assert pictures.picture(path.read_bytes()).width() == 10
        else:
            with pytest.raises(UserError, match="Save a copy"):
                pictures.picture(path.read_bytes())


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What the system was asked to open."""
    asked: list[Path] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: asked.append(Path(url.toLocalFile())))
    return asked


@pytest.mark.parametrize("name", ["报表.xlsm", "a.pdf.exe", "run.bat", "a.lnk", "no ending", "x.exe. .", "page.html", "a.docx"])
def test_what_could_do_harm_is_saved_never_opened(
    page: CasePage, make: Make, session: Session, tmp_path: Path, told: Told,
    opened: list[Path], monkeypatch: pytest.MonkeyPatch, name: str,
) -> None:  # fmt: skip
    source = tmp_path / name
    source.write_bytes(b"MZ")
    attachments.attach(session, make.again(page.case.record), source)
    choose_file(monkeypatch, tmp_path / "copy")
    entry(panel(page), "more_1", "open_file").trigger()
    assert opened == []
    assert (tmp_path / "copy").read_bytes() == b"MZ"
    assert told.toasts == ["Saved to copy."]


def test_harmless_files_open_as_copies_that_cannot_be_changed(
    page: CasePage, make: Make, session: Session, photo: Path, opened: list[Path]
) -> None:
    kept = attachments.attach(session, make.again(page.case.record), photo)
    entry(panel(page), "more_1", "open_file").trigger()
    (copy,) = opened
    assert copy.name == "批号照.jpg"
    assert copy.read_bytes() == kept.path.read_bytes()
    assert copy != kept.path
    assert copy.stat().st_mode & 0o222 == 0


def test_odd_names_make_plain_file_names(page: CasePage, make: Make, session: Session, photo: Path, opened: list[Path]) -> None:
    odd = photo.rename(photo.with_name('a:b*"c?.jpg . '))
    file = attachments.attach(session, make.again(page.case.record), odd)
    assert opening.harmless(file)
    entry(panel(page), "more_1", "open_file").trigger()
    assert opened[0].name == "a_b__c_.jpg"


def test_files_of_a_customer_and_of_an_agreement_lie_on_their_pages(
    window: Window, make: Make, session: Session, photo: Path, told: Told, qtbot: QtBot
) -> None:
    agreement = agreement_in(make, "signed")
    for record in (make.customer(name="欣荣便利店"), agreement, make.objection()):
        window.open_record(record.number)
        drop(window.page, held(photo))
        qtbot.waitUntil(lambda record=record: len(attachments.of(session, record)) == 1, timeout=10_000)
        qtbot.waitUntil(lambda: "look_" in " ".join(buttons(window.page)))
    window.open_record(agreement.number)
    assert "lack_agreement_scan" in buttons(window.page)
