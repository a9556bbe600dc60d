"""Tools that replace the network in tests: vcrpy, responses and requests-mock."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests
import requests_mock
import responses
import vcr
from vcr.errors import CannotOverwriteExistingCassetteException

from scaleapi import ScaleClient
from scaleapi.exceptions import ScaleConnectionError, ScaleServiceUnavailable
from tests.environments.programs.calls import CALLS, outcomes
from tests.environments.service import EXPECTED, REQUESTS, TASK_IDS, service
from tests.wire.conftest import KEY, Authority, Connect, Serve
from tests.wire.server import Server, before, respond
from tests.wire.service import ANYTHING


@pytest.fixture(params=["http", "https"])
def target(request: pytest.FixtureRequest, serve: Serve, authority: Authority) -> Server:
    """A server to record."""
    return serve(service, tls=authority.server if request.param == "https" else None)


def recorder(path: Path, mode: str) -> Any:
    """Return a cassette; requests match by method, URL and (for a list) query."""
    return vcr.VCR(filter_headers=["authorization"]).use_cassette(str(path), record_mode=mode)


def small_outcomes(client: ScaleClient) -> dict[str, Any]:
    """Make every call, with an upload that fits into a cassette."""
    upload = CALLS["upload"]
    try:
        CALLS["upload"] = lambda client: client.upload_file(bytes(1000), filename="a.bin").id
        return outcomes(client)
    finally:
        CALLS["upload"] = upload


def test_vcr_records_and_replays(
    target: Server, connect: Connect, authority: Authority, tmp_path: Path
) -> None:
    """Each request is in the cassette, and none is sent during replay."""
    path = tmp_path / "cassette.yaml"
    client = connect(target, verify=authority.bundle)
    with recorder(path, "once") as cassette:
        assert small_outcomes(client) == EXPECTED
        assert len(cassette) == len(target.requests) == REQUESTS
    assert KEY not in path.read_text("utf-8")
    for other in (client, connect(target, verify=authority.bundle)):
        with recorder(path, "none") as cassette:
            assert small_outcomes(other) == EXPECTED
            assert cassette.all_played
    assert len(target.requests) == REQUESTS


# Older versions of vcrpy forget the connections that were kept, without closing them.
@pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
@pytest.mark.parametrize("call", CALLS)
def test_vcr_blocks(
    target: Server, connect: Connect, authority: Authority, tmp_path: Path, call: str
) -> None:
    """Requests that are not in the cassette are not sent, even on a kept connection."""
    client = connect(target, verify=authority.bundle)
    client.get_project("p")
    sent, connections = len(target.requests), target.connections
    for other in (client, connect(target, verify=authority.bundle)):
        with (
            recorder(tmp_path / "cassette.yaml", "none"),
            pytest.raises(CannotOverwriteExistingCassetteException),
        ):
            CALLS[call](other)
    assert (len(target.requests), target.connections) == (sent, connections)


@pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
def test_vcr_ends_with_its_block(
    target: Server, connect: Connect, authority: Authority, tmp_path: Path
) -> None:
    """Before, between and after cassettes, requests are sent to the service."""
    client = connect(target, verify=authority.bundle)
    path = tmp_path / "cassette.yaml"
    client.get_project("p")
    with recorder(path, "once"):
        client.get_task("t")
    client.get_project("p")
    with recorder(path, "none"):
        client.get_task("t")
    client.get_project("p")
    paths = [request.path.rpartition("/")[2] for request in target.requests]
    assert paths == ["p", "t", "p", "p"]


def test_vcr_records_retries_and_errors(
    target: Server, connect: Connect, authority: Authority, tmp_path: Path
) -> None:
    path = tmp_path / "cassette.yaml"
    client = connect(target, verify=authority.bundle)
    target.script(*[before(respond(status=503, Retry_After="0"))] * 2)
    with recorder(path, "once") as cassette:
        assert client.get_task("t").id == EXPECTED["get"]
        assert len(cassette) == 3
    with recorder(path, "none"):
        assert client.get_task("t").id == EXPECTED["get"]
    target.script(before(respond(status=503, Retry_After="0")))
    with recorder(tmp_path / "another.yaml", "once"), pytest.raises(ScaleServiceUnavailable):
        client.with_options(max_retries=0).get_task("t")
    with recorder(tmp_path / "another.yaml", "none"), pytest.raises(ScaleServiceUnavailable):
        client.with_options(max_retries=0).get_task("t")
    assert len(target.requests) == 4


def pages(request: Any) -> tuple[int, dict[str, str], str]:
    """Return a page of tasks in the format of ``responses``."""
    number = int(request.params.get("next_token", "0"))
    docs = [{"task_id": one} for one in TASK_IDS if one.startswith(f"{number}-")]
    more = number < 2
    token = str(number + 1) if more else None
    page = {"docs": docs, "total": 6, "has_more": more, "next_token": token}
    return 200, {}, json.dumps(page)


def test_responses(server: Server, connect: Connect) -> None:
    """Every call gets the registered response; unregistered requests are not sent."""
    client, url = connect(server), server.url
    with responses.RequestsMock() as network:
        for path in ("v1/task/t", "v1/task/t/response", "v2/task"):
            network.get(url.replace("v1", path), json=ANYTHING)
        network.post(f"{url}/task/imageannotation", json=ANYTHING)
        network.post(f"{url}/files/upload", json=ANYTHING)
        network.add_callback(responses.GET, f"{url}/tasks", pages)
        assert outcomes(client) == EXPECTED
        assert len(network.calls) == REQUESTS
        with pytest.raises(ScaleConnectionError):
            client.with_options(max_retries=0).get_project("p")
    assert server.connections == 0


def test_requests_mock(server: Server, connect: Connect) -> None:
    """Every call gets the registered response; unregistered requests are not sent."""
    client, url = connect(server), server.url

    def page(request: Any, context: Any) -> Any:
        request.params = {name: values[0] for name, values in request.qs.items()}
        return json.loads(pages(request)[2])

    with requests_mock.Mocker() as network:
        for path in ("v1/task/t", "v1/task/t/response", "v2/task"):
            network.get(url.replace("v1", path), json=ANYTHING)
        network.post(f"{url}/task/imageannotation", json=ANYTHING)
        network.post(f"{url}/files/upload", json=ANYTHING)
        network.get(f"{url}/tasks", json=page)
        assert outcomes(client) == EXPECTED
        assert network.call_count == REQUESTS
        network.get(f"{url}/projects/p", exc=requests.ConnectionError("made up"))
        with pytest.raises(ScaleConnectionError, match="made up"):
            client.with_options(max_retries=0).get_project("p")
        # The tool's own error, which some of its versions derive from those of requests.
        with pytest.raises((ScaleConnectionError, requests_mock.NoMockAddress)):
            client.with_options(max_retries=0).get_batch("b")
    assert server.connections == 0
