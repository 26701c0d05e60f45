"""What the complaints of the sample branch do once they are settled: delivered, followed up, improved, closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import time, timedelta
from random import Random
from typing import Any

from app.core.times import day_of
from app.models import dispatches, gaps
from app.models.actions import Action
from app.models.complaints import Complaint
from app.models.record import parts_of
from app.models.steps import Missing, take
from app.services.sample_case import Case
from app.services.sample_days import DAY
from app.services.sample_desk import Desk

_PLEASED = {5: 46, 4: 42, 3: 12}
_DECLINED = {5: 12, 4: 58, 3: 30}
_CALLED = "phone"


def step(case: Case, who: str, code: str, values: Mapping[str, Any]) -> None:
    """Take a step of the case as that person."""
    case.recorded = take(case.desk.by(who), case.record, code, values)


def _fresh(case: Case) -> Complaint:
    case.recorded = Complaint.get_by_id(case.record.id)
    return case.recorded


def assess(case: Case) -> None:
    """The five questions, where there is something to negotiate."""
    if not case.story.material or case.rng.random() < 0.35:
        return
    rng, valid = case.rng, case.story.valid
    answers = {
        "long_standing": case.shop.tier in ("key", "ordinary"),
        "buys_again": rng.random() < 0.85,
        "word_of_mouth": rng.random() < 0.4,
        "unreasonable": not valid and rng.random() < 0.5,
        "our_fault": round(rng.randint(*case.story.fault) / 10) * 10,
    }
    step(case, case.handler, "assess", answers)


def _keeper(case: Case) -> str:
    """Who keeps the warehouse."""
    return str(case.desk.library.names["people"]["keeper"])


def aside(case: Case) -> None:
    """What some cases need besides: another opinion, another person, more time, somebody above."""
    rng, boss = case.rng, str(case.desk.library.names["people"]["manager"])
    if rng.random() < 0.2:
        asked = {"with_whom": _keeper(case), "opinion": case.phrase("consulted")}
        step(case, case.handler, "consult", asked)
    if rng.random() < 0.06:
        step(case, case.handler, "change", {"what": "person", "to": case.phrase("changed"), "taken_over_by": case.handler})
    if case.plan.end == "closed" and rng.random() < 0.05:
        until = case.desk.days.ahead(day_of(case.desk.session.clock(), case.desk.days.zone), 9, time(17))
        due = case.record.solution_due
        if due is None or until > due:
            step(case, boss, "extend", {"until": until, "reason": case.phrase("extended")})


def dispatch(case: Case) -> None:
    """One order to each department that has something to deliver."""
    if _fresh(case).status == "agreed" and dispatches.promised(case.desk.session, case.record):
        told = {"told_by": _CALLED, "told": case.phrase("told_dispatch")}
        step(case, case.recorder, "dispatch", told)


def accept_orders(case: Case) -> None:
    """The departments take their orders."""
    for order in dispatches.open_of(_fresh(case)):
        who = _keeper(case) if order.department == "warehouse" else case.recorder
        take(case.desk.by(who), order, "accept", {"accepted_by": who})
    _fresh(case)


def deliver(case: Case) -> None:
    """Everything that is under way reaches the customer."""
    for order in dispatches.open_of(_fresh(case)):
        take(case.desk.by(str(order.accepted_by)), order, "deliver", _proof(case))
    _fresh(case)


def deliver_part(case: Case) -> None:
    """The first order is delivered by half."""
    for order in dispatches.open_of(_fresh(case))[:1]:
        line = dispatches.lines_of(order)[0]
        half = (line.quantity / 2).to_integral_value() if line.quantity > 1 else line.quantity
        values = _proof(case) | {"lines": [{"line": 1, "quantity": half}]}
        take(case.desk.by(str(order.accepted_by)), order, "deliver", values)
    _fresh(case)


def _proof(case: Case) -> dict[str, Any]:
    day = day_of(case.desk.session.clock(), case.desk.days.zone)
    return {"received_by": case.shop.contact, "proof": f"QS-{day:%Y%m%d}-{case.rng.randint(1, 60):02}"}


def follow_up(case: Case) -> None:
    """Somebody calls back; a planned second round begins with a dissatisfied customer."""
    if _fresh(case).status not in ("agreed", "following_up") or gaps.undelivered(case.desk.session, case.record):
        return
    if case.plan.second and case.record.round == 1:
        later = case.desk.days.nice(case.desk.minute + 1000)
        values = {"result_score": 2, "process_score": 3, "dissatisfied_about": case.phrase("dissatisfied"), "promised_at": later}
        step(case, case.recorder, "follow-up", {"way": _CALLED} | values)
        return
    if case.rng.random() < 0.08:
        step(case, case.recorder, "follow-up", {"way": _CALLED, "reached": False})
    scores = _PLEASED if case.story.valid else _DECLINED
    _call(case, case.rng.choices(list(scores), list(scores.values()))[0])


def _call(case: Case, score: int) -> None:
    values = {"way": _CALLED, "result_score": score, "process_score": min(5, score + case.rng.randint(0, 1))}
    words = case.phrase("satisfied" if score > 3 else "half_satisfied")
    step(case, case.recorder, "follow-up", values | {"text": words})


def close(case: Case) -> None:
    """Mend what is missing, then close; a few cases the head closes with a gap and a reason."""
    values = {"result": case.say("result"), "lesson": case.any("lesson")}
    values |= {"summary": case.phrase("summary" if case.story.valid else "summary_declined")}
    head = str(case.desk.library.names["people"]["head"])
    for _try in range(4):
        missing = gaps.before_closing(case.desk.session, _fresh(case))
        mended = [one for one in missing if _mend(case, one)]
        if not mended:
            break
    if gaps.before_closing(case.desk.session, _fresh(case)):
        step(case, head, "close", values | {"reason": case.phrase("closed_with_gap")})
    else:
        step(case, case.handler, "close", values)


def _mend(case: Case, missing: Missing) -> bool:
    """Do what a case lacks; whether there was something to do."""
    done = _MENDED.get((missing.field, missing.rule)) or _MENDED.get((missing.field, 0))
    if done is None or (missing.field == "@follow-up" and case.plan.gap):
        return False
    done(case)
    return True


def _tell(case: Case) -> None:
    said = {line["step"] for line in parts_of(case.record, "notices")}
    wanted = "accept" if "accept" not in said else "dispatch"
    step(case, case.recorder, "notice", {"step": wanted, "way": _CALLED, "text": case.phrase("told_dispatch")})


def _report(case: Case) -> None:
    step(case, case.handler, "escalate", {"to": "manager", "note": case.phrase("escalated")})


def _report_colleague(case: Case) -> None:
    values = {"to": "head", "department": "marketing", "note": case.phrase("colleague")}
    step(case, case.handler, "escalate", values)


def act(case: Case) -> None:
    """A corrective action against what recurs."""
    day = day_of(case.desk.session.clock(), case.desk.days.zone)
    values = {
        "root_cause": case.any("lesson"),
        "immediate": case.phrase("immediate"),
        "lasting": case.any("lesson"),
        "department": "warehouse" if case.story.about_product else "marketing",
        "person": _keeper(case),
        "due": day + timedelta(days=case.rng.randint(5, 20)),
    }
    step(case, case.handler, "action", values)


def _accept_and_deliver(case: Case) -> None:
    for order in dispatches.open_of(case.record):
        if order.status == "issued":
            accept_orders(case)
            break
    deliver(case)


_MENDED: Mapping[tuple[str, int], Callable[[Case], None]] = {
    ("@notice", 14): _tell,
    ("@escalate", 19): _report,
    ("@escalate", 12): _report_colleague,
    ("@action", 15): act,
    ("@follow-up", 6): lambda case: _call(case, 4),
    ("@deliver", 6): _accept_and_deliver,
}


def finish_actions(desk: Desk) -> None:
    """The older corrective actions are done, checked and published; every fifth did not help at first."""
    phrase, rng = desk.library.phrase, Random("actions")
    keeper, manager = (str(desk.library.names["people"][who]) for who in ("keeper", "manager"))
    for place, one in enumerate(Action.select().where(Action.branch_id == desk.session.branch.id).order_by(Action.id)):
        for days, who, code, values in (
            (6, manager, "publish", {"note": phrase(rng, "published")}),
            (12, keeper, "finish", {"done_note": phrase(rng, "action_done")}),
            (
                45,
                manager,
                "check",
                {"effective": place % 5 != 0, "check_note": phrase(rng, "checked" if place % 5 else "not_helped")},
            ),
        ):
            minute = desk.days.minute_of(one.created_at) + days * DAY
            if minute >= desk.days.end:
                break
            desk.minute = minute
            take(desk.by(who), Action.get_by_id(one.id), code, values)
