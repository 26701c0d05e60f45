"""What a customer complains of and claims, as the tables of the registration form: product lines and losses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.core import formats
from app.core.language import _
from app.reports.documents.parts import counted, money, yes_no
from app.reports.grid import LABEL, SMALL, Cell, Grid, Row
from app.reports.typesetting import Align, Style

_UPPER = (0.05, 0.21, 0.14, 0.14, 0.18, 0.1, 0.1, 0.08)
_LOWER = (0.05, 0.17, 0.12, 0.12, 0.18, 0.18, 0.18)
_LOSS = (0.3, 0.2, 0.5)
_CENTRE = SMALL._replace(align=Align.CENTRE)
_CAPTION = LABEL._replace(size=8.5)


@dataclass(frozen=True)
class ProductLine:
    """A product complained of, as the customer says."""

    product: str = ""
    specification: str = ""
    produced_on: date | None = None
    batch: str = ""
    quantity: Decimal | None = None
    defective_quantity: Decimal | None = None
    unit: str = ""
    order_number: str = ""
    bought_on: date | None = None
    in_use_since: date | None = None
    symptom: str = ""
    earlier_brand: str = ""
    recent_condition: str = ""
    invoice: bool | None = None


@dataclass(frozen=True)
class LossLine:
    """A loss that the customer claims, in 元."""

    kind: str
    amount: Decimal | None = None
    note: str = ""


def product_table(products: Sequence[ProductLine], least: float) -> Grid:
    """Two rows of at least `least` points for each product: one alone would need thirteen columns."""
    upper = (_("#"), _("Product"), _("Specification"), _("Produced"), _("Batch"), _("Quantity"), _("Defective"), _("Invoice"))
    lower = (
        _("Order no."),
        _("Bought"),
        _("In use since"),
        _("Symptom"),
        _("Earlier brand, its condition"),
        _("Recent condition"),
    )
    head = _pair(upper, lower, [_CAPTION] * len(upper), [_CAPTION] * len(_LOWER), least=0, shaded=True)
    return Grid([row for number, line in enumerate(products, 1) for row in _product(number, line, least)], head)


def _product(number: int, line: ProductLine, least: float) -> list[Row]:
    amounts = (counted(line.quantity, line.unit), counted(line.defective_quantity, line.unit))
    upper = (str(number), line.product, line.specification, _day(line.produced_on), line.batch, *amounts, yes_no(line.invoice))
    dates = (_day(line.bought_on), _day(line.in_use_since))
    lower = (line.order_number, *dates, line.symptom, line.earlier_brand, line.recent_condition)
    above = [_CENTRE, SMALL, SMALL, _CENTRE, SMALL, _CENTRE, _CENTRE, _CENTRE]
    return _pair(upper, lower, above, [SMALL, SMALL, _CENTRE, _CENTRE, SMALL, SMALL, SMALL], least=least)


def _pair(
    upper: Sequence[str],
    lower: Sequence[str],
    above: Sequence[Style],
    below: Sequence[Style],
    *,
    least: float,
    shaded: bool = False,
) -> list[Row]:
    """Two rows that share their first cell."""
    tops = list(zip(upper, _UPPER, above, strict=True))
    bottoms = list(zip(("", *lower), _LOWER, below, strict=True))
    first = [Cell(text, share, style, shaded=shaded, open_bottom=not place) for place, (text, share, style) in enumerate(tops)]
    second = [Cell(text, share, style, shaded=shaded, open_top=not place) for place, (text, share, style) in enumerate(bottoms)]
    return [Row(first, least), Row(second, least, joined=True)]


def _day(value: date | None) -> str:
    return formats.day(value) if value else ""


def loss_table(losses: Sequence[LossLine], least: float, whole: bool = False) -> Grid:
    """The losses and their sum, which stays empty where no amount is known; `whole`: never parted by a page's end."""
    captions = (_("Loss claimed"), _("Amount (yuan)"), _("Note"))
    head = Row([Cell(text, share, _CAPTION, shaded=True) for text, share in zip(captions, _LOSS, strict=True)])
    rows = [_loss(line.kind, money(line.amount), line.note, least, joined=whole) for line in losses]
    amounts = [line.amount for line in losses if line.amount is not None]
    if len(losses) > 1:
        rows.append(_loss(_("Total"), money(sum(amounts, Decimal())) if amounts else "", "", least, joined=True))
    return Grid(rows, [head])


def _loss(kind: str, amount: str, note: str, least: float, joined: bool = False) -> Row:
    right = SMALL._replace(align=Align.RIGHT)
    return Row([Cell(kind, _LOSS[0], SMALL), Cell(amount, _LOSS[1], right), Cell(note, _LOSS[2], SMALL)], least, joined)
