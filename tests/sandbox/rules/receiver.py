"""Someone who receives callbacks."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any, NamedTuple, cast


class Received(NamedTuple):
    path: str
    headers: dict[str, str]
    body: Any


class Receiver:
    """A server that answers with the statuses it is given, the last of them again and again."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses or (200,))
        self.received: list[Received] = []
        self.arrivals: Queue[Received] = Queue()
        self.go_on = threading.Event()
        self.go_on.set()
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.receiver = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/scale"

    @property
    def events(self) -> list[str]:
        """The status that each callback told."""
        return [one.body["status"] for one in self.received]

    def __enter__(self) -> Receiver:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.go_on.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take(self, received: Received) -> int:
        """Keep a callback; return the status to answer, once there is to be an answer."""
        with self._lock:
            self.received.append(received)
            status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        self.arrivals.put(received)
        self.go_on.wait(20)
        with self._lock:
            self._at_once -= 1
        return status


class _Server(ThreadingHTTPServer):
    receiver: Receiver
    daemon_threads = False  # They are joined when the server closes.
    request_queue_size = 64


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        receiver = cast(_Server, self.server).receiver
        status = receiver.take(Received(self.path, dict(self.headers), json.loads(body)))
        try:
            self.send_response(status)
            self.send_header("Location", receiver.url + "/moved")
            self.send_header("Content-Length", "0")
            self.end_headers()
        except ConnectionError:  # Whoever sent it has given up.
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        pass
