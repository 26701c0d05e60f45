"""Writes one text into every field of a form, as a person would who corrects what is refused; knows what may be refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from app.core import fields, formats
from app.core.errors import UserError, ValidationError
from app.core.fields import MEMO_LENGTH, TEXTS, Field, Kind
from app.core.language import _
from app.core.session import Session
from app.models import attachments, clauses, saved_views
from tests.naughty.report import Fault

T = TypeVar("T")
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_BREAKS = "\u2028\u2029"
_OF_A_LINE = re.compile(r"\[\d+\]")
WORDS: dict[str, str] = {}
"""Place → the plain word that stands for what is written there."""
_SAME = {
    "objection.handler": "complaint.accept.handler",
    "complaint.sign.recorder": "complaint.accept.handler",
    "complaint.change.taken_over_by": "complaint.accept.handler",
    "complaint.propose.responsible_person": "complaint.responsible_person",
    "card.discuss.answer": "objection.make-card.answer",
    "card.rehearse.answer": "objection.make-card.answer",
}
"""Places whose texts are counted together, or take the place of each other, have one word."""


Lines = Mapping[str, tuple[Sequence[Field], Mapping[str, Any]]]
"""Part → the fields of its lines, and what is given in the one line that is written."""
Through = Callable[[str, Sequence[Field], Lines, dict[str, Any]], dict[str, Any]]


class Place(NamedTuple):
    """A field of text: where it is, how it is declared, and the plain word that stands for what is written there."""

    name: str
    declared: Field
    word: str


@dataclass
class Pen:
    """`typed` goes into each place (None: a plain word of the place's own goes there).

    `kept`: word → what stands in its place. `refused`: place → sentence.
    """

    session: Session
    typed: str | None
    through: Through = lambda _name, _declared, _lines, raw: raw
    """What becomes of values on their way: a form of the window may stand in it."""
    kept: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    places: set[str] = field(default_factory=set)
    """The names of all places that were written to."""
    tried: int = 0

    def send(
        self,
        name: str,
        act: Callable[[dict[str, Any]], T],
        declared: Sequence[Field],
        given: Mapping[str, Any] | None = None,
        lines: Lines | None = None,
    ) -> T:
        """Do something with the text in all fields that are not given, and again without it where it was refused."""
        given, lines = dict(given or {}), lines or {}
        self._probe(name, [*declared, *(one for of_line, _given in lines.values() for one in of_line)])
        places = {one.code: self.place(name, one) for one in declared if is_text(one) and one.code not in given}
        for part, (of_line, known) in lines.items():
            places |= {f"{part}.{one.code}": self.place(f"{name}.{part}", one) for one in of_line if is_text(one, known)}
        while True:
            raw = given | {code: self.written(place) for code, place in places.items() if "." not in code}
            for part, (_of_line, known) in lines.items():
                inside = {code.partition(".")[2]: place for code, place in places.items() if code.startswith(f"{part}.")}
                raw[part] = [dict(known) | {code: self.written(place) for code, place in inside.items()}]
            try:
                made = act(self.through(name, declared, lines, raw))
            except Exception as error:
                if self.typed is None or not self._give_way(name, places, error):
                    raise
            else:
                self._keep(places.values())
                return made

    def place(self, name: str, declared: Field) -> Place:
        """The place of a field; its word is the same whatever is typed there."""
        whole = f"{name}.{declared.code}"
        self.places.add(whole)
        return Place(whole, declared, WORDS.setdefault(_SAME.get(whole, whole), f"Q{len(WORDS):03}Z"))

    def written(self, place: Place) -> Any:
        """What is written there: the text, until it is refused. Blanks are only tried where something is required."""
        text = self.typed
        if text is None or place.name in self.refused or (is_blank(place.declared, text) and not place.declared.required):
            text = place.word
        return [text] if place.declared.kind is Kind.TAGS else text

    def _keep(self, places: Iterable[Place]) -> None:
        for place in places:
            self.tried += 1
            if self.typed is None or place.name in self.refused:
                continue
            if is_blank(place.declared, self.typed):
                if fields.read(place.declared, self.typed, self.session.now()) is not None:
                    self._fault(place.name, "blanks are kept")
            elif why := refusable(place.declared, self.typed):
                self._fault(place.name, f"taken, though it has {why}")
            else:
                self.kept[place.word] = stored(place.declared, self.typed)

    def _give_way(self, name: str, places: Mapping[str, Place], error: Exception) -> bool:
        """Take the word where the text was refused; False where there is nothing to give way with."""
        if not isinstance(error, ValidationError):
            kind = "refused without a field" if isinstance(error, UserError) else f"failed: {type(error).__name__}"
            self._fault(name, f"{kind}: {error}")
            errors = dict.fromkeys(places, "")
        else:
            errors = {_OF_A_LINE.sub("", code): sentence for code, sentence in error.errors.items()}
        new = {code: sentence for code, sentence in errors.items() if code in places and places[code].name not in self.refused}
        for code, sentence in new.items():
            self.refused[places[code].name] = sentence
            if sentence:
                self._judge(places[code], sentence)
        return bool(new)

    def _judge(self, place: Place, sentence: str) -> None:
        assert self.typed is not None
        self._judge_sentence(place.name, place.declared, sentence)
        if not refusable(place.declared, self.typed):
            self._fault(place.name, f"refused without need: {sentence}")

    def _judge_sentence(self, name: str, declared: Field, sentence: str) -> None:
        if _(declared.label) not in sentence:
            self._fault(name, f"the sentence does not name the field: {sentence}")
        if len(sentence) > 300 or any(one in _BREAKS or unicodedata.category(one) in ("Cc", "Cs") for one in sentence):
            self._fault(name, f"no clear sentence: {sentence[:200]!a}")

    def _probe(self, name: str, declared: Iterable[Field]) -> None:
        """Fields that hold no text: refused by a sentence, or read as something that is read the same again."""
        if self.typed is None:
            return
        now = self.session.now()
        for one in declared:
            if is_text(one) or one.kind is Kind.RECORD:
                continue
            self.tried += 1
            try:
                value = fields.clean((one,), {one.code: self.typed}, now)[one.code]
                shown = formats.show(one, value, now)
                if formats.show(one, fields.read(one, shown, now), now) != shown:
                    self._fault(f"{name}.{one.code}", f"shown as {shown!r}, which is read otherwise")
            except ValidationError as error:
                self.refused[f"{name}.{one.code}"] = error.errors[one.code]
                self._judge_sentence(f"{name}.{one.code}", one, error.errors[one.code])
            except Exception as error:
                self._fault(f"{name}.{one.code}", f"failed: {type(error).__name__}: {error}")

    def offer(self, name: str, declared: Field, act: Callable[[str], object]) -> None:
        """What must have a form of its own is refused by a sentence, or taken."""
        if self.typed is None or is_blank(declared, self.typed):
            return
        self.tried += 1
        try:
            act(self.typed)
        except ValidationError as error:
            self.refused[f"{name}.{declared.code}"] = str(error)
            self._judge_sentence(f"{name}.{declared.code}", declared, str(error))
        except Exception as error:
            self._fault(f"{name}.{declared.code}", f"failed: {type(error).__name__}: {error}")

    def expect(self, where: str, wanted: object, found: object) -> None:
        """Two things are the same."""
        self.tried += 1
        if wanted != found:
            self._fault(where, f"{found!a} instead of {wanted!a}")

    def _fault(self, where: str, what: str) -> None:
        self.faults.append(Fault(self.typed or "", where, what))


def is_text(declared: Field, given: Mapping[str, Any] | None = None) -> bool:
    """Whether a person writes freely there, and it is not given."""
    return (
        (declared.kind in TEXTS and declared.kind is not Kind.FILE) or (declared.kind is Kind.TAGS and not declared.choices)
    ) and declared.code not in (given or {})


def is_blank(declared: Field, text: str) -> bool:
    """Whether it is as if nothing had been typed."""
    return not (text.strip() if declared.kind in (Kind.TEXT, Kind.MEMO) else trimmed(text))


def trimmed(text: str) -> str:
    """Without blanks and what is not seen at its ends."""
    seen = [place for place, one in enumerate(text) if not one.isspace() and unicodedata.category(one) not in ("Cf", "Cc")]
    return text[seen[0] : seen[-1] + 1] if seen else ""


def stored(declared: Field, typed: str) -> str:
    """What has to come out again: as it came, but for line ends, names of files, and ends of numbers, tags and names of views."""
    if declared.kind in (Kind.PHONE, Kind.CODE):
        typed = trimmed(typed)
    elif declared.kind is Kind.TAGS or declared == saved_views._NAME:
        typed = typed.strip()
    elif declared == attachments.FIELDS[0]:
        typed = "".join("_" if one == "\n" or _may_not_come_in(one) else one for one in typed.replace("\r", "\n"))
    return typed.replace("\r\n", "\n").replace("\r", "\n")


def _may_not_come_in(one: str) -> bool:
    return (unicodedata.category(one) in ("Cc", "Cs") and one not in "\t\n") or one in TURNING


def refusable(declared: Field, typed: str) -> str:
    """Why a field may refuse the text; empty where it must take it."""
    text = stored(declared, typed)
    if is_blank(declared, typed):
        return "nothing but blanks"
    if any(map(_may_not_come_in, text)):
        return "a character that may not come in"
    if "\n" in text and declared.kind is not Kind.MEMO:
        return "several lines"
    if declared.label == clauses.TEXT.label and ("{" in text or "}" in text):
        return "braces"
    return "too many characters" if len(text) > (MEMO_LENGTH if declared.kind is Kind.MEMO else declared.max_length) else ""
