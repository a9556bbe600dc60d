"""Iterating over pages: prefetching, end of the list and cleanup."""

from __future__ import annotations

import copy
import gc
import os
import pickle
import sys
import threading
import warnings
import weakref
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

import pytest

from scaleapi import ScaleException
from scaleapi._http.call import Cancellation, cancellation
from scaleapi.pagination import Batchlist, Paginator, Tasklist, iterate

#: Seconds after which something that should have happened never will.
SOON = 30


class Page(list[int]):
    """A page that detects, by weak references, whether it is still in memory."""


class Service:
    """A list in pages of two, with page numbers as cursors."""

    def __init__(self, pages: int) -> None:
        self.pages = pages
        self.asked: list[int] = []
        self.held: list[weakref.ref[Page]] = []
        self.most_held = 0
        self.before: Callable[[int, Cancellation | None], None] = lambda number, ending: None

    def fetch(self, cursor: int | None) -> tuple[list[int], int | None]:
        number = cursor or 0
        self.asked.append(number)
        self.before(number, cancellation.get())
        page = Page([2 * number, 2 * number + 1])
        self.held.append(weakref.ref(page))
        self.most_held = max(self.most_held, sum(one() is not None for one in self.held))
        return page, number + 1 if number + 1 < self.pages else None


def helpers() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == "scaleapi-page-ahead"]


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    yield
    for thread in helpers():
        thread.join(SOON)
    assert helpers() == []


@pytest.mark.parametrize("pages", [1, 2, 3, 10])
def test_every_object_once_and_in_order(pages: int) -> None:
    service = Service(pages)
    assert list(iterate(service.fetch)) == list(range(2 * pages))
    assert service.asked == list(range(pages))


def test_nothing_is_fetched_before_the_first_iteration() -> None:
    service = Service(3)
    generator = iterate(service.fetch)
    assert service.asked == []
    assert next(generator) == 0
    generator.close()


def test_the_next_page_is_fetched_in_the_background() -> None:
    """The caller waits at the first object until the second page was requested."""
    service = Service(3)
    asked = [threading.Event() for _ in range(3)]
    service.before = lambda number, ending: asked[number].set()
    got = []
    for one in iterate(service.fetch):
        ahead = one // 2 + 1
        if ahead < 3:
            assert asked[ahead].wait(SOON)
        assert not any(event.is_set() for event in asked[ahead + 1 :])
        got.append(one)
    assert got == list(range(6))


def test_the_caller_does_not_wait_for_the_next_page() -> None:
    """The whole first page is yielded while the second is being fetched."""
    service = Service(2)
    arrive = threading.Event()

    def wait(number: int, ending: Cancellation | None) -> None:
        if number == 1:
            assert arrive.wait(SOON)

    service.before = wait
    generator = iterate(service.fetch)
    assert [next(generator), next(generator)] == [0, 1]
    arrive.set()
    assert list(generator) == [2, 3]


@pytest.mark.slow
def test_at_most_two_pages_are_held() -> None:
    service = Service(6)
    for _ in iterate(service.fetch):
        gc.collect()
    assert len(service.held) == 6
    assert service.most_held == 2


@pytest.mark.parametrize("consumed", [1, 2, 3])
@pytest.mark.parametrize("way", ["closed", "forgotten", "broken"])
def test_closing_a_generator_ends_its_thread(way: str, consumed: int) -> None:
    """The request in progress is canceled, and there are no more requests.

    Nobody waits for the thread: the garbage collector may drop a generator anywhere.
    """
    service = Service(10)
    begun = threading.Event()
    cancelled: list[bool] = []

    def hang(number: int, ending: Cancellation | None) -> None:
        if number == (consumed - 1) // 2 + 1:
            assert ending is not None
            begun.set()
            ending.wait(SOON)
            cancelled.append(ending.cancelled)

    service.before = hang
    generator = iterate(service.fetch)
    assert [next(generator) for _ in range(consumed)] == list(range(consumed))
    assert begun.wait(SOON)
    if way == "closed":
        generator.close()
    elif way == "forgotten":
        del generator
        gc.collect()
    else:
        with pytest.raises(ZeroDivisionError):
            generator.throw(ZeroDivisionError())
    for thread in helpers():
        thread.join(SOON)
    assert cancelled == [True]
    assert len(service.asked) == (consumed - 1) // 2 + 2


def test_an_unused_generator_fetches_nothing() -> None:
    service = Service(3)
    iterate(service.fetch).close()
    assert service.asked == []


@pytest.mark.parametrize("cursors", [[1, 1], [1, 2, 1], [1, 2, 2], [1, 2, 3, 2]])
def test_a_repeated_cursor_ends_the_list(cursors: list[int]) -> None:
    """A repeated cursor causes neither an endless loop nor duplicate objects."""
    asked: list[int | None] = []

    def fetch(cursor: int | None) -> tuple[list[int], int | None]:
        asked.append(cursor)
        return [len(asked)], cursors[len(asked) - 1]

    assert list(iterate(fetch)) == list(range(1, len(cursors) + 1))
    assert asked == [None, *cursors[:-1]]


