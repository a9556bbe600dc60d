"""The executor that an export runs on."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice
from threading import Event
from typing import TypeVar

from ..bulk.executors import losses_explained

__all__ = ["THREADS", "Workers", "workers_of"]

_T = TypeVar("_T")
_R = TypeVar("_R")

#: How many threads an export has by default.
THREADS = 8


class Workers:
    """Runs functions on an executor.

    Args:
        executor: The executor.
        count: How many functions may run at once; ``None`` leaves that to the executor.
        stop: Set when the run ends, for functions that run in this process.
    """

    def __init__(self, executor: Executor, count: int | None, stop: Event | None) -> None:
        self.count = count
        self.stop = stop
        self._executor = executor

    def run(self, function: Callable[[_T], _R], items: Iterable[_T]) -> Iterator[tuple[_T, _R]]:
        """Yield each item with what the function returned for it, in the order that they end.

        After the first error nothing further is begun.

        Raises:
            BrokenExecutor: A worker ended abruptly.
            Exception: What the function raised.
        """
        todo = iter(items)
        futures: dict[Future[_R], _T] = {}
        try:
            with losses_explained():
                while True:
                    room = None if self.count is None else self.count - len(futures)
                    for item in islice(todo, room):
                        futures[self._executor.submit(function, item)] = item
                    if not futures:
                        return
                    for future in wait(futures, return_when=FIRST_COMPLETED).done:
                        yield futures.pop(future), future.result()
        finally:
            for future in futures:
                future.cancel()


@contextmanager
def workers_of(executor: Executor | None, count: int | None) -> Generator[Workers]:
    """Yield the workers of an executor, by default of threads that end with the block."""
    if executor is not None:
        yield Workers(executor, count, None)
        return
    threads, stop = ThreadPoolExecutor(count or THREADS, "scaleapi-export"), Event()
    try:
        yield Workers(threads, count or THREADS, stop)
    finally:
        stop.set()
        threads.shutdown(cancel_futures=True)
