"""Who acts in the sample branch, and when: a session whose clock and user are moved, and lives that take turns by time."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from random import Random

from app.core.language import _
from app.core.progress import Progress
from app.core.session import Session
from app.services.sample_days import WorkingDays
from app.services.sample_texts import Good, Library, Route

Life = Generator[float, None, None]
"""What happens to one record: acts when it is resumed and yields the working minute at which it acts next."""


@dataclass(frozen=True)
class Shop:
    """A customer to be; `joins` is the working minute of its registration, `weight` how often it speaks up.

    `twin`: the place of the shop that it is once more, -1 where it is none.
    """

    place: int
    name: str
    type: str
    contact: str
    phone: str
    address: str
    route: Route
    tier: str
    integrity: str
    since: date
    joins: float
    weight: float
    twin: int = -1

    @property
    def consumer(self) -> bool:
        """Whether it is a person who sells nothing."""
        return self.type == "end_user"

    @property
    def boss(self) -> str:
        """How one addresses the customer."""
        return self.contact if self.consumer else f"{self.contact[0]}老板"


@dataclass
class Desk:
    """The branch at work. `session` is the sample's own: its clock and user follow the action."""

    session: Session
    days: WorkingDays
    library: Library
    shops: list[Shop]
    minute: float = 0.0
    customers: dict[int, str] = field(default_factory=dict)
    products: dict[str, str] = field(default_factory=dict)
    """Numbers of registered customers by place, of products by name."""
    proofs: dict[str, str] = field(default_factory=dict)
    cards: dict[str, list[str]] = field(default_factory=dict)
    solved: dict[str, list[str]] = field(default_factory=dict)
    """Numbers of evidence by code; by objection story, of the published cards that fit and of objections that were solved."""

    def __post_init__(self) -> None:
        self.session.clock = lambda: self.days.at(self.minute)
        self._weights = list(accumulate(shop.weight for shop in self.shops if not shop.consumer))
        self._trade = [shop for shop in self.shops if not shop.consumer]
        self._joins = [shop.joins for shop in self._trade]

    def by(self, who: str) -> Session:
        """The session with that person at the desk."""
        self.session.user = who
        return self.session

    def speaks_up(self, rng: Random, minute: float) -> Shop:
        """One of the trading customers registered before a working minute."""
        known = max(1, bisect_left(self._joins, minute))
        return rng.choices(self._trade[:known], cum_weights=self._weights[:known])[0]

    def consumers(self, minute: float) -> list[Shop]:
        """Those registered before a working minute who sell nothing."""
        return [shop for shop in self.shops if shop.consumer and shop.joins < minute]

    def good(self, rng: Random, names: tuple[str, ...] = (), least: int = 0) -> Good:
        """A product that is sold: one of those named, or any of at least that price."""
        sold = [good for good in self.library.goods if good.active]
        fitting = [good for good in sold if good.name in names] or [good for good in sold if good.price >= least]
        return rng.choice(fitting)

    def handler(self, rng: Random, shop: Shop) -> str:
        """Who takes a case over: never the customer's own manager, who may be part of it."""
        return str(rng.choice([name for name in self.library.names["people"]["handlers"] if name != shop.route.manager]))

    def clerk(self, rng: Random) -> str:
        """Who sits at the counter."""
        return str(rng.choice(self.library.names["people"]["clerks"]))

    def words(self, rng: Random, shop: Shop, good: Good) -> dict[str, str]:
        """What stands for the braces in sentences about a customer and a product."""
        other = self.good(rng)
        while other.name == good.name:
            other = self.good(rng)
        plain = {"product": good.name, "other": other.name, "brand": good.brand, "unit": "条", "price": f"{good.price}"}
        people = {
            "boss": shop.boss,
            "day": shop.route.day,
            "late": shop.route.late,
            "driver": shop.route.driver,
            "manager": shop.route.manager,
        }
        numbers = {"weeks": rng.choice("两三四"), "minutes": rng.choice(("十几", "二十", "四十"))}
        return plain | people | numbers

    def live(self, lives: Iterable[tuple[float, Life]], progress: Progress) -> None:
        """Let everything happen in the order of time."""
        waiting = [(minute, place, life) for place, (minute, life) in enumerate(lives)]
        heapq.heapify(waiting)
        total = len(waiting)
        while waiting:
            self.minute, place, life = waiting[0]
            then = next(life, None)
            if then is None:
                heapq.heappop(waiting)
            else:
                heapq.heapreplace(waiting, (then, place, life))
            progress.step(total - len(waiting), total, _("Making the sample branch"))
