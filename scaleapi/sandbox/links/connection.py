"""Connections to other servers."""

from __future__ import annotations

import socket


def connect(host: str, port: int, seconds: float) -> socket.socket:
    """Connect to a host.

    A name of loopback such as ``app.localhost`` leads to loopback, whatever a name server says.

    Args:
        host: The name or address.
        port: The port.
        seconds: Timeout of the connection and of each read and write.

    Raises:
        OSError: If there is no connection in time.
    """
    named = host.lower().removesuffix(".").endswith(".localhost")
    return socket.create_connection(("localhost" if named else host, port), seconds)
