"""The steps that the complaints of the sample branch take, by the verbs that people use: what each says and who takes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from app.core.times import day_of
from app.models import agreements
from app.models.agreements import Agreement
from app.models.complaints import Complaint
from app.models.record import Record, edit
from app.models.steps import take
from app.services import sample_course, sample_pictures
from app.services.sample_case import Case
from app.services.sample_course import step
from app.services.sample_days import DAY
from app.services.sample_objections import due_time
from app.services.sample_texts import matching

_SPOKEN = {"hotline": "phone", "letter": "phone", "fax": "phone", "counter": "phone", "sms": "phone", "online": "wechat"}
_NO_CAUSE = 0.15


def _fresh(case: Case) -> Complaint:
    found: Complaint = Complaint.get_by_id(case.record.id)
    return found


def _boss(case: Case) -> str:
    """Who decides on the proposal: the manager, above that limit or on the manager's own cases the head."""
    people = case.desk.library.names["people"]
    above = case.cost > case.desk.session.settings["limit_manager"]
    return str(people["head"] if above or case.handler == people["manager"] else people["manager"])


def _sign(case: Case) -> None:
    step(case, case.recorder, "sign", {"recorder": case.recorder})


def _hand_over(case: Case) -> None:
    if case.story.to:
        step(
            case,
            case.recorder,
            "hand-over",
            {"handed_to": case.story.to, "handler": case.handler, "note": case.phrase("hand_over_note")},
        )


def _accept(case: Case) -> None:
    answered = not case.plan.due and case.rng.random() < 0.8
    values = {"handler": case.handler, "severity": case.record.severity or "general", "note": case.phrase("accept_note")}
    if case.rng.random() < 0.9:
        values |= {"told_by": _SPOKEN.get(case.record.channel, case.record.channel), "told": case.phrase("told_accept")}
    step(case, case.handler, "accept", values | {"answered": answered, "promised_at": None if answered else _promise(case)})


def _promise(case: Case) -> datetime:
    desk, rng = case.desk, case.rng
    if case.plan.due:
        return due_time(rng, desk, case.plan.due, desk.minute)
    if case.plan.end not in ("closed", "agreed", "replied", "voided"):
        return due_time(rng, desk, "later", desk.minute)
    reply = desk.minute + sum(
        wait for code, wait in case.plan.script if code in ("investigate", "aside", "assess", "propose", "approve", "reply")
    )
    return desk.days.nice(reply + 60) if rng.random() < 0.85 else desk.days.nice(desk.minute + 120)


