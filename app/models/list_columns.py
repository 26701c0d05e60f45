"""Columns of lists that are no fields of the records: counted by SQL over the row `c`."""

from __future__ import annotations

from app.core.fields import Field, Kind
from app.core.language import N_

LOST_WITHIN = 90
"""Days after a complaint within which a customer who is lost counts as lost after it."""
COMPLAINED = (
    "SELECT {chosen} FROM complaint AS k WHERE k.customer_id = c.id AND k.status <> 'voided' AND k.received_at < c.lost_until"
    f" AND k.received_at >= c.lost_until - {(LOST_WITHIN + 1) * 86_400_000}"
)
"""What is `chosen` of the complaints within these days before a customer was lost."""
LOST = (
    (
        Field("complained_then_lost", N_("Complained, then lost"), Kind.BOOLEAN, width=90),
        f"(c.status = 'lost' AND EXISTS ({COMPLAINED.format(chosen='1')}))",
    ),
)
"""Whether a customer was lost after a complaint."""
SOLVED = "(o.status = 'closed' AND o.satisfaction >= 4 OR o.solved_on_spot AND coalesce(o.satisfaction, 3) > 2)"
"""Closed to the customer's satisfaction, or solved on the spot without a dissatisfied score."""
_NAMING = "FROM objection AS o WHERE o.card_id = c.id AND o.status <> 'voided'"
USED, HELPED = f"(SELECT count(*) {_NAMING})", f"(SELECT count(*) {_NAMING} AND {SOLVED})"
USES = (
    (Field("times_used", N_("Used"), Kind.INTEGER, width=60, indexed=True), USED),
    (Field("times_helped", N_("Helped"), Kind.INTEGER, width=60, indexed=True), HELPED),
)
"""How often a card was used and how often it helped."""
RESTING = (
    (
        Field("cards", N_("Cards"), Kind.INTEGER, width=60, indexed=True),
        "(SELECT count(DISTINCT l.parent_id) FROM evidence_line AS l WHERE l.evidence_id = c.id)",
    ),
)
"""How many cards rest on a piece of evidence."""