@pytest.mark.parametrize("bad", [0, 1, 3])
def test_errors_are_raised_when_their_page_is_reached(bad: int) -> None:
    """Objects before it are yielded; the error is that of the fetch."""
    service = Service(5)

    def fail(number: int, ending: Cancellation | None) -> None:
        if number == bad:
            raise ScaleException(f"page {number}")

    service.before = fail
    got: list[int] = []
    with pytest.raises(ScaleException, match=f"page {bad}"):
        got.extend(iterate(service.fetch))
    assert got == list(range(2 * bad))


def test_errors_of_unread_pages_are_not_raised() -> None:
    """It belongs to a page that the caller did not reach."""
    service = Service(2)
    failed = threading.Event()

    def fail(number: int, ending: Cancellation | None) -> None:
        if number == 1:
            failed.set()
            raise ScaleException("unseen")

    service.before = fail
    generator = iterate(service.fetch)
    next(generator)
    assert failed.wait(SOON)
    generator.close()


def test_empty_pages_are_skipped() -> None:
    pages: dict[int | None, tuple[list[int], int | None]] = {
        None: ([], 1),
        1: ([], 2),
        2: ([7], None),
    }
    assert list(iterate(pages.__getitem__)) == [7]


def test_closing_a_generator_discards_a_fetched_page() -> None:
    """The fetch has finished, so there is nothing to cancel."""
    service, came = Service(3), threading.Event()

    def note(number: int, ending: Cancellation | None) -> None:
        if number == 1:
            came.set()

    service.before = note
    generator = iterate(service.fetch)
    next(generator)
    assert came.wait(SOON)
    for thread in helpers():
        thread.join(SOON)
    generator.close()
    assert service.asked == [0, 1]


def test_without_threads_pages_are_fetched_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    """At interpreter shutdown, in a subinterpreter or at a system limit."""

    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    service = Service(3)
    generator = iterate(service.fetch)
    assert [next(generator), next(generator)] == [0, 1]
    assert service.asked == [0]
    assert list(generator) == [2, 3, 4, 5]
    assert service.asked == [0, 1, 2]


def test_a_page_is_fetched_in_the_context_of_the_caller() -> None:
    """Tracing tools attribute requests by the context."""
    span: ContextVar[str] = ContextVar("span", default="none")
    service, spans = Service(3), list[str]()
    service.before = lambda number, ending: spans.append(span.get())
    token = span.set("mine")
    assert len(list(iterate(service.fetch))) == 6
    span.reset(token)
    assert spans == ["mine"] * 3


def test_ctrl_c_during_thread_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python turns it into a RuntimeError about a lock."""

    def interrupted(thread: threading.Thread) -> None:
        try:
            raise KeyboardInterrupt
        finally:
            raise RuntimeError("release unlocked lock")

    monkeypatch.setattr(threading.Thread, "start", interrupted)
    with pytest.raises(KeyboardInterrupt):
        list(iterate(Service(3).fetch))


def test_generators_are_independent() -> None:
    services = [Service(4), Service(4)]
    together = zip(*[iterate(service.fetch) for service in services], strict=True)
    assert list(together) == [(number, number) for number in range(8)]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
def test_after_a_fork_the_page_is_fetched_again() -> None:
    """The thread stays in the parent; each process continues on its own."""
    service = Service(3)
    parent = os.getpid()
    asked, arrive = threading.Event(), threading.Event()

    def wait(number: int, ending: Cancellation | None) -> None:
        if number == 1 and os.getpid() == parent:
            asked.set()
            assert arrive.wait(SOON)

    service.before = wait
    generator = iterate(service.fetch)
    assert next(generator) == 0
    assert asked.wait(SOON)
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # 3.12 warns of threads and fork
        child = os.fork()
    if child == 0:  # pragma: no cover - the child is not measured
        try:
            os.write(writing, bytes(generator))
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        in_child = list(pipe.read())
    assert os.waitpid(child, 0)[1] == 0
    arrive.set()
    assert in_child == [1, 2, 3, 4, 5]
    assert list(generator) == [1, 2, 3, 4, 5]


PAGES = [Paginator, Tasklist, Batchlist]


@pytest.mark.parametrize("kind", PAGES)
def test_docs_is_the_page_itself(kind: Any) -> None:
    """They are the same list."""
    page = kind([1], 7, 100, 0, False)
    page.append(2)
    page.docs.append(3)
    assert page == page.docs == [1, 2, 3]


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize(
    "way", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))]
)
def test_copies_of_a_page_keep_all_attributes(kind: Any, way: Callable[[Any], Any]) -> None:
    page = kind([1, 2], 7, 100, 5, True, "next")
    other = way(page)
    assert type(other) is kind
    assert other is not page
    assert other == [1, 2]
    assert vars(other) == vars(page)
    assert (other.total, other.limit, other.offset, other.has_more) == (7, 100, 5, True)
    assert other.next_token == "next"
