"""Services with a rate limit and Retry-After, and threads that exceed it."""

from __future__ import annotations

import logging
import time
from collections import Counter, deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import NamedTuple, cast

from scaleapi import ScaleException
from scaleapi.sandbox import Sandbox
from tests.wire.server import Reply, Request
from tests.wire.service import ordinary


class RequestLog(logging.Handler):
    """Every request that reaches a sandbox, whose own log keeps only the last ones.

    Attributes:
        paths: The method and path of each request.
        statuses: How many responses had each status.
    """

    def __init__(self) -> None:
        super().__init__()
        self.paths: list[str] = []
        self.statuses: Counter[int] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        """Add the request in a line of the sandbox's log."""
        method, path, status, _ = cast("tuple[str, str, int, float]", record.args)
        self.paths.append(f"{method} {path}")
        self.statuses[status] += 1


@contextmanager
def limited_sandbox(per_second: float, projects: int = 0) -> Generator[tuple[Sandbox, RequestLog]]:
    """Run a sandbox with its own rate limit, and with projects named ``n0``, ``n1``, ...

    Yields:
        The sandbox, and a log of all requests.
    """
    logger, log = logging.getLogger("scaleapi.sandbox"), RequestLog()
    level = logger.level
    with Sandbox(rate_limit=per_second) as sandbox:
        named = [{"name": f"n{number}", "type": "imageannotation"} for number in range(projects)]
        sandbox.seed({"live": {"projects": named}})
        logger.addHandler(log)
        logger.setLevel(logging.INFO)
        try:
            yield sandbox, log
        finally:
            logger.removeHandler(log)
            logger.setLevel(level)


class RateLimit:
    """Accept a number of requests per second, and throttle others with Retry-After.

    Args:
        per_second: Number of accepted requests per second.
        status: The status of a throttled request.
        retry_after: The Retry-After header of a throttled request, in seconds.

    Attributes:
        accepted: Number of accepted requests.
        throttled: Number of throttled requests.
    """

    def __init__(self, per_second: int, status: int = 429, retry_after: str = "1") -> None:
        self.accepted = 0
        self.throttled = 0
        self._per_second = per_second
        self._status = status
        self._retry_after = retry_after
        self._recent: deque[float] = deque()

    def __call__(self, request: Request) -> Reply:
        """Respond to a request. The server calls this for one request at a time."""
        now = time.monotonic()
        while self._recent and now - self._recent[0] > 1:
            self._recent.popleft()
        if len(self._recent) < self._per_second:
            self._recent.append(now)
            self.accepted += 1
            return ordinary(request)
        self.throttled += 1
        body = {"status_code": self._status, "error": "Too many requests."}
        return Reply(body, self._status, {"Retry-After": self._retry_after})


class Outcome(NamedTuple):
    """The results of all calls.

    Attributes:
        calls: How many there were.
        failed: How many of each error.
        requests: What the service got.
        most: The most requests of one call.
        seconds: How long all took.
    """

    calls: int
    failed: Counter[str]
    requests: int
    most: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.calls} calls: {self.failed.total()} failed {dict(self.failed)},"
            f" {self.requests / self.calls:.2f} requests per call (at most {self.most}),"
            f" {self.seconds:.1f} s"
        )


def run(
    paths: Callable[[], Sequence[str]], threads: int, calls: int, call: Callable[[str], object]
) -> Outcome:
    """Make calls from several threads, each thread one call after the other.

    Args:
        paths: Returns the path of every request that reached the service.
        threads: Number of threads.
        calls: Total number of calls.
        call: A function that makes a call whose path ends with the given text.
    """

    def outcome(number: int) -> str | None:
        try:
            call(f"n{number}")
        except ScaleException as error:
            return type(error).__name__
        return None

    begun = time.monotonic()
    with ThreadPoolExecutor(threads) as pool:
        failures = Counter(name for name in pool.map(outcome, range(calls)) if name)
    per_call = Counter(paths())
    return Outcome(
        calls,
        failures,
        per_call.total(),
        max(per_call.values()),
        time.monotonic() - begun,
    )
