"""Every step in every state: it leads where it shall, or it is refused and leaves nothing changed."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from app.core.errors import RuleBroken
from app.models import card_steps, complaint_steps, objection_steps  # noqa: F401 - they enter their steps
from app.models.steps import all_steps, options, steps_of, take
from tests.make import Make
from tests.models.stands import (
    ACTION_STATES,
    AGREEMENT_STATES,
    ASKED,
    CARD_STATES,
    COMPLAINT_STATES,
    DISPATCH_STATES,
    EVIDENCE_STATES,
    IN_STATE,
    OBJECTION_STATES,
    whole,
)

# (state, step) → the state after it. What is not here is refused.
COMPLAINT = {
    ("draft", "sign"): "registered",
    ("registered", "accept"): "accepted",
    ("accepted", "investigate"): "investigating",
    ("investigating", "investigate"): "investigating",
    ("investigating", "propose"): "proposed",
    ("proposed", "approve"): "approved",
    ("proposed", "return"): "investigating",
    ("proposed", "agreement"): "proposed",
    ("approved", "agreement"): "approved",
    ("approved", "reply"): "replied",
    ("replied", "agreement"): "replied",
    ("replied", "waive"): "agreed",
    ("agreed", "dispatch"): "executing",
    ("following_up", "follow-up"): "following_up",
    ("closed", "reopen"): "investigating",
    ("closed", "action"): "closed",
    ("draft", "void"): "voided",
}
UNDER_WAY = COMPLAINT_STATES[2:10]
COMPLAINT |= {(state, "reject"): "rejected" for state in COMPLAINT_STATES[1:4]}
COMPLAINT |= {(state, "assess"): state for state in COMPLAINT_STATES[2:4]}
COMPLAINT |= {(state, step): state for state in UNDER_WAY for step in ("change", "pause")}
COMPLAINT |= {
    (state, step): ("voided" if step == "void" else state)
    for state in ("registered", *UNDER_WAY)
    for step in ("hand-over", "promise", "notice", "consult", "escalate", "extend", "action", "void")
}
# Something was delivered.
del COMPLAINT["following_up", "void"]
DISPATCH = {
    ("issued", "accept"): "accepted",
    ("accepted", "deliver"): "done",
    ("issued", "chase"): "issued",
    ("accepted", "chase"): "accepted",
    ("issued", "void"): "voided",
    ("accepted", "void"): "voided",
}
ACTION = {
    ("open", "finish"): "done",
    ("done", "check"): "effective",
    ("open", "publish"): "open",
    ("done", "publish"): "done",
    ("effective", "publish"): "effective",
    ("open", "void"): "voided",
    ("done", "void"): "voided",
}
OBJECTION = {
    ("open", "promise"): "promised",
    ("promised", "promise"): "promised",
    ("replied", "promise"): "replied",
    ("promised", "reply"): "replied",
    ("open", "close"): "closed",
    ("replied", "close"): "closed",
    ("closed", "make-card"): "collected",
    **{(state, "feed-back"): state for state in OBJECTION_STATES[:5]},
} | {(state, step): ended for state in OBJECTION_STATES[:3] for step, ended in (("escalate", "escalated"), ("void", "voided"))}
AGREEMENT = {
    ("draft", "release"): "released",
    ("released", "sign-agreement"): "signed",
    ("draft", "void"): "voided",
    ("released", "void"): "voided",
}
CARD = (
    {(state, "discuss"): "discussed" for state in (*CARD_STATES[:3], "retired")}
    | {(state, "rehearse"): "rehearsed" for state in CARD_STATES[1:3]}
    | {(state, "void"): "voided" for state in CARD_STATES[:3]}
    | {("rehearsed", "publish"): "published", ("published", "retire"): "retired"}
)
LEGAL: Mapping[str, Mapping[tuple[str, str], str]] = {
    "complaint": COMPLAINT,
    "objection": OBJECTION,
    "agreement": AGREEMENT,
    "dispatch": DISPATCH,
    "action": ACTION,
    "card": CARD,
    "evidence": {("active", "void"): "voided"},
}
STATES = {
    "complaint": COMPLAINT_STATES,
    "objection": OBJECTION_STATES,
    "agreement": AGREEMENT_STATES,
    "dispatch": DISPATCH_STATES,
    "action": ACTION_STATES,
    "card": CARD_STATES,
    "evidence": EVIDENCE_STATES,
}


@pytest.mark.parametrize(("kind", "state"), [(kind, state) for kind, states in STATES.items() for state in states])
def test_steps_lead_on_or_are_refused_and_leave_nothing_changed(make: Make, kind: str, state: str) -> None:
    record = None
    for step in steps_of(kind):
        record = record or IN_STATE[kind](make, state)
        assert record.status == state
        asked = ASKED[kind].get(step.code, {})
        wanted = LEGAL[kind].get((state, step.code))
        if wanted is not None:
            assert take(make.session, record, step.code, asked).status == wanted
            record = None
            continue
        before = whole(make, record)
        with pytest.raises(RuleBroken, match=record.number):
            take(make.session, record, step.code, asked)
        assert whole(make, record) == before


@pytest.mark.parametrize(("kind", "state"), [(kind, state) for kind, states in STATES.items() for state in states])
def test_the_steps_that_are_offered_are_those_that_can_be_taken(make: Make, kind: str, state: str) -> None:
    record = IN_STATE[kind](make, state)
    offered = {option.step.code for option in options(make.session, record) if option.possible}
    assert offered == {step for (start, step) in LEGAL[kind] if start == state}


def test_every_step_says_why_it_is_not_possible() -> None:
    assert [step.code for step in all_steps() if not step.lock] == []
