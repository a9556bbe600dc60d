"""Valid uploads, and errors for others before anything is sent."""

from __future__ import annotations

import array
import asyncio
import bz2
import gzip
import io
import lzma
import mimetypes
import mmap
import os
import sys
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO
from unittest.mock import MagicMock

import numpy as np
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
    """It is opened, sent with its name and type, and closed."""
    with open_upload(kind(path)) as upload:
        assert (upload.name, upload.mime_type) == ("a photo.png", "image/png")
        assert upload.file.read() == CONTENT
    assert upload.file.closed


def test_a_path_is_closed_after_an_error_too(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), open_upload(path) as upload:
        raise ZeroDivisionError
    assert upload.file.closed


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_bytes(kind: Any) -> None:
    with open_upload(("notes.txt", kind(CONTENT))) as upload:
        assert (upload.name, upload.mime_type) == ("notes.txt", "text/plain")
        assert upload.file.read() == CONTENT


def test_file_object(path: Path) -> None:
    """It is sent from its current position, and not closed."""
    with path.open("rb") as file:
        file.seek(4)
        with open_upload(file) as upload:
            assert upload.file is file
            assert (upload.name, upload.mime_type) == ("a photo.png", "image/png")
            assert upload.file.tell() == 4
        assert not file.closed


def test_file_object_without_a_name() -> None:
    with open_upload(io.BytesIO(CONTENT)) as upload:
        assert (upload.name, upload.mime_type) == ("file", "application/octet-stream")


def test_file_whose_name_is_a_number() -> None:
    """Such as a temporary file, whose name is a number."""
    with tempfile.TemporaryFile() as file, open_upload(file) as upload:
        assert upload.name == "file"


def test_an_explicit_name_takes_precedence(path: Path) -> None:
    with open_upload(("other.jpg", path)) as upload:
        assert (upload.name, upload.mime_type) == ("other.jpg", "image/jpeg")


def test_a_pipe_is_read_into_a_file_that_can_be_sent_twice() -> None:
    reading, writing = os.pipe()
    os.write(writing, CONTENT)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe, open_upload(("a.txt", pipe)) as upload:
        for _ in range(2):
            upload.file.seek(0)
            assert upload.file.read() == CONTENT
    assert upload.file.closed


class OnlyRead:
    """A minimal file object."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)

    def read(self, size: int = -1) -> bytes:
        return self._content.read(size)


def test_an_object_with_read_is_enough() -> None:
    source: Any = OnlyRead(CONTENT)
    with open_upload(source) as upload:
        assert upload.file.read() == CONTENT


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_not_valid_text(tmp_path: Path) -> None:
    """Undecodable bytes are replaced by question marks."""
    path = os.fsencode(tmp_path) + b"/caf\xe9.png"
    Path(os.fsdecode(path)).write_bytes(CONTENT)
    with open_upload(os.fsdecode(path)) as upload:
        assert (upload.name, upload.mime_type) == ("caf?.png", "image/png")


def closed_file() -> io.BytesIO:
    file = io.BytesIO(CONTENT)
    file.close()
    return file


@pytest.mark.parametrize(
    ("source", "filename", "text"),
    [
        (None, None, "file must be a file object, a path or bytes, not NoneType"),
        (5, None, "file must be a file object, a path or bytes, not int"),
        (["a.png"], None, "file must be a (name, file) or (name, file, type) tuple"),
        (object(), None, "file must be a file object, a path or bytes, not object"),
        ("", None, "file must not be an empty path"),
        ("no/such/file.png", None, "file cannot be opened: "),
        ("a\x00b", None, "file cannot be opened: "),
        (closed_file(), None, "file is closed"),
        (CONTENT, ["a"], "filename must be a string, not list"),
        (CONTENT, "\ud800", "filename must be valid Unicode text"),
    ],
)
def test_rejects_invalid_files(source: Any, filename: Any, text: str) -> None:
    with pytest.raises(ScaleArgumentError) as caught, open_upload((filename, source)):
        pytest.fail("it was opened")
    assert str(caught.value).startswith(text)
    assert caught.value.argument in {"file", "filename"}


def test_rejects_folders(tmp_path: Path) -> None:
    with (
        pytest.raises(ScaleArgumentError, match=r"^file cannot be opened"),
        open_upload(tmp_path),
    ):
        pytest.fail("it was opened")


@pytest.mark.parametrize("size", [10, 11])
@pytest.mark.parametrize("seekable", [True, False])
def test_size(size: int, seekable: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exactly the limit is accepted; one byte more is rejected, and pipes are not read further."""
    monkeypatch.setattr(module, "UPLOAD_LIMIT", 10)
    monkeypatch.setattr(module, "_PIECE", 4)
    content = b"x" * size
    source: Any = io.BytesIO(content) if seekable else OnlyRead(content)
    if size <= 10:
        with open_upload(source) as upload:
            assert upload.file.read() == content
        return
    with pytest.raises(ScaleArgumentError, match="must be at most"), open_upload(source):
        pytest.fail("it was taken")


