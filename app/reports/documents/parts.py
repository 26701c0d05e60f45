"""What several papers share: remedy lines, judgement, and how their values are written. Labels of choices come as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from app.core import formats
from app.core.capital_amount import capital_amount
from app.core.language import _, chosen
from app.core.times import Moment
from app.reports.grid import BODY, HEAD, Cell, Grid, Row
from app.reports.layout import Block, Text
from app.reports.typesetting import Align, Style

SECTION = Style(10.5, bold=True, spacing=1.7)
PARAGRAPH = Style(10, spacing=1.55)
_RIGHT = BODY._replace(align=Align.RIGHT)
_CENTRE = BODY._replace(align=Align.CENTRE)
_NUMBERS = "一二三四五六七八九十"


@dataclass(frozen=True)
class RemedyLine:
    """One thing promised: `way` is the label of the remedy; amounts in 元, None where there is none."""

    way: str
    content: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    unit_price: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True)
class Judgement:
    """What the enquiry found; None where it was not judged. `fault` is the company's degree in percent."""

    reason_sufficient: bool | None = None
    demand_reasonable: bool | None = None
    malicious: bool | None = None
    valid: bool | None = None
    evidence: str = ""
    cause: str = ""
    responsible_party: str = ""
    responsible_stage: str = ""
    fault: int | None = None


def day(value: date | None) -> str:
    """A day in full; empty where unknown."""
    return formats.long_day(value) if value else ""


def moment(value: Moment | None) -> str:
    """A day, with its time where it has one. A `datetime` is in the branch's zone."""
    if isinstance(value, datetime):
        return f"{formats.long_day(value.date())} {value:%H:%M}"
    return day(value)


def short_day(value: Moment | None) -> str:
    """The day alone, in figures; empty where unknown. A `datetime` is in the branch's zone."""
    return "" if value is None else formats.day(value.date() if isinstance(value, datetime) else value)


NOT_JUDGED = Judgement()


def blank_day() -> str:
    """A day to be written by hand."""
    return _("____ / ____ / ________")


def counted(quantity: Decimal | None, unit: str) -> str:
    """A quantity with its unit; empty where it is not known."""
    return "" if quantity is None else f"{formats.quantity(quantity)} {unit}".strip()


def money(amount: Decimal | None) -> str:
    """元 with two decimals; empty where there is none."""
    return "" if amount is None else formats.money(amount)


def yes_no(value: bool | None, yes: str = "", no: str = "") -> str:
    """The word for it; empty where it is not known."""
    return "" if value is None else (yes or _("yes")) if value else (no or _("no"))


def boxes(options: Sequence[str]) -> str:
    """Choices to tick by hand."""
    return "   ".join("□\u00a0" + option.replace(" ", "\u00a0") for option in options)


def section(number: int, title: str) -> Text:
    """The numbered heading of a part."""
    return Text(_("{number}. {title}").format(number=_numeral(number), title=title), SECTION, before=8, with_next=True)


def part(title: str, *content: Block) -> list[Block]:
    """A heading without a number, and what stands under it."""
    return [Text(title, SECTION, before=4, with_next=True), *content]


def _numeral(number: int) -> str:
    return _NUMBERS[number - 1] if chosen() == "zh_CN" else str(number)


def total(remedies: Sequence[RemedyLine]) -> Decimal | None:
    """元 of all lines; None where no line has an amount."""
    amounts = [line.amount for line in remedies if line.amount is not None]
    return sum(amounts, Decimal()) if amounts else None


_SHARES = (0.06, 0.15, 0.36, 0.13, 0.14, 0.16)


def remedy_table(remedies: Sequence[RemedyLine]) -> Grid:
    """序, 方式, 内容, 数量, 单价, 金额 and the sum below."""
    captions = (_("#"), _("Remedy"), _("Content"), _("Quantity"), _("Unit price (yuan)"), _("Amount (yuan)"))
    head = Row([Cell(text, share, HEAD, shaded=True) for text, share in zip(captions, _SHARES, strict=True)])
    rows = [_remedy_row(number, line) for number, line in enumerate(remedies, 1)]
    whole = total(remedies)
    if whole is not None:
        bold = _RIGHT._replace(bold=True)
        cells = [Cell("", 0.06), Cell(_("Total"), 0.78, BODY._replace(bold=True)), Cell(money(whole), 0.16, bold)]
        rows.append(Row(cells, joined=bool(rows)))
    return Grid(rows or [Row([Cell(_("none"), 1, _CENTRE)])], [head], before=3)


def _remedy_row(number: int, line: RemedyLine) -> Row:
    quantity = "—" if line.quantity is None else f"{formats.quantity(line.quantity)} {line.unit}".strip()
    texts = (str(number), line.way, line.content, quantity, money(line.unit_price) or "—", money(line.amount) or "—")
    styles = (_CENTRE, BODY, BODY, _RIGHT, _RIGHT, _RIGHT)
    return Row([Cell(text, share, style) for text, share, style in zip(texts, _SHARES, styles, strict=True)])


def in_capitals(amount: Decimal) -> str:
    """The line below a sum: the amount in capitals."""
    return _("Amount in capitals: {amount}").format(amount=capital_amount(amount))


def judgement_pairs(judgement: Judgement) -> tuple[tuple[str, str], ...]:
    """(caption, value) of the short findings."""
    party = " · ".join(part for part in (judgement.responsible_party, judgement.responsible_stage) if part)
    fault = "" if judgement.fault is None else f"{judgement.fault} %"
    return (
        (_("Reason sufficient"), yes_no(judgement.reason_sufficient)),
        (_("Demand reasonable"), yes_no(judgement.demand_reasonable)),
        (_("Intention"), yes_no(judgement.malicious, _("malicious"), _("good faith"))),
        (_("Complaint valid"), yes_no(judgement.valid)),
        (_("Responsible"), party),
        (_("Our fault"), fault),
    )


def judgement_choices() -> tuple[tuple[str, str], ...]:
    """The same to be ticked and filled in by hand."""
    either = boxes([_("yes"), _("no")])
    faith = boxes([_("good faith"), _("malicious")])
    room = (either, either, faith, either, "_" * 16, "______ %")
    return tuple((caption, value) for (caption, _none), value in zip(judgement_pairs(NOT_JUDGED), room, strict=True))


def signed(caption: str, by: str, on: Moment | None) -> str:
    """A signature at the foot of a box, with room to write where it has not been given."""
    return _("{caption}: {name}    Date: {day}").format(caption=caption, name=by or " " * 24, day=moment(on) or blank_day())
