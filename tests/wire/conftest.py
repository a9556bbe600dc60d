"""Servers, clients and certificates for the tests of this folder."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import trustme

from scaleapi import ScaleClient
from scaleapi._http import policy
from tests.wire.server import Server
from tests.wire.service import ordinary

#: The account's key in every test, long enough to be recognized wherever it leaks.
KEY = "live_0123456789abcdef_KEY"

Serve = Callable[..., Server]
Connect = Callable[..., ScaleClient]


@dataclass(frozen=True)
class Authority:
    """A private certificate authority and what it issued.

    Attributes:
        bundle: The path of its certificate, which clients are to trust.
        server: TLS settings of a server with a certificate for this machine.
        elsewhere: TLS settings of a server with a certificate for another host.
        mutual: Those of a server that wants a certificate from its clients.
        client_pem: The path of such a certificate with its key.
    """

    bundle: str
    server: ssl.SSLContext
    elsewhere: ssl.SSLContext
    mutual: ssl.SSLContext
    client_pem: str


def _server_context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A certificate authority for these tests only."""
    folder = tmp_path_factory.mktemp("authority")
    ca = trustme.CA()
    bundle = folder / "ca.pem"
    ca.cert_pem.write_to_path(str(bundle))
    client_pem = folder / "client.pem"
    ca.issue_cert("client@example.com").private_key_and_cert_chain_pem.write_to_path(
        str(client_pem)
    )
    mutual = _server_context(ca.issue_cert("127.0.0.1", "localhost"))
    ca.configure_trust(mutual)
    mutual.verify_mode = ssl.CERT_REQUIRED
    return Authority(
        bundle=str(bundle),
        server=_server_context(ca.issue_cert("127.0.0.1", "localhost")),
        elsewhere=_server_context(ca.issue_cert("elsewhere.example")),
        mutual=mutual,
        client_pem=str(client_pem),
    )


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start servers, which are closed after the test."""
    with ExitStack() as stack:

        def start(*args: Any, **kwargs: Any) -> Server:
            return stack.enter_context(Server(*(args or (ordinary,)), **kwargs))

        yield start


@pytest.fixture
def server(serve: Serve) -> Server:
    """A plain HTTP server that responds to every API call."""
    return serve()


@pytest.fixture
def connect(serve: Serve) -> Iterator[Connect]:
    """Create clients, which are closed after the test, before the servers."""
    with ExitStack() as stack:

        def make(target: Server | str, **options: Any) -> ScaleClient:
            url = target if isinstance(target, str) else target.url
            if url.startswith("http:"):
                options.setdefault("verify", False)  # saves the loading of CAs that are not used
            options.setdefault("deadline", 20)
            return stack.enter_context(ScaleClient(KEY, api_instance_url=url, **options))

        yield make


@pytest.fixture
def no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retry without waits, for tests that are not about waits."""
    monkeypatch.setattr(policy, "BASE_WAIT", 0.0)
    monkeypatch.setattr(policy, "BASE_WAIT_RATE_LIMITED", 0.0)
    monkeypatch.setattr(policy, "SPREAD", 0.0)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A small file to upload."""
    path = tmp_path / "picture.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    return path
