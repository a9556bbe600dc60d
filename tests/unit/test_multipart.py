"""The streamed form is byte for byte what urllib3 makes in memory."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3.filepost import encode_multipart_formdata

from scaleapi._http.multipart import Multipart
from scaleapi.exceptions import ScaleArgumentError
from tests.unit.quick import quick

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def boundary_of(multipart: Multipart) -> str:
    found = re.fullmatch(r"multipart/form-data; boundary=(\w+)", multipart.content_type)
    assert found
    return found[1]


def read_all(multipart: Multipart, sizes: list[int]) -> bytes:
    """Read in pieces of these sizes, and then in pieces of the last one."""
    pieces = []
    while True:
        size = sizes[min(len(pieces), len(sizes) - 1)]
        piece = multipart.read(size)
        assert len(piece) <= size
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)


@given(
    fields=st.dictionaries(TEXT, TEXT, max_size=4),
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
    multipart = Multipart(fields, file, name, "image/png")
    expected, content_type = encode_multipart_formdata(
        [*fields.items(), ("file", (name, content[start:], "image/png"))], boundary_of(multipart)
    )
    assert multipart.content_type == content_type
    assert len(multipart) == len(expected)
    assert read_all(multipart, sizes) == expected
    multipart.rewind()
    assert read_all(multipart, [8192]) == expected


def test_reading_without_a_size_goes_on_to_the_end() -> None:
    multipart = Multipart({"a": "b"}, io.BytesIO(b"content"), "n", "text/plain")
    expected = read_all(multipart, [8192])
    multipart.rewind()
    pieces = list(iter(multipart.read, b""))
    assert b"".join(pieces) == expected
    assert multipart.read() == b""


def test_a_rewind_in_the_middle_begins_again() -> None:
    multipart = Multipart({}, io.BytesIO(b"content"), "n", "text/plain")
    expected = read_all(multipart, [8192])
    for read in range(len(expected)):
        multipart.rewind()
        got = b""
        while len(got) < read:
            got += multipart.read(read - len(got))
        multipart.rewind()
        assert read_all(multipart, [8192]) == expected


def test_each_body_has_a_boundary_of_its_own() -> None:
    bodies = [Multipart({}, io.BytesIO(b""), "n", "t/t") for _ in range(2)]
    assert boundary_of(bodies[0]) != boundary_of(bodies[1])


def test_a_file_that_becomes_shorter_is_an_error() -> None:
    """What was announced cannot be sent, and must not be made up."""
    file = io.BytesIO(b"0123456789")
    multipart = Multipart({}, file, "n", "text/plain")
    file.truncate(4)
    with pytest.raises(ScaleArgumentError, match="file became 6 bytes shorter while it was sent"):
        read_all(multipart, [8192])


def test_a_file_that_grows_is_sent_as_it_was() -> None:
    file = io.BytesIO(b"0123")
    multipart = Multipart({}, file, "n", "text/plain")
    file.seek(0, io.SEEK_END)
    file.write(b"4567")
    multipart.rewind()
    body = read_all(multipart, [8192])
    assert len(body) == len(multipart)
    assert b"\r\n\r\n0123\r\n--" in body


@pytest.mark.parametrize("error", [OSError("the disk is gone"), ValueError("closed meanwhile")])
def test_a_file_that_cannot_be_read_is_named(error: Exception) -> None:
    """An OSError of a file is not one of the network, after which the call would be repeated."""

    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise error

    multipart = Multipart({}, Failing(b"content"), "n", "text/plain")
    with pytest.raises(ScaleArgumentError, match=f"^file cannot be read: {error}$") as caught:
        read_all(multipart, [8192])
    assert caught.value.__cause__ is error