def test_the_size_counts_from_the_current_position(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "UPLOAD_LIMIT", 10)
    file = io.BytesIO(b"x" * 100)
    file.seek(95)
    with open_upload(file) as upload:
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
    with pytest.raises(ScaleArgumentError, match="must be at most"), open_upload(endless):
        pytest.fail("it was taken")
    assert endless.given == 12


def sent(source: Any) -> bytes:
    """The content that is sent, which is the same on a second attempt."""
    with open_upload(source) as upload:
        start = upload.file.tell()
        first = upload.file.read()
        upload.file.seek(start)
        assert upload.file.read() == first
    return first


class Wrapper:
    """A file object that delegates to another."""

    def __init__(self, content: bytes = CONTENT) -> None:
        self.inner = io.BytesIO(content)

    def read(self, size: int = -1) -> Any:
        return self.inner.read(size)

    def seek(self, offset: int, whence: int = 0) -> Any:
        return self.inner.seek(offset, whence)

    def tell(self) -> Any:
        return self.inner.tell()

    def seekable(self) -> Any:
        return True


def broken(*_: object) -> Any:
    raise OSError(5, "Input/output error")


def variant(**methods: Any) -> Any:
    """Create a Wrapper with these methods."""
    return type("Variant", (Wrapper,), methods)()


class Once:
    """A file object whose read() has no size argument."""

    def read(self) -> bytes:
        return CONTENT


class Pieces:
    """A file object that returns pieces of the given types."""

    def __init__(self, *pieces: Any) -> None:
        self.pieces = [*pieces, b""]

    def read(self, size: int = -1) -> Any:
        return self.pieces.pop(0)


def pipe() -> BinaryIO:
    reading, writing = os.pipe()
    os.write(writing, CONTENT)
    os.close(writing)
    return os.fdopen(reading, "rb")


def spooled(size: int) -> Any:
    file = tempfile.SpooledTemporaryFile(size)  # noqa: SIM115 - closed by the test
    file.write(CONTENT)
    file.seek(0)
    return file


def mapped() -> mmap.mmap:
    memory = mmap.mmap(-1, len(CONTENT))
    memory[:] = CONTENT
    return memory


def from_zip(folder: Path) -> Any:
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("inner.txt", CONTENT)
    return zipfile.ZipFile(folder / "a.zip").open("inner.txt")


def compressed(folder: Path, kind: Any) -> Any:
    with kind.open(folder / "a.bin", "wb") as file:
        file.write(CONTENT)
    return kind.open(folder / "a.bin")


def text_file(folder: Path, encoding: str, **options: Any) -> Any:
    path = folder / "a.csv"
    path.write_bytes("häß\r\n図\r\n".encode(encoding))
    return path.open(encoding=encoding, **options)


def at(file: Any, size: int) -> Any:
    file.read(size)
    return file


