"""What may be uploaded, and what is refused before anything is sent."""

from __future__ import annotations

import io
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from scaleapi import ScaleArgumentError
from scaleapi._http import uploads as module
from scaleapi._http.uploads import UPLOAD_LIMIT, open_upload

CONTENT = b"0123456789"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a photo.png"
    path.write_bytes(CONTENT)
    return path


def test_the_limit_is_80_mb() -> None:
    assert UPLOAD_LIMIT == 80 * 1024 * 1024


@pytest.mark.parametrize("kind", [str, Path, os.fspath])
def test_path(path: Path, kind: Any) -> None:
    """It is opened, named and typed after itself, and closed again."""
    with open_upload(kind(path), None) as upload:
        assert (upload.name, upload.mime_type) == ("a photo.png", "image/png")
        assert upload.file.read() == CONTENT
    assert upload.file.closed


def test_a_path_is_closed_after_an_error_too(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), open_upload(path, None) as upload:
        raise ZeroDivisionError
    assert upload.file.closed


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_bytes(kind: Any) -> None:
    with open_upload(kind(CONTENT), "notes.txt") as upload:
        assert (upload.name, upload.mime_type) == ("notes.txt", "text/plain")
        assert upload.file.read() == CONTENT


def test_file_object(path: Path) -> None:
    """It is sent from where it stands, and stays open: it is the caller's."""
    with path.open("rb") as file:
        file.seek(4)
        with open_upload(file, None) as upload:
            assert upload.file is file
            assert (upload.name, upload.mime_type) == ("a photo.png", "image/png")
            assert upload.file.tell() == 4
        assert not file.closed


def test_file_object_without_a_name() -> None:
    with open_upload(io.BytesIO(CONTENT), None) as upload:
        assert (upload.name, upload.mime_type) == ("file", "application/octet-stream")


def test_file_whose_name_is_a_number() -> None:
    """Such as a temporary file; a number would say nothing to the service."""
    with tempfile.TemporaryFile() as file, open_upload(file, None) as upload:
        assert upload.name == "file"


def test_a_given_name_wins(path: Path) -> None:
    with open_upload(path, "other.jpg") as upload:
        assert (upload.name, upload.mime_type) == ("other.jpg", "image/jpeg")


def test_a_pipe_is_read_into_a_file_that_can_be_sent_twice() -> None:
    reading, writing = os.pipe()
    os.write(writing, CONTENT)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe, open_upload(pipe, "a.txt") as upload:
        for _ in range(2):
            upload.file.seek(0)
            assert upload.file.read() == CONTENT
    assert upload.file.closed


class OnlyRead:
    """The least that is a file."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)

    def read(self, size: int = -1) -> bytes:
        return self._content.read(size)


def test_an_object_with_read_is_enough() -> None:
    source: Any = OnlyRead(CONTENT)
    with open_upload(source, None) as upload:
        assert upload.file.read() == CONTENT


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    """What is left of it is sent; the bytes that mean nothing are question marks."""
    path = os.fsencode(tmp_path) + b"/caf\xe9.png"
    Path(os.fsdecode(path)).write_bytes(CONTENT)
    with open_upload(os.fsdecode(path), None) as upload:
        assert (upload.name, upload.mime_type) == ("caf?.png", "image/png")


def closed_file() -> io.BytesIO:
    file = io.BytesIO(CONTENT)
    file.close()
    return file


@pytest.mark.parametrize(
    ("source", "filename", "text"),
    [
        (None, None, "file must be a binary file, a path or bytes, not NoneType"),
        (5, None, "file must be a binary file, a path or bytes, not int"),
        (["a.png"], None, "file must be a binary file, a path or bytes, not list"),
        (object(), None, "file must be a binary file, a path or bytes, not object"),
        ("", None, "file must not be an empty path"),
        ("no/such/file.png", None, "file cannot be opened: "),
        ("a\x00b", None, "file cannot be opened: "),
        (closed_file(), None, "file is closed"),
        (io.StringIO("text"), None, "file is open as text; open it with mode 'rb'"),
        (b"", None, "filename must be given when the file is bytes"),
        (CONTENT, "", "filename must not be empty"),
        (CONTENT, 5, "filename must be a string, not int"),
        (CONTENT, "\ud800", "filename must be valid Unicode text"),
    ],
)
def test_refused(source: Any, filename: Any, text: str) -> None:
    with pytest.raises(ScaleArgumentError) as caught, open_upload(source, filename):
        pytest.fail("it was opened")
    assert str(caught.value).startswith(text)
    assert caught.value.argument in {"file", "filename"}


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(ScaleArgumentError, match=r"^file cannot be opened"),
        open_upload(tmp_path, None),
    ):
        pytest.fail("it was opened")


def test_a_file_open_as_text_is_refused(path: Path) -> None:
    text: Any = path.open(encoding="utf-8")
    with text, pytest.raises(ScaleArgumentError, match="mode 'rb'"), open_upload(text, None):
        pytest.fail("it was taken")


@pytest.mark.parametrize("size", [10, 11])
@pytest.mark.parametrize("seekable", [True, False])
def test_size(size: int, seekable: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit itself may be uploaded, a byte more may not: of a pipe no more is read."""
    monkeypatch.setattr(module, "UPLOAD_LIMIT", 10)
    monkeypatch.setattr(module, "_PIECE", 4)
    content = b"x" * size
    source: Any = io.BytesIO(content) if seekable else OnlyRead(content)
    if size <= 10:
        with open_upload(source, "a") as upload:
            assert upload.file.read() == content
        return
    with pytest.raises(ScaleArgumentError, match="must be at most"), open_upload(source, "a"):
        pytest.fail("it was taken")


def test_only_what_is_left_of_a_file_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "UPLOAD_LIMIT", 10)
    file = io.BytesIO(b"x" * 100)
    file.seek(95)
    with open_upload(file, None) as upload:
        assert upload.file.read() == b"x" * 5


def test_an_endless_pipe_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "UPLOAD_LIMIT", 10)
    monkeypatch.setattr(module, "_PIECE", 4)

    class Endless:
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            assert self.given < 100
            return b"x" * size

    endless: Any = Endless()
    with pytest.raises(ScaleArgumentError, match="must be at most"), open_upload(endless, "a"):
        pytest.fail("it was taken")
    assert endless.given == 12
