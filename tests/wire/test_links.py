"""Ambiguous links: the key is sent only to the origin of the service.

``API`` stands for host and port of the service, ``EVIL`` for those of somebody else; ``PORT`` and
``EPORT`` are the ports alone. Every name leads to a server of the test, see ``origins.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from scaleapi import ScaleClient
from scaleapi.exceptions import ScaleArgumentError, ScaleBadResponse, ScaleException
from tests.wire.conftest import Authority, Connect, Serve
from tests.wire.origins import Internet, carries_key, stray_keys
from tests.wire.server import Server, Step, before, respond

REDIRECTS = (301, 302, 303, 307, 308)

#: No browser, proxy or library reads the authority of these links as the others do, or there is
#: none. Nothing may be looked up or connected to.
BAD_AUTHORITY = [
    # backslashes
    "http://EVIL\\@API/v1/x",
    "http://EVIL\\\\@API/v1/x",
    "http://API\\@EVIL/v1/x",
    "http://EVIL\\x@API/v1/x",
    "http://API\\.EVIL/v1/x",
    "http://evil.example\\:PORT/v1/x",
    "http://\\EVIL/x",
    "http://EVIL\\#@API/",
    "http://EVIL\\?@API/",
    # user info
    "http://user@API/v1/x",
    "http://user:pa55word@API/v1/x",
    "http://user:pa55word@EVIL/x",
    "http://@EVIL/x",
    "http://:@API/x",
    "http://API@EVIL/x",
    "http://127.0.0.1:PORT:x@EVIL/x",
    "http://API;@EVIL/x",
    "http://API&@EVIL/x",
    "http://a@b@EVIL/x",
    "http://EVIL@a@API/x",
    "http://API%00@EVIL/x",
    "http://EVIL%2f@API/x",
    # white space and control characters
    "http://EVIL \\@API/x",
    "http://EVIL\t@API/x",
    "http://EVIL /x",
    "http://ev\til.example:EPORT/x",
    "http://127.0.0.1\x00.evil.example:EPORT/x",
    "http://evil.example\x7f:EPORT/x",
    "http:// EVIL/x",
    # ports
    "http://evil.example:0/x",
    "http://evil.example:65536/x",
    "http://evil.example:99999999999999999999/x",
    "http://evil.example:+80/x",
    "http://evil.example:-1/x",
    "http://evil.example:0x50/x",
    "http://evil.example:8_0/x",
    "http://evil.example:80:80/x",
    "http://evil.example:EPORTx/x",
    "http://API:EPORT/x",
    # addresses in brackets
    "http://[::1/x",
    "http://::1]:EPORT/x",
    "http://[::1]x:EPORT/x",
    "http://[::1]EVIL/x",
    "http://[]/x",
    "http://[evil.example]:EPORT/x",
    "http://[::1]@EVIL/x",
    # no host at all
    "http://",
    "http:///x",
    "http://:EPORT/x",
    "http://?x",
    "http://#@EVIL/",
]

#: Other schemes than the two that can be downloaded.
BAD_SCHEME = [
    "ftp://EVIL/x",
    "file:///etc/passwd",
    "file://API/etc/passwd",
    "javascript:alert(1)//EVIL",
    "data:application/json,{}",
    "gopher://EVIL/x",
    "ws://EVIL/x",
    "s3://bucket/x",
    "httpx://EVIL/x",
    "http+unix://EVIL/x",
    "view-source:http://EVIL/x",
    "mailto:a@EVIL",
]

#: What only a caller can give: it is no URL with a host, or has lines in it.
BAD_ARGUMENT: list[Any] = [
    "",
    " ",
    "EVIL/x",
    "//EVIL/x",
    "/v1/x",
    "\\\\EVIL\\x",
    "http:",
    "http:EVIL/x",
    "http:/EVIL/x",
    "http:\\\\EVIL/x",
    "http:/\\EVIL/x",
    "http:\\/EVIL/x",
    " http://EVIL/x",
    "\x00http://EVIL/x",
    "\x1fhttp://EVIL/x",
    "ht\ntp://EVIL/x",
    "http://EVIL/x\n",
    "http://EVIL/x\r\nX-Injected: 1",
    "http://EVIL/\r\nHost: API/x",
    "http://EVIL/a\x00b",
    "http://EVIL\n@API/x",
    "http://EVIL\r@API/x",
    "http://EVIL/\x0b",
    "http://EVIL/\x85",
    "http://EVIL/\u2028x",
    "http://\u200bEVIL/x",
    "http://EVIL/\ud800",
    "http://\udcffEVIL/x",
    None,
    5,
    b"http://EVIL/x",
    ["http://EVIL/x"],
]

#: Some readers take these for the service, others do not. Whatever is done with them, and be it
#: an error: no key leaves for another origin.
DISPUTED = [
    # which part is the host?
    "http://EVIL/@API/x",
    "http://EVIL?@API/x",
    "http://EVIL#@API/x",
    "http://API#@EVIL/x",
    "http://API?@EVIL/x",
    "http://EVIL/\\@API/x",
    "http://EVIL/..\\@API/x",
    "http://EVIL//API/x",
    "http://EVIL;API/x",
    "http://EVIL/http://API/x",
    "http://EVIL?http://API/x",
    # other names of the same machine
    "http://localhost:PORT/x",
    "http://127.0.0.1.:PORT/x",
    "http://127.0.0.2:PORT/x",
    "http://127.1:PORT/x",
    "http://127.0.1:PORT/x",
    "http://2130706433:PORT/x",
    "http://0x7f000001:PORT/x",
    "http://0x7f.0.0.1:PORT/x",
    "http://0177.0.0.1:PORT/x",
    "http://017700000001:PORT/x",
    "http://127.0.0.01:PORT/x",
    "http://127.000.000.001:PORT/x",
    "http://0:PORT/x",
    "http://0.0.0.0:PORT/x",
    "http://[::1]:PORT/x",
    "http://[::ffff:127.0.0.1]:PORT/x",
    "http://[::ffff:7f00:1]:PORT/x",
    "http://[0:0:0:0:0:0:0:1]:PORT/x",
    "http://[::1%25lo]:PORT/x",
    "http://[::1%lo]:PORT/x",
    "http://[::127.0.0.1]:PORT/x",
    "http://[v1.x]:PORT/x",
    # names with the same beginning or end
    "http://127.0.0.1.evil.example:EPORT/x",
    "http://evil.example.127.0.0.1:EPORT/x",
    "http://127.0.0.1-evil.example:EPORT/x",
    "http://x127.0.0.1:EPORT/x",
    # percent signs in the host
    "http://%31%32%37.0.0.1:PORT/x",
    "http://127%2e0%2e0%2e1:PORT/x",
    "http://127.0.0.1%00.evil.example:EPORT/x",
    "http://127.0.0.1%5c.evil.example:EPORT/x",
    "http://127.0.0.1%2f.evil.example:EPORT/x",
    "http://127.0.0.1%23.evil.example:EPORT/x",
    "http://127.0.0.1%0d%0a.evil.example:EPORT/x",
    "http://API%40EVIL/x",
    "http://%:EPORT/x",
    # letters that look like others, or become others when normalized
    "http://127\u30020\u30020\u30021:PORT/x",  # ideographic full stops
    "http://127\uff0e0\uff0e0\uff0e1:PORT/x",  # fullwidth full stops
    "http://127\uff610\uff610\uff611:PORT/x",  # halfwidth ideographic full stops
    "http://\uff11\uff12\uff17.0.0.1:PORT/x",  # fullwidth digits
    "http://\u2460\u2461\u2466.0.0.1:PORT/x",  # circled digits
    "http://127.0.0.\u00b9:PORT/x",  # superscript one
    "http://evil.example\uff0f.127.0.0.1:EPORT/x",  # fullwidth slash
    "http://evil.example\u2044x.127.0.0.1:EPORT/x",  # fraction slash
    "http://evil.example\uff3cx:EPORT/x",  # fullwidth backslash
    "http://API\uff20EVIL/x",  # fullwidth at
    "http://API\uff03EVIL/x",  # fullwidth number sign
    "http://API\uff1fEVIL/x",  # fullwidth question mark
    "http://127.0.0.1\uff1aPORT/x",  # fullwidth colon
    "http://127.0.0.1:\uff18\uff10/x",  # fullwidth digits of a port
    "http://ev\u2100l.example:EPORT/x",  # a/c in one letter
    "http://\u24d4vil.example:EPORT/x",  # circled letter
    "http://\u0435vil.example:EPORT/x",  # Cyrillic letter
    "http://xn--a:EPORT/x",  # no punycode
    f"http://{'a' * 64}.example:EPORT/x",  # a label that is too long
    f"http://{'a.' * 200}example:EPORT/x",
    "http://.evil.example:EPORT/x",
    "http://evil..example:EPORT/x",
    "http://-:EPORT/x",
    "http://*:EPORT/x",
    'http://evil.example":EPORT/x',
    "http://evil<example:EPORT/x",
    "http://evil|example:EPORT/x",
    "http://evil^example:EPORT/x",
    "http://evil{}example:EPORT/x",
    "http://evil`example:EPORT/x",
    "http://$(id):EPORT/x",
    # ports in other forms
    "http://evil.example:/x",
    "http://evil.example:000EPORT/x",
    "http://127.0.0.1:/x",
    "http://127.0.0.1:000PORT/x",
    "http://127.0.0.1:EPORT/x",
    "http://127.0.0.1/x",
    # schemes and hosts in other cases
    "HTTP://EVIL/x",
    "hTTp://EVIL/x",
    "http://Evil.Example:EPORT/x",
    f"http://EVIL/{'x' * 70_000}",
]

#: What only a redirect can lead to: parts of links.
RELATIVE = [
    "//EVIL/x",
    "//EVIL\\@API/x",
    "///EVIL/x",
    "////EVIL/x",
    "\\\\EVIL\\x",
    "/\\EVIL/x",
    "\\/EVIL/x",
    "/\\/EVIL/x",
    ".\\EVIL/x",
    "..//EVIL/x",
    "/..//EVIL/x",
    "/.//EVIL/x",
    "http:EVIL/x",
    "http:/EVIL/x",
    "http:///EVIL/x",
    "http:\\\\EVIL/x",
    "https:EVIL/x",
    ":EPORT/x",
    "@EVIL/x",
    ".evil.example:EPORT/x",
    ";@EVIL/x",
    "?@EVIL/x",
    "?http://EVIL/x",
    "#@EVIL/x",
    "",
    ".",
    "..",
    "/",
    "%2f%2fEVIL/x",
    "/%5cEVIL/x",
    "\t//EVIL/x",
    "/\t/EVIL/x",
    "http://EVIL/x, http://API/x",
    "http://EVIL/x;http://API/x",
    "<http://EVIL/x>",
    '"http://EVIL/x"',
    "url=http://EVIL/x",
]

#: Of the above, authorities that a header line cannot carry as they are.
NOT_IN_A_HEADER = {"http://"}


class World(NamedTuple):
    """The service, another host, and the servers at the default ports."""

    internet: Internet
    service: Server
    evil: Server
    plain: Server
    client: ScaleClient

    @property
    def servers(self) -> tuple[Server, ...]:
        return (self.service, self.evil, self.plain)

    def fill(self, link: Any) -> Any:
        """Fill hosts and ports into a link of the tables."""
        if not isinstance(link, str):
            return link
        return (
            link.replace("EVIL", "evil.example:EPORT")
            .replace("API", "127.0.0.1:PORT")
            .replace("EPORT", str(self.evil.port))
            .replace("PORT", str(self.service.port))
        )

    def forget(self) -> None:
        """Clear the recorded requests."""
        self.internet.looked_up.clear()
        for server in self.servers:
            server.requests.clear()

    def stray_keys(self) -> list[bytes]:
        return stray_keys(self.service, f"127.0.0.1:{self.service.port}", self.servers)


@pytest.fixture
def world(serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> World:
    """An API at 127.0.0.1, with a client for it."""
    service, evil, plain = (serve(default=before(respond(b"stored"))) for _ in range(3))
    client = connect(service, max_retries=0, deadline=10)
    internet = Internet(monkeypatch)
    internet.stand_at(80, plain)
    return World(internet, service, evil, plain, client)


def each(links: list[Any]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("link", links, ids=lambda link: ascii(link)[:60])


def led_to(location: str, status: int = 302) -> Step:
    """Respond with a redirect to these bytes."""
    return before(respond(b"", status, Location=location))


def outcome(fetch: Callable[[], object]) -> object:
    """Return the result of a call, or the ScaleException that it raised."""
    try:
        return fetch()
    except ScaleException as error:
        return error


@each([*BAD_AUTHORITY, *BAD_SCHEME, *BAD_ARGUMENT])
def test_a_bad_link_of_the_caller_is_a_bad_argument(world: World, link: Any) -> None:
    """The error names the argument and shows no password; nothing is looked up or sent."""
    with pytest.raises(ScaleArgumentError) as caught:
        world.client.download_response(world.fill(link))
    assert caught.value.argument == "response_url"
    assert "pa55word" not in str(caught.value)
    assert caught.value.attempts == 0
    assert not caught.value.may_have_been_applied
    assert world.internet.looked_up == []
    assert [server.connections for server in world.servers] == [0, 0, 0]


@each([*DISPUTED, *BAD_AUTHORITY, *BAD_SCHEME, *BAD_ARGUMENT])
def test_ambiguous_links_are_rejected(world: World, link: str) -> None:
    """The key is not sent, unless the link leads to the service itself."""
    outcome(lambda: world.client.download_response(world.fill(link)))
    assert world.stray_keys() == []


@each([one for one in [*BAD_AUTHORITY, *BAD_SCHEME] if one not in NOT_IN_A_HEADER])
def test_a_bad_link_of_the_service_is_a_bad_response(world: World, link: str) -> None:
    """Such redirects are not followed, and raise a bad response."""
    for status in REDIRECTS:
        world.service.script(led_to(world.fill(link), status))
        error = outcome(lambda: world.client.download_response(f"{world.service.url}/x"))
        assert type(error) is ScaleBadResponse, status
        assert error.status == status
        assert "pa55word" not in str(error)
    assert world.stray_keys() == []
    assert len(world.service.requests) == len(REDIRECTS)
    assert [world.evil.connections, world.plain.connections] == [0, 0]


@each(
    [
        *(one for one in [*BAD_AUTHORITY, *BAD_SCHEME] if one not in NOT_IN_A_HEADER),
        *DISPUTED,
        *RELATIVE,
    ]
)
def test_redirects_to_other_hosts_do_not_get_the_key(world: World, link: str) -> None:
    """Redirects from the service, or from a host it redirected to."""
    for status, from_elsewhere in [*((status, False) for status in REDIRECTS), (307, True)]:
        location = world.fill(link)
        if from_elsewhere:
            world.service.script(led_to(world.fill("http://EVIL/first"), status))
            world.evil.script(led_to(location, status))
        else:
            world.service.script(led_to(location, status))
        outcome(lambda: world.client.download_response(f"{world.service.url}/x"))
        assert world.stray_keys() == []
        assert len(world.service.requests) + len(world.evil.requests) <= 12
        world.forget()


@each([*BAD_AUTHORITY[:8], "http://EVIL/x", "//EVIL/x", "/v1/other", "http://API/v1/other"])
def test_a_redirect_of_any_other_call_is_not_followed(world: World, link: str) -> None:
    """Not even to the service itself: there is one request, and an error."""
    calls: list[Callable[[ScaleClient], object]] = [
        lambda client: client.get_task("t"),
        lambda client: list(client.get_tasks("p")),
        lambda client: client.create_task("imageannotation"),
        lambda client: client.upload_file(b"x", filename="a"),
        lambda client: client.api.put_request("x", {}),
        lambda client: client.api.delete_request("x"),
    ]
    for call in calls:
        for status in REDIRECTS:
            world.service.script(led_to(world.fill(link), status))
            error = outcome(lambda call=call: call(world.client))  # type: ignore[misc]
            assert isinstance(error, ScaleException)
            assert error.status == status
            assert len(world.service.requests) == 1
            world.forget()
    assert [world.evil.connections, world.plain.connections] == [0, 0]


@pytest.mark.parametrize("content", [b"\xff\xfe\x80", "http://evil.example/é".encode()])
def test_a_redirect_that_is_not_text(world: World, content: bytes) -> None:
    """Undecodable bytes raise a ScaleException, or are followed without the key."""
    location = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + content + b"\r\n\r\n"
    world.service.script(before(lambda exchange, reply: exchange.send(location)))
    outcome(lambda: world.client.download_response(f"{world.service.url}/x"))
    assert world.stray_keys() == []


@pytest.mark.parametrize("hops", [5, 21, 60])
def test_an_endless_redirect_chain(world: World, hops: int) -> None:
    """After a few redirects, an error says so."""
    for number in range(hops):
        world.service.script(led_to(f"/v1/{number}", REDIRECTS[number % 5]))
    error = outcome(lambda: world.client.download_response(f"{world.service.url}/x"))
    assert isinstance(error, ScaleBadResponse)
    assert "expected a file after at most 3 redirects" in error.message
    assert error.status in REDIRECTS
    assert len(world.service.requests) == 4


def test_the_key_is_not_sent_after_a_detour(world: World) -> None:
    """If another host redirects back, the key is not sent again."""
    world.service.script(led_to(world.fill("http://EVIL/there")))
    world.evil.script(led_to(world.fill("http://API/v1/back")))
    assert world.client.download_response(f"{world.service.url}/x") == b"stored"
    assert world.stray_keys() == []
    assert carries_key(world.service.requests[0])
    assert not carries_key(world.evil.requests[0])


def test_a_proxy_does_not_see_the_key_for_other_hosts(
    serve: Serve, connect: Connect, world: World
) -> None:
    """Only requests to the service have the key."""
    proxy = serve(default=before(respond(b"stored")))
    client = connect(world.service, proxies={"http": proxy.origin}, max_retries=0)
    client.download_response(world.fill("http://API/v1/x"))
    client.download_response(world.fill("http://EVIL/x"))
    client.download_response(world.fill("http://localhost:PORT/x"))
    assert [carries_key(request) for request in proxy.requests] == [True, False, False]


# Schemes


def test_a_link_without_tls_to_a_service_with_it(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With another scheme, the key is not sent, even to the same host and port."""
    plain = serve(default=before(respond(b"stored")))
    internet = Internet(monkeypatch)
    internet.stand_at(80, plain)
    internet.stand_at(443, plain)  # where the service would be, but for the scheme
    client = connect("https://127.0.0.1/v1", verify=False, max_retries=0, deadline=5)
    links = ["http://127.0.0.1/v1/x", "http://127.0.0.1:443/v1/x", "HTTP://127.0.0.1:80/v1/x"]
    for link in links:
        outcome(lambda link=link: client.download_response(link))  # type: ignore[misc]
    assert not [request for request in plain.requests if carries_key(request)]