#: Unusual files, and the content to send.
READABLE: dict[str, tuple[Callable[[Path], Any], bytes]] = {
    "no size": (lambda folder: Once(), CONTENT),
    "pipe": (lambda folder: pipe(), CONTENT),
    "no seekable": (lambda folder: variant(seekable=None), CONTENT),
    "seekable lies": (lambda folder: variant(seek=broken), CONTENT),
    "seekable fails": (lambda folder: variant(seekable=broken), CONTENT),
    "tell fails": (lambda folder: variant(tell=broken), CONTENT),
    "tell returns None": (lambda folder: variant(tell=lambda _: None), CONTENT),
    "seek returns None": (
        lambda folder: variant(seek=lambda f, *a: f.inner.seek(*a) and None),
        CONTENT,
    ),
    "seek does nothing": (lambda folder: variant(seek=lambda _, *__: 0), CONTENT),
    "negative size": (lambda folder: variant(tell=lambda f: -f.inner.tell()), CONTENT),
    "more than asked": (lambda folder: variant(read=lambda f, size=-1: f.inner.read()), CONTENT),
    "less than asked": (
        lambda folder: variant(read=lambda f, size=-1: f.inner.read(min(size, 3))),
        CONTENT,
    ),
    "str": (lambda folder: Pieces("012", "345", "6789"), CONTENT),
    "str sometimes": (lambda folder: Pieces(b"012", "345", b"6789"), CONTENT),
    "bytearray": (lambda folder: Pieces(bytearray(CONTENT)), CONTENT),
    "memoryview": (lambda folder: Pieces(memoryview(CONTENT)), CONTENT),
    "seekable str": (
        lambda folder: variant(read=lambda f, size=-1: f.inner.read(size).decode()),
        CONTENT,
    ),
    "seekable bytearray": (
        lambda folder: variant(read=lambda f, size=-1: bytearray(f.inner.read(size))),
        CONTENT,
    ),
    "strided": (lambda folder: memoryview(CONTENT)[::2], CONTENT[::2]),
    "backwards": (lambda folder: memoryview(CONTENT)[::-1], CONTENT[::-1]),
    "two dimensions": (lambda folder: memoryview(CONTENT).cast("B", (2, 5)), CONTENT),
    "array": (lambda folder: array.array("b", CONTENT), CONTENT),
    "numpy": (lambda folder: np.frombuffer(CONTENT, "u1").reshape(2, 5).T, b"0516273849"),
    "mmap": (lambda folder: mapped(), CONTENT),
    "mmap in the middle": (lambda folder: at(mapped(), 4), CONTENT[4:]),
    "gzip": (lambda folder: compressed(folder, gzip), CONTENT),
    "bz2": (lambda folder: compressed(folder, bz2), CONTENT),
    "lzma in the middle": (lambda folder: at(compressed(folder, lzma), 4), CONTENT[4:]),
    "spooled in memory": (lambda folder: spooled(1000), CONTENT),
    "spooled on disk": (lambda folder: spooled(1), CONTENT),
    "zip": (from_zip, CONTENT),
    "StringIO": (lambda folder: io.StringIO("hä\n"), "hä\n".encode()),
    "StringIO in the middle": (lambda folder: at(io.StringIO("hä\n"), 1), "ä\n".encode()),
    "UTF-16": (lambda folder: text_file(folder, "utf-16"), "häß\n図\n".encode()),
    "UTF-16 as it is": (
        lambda folder: text_file(folder, "utf-16", newline=""),
        "häß\r\n図\r\n".encode(),
    ),
    "text in the middle": (lambda folder: at(text_file(folder, "utf-8"), 2), "ß\n図\n".encode()),
    "empty": (lambda folder: io.BytesIO(), b""),
    "at its end": (lambda folder: at(io.BytesIO(CONTENT), 10), b""),
    "empty StringIO": (lambda folder: io.StringIO(), b""),
    "bytes without a name": (lambda folder: CONTENT, CONTENT),
    "pair": (lambda folder: ("a.png", CONTENT), CONTENT),
    "list": (lambda folder: ["a.png", io.BytesIO(CONTENT), "image/gif"], CONTENT),
}


@pytest.mark.parametrize("kind", READABLE)
def test_readable_files_are_sent(kind: str, tmp_path: Path) -> None:
    make, content = READABLE[kind]
    source = make(tmp_path)
    assert sent(source) == content
    with suppress(AttributeError):
        source.close()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such files")
@pytest.mark.parametrize("opened", [False, True], ids=["path", "file"])
def test_kernel_files_are_read_despite_size_zero(opened: bool) -> None:
    """Its reported size is 0."""
    path = Path("/proc/self/status")
    with path.open("rb") as file:
        assert sent(file if opened else path).startswith(b"Name:")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no /dev")
def test_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "UPLOAD_LIMIT", 10)
    assert sent("/dev/null") == b""
    with pytest.raises(ScaleArgumentError, match=r"^file must be at most"):
        sent("/dev/zero")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")
