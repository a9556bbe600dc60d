"""A client with canned responses, without a socket."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast

import requests

from scaleapi import ScaleClient
from scaleapi._http.session import Transport

__all__ = ["answering"]


class _Answers:
    """A stub of a client's transport and session."""

    def __init__(self, answer: object, status: int) -> None:
        self._answer = answer
        self._status = status
        self.session = self

    def send(self, request: requests.PreparedRequest, **_: object) -> requests.Response:
        response = requests.Response()
        response.status_code = self._status
        response.request = request
        body = self._answer
        if callable(body):
            body = cast("Callable[[requests.PreparedRequest], Any]", body)(request)
        response._content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return response

    def close(self) -> None: ...


def answering(answer: object, status: int = 200) -> ScaleClient:
    """Return a client that gets this response to every call.

    Args:
        answer: JSON, or the bytes of a body, or a function of the request that returns these.
        status: The HTTP status.
    """
    client = ScaleClient("live_key", api_instance_url="https://127.0.0.1/v1")
    client.api._transport = cast("Transport", _Answers(answer, status))
    return client
