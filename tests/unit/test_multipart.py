"""Streamed multipart bodies are identical to those of urllib3."""

from __future__ import annotations

import io
import math
import re
from decimal import Decimal
from email import message_from_bytes
from email.message import Message
from types import MappingProxyType
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3.filepost import encode_multipart_formdata

from scaleapi import TaskType
from scaleapi._http.multipart import Multipart
from scaleapi._http.uploads import Upload
from scaleapi.exceptions import ScaleArgumentError
from tests.unit.quick import quick

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def boundary_of(multipart: Multipart) -> str:
    found = re.fullmatch(r"multipart/form-data; boundary=(\w+)", multipart.content_type)
    assert found
    return found[1]


def read_all(multipart: Multipart, sizes: list[int]) -> bytes:
    """Read in pieces of these sizes, repeating the last one."""
    pieces = []
    while True:
        size = sizes[min(len(pieces), len(sizes) - 1)]
        piece = multipart.read(size)
        assert len(piece) <= size
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)


@given(
    fields=st.dictionaries(TEXT.filter(bool), TEXT.filter(bool), max_size=4),
    content=st.binary(max_size=300),
    start=st.integers(0, 50),
    name=TEXT.filter(bool),
    sizes=st.lists(st.integers(1, 120), min_size=1, max_size=8),
)
@quick
def test_bytes_are_those_of_urllib3(
    fields: dict[str, str], content: bytes, start: int, name: str, sizes: list[int]
) -> None:
    file = io.BytesIO(content)
    file.seek(min(start, len(content)))
    multipart = Multipart(fields, Upload(file, name, "image/png"))
    expected, content_type = encode_multipart_formdata(
        [*fields.items(), ("file", (name, content[start:], "image/png"))], boundary_of(multipart)
    )
    assert multipart.content_type == content_type
    assert len(multipart) == len(expected)
    assert read_all(multipart, sizes) == expected
    multipart.rewind()
    assert read_all(multipart, [8192]) == expected


def test_reading_without_a_size_goes_on_to_the_end() -> None:
    multipart = Multipart({"a": "b"}, Upload(io.BytesIO(b"content"), "n", "text/plain"))
    expected = read_all(multipart, [8192])
    multipart.rewind()
    pieces = list(iter(multipart.read, b""))
    assert b"".join(pieces) == expected
    assert multipart.read() == b""


def test_rewind_restarts_the_body() -> None:
    multipart = Multipart({}, Upload(io.BytesIO(b"content"), "n", "text/plain"))
    expected = read_all(multipart, [8192])
    for read in range(len(expected)):
        multipart.rewind()
        got = b""
        while len(got) < read:
            got += multipart.read(read - len(got))
        multipart.rewind()
        assert read_all(multipart, [8192]) == expected


def test_each_body_has_a_boundary_of_its_own() -> None:
    bodies = [Multipart({}, Upload(io.BytesIO(b""), "n", "t/t")) for _ in range(2)]
    assert boundary_of(bodies[0]) != boundary_of(bodies[1])


def fields_of(**fields: object) -> list[tuple[str, str]]:
    """The names and values of form fields."""
    multipart = Multipart(fields, Upload(io.BytesIO(b""), "n", "t/t"))
    head = f"Content-Type: {multipart.content_type}\r\n\r\n".encode()
    parts = message_from_bytes(head + read_all(multipart, [8192])).get_payload()
    return [
        (str(part.get_param("name", header="Content-Disposition")), str(part.get_payload()))
        for part in parts
        if isinstance(part, Message) and part.get_filename() is None
    ]


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        (None, []),
        ("", []),
        ([], []),
        ("p", ["p"]),
        (b"p", ["p"]),
        (5, ["5"]),
        (Decimal("1.50"), ["1.50"]),
        (np.int64(5), ["5"]),
        (UUID(int=1), ["00000000-0000-0000-0000-000000000001"]),
        (TaskType.Chat, ["chat"]),
        (True, ["True"]),
        (["P", "Q"], ["P", "Q"]),
        (("P", TaskType.Chat, 5, False), ["P", "chat", "5", "False"]),
        ({"P": 1, "Q": 2}.keys(), ["P", "Q"]),
        (np.array(["P", "Q"]), ["P", "Q"]),
        ({"a": [1, None]}, ['{"a": [1, null]}']),
        (MappingProxyType({"a": 1}), ['{"a": 1}']),
    ],
    ids=repr,
)
def test_fields(value: object, texts: list[str]) -> None:
    """A list is a repeated field, a dict is JSON, and a bool is written as in a query."""
    assert fields_of(x=value) == [("x", text) for text in texts]


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({"a": math.nan}, "x must be JSON: "),
        ({("a",): 1}, "x must be JSON: "),
        ({"a": {1}}, "x must be JSON: "),
        ("\ud800", "x must be valid Unicode text"),
        (object(), "x must be a string, not object"),
        (["a", None], "each of x must be a string, not NoneType"),
        (10**5000, "x must be a string, not a value of type int"),
    ],
    ids=["NaN", "key", "set", "surrogate", "object", "None", "digits"],
)
def test_a_field_that_cannot_be_sent_is_named(value: object, problem: str) -> None:
    with pytest.raises(ScaleArgumentError, match=f"^{problem}"):
        fields_of(x=value)


@pytest.mark.parametrize("pieces", [[b"too long"], ["text"], [None], [b"con", None], [b""]])
def test_a_file_whose_read_changes_during_the_upload(pieces: list[Any]) -> None:
    """Exactly Content-Length bytes are sent, or the error names the file."""

    class Changing(io.BytesIO):
        def read(self, size: int | None = -1) -> Any:
            return pieces.pop(0)

    multipart = Multipart({}, Upload(Changing(b"content"), "n", "text/plain"))
    with pytest.raises(ScaleArgumentError, match=r"^file "):
        read_all(multipart, [3])


def test_a_file_that_becomes_shorter_is_an_error() -> None:
    """Content-Length cannot be met, and must not be padded."""
    file = io.BytesIO(b"0123456789")
    multipart = Multipart({}, Upload(file, "n", "text/plain"))
    file.truncate(4)
    with pytest.raises(
        ScaleArgumentError, match="file is 6 bytes shorter than when the upload began"
    ):
        read_all(multipart, [8192])


def test_a_file_that_grows_is_sent_as_it_was() -> None:
    file = io.BytesIO(b"0123")
    multipart = Multipart({}, Upload(file, "n", "text/plain"))
    file.seek(0, io.SEEK_END)
    file.write(b"4567")
    multipart.rewind()
    body = read_all(multipart, [8192])
    assert len(body) == len(multipart)
    assert b"\r\n\r\n0123\r\n--" in body


@pytest.mark.parametrize("error", [OSError("the disk is gone"), ValueError("closed meanwhile")])
def test_a_file_that_cannot_be_read_is_named(error: Exception) -> None:
    """An OSError of a file must not be retried like a network error."""

    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise error

    multipart = Multipart({}, Upload(Failing(b"content"), "n", "text/plain"))
    with pytest.raises(ScaleArgumentError, match=f"^file cannot be read: {error}$") as caught:
        read_all(multipart, [8192])
    assert caught.value.__cause__ is error
