"""TLS and proxies: explicit settings override the environment; bad certificates fail."""

from __future__ import annotations

import base64
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
from urllib3.exceptions import InsecureRequestWarning

from scaleapi.exceptions import ScaleArgumentError, ScaleConnectionError
from tests.wire.conftest import Authority, Connect, Serve
from tests.wire.server import Server, before, connect_through, respond


@pytest.fixture
def secure(serve: Serve, authority: Authority) -> Server:
    """A server with a certificate that is not trusted by default."""
    return serve(tls=authority.server)


@pytest.mark.parametrize("verify", [None, True])
def test_an_unknown_ca_fails_immediately(
    secure: Server, connect: Connect, verify: bool | None
) -> None:
    """One connection, no retry, nothing is sent, and the error has the reason."""
    with pytest.raises(ScaleConnectionError, match="certificate") as caught:
        connect(secure, verify=verify).get_task("t")
    secure.wait_for(lambda: secure.handshakes_failed == 1)
    assert secure.connections == caught.value.attempts == 1
    assert secure.requests == []
    assert not caught.value.may_have_been_applied


def test_verify_with_a_path(secure: Server, connect: Connect, authority: Authority) -> None:
    """The path of the CA bundle is passed to the client."""
    assert connect(secure, verify=authority.bundle).get_task("t").status == "pending"


def test_verify_false_disables_verification(
    secure: Server, connect: Connect, authority: Authority
) -> None:
    """It connects, and urllib3 warns that it is not safe."""
    with pytest.warns(InsecureRequestWarning):
        assert connect(secure, verify=False).get_task("t").status == "pending"


def test_a_certificate_for_another_host_fails(
    serve: Serve, connect: Connect, authority: Authority
) -> None:
    """The certificate is for another host; there is no retry."""
    server = serve(tls=authority.elsewhere)
    with pytest.raises(ScaleConnectionError, match=r"127\.0\.0\.1") as caught:
        connect(server, verify=authority.bundle).get_task("t")
    assert server.connections == caught.value.attempts == 1


def test_a_client_certificate(serve: Serve, connect: Connect, authority: Authority) -> None:
    """It is sent to a server that requires one; without it the call fails."""
    server = serve(tls=authority.mutual)
    client = connect(server, verify=authority.bundle, cert=authority.client_pem)
    client.get_task("t")
    both = (authority.client_pem, authority.client_pem)
    connect(server, verify=authority.bundle, cert=both).get_task("t")
    assert len(server.requests) == 2
    assert "client@example.com" in str(server.peer_certificates[0])
    with pytest.raises(ScaleConnectionError):
        connect(server, verify=authority.bundle, max_retries=0).get_task("t")
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "options",
    [
        {"verify": "/no/such/bundle.pem"},
        {"verify": __file__},
        {"cert": "/no/such/certificate.pem"},
        {"cert": ("/no/such", "/certificate.pem")},
        {"cert": __file__},
        {"cert": ("one",)},
    ],
)
def test_an_invalid_path_fails_when_the_client_is_created(
    server: Server, connect: Connect, options: dict[str, object]
) -> None:
    """The constructor fails, not the first call."""
    with pytest.raises(ScaleArgumentError, match=next(iter(options))):
        connect(server, **options)


def test_plain_http_through_a_proxy(server: Server, serve: Serve, connect: Connect) -> None:
    """The proxy gets the whole URL and its own credentials."""
    proxy = serve()
    address = proxy.origin.replace("://", "://user:p%40ssword@")
    connect(server, proxies={"http": address}).get_task("t")
    assert server.connections == 0
    assert proxy.requests[0].target == f"{server.url}/task/t"
    expected = base64.b64encode(b"user:p@ssword").decode()
    assert proxy.requests[0].headers["proxy-authorization"] == f"Basic {expected}"


@pytest.mark.parametrize("proxy_tls", [False, True])
def test_https_through_a_tunnel(
    secure: Server, serve: Serve, connect: Connect, authority: Authority, proxy_tls: bool
) -> None:
    """The proxy sees a CONNECT and no key; calls share the tunnel."""
    tls = authority.server if proxy_tls else None
    proxy = serve(default=before(connect_through), tls=tls)
    client = connect(
        secure,
        verify=authority.bundle,
        proxies={"https": proxy.origin.replace("://", "://user:password@")},
    )
    for _ in range(3):
        client.get_task("t")
    assert len(secure.requests) == 3
    assert proxy.connections == 1
    assert [request.method for request in proxy.requests] == ["CONNECT"]
    assert "authorization" not in proxy.requests[0].headers
    assert proxy.requests[0].headers["proxy-authorization"].startswith("Basic ")


def test_a_proxy_that_rejects_the_connection(
    secure: Server, serve: Serve, connect: Connect, no_waits: None
) -> None:
    """Nothing reached the service, so any call is retried, and nothing was applied."""
    proxy = serve(default=before(respond(status=407)))
    client = connect(secure, proxies={"https": proxy.origin})
    with pytest.raises(ScaleConnectionError, match="407") as caught:
        client.invite_teammates(["a@b.c"], "member")
    assert not caught.value.may_have_been_applied
    assert secure.connections == 0
    assert caught.value.attempts == 4


def test_explicit_proxies_override_the_environment(
    server: Server, serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variable applies if nothing is passed; ``{}`` means no proxy."""
    given, of_environment = serve(), serve()
    monkeypatch.setenv("HTTP_PROXY", of_environment.origin)
    monkeypatch.setenv("http_proxy", of_environment.origin)
    connect(server).get_task("t")
    connect(server, proxies={"http": given.origin}).get_task("t")
    connect(server, proxies={}).get_task("t")
    counts = [len(one.requests) for one in (of_environment, given, server)]
    assert counts == [1, 1, 1]


def test_no_proxy_of_the_environment(
    server: Server, serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hosts in NO_PROXY are connected to directly."""
    proxy = serve()
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, proxy.origin)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    connect(server).get_task("t")
    assert proxy.connections == 0


@pytest.mark.parametrize(("size", "records"), [(10, 1), (15_000, 1), (16_384, 2), (70_000, 6)])
def test_a_small_request_is_sent_at_once(
    connect: Connect, authority: Authority, size: int, records: int
) -> None:
    """Headers and body are one TLS record, of 16 KB at most; a large body is not copied."""
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor() as pool:
        port = listener.getsockname()[1]

        def receive() -> list[bytes]:
            with authority.server.wrap_socket(listener.accept()[0], server_side=True) as sock:
                received = [sock.recv(65536)]  # returns one record at most
                head, _, body = received[0].partition(b"\r\n\r\n")
                missing = int(head.lower().split(b"content-length: ")[1].split()[0]) - len(body)
                while missing > 0:
                    received.append(sock.recv(65536))
                    missing -= len(received[-1])
                sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
                return received

        received = pool.submit(receive)
        # With less time left, what is sent is cut into smaller pieces.
        client = connect(f"https://127.0.0.1:{port}/v1", verify=authority.bundle, deadline=100)
        client.api.post_request("tasks", body="x" * (size - 2))
        assert len(received.result(10)) == records
        assert b"".join(received.result()).endswith(b'xxx"')
