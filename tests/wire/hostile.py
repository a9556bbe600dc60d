"""Invalid responses, as bytes, and the calls that must handle them."""

from __future__ import annotations

import gzip
import itertools
import json
import zlib
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from scaleapi import ScaleClient
from tests.wire.server import Exchange, Reply, Step, before

#: A call of each kind. What it returns is looked at as well, as a program would.
CALLS: dict[str, Callable[[ScaleClient, str], Any]] = {
    "get_task": lambda client, url: repr(client.get_task("t")),
    "get_tasks": lambda client, url: repr(list(client.get_tasks("p"))),
    "get_batches": lambda client, url: repr(list(client.get_batches())),
    "create_task": lambda client, url: repr(client.create_task("imageannotation", unique_id="u")),
    "upload_file": lambda client, url: repr(client.upload_file(b"data", filename="a")),
    "projects": lambda client, url: repr(client.projects()),
    "batch_status": lambda client, url: repr(client.batch_status("b")),
    "download_response": lambda client, url: client.download_response(f"{url}/a"),
    "invite_teammates": lambda client, url: repr(client.invite_teammates(["a@b.c"], "member")),
}

_KEYS = ["task_id", "id", "name", "type", "status", "docs", "total", "has_more", "next_token"]
_KEYS += ["created_at", "error", "params"]

_TEXT = st.text(st.characters(exclude_categories=()), max_size=12)  # lone surrogates too

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=6,
)

#: The right keys with any values, so that some come past the first check.
_OBJECTS = st.dictionaries(st.sampled_from(_KEYS) | _TEXT, _VALUES, max_size=8)

#: A task, or a page of tasks, that is good but for some of its keys.
_GOOD = {"task_id": "t", "id": "f", "attachment_url": "u", "name": "n", "total": 1, "type": "x"}
_NEARLY = st.builds(lambda odd, docs: {**_GOOD, "docs": docs, **odd}, _OBJECTS, st.lists(_OBJECTS))

_BODIES = st.one_of(
    st.builds(lambda value: json.dumps(value).encode(), _VALUES | _NEARLY | _NEARLY | _NEARLY),
    st.integers(0, 1100).map(lambda depth: b'{"error":' + b"[" * depth + b"]" * depth + b"}"),
    st.binary(max_size=200),
    st.sampled_from(
        [
            b"",
            b"[" * 100_000,
            b'{"a":' * 100_000,
            b'{"error":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
            b"9" * 10_000,
            b'{"task_id": "t", "total": ' + b"9" * 10_000 + b"}",
            b'{"docs": [], "total": 1e999, "has_more": 1, "next_token": ""}',
            b'{"error": "\xed\xa0\x80"}',
            b'"\\ud800"',
            '{"task_id": "t"}'.encode("utf-16"),
            b'\xef\xbb\xbf{"task_id": "t"}',
            b'{"task_id": "t", "task_id": [' + b"0," * 50_000 + b"0]}",
            b"(" * 100_000,
            b"\x00" * 1_000,
        ]
    ),
)

_STATUSES = st.one_of(
    st.just(200),
    st.just(200),
    st.sampled_from([200, 200, 200, 201, 204, 302, 400, 404, 409, 409, 429, 500, 503, 520]),
    st.integers(100, 999),
    st.sampled_from([0, 99, 1000, -1, 10**20]),
).map(lambda status: f"HTTP/1.1 {status} Reason\r\n".encode()) | st.sampled_from(
    [
        b"HTTP/1.1 200\r\n",
        b"HTTP/1.1\r\n",
        b"HTTP/0.9 200 OK\r\n",
        b"HTTP/2 200 OK\r\n",
        b"ICY 200 OK\r\n",
        b"HTTP/1.1 200 " + b"x" * 70_000 + b"\r\n",
        b"\r\n\r\n",
        b"",
    ]
)

_ENCODINGS = st.sampled_from(
    [None] * 8
    + ["gzip", "deflate", "GZIP", "gzip, gzip", ", ".join(["gzip"] * 50), "br", "zstd", "identity"]
    + ["x-unknown", "\xff", ""]
)

