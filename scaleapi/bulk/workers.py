"""Work for a bounded number of threads, with results as they come."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Generator, Iterable
from contextvars import copy_context
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from .._http.call import Cancellation, cancellation

__all__ = ["in_threads"]

_I = TypeVar("_I")
_O = TypeVar("_O")

#: Items per worker that are begun and not yet yielded.
_AHEAD = 2

#: Seconds that calls under way are given when the caller stops early.
_GRACE = 5.0


def in_threads(
    work: Callable[[_I], _O], items: Iterable[_I], workers: int
) -> Generator[_O, None, None]:
    """Yield what is made of each item, in the order in which they are done.

    The items are read in the thread of the caller, and only a few ahead of what was yielded, so
    that an endless iterable needs no more memory than a short one. When the caller stops early,
    items that were not begun are dropped, and calls under way have a few seconds to end.

    Args:
        work: What a thread does with an item.
        items: The items.
        workers: How many threads there are at most.

    Raises:
        Exception: What ``work`` or the iterable raised.
        RuntimeError: The process was forked, and this is not the one that has the threads.
    """
    crew = _Crew(work)
    pending = 0
    try:
        for item in items:
            crew.give(item)
            pending += 1
            if crew.size < min(pending, workers):
                crew.hire()
            while pending >= _AHEAD * workers or (pending and not crew.done.empty()):
                yield crew.result()
                pending -= 1
        while pending:
            yield crew.result()
            pending -= 1
    finally:
        crew.dismiss()


class _Failure:
    """What a thread was ended by."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


class _Stop:
    """Tells a thread to end."""


class _Crew(Generic[_I, _O]):
    """Threads that take items from one queue and put results into another."""

    def __init__(self, work: Callable[[_I], _O]) -> None:
        self._work = work
        self._todo: SimpleQueue[_I | _Stop] = SimpleQueue()
        self.done: SimpleQueue[_O | _Failure] = SimpleQueue()
        self._threads: list[tuple[threading.Thread, Cancellation]] = []
        self._process = os.getpid()

    @property
    def size(self) -> int:
        return len(self._threads)

    def give(self, item: _I) -> None:
        self._todo.put(item)

    def hire(self) -> None:
        # Tracing knows by its context to whom a request belongs.
        context, stop = copy_context(), Cancellation()
        context.run(cancellation.set, stop)
        thread = threading.Thread(
            target=context.run, args=(self._run,), name="scaleapi-bulk", daemon=True
        )
        try:
            thread.start()
        except RuntimeError:
            if not self._threads:  # there is no thread to be had
                raise
            return
        self._threads.append((thread, stop))

    def _run(self) -> None:
        while not isinstance(item := self._todo.get(), _Stop):
            try:
                self.done.put(self._work(item))
            except BaseException as error:  # noqa: BLE001 - raised in the caller's thread
                self.done.put(_Failure(error))

    def result(self) -> _O:
        if self._process != os.getpid():
            raise RuntimeError(
                "This iterator belongs to another process: use it in the one that created it"
            )
        result = self.done.get()
        if isinstance(result, _Failure):
            raise result.error
        return result

    def dismiss(self) -> None:
        """End the threads, those that are in the middle of a call after a while."""
        if self._process != os.getpid():
            return  # they are not in a process that was forked
        try:
            while True:
                self._todo.get_nowait()
        except Empty:
            pass
        for _ in self._threads:
            self._todo.put(_Stop())
        until = time.monotonic() + _GRACE
        try:
            for thread, _ in self._threads:
                thread.join(max(0.0, until - time.monotonic()))
        finally:  # also when Ctrl-C comes a second time
            for _, stop in self._threads:
                stop.cancel()
