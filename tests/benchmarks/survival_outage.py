"""A service that is down for a minute under 30 threads: what they send, how long they wait, and
how soon they go on.

The outage has three faces at random: a reset, a hang until the read timeout, a 503. The exit
status is 1 if a promise was broken. ``--short`` is an outage of ten seconds.
"""

from __future__ import annotations

import math
import sys
import threading
import time
from typing import NamedTuple

from _sandbox_process import KEY, SandboxProcess, sandbox

from scaleapi import ScaleClient, ScaleException

THREADS = 30
DEADLINE = 5.0
READ_TIMEOUT = 1.0
BEFORE, AFTER = 1.0, 4.0
PAUSE = 0.05  # of a caller, after each call

OUTAGE = ["* /v1/** reset 33%", "* /v1/** hang 50%", "* /v1/** 503"]


class Call(NamedTuple):
    """A call of a thread, with times of the monotonic clock."""

    begun: float
    ended: float
    attempts: int
    error: str | None


class Callers:
    """Threads that make calls one after the other.

    Args:
        client: What they all use.
    """

    def __init__(self, client: ScaleClient) -> None:
        self.calls: list[list[Call]] = [[] for _ in range(THREADS)]
        self._client = client
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=(number, calls))
            for number, calls in enumerate(self.calls)
        ]
        for thread in self._threads:
            thread.start()

    def _work(self, number: int, calls: list[Call]) -> None:
        while not self._over.wait(PAUSE):
            calls.append(self._call(number))

    def _call(self, number: int) -> Call:
        begun, attempts, name = time.monotonic(), 1, None
        try:
            if number % 2:
                self._client.tasks(project="survival", limit=1)
            else:
                self._client.create_task(
                    "categorization", attachment="a", attachment_type="text", categories=["b", "c"]
                )
        except ScaleException as error:
            attempts, name = error.attempts, type(error).__name__
        return Call(begun, time.monotonic(), attempts, name)

    def stop(self) -> None:
        """End the threads after their current calls."""
        self._over.set()
        for thread in self._threads:
            thread.join()


def watch(here: SandboxProcess, callers: Callers, seconds: float) -> tuple[float, float, int]:
    """Simulate an outage; return its times and the number of requests."""
    time.sleep(BEFORE)
    here.set_faults(OUTAGE)
    begun = time.monotonic()
    time.sleep(seconds)
    requests = sum(rule["fired"] for rule in here.faults())
    ended = time.monotonic()
    here.set_faults([])
    time.sleep(AFTER)
    callers.stop()
    return begun, ended, requests


def main() -> int:
    seconds = 10.0 if "--short" in sys.argv else 60.0
    with (
        sandbox() as here,
        ScaleClient(
            KEY,
            api_instance_url=here.url,
            proxies={},
            timeout=(5, READ_TIMEOUT),
            deadline=DEADLINE,
        ) as client,
    ):
        client.create_project("survival", "imageannotation")
        callers = Callers(client)
        begun, ended, requests = watch(here, callers, seconds)
    calls = [call for one in callers.calls for call in one]
    # A call that was under way at the start or the end of the outage met it only in part.
    down = [call for call in calls if begun < call.begun and call.ended < ended]
    sent = sum(call.attempts for call in down)
    longest = max(call.ended - call.begun for call in calls)
    recovered = max(
        min(
            (call.ended for call in one if call.error is None and call.ended > ended),
            default=math.inf,
        )
        for one in callers.calls
    )
    late = [call for call in calls if call.begun > ended + 2 and call.error]
    succeeded = sum(call.error is None for call in down)
    print(
        f"an outage of {seconds:.0f} s, {THREADS} threads, deadline {DEADLINE:.0f} s,"
        f" read timeout {READ_TIMEOUT:.0f} s\n"
        f"  {len(calls)} calls, {len(down)} of them in the outage, {succeeded} of these succeeded\n"
        f"  {sent / len(down):.3f} requests per call of the outage"
        f" ({requests} reached the service)\n"
        f"  the longest call took {longest:.2f} s\n"
        f"  all threads had a response {recovered - ended:.2f} s after the recovery,"
        f" {len(late)} calls failed later than 2 s after it"
    )
    promises = (
        sent <= 1.25 * len(down),
        longest <= DEADLINE + 1,
        recovered - ended <= 2,
        not late,
        succeeded == 0,
    )
    return int(not all(promises))


if __name__ == "__main__":
    sys.exit(main())
