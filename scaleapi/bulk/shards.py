"""Rows in shards, each of which a worker of an executor creates."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import closing, suppress
from functools import partial
from typing import Any, Generic, TypeAlias, TypeVar

from ..exceptions import ScaleArgumentError, ScaleException
from .creators import Creator, Item, Made
from .executors import Shared, losses_explained
from .pace import Limiter, RateLimiter, limiter_of
from .result import RowOutcome
from .workers import in_threads

__all__ = ["Done", "Shards", "create_shard"]

_T = TypeVar("_T")

#: Calls that a worker makes at once, unless it is a thread of this process: that makes one.
_CALLS = 16

#: A shard has so many rows for each call that is made at once.
_ROUNDS = 8

#: Seconds that a shard takes, if the rate is what it waits for.
_SECONDS = 5.0

#: Bytes after which a shard ends. All shards that are under way are in memory.
_LARGE = 1 << 20

#: Seconds that shards under way are given when the caller stops early.
_GRACE = 5.0

#: What became of an item.
Done: TypeAlias = "Made | ScaleException"

#: An item, or the outcome of a row that is not to be sent.
_Row: TypeAlias = "Item | RowOutcome[_T]"


def create_shard(
    creator: Shared[Creator[Any]], calls: int, limit: float | Limiter | None, items: list[Item]
) -> list[Done]:
    """Create the tasks of a shard, in whatever thread, process or machine the executor has.

    A shard that is run a second time, as its worker was lost, finds what the first made: the
    idempotency keys are the same.

    Args:
        creator: Makes the tasks.
        calls: How many calls are made at once.
        limit: This worker's share of the rate, in calls per second; or a limiter for all of them.
        items: The rows.

    Returns:
        What became of each row.
    """
    limiter = limiter_of(limit)

    def create(place: int) -> tuple[int, Done]:
        if limiter is not None:
            limiter.acquire()
        body, key, sent_before = items[place].body, items[place].key, items[place].sent_before
        try:
            return place, creator.value.create(body, key, sent_before)
        except ScaleException as error:
            return place, error

    with closing(in_threads(create, range(len(items)), calls)) as results:
        done = dict(results)
    if isinstance(limiter, RateLimiter) and limiter is not limit:
        limiter.acquire()  # the next shard of this worker has a limiter of its own
    return [done[place] for place in range(len(items))]


class Shards(Generic[_T]):
    """Has an executor create tasks, shard by shard.

    Args:
        executor: The executor.
        creator: Makes the tasks.
        workers: How many shards are under way at once.
        limit: The most calls per second of all workers together, or a limiter.

    Raises:
        ScaleArgumentError: The limiter cannot be sent to the workers.
    """

    def __init__(
        self, executor: Executor, creator: Creator[_T], workers: int, limit: float | Limiter | None
    ) -> None:
        self._executor = executor
        self._workers = workers
        in_threads = isinstance(executor, ThreadPoolExecutor)
        calls = 1 if in_threads else _CALLS
        self._most = calls * _ROUNDS
        if isinstance(limit, Limiter):
            if not in_threads:
                _check_limiter(limit)
        elif limit is not None:
            share = limit / workers
            self._most = min(self._most, max(1, int(share * _SECONDS)))
            limit = RateLimiter(limit) if in_threads else share
        self._create = partial(create_shard, Shared(creator), calls, limit)

    def outcomes(
        self,
        rows: Iterable[_Row[_T]],
        begin: Callable[[Item], object],
        end: Callable[[Item, Done], RowOutcome[_T]],
    ) -> Generator[RowOutcome[_T], None, None]:
        """Yield what became of each row, shard by shard as they are done.

        Args:
            rows: The rows, which are read as they are needed.
            begin: Called before an item is handed to the executor.
            end: Called when it is done, and for some seconds after the caller has stopped; returns
                the outcome.

        Raises:
            BrokenExecutor: A worker ended abruptly.
        """
        pending: dict[Future[list[Done]], list[Item]] = {}

        def ended(timeout: float | None) -> Generator[RowOutcome[_T], None, None]:
            for future in wait(pending, timeout, FIRST_COMPLETED).done:
                done = future.result()
                yield from [*map(end, pending.pop(future), done)]

        try:
            with losses_explained():
                for shard in _shards(rows, self._most):
                    if isinstance(shard, RowOutcome):
                        yield shard
                        continue
                    for item in shard:
                        begin(item)
                    bare = [item._replace(row={}) for item in shard]
                    pending[self._executor.submit(self._create, bare)] = shard
                    yield from ended(0.0 if len(pending) < self._workers else None)
                while pending:
                    yield from ended(None)
        finally:
            running = [future for future in pending if not future.cancel()]
            for future in wait(running, _GRACE).done:
                with suppress(Exception):  # there is an error already, or nobody to have it
                    for item, one in zip(pending[future], future.result(), strict=True):
                        end(item, one)


def _shards(rows: Iterable[_Row[_T]], most: int) -> Generator[list[Item] | RowOutcome[_T]]:
    """Yield lists of items, and outcomes as they come."""
    shard: list[Item] = []
    size = 0
    for row in rows:
        if isinstance(row, RowOutcome):
            yield row
            continue
        shard.append(row)
        size += row.size
        if len(shard) >= most or size >= _LARGE:
            yield shard
            shard, size = [], 0
    if shard:
        yield shard


def _check_limiter(limiter: Limiter) -> None:
    """Check that a limiter can be sent to other processes."""
    try:
        pickle.dumps(limiter)
    except Exception as error:
        raise ScaleArgumentError(
            "rate",
            "must be a number, which is divided among the workers, or a limiter that can be"
            f" pickled, when this executor is used: {error}",
        ) from error
