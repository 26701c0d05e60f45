"""整改通报 and 致厂家函: what was learned from complaints, told inside the branch, and asked of the maker of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from app.core.language import _
from app.core.times import Moment
from app.reports.documents.parts import PARAGRAPH, blank_day, counted, day, part, section, short_day
from app.reports.grid import SMALL, Grid, Row, form_row, memo_row, table
from app.reports.layout import Block, Entry, Signatures, Text
from app.reports.pdf import Paper, Sheaf
from app.reports.typesetting import Align

_READERS, _HANDWRITING = 3, 24
_CENTRE, _RIGHT = SMALL._replace(align=Align.CENTRE), SMALL._replace(align=Align.RIGHT)
_BOLD = PARAGRAPH._replace(bold=True)


@dataclass(frozen=True)
class ImprovementNotice:
    """A corrective action as the departments learn of it: nothing in it says how the customer can be reached."""

    paper: Paper
    complaint_number: str
    received_on: Moment | None = None
    customer: str = ""
    complaint_class: str = ""
    severity: str = ""
    products: tuple[str, ...] = ()
    what: str = ""
    recurrences: tuple[str, ...] = ()
    root_cause: str = ""
    cause: str = ""
    immediate: str = ""
    lasting: str = ""
    department: str = ""
    person: str = ""
    due: date | None = None
    check_on: date | None = None
    done_on: Moment | None = None
    done_note: str = ""
    checked_on: Moment | None = None
    check_note: str = ""
    published_by: str = ""
    published_on: Moment | None = None


def notice_sheaf(data: ImprovementNotice) -> Sheaf:
    """The paper."""
    blocks: list[Block] = [
        Text(_("To: all departments"), _BOLD),
        section(1, _("The case")),
        Grid(_happened(data)),
        section(2, _("Why it happened")),
        Grid(_causes(data)),
        section(3, _("What is done")),
        Grid(_measures(data)),
    ]
    if data.done_note or data.check_note:
        blocks += [section(4, _("How it went")), Grid(_outcome(data))]
    blocks += [
        Text(_("So that it does not happen again anywhere in this branch, check your own work for it."), PARAGRAPH, before=8)
    ]
    blocks += part(_("Read and understood"), _readers())
    blocks.append(
        Signatures(
            [
                [Entry(_("Branch (seal):"), "", line=False)],
                [Entry(_("Published by:"), data.published_by)],
                [Entry(_("Date:"), short_day(data.published_on) or blank_day(), line=False)],
            ]
        )
    )
    return Sheaf(data.paper, _("Notice of an improvement"), blocks)


def _happened(data: ImprovementNotice) -> list[Row]:
    rows = [
        form_row((_("Complaint"), data.complaint_number, 0.5), (_("Received"), short_day(data.received_on), 0.5)),
        form_row(
            (_("Customer"), data.customer, 0.5), (_("Class"), data.complaint_class, 0.28), (_("Severity"), data.severity, 0.22)
        ),
    ]
    rows += [memo_row(_("Products"), "\n".join(data.products), least=22)] if data.products else []
    rows.append(memo_row(_("What happened"), data.what, least=34))
    return rows + ([memo_row(_("Recurs"), "\n".join(data.recurrences), least=22)] if data.recurrences else [])


def _causes(data: ImprovementNotice) -> list[Row]:
    return [form_row((_("Cause"), data.cause, 1)), memo_row(_("Root cause"), data.root_cause, least=34)]


def _measures(data: ImprovementNotice) -> list[Row]:
    return [
        memo_row(_("Immediate measure"), data.immediate, least=28),
        memo_row(_("Lasting measure"), data.lasting, least=28),
        form_row((_("Department"), data.department, 0.5), (_("Responsible person"), data.person, 0.5)),
        form_row((_("Due"), day(data.due), 0.5), (_("Check on"), day(data.check_on), 0.5)),
    ]


def _outcome(data: ImprovementNotice) -> list[Row]:
    found = (
        (_("Done"), data.done_on, data.done_note),
        (_("Checked"), data.checked_on, data.check_note),
    )
    return [memo_row(caption, "\n".join(filter(None, (short_day(on), note))), least=22) for caption, on, note in found if note]


def _readers() -> Grid:
    captions = (_("Department"), _("Reader"), _("Date")) * 2
    shares = (0.19, 0.17, 0.14) * 2
    return table(captions, shares, [("",) * 6] * _READERS, least=_HANDWRITING)


class BatchCase(NamedTuple):
    """A complaint in which the batch was found."""

    number: str
    received_on: Moment | None
    produced_on: date | None
    quantity: Decimal | None
    defective: Decimal | None
    unit: str = ""
    symptom: str = ""


class Batch(NamedTuple):
    """A batch of a product, with the complaints that name it, oldest first."""

    product: str
    specification: str
    batch: str
    cases: tuple[BatchCase, ...]


@dataclass(frozen=True)
class MakerLetter:
    """A letter to a maker. `pictures`: how many photos and reports lie with the cases; `answer_by`: when an answer is wanted."""

    paper: Paper
    batches: tuple[Batch, ...]
    brand: str = ""
    pictures: int = 0
    answer_by: date | None = None
    contact: str = ""
    phone: str = ""
    by: str = ""


def letter_sheaf(data: MakerLetter) -> Sheaf:
    """The paper."""
    names = _(", ").join(dict.fromkeys(one.product for one in data.batches))
    to = _("To: the maker of {product}").format(product=data.brand or names)
    cases = len({case.number for one in data.batches for case in one.cases})
    opening = _("Customers of our branch complained of the following products in {count} cases. We write to you about it.")
    blocks: list[Block] = [
        Text(to, _BOLD),
        Text(opening.format(count=cases), PARAGRAPH._replace(indent=2), before=4),
    ]
    blocks += [block for number, one in enumerate(data.batches, 1) for block in _batch(number, one)]
    blocks += [section(len(data.batches) + 1, _("What we ask of you"))]
    blocks += [Text(f"{number}. {sentence}", PARAGRAPH, before=2) for number, sentence in enumerate(_asked(data), 1)]
    if data.pictures:
        enclosed = _("Enclosed: {count} photos and reports on the cases.").format(count=data.pictures)
        blocks.append(Text(enclosed, PARAGRAPH, before=8))
    blocks.append(_letter_signatures(data))
    return Sheaf(data.paper, _("Letter to the maker on a batch"), blocks)


def _batch(number: int, one: Batch) -> list[Block]:
    made = _(", ").join(dict.fromkeys(day(case.produced_on) for case in one.cases if case.produced_on))
    title = _("{product}, batch {batch}").format(product=one.product, batch=one.batch)
    return [
        section(number, title),
        Grid(
            [
                form_row((_("Product"), one.product, 0.5), (_("Specification"), one.specification, 0.5)),
                form_row((_("Batch"), one.batch, 0.5), (_("Produced"), made, 0.5)),
                form_row((_("Cases"), str(len(one.cases)), 0.5), (_("Defective"), _sum(one.cases), 0.5)),
            ]
        ),
        _cases(one.cases),
    ]


def _sum(cases: Sequence[BatchCase]) -> str:
    """Defective pieces of all cases, by unit; what nobody counted is left out."""
    found: dict[str, Decimal] = {}
    for case in cases:
        if case.defective is not None:
            found[case.unit] = found.get(case.unit, Decimal(0)) + case.defective
    return _(", ").join(counted(quantity, unit) for unit, quantity in found.items())


def _cases(cases: Sequence[BatchCase]) -> Grid:
    captions = (_("#"), _("Complaint"), _("Received"), _("Produced"), _("Quantity"), _("Defective"), _("Symptom"))
    rows = [
        (
            str(number),
            case.number,
            short_day(case.received_on),
            short_day(case.produced_on),
            counted(case.quantity, case.unit),
            counted(case.defective, case.unit),
            case.symptom,
        )
        for number, case in enumerate(cases, 1)
    ]
    styles = (_CENTRE, SMALL, _CENTRE, _CENTRE, _RIGHT, _RIGHT, SMALL)
    return table(captions, (0.05, 0.19, 0.13, 0.13, 0.1, 0.1, 0.3), rows, styles)


def _asked(data: MakerLetter) -> list[str]:
    answer = _("Answer in writing by {day}.").format(day=day(data.answer_by)) if data.answer_by else _("Answer in writing.")
    return [
        _("Check the records of production, inspection, storage and transport of this batch and tell us the cause."),
        _("Tell us where else goods of this batch went, and what becomes of them."),
        _("Say how the goods are replaced or taken back, and who bears the cost."),
        answer,
    ]


def _letter_signatures(data: MakerLetter) -> Signatures:
    return Signatures(
        [
            [
                Entry(_("Branch (seal):"), "", line=False),
                Entry(_("Date:"), short_day(data.paper.printed_at), line=False),
            ],
            [Entry(_("Contact person:"), data.contact or data.by), Entry(_("Phone:"), data.phone)],
        ]
    )
