"""A receiver of callbacks."""

from __future__ import annotations

import threading
from queue import Queue

from tests.wire.server import Exchange, Reply, Request, Server, after


class Receiver(Server):
    """A server that returns the given statuses in turn, the last of them again and again.

    Attributes:
        arrivals: Each callback as it arrives, for tests that wait for one.
        go_on: While it is clear, callbacks arrive and get no response.
        most_at_once: The most callbacks that waited for a response at the same time.
    """

    def __init__(self, *statuses: int) -> None:
        self.arrivals: Queue[Request] = Queue()
        self.go_on = threading.Event()
        self.go_on.set()
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()
        self._statuses = list(statuses or (200,))
        super().__init__(self._receive, default=after(self._respond))

    @property
    def url(self) -> str:
        """Where the callbacks go."""
        return f"{self.origin}/scale"

    def close(self) -> None:
        """End it, after the responses that are still held back."""
        self.go_on.set()
        super().close()

    def _receive(self, request: Request) -> Reply:
        status = self._statuses.pop(0) if len(self._statuses) > 1 else self._statuses[0]
        return Reply(b"", status, {"Location": f"{self.url}/moved", "Content-Type": None})

    def _respond(self, exchange: Exchange, reply: Reply) -> None:
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        self.arrivals.put(exchange.request)
        self.go_on.wait(20)
        with self._lock:
            self._at_once -= 1
        exchange.send(reply.raw)
