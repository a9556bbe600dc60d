"""What a caller may upload: a file object, a path, or bytes."""

from __future__ import annotations

import inspect
import io
import mimetypes
import os
import re
import stat
import tempfile
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeAlias

from .._arguments import is_given, text_of
from ..exceptions import ScaleArgumentError, ScaleException
from .interruption import interruption

__all__ = ["UPLOAD_LIMIT", "Upload", "Uploadable", "open_upload", "read_piece"]

#: Bytes of one file (https://scale.com/docs/api-reference/file-endpoints: 80 MB).
UPLOAD_LIMIT = 80 * 1024 * 1024

_PIECE = 1024 * 1024

_Source = IO[bytes] | IO[str] | str | os.PathLike[str] | bytes | bytearray | memoryview

#: A file, or a file with a name and perhaps a type, as requests takes them.
Uploadable: TypeAlias = (
    "_Source | tuple[str | None, Uploadable] | tuple[str | None, Uploadable, str | None]"
)

#: Encodings that mimetypes tells apart from the type. What is sent is what they make.
_ENCODED_TYPES = {
    "gzip": "application/gzip",
    "bzip2": "application/x-bzip2",
    "xz": "application/x-xz",
    "compress": "application/x-compress",
    "br": "application/x-brotli",
    "zstd": "application/zstd",
}

#: Endings of these encodings: mimetypes knows them in one case only, or not at all.
_ENCODINGS = {
    ".gz": "gzip",
    ".bz2": "bzip2",
    ".xz": "xz",
    ".z": "compress",
    ".br": "br",
    ".zst": "zstd",
}

#: Files that decode what they read, so that what is sent is not encoded as the name says.
_DECODERS = frozenset({"BZ2File", "GzipFile", "LZMAFile", "ZstdFile"})


class Upload(NamedTuple):
    """A file that is ready to be sent.

    Attributes:
        file: Seekable and binary.
        name: Its name, as the service is to see it.
        mime_type: Its type, guessed from the name.
    """

    file: IO[bytes]
    name: str
    mime_type: str


@contextmanager
def open_upload(source: Uploadable) -> Generator[Upload]:
    """Open what is to be uploaded, and close it if it was opened here.

    Args:
        source: A file object, sent from where it stands, text in UTF-8; a path; or bytes. Or a
            tuple of a name, one of these, and perhaps a type.

    Raises:
        ScaleArgumentError: It cannot be read, or is larger than 80 MB.
    """
    given_name, given_type = None, None
    for _ in range(2):  # a tuple may be given a name too, but may not contain itself
        if isinstance(source, (tuple, list)):
            name, source, mime_type = _parts(source)
            given_name, given_type = given_name or name, given_type or mime_type
    with ExitStack() as stack:
        # What the file does to tell its name and size, and to be read, may fail in any way.
        with _file_errors("cannot be read"):
            file = _opened(source, stack)
            name = given_name or _name_of(source) or "file"
            decoded = type(source).__name__ in _DECODERS
        yield Upload(file, name, given_type or _mime_type(name, decoded=decoded))


def _parts(source: Any) -> tuple[str | None, Any, str | None]:
    if len(source) not in (2, 3):
        raise ScaleArgumentError("file", "must be a (name, file) or (name, file, type) tuple")
    name, file, mime_type = (*source, None)[:3]
    filename = text_of("filename", name) if is_given(name) else None
    if not is_given(mime_type):
        return filename, file, None
    if not isinstance(mime_type, str) or not mime_type.isascii() or not mime_type.isprintable():
        raise ScaleArgumentError("file", "must have a type such as 'image/png'")
    return filename, file, mime_type


@contextmanager
def _file_errors(what: str) -> Generator[None]:
    """Name the file in any error, which to the layers above could be one of the network."""
    try:
        yield
    except ScaleException:
        raise
    except Exception as error:
        if interruption(error) is not None:
            raise
        reason = str(error) or type(error).__name__
        raise ScaleArgumentError("file", f"{what}: {reason}") from error


def _opened(source: Any, stack: ExitStack) -> IO[bytes]:
    if isinstance(source, (str, os.PathLike)):
        return _sendable(stack.enter_context(_opened_path(source)), stack)
    if hasattr(source, "read"):
        if getattr(source, "closed", False) is True:
            raise ScaleArgumentError("file", "is closed")
        if inspect.iscoroutinefunction(source.read):
            raise _async_read()
        if not _takes_size(source.read):
            content = _read(source)
            return _opened(content.encode() if isinstance(content, str) else content, stack)
        return _sendable(source, stack)
    try:
        view = memoryview(source)
    except TypeError:
        raise ScaleArgumentError(
            "file", f"must be a file object, a path or bytes, not {type(source).__name__}"
        ) from None
    if "O" in view.format:  # their addresses
        raise ScaleArgumentError("file", "must not be an array of objects")
    _check_size(view.nbytes)
    return io.BytesIO(source if isinstance(source, bytes) else view.tobytes())


