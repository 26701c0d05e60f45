"""月报: what stands on the pages is what is counted, in order, in both languages."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pypdfium2
import pytest

from app.core import formats, language
from app.models import agreements, prints
from app.reports import drawn_charts, papers_period
from app.reports.documents.month_report import MOST_CAUSES
from app.reports.verdicts import ISSUED
from app.reports.verifying import verify
from app.services import figures, figures_by, periods
from app.views.tokens import TOKENS
from tests.conftest import Clock
from tests.make import Make
from tests.reports.reading import in_order, pages_of, text_of

NOVEMBER = periods.month_of(date(2026, 11, 1))
CAUSES = (
    "company.delivery", "product.price", "product.quality", "product.defect", "staff.rudeness", "customer.budget",
    "customer.low_mood", "customer.unwilling", "company.sales_policy", "product.supply", "staff.broken_promise",
    "company.classification", "customer.misunderstanding", "company.unkept_commitment",
)  # fmt: skip


@pytest.fixture
def month(make: Make) -> Make:
    """A month with many causes, an agreement, and October before it."""
    shop = make.customer(name="城南批发部").number
    now = make.session.clock()
    for place, cause in enumerate(CAUSES):
        make.objection(customer=shop, occurred_at=now - timedelta(hours=place + 1), content="service", cause=cause)
    make.objection(customer=shop, occurred_at=now - timedelta(days=40), content="price")
    case = make.approved(customer=shop, cost="300.00", **{"class": "product"})
    case = make.steps(case, ("reply", {"reply_text": "补偿"}), "agreement")
    make.steps(agreements.editions(make.session, case)[0], "release", ("sign-agreement", {"signed_by": "陈"}))
    return make


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_pages_read_in_order_and_say_what_was_counted(month: Make) -> None:
    made = papers_period.render(month.session, NOVEMBER)
    pages, text = pages_of(made.content), text_of(made.content)
    assert 2 <= len(pages) <= 4
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert "Printed 2026-11-23 14:32" in page
        assert "城东分公司" in page
    found = figures.compute(month.session, NOVEMBER)
    parts = (
        "MonthlyreportonobjectionsandcomplaintsNotoveryet:counteduntil2026-11-2314:32",
        "1.Mainfigures",
        f"Objections(cases){found.objections}1+13(+1300.0%)",
        "2.Courseandcauses",
        "Cause",
        "3.Whattheywereabout",
        "4.Notended",
        f"{found.backlog}opencases",
        "5.Compensation",
        f"{formats.money(found.compensation_cost)} yuan, 1 times",
        "0 of 300 元",
        "6.Overduelist",
        "Preparedby:",
        "王敏",
        "Checkedby:",
        "Date:",
    )
    in_order(text.replace("2026-11Not", "Not"), *(squeezed(part) for part in parts))
    assert made.title == "Monthly report on objections and complaints 2026-11"


def test_causes_that_find_no_row_are_added_up(month: Make) -> None:
    text = text_of(papers_period.render(month.session, NOVEMBER).content)
    rows = figures.compute(month.session, NOVEMBER).pareto.causes
    named = [row for row in rows if row.cumulative is not None]
    rest = named[MOST_CAUSES - 1 :]
    assert len(rest) > 1
    assert f"{len(rest)}others{sum(row.count for row in rest)}" in text
    assert squeezed(formats.percent(named[0].share)) in text


def test_an_empty_month_says_so_on_two_pages_at_most(month: Make) -> None:
    content = papers_period.render(month.session, periods.month_of(date(2024, 3, 1))).content
    text = text_of(content)
    assert squeezed("No objection and no complaint came in during this period.") in text
    assert "Notoveryet" not in text
    assert "Objections(cases)0" in text
    assert len(pages_of(content)) <= 2


def test_two_hundred_overdue_cases_are_cut_with_their_number(make: Make, clock: Clock) -> None:
    shop = make.customer(name="城南批发部").number
    for place in range(200):
        case = make.complaint(customer=shop, description=f"第{place}件")
        make.steps(case, "sign", ("accept", {"promised_at": "2026-11-24"}))
    clock.advance(days=4)
    content = papers_period.render(make.session, NOVEMBER).content
    text = text_of(content)
    assert len(pages_of(content)) <= 4
    listed = [f"TS-202611-{number:04}" for number in range(1, 201) if f"TS-202611-{number:04}" in text]
    assert listed == [f"TS-202611-{number:04}" for number in range(1, papers_period.MOST_OVERDUE + 1)]
    assert squeezed(f"and {200 - papers_period.MOST_OVERDUE} more cases") in text
    assert squeezed("城南批发部Reply2026-11-243Accepted王敏, since 2026-11-23") in text


def test_the_report_is_chinese_where_that_is_chosen(month: Make) -> None:
    language.choose("zh_CN")
    made = papers_period.render(month.session, NOVEMBER)
    text = text_of(made.content)
    in_order(
        text,
        "客户异议与投诉月报",
        "2026年11月",
        "本期还没结束",
        "主要指标",
        "走势与原因",
        "超期清单",
        "制表：",
        "审核：",
        "日期：",
    )
    assert "Objections" not in text
    assert papers_period.file_name(month.session, made) == "客户异议与投诉月报 2026年11月 城东分公司.pdf"


def test_the_report_of_some_cases_names_them(month: Make) -> None:
    chosen = figures_by.chosen(month.session, [("content", "price")])
    made = papers_period.render(month.session, periods.month_of(date(2026, 10, 1)), chosen)
    text = text_of(made.content)
    assert "ContentPrice" in text
    assert "Objections(cases)1" in text


def test_an_issued_report_is_known_again(month: Make, tmp_path: Path) -> None:
    path = tmp_path / "month.pdf"
    made = papers_period.render(month.session, NOVEMBER)
    papers_period.write(month.session, path, made)
    verdict = verify(month.session, path)
    assert verdict.code == ISSUED
    assert "Monthly report" in verdict.sentence
    assert [one.document for one in verdict.issued] == [prints.MONTH_PAPER]


def test_charts_are_drawn_as_lines_not_as_pictures(month: Make) -> None:
    document = pypdfium2.PdfDocument(papers_period.render(month.session, NOVEMBER).content)
    kinds = {found.type for page in document for found in page.get_objects()}
    document.close()
    assert 3 not in kinds  # an image
    assert 2 in kinds  # a path


def test_every_colour_of_a_chart_has_an_ink() -> None:
    assert drawn_charts.INK.keys() <= TOKENS.keys()
