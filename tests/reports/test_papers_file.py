"""The case file: all papers of a case in one, with an index that is right, every change, and the files that lie with it."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from app.core import language
from app.core.errors import Cancelled, UserError
from app.core.progress import Progress
from app.core.session import Session
from app.models import agreements, attachments, dispatches, history
from app.models.record import edit
from app.reports import enclosures, papers
from app.reports.papers import CASE_FILE, Issued, paper
from app.services import cases
from tests.make import Make
from tests.models.stands import complaint_in, delivered
from tests.reports.reading import in_order, pages_of, text_of


@pytest.fixture(autouse=True)
def _chinese(_english: None) -> None:
    language.choose("zh_CN")


def issue(session: Session, record: Any) -> Issued:
    return paper(session, CASE_FILE, cases.load(session, record.number))


def photo(path: Path, size: tuple[int, int] = (800, 600), **how: Any) -> Path:
    Image.new("RGB", size, (180, 160, 140)).save(path, **how)
    return path


def pdf(path: Path, *texts: str, across: bool = False, password: str = "", form: bool = True) -> Path:
    size = (842, 595) if across else (595, 842)
    locked = StandardEncryption(password, canPrint=0) if password else None
    canvas = Canvas(str(path), pagesize=size, encrypt=locked)
    for text in texts:
        canvas.drawString(60, size[1] - 80, text)
        if form:
            canvas.acroForm.textfield(name=text, value=f"filled {text}", x=60, y=200, width=200, height=30)
        canvas.showPage()
    canvas.save()
    return path


@pytest.fixture
def closed(make: Make) -> Any:
    """A case that went the whole way, with an agreement, an order, a follow-up and a corrective action."""
    record = make.steps(
        complaint_in(make, "approved"),
        "agreement",
        ("reply", {"reply_text": "明天上门"}),
        ("action", {"root_cause": "漏检", "lasting": "抽检", "department": "warehouse"}),
    )
    make.steps(agreements.current(make.session, record), "release", ("sign-agreement", {"signed_by": "周建国"}))
    record = delivered(make, make.steps(make.again(record), ("dispatch", {"told_by": "phone"})))
    return make.steps(record, ("follow-up", {"result_score": 5, "process_score": 4, "way": "phone", "text": "满意"}))


def index_of(page: str) -> list[tuple[str, int]]:
    """Title and first page of each line of the index."""
    return [(found[1], int(found[2])) for found in re.finditer(r"^\d+ (\S+).*? (\d+)(?:–\d+)?$", page, re.MULTILINE)]


def test_the_index_names_the_page_of_each_document_and_numbers_go_through(session: Session, closed: Any) -> None:
    content = issue(session, closed).content
    pages = pages_of(content)
    for number, page in enumerate(pages, 1):
        assert f"第 {number} 页 / 共 {len(pages)} 页" in page
        assert page.count("页 / 共") == 1
    listed = index_of(pages[1])
    assert [title for title, _first in listed] == [
        *("客户投诉登记表", "投诉受理回执", "处理方案审批单", "客户异议（投诉）处理协议", "派发单", "客户回访单", "整改通报"),
        *("处理记录", "经过"),
    ]
    assert [title for title, first in listed if title not in "".join(pages[first - 1].split())] == []
    assert outline(content) == [("投诉处理卷宗", 1), ("目录", 2), *listed]


def outline(content: bytes) -> list[tuple[str, int]]:
    document = pypdfium2.PdfDocument(content)
    found = [(entry.get_title(), entry.get_dest().get_index() + 1) for entry in document.get_toc()]
    document.close()
    return found


def test_the_cover_says_whose_case_it_is_and_how_it_ended(make: Make, session: Session, closed: Any) -> None:
    record = make.steps(
        closed, ("notice", {"step": "accept", "way": "phone"}), ("close", {"result": "换货并补偿", "summary": "及时"})
    )
    pages = pages_of(issue(session, record).content)
    cover = "".join(pages[0].split())
    in_order(
        cover, "投诉处理卷宗", record.number, "鑫瑞达商行", "换货并补偿", "已办结", "XY-202611-0001300.00元", f"共{len(pages)}页"
    )
    in_order(cover, "附件0个", "立卷人：王敏", "审核")


def test_the_agreement_in_the_file_is_a_copy_for_the_file_and_no_print(make: Make, session: Session, closed: Any) -> None:
    agreement = agreements.current(session, closed)
    before = make.again(agreement).print_count
    issued = issue(session, closed)
    papers.keep_record(session, issued)
    assert "卷宗副本" in text_of(issued.content)
    assert "次打印" not in text_of(issued.content)
    assert make.again(agreement).print_count == before


def test_every_change_of_every_record_of_the_case_is_told(make: Make, session: Session, closed: Any) -> None:
    edit(session, make.again(closed), {"wish": "换成别的牌子"}, make.again(closed).version)
    text = text_of(issue(session, closed).content)
    told = text[text.index("说明与变动") :]
    wanted = [
        "希望怎样解决：—→换成别的牌子",
        "状态：草稿→已登记",
        "状态：执行中→待回访",
        "校验码：—→",
        "状态：待接收→已接收",
        "签字人：—→周建国",
    ]
    assert [words for words in wanted if words not in told] == []
    entries = sum(1 for one in history.History.select().where(history.History.action == "set"))
    assert told.count("→") + told.count("新增：") >= entries


def test_what_was_written_down_on_the_way_is_in_the_file(make: Make, session: Session, closed: Any) -> None:
    record = make.steps(
        closed,
        ("consult", {"with_whom": "刘洋", "opinion": "按批号先隔离"}),
        ("escalate", {"to": "manager", "note": "超出权限"}),
    )
    in_order(
        text_of(issue(session, record).content), "处理记录", "详查记录", "属实", "按批号先隔离", "超出权限", "承诺", "已兑现"
    )


def test_a_bare_draft_and_an_objection_have_a_file_too(make: Make, session: Session) -> None:
    draft = issue(session, make.complaint(complainant="路人"))
    assert [title for title, _page in index_of(pages_of(draft.content)[1])] == ["客户投诉登记表", "经过"]
    objection = issue(session, make.objection())
    assert "异议处理卷宗" in text_of(objection.content)
    assert [title for title, _page in index_of(pages_of(objection.content)[1])] == ["客户异议记录表", "经过"]
    with pytest.raises(UserError, match="没有卷宗"):
        issue(session, make.customer(name="别家"))


def test_the_objection_that_a_complaint_came_from_comes_first(make: Make, session: Session) -> None:
    record = make.steps(make.objection(), "escalate")
    listed = index_of(pages_of(issue(session, record.complaint).content)[1])
    assert [title for title, _page in listed][:2] == ["客户异议记录表", "客户投诉登记表"]


def test_files_come_onto_paper_as_pictures_and_pages_and_all_are_listed(make: Make, session: Session, tmp_path: Path) -> None:
    record = complaint_in(make, "executing")
    wide, high = photo(tmp_path / "宽.jpg"), photo(tmp_path / "高.png", (600, 800))
    report = pdf(tmp_path / "报告.pdf", "first page", "second page")
    table = pdf(tmp_path / "表.pdf", "across", across=True, form=False)
    (tmp_path / "说明.docx").write_bytes(b"PK rest")
    for path, shows in ((wide, "product_photo"), (report, "inspection"), (high, "batch_photo"), (tmp_path / "说明.docx", "")):
        attachments.attach(session, record, path, shows)
    attachments.attach(session, dispatches.of_case(record)[0], table, "delivery_proof")
    gone = attachments.attach(session, record, photo(tmp_path / "误.jpg", (60, 60)), "photo")
    attachments.void(session, record, gone.id, "别家的")
    content = issue(session, record).content
    pages = pages_of(content)
    listed = dict(index_of(pages[1]))
    assert list(listed)[-4:] == ["附件清单", "照片与图片", "报告.pdf", "表.pdf"]
    table_of_files = "".join(pages[listed["附件清单"] - 1].split())
    shown, first = listed["照片与图片"], listed["报告.pdf"]
    in_order(
        table_of_files,
        *("宽.jpg产品照片", f"{shown}SHA-256", "报告.pdf检验报告", f"{first}–{first + 1}SHA-256", "高.png批号照", "说明.docx"),
        *("仅存电子文件", "误.jpg", "已作废：别家的", "表.pdf", dispatches.of_case(record)[0].number, "签收凭证"),
    )
    assert all(one.sha256 in table_of_files for one in attachments.of(session, record))
    assert "附件 1 · 宽.jpg" in pages[shown - 1]
    assert "first page" in pages[first - 1]
    assert "filled first page" in pages[first - 1]
    assert "原文第 2 页，共 2 页" in pages[first]
    assert "across" in pages[listed["表.pdf"] - 1]
    assert sizes(content)[listed["表.pdf"] - 1] == (842, 595)
    assert pictures(content) == 2


def sizes(content: bytes) -> list[tuple[int, int]]:
    document = pypdfium2.PdfDocument(content)
    found = [document.get_page_size(place) for place in range(len(document))]
    document.close()
    return [(round(width), round(height)) for width, height in found]


def pictures(content: bytes) -> int:
    document = pypdfium2.PdfDocument(content)
    image = pypdfium2.raw.FPDF_PAGEOBJ_IMAGE
    count = sum(1 for page in document for _one in page.get_objects(filter=[image], max_depth=1))
    document.close()
    return count


def test_the_same_case_makes_the_same_file(make: Make, session: Session, tmp_path: Path) -> None:
    record = make.complaint()
    attachments.attach(session, record, photo(tmp_path / "a.jpg"))
    attachments.attach(session, record, pdf(tmp_path / "a.pdf", "one"))
    assert issue(session, record).content == issue(session, record).content


def test_a_file_that_is_gone_from_the_disk_is_said_to_be(make: Make, session: Session, tmp_path: Path) -> None:
    record = make.complaint()
    attachments.attach(session, record, photo(tmp_path / "a.jpg")).path.unlink()
    assert "原文件缺失" in text_of(issue(session, record).content)


def test_reading_files_can_be_stopped(make: Make, session: Session, tmp_path: Path) -> None:
    record = make.complaint()
    attachments.attach(session, record, photo(tmp_path / "a.jpg"))
    stopped = Progress()
    stopped.cancel()
    with pytest.raises(Cancelled):
        paper(session, CASE_FILE, cases.load(session, record.number), progress=stopped)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L", "CMYK", "1"])
def test_pictures_of_every_kind_are_drawn(tmp_path: Path, mode: str) -> None:
    path = tmp_path / ("a.jpg" if mode == "CMYK" else "a.png")
    Image.new(mode, (300, 200)).save(path)
    found = enclosures.picture(path.read_bytes())
    assert found is not None
    assert (found.width, found.height) == (300, 200)
    assert Image.open(BytesIO(found.content)).mode == "RGB"


def test_pictures_stand_upright_and_are_no_larger_than_a_page_needs(tmp_path: Path) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    found = enclosures.picture(photo(tmp_path / "a.jpg", (4000, 3000), exif=turned).read_bytes())
    assert found is not None
    assert (found.width, found.height) == (1350, 1800)


def test_what_is_transparent_is_white_on_paper(tmp_path: Path) -> None:
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(tmp_path / "a.png")
    found = enclosures.picture((tmp_path / "a.png").read_bytes())
    assert found is not None
    assert Image.open(BytesIO(found.content)).getpixel((9, 9)) == (255, 255, 255)


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8\xff\xe0" + b"x" * 300, b"\x89PNG\r\n\x1a\n" + b"\0" * 60, b"GIF89a", b"<svg/>", b"%PDF-1.4"]
)
def test_what_is_no_picture_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.jpg").write_bytes(content)
    assert enclosures.picture((tmp_path / "a.jpg").read_bytes()) is None
    assert enclosures.page_sizes((tmp_path / "a.jpg").read_bytes()) is None


def test_a_picture_with_too_many_pixels_stays_a_file(tmp_path: Path) -> None:
    assert enclosures.picture(photo(tmp_path / "a.png", (6000, 5000)).read_bytes()) is None


def test_a_pdf_that_is_locked_or_cut_stays_a_file(tmp_path: Path) -> None:
    assert enclosures.page_sizes(pdf(tmp_path / "a.pdf", "one", password="secret").read_bytes()) is None
    whole = pdf(tmp_path / "b.pdf", "one").read_bytes()
    (tmp_path / "b.pdf").write_bytes(whole[: len(whole) // 3])
    assert enclosures.page_sizes((tmp_path / "b.pdf").read_bytes()) is None