def test_a_named_pipe(tmp_path: Path) -> None:
    """Opening one would block until there is a writer."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(ScaleArgumentError, match=r"^file is a named pipe; open it"):
        sent(path)


class AsyncFile:
    async def read(self, size: int = -1) -> bytes:
        return CONTENT


class AsyncInside(Wrapper):
    def read(self, size: int = -1) -> Any:
        future = asyncio.Future[bytes](loop=MagicMock())
        future.set_result(CONTENT)
        return future


class Detached(io.BytesIO):
    @property
    def name(self) -> str:
        raise ValueError("underlying buffer has been detached")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("source", "text"),
    [
        (Pieces(None), "file is non-blocking and has no data yet"),
        (Pieces(b"0123", None), "file is non-blocking"),
        (variant(read=lambda _, size=-1: None), "file is non-blocking and has no data yet"),
        (AsyncFile(), "file has an async read(); await it and pass the bytes"),
        (AsyncInside(), "file has an async read(); await it and pass the bytes"),
        (Pieces(5), "file cannot be read: memoryview: a bytes-like object is required"),
        (Pieces("\ud800"), "file cannot be read: 'utf-8' codec can't encode character"),
        (variant(read=broken), "file cannot be read: [Errno 5] Input/output error"),
        (variant(read=lambda _, size=-1: {}[1]), "file cannot be read: 1"),
        (variant(closed=True), "file is closed"),
        (MagicMock(), "file cannot be "),
        (io.TextIOWrapper(io.BytesIO(b"\xff"), "utf-8"), "file cannot be read: 'utf-8' codec"),
        (gzip.GzipFile(fileobj=io.BytesIO(b"no gzip")), "file cannot be read: Not a gzipped file"),
        (gzip.GzipFile(fileobj=io.BytesIO(gzip.compress(CONTENT)[:-9])), "file cannot be read: "),
        (Detached(CONTENT), "file cannot be read: underlying buffer has been detached"),
        (np.array(["a", None], dtype=object), "file must not be an array of objects"),
        ((1, 2, 3, 4), "file must be a (name, file) or (name, file, type) tuple"),
        (("a.png", CONTENT, "image/png\r\nX-Injected: 1"), "file must have a MIME type such as"),
    ],
    ids=lambda value: None if isinstance(value, str) else type(value).__name__,
)
def test_rejects_unreadable_files(source: Any, text: str) -> None:
    with pytest.raises(ScaleArgumentError) as caught:
        sent(source)
    assert str(caught.value).startswith(text)
    assert caught.value.argument == "file"


class Forgetful(Wrapper):
    """A file that cannot seek back."""

    def seek(self, offset: int, whence: int = 0) -> int:
        return self.inner.seek(offset, whence) if whence else self.inner.tell()


def test_a_file_that_cannot_be_rewound() -> None:
    """After determining its size, it is at the end and cannot be read."""
    with pytest.raises(ScaleArgumentError, match=r"^file cannot be rewound"):
        sent(Forgetful())


@pytest.mark.parametrize(
    ("name", "mime_type"),
    [
        ("a.json", "application/json"),
        ("a.json.gz", "application/gzip"),
        ("A.JSON.GZ", "application/gzip"),
        ("a.gz", "application/gzip"),
        ("a.tar.gz", "application/gzip"),
        ("a.tgz", "application/gzip"),
        ("a.svgz", "application/gzip"),
        ("a.csv.bz2", "application/x-bzip2"),
        ("a.csv.xz", "application/x-xz"),
        ("a.js.br", "application/x-brotli"),
        ("a.tar.Z", "application/x-compress"),
        ("a.json.zst", "application/zstd"),
        ("a", "application/octet-stream"),
        ("a.unknown", "application/octet-stream"),
        ("http://[a.png", "image/png"),
        ("data:text/html,a.png", "image/png"),
        ("a b?c#d.png", "image/png"),
    ],
)
def test_type(name: str, mime_type: str) -> None:
    """The type is that of the encoding."""
    with open_upload((name, CONTENT)) as upload:
        assert upload.mime_type == mime_type


def test_every_encoding_of_mimetypes_has_a_type() -> None:
    mimetypes.init()
    for ending in mimetypes.encodings_map:
        with open_upload((f"a.json{ending}", CONTENT)) as upload:
            assert upload.mime_type not in {"application/json", "application/octet-stream"}


@pytest.mark.parametrize("given", [(None, CONTENT), ("", CONTENT), ("a.png", ("b.gif", CONTENT))])
def test_name_of_a_tuple(given: Any) -> None:
    """The outermost name is used; missing parts have defaults."""
    with open_upload(given) as upload:
        assert upload.name == (given[0] or "file")


def test_an_explicit_type() -> None:
    with open_upload(("a.png", CONTENT, "image/gif")) as upload:
        assert upload.mime_type == "image/gif"


def test_a_file_that_is_decoded_while_it_is_read(tmp_path: Path) -> None:
    """The decompressed JSON is sent, despite the name."""
    with gzip.open(tmp_path / "a.json.gz", "wb") as file:
        file.write(b"{}")
    source: Any = gzip.open(tmp_path / "a.json.gz")  # noqa: SIM115 - of a type that is not IO
    with source, open_upload(source) as upload:
        assert (upload.name, upload.mime_type) == ("a.json.gz", "application/json")


@pytest.mark.parametrize(
    ("name", "sent_as"),
    [(b"x/y.png", "y.png"), (Path("x/y.png"), "y.png"), ("<stdin>", "file"), ("", "file")],
)
def test_names_of_file_objects(name: Any, sent_as: str) -> None:
    named = type("Named", (io.BytesIO,), {"name": name})(CONTENT)
    with open_upload(named) as upload:
        assert upload.name == sent_as
