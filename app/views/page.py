"""What a page of the window is: a widget that can be refreshed, searched, saved, printed and left."""

from __future__ import annotations

from functools import partial
from importlib import import_module

from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from app.core import log
from app.core.language import _
from app.core.session import Session
from app.models.listing import Query
from app.views.desk import Desk
from app.views.pieces.basics import Button, button
from app.views.tab_order import first


class Page(QWidget):
    """The base of all pages. The window's keys call these; a page overrides what it can."""

    topics: tuple[str, ...] = ()
    """Kinds whose changes it shows; on a change it refreshes when it is seen next."""
    nav = ""
    """The entry of the sidebar it belongs to."""
    new_kind = "complaint"
    """What Ctrl+N writes down here."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.stale = False
        self.setProperty("ground", "window")

    def build(self, head: QWidget, body: QWidget | QLayout, foot: QWidget | None = None) -> None:
        """The page from above: the body takes what head and foot leave."""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addLayout(body, 1) if isinstance(body, QLayout) else layout.addWidget(body, 1)
        if foot is not None:
            layout.addWidget(foot)

    @property
    def session(self) -> Session:
        """Who works, where, when."""
        return self.desk.session

    def new_cases(self, customer: str = "") -> list[Button]:
        """The two buttons that begin a case, perhaps of a customer."""
        given = {"customer": customer} if customer else {}
        kinds = (
            ("objection", _("Write down objection"), "outline", "message-exclamation"),
            ("complaint", _("Register complaint"), "primary", "message-report"),
        )
        return [
            button(word, look, icon, name=f"new_{kind}", on_click=partial(self.desk.new, kind, given))
            for kind, word, look, icon in kinds
        ]

    def name(self) -> str:
        """What the title of the window says."""
        return ""

    def show_part(self, code: str) -> None:
        """Open that part of it; of none, stay as it is."""

    def show_query(self, query: Query | None) -> None:
        """Ask its list for something else."""

    def resting(self) -> QWidget | None:
        """What has the focus where what had it is gone."""
        return self.focusProxy() or first(self)

    def refresh(self) -> None:
        """Read again what it shows."""

    def go_to_search(self) -> None:
        """Put the cursor into its search box."""

    def save(self) -> None:
        """Save what is typed."""

    def print_page(self) -> None:
        """Print what it shows."""

    def help_names(self) -> list[str]:
        """What the handbook may know better than the page as a whole: a part of it that is open, the act that is next."""
        return []

    def step_back(self) -> bool:
        """Go back within the page; whether there was where to."""
        return False

    def narrow(self, width: int) -> None:
        """The page has this many logical pixels now: fold what does not fit."""

    def may_leave(self) -> bool:
        """Whether it can be left; asks the person where something is unsaved."""
        return True


def made(place: tuple[str, str], desk: Desk, *arguments: object) -> Page:
    """A page by its module and class; pages are imported when they are first opened."""
    with log.timed(".".join(place)):
        page: Page = getattr(import_module(f"app.views.{place[0]}"), place[1])(desk, *arguments)
    return page
