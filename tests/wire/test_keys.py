"""The key of the environment is used only if the argument is omitted."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from typing import Any

import pytest

from scaleapi import Api, ApiClient, Configuration, ScaleClient, V2Api
from scaleapi.exceptions import ScaleArgumentError
from tests.wire.server import Server

LIVE = "live_key_of_the_environment"

GIVEN = "test_key_that_was_given"


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    """A live key and the URL of the service in the environment."""
    monkeypatch.setenv("SCALE_API_KEY", LIVE)
    monkeypatch.setenv("SCALE_API_INSTANCE_URL", server.url)


def client(*args: Any, **kwargs: Any) -> None:
    with ScaleClient(*args, **kwargs) as made:
        made.get_task("t")


def api(*args: Any, **kwargs: Any) -> None:
    made = Api(*args, **kwargs)
    made.get_request("tasks")
    made.close()


def configuration(**kwargs: Any) -> None:
    with ApiClient(Configuration(**kwargs)) as made:
        V2Api(made).get_task("t")


def api_client() -> None:
    with ApiClient() as made:
        V2Api(made).get_task("t")


def keys(server: Server) -> list[str]:
    """Return the key of each request."""

    def key(authorization: str) -> str:
        scheme, _, value = authorization.partition(" ")
        return base64.b64decode(value).decode().rstrip(":") if scheme == "Basic" else value

    return [key(request.headers["authorization"]) for request in server.requests]


NONE: dict[str, Callable[[], None]] = {
    "ScaleClient(None)": lambda: client(None),
    "ScaleClient(api_key=None)": lambda: client(api_key=None),
    "ScaleClient(a name that is not set)": lambda: client(os.environ.get("SCALE_API_KYE")),
    "ScaleClient(None, source)": lambda: client(None, "source"),
    "ScaleClient('')": lambda: client(""),
    "Api(None)": lambda: api(None),
    "Api(api_key=None)": lambda: api(api_key=None),
    "Api('')": lambda: api(""),
    "Configuration(access_token=None)": lambda: configuration(access_token=None),
    "Configuration(username=None)": lambda: configuration(username=None),
    "Configuration(both)": lambda: configuration(access_token=None, username=None),
    "Configuration(access_token='')": lambda: configuration(access_token=""),
}


@pytest.mark.parametrize("make", NONE.values(), ids=NONE.keys())
def test_rejects_none_as_key(server: Server, make: Callable[[], None]) -> None:
    """An explicit ``None`` does not mean the environment."""
    with pytest.raises(ScaleArgumentError) as caught:
        make()
    assert caught.value.argument in {"api_key", "access_token", "username"}
    assert LIVE not in str(caught.value)
    assert server.connections == 0


OMITTED: dict[str, Callable[[], None]] = {
    "ScaleClient()": client,
    "ScaleClient(source=...)": lambda: client(source="program"),
    "Api()": api,
    "Configuration()": configuration,
    "ApiClient()": api_client,
}


@pytest.mark.parametrize("make", OMITTED.values(), ids=OMITTED.keys())
def test_an_omitted_key_is_read_from_the_environment(
    server: Server, make: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a key in the environment, the error names the variable."""
    make()
    assert keys(server) == [LIVE]
    monkeypatch.delenv("SCALE_API_KEY")
    with pytest.raises(ScaleArgumentError, match="SCALE_API_KEY"):
        make()
    assert len(server.requests) == 1


def test_rejects_an_empty_environment_variable(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``SCALE_API_KEY=`` sets nothing."""
    monkeypatch.setenv("SCALE_API_KEY", "")
    for make in OMITTED.values():
        with pytest.raises(ScaleArgumentError):
            make()
    assert server.connections == 0


def test_an_explicit_key_is_used(server: Server) -> None:
    """Regardless of the environment, and of a ``None`` for the other argument of v2."""
    client(GIVEN)
    api(GIVEN)
    configuration(access_token=GIVEN)
    configuration(username=GIVEN)
    configuration(access_token=GIVEN, username=None)
    configuration(access_token=None, username=GIVEN)
    assert keys(server) == [GIVEN] * 6


def test_with_options_keeps_the_key(server: Server) -> None:
    """Options, v2 and copies do not read the environment again."""
    with ScaleClient(GIVEN) as made:
        made.with_options(max_retries=0).get_task("t")
        made.v2.get_task("t")
    assert keys(server) == [GIVEN] * 2
