"""A SOCKS5 proxy without a password.

It is apart from ``tests/wire/server.py``, which speaks HTTP: here there is another protocol before
the first request. SOCKS proxies that misbehave are scripted there, as bytes.
"""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress


class _Handler(socketserver.BaseRequestHandler):
    request: socket.socket

    def handle(self) -> None:
        assert isinstance(self.server, SocksProxy)
        _version, methods = self._receive(2)
        self._receive(methods)
        self.request.sendall(b"\x05\x00")
        *_, kind = self._receive(4)
        size = 4 if kind == 1 else self._receive(1)[0]
        host = self._receive(size)
        (port,) = struct.unpack(">H", self._receive(2))
        self.server.targets.append((socket.inet_ntoa(host) if kind == 1 else host.decode(), port))
        # Whatever the name, the service is on this machine.
        with socket.create_connection(("127.0.0.1", port)) as far:
            self.request.sendall(b"\x05\x00\x00\x01" + bytes(6))
            back = threading.Thread(target=_pump, args=(far, self.request))
            back.start()
            _pump(self.request, far)
            back.join()

    def _receive(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            piece = self.request.recv(size - len(data))
            if not piece:
                raise ConnectionError("the peer went away")
            data += piece
        return data


class SocksProxy(socketserver.ThreadingTCPServer):
    """A SOCKS5 proxy on loopback.

    Attributes:
        targets: Host and port of each connection that was asked for.
    """

    daemon_threads = True

    def __init__(self) -> None:
        self.targets: list[tuple[str, int]] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Handle a disconnecting peer."""


@contextmanager
def socks_proxy() -> Generator[SocksProxy]:
    """Run a proxy while the block runs."""
    with SocksProxy() as proxy:
        thread = threading.Thread(target=proxy.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            thread.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for sock in (source, sink):
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
