"""异议记录表: the objection in the customer's words (4W1H), its classification, the five steps and the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.language import _
from app.core.times import Moment
from app.reports.documents.parts import SECTION, moment, signed, yes_no
from app.reports.grid import BODY, HEAD, Cell, Grid, Row, form_row, memo_row
from app.reports.layout import Text
from app.reports.pdf import Paper, Sheaf
from app.reports.typesetting import Align


@dataclass(frozen=True)
class Step:
    """One of the five steps and what was noted at it."""

    name: str
    done: bool = False
    note: str = ""


@dataclass(frozen=True)
class ObjectionRecord:
    """An objection; labels of choices as text, instants in the branch's zone, satisfaction 1–5."""

    paper: Paper
    customer: str = ""
    customer_number: str = ""
    customer_tier: str = ""
    phone: str = ""
    occurred_at: Moment | None = None
    where: str = ""
    what: str = ""
    who: str = ""
    wish: str = ""
    expression: str = ""
    channel: str = ""
    nature: str = ""
    hidden_demand: str = ""
    content: str = ""
    family: str = ""
    cause: str = ""
    product: str = ""
    method: str = ""
    method_reason: str = ""
    steps: tuple[Step, ...] = ()
    card: str = ""
    handler: str = ""
    solved_on_spot: bool | None = None
    promised_at: Moment | None = None
    replied_at: Moment | None = None
    result: str = ""
    satisfaction: int | None = None
    closed_at: Moment | None = None
    fed_back_to: str = ""
    fed_back_at: Moment | None = None
    complaint_number: str = ""
    source_reference: str = ""
    state: str = ""


def objection_sheaf(data: ObjectionRecord) -> Sheaf:
    """The paper."""
    blocks = [
        Grid(_customer(data)),
        _heading(_("In the customer's words")),
        Grid(_words(data)),
        _heading(_("Classification")),
        Grid(_classification(data)),
        _heading(_("The five steps")),
        steps_table(data.steps),
        _heading(_("Result")),
        Grid(_result(data)),
    ]
    return Sheaf(data.paper, _("Objection record"), blocks)


def _heading(title: str) -> Text:
    return Text(title, SECTION, before=4, with_next=True)


def _customer(data: ObjectionRecord) -> list[Row]:
    name = " ".join(part for part in (data.customer, data.customer_number) if part)
    return [
        form_row((_("Customer"), name, 0.6), (_("Tier"), data.customer_tier, 0.4)),
        form_row(
            (_("Phone"), data.phone, 0.3), (_("Channel"), data.channel, 0.3), (_("Outside no."), data.source_reference, 0.4)
        ),
        form_row((_("Handler"), data.handler, 0.3), (_("State"), data.state, 0.3), (_("Product"), data.product, 0.4)),
    ]


def _words(data: ObjectionRecord) -> list[Row]:
    return [
        form_row((_("When"), moment(data.occurred_at), 0.5), (_("Where"), data.where, 0.5)),
        memo_row(_("What"), data.what, least=60),
        memo_row(_("Who is concerned"), data.who, least=22),
        memo_row(_("How it should be solved"), data.wish, least=34),
    ]


def _classification(data: ObjectionRecord) -> list[Row]:
    rows = [
        form_row((_("Expression"), data.expression, 0.33), (_("Nature"), data.nature, 0.33), (_("Content"), data.content, 0.34)),
        form_row((_("Family"), data.family, 0.33), (_("Cause"), data.cause, 0.67)),
    ]
    if data.hidden_demand:
        rows.append(memo_row(_("Hidden demand"), data.hidden_demand, least=22))
    method = data.method
    if data.method_reason:
        method = _("{method}; chosen against its guard because: {reason}").format(method=method, reason=data.method_reason)
    return [*rows, form_row((_("Method"), method, 0.67), (_("Card used"), data.card, 0.33))]


def steps_table(steps: Sequence[Step]) -> Grid:
    """序, 步骤, 完成, 备注."""
    shares = (0.08, 0.24, 0.1, 0.58)
    captions = (_("#"), _("Step"), _("Done"), _("Note"))
    head = Row([Cell(text, share, HEAD, shaded=True) for text, share in zip(captions, shares, strict=True)])
    return Grid([_step(number, step, shares) for number, step in enumerate(steps, 1)] or [Row([Cell(_("none"), 1)])], [head])


def _step(number: int, step: Step, shares: tuple[float, float, float, float]) -> Row:
    centre = BODY._replace(align=Align.CENTRE)
    texts = (str(number), step.name, "✓" if step.done else "", step.note)
    styles = (centre, BODY, centre, BODY)
    return Row([Cell(text, share, style) for text, share, style in zip(texts, shares, styles, strict=True)], 20)


def _result(data: ObjectionRecord) -> list[Row]:
    score = "" if data.satisfaction is None else f"{data.satisfaction} / 5"
    fed_back = " ".join(part for part in (data.fed_back_to, moment(data.fed_back_at)) if part)
    rows = [
        form_row(
            (_("Solved on the spot"), yes_no(data.solved_on_spot), 0.3), (_("Reply promised by"), moment(data.promised_at), 0.7)
        ),
        form_row((_("Satisfaction"), score, 0.3), (_("Replied at"), moment(data.replied_at), 0.7)),
        form_row((_("Fed back to"), fed_back, 0.5), (_("Closed at"), moment(data.closed_at), 0.5)),
    ]
    if data.complaint_number:
        rows.append(form_row((_("Became complaint"), data.complaint_number, 1)))
    foot = signed(_("Handler"), data.handler, data.closed_at or data.replied_at)
    return [*rows, memo_row(_("Result"), data.result, least=64, foot=foot)]