def test_a_link_with_tls_to_a_service_without_it(
    serve: Serve, connect: Connect, authority: Authority
) -> None:
    """Another scheme is another origin."""
    secure = serve(tls=authority.server, default=before(respond(b"stored")))
    client = connect(f"http://127.0.0.1:{secure.port}/v1", verify=authority.bundle)
    assert client.download_response(f"{secure.origin}/v1/x") == b"stored"
    assert not carries_key(secure.requests[0])


@pytest.mark.parametrize("status", REDIRECTS)
def test_a_redirect_from_https_to_http_on_the_same_host(
    serve: Serve,
    connect: Connect,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
) -> None:
    """The key is never sent unencrypted."""
    secure = serve(tls=authority.server, default=before(respond(b"stored")))
    plain = serve(default=before(respond(b"stored")))
    internet = Internet(monkeypatch)
    internet.stand_at(443, secure)
    internet.stand_at(80, plain)
    client = connect("https://127.0.0.1/v1", verify=authority.bundle, max_retries=0)
    for location in ("http://127.0.0.1/v1/x", "http:/v1/x", "HTTP://127.0.0.1:80/v1/x"):
        secure.script(led_to(location, status))
        outcome(lambda: client.download_response("https://127.0.0.1/v1/x"))
    assert not [request for request in plain.requests if carries_key(request)]
    assert carries_key(secure.requests[0])


