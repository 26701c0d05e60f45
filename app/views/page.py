"""What a page of the window is: a widget that can be refreshed, searched, saved, printed and left."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.core.session import Session
from app.models.listing import Query
from app.views.desk import Desk


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

    @property
    def session(self) -> Session:
        """Who works, where, when."""
        return self.desk.session

    def name(self) -> str:
        """What the title of the window says."""
        return ""

    def show_query(self, query: Query | None) -> None:
        """Ask its list for something else."""

    def refresh(self) -> None:
        """Read again what it shows."""

    def go_to_search(self) -> None:
        """Put the cursor into its search box."""

    def save(self) -> None:
        """Save what is typed."""

    def print_page(self) -> None:
        """Print what it shows."""

    def narrow(self, width: int) -> None:
        """The page has this many logical pixels now: fold what does not fit."""

    def may_leave(self) -> bool:
        """Whether it can be left; asks the person where something is unsaved."""
        return True
