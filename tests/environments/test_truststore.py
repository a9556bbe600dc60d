"""truststore: the CAs of the system instead of a bundle."""

from __future__ import annotations

import sys

import pytest

from tests.environments.running import run
from tests.environments.service import EXPECTED, service
from tests.environments.stuck import slow_or_stuck
from tests.wire.conftest import Authority, Serve
from tests.wire.server import Step

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        sys.platform != "linux", reason="only there a variable names the system's authorities"
    ),
]

DEADLINE_EXCEEDED = "scaleapi.exceptions.ScaleDeadlineExceeded"


@pytest.mark.parametrize("when", ["before the import", "after the import"])
def test_truststore(serve: Serve, authority: Authority, when: str) -> None:
    """Calls work, and the deadline limits a hanging or dripping service."""
    tls = authority.server
    server = serve(service, tls=tls, default=Step(slow_or_stuck, carried_out=True))
    environment = {"SSL_CERT_FILE": authority.bundle}
    found = run("injected_tls", server.url, when, environment=environment)
    assert found.pop("took") < 6
    assert found == {**EXPECTED, "hang": DEADLINE_EXCEEDED, "drip": DEADLINE_EXCEEDED}


def test_truststore_without_the_authority(serve: Serve, authority: Authority) -> None:
    """Certificates are still verified."""
    server = serve(service, tls=authority.server)
    found = run("injected_tls", server.url, "before the import")
    assert "certificate" in found["get"].lower()
    assert server.requests == []