_HEADERS = (
    st.just([])
    | st.just([])
    | st.lists(
        st.one_of(
            st.sampled_from(
                [
                    b"Content-Type: application/json; charset=no-such-charset",
                    b"Content-Type: text/html; charset=utf-16",
                    b"X-Fold: one\r\n two\r\n\tthree",
                    b" folded from the start",
                    b"X-Bare: a\rb\rc",
                    b"X-Nul: a\x00b",
                    b"no colon at all",
                    b": no name",
                    b"X-Long: " + b"x" * 70_000,
                    b"\r\n".join(b"X-%d: 1" % number for number in range(200)),
                    b"X-Bytes: \xff\xfe\x80",
                    b"Transfer-Encoding: gzip, chunked",
                    b"Transfer-Encoding: nothing",
                    b"Connection: keep-alive, close, x",
                    b"Set-Cookie: a=b; Domain=\xff; Expires=never",
                    b"Retry-After: 0",
                    b"Retry-After: 1e400",
                    b"Retry-After: -99999999999999999999999",
                    b"Retry-After: Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
                    b"Date: Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
                    b"Date: Sat, 03 Feb 2001 04:05:06 +99999999999999999999",
                    b"Location: http://[::1",
                    b"Location: //\xff/\x01",
                    b"Location: /v1/again",
                    b"Content-Length: 3",
                ]
            ),
            st.binary(max_size=40).map(lambda line: line.replace(b"\n", b"")),
        ),
        max_size=4,
    )
)

_LENGTHS = st.sampled_from(
    ["-1", "x", "", "5, 5", "5, 6", "0", "1", "7", "999999999", "1" * 400, "1" * 5_000, "+5", "5_0"]
)


def _packed(encoding: str | None, body: bytes, flaw: int) -> bytes:
    """Encode a body as its Content-Encoding says, or slightly wrong."""
    name = (encoding or "").lower()
    for _ in range(min(2, name.count("gzip"))):
        body = gzip.compress(body, 1)
    if name == "deflate":
        body = zlib.compress(body, 1)
    if flaw == 1:
        return body[: len(body) // 2]
    if flaw == 2:
        return body[:5] + b"\xff\x00\xff" + body[8:]
    return body


def _framed(framing: int, length: str, body: bytes) -> bytes:
    """Append a body with a correct or incorrect length."""
    chunk = b"%x\r\n%s\r\n" % (len(body), body)
    return [
        b"Content-Length: %d\r\n\r\n%s" % (len(body), body),
        b"Content-Length: %s\r\n\r\n%s" % (length.encode(), body),
        b"Content-Length: %d\r\nContent-Length: 3\r\n\r\n%s" % (len(body), body),
        b"\r\n" + body,
        b"Transfer-Encoding: chunked\r\n\r\n" + chunk + b"0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n" + chunk + b"0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n" + chunk,
        b"Transfer-Encoding: chunked\r\n\r\n%x;%s\r\n%s\r\n0;a=b\r\nX-Trailer: 1\r\n\r\n"
        % (len(body), b"e=" + b"x" * 5_000, body),
        b"Transfer-Encoding: chunked\r\n\r\n-5\r\n" + body,
        b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 30 + b"\r\n" + body,
        b"Transfer-Encoding: chunked\r\n\r\n\r\n" + body,
    ][framing]


@st.composite
def _answers(draw: st.DrawFn) -> bytes:
    encoding = draw(_ENCODINGS)
    body = _packed(encoding, draw(_BODIES), draw(st.sampled_from([0, 0, 0, 1, 2])))
    lines = list(draw(_HEADERS))
    if encoding is not None:
        lines.append(f"Content-Encoding: {encoding}".encode("latin-1"))
    head = b"".join(line + b"\r\n" for line in lines)
    framing = draw(st.sampled_from([0] * 10 + list(range(11))))
    return draw(_STATUSES) + head + _framed(framing, draw(_LENGTHS), body)


#: What a service sends to the attempts of one call, over and over.
ANSWERS = st.lists(_answers(), min_size=1, max_size=3)


def play(responses: Sequence[bytes]) -> Step:
    """Send each response to one request, then close the connection."""
    following = itertools.cycle(responses)

    def fault(exchange: Exchange, reply: Reply) -> None:
        exchange.send(next(following))
        exchange.close()

    return before(fault)
