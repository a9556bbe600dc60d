"""Replace socket functions and make calls. Arguments: URL, CA bundle, what, when, value."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Callable
from typing import Any, NoReturn

url, bundle, what, when, argument = sys.argv[1:]

#: The calls of the replacements.
seen: list[Any] = []


class BlockedError(RuntimeError):
    """The exception of a guard."""


class OSBlockedError(ConnectionRefusedError):
    """The exception of a guard that is an OSError."""


def block(*args: Any, **kwargs: Any) -> NoReturn:
    raise BlockedError("no sockets here")


def block_like_the_network(*args: Any, **kwargs: Any) -> NoReturn:
    seen.append("blocked")
    raise OSBlockedError("no sockets here")


def guard_class() -> None:
    class Guarded(socket.socket):
        def __new__(cls, *args: Any, **kwargs: Any) -> NoReturn:
            block()

    socket.socket = Guarded  # type: ignore[misc]


def guard_class_and_names() -> None:
    guard_class()
    socket.getaddrinfo = block
    socket.gethostbyname = block


def guard_connect() -> None:
    socket.socket.connect = block  # type: ignore[method-assign]


def guard_connect_like_the_network() -> None:
    socket.socket.connect = block_like_the_network  # type: ignore[method-assign]


def guard_names() -> None:
    socket.getaddrinfo = block


def record_class() -> None:
    class Recorded(socket.socket):
        def connect(self, address: Any) -> None:
            seen.append(address[1])
            super().connect(address)

    socket.socket = Recorded  # type: ignore[misc]


def resolve_names() -> None:
    real = socket.getaddrinfo

    def look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        seen.append(host)
        return real("127.0.0.1", *args, **kwargs)

    socket.getaddrinfo = look_up


def replace_create_connection() -> None:
    import urllib3.util.connection

    real = urllib3.util.connection.create_connection

    def connect(address: Any, *args: Any, **kwargs: Any) -> Any:
        seen.append(list(address))
        return real(("127.0.0.1", int(argument)), *args, **kwargs)

    urllib3.util.connection.create_connection = connect


def prefer_ipv4() -> None:
    import urllib3.util.connection

    urllib3.util.connection.allowed_gai_family = lambda: socket.AF_INET
    real = socket.getaddrinfo

    def look_up(host: Any, port: Any, family: Any = 0, *args: Any, **kwargs: Any) -> Any:
        seen.append(int(family))
        return real(host, port, family, *args, **kwargs)

    socket.getaddrinfo = look_up


def socks_everywhere() -> None:
    import socks

    socks.set_default_proxy(socks.SOCKS5, "127.0.0.1", int(argument))
    socket.socket = socks.socksocket  # type: ignore[misc]


def pytest_socket() -> None:
    import pytest_socket

    pytest_socket.disable_socket()


def pytest_socket_allow_hosts() -> None:
    import pytest_socket

    pytest_socket.socket_allow_hosts(["192.0.2.1"])


REPLACE: dict[str, Callable[[], None]] = {
    replacement.__name__: replacement
    for replacement in (
        guard_class,
        guard_class_and_names,
        guard_connect,
        guard_connect_like_the_network,
        guard_names,
        prefer_ipv4,
        pytest_socket,
        pytest_socket_allow_hosts,
        record_class,
        replace_create_connection,
        resolve_names,
        socks_everywhere,
    )
}


def replace(now: str) -> None:
    """Replace if this is the right moment."""
    if now == when:
        REPLACE[what]()


def main() -> dict[str, Any]:
    """Return the outcome of calls."""
    replace("before the import")
    from calls import KEY, outcome, outcomes

    from scaleapi import ScaleClient

    replace("after the import")
    with ScaleClient(
        KEY, api_instance_url=url, verify=bundle or False, deadline=20, max_retries=0
    ) as client:
        if when == "after a call":
            client.get_project("p")
            client.close()
        replace("after a client was made")
        replace("after a call")
        result = outcomes(client) if "guard" not in what and "pytest" not in what else {}
        result["task"] = outcome(lambda: client.get_task("t").id)
    return {"result": result, "seen": seen}


print(json.dumps(main()))
