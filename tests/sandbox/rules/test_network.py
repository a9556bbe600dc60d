"""Reaching the sandbox from other machines, and over HTTPS."""

from __future__ import annotations

import http.client
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import trustme

from scaleapi import ScaleClient
from scaleapi.sandbox import Sandbox, StartError
from scaleapi.sandbox.base.hosts import Hosts, is_loopback
from tests.sandbox.rules.caller import IMAGE_TASK, Caller, connected, until_closed
from tests.sandbox.rules.receiver import Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as one:
        yield one


ALLOWED = ["scale.example", "*.svc.example", "192.0.2.7", "[2001:db8::7]", "UPPER.example."]


@pytest.fixture(scope="module")
def everywhere() -> Iterator[Sandbox]:
    with Sandbox(host="0.0.0.0", allowed_hosts=ALLOWED, transition="manual") as sandbox:
        yield sandbox


def status(sandbox: Sandbox, host: str, path: str = "/_sandbox/clock") -> int:
    url = urlsplit(sandbox.url)
    address = f"http://{url.netloc}{path}"
    return requests.get(
        address, headers={"Host": host}, auth=(sandbox.live_key, ""), timeout=5
    ).status_code


@pytest.mark.parametrize(
    "host",
    [
        *[
            "scale.example",
            "scale.example:80",
            "SCALE.Example.",
            "a.svc.example",
            "a.b.svc.example",
        ],
        *["192.0.2.7", "192.0.2.7:8080", "[2001:db8::7]", "[2001:DB8:0::7]:80", "upper.example"],
        *["localhost", "127.0.0.1", "[::1]:1", "app.localhost", "a.b.LOCALHOST:80", "localhost."],
    ],
)
def test_allowed_hosts(everywhere: Sandbox, host: str) -> None:
    """Names are compared without regard to case, port and final dot."""
    for path in ("/_sandbox/clock", "/v1/tasks", "/"):
        assert status(everywhere, host, path) == 200


@pytest.mark.parametrize(
    "host",
    [
        *["evil.example", "scale.example.evil.example", "xscale.example", "svc.example", "0.0.0.0"],
        *["192.0.2.8", "[2001:db8::8]", "localhost.evil.example", "evillocalhost", ".localhost.x"],
    ],
)
def test_other_hosts_are_rejected(everywhere: Sandbox, host: str) -> None:
    """Also for a sandbox that others may reach: a site could rebind its name to this machine."""
    for path in ("/_sandbox/clock", "/v1/tasks", "/", "/nowhere"):
        assert status(everywhere, host, path) == 403


def test_the_error_says_how_to_allow_a_host(everywhere: Sandbox) -> None:
    url = everywhere.url.replace("/v1", "/_sandbox/clock")
    error = requests.get(url, headers={"Host": "new.example:80"}, timeout=5).json()["error"]
    assert '"new.example"' in error
    assert "--allow-host" in error


def test_every_host_can_be_allowed() -> None:
    """A malformed one does not end up in links."""
    with Sandbox(allowed_hosts=["*"]) as sandbox:
        assert status(sandbox, "any.example") == 200
        url = sandbox.url.replace("/v1", "/_sandbox/")
        for host in ('a"b', "a b", "[", "@"):
            state = requests.get(url, headers={"Host": host}, timeout=5).json()
            assert state["url"] == sandbox.url


@pytest.mark.parametrize(
    "pattern", ["", "http://a", "a:80", "a/b", "a b", "*a.example", "a.*.example", "**", "*.", "@"]
)
@pytest.mark.parametrize("name", ["allowed_hosts", "deliver_to"])
def test_a_list_of_hosts_has_hosts(name: str, pattern: str) -> None:
    with pytest.raises(ValueError, match=f"{name}: a host must be a name"):
        Sandbox(**{name: [pattern]})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["allowed_hosts", "deliver_to"])
def test_a_list_of_hosts_is_no_string(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name}: hosts must be a list"):
        Sandbox(**{name: "scale.example"})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        *[("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("LocalHost.", True)],
        *[("app.localhost", True), ("localhost.example", False), ("0.0.0.0", False), ("", False)],
        *[("notlocalhost", False), ("10.0.0.1", False), ("127.0.0.1.example", False)],
    ],
)
def test_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback
    assert (host in Hosts()) is loopback


