"""A service that is slow, hangs or drips for some names."""

from __future__ import annotations

from tests.wire.server import Exchange, Reply

#: Seconds that the batch ``slow`` takes.
LATENCY = 0.3


def slow_or_stuck(exchange: Exchange, reply: Reply) -> None:
    """Send the reply, but never or late for the batches ``hang``, ``drip`` and ``slow``."""
    batch = exchange.request.path.rpartition("/")[2]
    if batch == "hang":
        exchange.hold()
        return
    if batch == "drip":
        endless = Reply(headers={"Content-Length": "1000000"})
        exchange.send(endless.head)
        while exchange.pause(0.05):
            exchange.send(b" ")
        return
    if batch == "slow":
        exchange.pause(LATENCY)
    exchange.send(reply.raw)
