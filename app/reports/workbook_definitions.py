"""The sheet that says what each figure means."""

from __future__ import annotations

from app.core.language import N_, _
from app.reports.sheets import Sheet, Styled
from app.reports.workbook_parts import Month, begin, heads
from app.services import figure_words

WIDTHS = (30, 100)
DEFINITIONS = (
    (
        N_("Cases of the period"),
        N_("Objections by when they occurred, complaints by when they were received, local time, every status but void."),
    ),
    (
        N_("As of"),
        N_("The end of the period or the present, whichever is earlier. What has a time counts as it stood then."),
    ),
    (
        N_("Classifications"),
        N_("As they stand when this workbook is made. What has none is “Unclassified”, always the last row."),
    ),
    (
        N_("Month before, a year earlier"),
        N_("(this − that) / that. A year earlier are the same days; 29 February becomes the 28th."),
    ),
    (N_("Share solved on the spot"), N_("Objections solved on the spot / objections. Not stated counts as not.")),
    (
        N_("Share replied on the same day"),
        N_("Complaints replied on the local day of receipt / complaints. Imported ones ended without known reply: neither."),
    ),
    (
        N_("Share of promises kept"),
        N_(
            "Promises that fell due in the period and were kept at or before their time / all that fell due, void "
            "ones excepted. A promise whose date was moved later stays as it was given. One for a day is due until "
            "the day is over."
        ),
    ),
    (
        N_("Share ended"),
        N_("Cases of the period that had ended (closed, not accepted, became a complaint) / cases of the period."),
    ),
    (
        N_("Share solved in time"),
        N_(
            "Complaints whose solution fell due in the period (by the extended deadline, where there is one), answered "
            "in time / all such. The answer is the last round's reply, or the refusal to accept. In neither: those "
            "paused before their deadline, and imported ones ended without known reply."
        ),
    ),
    (
        N_("Handling hours"),
        N_(
            "Clock hours from occurrence or receipt to the last closing, of all cases that ended in the period, "
            "whenever received. Where a time is missing, whole days × 24. 9 of 10 within: the value at rank ⌈0.9 "
            "n⌉."
        ),
    ),
    (
        N_("Share repeated within 90 days"),
        N_(
            "Cases before which, within 90 × 24 hours, another one of the same customer and content (objections) "
            "or class (complaints) lies / cases. At the same instant both count. Unclassified and unknown "
            "customers never repeat."
        ),
    ),
    (N_("Became complaints"), N_("Objections of the period that became a complaint by then.")),
    (N_("Share judged valid"), N_("Complaints judged valid / complaints judged.")),
    (
        N_("Share satisfied"),
        N_(
            "Follow-ups of complaints done in the period with a result of 4 or 5 / those with any result. The satisfaction of an "
            "imported complaint counts as a follow-up at its closing, unless there are follow-ups."
        ),
    ),
    (N_("Complaints for 1,000 customers"), N_("Complaints / customers active by then × 1,000.")),
    (
        N_("Compensation agreed"),
        N_(
            "Agreements signed in the period: the cost of their latest edition that is not void. A later edition "
            "counts in its own month, by the difference. Moral remedies cost nothing."
        ),
    ),
    (
        N_("Promised and delivered"),
        N_(
            "Of agreements whose latest signed edition is of the period: what it promises in full, what the customers had "
            "received by then, and what is owed. Money in yuan, goods in their unit, all else once."
        ),
    ),
    (
        N_("Open cases, age"),
        N_("Everything received before that moment and not ended by then; age in local days, the last day's cases being 0."),
    ),
    (
        N_("Overdue list"),
        N_(
            "Of cases open by then: complaints not answered for good by their deadline, and promises not kept by their time. "
            "Those paused, and promises whose date was moved, are not in it."
        ),
    ),
    (N_("Pareto"), N_("Objections and complaints together, most first. The unclassified stay outside the cumulative share.")),
    (
        N_("Estimate"),
        N_("Complaints × {factor}: so many say nothing for each who complains. A rule of thumb, no measurement."),
    ),
    (
        N_("Check"),
        N_("Totals are values. The check counts them again from the details by formula when the workbook is opened."),
    ),
)


def write(month: Month, sheet: Sheet) -> None:
    """Every figure with its meaning."""
    begin(month, sheet, _("Definitions"))
    heads(sheet, [_("Figure"), _("Meaning")])
    for name, meaning in DEFINITIONS:
        told = _(meaning).replace("{factor}", str(month.figures.silent_factor))
        sheet.add([Styled(_(name), "memo"), Styled(told, "memo")])
    if month.figures.signed:
        sheet.add([Styled(_("Closed months"), "memo"), Styled(figure_words.of_signed(month.figures), "memo")])
    if month.anchor:
        said = _("{anchor}: number and head of the history when this workbook was made. “kesu check” compares them.")
        sheet.add([Styled(_("History"), "memo"), Styled(said.format(anchor=month.anchor), "memo")])
