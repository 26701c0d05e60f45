"""The paper of an agreement: both parties in full, an ordinary one on one page with its code beside the signatures."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core import language
from app.core.session import Session
from app.models import agreements, branches, history
from app.reports import papers, papers_agreement
from app.reports.documents.agreement import Party, agreement_sheaf, code_content
from app.reports.pdf import bind
from app.services import cases
from tests.make import Make
from tests.models.stands import agreement_in, complaint_in
from tests.reports import samples
from tests.reports.reading import pages_of, text_of

ADDRESS = "杭州市上城区望江街道近江南路88号3幢102室"
OURS = Party(
    "杭州市烟草专卖局（公司）城东分公司", "91330100MA2B4E7H1K", address=ADDRESS, representative="陈志强", phone="0571-87000000"
)
THEIRS = Party("鑫瑞达商行", licence_number="330102104417", address=ADDRESS, contact="周建国", phone="13800001234")


@pytest.fixture(autouse=True)
def _chinese() -> None:
    language.choose("zh_CN")


def test_both_parties_stand_in_full_on_the_paper(make: Make, session: Session) -> None:
    branches.edit(session, {"address": "解放路12号", "phone": "0571-87000000", "representative": "陈志强"})
    customer = make.customer(licence="330102104417", address="望江路88号", contacts=[{"name": "周建国", "main": True}])
    record = make.steps(complaint_in(make, "approved", customer=customer.number), "agreement")
    text = text_of(papers.paper(session, papers.AGREEMENT, cases.load(session, record.number)).content)
    assert "甲方：城东分公司地址：解放路12号代表人：陈志强电话：0571-87000000" in text
    assert "乙方：鑫瑞达商行许可证号：330102104417地址：望江路88号联系人：周建国电话：13800001234" in text


def test_what_is_not_known_of_a_party_is_left_out() -> None:
    text = text_of(bind(agreement_sheaf(replace(samples.agreement(), branch=Party("城东分公司"), customer=Party("路人")))))
    assert "甲方：城东分公司乙方：路人关联投诉：TS-202611-0032" in text


def test_an_ordinary_agreement_with_parties_in_full_fits_on_one_page() -> None:
    plain = samples.agreement()
    every = (*plain.clauses, "甲方按上述约定向乙方致歉，事先与乙方商定时间。", "双方负有保密义务。", "乙方可依法主张权利。")
    paper = replace(plain, branch=OURS, customer=THEIRS, remedies=samples.REMEDIES, clauses=every)
    assert len(pages_of(bind(agreement_sheaf(paper)))) == 1


@pytest.mark.parametrize(("copies", "ours"), [(2, 1), (3, 2), (4, 2), (9, 5)])
def test_a_valid_print_holds_every_copy_marked_as_whose_it_is(make: Make, session: Session, copies: int, ours: int) -> None:
    record = make.steps(complaint_in(make, "replied"), ("agreement", {"copies": copies}))
    agreement = make.steps(agreements.current(session, record), "release")
    issued = papers.paper(session, papers.AGREEMENT, cases.load(session, agreement.number))
    pages = pages_of(issued.content)
    assert len(pages) == issued.copies == copies
    for number, page in enumerate(pages, 1):
        assert f"第 {number} 份，共 {copies} 份" in page
        assert ("甲方留存" in page, "乙方留存" in page) == (number <= ours, number > ours)
        assert "第 1 页 / 共 1 页" in page
        assert agreement.content_hash[:4] in page


def test_a_draft_is_one_copy_without_a_mark(make: Make, session: Session) -> None:
    issued = papers.paper(session, papers.AGREEMENT, cases.load(session, agreement_in(make, "draft").number))
    assert (issued.copies, len(pages_of(issued.content)), "留存" in text_of(issued.content)) == (1, 1, False)


def test_code_and_foot_name_the_history_at_the_print(make: Make, session: Session) -> None:
    agreement = agreement_in(make, "released")
    case = cases.load(session, agreement.complaint.number)
    paper = replace(samples.paper(agreement.number), version=1)
    data = papers_agreement.content(session, case, case.editions[0], paper)
    assert code_content(data) == f"KESU1|{agreement.number}|1|{agreement.content_hash}|{history.head()}"
    assert f"历史码 {history.head()}" in pages_of(bind(agreement_sheaf(data)))[0]
    draft = replace(case.editions[0], status="draft")
    assert papers_agreement.content(session, case, draft, paper).anchor == ""
