"""gevent: every call works and lets other greenlets run, whenever the patching happens."""

from __future__ import annotations

import pytest

from tests.environments.programs.calls import UPLOAD
from tests.environments.running import run
from tests.environments.service import EXPECTED, service
from tests.environments.stuck import LATENCY, slow_or_stuck
from tests.wire.conftest import Authority, Serve
from tests.wire.server import Step

DEADLINE_EXCEEDED = "scaleapi.exceptions.ScaleDeadlineExceeded"

WHEN = [
    "before the import",
    "after the import of the package",
    "after the import of the client",
    "after a client was made",
]

CASES = [
    *((scheme, when) for scheme in ("http", "https") for when in WHEN),
    # TLS settings that were in use before cannot be patched: those are of the other class.
    ("http", "after a call"),
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
