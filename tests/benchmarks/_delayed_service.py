"""A Scale service that knows one task, answers after a given delay, and does nothing else.

Its list of tasks is the same page over and over, under cursors that count up.

    python _delayed_service.py PORT CERTIFICATE DELAY PAGES
"""

from __future__ import annotations

import asyncio
import json
import ssl
import sys

TASK = {
    "task_id": "65f0a1b2c3d4e5f60718293a",
    "type": "imageannotation",
    "status": "pending",
    "created_at": "2026-01-05T10:00:00.000Z",
    "project": "parcels",
    "unique_id": "scan-A-17",
    "params": {"attachment": "https://img.example.net/a17.jpg"},
    "metadata": {"line": "A", "shift": 2},
}
PAGE_SIZE = 100
_TASK_BODY = json.dumps(TASK).encode()
_DOCS = json.dumps([TASK] * PAGE_SIZE).encode()


def page(number: int, pages: int) -> bytes:
    """Return a page of the list, which names the next one unless it is the last."""
    more = number + 1 < pages
    head: dict[str, object] = {
        "total": pages * PAGE_SIZE,
        "limit": PAGE_SIZE,
        "offset": 0,
        "has_more": more,
    }
    if more:
        head["next_token"] = f"p{number + 1}"
    return json.dumps(head).encode()[:-1] + b', "docs": ' + _DOCS + b"}"


def answer(request_line: bytes, pages: int) -> bytes:
    """Return the body of the answer to a request."""
    target = request_line.split()[1]
    if b"/v1/tasks?" not in target:
        return _TASK_BODY
    _, _, token = target.partition(b"next_token=p")
    return page(int(token.partition(b"&")[0] or 0), pages)


class Service(asyncio.Protocol):
    """One connection."""

    def __init__(self, delay: float, pages: int) -> None:
        self._delay, self._pages = delay, pages
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, blank, body = self._received.partition(b"\r\n\r\n")
        _, _, length = head.lower().partition(b"content-length:")
        if blank and len(body) >= int(length.partition(b"\r\n")[0] or 0):
            self._received = b""
            body = answer(head, self._pages)
            whole = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
            asyncio.get_running_loop().call_later(self._delay, self._transport.write, whole)


async def serve(port: int, certificate: str, delay: float, pages: int) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Service(delay, pages), "127.0.0.1", port, ssl=context, backlog=256
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), int(sys.argv[4])))
