"""With gevent, every call works and yields to other greenlets, whenever it is patched."""

from __future__ import annotations

import threading

import pytest

from tests.environments.programs.calls import UPLOAD
from tests.environments.running import run
from tests.environments.service import EXPECTED, service
from tests.environments.stuck import LATENCY, slow_or_stuck
from tests.wire.conftest import Authority, Serve
from tests.wire.server import Exchange, Reply, Step, after, before, succeed, tunnel

pytestmark = pytest.mark.slow

DEADLINE_EXCEEDED = "scaleapi.exceptions.ScaleDeadlineExceeded"

CASES = [
    ("http", "before the import"),
    ("http", "after the import of the package"),
    ("http", "after the import of the client"),
    ("http", "after a client was made"),
    ("http", "after a call"),
    ("http", "before the import, without threads"),
    ("http", "after a client was made, without threads"),
    ("https", "before the import"),
    ("https", "before the import, without threads"),
    ("https", "after the import of the client"),
    ("https", "after a client was made"),
    # Connections over TLS that were made before are of classes that cannot be patched any more.
]


@pytest.mark.parametrize(("scheme", "when"), CASES)
def test_gevent(serve: Serve, authority: Authority, scheme: str, when: str) -> None:
    secure = scheme == "https"
    default = Step(slow_or_stuck, carried_out=True)
    server = serve(service, tls=authority.server if secure else None, default=default)
    found = run("gevent_calls", server.url, authority.bundle if secure else "", when)
    assert {name: found[name] for name in EXPECTED} == EXPECTED
    assert any(request.size > UPLOAD for request in server.requests)
    assert found["side by side"] == ["parcels"]
    assert found["side by side took"] < 20 * LATENCY / 2
    for stuck in ("hang", "drip"):
        assert found[stuck] == DEADLINE_EXCEEDED
        assert found[f"{stuck} took"] < 5
    assert found["ticks"] >= 5


@pytest.mark.parametrize("proxy_tls", [False, True])
def test_the_deadline_within_a_tls_record(
    serve: Serve, authority: Authority, proxy_tls: bool
) -> None:
    """A proxy relays a response byte by byte, and gevent reads a record in pieces."""
    slow = threading.Event()
    proxy = serve(default=before(tunnel(slow)), tls=authority.server if proxy_tls else None)

    def begin(exchange: Exchange, reply: Reply) -> None:
        slow.set()
        exchange.send(reply.raw)

    server = serve(service, tls=authority.server, default=after(begin))
    server.script(after(succeed))
    found = run("gevent_deadline", server.url, authority.bundle, proxy.origin, "get")
    assert found["raised"] == DEADLINE_EXCEEDED
    assert found["late"] < 1


def test_the_deadline_of_an_upload_that_stalls(serve: Serve, authority: Authority) -> None:
    server = serve(service, tls=authority.server, stop_after=2_000_000)
    found = run("gevent_deadline", server.url, authority.bundle, "", "upload")
    assert found["raised"] == DEADLINE_EXCEEDED
    assert found["late"] < 1
