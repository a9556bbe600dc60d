"""Someone who calls the sandbox over HTTP."""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import urlsplit

import requests

from scaleapi.sandbox import Sandbox

IMAGE_TASK = {
    "attachment": "https://img.example.net/a.png",
    "geometries": {"box": {"objects_to_annotate": ["parcel"]}},
}


class Caller:
    """Calls one mode of a sandbox and checks the status of every answer."""

    def __init__(self, sandbox: Sandbox, key: str) -> None:
        self.url = sandbox.url
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = (key, "")

    def call(self, method: str, path: str, status: int = 200, **options: Any) -> Any:
        """Return the JSON (or the text) of an answer that must have this status."""
        answer = self.session.request(method, self.url + path, **options)
        assert answer.status_code == status, answer.text
        if answer.headers["Content-Type"] != "application/json":
            return answer.text
        return answer.json()

    def get(self, path: str, status: int = 200, /, **query: Any) -> Any:
        return self.call("GET", path, status, params=query)

    def read(self, task_id: str) -> Any:
        """Return a task as it is stored: without download links, which are made anew each time."""
        return self.get(f"/task/{task_id}", include_attachment_url=False)

    def post(self, path: str, body: Any = None, status: int = 200, **options: Any) -> Any:
        return self.call("POST", path, status, json=body, **options)

    def put(self, path: str, body: Any = None, status: int = 200) -> Any:
        return self.call("PUT", path, status, json=body)

    def delete(self, path: str, body: Any = None, status: int = 200) -> Any:
        return self.call("DELETE", path, status, json=body)

    def error(self, method: str, path: str, status: int, **options: Any) -> str:
        """Return the text of an error, whose body must have the shape of all errors."""
        body = self.call(method, path, status, **options)
        assert list(body) == ["status_code", "error"]
        assert body["status_code"] == status
        return body["error"]

    def project(self, name: str = "parcels", **fields: Any) -> Any:
        return self.post("/projects", {"name": name, "type": "imageannotation"} | fields)

    def batch(self, name: str = "week_1", project: str = "parcels", **fields: Any) -> Any:
        return self.post("/batches", {"name": name, "project": project} | fields)

    def task(self, **fields: Any) -> Any:
        return self.post("/task/imageannotation", IMAGE_TASK | fields)


def raw(sandbox: Sandbox, request: bytes) -> bytes:
    """Send bytes and return everything that comes back until the connection ends."""
    with connected(sandbox) as connection:
        connection.sendall(request)
        return until_closed(connection)


def connected(sandbox: Sandbox) -> socket.socket:
    address = urlsplit(sandbox.url)
    assert address.hostname
    assert address.port
    return socket.create_connection((address.hostname, address.port), timeout=10)


def until_closed(connection: socket.socket) -> bytes:
    received = b""
    while piece := connection.recv(65536):
        received += piece
    return received
