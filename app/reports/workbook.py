"""The monthly workbook: figures with charts, checked by formula against the cases that stand in it one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app.core.errors import UserError
from app.core.language import N_, _
from app.core.progress import Progress
from app.reports import (
    workbook_compensation,
    workbook_course,
    workbook_definitions,
    workbook_restated,
    workbook_summary,
    workbook_tables,
)
from app.reports.recount import Detail
from app.reports.sheets import MOST_ROWS, Book, Sheet, Styled, letter
from app.reports.workbook_parts import Area, Month, begin
from app.services import workbook_facts
from app.services.figures_content import Content as Content
from app.services.figures_details import Column, Details, Form
from app.services.figures_values import Figures
from app.services.periods import Kind
from app.services.restated import Restated
from app.services.workbook_facts import Facts, Table

_LOOKS = {
    Form.TEXT: "text",
    Form.MEMO: "memo",
    Form.MOMENT: "moment",
    Form.FLAG: "flag",
    Form.COUNT: "number",
    Form.HOURS: "hours",
}


@dataclass(frozen=True)
class Page:
    """A sheet in its place: name, widths, what fills it, and how many rows and columns stay in sight."""

    code: str
    name: str
    widths: Sequence[float]
    frozen: tuple[int, int]
    fill: Callable[[Month, Sheet], object] | None = None


def pages(content: Content) -> tuple[Page, ...]:
    """The sheets in their order."""
    tables, course = workbook_tables, workbook_course
    return (
        Page("summary", N_("Overview"), workbook_summary.WIDTHS, (3, 1)),
        Page("content", N_("By content"), tables.ONE, (3, 1)),
        Page("cause", N_("By cause"), tables.ONE, (4, 1), tables.by_cause),
        Page("customer", N_("By customer"), tables.TWO, (4, 2), tables.by_customer),
        Page("handler", N_("By handler"), tables.ONE, (4, 1), tables.by_handler),
        Page("product", N_("By product"), tables.TWO, (4, 2), tables.by_product),
        Page("method", N_("Handling methods"), tables.ONE, (4, 1), tables.by_method),
        Page("complaint", N_("Complaints"), tables.ONE, (3, 1), tables.complaints),
        Page("compensation", N_("Compensation"), workbook_compensation.WIDTHS, (3, 1)),
        Page("promises", N_("Promises"), course.PROMISES, (3, 1)),
        Page("satisfaction", N_("Satisfaction"), course.SATISFACTION, (3, 1)),
        Page("trend", N_("Trend"), tables.ONE, (4, 1)),
        Page("overdue", N_("Overdue list"), course.OVERDUE, (3, 1), course.overdue),
        Page("objections", N_("Objection details"), [column.width for column in content.objections.columns], (4, 2)),
        Page("complaints", N_("Complaint details"), [column.width for column in content.complaints.columns], (4, 2)),
        Page("definitions", N_("Definitions"), workbook_definitions.WIDTHS, (4, 1), workbook_definitions.write),
    )


def title_of(figures: Figures) -> str:
    """What a workbook of these figures calls itself."""
    return f"{_('Monthly report on objections and complaints')} {figures.scope}"


def render(
    content: Content,
    progress: Progress | None = None,
    more: Sequence[Page] = (),
    title: str = "",
    restated: Sequence[Restated] = (),
    anchor: str = "",
    *,
    sample: bool = False,
) -> bytes:
    """The workbook as a file's content, `more` sheets behind the overview. `progress` learns of the rows, and may cancel.

    What is different today (`restated`) stands on a sheet of its own behind the others, which stay what they were.
    `anchor`: the history when it goes out.
    """
    words = workbook_facts.cell_words()
    shown = pages(content)
    shown = (*shown[:1], *more, *shown[1:])
    author, apart = content.figures.branch_name, (words["agrees"], words["differs"])
    with Book(title or title_of(content.figures), author, apart, sample=sample) as book:
        book.workbook.properties.identifier = anchor or None
        found: dict[str, Sheet] = {}
        for page in shown:
            found[page.code] = book.sheet(_(page.name), page.widths)
            found[page.code].freeze(*page.frozen)
        month = replace(_read(book, content, found, progress or Progress()), anchor=anchor)
        for page in shown:
            if page.fill is not None:
                page.fill(month, found[page.code])
        workbook_summary.write(month, found["summary"], content.prepared_by, content.day, _linked(month, found))
        if restated:
            workbook_restated.write(month, restated)
        if content.facts is not None:
            book.hide(workbook_facts.SHEET, _facts(content, content.facts, found).lines())
        return book.bytes()


def _facts(content: Content, facts: Facts, found: dict[str, Sheet]) -> Facts:
    """What programs shall know, with where the cases stand and the sum of each sheet."""
    tables = {
        name: Table(
            found[name].title,
            tuple(column.label for column in details.columns),
            tuple(column.code for column in details.columns),
        )
        for name, details in (("objections", content.objections), ("complaints", content.complaints))
    }
    return replace(facts, tables=tables, sums={sheet.title: str(sheet.sum) for sheet in found.values()})


def _read(book: Book, content: Content, found: dict[str, Sheet], progress: Progress) -> Month:
    """Writes the details first: the tables count from where they stand."""
    nowhere = Detail("", {}, 0)
    start = Month(book, content.figures, nowhere, nowhere, content.agreed, content.listed)
    objections = _details(start, found["objections"], content.objections, _("Objection details"), progress)
    complaints = _details(start, found["complaints"], content.complaints, _("Complaint details"), progress)
    return replace(start, objections=objections, complaints=complaints)


def _linked(month: Month, found: dict[str, Sheet]) -> workbook_summary.Links:
    """Writes the sheets whose tables the overview shows or checks, too."""
    amounts = workbook_compensation.compensation(month, found["compensation"])
    contents = workbook_tables.by_content(month, found["content"])
    last = workbook_tables.trend(month, found["trend"])
    first = last - len(month.figures.trend) + 1
    return workbook_summary.Links(
        amounts,
        workbook_course.promises(month, found["promises"]),
        workbook_course.satisfaction(month, found["satisfaction"]),
        (found["trend"].title, last) if month.figures.period.kind is Kind.MONTH else None,
        workbook_summary.Drawn(found["trend"], (2, 3), (first - 1, first, last)),
        workbook_summary.Drawn(found["content"], *contents),
    )


def _details(month: Month, sheet: Sheet, details: Details, title: str, progress: Progress) -> Detail:
    """The cases, a row each, and where they stand."""
    begin(month, sheet, title)
    head = sheet.add([Styled(column.label, "head") for column in details.columns], 34)
    sheet.columns([_LOOKS[column.form] for column in details.columns])
    for row in progress.over(details.rows, None, title):
        if sheet.row >= MOST_ROWS:
            raise UserError(_("A sheet holds {count} rows. Choose a shorter period.").format(count=MOST_ROWS))
        sheet.stream(row)
    area = Area(head, head + 1, max(sheet.row, head + 1))
    sheet.ws.auto_filter.ref = f"A{head}:{letter(len(details.columns))}{area.last}"
    sheet.rule(area.first, area.last, len(details.columns))
    printed = sum(column.printed for column in details.columns)
    sheet.ws.print_area = f"A1:{letter(printed)}{area.last}"
    return Detail(sheet.span(area.first, area.last), _letters(details.columns), sheet.row - head)


def _letters(columns: Sequence[Column]) -> dict[str, str]:
    return {column.code: letter(place) for place, column in enumerate(columns, 1)}