def test_links_name_the_host_that_the_client_knows(everywhere: Sandbox) -> None:
    """The URL of the sandbox, attachments and result files lead to where the request went."""
    caller = Caller(everywhere, everywhere.live_key)
    caller.session.headers["Host"] = "a.svc.example:8443"
    file = caller.post("/files/upload", files={"file": ("a.txt", b"a")})
    labels = {"labels": ["road"], "attachment": file["attachment_url"]}
    task = caller.post("/task/segmentannotation", labels)
    everywhere.complete(task["task_id"])
    shown = caller.get(f"/task/{task['task_id']}", include_attachment_url=True)
    links = [shown["attachmentS3Downloads"][0]["s3URL"], *_urls(shown["response"])]
    assert len(links) > 1
    for link in links:
        assert link.startswith("http://a.svc.example:8443/")
        local = link.replace("a.svc.example:8443", urlsplit(everywhere.url).netloc)
        assert requests.get(local, auth=caller.session.auth, timeout=5).status_code == 200
    state = caller.session.get(everywhere.url.replace("/v1", "/_sandbox/")).json()
    assert state["url"] == "http://a.svc.example:8443/v1"


def test_links_in_callbacks_name_the_first_allowed_host(everywhere: Sandbox) -> None:
    """The receiver may be on another machine."""
    caller = Caller(everywhere, everywhere.live_key)
    body = {
        "labels": ["road"],
        "attachment": "https://a.example/a.png",
        "callback_url": "a@b.example",
    }
    task = caller.post("/task/segmentannotation", body)
    everywhere.complete(task["task_id"])
    links = list(_urls(everywhere.deliveries[-1].body["response"]))
    assert links
    assert all(link.startswith("http://scale.example:") for link in links)


