"""Parsing URLs, and quoting names in paths."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scaleapi import ScaleArgumentError, TaskType
from scaleapi._http.url import Origin, parse_link, path, redirect_target
from tests.unit.quick import quick

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
    lambda name: name not in {".", ".."}
)


@given(NAMES, NAMES)
@example("a bc/def", "../..")
@example("%2F", "?#")
@quick
def test_quoting_round_trips(first: str, second: str) -> None:
    """Names stay within their path segment."""
    filled = path("studio/projects/{project}/groups/{group}", project=first, group=second)
    assert urlsplit(f"https://example.com/v1/{filled}").path == f"/v1/{filled}"
    segments = filled.split("/")
    assert [unquote(segment) for segment in segments] == [
        "studio",
        "projects",
        first,
        "groups",
        second,
    ]
    assert not {"", ".", ".."} & set(segments)
    assert filled.isascii()


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "must not be empty"),
        (".", r"must not be '\.'"),
        ("..", r"must not be '\.\.'"),
        (None, "must be a string, not NoneType"),
        (True, "must be a string, not bool"),
        (b"\xff", "must be valid Unicode text"),
        (["x"], "must be a string, not list"),
        ("\ud800", "must be valid Unicode text"),
    ],
)
def test_rejects_invalid_names(name: object, problem: str) -> None:
    with pytest.raises(ScaleArgumentError, match=f"^task_id {problem}$") as caught:
        path("task/{task_id}", task_id=name)
    assert caught.value.argument == "task_id"


@pytest.mark.parametrize(
    ("name", "segment"),
    [
        (TaskType.Chat, "chat"),
        (5, "5"),
        (b"x/y", "x%2Fy"),
        (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
    ],
)
def test_values_are_converted_to_names(name: object, segment: str) -> None:
    assert path("task/{name}", name=name) == f"task/{segment}"


def test_names_are_not_templates() -> None:
    assert path("batches/{batch}", batch="{batch}") == "batches/%7Bbatch%7D"


@pytest.mark.parametrize(
    ("link", "origin", "target"),
    [
        ("https://h", ("https", "h", 443), "/"),
        ("https://h/", ("https", "h", 443), "/"),
        ("http://h", ("http", "h", 80), "/"),
        ("http://h:80/x", ("http", "h", 80), "/x"),
        ("http://h:443/x", ("http", "h", 443), "/x"),
        ("HTTPS://H.Example/X", ("https", "h.example", 443), "/X"),
        ("https://h:8443/x?y=1&z=%2F#part", ("https", "h", 8443), "/x?y=1&z=%2F"),
        ("https://h?y=1", ("https", "h", 443), "/?y=1"),
        ("https://h#part", ("https", "h", 443), "/"),
        ("https://h/a/../b/./c", ("https", "h", 443), "/b/c"),
        ("https://h/ü", ("https", "h", 443), "/%C3%BC"),
        ("https://h/a@b:c", ("https", "h", 443), "/a@b:c"),
        ("http://[::1]:5000/x", ("http", "[::1]", 5000), "/x"),
        ("http://127.0.0.1:5000/x", ("http", "127.0.0.1", 5000), "/x"),
    ],
)
def test_link(link: str, origin: tuple[str, str, int], target: str) -> None:
    """The key is sent if scheme, host and port are those of the service."""
    url = parse_link(link)
    assert url.origin == Origin(*origin)
    assert url.path == target


#: Characters that parsers take for different things, or that end a header.
MIXED_UP = [
    "http://a\\@b/",
    "http://a:80\\@b:80/x",
    "http://a/\\b",
    "http://a b/",
    "http://a/x y",
    " http://a/",
    "http://a/ ",
    "http://a/\n",
    "http://a/\r\nX: y",
    "http://a\t/",
    "http://a/\x00",
    "http://a/\u2028",
    "ht\ntp://a/",
]

NOT_LINKS = [
    *MIXED_UP,
    "",
    None,
    5,
    b"http://a/",
    "a",
    "/a",
    "//a/b",
    "ftp://a/",
    "file:///a",
    "javascript:alert(1)",
    "http:/a",
    "http:a",
    "http://",
    "http:///a",
    "http:////a",
    "http://[",
    "http://[::1",
    "http://:80/",
    "http://a:0/",
    "http://a:65536/",
    "http://a:b/",
    "http://user@a/",
    "http://user:password@a/",
    "http://@a/",
    "http://a%2Fb/",
    "http://a%00/",
]


@pytest.mark.parametrize("link", NOT_LINKS, ids=repr)
def test_rejects_invalid_links(link: object) -> None:
    """The error does not show the link, which may have a password."""
    with pytest.raises(ValueError, match=r"^(it|its host) ") as caught:
        parse_link(link)
    assert "password@" not in str(caught.value)


@given(st.text())
@example("http://a:80\\@b")
@quick
def test_parsing_is_idempotent(text: str) -> None:
    """Accepted links have the same meaning for urllib3 and for Python's parser."""
    for link in (text, f"http://{text}", f"http://a/{text}"):
        try:
            url = parse_link(link)
        except ValueError:
            continue
        assert parse_link(url.text) == url
        parts = urlsplit(url.text)
        assert f"{parts.scheme}://{parts.hostname}" == f"{url.origin.scheme}://" + (
            url.origin.host.strip("[]")
        )
        assert (parts.port or {"http": 80, "https": 443}[parts.scheme]) == url.origin.port
        assert url.text.isascii()


