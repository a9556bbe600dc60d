"""Callbacks that were handled before are acknowledged, but not handled again."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from scaleapi.callbacks import Callback, CallbackVerificationError, SeenCallbacks
from scaleapi.exceptions import ScaleArgumentError
from tests.unit.callbacks.receivers import (
    BATCH_BODY,
    Post,
    Receive,
    by_flask,
    by_starlette,
    by_wsgi,
    encoded,
    every_receiver,
    task_callback,
)


@every_receiver
def test_a_duplicate_is_acknowledged_but_not_handled(by: Callable[..., Receive]) -> None:
    handled: list[Callback] = []
    receive = by(handled.append)
    assert [receive(Post()).status for _ in range(3)] == [200, 200, 200]
    assert len(handled) == 1
    assert receive(Post(encoded(BATCH_BODY))).status == 200
    assert len(handled) == 2


@every_receiver
def test_memory_can_be_shared(by: Callable[..., Receive]) -> None:
    """Also while the memory is still empty."""
    handled: list[Callback] = []
    seen = SeenCallbacks()
    for _ in range(2):
        assert by(handled.append, seen)(Post()).status == 200
    assert len(handled) == 1


@every_receiver
def test_a_failed_callback_is_handled_when_it_comes_again(by: Callable[..., Receive]) -> None:
    outcomes: list[Exception | None] = [RuntimeError("broken"), StopIteration("broken"), None]
    handled: list[Callback] = []

    def handle(callback: Callback) -> None:
        handled.append(callback)
        outcome = outcomes.pop(0)
        if outcome is not None:
            raise outcome

    receive = by(handle)
    assert [receive(Post()).status for _ in range(4)] == [500, 500, 200, 200]
    assert len(handled) == 3


def test_a_failure_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def fail(callback: Callback) -> None:
        raise RuntimeError("broken")

    response = by_wsgi(fail)(Post())
    assert (response.status, response.text) == (500, "the callback could not be handled")
    assert "RuntimeError: broken" in caplog.text


@every_receiver
def test_a_duplicate_during_handling_gets_503(by: Callable[..., Receive]) -> None:
    """It is neither acknowledged, as the first may still fail, nor handled."""
    began, go_on = threading.Event(), threading.Event()
    handled: list[Callback] = []

    def handle(callback: Callback) -> None:
        handled.append(callback)
        began.set()
        assert go_on.wait(10)
        if len(handled) == 1:
            raise RuntimeError("broken")

    receive = by(handle)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(receive, Post())
        assert began.wait(10)
        response = receive(Post())
        assert (response.status, response.text) == (503, "the callback is being handled")
        go_on.set()
        assert first.result(10).status == 500
    assert [receive(Post()).status for _ in range(2)] == [200, 200]
    assert len(handled) == 2


def test_a_hundred_at_once_are_handled_once() -> None:
    handled: list[Callback] = []
    receive = by_wsgi(handled.append)
    barrier = threading.Barrier(20)

    def deliver(_: int) -> int:
        barrier.wait(10)
        return receive(Post()).status

    with ThreadPoolExecutor(20) as pool:
        statuses = set(pool.map(deliver, range(100)))
    assert statuses <= {200, 503}
    assert len(handled) == 1


# The memory of one process


def is_new(seen: SeenCallbacks, number: int) -> bool:
    with seen.handling(task_callback(task_id=str(number))) as new:
        return new


def test_the_oldest_are_forgotten_first() -> None:
    seen = SeenCallbacks(capacity=2)
    assert [is_new(seen, number) for number in (1, 2, 1, 3, 2, 3, 1)] == [
        *(True, True, False),
        *(True, False, False),
        True,
    ]


@pytest.mark.parametrize("capacity", [1, 2, 5])
def test_only_finished_callbacks_are_forgotten(capacity: int) -> None:
    """A full memory must not allow a duplicate of a callback that is being handled."""
    seen = SeenCallbacks(capacity)
    slow = [task_callback(task_id=f"slow-{number}") for number in range(5)]
    with ExitStack() as under_way:
        for callback in slow:
            assert under_way.enter_context(seen.handling(callback))
        assert all(is_new(seen, number) for number in range(20))
        for callback in slow:
            with pytest.raises(CallbackVerificationError) as refused, seen.handling(callback):
                pass
            assert refused.value.code == 503
        assert [is_new(seen, number) for number in range(20 - capacity, 20)] == [False] * capacity
    # They were the last to finish, the first of them last of all.
    again = []
    for callback in slow[:capacity]:
        with seen.handling(callback) as new:
            again.append(new)
    assert again == [False] * capacity


def test_a_duplicate_is_not_handled_when_the_memory_is_full() -> None:
    began, go_on = threading.Event(), threading.Event()
    handled: list[str] = []

    def handle(callback: Callback) -> None:
        assert callback.task
        handled.append(callback.task.id)
        if callback.task.id == "slow":
            began.set()
            assert go_on.wait(10)

    receive = by_wsgi(handle, SeenCallbacks(capacity=1))

    def deliver(task_id: str) -> int:
        return receive(Post(encoded({"task": {"task_id": task_id}}))).status

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(deliver, "slow")
        assert began.wait(10)
        assert [deliver(task_id) for task_id in ("1", "2", "slow")] == [200, 200, 503]
        go_on.set()
        assert first.result(10) == 200
    assert deliver("slow") == 200
    assert handled == ["slow", "1", "2"]


@pytest.mark.parametrize("capacity", [0, -1, 1.5, "5", None, True])
def test_rejects_a_bad_capacity(capacity: Any) -> None:
    with pytest.raises(ScaleArgumentError, match="capacity must be"):
        SeenCallbacks(capacity)


@pytest.mark.filterwarnings("error")
def test_a_callback_that_was_abandoned_is_not_handled() -> None:
    """For example if the handling coroutine is discarded with its event loop."""
    seen = SeenCallbacks()

    def abandon() -> Generator[None]:
        with seen.handling(task_callback()):
            yield

    next(abandon())
    gc.collect()
    with seen.handling(task_callback()) as new:
        assert new


# A store of one's own


class Store:
    """A store that records its calls and their threads."""

    def __init__(self, new: bool = True, suppress: bool = False) -> None:
        self.new = new
        self.suppress = suppress
        self.events: list[str] = []
        self.threads: list[threading.Thread] = []

    @contextmanager
    def handling(self, callback: Callback) -> Generator[bool]:
        self._note(f"begin {callback.task and callback.task.id}")
        try:
            yield self.new
        except BaseException as error:
            self._note(type(error).__name__)
            if not self.suppress:
                raise
        else:
            self._note("finish")

    def _note(self, event: str) -> None:
        self.events.append(event)
        self.threads.append(threading.current_thread())


def fail(callback: Callback) -> None:
    raise RuntimeError("broken")


@every_receiver
def test_custom_store(by: Callable[..., Any]) -> None:
    handled: list[Callback] = []
    store = Store()
    begin = f"begin {task_callback().task.id}"  # type: ignore[union-attr]
    assert by(handled.append, store)(Post()).status == 200
    assert (store.events, len(handled)) == ([begin, "finish"], 1)
    store.new = False
    assert by(handled.append, store)(Post()).status == 200
    assert (store.events, len(handled)) == ([begin, "finish"] * 2, 1)
    store = Store()
    assert by(fail, store)(Post()).status == 500
    assert store.events == [begin, "RuntimeError"]


@every_receiver
def test_a_store_that_suppresses_the_failure_acknowledges_nothing(by: Callable[..., Any]) -> None:
    assert by(fail, Store(suppress=True))(Post()).status == 500


@every_receiver
def test_a_store_that_fails_acknowledges_nothing(by: Callable[..., Any]) -> None:
    """Before the handler, which is not called; or after it, so the callback is sent again."""

    class Broken:
        def __init__(self, when: str) -> None:
            self.when = when

        @contextmanager
        def handling(self, callback: Callback) -> Generator[bool]:
            if self.when == "before":
                raise OSError("the disk is full")
            yield True
            raise OSError("the disk is full")

    handled: list[Callback] = []
    assert by(handled.append, Broken("before"))(Post()).status == 500
    assert handled == []
    assert by(handled.append, Broken("after"))(Post()).status == 500
    assert len(handled) == 1


@pytest.mark.parametrize("seen", [5, [], {}, "memory", object()])
@every_receiver
def test_rejects_a_store_without_the_method(by: Callable[..., Any], seen: object) -> None:
    with pytest.raises(ScaleArgumentError, match="seen must have a method handling"):
        by(print, seen)


def test_starlette_keeps_a_store_off_its_event_loop() -> None:
    """A database that waits for a lock would block all other requests."""
    loop = threading.current_thread()

    async def handle(callback: Callback) -> None:
        assert threading.current_thread() is loop

    for handler, status in ((handle, 200), (fail, 500)):
        store = Store()
        assert by_starlette(handler, store)(Post()).status == status
        assert len(store.threads) == 2
        assert loop not in store.threads


def test_flask_runs_a_store_in_the_request() -> None:
    store = Store()
    by_flask(print, store)(Post())
    assert {*store.threads} == {threading.current_thread()}
