"""A small internet on loopback: host names map to servers that record their requests.

The key belongs to one origin. To show that it goes nowhere else there must be an elsewhere, so
name lookups are replaced: whatever a client takes for a host, it reaches a server of the test
instead, whose requests tell which host the client had in mind.
"""

from __future__ import annotations

import base64
import socket
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import pytest

from tests.wire.conftest import KEY
from tests.wire.server import Request, Server

#: The key in each form in which a client may send it.
FORMS = tuple(
    form.encode()
    for form in (
        KEY,
        quote(KEY, safe=""),
        base64.b64encode(f"{KEY}:".encode()).decode(),
        base64.b64encode(f":{KEY}".encode()).decode(),
        base64.b64encode(KEY.encode()).decode().rstrip("="),
    )
)


class Internet:
    """Servers by host name and port.

    Args:
        patch: Used to replace name lookups during the test.

    Attributes:
        looked_up: The hosts that were looked up.
    """

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.looked_up: list[str] = []
        self._ports: dict[int, int] = {}
        patch.setattr(socket, "getaddrinfo", self._look_up)

    def stand_at(self, port: int, server: Server) -> None:
        """Map a port, such as 80, to a server that listens elsewhere."""
        self._ports[port] = server.port

    def _look_up(self, host: Any, port: Any, *args: Any, **kwargs: Any) -> list[Any]:
        self.looked_up.append(host.decode() if isinstance(host, bytes) else str(host))
        address = ("127.0.0.1", self._ports.get(int(port or 0), int(port or 0)))
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", address)]


def carries_key(request: Request) -> bool:
    """Return whether a request contains the key."""
    return any(form in request.raw for form in FORMS)


def stray_keys(service: Server, host: str, servers: Iterable[Server]) -> list[bytes]:
    """Return the requests with the key that were sent to another origin than the service.

    Args:
        service: The server of the API.
        host: The host and port in its base URL.
        servers: All servers of the test.
    """
    return [
        request.head
        for server in servers
        for request in server.requests
        if carries_key(request) and not (server is service and request.headers["host"] == host)
    ]