def _urls(value: Any) -> Iterator[str]:
    if isinstance(value, str) and "/response_url/" in value:
        yield value
    elif isinstance(value, dict):
        for entry in value.values():
            yield from _urls(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _urls(entry)


# Callbacks


@pytest.mark.parametrize("host", ["app.localhost", "A.B.localhost.", "localhost"])
def test_every_name_below_localhost_is_loopback(receiver: Receiver, host: str) -> None:
    """Callbacks go to loopback without asking a name server, under the name that was given."""
    target = receiver.url.replace("127.0.0.1", host)
    with Sandbox() as sandbox:
        caller = Caller(sandbox, sandbox.test_key)
        caller.task(callback_url=target)
        sandbox.wait_for_callbacks()
        assert [delivery.state for delivery in sandbox.deliveries] == ["delivered"]


def test_deliver_to(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Callbacks reach the hosts in the list and no others."""
    lookup = socket.getaddrinfo
    names = {"hooks.example", "a.svc.example", "other.example"}

    def resolve(host: Any, *args: Any, **named: Any) -> Any:
        return lookup("127.0.0.1" if host in names else host, *args, **named)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with Sandbox(deliver_to=["hooks.example", "*.svc.example"]) as sandbox:
        caller = Caller(sandbox, sandbox.test_key)
        for name in sorted(names):
            caller.task(callback_url=receiver.url.replace("127.0.0.1", name))
        sandbox.wait_for_callbacks()
        states = {delivery.target: delivery.state for delivery in sandbox.deliveries}
        assert [states[one] for one in sorted(states)] == ["delivered", "delivered", "not_sent"]
        body = {"file_url": receiver.url.replace("127.0.0.1", "other.example")}
        assert caller.post("/files/import", body)["size"] == 0
    hosts = sorted(request.headers["host"].partition(":")[0] for request in receiver.requests)
    assert hosts == ["a.svc.example", "hooks.example"]


# HTTPS


@pytest.fixture(scope="module")
def secure() -> Iterator[Sandbox]:
    with Sandbox(https=True, allowed_hosts=["scale.example", "*"], transition="manual") as sandbox:
        yield sandbox


def tls(sandbox: Sandbox, name: str = "localhost") -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=str(sandbox.certificate))
    raw = connected(sandbox)
    try:
        return context.wrap_socket(raw, server_hostname=name)
    except BaseException:
        raw.close()
        raise


def test_a_client_trusts_the_made_certificate(secure: Sandbox) -> None:
    """Everything works as it does without TLS: bodies, uploads, links."""
    assert secure.url.startswith("https://127.0.0.1:")
    with ScaleClient(
        secure.live_key, api_instance_url=secure.url, verify=str(secure.certificate)
    ) as client:
        task = client.create_task("imageannotation", **IMAGE_TASK)
        assert client.get_task(task.id).status == "pending"


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1", "scale.example"])
def test_names_in_the_made_certificate(secure: Sandbox, name: str) -> None:
    tls(secure, name).close()


@pytest.mark.parametrize("name", ["evil.example", "example", "127.0.0.2"])
def test_names_not_in_the_made_certificate(secure: Sandbox, name: str) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        tls(secure, name)


def test_others_do_not_trust_the_made_certificate(secure: Sandbox) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(secure.url, timeout=5)


def test_the_certificate_can_be_fetched(secure: Sandbox, sandbox: Sandbox) -> None:
    """Programs on other machines get it over HTTP; without HTTPS there is none."""
    assert secure.certificate is not None
    url = secure.url.replace("/v1", "/_sandbox/certificate")
    fetched = requests.get(url, verify=str(secure.certificate), timeout=5)
    assert fetched.content == secure.certificate.read_bytes()
    assert b"PRIVATE" not in fetched.content
    missing = requests.get(sandbox.url.replace("/v1", "/_sandbox/certificate"), timeout=5)
    assert missing.status_code == 404
    assert sandbox.certificate is None


def test_the_made_certificate_is_deleted() -> None:
    with Sandbox(https=True) as sandbox:
        first = sandbox.certificate
        assert first is not None
        assert first.exists()
    assert not first.exists()
    assert sandbox.certificate is None
    with sandbox:
        assert sandbox.certificate not in (None, first)


def test_http_on_a_port_for_https_is_told_so(secure: Sandbox) -> None:
    with connected(secure) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        received = until_closed(connection)
    assert received.startswith(b"HTTP/1.1 400 ")
    assert b"HTTPS only" in received


@pytest.mark.parametrize("sent", [b"", b"\x16", b"\x16\x03\x01\x00\x05hello", b"\0" * 100])
def test_broken_handshakes(secure: Sandbox, sent: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    """They end their own connection, without a traceback on the terminal."""
    with connected(secure) as connection, suppress(OSError):  # The server may have closed it.
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        until_closed(connection)
    with tls(secure) as connection:
        connection.sendall(b"GET /_sandbox/clock HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"200 OK" in connection.recv(65536)
    assert "Traceback" not in capfd.readouterr().err


def test_a_handshake_that_stops_times_out(secure: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scaleapi.sandbox.http.server._READ_SECONDS", 0.2)
    for sent in (b"", b"\x16\x03\x01"):
        with connected(secure) as connection:
            connection.sendall(sent)
            until_closed(connection)


def test_a_half_sent_request_over_https(secure: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scaleapi.sandbox.http.server._READ_SECONDS", 0.2)
    with tls(secure) as connection:
        connection.sendall(b"GET /_sandbox/clock HTTP/1.1\r\nHo")
        assert b"HTTP/1.1 408 " in until_closed(connection)


@pytest.mark.parametrize(
    ("effect", "raised"),
    [
        ("reset", (ConnectionResetError, ssl.SSLEOFError)),
        ("close", http.client.RemoteDisconnected),
        ("hang 0.1s", http.client.RemoteDisconnected),
        ("truncate", http.client.IncompleteRead),
    ],
)
def test_faults_over_https(secure: Sandbox, effect: str, raised: Any) -> None:
    """The encrypted connection ends as the plain one would."""
    rule = secure.faults.add(f"GET /v1/projects {effect} after-commit")
    context = ssl.create_default_context(cafile=str(secure.certificate))
    url = urlsplit(secure.url)
    caller = http.client.HTTPSConnection(str(url.hostname), url.port, timeout=5, context=context)
    try:
        caller.request(
            "GET", "/v1/projects", headers={"Authorization": f"Bearer {secure.live_key}"}
        )
        with pytest.raises(raised):
            caller.getresponse().read()
    finally:
        caller.close()
        secure.faults.remove(rule)


def test_responses_end_with_goodbye(secure: Sandbox) -> None:
    """A strict client can tell the end of a connection from an attack that cuts it."""
    context = ssl.create_default_context(cafile=str(secure.certificate))
    with context.wrap_socket(
        connected(secure), server_hostname="localhost", suppress_ragged_eofs=False
    ) as connection:
        request = b"GET /_sandbox/clock HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        connection.sendall(request)
        assert b"200 OK" in until_closed(connection)


def test_stop_over_https() -> None:
    """A response in progress is still sent, encrypted; idle connections end."""
    sandbox = Sandbox(https=True, faults=["GET /v1/projects delay 0.5s"]).start()
    with tls(sandbox) as idle, tls(sandbox) as busy:
        head = "GET /v1/projects HTTP/1.1\r\nHost: localhost\r\n"
        busy.sendall(f"{head}Authorization: Bearer {sandbox.live_key}\r\n\r\n".encode())
        while not next(iter(sandbox.faults)).fired:
            time.sleep(0.01)
        stopping = threading.Thread(target=sandbox.stop)
        stopping.start()
        assert b"200 OK" in until_closed(busy)
        assert idle.recv(1) == b""
        stopping.join(10)


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.mark.parametrize("together", [True, False])
def test_a_given_certificate(authority: trustme.CA, tmp_path: Path, together: bool) -> None:
    """The key may be in the same file; it is never shown."""
    issued = authority.issue_cert("127.0.0.1")
    certificate, key, root = tmp_path / "a.pem", tmp_path / "a.key", tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(root)
    if together:
        issued.private_key_and_cert_chain_pem.write_to_path(certificate)
    else:
        issued.cert_chain_pems[0].write_to_path(certificate)
        issued.private_key_pem.write_to_path(key)
    given = {"certificate": certificate} | ({} if together else {"certificate_key": str(key)})
    with Sandbox(**given) as sandbox:  # type: ignore[arg-type]
        url = sandbox.url.replace("/v1", "/_sandbox/certificate")
        assert sandbox.certificate == certificate
        shown = requests.get(url, verify=str(root), timeout=5).content
    assert shown == issued.cert_chain_pems[0].bytes()
    assert certificate.exists()


def test_certificates_that_cannot_be_used(authority: trustme.CA, tmp_path: Path) -> None:
    """Each is one clear sentence."""
    from cryptography.hazmat.primitives import serialization

    issued, other = authority.issue_cert("a.example"), authority.issue_cert("b.example")
    certificate, key, encrypted = tmp_path / "a.pem", tmp_path / "b.key", tmp_path / "c.key"
    issued.cert_chain_pems[0].write_to_path(certificate)
    other.private_key_pem.write_to_path(key)
    loaded = serialization.load_pem_private_key(issued.private_key_pem.bytes(), None)
    encrypted.write_bytes(
        loaded.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        )
    )
    for given in (
        (certificate, None),
        (certificate, key),
        (certificate, encrypted),
        (certificate, tmp_path / "none"),
        (tmp_path / "none", None),
        (tmp_path, None),
        (key, key),
    ):
        with pytest.raises(StartError, match="Cannot use the certificate ") as caught:
            Sandbox(certificate=given[0], certificate_key=given[1]).start()
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("given", [{"certificate_key": "a"}, {"https": True, "certificate": "a"}])
def test_certificate_options_that_contradict(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="certificate"):
        Sandbox(**given)


def test_a_host_that_no_certificate_can_have() -> None:
    with pytest.raises(StartError, match="Cannot make a certificate"):
        Sandbox(https=True, allowed_hosts=["my_scale"]).start()


def test_without_trustme_the_error_names_the_extra(tmp_path: Path) -> None:
    """The package is an extra, needed for certificates only."""
    (tmp_path / "trustme.py").write_text("raise ModuleNotFoundError(name='trustme')")
    code = "from scaleapi.sandbox.__main__ import main; sys.exit(main(['--https']))"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {code}"],
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert done.returncode == 2
    assert done.stderr == (
        'scaleapi.sandbox: A self-made certificate needs trustme: pip install "scaleapi[https]"\n'
    )
