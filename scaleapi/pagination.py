"""Pages of a list, and generators that read through all of them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator, Hashable
from contextvars import copy_context
from typing import Any, Generic, TypeVar

from ._http.call import Cancellation, cancellation
from ._http.interruption import is_interrupt
from ._http.response import bad_response, is_object, object_with
from ._model.objects import ApiObject

__all__ = ["Batchlist", "Paginator", "Tasklist", "iterate", "page_from"]

_T = TypeVar("_T")
_O = TypeVar("_O", bound=ApiObject)
_P = TypeVar("_P")
_C = TypeVar("_C", bound=Hashable)

#: Fetch the page at a cursor (``None`` for the first); return it and the cursor of the next.
FetchPage = Callable[[_C | None], tuple[list[_T], _C | None]]


class Paginator(list[_T], Generic[_T]):
    """One page of a list.

    Args:
        docs: The objects on this page.
        total: How many objects match, on all pages.
        limit: How many objects a page may have.
        offset: How many objects come before this page, where the list pages by offset.
        has_more: Whether there is a further page.
        next_token: The cursor of the further page, where the list pages by cursor.
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
        """The objects on this page, which is the page itself."""
        return self

    def _repr_html_(self) -> str:
        """Return the table that a notebook shows."""
        from ._notebook import page_table  # noqa: PLC0415 - only a notebook asks

        return page_table([getattr(one, "_json", one) for one in self], self.total)

    def __reduce__(self) -> tuple[object, ...]:
        page = (list(self), self.total, self.limit, self.offset, self.has_more, self.next_token)
        return type(self), page


def _page_problem(json: object) -> str | None:
    """Return what was expected of a page and is not so."""
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
    """Return the page that a response is.

    Lists differ in what they call the total and what they leave out.

    Args:
        json: The response.
        make: The class of the page.
        kind: The class of its objects.
        client: The client that further calls of the objects go through.

    Raises:
        ScaleBadResponse: It is not a page.
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
        json.get("next_token"),
    )


class _PageAhead(Generic[_C, _T]):
    """A page that is fetched in a thread of its own while the caller works."""

    def __init__(self, fetch: FetchPage[_C, _T], cursor: _C) -> None:
        self._fetch = fetch
        self._cursor = cursor
        self._cancellation = Cancellation()
        self._page: tuple[list[_T], _C | None] | None = None
        self._error: BaseException | None = None
        self._pid = os.getpid()
        # Held until the page is there. Ctrl-C in the middle of its wait breaks an Event, no lock.
        self._done = threading.Lock()
        self._done.acquire()
        self._started = False
        # Tracing knows by its context to whom a request belongs.
        self._context = copy_context()
        self._context.run(cancellation.set, self._cancellation)

    def start(self) -> None:
        """Begin to fetch; if there is no thread to be had, the page is fetched later."""
        try:
            threading.Thread(
                target=self._context.run,
                args=(self._run,),
                name="scaleapi-page-ahead",
                daemon=True,
            ).start()
            self._started = True
        except RuntimeError as error:
            # Ctrl-C or a signal handler in the middle of start() breaks what it waits for.
            if is_interrupt(error.__context__):
                raise error.__context__ from None

    def _run(self) -> None:
        try:
            self._page = self._fetch(self._cursor)
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            self._error = error
        finally:
            self._done.release()

    def result(self) -> tuple[list[_T], _C | None]:
        """Wait for the page and return it, or raise what fetching it raised."""
        if not self._started:
            return self._fetch(self._cursor)
        if self._pid == os.getpid():
            with self._done:
                pass
        if self._error is not None:
            raise self._error
        if self._page is None:  # the thread did not come along through a fork
            return self._fetch(self._cursor)
        return self._page

    def drop(self) -> None:
        """End the fetch without waiting: the garbage collector may call this anywhere."""
        self._cancellation.cancel()


def iterate(fetch: FetchPage[_C, _T]) -> Generator[_T, None, None]:
    """Yield every object of a list, fetching one page ahead.

    At most two pages are in memory. It ends when there is no further cursor, and when a cursor
    comes a second time: a service that repeats itself must not be followed for ever.

    Args:
        fetch: Fetches one page.

    Raises:
        ScaleException: A page could not be fetched; raised where that page begins.
    """
    docs, cursor = fetch(None)
    seen: set[_C] = set()
    while True:
        ahead = None
        try:
            if cursor is not None and cursor not in seen:
                seen.add(cursor)
                ahead = _PageAhead(fetch, cursor)
                ahead.start()  # in here, as Ctrl-C may come before it returns
            yield from docs
            if ahead is None:
                return
            docs, cursor = ahead.result()
            ahead = None
        finally:
            if ahead is not None:
                ahead.drop()
