"""Services with a polite rate limit, and threads that run into it."""

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


@contextmanager
def limited_sandbox(per_second: float, projects: int) -> Generator[tuple[Sandbox, list[str]]]:
    """Run a sandbox with its own rate limit, and with projects named ``n0``, ``n1``, ...

    Yields:
        The sandbox, and the path of every request that reaches it: its own log is shorter.
    """
    paths: list[str] = []

    class Recorder(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            method, path, *_ = cast("tuple[str, ...]", record.args)
            paths.append(f"{method} {path}")

    logger, recorder = logging.getLogger("scaleapi.sandbox"), Recorder()
    level = logger.level
    with Sandbox(rate_limit=per_second) as sandbox:
        named = [{"name": f"n{number}", "type": "imageannotation"} for number in range(projects)]
        sandbox.seed({"live": {"projects": named}})
        logger.addHandler(recorder)
        logger.setLevel(logging.INFO)
        try:
            yield sandbox, paths
        finally:
            logger.removeHandler(recorder)
            logger.setLevel(level)


class RateLimit:
    """Answer so many requests in any second; refuse the others with a status of one's choice.

    Args:
        per_second: Requests that are answered in a second.
        status: The status of a refusal.
        retry_after: The seconds that a refusal asks to wait.

    Attributes:
        answered: How many requests were answered.
        refused: How many were not.
    """

    def __init__(self, per_second: int, status: int = 429, retry_after: str = "1") -> None:
        self.answered = 0
        self.refused = 0
        self._per_second = per_second
        self._status = status
        self._retry_after = retry_after
        self._recent: deque[float] = deque()

    def __call__(self, request: Request) -> Reply:
        """Answer a request; the server asks for one at a time."""
        now = time.monotonic()
        while self._recent and now - self._recent[0] > 1:
            self._recent.popleft()
        if len(self._recent) < self._per_second:
            self._recent.append(now)
            self.answered += 1
            return ordinary(request)
        self.refused += 1
        body = {"status_code": self._status, "error": "Too many requests."}
        return Reply(body, self._status, {"Retry-After": self._retry_after})


class Outcome(NamedTuple):
    """What became of all calls.

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
    """Make calls from so many threads, each as soon as the one before is over.

    Args:
        paths: Returns the path of every request that reached the service.
        threads: How many threads.
        calls: How many calls in all.
        call: Makes the call, whose path is to end with the given text.
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
