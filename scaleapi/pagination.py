"""Pages of a list, and generators that read through all of them."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Generator, Hashable
from typing import Any, Generic, NamedTuple, TypeVar

from ._answers import Answer
from ._transport.call import Cancellation

__all__ = ["Batchlist", "Envelope", "Paginator", "Tasklist", "iterate"]

_T = TypeVar("_T")
_C = TypeVar("_C", bound=Hashable)

#: Fetch the page at a cursor (``None`` for the first); return it and the cursor of the next.
FetchPage = Callable[[_C | None, Cancellation | None], tuple[list[_T], _C | None]]


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


class Tasklist(Paginator[_T]):
    """One page of tasks."""


class Batchlist(Paginator[_T]):
    """One page of batches."""


class Envelope(NamedTuple):
    """What the service sends around the objects of one page.

    Attributes:
        docs: The JSON of the objects.
        position: The arguments of :class:`Paginator` besides ``docs``.
    """

    docs: list[Any]
    position: dict[str, Any]

    @classmethod
    def of(cls, answer: Answer) -> Envelope:
        """Read an answer; lists differ in what they call the total and what they leave out.

        Raises:
            ScaleBadResponse: It is not a page.
        """
        body = answer.json_object("docs")
        total = body.get("total", body.get("totalDocs"))
        next_token = body.get("next_token")
        expected = None
        if not isinstance(body["docs"], list):
            expected = "a JSON array"
        elif not isinstance(total, int):
            expected = "a page with a 'total'"
        elif not isinstance(next_token, (str, type(None))):
            expected = "a page whose 'next_token' is a string"
        if expected is not None:
            del body, total, next_token  # for whoever prints the variables of this frame
            raise answer.bad(expected)
        position = {
            "total": total,
            "limit": body.get("limit", len(body["docs"])),
            "offset": body.get("offset", 0),
            "has_more": bool(body.get("has_more")),
            "next_token": next_token,
        }
        return cls(body["docs"], position)


class _PageAhead(Generic[_C, _T]):
    """A page that is fetched in a thread of its own while the caller works."""

    def __init__(self, fetch: FetchPage[_C, _T], cursor: _C) -> None:
        self._fetch = fetch
        self._cursor = cursor
        self._cancellation = Cancellation()
        self._page: tuple[list[_T], _C | None] | None = None
        self._error: BaseException | None = None
        # Held until the page is there. Ctrl-C in the middle of its wait breaks an Event, no lock.
        self._done = threading.Lock()
        self._done.acquire()
        self._thread = threading.Thread(target=self._run, name="scaleapi-page-ahead", daemon=True)

    def start(self) -> None:
        """Begin to fetch."""
        try:
            self._thread.start()
        except RuntimeError as error:
            # Ctrl-C in the middle of start() breaks the Event that it waits for.
            if isinstance(error.__context__, KeyboardInterrupt):
                raise error.__context__ from None
            raise

    def _run(self) -> None:
        try:
            self._page = self._fetch(self._cursor, self._cancellation)
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            self._error = error
        finally:
            self._done.release()

    def _wait(self) -> None:
        # A join() that Ctrl-C interrupts takes its thread for ended from then on, so it comes
        # last. A thread that did not come along through a fork is not alive and sets nothing.
        if self._thread.is_alive():
            with self._done:
                pass
            self._thread.join()

    def result(self) -> tuple[list[_T], _C | None]:
        """Wait for the page and return it, or raise what fetching it raised."""
        self._wait()
        if self._error is not None:
            raise self._error
        if self._page is None:  # the thread did not come along through a fork
            return self._fetch(self._cursor, None)
        return self._page

    def drop(self) -> None:
        """End the fetch and wait for its thread."""
        self._cancellation.cancel()
        # The garbage collector may drop a generator in any thread, in this one too; and when the
        # interpreter ends, in which no other thread runs any more.
        if self._thread is not threading.current_thread() and not sys.is_finalizing():
            self._wait()


def iterate(fetch: FetchPage[_C, _T]) -> Generator[_T, None, None]:
    """Yield every object of a list, fetching one page ahead.

    At most two pages are in memory. It ends when there is no further cursor, and when a cursor
    comes a second time: a service that repeats itself must not be followed for ever.

    Args:
        fetch: Gets one page.

    Raises:
        ScaleException: A page could not be fetched; raised where that page begins.
    """
    docs, cursor = fetch(None, None)
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
