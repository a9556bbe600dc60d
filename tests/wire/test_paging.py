"""Pagination over the network: prefetching, cancellation and repeated cursors."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from scaleapi.exceptions import (
    ScaleArgumentError,
    ScaleBadResponse,
    ScaleInternalError,
    ScaleInvalidRequest,
)
from tests.wire.conftest import KEY, Authority, Connect, Serve
from tests.wire.server import Reply, Request, Server, after, before, hang, respond, succeed

PAGE_THREAD = "scaleapi-page-ahead"


class Pages:
    """A list of tasks in pages; the cursor is the number of the page."""

    def __init__(self, count: int, size: int = 3) -> None:
        self.count = count
        self.size = size

    def __call__(self, request: Request) -> Reply:
        number = int(request.query.get("next_token", ["0"])[0])
        more = number + 1 < self.count
        page = {
            "docs": [{"task_id": f"{number}-{i}"} for i in range(self.size)],
            "total": self.count * self.size,
            "limit": self.size,
            "has_more": more,
            "next_token": str(number + 1) if more else None,
        }
        return Reply(page)


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    """Assert that no background thread is left after a test."""
    yield
    assert_no_page_thread()


def assert_no_page_thread() -> None:
    """Wait for background threads, which end soon after cancellation."""
    for thread in page_threads():
        thread.join(5)
    assert page_threads() == []


def page_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == PAGE_THREAD]


def page(docs: list[Any], **rest: Any) -> Any:
    return before(respond({"docs": docs, "total": 9, **rest}))


def test_all_pages_in_order(serve: Serve, connect: Connect) -> None:
    """Each task occurs once, with one request per page and few connections."""
    server = serve(Pages(5))
    tasks = list(connect(server).get_tasks("p", limit=3))
    assert [task.id for task in tasks] == [f"{n}-{i}" for n in range(5) for i in range(3)]
    tokens = [request.query.get("next_token") for request in server.requests]
    assert tokens == [None, ["1"], ["2"], ["3"], ["4"]]
    assert server.connections == 1


def test_next_page_is_requested_while_the_caller_works(serve: Serve, connect: Connect) -> None:
    """On every page except the last, before ``next()`` is called."""
    server = serve(Pages(6, size=1))
    tasks = connect(server).get_tasks("p")
    for requests in (2, 3, 4, 5, 6, 6):
        next(tasks)
        server.wait_for(lambda: len(server.requests) == requests)  # noqa: B023 - called at once
    assert list(tasks) == []


def test_only_one_page_is_fetched_ahead(serve: Serve, connect: Connect) -> None:
    """After the first task, the second page is requested, but not the third."""
    server = serve(Pages(5))
    tasks = connect(server).get_tasks("p")
    next(tasks)
    server.wait_for(lambda: len(server.requests) == 2)
    next(tasks)
    next(tasks)
    assert len(server.requests) == 2
    tasks.close()
    assert len(server.requests) == 2


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_closing_a_generator_while_the_service_hangs(
    serve: Serve, connect: Connect, authority: Authority, scheme: str
) -> None:
    """Closing returns immediately, and the client remains usable."""
    server = serve(Pages(5), tls=authority.server if scheme == "https" else None)
    client = connect(server, verify=authority.bundle)
    server.script(after(succeed), before(hang))
    tasks = client.get_tasks("p")
    next(tasks)
    server.wait_for(lambda: len(server.requests) == 2)
    begun = time.monotonic()
    tasks.close()
    assert time.monotonic() - begun < 5
    assert_no_page_thread()
    assert len(server.requests) == 2
    assert len(list(client.get_tasks("p"))) == 15


def test_closing_a_generator_during_a_tls_handshake(
    serve: Serve, connect: Connect, authority: Authority
) -> None:
    """A fetch that is still connecting is canceled immediately as well."""
    listening, holding = serve(Pages(5), tls=authority.server), serve(mute=True)
    client = connect(listening, verify=authority.bundle, timeout=15)

    def answer_and_move(exchange: Any, reply: Reply) -> None:
        # The next connection goes to a server that says nothing.
        client.api.base_api_url = f"https://127.0.0.1:{holding.port}/v1"
        exchange.send(reply.raw)
        exchange.close()

    listening.script(after(answer_and_move))
    tasks = client.get_tasks("p")
    client.api.base_api_url = listening.url
    next(tasks)
    holding.wait_for(lambda: holding.connections > 0)
    begun = time.monotonic()
    tasks.close()
    assert time.monotonic() - begun < 5


def test_closing_a_generator_during_a_wait(serve: Serve, connect: Connect) -> None:
    """A fetch that waits for a retry is canceled immediately."""
    server = serve(Pages(5))
    server.script(after(succeed), before(respond(status=429, Retry_After="15")))
    tasks = connect(server).get_tasks("p")
    next(tasks)
    server.wait_for(lambda: len(server.requests) == 2)
    begun = time.monotonic()
    tasks.close()
    assert time.monotonic() - begun < 5
    assert len(server.requests) == 2


def test_closing_a_generator_does_not_affect_other_calls(serve: Serve, connect: Connect) -> None:
    """A finished fetch has returned its connection, so cancellation does not close it."""
    server = serve(Pages(5))
    client = connect(server)
    tasks = client.get_tasks("p")
    next(tasks)
    server.wait_for(lambda: len(server.requests) == 2)
    for thread in page_threads():
        thread.join()
    go_on = threading.Event()

    def slowly(exchange: Any, reply: Reply) -> None:
        assert go_on.wait(10)
        exchange.send(Reply([]).raw)

    server.script(before(slowly))
    invited: list[Any] = []
    inviting = threading.Thread(
        target=lambda: invited.append(client.invite_teammates(["a@b.c"], "member"))
    )
    inviting.start()
    server.wait_for(lambda: len(server.requests) == 3)
    tasks.close()
    go_on.set()
    inviting.join()
    assert invited == [[]]
    assert server.connections == 1


def test_garbage_collecting_a_generator(serve: Serve, connect: Connect) -> None:
    """Leaving a loop with ``break`` cleans up."""
    server = serve(Pages(5))
    client = connect(server)
    for _ in client.get_tasks("p"):
        break
    gc.collect()
    assert_no_page_thread()
    assert len(server.requests) <= 2


def test_a_generator_that_is_never_started(serve: Serve, connect: Connect) -> None:
    """Nothing is sent."""
    server = serve(Pages(5))
    tasks = connect(server).get_tasks("p")
    tasks.close()
    assert server.connections == 0


def test_an_exception_in_the_consumer(serve: Serve, connect: Connect) -> None:
    """The exception propagates immediately, even if the next page hangs."""
    server = serve(Pages(5))
    server.script(after(succeed), before(hang))
    begun = time.monotonic()

    def work() -> None:
        for task in connect(server).get_tasks("p"):
            server.wait_for(lambda: len(server.requests) == 2)
            raise ZeroDivisionError(task.id)

    with pytest.raises(ZeroDivisionError, match="0-0"):
        work()
    gc.collect()
    assert time.monotonic() - begun < 5


def test_an_error_is_raised_when_its_page_is_reached(
    serve: Serve, connect: Connect, no_waits: None
) -> None:
    """The tasks before the error are all yielded."""
    server = serve(Pages(5))
    server.script(after(succeed), after(succeed), *[before(respond(status=500))] * 4)
    seen: list[str] = []
    tasks = connect(server).get_tasks("p")
    with pytest.raises(ScaleInternalError) as caught:
        seen.extend(task.id for task in tasks)
    assert seen == [f"{n}-{i}" for n in range(2) for i in range(3)]
    assert caught.value.attempts == 4


def test_an_error_of_an_unread_page_is_not_raised(serve: Serve, connect: Connect) -> None:
    """A caller that stops before the failing page sees no error."""
    server = serve(Pages(5))
    server.script(after(succeed), before(respond(status=404)))
    tasks = connect(server).get_tasks("p")
    assert [next(tasks).id for _ in range(3)] == ["0-0", "0-1", "0-2"]
    tasks.close()


@pytest.mark.parametrize(
    "rest",
    [
        {},
        {"has_more": True},
        {"has_more": True, "next_token": None},
        {"has_more": True, "next_token": ""},
        {"next_token": "x"},
    ],
)
def test_a_missing_cursor_ends_the_list(
    server: Server, connect: Connect, rest: dict[str, Any]
) -> None:
    """Even if ``has_more`` is true; and a cursor without ``has_more`` is ignored."""
    server.script(page([{"task_id": "1"}], **rest))
    assert len(list(connect(server).get_tasks("p"))) == 1
    assert len(server.requests) == 1


@pytest.mark.parametrize("circle", [["a", "a"], ["a", "b", "a"]])
def test_a_repeated_cursor_ends_the_iteration(
    server: Server, connect: Connect, circle: list[str]
) -> None:
    """A repeated cursor does not cause an endless loop."""
    pages = [page([{"task_id": one}], has_more=True, next_token=one) for one in circle]
    server.script(*pages)
    server.default = page([], has_more=True, next_token=circle[-1])
    assert [task.id for task in connect(server).get_tasks("p")] == circle
    assert len(server.requests) == len(circle)


def test_the_batch_offset_follows_the_page_length(server: Server, connect: Connect) -> None:
    """Not by the limit of the response; an empty page ends the list."""
    names = [["a", "b"], ["c"], []]
    server.script(
        *[page([{"name": name} for name in some], has_more=True, limit=100) for some in names]
    )
    assert [batch.name for batch in connect(server).get_batches()] == ["a", "b", "c"]
    offsets = [request.query["offset"] for request in server.requests]
    assert offsets == [["0"], ["2"], ["3"]]


@pytest.mark.parametrize(
    "content",
    [
        {"docs": None, "total": 1},
        {"docs": [1], "total": 1},
        {"docs": []},
        [],
        "text",
        {"docs": {}},
        {"docs": [], "total": 0, "has_more": True, "next_token": ["a"]},
        {"docs": [], "total": 0, "has_more": True, "next_token": {"a": "b"}},
    ],
)
def test_rejects_invalid_pages(server: Server, connect: Connect, content: Any) -> None:
    """ScaleBadResponse is raised, not TypeError or KeyError."""
    server.script(before(respond(content)))
    with pytest.raises(ScaleBadResponse):
        list(connect(server).get_tasks("p"))


@pytest.mark.parametrize(
    "filters",
    [
        {"project_name": "", "batch_name": []},
        {"project_name": "p", "limit": 101},
        {"project_name": "p", "limit": "ten"},
        {"project_name": "p", "limit": 1.5},
        {"project_name": "p", "review_status": [{}]},
        {"project_name": "p", "review_status": {"a": 1}},
    ],
)
def test_arguments_are_validated_by_the_call(
    server: Server, connect: Connect, filters: dict[str, Any]
) -> None:
    """The call raises, not the first iteration, and nothing is sent."""
    with pytest.raises(ScaleArgumentError):
        connect(server).get_tasks(**filters)
    assert server.connections == 0


@pytest.mark.parametrize("name", ["get_tasks", "get_tasks_count"])
def test_requires_a_project_or_batch(server: Server, connect: Connect, name: str) -> None:
    """The call itself raises the exception, not the first ``next()``."""
    with pytest.raises(ScaleInvalidRequest, match="project_name"):
        getattr(connect(server), name)()
    assert server.connections == 0


def test_two_generators_at_once(serve: Serve, connect: Connect) -> None:
    """Two generators are independent."""
    server = serve(Pages(4))
    client = connect(server)
    pairs = list(zip(client.get_tasks("p"), client.get_tasks("p"), strict=True))
    assert all(one == other for one, other in pairs)
    assert len(pairs) == 12


def test_a_generator_collected_by_its_own_thread(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The garbage collector may run in any thread, including the fetching one."""
    server = serve(Pages(5))
    client = connect(server)
    dropped = threading.Event()
    fetch = client._tasks_page

    def fetch_and_collect(query: Any) -> Any:
        if threading.current_thread() is not threading.main_thread():
            assert dropped.wait(10)
            gc.collect()
        return fetch(query)

    monkeypatch.setattr(client, "_tasks_page", fetch_and_collect)
    circle: list[Any] = [client.get_tasks("p")]
    circle.append(circle)
    next(circle[0])
    threads = page_threads()
    del circle
    dropped.set()
    for thread in threads:
        thread.join(10)
    assert_no_page_thread()
    assert KEY not in repr(client)


FORK = """
import os, sys
from scaleapi import ScaleClient

client = ScaleClient("live_key_of_a_fork", api_instance_url=sys.argv[1], verify=False)
tasks = client.get_tasks("p")
next(tasks)
child = os.fork()
if child:
    print("forked", flush=True)
assert len(list(tasks)) == 14
client.close()
if child:
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
os._exit(0)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_generator_on_both_sides_of_a_fork(serve: Serve) -> None:
    """The child requests the page again that the parent is fetching."""
    forked = threading.Event()

    def answer_when_forked(exchange: Any, reply: Reply) -> None:
        assert forked.wait(30)
        exchange.send(reply.raw)

    server = serve(Pages(5))
    server.script(after(succeed), after(answer_when_forked))
    program = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", FORK, server.url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with program:
        assert program.stdout
        assert program.stdout.readline() == "forked\n"
        forked.set()
        _, errors = program.communicate(timeout=30)
    assert (program.returncode, errors) == (0, "")
    assert 9 <= len(server.requests) <= 10
