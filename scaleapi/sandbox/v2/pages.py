"""Pagination parameters and the envelope of a page."""

from __future__ import annotations

from typing import NamedTuple

from ..base.documents import JsonObject
from ..base.validation import Query
from ..resources.listing import PAGE_LIMIT, Cursor


class PageRequest(NamedTuple):
    """The pagination parameters of a request.

    Attributes:
        limit: Page size.
        after: The cursor, or None for the first page.
    """

    limit: int
    after: Cursor | None

    @classmethod
    def read(cls, wanted: Query) -> PageRequest:
        """Read the parameters ``limit`` and ``next_token``."""
        limit = wanted.integer("limit", PAGE_LIMIT, 1, PAGE_LIMIT)
        return cls(limit, Cursor.parse("next_token", wanted.text("next_token")))


def envelope(name: str, entries: list[JsonObject], following: Cursor | None) -> JsonObject:
    """Return the envelope of a page; the last one has no token."""
    page: JsonObject = {name: entries}
    return page if following is None else page | {"next_token": str(following)}