# The service itself


@pytest.mark.parametrize(
    ("base", "link"),
    [
        ("http://127.0.0.1:PORT/v1", "http://127.0.0.1:PORT/v1/x"),
        ("http://127.0.0.1:PORT/v1", "HTTP://127.0.0.1:PORT/v1/x"),
        ("http://127.0.0.1:PORT/v1", "http://127.0.0.1:PORT/elsewhere"),
        ("http://127.0.0.1:PORT/v1", "http://127.0.0.1:PORT"),
        ("http://127.0.0.1:PORT/v1", "http://127.0.0.1:PORT?x=1"),
        ("http://localhost:PORT/v1", "http://LOCALHOST:PORT/v1/x"),
        ("http://API.Example:PORT/v1", "http://api.example:PORT/v1/x"),
        ("http://api.example/v1", "http://api.example:80/v1/x"),
        ("http://api.example:80/v1", "http://api.example/v1/x"),
        ("http://[::1]:PORT/v1", "http://[::1]:PORT/v1/x"),
    ],
)
def test_links_to_the_service_get_the_key(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch, base: str, link: str
) -> None:
    """Schemes and hosts have no case, and each scheme has its port."""
    service = serve(default=before(respond(b"stored")))
    internet = Internet(monkeypatch)
    internet.stand_at(80, service)
    client = connect(base.replace("PORT", str(service.port)))
    assert client.download_response(link.replace("PORT", str(service.port))) == b"stored"
    assert carries_key(service.requests[0])


