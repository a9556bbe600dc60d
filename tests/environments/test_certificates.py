"""TLS settings of the environment, as requests reads them."""

from __future__ import annotations

import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import certifi
import pytest
from urllib3.exceptions import InsecureRequestWarning

from scaleapi import ScaleClient
from scaleapi.exceptions import ScaleConnectionError, ScaleException
from tests.environments.service import EXPECTED
from tests.wire.conftest import KEY, Authority, Connect, Serve
from tests.wire.server import Server

VARIABLES = ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"]


@pytest.mark.parametrize("variable", VARIABLES)
@pytest.mark.parametrize("verify", [None, True])
def test_ca_bundle_from_the_environment(
    secure_server: Server,
    connect: Connect,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    verify: bool | None,
) -> None:
    """``verify=True`` is the default, and the default reads the environment."""
    monkeypatch.setenv(variable, authority.bundle)
    client = connect(secure_server, verify=verify)
    assert client.get_task("t").id == EXPECTED["get"]
    assert [task.id for task in client.get_tasks("p")] == EXPECTED["pages"]
    assert client.v2.get_task("t").task_id == EXPECTED["v2"]


def test_ca_bundle_from_the_environment_without_arguments(
    secure_server: Server, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", authority.bundle)
    monkeypatch.setenv("SCALE_API_INSTANCE_URL", secure_server.url)
    with ScaleClient(KEY) as client:
        assert client.get_task("t").id == EXPECTED["get"]


@pytest.mark.parametrize("variable", VARIABLES)
def test_verify_overrides_the_environment(
    secure_server: Server,
    connect: Connect,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
) -> None:
    """``False`` does too."""
    monkeypatch.setenv(variable, certifi.where())
    assert connect(secure_server, verify=authority.bundle).get_task("t").id == EXPECTED["get"]
    with pytest.warns(InsecureRequestWarning):
        assert connect(secure_server, verify=False).get_task("t").id == EXPECTED["get"]
    monkeypatch.setenv(variable, authority.bundle)
    with pytest.raises(ScaleConnectionError):
        connect(secure_server, verify=certifi.where(), max_retries=0).get_task("t")


def test_requests_ca_bundle_takes_precedence_over_curl_ca_bundle(
    secure_server: Server,
    connect: Connect,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", authority.bundle)
    monkeypatch.setenv("CURL_CA_BUNDLE", certifi.where())
    assert connect(secure_server, verify=True).get_task("t").id == EXPECTED["get"]


@pytest.mark.parametrize("verify", [None, True])
@pytest.mark.parametrize("value", ["", None])
def test_private_cas_are_not_trusted_by_default(
    secure_server: Server,
    connect: Connect,
    monkeypatch: pytest.MonkeyPatch,
    value: str | None,
    verify: bool | None,
) -> None:
    if value is not None:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", value)
    with pytest.raises(ScaleConnectionError, match="certificate"):
        connect(secure_server, verify=verify).get_task("t")
    assert secure_server.requests == []


@pytest.mark.parametrize("verify", [None, True])
def test_rejects_an_invalid_ca_bundle(
    secure_server: Server, connect: Connect, monkeypatch: pytest.MonkeyPatch, verify: bool | None
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such/bundle.pem")
    with pytest.raises(ScaleException, match="REQUESTS_CA_BUNDLE must be the path of") as caught:
        connect(secure_server, verify=verify).get_task("t")
    assert caught.value.attempts == secure_server.connections == 0


@pytest.mark.parametrize("proxied", [False, True])
def test_plain_http_needs_no_ca_bundle(
    server: Server,
    serve: Serve,
    connect: Connect,
    monkeypatch: pytest.MonkeyPatch,
    proxied: bool,
) -> None:
    """Through a plain proxy neither."""
    proxy = serve()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such/bundle.pem")
    proxies = {"http": proxy.origin} if proxied else None
    connect(server, verify=None, proxies=proxies).get_task("t")
    assert (len(proxy.requests), len(server.requests)) == ((1, 0) if proxied else (0, 1))


@pytest.mark.parametrize("variable", [None, *VARIABLES])
def test_later_changes_of_the_environment_and_working_directory(
    secure_server: Server,
    connect: Connect,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    variable: str | None,
) -> None:
    """A daemon changes to ``/`` after its start. A new process loads the CAs again."""
    (tmp_path / "ca.pem").write_bytes(Path(authority.bundle).read_bytes())
    monkeypatch.chdir(tmp_path)
    if variable:
        monkeypatch.setenv(variable, "ca.pem")
    client = connect(secure_server, verify=None if variable else "ca.pem")
    if variable:
        monkeypatch.delenv(variable)
    monkeypatch.chdir("/")
    client.get_task("t")
    monkeypatch.setattr("os.getpid", lambda: -1)  # as in a forked child
    client.get_task("t")


def test_threads_share_the_cas(
    secure_server: Server, connect: Connect, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are loaded once, although each thread makes the first call."""
    load, loaded = ssl.SSLContext.load_verify_locations, []

    def slow_load(context: ssl.SSLContext, *args: Any, **kwargs: Any) -> None:
        loaded.append(context)
        time.sleep(0.1)
        load(context, *args, **kwargs)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", slow_load)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", authority.bundle)
    client = connect(secure_server)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(client.get_task, "t" * 8))
    assert len(loaded) == 1


@pytest.mark.parametrize("place", ["missing/keys.log", "folder", "file/keys.log"])
def test_unwritable_key_log(
    secure_server: Server,
    connect: Connect,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    place: str,
) -> None:
    """A ScaleArgumentError is raised by the constructor or the first call."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / place))
    for verify in (authority.bundle, None, True):
        with pytest.raises(ScaleException, match="SSLKEYLOGFILE") as caught:
            connect(secure_server, verify=verify).get_task("t")
        assert not caught.value.may_have_been_applied
    assert secure_server.connections == 0


def test_key_log(
    secure_server: Server,
    connect: Connect,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Keys are logged as urllib3 does; an empty name means no log."""
    log = tmp_path / "keys.log"
    monkeypatch.setenv("SSLKEYLOGFILE", str(log))
    assert connect(secure_server, verify=authority.bundle).get_task("t").id == EXPECTED["get"]
    assert "SECRET" in log.read_text()
    monkeypatch.setenv("SSLKEYLOGFILE", "")
    assert connect(secure_server, verify=authority.bundle).get_task("t").id == EXPECTED["get"]
