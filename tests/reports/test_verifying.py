"""Whether a file is what was issued here: as it was, printed on another day, changed, replaced, void, a draft, or unknown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from app.core import chain, language
from app.core.database import database
from app.core.errors import UserError
from app.core.session import Session
from app.models import agreements, branches, history, prints, sight
from app.models.agreements import Agreement, AgreementLine
from app.models.listing import COMPLAINTS, Query
from app.reports import papers, papers_agreement, papers_list, papers_month, verdicts
from app.reports.documents.agreement import Agreement as Paper
from app.reports.documents.agreement import agreement_sheaf
from app.reports.papers import AGREEMENT, FORM
from app.reports.papers_case import frame
from app.reports.pdf import bind
from app.reports.verdicts import Verdict
from app.reports.verifying import verify
from app.services import cases, erasures, figures_content, periods
from tests.conftest import Clock
from tests.make import Make
from tests.models.stands import agreement_in, complaint_in

Check = Callable[[bytes], Verdict]


@pytest.fixture(autouse=True)
def _chinese(_english: None) -> None:
    language.choose("zh_CN")


@pytest.fixture
def check(session: Session, tmp_path: Path) -> Check:
    def verdict(content: bytes) -> Verdict:
        path = tmp_path / "brought.pdf"
        path.write_bytes(content)
        return verify(session, path)

    return verdict


def printed(session: Session, record: Any, document: str = AGREEMENT, *, kept: bool = True) -> bytes:
    issued = papers.paper(session, document, cases.load(session, record.number))
    if kept:
        papers.keep_record(session, issued)
    return issued.content


def saved_again(content: bytes, change: Callable[[pypdfium2.PdfDocument], object] = lambda _document: None) -> bytes:
    document = pypdfium2.PdfDocument(content)
    change(document)
    buffer = BytesIO()
    document.save(buffer)
    document.close()
    return buffer.getvalue()


def drawn_over(content: bytes, draw: Callable[[Canvas], object]) -> bytes:
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(595.28, 841.89))
    draw(canvas)
    canvas.showPage()
    canvas.save()

    def lay(document: pypdfium2.PdfDocument) -> None:
        above = pypdfium2.PdfDocument(buffer.getvalue())
        captured = above.page_as_xobject(0, document)
        page = document[0]
        page.insert_obj(captured.as_pageobject())
        page.gen_content()
        captured.close()
        page.close()
        above.close()

    return saved_again(content, lay)


def paper_of(session: Session, record: Any) -> Paper:
    """What the paper of an edition says, to be changed by a forger."""
    case = cases.load(session, record.complaint.number)
    edition = next(one for one in case.editions if one.edition == record.edition)
    return papers_agreement.content(
        session, case, edition, frame(session, record.number, version=record.edition, copy="甲方留存")
    )


@pytest.fixture
def released(make: Make) -> Any:
    return agreement_in(make, "released")


def test_a_file_as_it_was_issued_is_known_by_its_hash(session: Session, released: Any, check: Check) -> None:
    found = check(printed(session, released))
    assert (found.code, found.genuine, found.number, found.edition) == (verdicts.ISSUED, True, released.number, 1)
    assert [(one.document, one.copies, one.draft) for one in found.issued] == [("agreement", 2, False)]
    assert "王敏" in found.sentence


def test_it_stays_so_when_it_was_signed_since(make: Make, session: Session, released: Any, check: Check) -> None:
    before = printed(session, released)
    make.steps(released, ("sign-agreement", {"signed_by": "周建国"}))
    assert check(before).code == verdicts.ISSUED
    assert check(printed(session, released, kept=False)).code == verdicts.SAME


@pytest.mark.parametrize("spoken", ["zh_CN", "en"])
def test_a_print_of_another_day_is_known_by_what_it_says(
    make: Make, session: Session, released: Any, check: Check, clock: Clock, spoken: str
) -> None:
    language.choose(spoken)
    content = printed(session, released, kept=False)
    language.choose("zh_CN" if spoken == "en" else "en")
    clock.advance(days=3)
    make.steps(released, ("sign-agreement", {"signed_by": "周建国"}))
    branches.edit(session, {"letterhead": "改了名的分公司", "address": "别处"})
    found = check(content)
    assert (found.code, found.number, found.edition) == (verdicts.SAME, released.number, 1)


@pytest.mark.parametrize(
    "change",
    [lambda paper: None, lambda paper: paper.del_page(1), lambda paper: paper.import_pages(paper, [0])],
    ids=["as it was", "one copy", "three copies"],
)
def test_a_file_that_was_only_saved_again_says_the_same(session: Session, released: Any, check: Check, change: Any) -> None:
    assert check(saved_again(printed(session, released), change)).code == verdicts.SAME


def forged(session: Session, record: Any, **changes: Any) -> bytes:
    return bind(agreement_sheaf(replace(paper_of(session, record), **changes)))


def test_the_papers_of_the_forger_would_pass_unchanged(session: Session, released: Any, check: Check) -> None:
    assert check(forged(session, released)).code == verdicts.SAME


def test_another_amount_is_found_and_told(session: Session, released: Any, check: Check) -> None:
    lines = paper_of(session, released).remedies
    found = check(forged(session, released, remedies=(replace(lines[0], amount=Decimal("8300")),)))
    assert (found.code, found.genuine) == (verdicts.CHANGED, False)
    assert "8,300.00" in found.sentence
    assert "300.00" in found.sentence.partition("8,300.00")[0]


@pytest.mark.parametrize(
    "change",
    [
        {"content_hash": "ab" * 32},
        {"clauses": ("乙方放弃一切权利。",)},
        {"facts": "另一个事实 {x}"},
        {"deadline": None},
        {"complaint_number": "TS-202611-0099"},
    ],
)
def test_any_other_change_of_what_is_said_is_found(session: Session, released: Any, check: Check, change: dict[str, Any]) -> None:
    found = check(forged(session, released, **change))
    assert (found.code, found.number) == (verdicts.CHANGED, released.number)


@pytest.mark.parametrize(("role", "told", "looks"), [("admin", False, 0), ("head", True, 1), ("manager", True, 0)])
def test_where_a_forgery_differs_is_told_to_who_may_read_the_paper(
    session: Session, released: Any, check: Check, role: str, told: bool, looks: int
) -> None:
    """Else one could read an agreement piece by piece, phones and all, by forging one; to the branch head it is a look."""
    content = forged(session, released, facts="另一个事实")
    true = str(released.facts)[:8]
    session.open, session.roles = False, frozenset({role})
    found = check(content)
    assert found.code == verdicts.CHANGED
    assert (true in found.sentence, "另一个" in found.sentence) == (told, told)
    assert len([one for one in history.of("agreement", released.id) if one.action == sight.REVEAL]) == looks


def test_of_what_is_kept_of_an_erased_customer_a_forgery_learns_nothing(make: Make, session: Session, check: Check) -> None:
    agreement = agreement_in(make, "signed")
    content, true = forged(session, agreement, facts="另一个事实"), str(agreement.facts)[:8]
    make.steps(make.again(agreement.complaint), ("close", {"satisfaction": 4, "reason": "已履行", "result": "好"}))
    erasures.erase(session, make.again(agreement.complaint.customer), "书面申请")
    session.roles = session.roles - {"head"}
    assert true not in check(content).sentence
    session.roles = frozenset({"head"})
    assert true in check(content).sentence


def test_a_page_that_is_missing_or_words_added_are_found(session: Session, released: Any, check: Check) -> None:
    long = forged(session, released, facts="事实。" * 600)
    assert check(long).code == verdicts.CHANGED
    added = drawn_over(printed(session, released), lambda canvas: canvas.drawString(300, 500, "950"))
    assert check(added).code == verdicts.CHANGED


def white(canvas: Canvas) -> None:
    canvas.setFillGray(1)
    canvas.rect(440, 470, 120, 60, stroke=0, fill=1)


def test_what_is_painted_over_is_found_though_the_words_are_still_there(session: Session, released: Any, check: Check) -> None:
    found = check(drawn_over(printed(session, released), white))
    assert found.code == verdicts.CHANGED
    assert "版面不一致" in found.sentence


def test_an_edition_that_was_replaced_says_which_one_counts(make: Make, session: Session, released: Any, check: Check) -> None:
    old = printed(session, released)
    unkept = printed(session, released, kept=False)
    make.steps(make.again(released.complaint), ("agreement", {"facts": "改过的事实"}))
    for content in (old, unkept):
        found = check(content)
        assert (found.code, found.genuine) == (verdicts.OLDER, False)
        assert "第 2 版" in found.sentence


def test_an_agreement_that_is_void_says_why(make: Make, session: Session, released: Any, check: Check) -> None:
    old = printed(session, released)
    make.steps(released, ("void", {"reason": "客户不要了"}))
    found = check(old)
    assert found.code == verdicts.VOIDED
    assert "客户不要了" in found.sentence
    assert check(printed(session, released, kept=False)).code == verdicts.VOIDED


def test_a_draft_binds_nobody_whatever_became_of_it(make: Make, session: Session, check: Check) -> None:
    record = agreement_in(make, "draft")
    kept, unkept = printed(session, record), printed(session, record, kept=False)
    make.steps(record, "release")
    assert [check(content).code for content in (kept, unkept)] == [verdicts.DRAFTED, verdicts.DRAFTED]


def test_a_record_that_was_changed_behind_the_program_is_told(session: Session, released: Any, check: Check) -> None:
    content = printed(session, released)
    AgreementLine.update(description="改过").where(AgreementLine.parent == released.id).execute()
    found = check(content)
    assert found.code == verdicts.CHANGED
    assert "数据库" in found.sentence


def test_a_number_that_is_not_here_is_unknown(session: Session, released: Any, check: Check) -> None:
    other = replace(paper_of(session, released).paper, number="XY-209901-0001")
    found = check(forged(session, released, paper=other))
    assert (found.code, found.number) == (verdicts.UNKNOWN, "XY-209901-0001")
    later = replace(paper_of(session, released).paper, version=7)
    assert check(forged(session, released, paper=later)).code == verdicts.UNKNOWN


def test_other_papers_are_known_by_their_hash_alone(make: Make, session: Session, check: Check) -> None:
    record = complaint_in(make, "registered")
    content = printed(session, record, FORM)
    found = check(content)
    assert (found.code, found.number) == (verdicts.ISSUED, record.number)
    assert "客户投诉登记表" in found.sentence
    assert check(saved_again(content)).code == verdicts.UNKNOWN


def test_a_file_of_several_agreements_is_as_good_as_the_worst(make: Make, session: Session, check: Check) -> None:
    issued = [papers.paper(session, AGREEMENT, cases.load(session, agreement_in(make, "released").number)) for _time in range(2)]
    whole = papers.together([one.content for one in issued])
    for one in issued:
        papers.keep_record(session, one, whole)
    assert check(whole).code == verdicts.ISSUED
    make.steps(issued[1].record, ("void", {"reason": "重复"}))
    found = check(whole)
    assert (found.code, found.number) == (verdicts.VOIDED, issued[1].record.number)


def monthly(session: Session, path: Path) -> bytes:
    content = figures_content.gather(session, periods.read("last", session.now().date()))
    papers_month.write(session, path, content)
    return path.read_bytes()


def test_a_workbook_is_known_until_somebody_saves_it_again(session: Session, tmp_path: Path, check: Check) -> None:
    content = monthly(session, tmp_path / "month.xlsx")
    found = check(content)
    assert found.code == verdicts.ISSUED
    assert "2026年10月" in found.sentence
    book = openpyxl.load_workbook(BytesIO(content))
    book.worksheets[0]["A1"] = "改"
    book.save(tmp_path / "changed.xlsx")
    assert check((tmp_path / "changed.xlsx").read_bytes()).code == verdicts.CHANGED
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    assert check((tmp_path / "other.xlsx").read_bytes()).code == verdicts.UNKNOWN


def test_a_workbook_that_could_not_be_written_is_not_remembered(session: Session, tmp_path: Path) -> None:
    with pytest.raises(UserError):
        monthly(session, tmp_path / "nowhere" / "month.xlsx")
    assert prints.Print.select().count() == 0


def test_a_register_that_was_printed_is_known(make: Make, session: Session, check: Check) -> None:
    content = papers_list.register(session, COMPLAINTS, Query(), COMPLAINTS.shown)
    papers_list.keep_record(session, COMPLAINTS, content, copies=2)
    found = check(content)
    assert (found.code, [one.copies for one in found.issued]) == (verdicts.ISSUED, [2])


@pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.7 nothing", b"PK\x03\x04 no archive"])
def test_what_cannot_be_read_is_refused_by_a_sentence(check: Check, content: bytes) -> None:
    with pytest.raises(UserError):
        check(content)


def test_a_file_that_is_not_there_is_named(session: Session, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"nowhere\.pdf"):
        verify(session, tmp_path / "nowhere.pdf")
    with pytest.raises(UserError):
        verify(session, tmp_path)


def test_content_hash_and_verdict_are_those_of_every_copy_and_print(make: Make, session: Session, released: Any) -> None:
    before = released.content_hash
    for _time in range(2):
        printed(session, released)
    again = Agreement.get_by_id(released.id)
    assert (again.content_hash, agreements.content_hash(session, again)) == (before, before)


def rewritten() -> None:
    """The history made anew from its second row on, so that it hangs together."""
    for name in chain.TRIGGERS:
        database.execute_sql(f"DROP TRIGGER {name}")
    database.execute_sql("UPDATE history SET hash = x'00' || substr(hash, 2)")


def test_a_paper_bears_witness_to_the_history_of_its_day(session: Session, released: Any, check: Check) -> None:
    issued, other = printed(session, released), printed(session, released, kept=False)
    assert str(history.head()).partition(":")[1]
    assert (check(issued).code, check(other).code) == (verdicts.ISSUED, verdicts.SAME)
    rewritten()
    for content in (issued, other):
        verdict = check(content)
        assert (verdict.code, verdict.genuine) == (verdicts.REWRITTEN, False)
        assert "操作记录" in verdict.sentence


def test_a_workbook_bears_witness_to_the_history_of_its_day(session: Session, tmp_path: Path, make: Make, check: Check) -> None:
    make.customer()
    path = tmp_path / "month.xlsx"
    papers_month.write(session, path, figures_content.gather(session, periods.read("2026-10", session.now().date())))
    assert check(path.read_bytes()).code == verdicts.ISSUED
    book = openpyxl.load_workbook(path)
    anchor = book.properties.identifier
    assert any(anchor in str(row[1].value) for row in book["口径"].iter_rows())
    rewritten()
    assert check(path.read_bytes()).code == verdicts.REWRITTEN


def test_papers_from_before_there_were_anchors_are_known_as_ever(
    session: Session, released: Any, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history.Head, "__str__", lambda _head: "")
    older = printed(session, released, kept=False)
    monkeypatch.undo()
    assert check(older).code == verdicts.SAME