def _opened_path(source: str | os.PathLike[Any]) -> IO[bytes]:
    with _file_errors("cannot be opened"):
        path = os.fsdecode(source)
        if not path:
            raise ScaleArgumentError("file", "must not be an empty path")
        if stat.S_ISFIFO(Path(path).stat().st_mode):
            # Opening it could wait for ever.
            raise ScaleArgumentError("file", "is a named pipe; open it and give the file object")
        return Path(path).open("rb")


def _sendable(file: Any, stack: ExitStack) -> IO[bytes]:
    """Return the file itself if it can be sent again from where it stands, else a copy."""
    size = _size_of(file)
    if size is not None:
        _check_size(size)
        seekable: IO[bytes] = file
        return seekable
    # A pipe can be read only once, but an upload may have to be sent again.
    spool: IO[bytes] = stack.enter_context(tempfile.SpooledTemporaryFile(_PIECE))  # noqa: SIM115
    while spool.tell() <= UPLOAD_LIMIT and (piece := read_piece(file, _PIECE)):
        spool.write(piece)
    _check_size(spool.tell())
    spool.seek(0)
    return spool


def _size_of(file: Any) -> int | None:
    """Return how many bytes are left of a binary, seekable file; ``None`` for any other.

    What the file says is tried: devices and files of the kernel say that they are empty, and
    ``seekable`` may be wrong.
    """
    if isinstance(file, io.TextIOBase):
        return None
    try:
        start = file.tell() if file.seekable() else None
    except Exception:  # noqa: BLE001 - then it is read as a pipe
        return None
    if not isinstance(start, int):
        return None
    try:
        file.seek(0, os.SEEK_END)
        size = file.tell() - start
    except Exception:  # noqa: BLE001 - as above, if it stands where it stood
        size = 0
    if file.tell() != start:
        _rewind(file, start)
    if size <= 0:
        return None
    head = _read(file, 1)
    _rewind(file, start)
    # Some files read text, or ignore how much is asked for.
    return size if isinstance(head, bytes) and len(head) == 1 else None


def _rewind(file: Any, start: int) -> None:
    file.seek(start)
    if file.tell() != start:
        raise ScaleArgumentError("file", "cannot be rewound")


def read_piece(file: Any, size: int) -> bytes:
    """Return the next bytes of a file, ``b""`` at its end; text is encoded as UTF-8.

    Args:
        file: A file object.
        size: How many bytes are wanted. Some files return more.

    Raises:
        ScaleArgumentError: It cannot be read.
    """
    with _file_errors("cannot be read"):
        piece = _read(file, size)
        return piece.encode() if isinstance(piece, str) else piece


def _takes_size(read: Callable[..., object]) -> bool:
    """Return whether a read method takes how much is wanted; some only read all at once."""
    try:
        inspect.signature(read).bind(1)
    except TypeError:
        return False
    except ValueError:  # a built-in without a signature
        return True
    return True


def _read(file: Any, *size: int) -> bytes | str:
    piece = file.read(*size)
    if inspect.isawaitable(piece):
        raise _async_read()
    if piece is None:
        raise ScaleArgumentError("file", "is non-blocking and has no data yet")
    return piece if isinstance(piece, (bytes, str)) else memoryview(piece).tobytes()


def _async_read() -> ScaleArgumentError:
    return ScaleArgumentError("file", "has an async read(); await it and give the bytes")


def _check_size(size: int) -> None:
    if size > UPLOAD_LIMIT:
        limit = UPLOAD_LIMIT // (1024 * 1024)
        raise ScaleArgumentError("file", f"must be at most {limit} MB, not {size:,} bytes")


def _name_of(source: Any) -> str | None:
    """Return the name of a file or path without its folders, ``None`` if it has none."""
    is_path = isinstance(source, (str, os.PathLike))
    name = source if is_path else getattr(source, "name", None)
    if not isinstance(name, (str, bytes, os.PathLike)):
        return None  # a file descriptor's number
    name = Path(os.fsdecode(name)).name
    if name.startswith("<") and name.endswith(">"):
        return None  # such as <stdin>
    # A name on disk may hold bytes that are no text.
    return name.encode(errors="replace").decode()


def _mime_type(name: str, *, decoded: bool) -> str:
    """Return the type that a name stands for.

    Args:
        name: The name of the file.
        decoded: Whether the file is sent without the encoding that its name says.
    """
    # Nothing in a name is to be taken for a part of a URL.
    mime_type, encoding = mimetypes.guess_type(re.sub(r"[^\w.+-]", "_", name))
    encoding = encoding or _ENCODINGS.get(Path(name).suffix.lower())
    if encoding is not None and not decoded:
        mime_type = _ENCODED_TYPES.get(encoding)
    return mime_type or "application/octet-stream"
