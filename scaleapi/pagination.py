"""Pages of a list, and generators that iterate over all pages."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator, Hashable
from contextvars import copy_context
from typing import Any, Generic, TypeVar

from ._http.background import start_thread
from ._http.call import Cancellation, cancellation
from ._http.response import bad_response, is_object, object_with
from ._model.objects import ApiObject

__all__ = ["Batchlist", "Paginator", "Tasklist", "iterate", "page_from"]

_T = TypeVar("_T")
_O = TypeVar("_O", bound=ApiObject)
_P = TypeVar("_P")
_C = TypeVar("_C", bound=Hashable)

#: Takes the cursor of a page (``None`` for the first), and returns it and the next cursor.
FetchPage = Callable[[_C | None], tuple[list[_T], _C | None]]


class Paginator(list[_T], Generic[_T]):
    """One page of a list.

    Args:
        docs: The objects on this page.
        total: Number of matching objects on all pages.
        limit: Maximum number of objects on a page.
        offset: Number of objects before this page, if the list uses offsets.
        has_more: Whether there is another page.
        next_token: The cursor of the next page, if the list uses cursors.
    """

    def __init__(
        self,
        docs: list[_T],
        total: int,
        limit: int,
        offset: int,
        has_more: bool,
        next_token: str | None = None,
    ) -> None:
        super().__init__(docs)
        self.total = total
        self.limit = limit
        self.offset = offset
        self.has_more = has_more
        self.next_token = next_token

    @property
    def docs(self) -> list[_T]:
        """The objects on this page. This is the page itself."""
        return self

    def _repr_html_(self) -> str:
        """Return the HTML table for notebooks."""
        from ._notebook import page_table  # noqa: PLC0415 - only notebooks need it

        return page_table([getattr(one, "_json", one) for one in self], self.total)

    def __reduce__(self) -> tuple[object, ...]:
        page = (list(self), self.total, self.limit, self.offset, self.has_more, self.next_token)
        return type(self), page


def _page_problem(json: object) -> str | None:
    """Return what was expected of a valid page, or ``None`` if the page is valid."""
    if not is_object(json, "docs"):
        return object_with("docs")
    if not isinstance(json["docs"], list):
        return "a page whose 'docs' is an array"
    if not isinstance(json.get("total", json.get("totalDocs")), int):
        return "a page with a 'total'"
    if not isinstance(json.get("next_token"), (str, type(None))):
        return "a page whose 'next_token' is a string"
    return None


class Tasklist(Paginator[_T]):
    """One page of tasks."""


class Batchlist(Paginator[_T]):
    """One page of batches."""


def page_from(
    json: object,
    make: Callable[[list[_O], int, int, int, bool, str | None], _P],
    kind: type[_O],
    client: Any,
) -> _P:
    """Create a page from a response.

    List endpoints differ in the name of the total, and in the fields that they omit.

    Args:
        json: The response.
        make: The class of the page.
        kind: The class of the objects.
        client: The client that the methods of the objects use.

    Raises:
        ScaleBadResponse: If the response is not a page.
    """
    problem = _page_problem(json)
    if problem is not None or not isinstance(json, dict):
        error = bad_response(json, problem or "a page")
        del json  # it may repeat a secret
        raise error
    return make(
        kind._list_from(json, client, "docs"),
        json["total"] if "total" in json else json["totalDocs"],
        json.get("limit", len(json["docs"])),
        json.get("offset", 0),
        bool(json.get("has_more")),
        json.get("next_token") or None,
    )


class _PageAhead(Generic[_C, _T]):
    """A page that is fetched in a background thread."""

    def __init__(self, fetch: FetchPage[_C, _T], cursor: _C) -> None:
        self._fetch = fetch
        self._cursor = cursor
        self._cancellation = Cancellation()
        self._page: tuple[list[_T], _C | None] | None = None
        self._error: BaseException | None = None
        self._pid = os.getpid()
        # Held until the page has been fetched. Not an Event, which Ctrl-C during wait() can break.
        self._done = threading.Lock()
        self._done.acquire()
        self._started = False
        # Tracing tools attribute requests by the context.
        self._context = copy_context()
        self._context.run(cancellation.set, self._cancellation)

    def start(self) -> None:
        """Start fetching. If no thread can be started, ``result`` fetches the page."""
        thread = start_thread("scaleapi-page-ahead", self._context, self._run)
        self._started = thread is not None

    def _run(self) -> None:
        try:
            self._page = self._fetch(self._cursor)
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            self._error = error
        finally:
            self._done.release()

    def result(self) -> tuple[list[_T], _C | None]:
        """Wait for the page and return it, or raise the error of the fetch."""
        if not self._started:
            return self._fetch(self._cursor)
        if self._pid == os.getpid():
            with self._done:
                pass
        if self._error is not None:
            raise self._error
        if self._page is None:  # the process has forked, and the thread is in the parent
            return self._fetch(self._cursor)
        return self._page

    def drop(self) -> None:
        """Cancel the fetch without waiting. The garbage collector may call this at any point."""
        self._cancellation.cancel()


def iterate(fetch: FetchPage[_C, _T]) -> Generator[_T, None, None]:
    """Yield every object of a list, fetching one page ahead.

    At most two pages are in memory. Iteration ends when there is no next cursor, or when a cursor
    repeats, which would cause an endless loop.

    Args:
        fetch: A function that fetches one page.

    Raises:
        ScaleException: If a page cannot be fetched. Raised when the iteration reaches that page.
    """
    docs, cursor = fetch(None)
    seen: set[_C] = set()
    while True:
        ahead = None
        try:
            if cursor is not None and cursor not in seen:
                seen.add(cursor)
                ahead = _PageAhead(fetch, cursor)
                ahead.start()  # inside the try block, because Ctrl-C may interrupt it
            yield from docs
            if ahead is None:
                return
            docs, cursor = ahead.result()
            ahead = None
        finally:
            if ahead is not None:
                ahead.drop()
