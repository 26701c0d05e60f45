"""The rows of a listing for the table."""

from __future__ import annotations

from typing import Any

from app.core.session import Session
from app.models.listing import Count, Listing, Query


class ListSource:
    """The rows of a listing for the table."""

    def __init__(self, session: Session, listing: Listing, query: Query) -> None:
        self._session, self._listing, self._query = session, listing, query
        self.counted = Count(0, False)

    def count(self) -> int:
        """How many the list reaches."""
        self.counted = self._listing.count(self._session, self._query)
        return self.counted.rows

    def page(self, offset: int, limit: int) -> list[tuple[Any, ...]]:
        """One page."""
        return self._listing.page(self._session, self._query, offset, limit, self.counted)
