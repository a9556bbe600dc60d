"""Requests per second for one task, beside those of a Flask route that does nothing, in the same
server: two processes, asked in turn over one connection each.
"""

from __future__ import annotations

import base64
import http.client
import json
import statistics
import subprocess
import sys
import time
from urllib.parse import urlsplit

from flask import Flask, Response

from scaleapi.sandbox.http.server import Server

BLOCKS = 2 if "--short" in sys.argv else 30
REQUESTS = 500
TASK = {
    "attachment": "https://a.example/a.png",
    "geometries": {"box": {"objects_to_annotate": ["a"]}},
}


def serve_nothing() -> None:
    """Serve a document as long as a task at /bare, until standard input ends."""
    app = Flask("bare", static_folder=None)
    text = json.dumps({"a": "b" * 900})

    @app.get("/bare")
    def bare() -> Response:
        return Response(text, content_type="application/json")

    server = Server(app.wsgi_app, "127.0.0.1", 0, lambda _: None)
    server.start()
    print(f"Bare at http://127.0.0.1:{server.port}/bare", flush=True)
    sys.stdin.read()
    server.stop()


class Asked:
    """A server process, and a connection to it."""

    def __init__(self, *command: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout
        line = next(line for line in self.process.stdout if " at http" in line)
        address = urlsplit(line.split()[-1])
        self.path = address.path
        self._http = http.client.HTTPConnection(address.netloc)
        key = base64.b64encode(b"test_sandbox_key:").decode()
        self._headers = {"Authorization": f"Basic {key}"}

    def ask(self, method: str, path: str, body: str | None = None) -> bytes:
        self._http.request(method, path, body, self._headers)
        return self._http.getresponse().read()

    def requests_per_second(self) -> float:
        """Send one block of requests."""
        started = time.perf_counter()
        for _ in range(REQUESTS):
            self.ask("GET", self.path)
        return REQUESTS / (time.perf_counter() - started)

    def stop(self) -> None:
        self._http.close()
        self.process.terminate()
        self.process.communicate()


def main() -> None:
    if "bare" in sys.argv:
        serve_nothing()
        return
    sandbox = Asked("-m", "scaleapi.sandbox", "--quiet")
    bare = Asked(__file__, "bare")
    try:
        created = sandbox.ask("POST", f"{sandbox.path}/task/imageannotation", json.dumps(TASK))
        sandbox.path += f"/task/{json.loads(created)['task_id']}"
        rates: dict[str, list[float]] = {"sandbox": [], "bare": []}
        for block in range(BLOCKS + 1):
            for name, asked in (("sandbox", sandbox), ("bare", bare)):
                rate = asked.requests_per_second()
                if block:  # the first warms up
                    rates[name].append(rate)
    finally:
        sandbox.stop()
        bare.stop()
    medians = {name: statistics.median(found) for name, found in rates.items()}
    print(f"one task of {len(created)} bytes: {medians['sandbox']:.0f} requests per second")
    print(f"a bare Flask route: {medians['bare']:.0f} requests per second")
    print(f"ratio {medians['sandbox'] / medians['bare']:.2f}")


if __name__ == "__main__":
    main()
