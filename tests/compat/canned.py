"""A client with canned responses, without a socket."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast

import requests

from scaleapi import ScaleClient
from scaleapi._http.session import Transport

__all__ = ["client_returning"]


class _CannedSession:
    """A stub of a client's transport and session."""

    def __init__(self, response: object, status: int) -> None:
        self._response = response
        self._status = status
        self.session = self

    def send(self, request: requests.PreparedRequest, **_: object) -> requests.Response:
        result = requests.Response()
        result.status_code = self._status
        result.request = request
        body = self._response
        if callable(body):
            body = cast("Callable[[requests.PreparedRequest], Any]", body)(request)
        result._content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return result

    def close(self) -> None: ...


def client_returning(response: object, status: int = 200) -> ScaleClient:
    """Return a client that gets this response to every call.

    Args:
        response: JSON, the bytes of a body, or a function from the request to one of these.
        status: The HTTP status.
    """
    client = ScaleClient("live_key", api_instance_url="https://127.0.0.1/v1")
    client.api._transport = cast("Transport", _CannedSession(response, status))
    return client