def test_the_default_port_of_https(
    serve: Serve, connect: Connect, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Port 443 is the default."""
    service = serve(tls=authority.server, default=before(respond(b"stored")))
    Internet(monkeypatch).stand_at(443, service)
    client = connect("https://127.0.0.1/v1", verify=authority.bundle)
    for link in ("https://127.0.0.1:443/v1/x", "https://127.0.0.1/v1/x", "HTTPS://127.0.0.1/x"):
        assert client.download_response(link) == b"stored"
    assert [carries_key(request) for request in service.requests] == [True] * 3


# Ordinary links

#: Paths and queries of storage links, and how they are sent.
ORDINARY = {
    "/bucket/a.json": "/bucket/a.json",
    "/b/a.json?X-Amz-Signature=ab%2Bc%3D&X-Amz-Date=20240312T184002Z": None,
    "/b/a%20b%2Fc.json?sig=a%2Bb%2F%3D%3D&se=2024-03-12T18%3A40%3A02Z": None,
    "/b//double//slash.json?a=1": None,
    "/b/!$&'()*+,;=:@~-._": None,
    "/b/a.json?x=!$'()*,;:@/?~-._&x=2&x": None,
    "/b/a.json?next=http://elsewhere.example/@x": None,
    "/b/a+b.json?a=b+c": None,
    "/b/a.json?": None,
    "/b/r\u00e9sum\u00e9/\u65e5\u672c.json": "/b/r%C3%A9sum%C3%A9/%E6%97%A5%E6%9C%AC.json",
    "/b/\U0001f4e6.json?name=\u65e5": "/b/%F0%9F%93%A6.json?name=%E6%97%A5",
    "/b/a.json#fragment": "/b/a.json",
    "": "/",
    "?a=1": "/?a=1",
}


@pytest.mark.parametrize("base", ["http://storage.example:EPORT", "http://storage.example"])
@pytest.mark.parametrize("way", ["link", "redirect"])
@each(list(ORDINARY))
def test_storage_links_are_sent_unchanged(world: World, base: str, way: str, link: str) -> None:
    """With its signature but without the key, from the caller and in redirects."""
    storage = world.evil if "EPORT" in base else world.plain
    url = world.fill(base) + link
    if way == "redirect":
        world.service.script(led_to(url))
        url = f"{world.service.url}/task/t/response_url/u"
    assert world.client.download_response(url) == b"stored"
    (request,) = storage.requests
    assert not carries_key(request)
    assert "authorization" not in request.headers
    sent = ORDINARY[link]
    assert request.target.rstrip("?") == (link if sent is None else sent).rstrip("?")


@pytest.mark.parametrize(
    ("link", "host"),
    [
        ("http://b\u00fccher.example:EPORT/x", "xn--bcher-kva.example"),
        ("http://xn--bcher-kva.example:EPORT/x", "xn--bcher-kva.example"),
        ("http://my_bucket.storage.example:EPORT/x", "my_bucket.storage.example"),
        ("http://a.b-c.d0.storage.example:EPORT/x", "a.b-c.d0.storage.example"),
        ("http://127.0.0.2:EPORT/x", "127.0.0.2"),
        ("http://[::1]:EPORT/x", "::1"),
    ],
)
def test_a_storage_host_of_another_kind(world: World, link: str, host: str) -> None:
    """Non-ASCII names, names with an underscore, and addresses."""
    assert world.client.download_response(world.fill(link)) == b"stored"
    assert world.internet.looked_up == [host]
    assert world.stray_keys() == []


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/v1/other", "/v1/other"),
        ("other", "/v1/task/t/other"),
        ("../other?x=1", "/v1/task/other?x=1"),
        ("?x=1", "/v1/task/t/x?x=1"),
        ("http://API/v1/other", "/v1/other"),
        ("//API/v1/other", "/v1/other"),
        ("/v1/other#part", "/v1/other"),
    ],
)
@pytest.mark.parametrize("status", REDIRECTS)
def test_a_redirect_within_the_service_keeps_the_key(
    world: World, location: str, target: str, status: int
) -> None:
    """Relative links are read as browsers read them, and the method stays GET."""
    world.service.script(led_to(world.fill(location), status))
    assert world.client.download_response(f"{world.service.url}/task/t/x") == b"stored"
    assert [request.method for request in world.service.requests] == ["GET", "GET"]
    assert world.service.requests[1].target == target
    assert carries_key(world.service.requests[1])


def test_every_request_has_a_host_header(world: World) -> None:
    """A precondition of the tables above."""
    world.client.download_response(world.fill("http://EVIL/x"))
    assert world.evil.requests[0].headers["host"] == world.fill("EVIL")
    assert urlsplit(world.service.url).netloc == world.fill("API")
