"""A Scale service with one task and delayed responses.

Its list of tasks is the same page over and over, under cursors that count up.

    python _delayed_service.py CERTIFICATE DELAY PAGES

It prints its port and runs until its standard input is closed.
"""

from __future__ import annotations

import json
import ssl
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.wire.server import Reply, Request, Server, after, delay

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
    """Return a page of the list, with the cursor of the next one if there is one."""
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


def serve(certificate: str, seconds: float, pages: int) -> None:
    """Serve until standard input is closed."""

    def service(request: Request) -> Reply:
        if not request.target.startswith("/v1/tasks?"):
            return Reply(_TASK_BODY)
        (token,) = request.query.get("next_token", ["p0"])
        return Reply(page(int(token[1:]), pages))

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Server(service, tls=context, default=after(delay(seconds))) as server:
        print(server.port, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    serve(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
