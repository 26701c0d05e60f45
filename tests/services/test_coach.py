"""Coach texts: for steps that there are, in both languages, and none that speaks to a colleague as to a customer."""

from __future__ import annotations

import pytest

from app.core import language
from app.models.objections import STEP_NAMES
from app.models.steps import STEPPED, steps_of
from app.services import coach, workplace


def test_every_text_belongs_to_a_step_and_has_both_languages() -> None:
    assert workplace.LATEST  # opening a folder declares the steps
    known = {(kind, step.code) for kind in STEPPED for step in steps_of(kind)}
    known |= {("objection_steps", code) for code, _word in STEP_NAMES}
    told = {(kind, step) for kind, steps in coach._texts().items() for step in steps}
    assert told - known == set()
    for texts in (one for steps in coach._texts().values() for one in steps.values()):
        assert set(texts) == {"zh_CN", "en"}
        assert len(texts["zh_CN"]) == len(texts["en"]) > 0


def test_the_way_of_a_complaint_is_coached_throughout() -> None:
    for step in ("sign", "accept", "investigate", "propose", "approve", "reply", "dispatch", "follow-up", "close"):
        assert coach.of_step("complaint", step), step


def test_each_of_the_five_steps_of_a_talk_is_coached() -> None:
    assert all(coach.of_step("objection_steps", code) for code, _word in STEP_NAMES)


@pytest.mark.parametrize(("code", "word"), [("zh_CN", "道歉"), ("en", "apology")])
def test_texts_follow_the_language(code: str, word: str) -> None:
    language.choose(code)
    assert any(word in sentence for sentence in coach.of_step("complaint", "propose"))


def test_a_step_without_a_text_has_none() -> None:
    assert coach.of_step("complaint", "void") == ()
