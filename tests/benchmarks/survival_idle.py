"""Check that no call fails when the service closes idle connections.

The service closes each connection after its response; or it closes all that are idle, between two
calls; or it closes a connection just as the next request arrives on it. Calls that may be
repeated must never fail. Those that may not must not fail when the connection was closed before
the call, or had been idle for longer than two seconds. What remains is shown and not promised.

``--short`` makes fewer calls. The exit status is 1 if a promise was broken.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from scaleapi import ScaleClient, ScaleException
from scaleapi._http import policy

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.wire.server import Exchange, Reply, Server, after
from tests.wire.service import ordinary

Call = Callable[[ScaleClient], object]

REPEATABLE: tuple[Call, ...] = (
    lambda client: client.get_task("t"),
    lambda client: client.create_task("imageannotation"),
    lambda client: client.cancel_task("t"),
    lambda client: client.tasks(project="p"),
)
ONCE: tuple[Call, ...] = (
    lambda client: client.invite_teammates(["a@b.c"], "member"),
    lambda client: client.audit_task("t", accepted=True),
    lambda client: client.create_batch("p", "b"),
)


class Closing:
    """A server that closes connections at a certain point.

    Args:
        how: ``"after each response"``, ``"when idle"`` or ``"during a request"``.
    """

    def __init__(self, how: str) -> None:
        self.how = how
        self.server = Server(ordinary, default=after(self._answer))
        self._open: list[Exchange] = []
        self._used: set[int] = set()

    def _answer(self, exchange: Exchange, reply: Reply) -> None:
        number = exchange.request.connection
        if self.how == "during a request" and number in self._used:
            exchange.close()
            return
        self._used.add(number)
        self._open.append(exchange)
        exchange.send(reply.raw)

    def idle(self) -> None:
        """Simulate idle time."""
        if self.how != "during a request":
            while self._open:
                self._open.pop().shut()


def failures(how: str, calls: tuple[Call, ...], count: int, between: int) -> int:
    """Return the number of failed calls, with idle times between groups of calls."""
    closing, failed = Closing(how), 0
    with closing.server as server, ScaleClient("live_key", api_instance_url=server.url) as client:
        for number in range(count):
            try:
                calls[number % len(calls)](client)
            except ScaleException:
                failed += 1
            if number % between == 0:
                closing.idle()
    return failed


def main() -> int:
    count = 300 if "--short" in sys.argv else 5_000
    fresh_for, broken = policy.FRESH_FOR, 0
    print(f"failed calls, of {count} of each kind")
    for how, between in (
        ("after each response", 1),
        ("when idle", 7),
        ("during a request", 1),
    ):
        policy.FRESH_FOR = fresh_for
        repeatable = failures(how, REPEATABLE, count, between)
        at_once = failures(how, ONCE, count, between)
        policy.FRESH_FOR = 0.0  # simulates that each connection was idle for longer
        later = failures(how, ONCE, count, between)
        print(
            f"  closed {how}: idempotent: {repeatable}; others: {later} after a pause,"
            f" {at_once} without a pause"
        )
        broken += repeatable + later + (at_once if how != "during a request" else 0)
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