def _enquiry(case: Case, findings: str) -> dict[str, Any]:
    rng, minute = case.rng, case.desk.minute
    at = case.desk.days.at(max(minute - rng.randint(15, 45), minute // DAY * DAY)).replace(second=0)
    short, wish = case.say("wrong").rstrip("。"), (case.record.wish or "").rstrip("。")
    restatement = case.phrase("restatement").format(short=short, wish=wish) if wish else None
    read_back = restatement is not None and rng.random() < 0.75
    return {
        "at": at,
        "way": "on_site"
        if case.story.about_product or rng.random() < 0.5
        else _SPOKEN.get(case.record.channel, case.record.channel),
        "asked": case.shop.contact,
        "findings": findings,
        "restatement": restatement if read_back else None,
        "confirmed_at": min(at + timedelta(minutes=10), case.desk.session.clock()) if read_back else None,
        "confirmed_by": case.shop.contact if read_back else None,
    }


def _investigate(case: Case) -> None:
    step(case, case.handler, "investigate", _enquiry(case, case.say("findings")))
    sample_pictures.take(case)
    judged: dict[str, Any] = {
        code: case.story.values[code] for code in ("service_failure", "broken_expectation") if case.story.values[code]
    }
    valid = case.story.valid
    judged |= {"reason_sufficient": valid, "demand_reasonable": valid or case.rng.random() < 0.3, "faith": "good"}
    case.recorded = edit(case.desk.by(case.handler), case.record, judged, case.record.version)
    if case.plan.end == "closed" and case.record.promised_at is not None and case.rng.random() < 0.12:
        later = case.desk.days.nice(case.desk.minute + 1100)
        step(case, case.handler, "promise", {"promised_at": later, "note": case.phrase("promise_note")})


def _propose(case: Case) -> None:
    if case.record.status != "investigating":
        return
    story = case.story
    judged: dict[str, Any] = {code: story.values[code] for code in ("cause", "responsible_party", "responsible_stage")}
    if case.rng.random() < _NO_CAUSE and not story.valid:
        judged["cause"] = None
    fault = round(case.rng.randint(*story.fault) / 10) * 10
    values = {"text": case.say("proposal"), "lines": case.lines, "valid": story.valid, "fault_percent": fault}
    step(case, case.handler, "propose", values | judged)


def _return(case: Case) -> None:
    if case.record.status == "proposed":
        step(case, _boss(case), "return", {"reason": matching(case.desk.library.names["phrases"]["return_reason"], case.place)})


def _again(case: Case) -> None:
    if case.record.status == "investigating":
        findings = matching(case.desk.library.names["phrases"]["return_findings"], case.place)
        step(case, case.handler, "investigate", _enquiry(case, findings))


def _approve(case: Case) -> None:
    if case.record.status != "proposed":
        return
    boss = _boss(case)
    if case.rng.random() < 0.06:
        step(case, case.handler, "approve", {"way": "on_paper", "paper_approver": boss, "opinion": "见纸质审批单"})
    else:
        step(case, boss, "approve", {"way": "in_program", "opinion": case.phrase("opinion")})


def _agreement(case: Case) -> None:
    if not case.by_agreement:
        return
    day = day_of(case.record.received_at, case.desk.days.zone)
    about = f"涉及{case.good.name}，批号 {case.batch}，{case.bad} 条。" if case.story.about_product else ""
    facts = (
        f"{day.year}年{day.month}月{day.day}日，乙方向甲方反映：{case.say('wrong')}{about}\n经甲方核实：{case.say('findings')}"
    )
    step(case, case.handler, "agreement", {"facts": facts})


def _present(case: Case) -> Agreement | None:
    return agreements.current(case.desk.session, case.record)


def _release(case: Case) -> None:
    agreement = _present(case)
    if agreement is None:
        return
    if case.plan.end == "closed" and case.rng.random() < 0.08:
        later = day_of(case.desk.session.clock(), case.desk.days.zone) + timedelta(days=14)
        step(case, case.handler, "agreement", {"deadline": later, "facts": agreement.facts})
        agreement = _present(case)
        assert agreement is not None
    take(case.desk.by(_boss(case)), agreement, "release")
    case.recorded = _fresh(case)


def _reply(case: Case) -> None:
    channel = _SPOKEN.get(case.record.channel, case.record.channel)
    step(case, case.handler, "reply", {"reply_channel": channel, "reply_text": case.say("reply")})


def _settle(case: Case) -> None:
    """The customer signs, or nothing needs a signature."""
    agreement: Record | None = _present(case)
    if agreement is None:
        reason = case.phrase("waive" if case.story.material else "decline")
        step(case, case.handler, "waive", {"reason": reason})
        return
    take(case.desk.by(case.handler), agreement, "sign-agreement", {"signed_by": case.shop.contact})
    case.recorded = _fresh(case)


def _reject(case: Case) -> None:
    step(case, case.handler, "reject", {"reason": case.phrase("rejected"), "turn_to": case.phrase("turn_to")})


def _void(case: Case) -> None:
    step(case, case.recorder, "void", {"reason": case.phrase("void_complaint")})


STEPS: Mapping[str, Callable[[Case], None]] = {
    "sign": _sign,
    "hand-over": _hand_over,
    "accept": _accept,
    "investigate": _investigate,
    "propose": _propose,
    "return": _return,
    "again": _again,
    "approve": _approve,
    "agreement": _agreement,
    "release": _release,
    "reply": _reply,
    "settle": _settle,
    "assess": sample_course.assess,
    "aside": sample_course.aside,
    "dispatch": sample_course.dispatch,
    "take": sample_course.accept_orders,
    "deliver": sample_course.deliver,
    "deliver_part": sample_course.deliver_part,
    "follow-up": sample_course.follow_up,
    "close": sample_course.close,
    "reject": _reject,
    "void": _void,
}
"""How each step of a plan is taken; one that the case does not need does nothing."""
