"""What the sample branch is made of, read from the shipped texts: stories of complaints and objections, names, places, phrases.

Only the texts stand here; who says what, and when, is decided in the other modules of the sample.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from random import Random
from typing import Any, NamedTuple, TypeVar

from app.core.paths import resources
from app.models import classifications as of

T = TypeVar("T")


@dataclass(frozen=True)
class Remedy:
    """A remedy line of a story: units at the product's price, an amount between bounds, or what the losses add up to."""

    remedy: str
    text: str
    by_unit: bool
    by_loss: bool
    bounds: tuple[int, int] | None

    @property
    def material(self) -> bool:
        """Whether it costs something."""
        return self.remedy not in of.MORAL


@dataclass(frozen=True)
class ComplaintStory:
    """One kind of thing that goes wrong; `values` are the classifications that fit it, `says` the sentences by purpose."""

    code: str
    weight: int
    consumer: bool
    about_product: bool
    valid: bool
    bad: tuple[int, int]
    whole: tuple[int, int]
    fault: tuple[int, int]
    amount: tuple[int, int] | None
    losses: tuple[str, ...]
    to: str | None
    values: Mapping[str, str | None]
    says: Mapping[str, tuple[str, ...]]
    remedies: tuple[tuple[Remedy, ...], ...]

    @cached_property
    def costly(self) -> bool:
        """Whether what it costs grows with the number of units."""
        return all(any(line.by_unit for line in lines) for lines in self.remedies)

    @cached_property
    def material(self) -> bool:
        """Whether an agreement makes sense."""
        return self.valid and all(any(line.material for line in lines) for lines in self.remedies)


@dataclass(frozen=True)
class ObjectionStory:
    """One kind of objection, with the classifications that fit its words."""

    code: str
    weight: int
    spot: float
    becomes: str
    demand: str | None
    methods: tuple[str, ...]
    products: tuple[str, ...]
    values: Mapping[str, str | None]
    says: Mapping[str, tuple[str, ...]]


class Proof(NamedTuple):
    """A piece of evidence; from and until are parts of the sample's time, None: always."""

    code: str
    values: Mapping[str, str]
    since: float | None
    until: float | None


@dataclass(frozen=True)
class CardStory:
    """An objection card and how far it ripens. `begun`: a part of the sample's time; `origin`: made of such an objection."""

    values: Mapping[str, str]
    evidence: tuple[str, ...]
    stories: tuple[str, ...]
    origin: str
    stage: str
    begun: float
    minutes: tuple[str, ...]
    rehearsals: tuple[str, ...]
    edited: str
    reason: str


class Good(NamedTuple):
    """A product; `price` of a unit in 元."""

    name: str
    code: str
    specification: str
    brand: str
    price: Decimal
    active: bool


class Route(NamedTuple):
    """A delivery route with its usual weekday, the one it slips to, and its people."""

    name: str
    day: str
    late: str
    manager: str
    driver: str


@dataclass(frozen=True)
class Library:
    """All texts of the sample."""

    complaints: Mapping[str, ComplaintStory]
    objections: tuple[ObjectionStory, ...]
    proofs: tuple[Proof, ...]
    cards: tuple[CardStory, ...]
    goods: tuple[Good, ...]
    routes: tuple[Route, ...]
    names: Mapping[str, Any]

    def phrase(self, rng: Random, code: str) -> str:
        """Any of the phrases of that kind."""
        return str(rng.choice(self.names["phrases"][code]))


def load() -> Library:
    """Read the shipped texts."""
    names = _read("sample_names.toml")
    stories = [_complaint(entry) for entry in _read("sample_complaints.toml")["story"]]
    pasteboard = _read("sample_cards.toml")
    unit = names["products"]
    goods = [
        Good(name, code, what, brand, Decimal(price), code not in unit["no_longer"])
        for name, code, what, brand, price in unit["list"]
    ]
    return Library(
        complaints={story.code: story for story in stories},
        objections=tuple(_objection(entry) for entry in _read("sample_objections.toml")["story"]),
        proofs=tuple(_proof(entry) for entry in pasteboard["evidence"]),
        cards=tuple(_card(entry) for entry in pasteboard["card"]),
        goods=tuple(goods),
        routes=tuple(Route(**entry) for entry in names["route"]),
        names=names,
    )


def _read(name: str) -> dict[str, Any]:
    with (resources() / "texts" / name).open("rb") as file:
        return tomllib.load(file)


def _sentences(entry: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {
        code: tuple(value) for code, value in entry.items() if isinstance(value, list) and value and isinstance(value[0], str)
    }


def _bounds(entry: Mapping[str, Any], code: str) -> tuple[int, int]:
    least, most = entry.get(code, (0, 0))
    return int(least), int(most)


def _remedy(entry: Mapping[str, Any]) -> Remedy:
    amount = entry.get("amount")
    bounds = (int(amount[0]), int(amount[1])) if isinstance(amount, list) else None
    return Remedy(entry["remedy"], entry["text"], entry.get("count") == "bad", amount == "loss", bounds)


def _complaint(entry: Mapping[str, Any]) -> ComplaintStory:
    given = {"class": "class", "cause": "cause", "responsible_party": "party", "responsible_stage": "stage"}
    given |= {"service_failure": "failure", "broken_expectation": "expectation"}
    return ComplaintStory(
        code=entry["code"],
        weight=entry["weight"],
        consumer=entry.get("consumer", False),
        about_product="bad" in entry,
        valid=entry.get("valid", True),
        bad=_bounds(entry, "bad"),
        whole=_bounds(entry, "whole"),
        fault=_bounds(entry, "fault"),
        amount=_bounds(entry, "amount") if "amount" in entry else None,
        losses=tuple(entry["losses"]),
        to=entry.get("to"),
        values={field: entry.get(code) for field, code in given.items()},
        says=_sentences(entry),
        remedies=tuple(tuple(_remedy(line) for line in lines) for lines in entry["remedies"]),
    )


def _objection(entry: Mapping[str, Any]) -> ObjectionStory:
    axes = ("expression", "nature", "content", "family", "cause")
    return ObjectionStory(
        code=entry["code"],
        weight=entry["weight"],
        spot=entry["spot"],
        becomes=entry.get("becomes", ""),
        demand=entry.get("demand"),
        methods=tuple(entry["methods"]),
        products=tuple(entry.get("products", ())),
        values={code: entry[code] for code in axes},
        says=_sentences(entry),
    )


def _proof(entry: Mapping[str, Any]) -> Proof:
    values = {code: entry[code] for code in ("type", "title", "text", "source")}
    return Proof(entry["code"], values, entry.get("from"), entry.get("to"))


def _card(entry: Mapping[str, Any]) -> CardStory:
    return CardStory(
        values={code: entry[code] for code in ("words", "content", "cause", "method", "answer")},
        evidence=tuple(entry["evidence"]),
        stories=tuple(entry["stories"]),
        origin=entry.get("origin", ""),
        stage=entry["stage"],
        begun=entry["begun"],
        minutes=tuple(entry["minutes"]),
        rehearsals=tuple(entry["rehearsals"]),
        edited=entry.get("edited", ""),
        reason=entry.get("reason", ""),
    )


def matching(sentences: Sequence[T], place: int) -> T:
    """The sentence at a place; lists of equal length are read in step, so that what belongs together is said together."""
    return sentences[place % len(sentences)]


PLACES = 60
"""A place below this number falls evenly on lists of up to six sentences."""