@pytest.mark.parametrize(
    ("origin", "text", "netloc"),
    [
        (Origin("https", "h", 443), "https://h", "h:443"),
        (Origin("http", "h", 80), "http://h", "h:80"),
        (Origin("http", "h", 443), "http://h:443", "h:443"),
        (Origin("https", "[::1]", 80), "https://[::1]:80", "[::1]:80"),
    ],
)
def test_an_origin_as_text(origin: Origin, text: str, netloc: str) -> None:
    assert (str(origin), origin.netloc) == (text, netloc)


@pytest.mark.parametrize(
    ("base", "text"),
    [
        ("https://h", "https://h/tasks?x=1"),
        ("https://h/v1", "https://h/v1/tasks?x=1"),
        ("http://h:5000/a/v1", "http://h:5000/a/v1/tasks?x=1"),
    ],
)
def test_url_at(base: str, text: str) -> None:
    assert parse_link(base).at("/tasks?x=1").text == text


HERE = parse_link("https://h/v1/task/t/response_url?x=1")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    ("location", "text"),
    [
        ("https://storage/x?sig=1", "https://storage/x?sig=1"),
        ("https://storage:8443", "https://storage:8443/"),
        ("//storage/x", "https://storage/x"),
        ("/x", "https://h/x"),
        ("x", "https://h/v1/task/t/x"),
        ("?y=2", "https://h/v1/task/t/response_url?y=2"),
        ("https://storage/x#part", "https://storage/x"),
        # Headers are read as Latin-1; a service may write UTF-8.
        ("https://storage/ü".encode().decode("latin-1"), "https://storage/%C3%BC"),
        ("https://storage/à".encode().decode("latin-1"), "https://storage/%C3%A0"),
        ("https://storage/\xfc", "https://storage/%C3%BC"),
        ("https://storage/\u0451", "https://storage/%D1%91"),
    ],
)
def test_redirect_targets(status: int, location: str, text: str) -> None:
    target = redirect_target(HERE, status, location)
    assert target is not None
    assert target.text == text


@pytest.mark.parametrize(
    ("status", "location"),
    [(200, "/x"), (201, "/x"), (300, "/x"), (304, "/x"), (404, "/x"), (302, None)],
)
def test_responses_that_are_not_redirects(status: int, location: str | None) -> None:
    assert redirect_target(HERE, status, location) is None


@pytest.mark.parametrize(
    "location",
    [
        *MIXED_UP,
        "",
        "//a\\@b/",
        "\\\\evil/x",
        "/\\evil",
        "ftp://storage/x",
        "javascript:alert(1)",
        "https://user:password@storage/x",
        "https://storage:0/",
        "http://storage/x",  # from HTTPS to HTTP
        "http://h/v1/task/t/response_url",
    ],
)
def test_rejects_unsafe_redirects(location: str) -> None:
    with pytest.raises(ValueError, match=r"^it ") as caught:
        redirect_target(HERE, 302, location)
    assert "password@" not in str(caught.value)


def test_redirects_from_http_to_https_are_allowed() -> None:
    here = parse_link("http://127.0.0.1:5000/v1/x")
    for location in ("http://127.0.0.1:6000/y", "https://storage/y"):
        target = redirect_target(here, 302, location)
        assert target is not None
        assert target.text == location
