"""Opening a file object, a path or bytes for an upload."""

from __future__ import annotations

import io
import mimetypes
import os
import re
import stat
import tempfile
from collections.abc import Awaitable, Callable, Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeAlias

from .._arguments import is_given, text_of
from .._interruption import raise_interruption
from ..exceptions import ScaleArgumentError, ScaleException

__all__ = ["UPLOAD_LIMIT", "Upload", "Uploadable", "open_upload", "read_piece"]

#: Maximum size of a file in bytes (https://scale.com/docs/api-reference/file-endpoints: 80 MB).
UPLOAD_LIMIT = 80 * 1024 * 1024

_PIECE = 1024 * 1024

_Source = IO[bytes] | IO[str] | str | os.PathLike[str] | bytes | bytearray | memoryview

#: A file, or a tuple of a name, a file and optionally a type, as in requests.
Uploadable: TypeAlias = (
    "_Source | tuple[str | None, Uploadable] | tuple[str | None, Uploadable, str | None]"
)

#: MIME types of the encodings that mimetypes separates from the type.
_ENCODED_TYPES = {
    "gzip": "application/gzip",
    "bzip2": "application/x-bzip2",
    "xz": "application/x-xz",
    "compress": "application/x-compress",
    "br": "application/x-brotli",
    "zstd": "application/zstd",
}

#: File extensions of these encodings. mimetypes is case-sensitive here, or lacks them.
_ENCODINGS = {
    ".gz": "gzip",
    ".bz2": "bzip2",
    ".xz": "xz",
    ".z": "compress",
    ".br": "br",
    ".zst": "zstd",
}

#: File classes that decompress, so the content is not encoded as the name suggests.
_DECODERS = frozenset({"BZ2File", "GzipFile", "LZMAFile", "ZstdFile"})


class Upload(NamedTuple):
    """A file that is ready to be sent.

    Attributes:
        file: The file, which is seekable and binary.
        name: The name to send.
        mime_type: The MIME type to send.
    """

    file: IO[bytes]
    name: str
    mime_type: str


@contextmanager
def open_upload(source: Uploadable) -> Generator[Upload]:
    """Open a file for upload, and close it on exit if it was opened here.

    Args:
        source: A path, bytes, or a file object, which is sent from its current position; text is
            encoded as UTF-8. Or a tuple of a name, one of these, and optionally a type.

    Raises:
        ScaleArgumentError: If the file cannot be read, or is larger than 80 MB.
    """
    given_name, given_type = None, None
    for _ in range(2):  # a filename may be given for a tuple too, but tuples do not nest further
        if isinstance(source, (tuple, list)):
            name, source, mime_type = _parts(source)
            given_name, given_type = given_name or name, given_type or mime_type
    with ExitStack() as stack:
        # Methods of user-defined files may raise anything.
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
        raise ScaleArgumentError(
            "file", "must have a MIME type such as 'image/png' as the last of the tuple"
        )
    return filename, file, mime_type


@contextmanager
def _file_errors(what: str) -> Generator[None]:
    """Convert errors to ScaleArgumentError; an OSError would be treated as a network error."""
    try:
        yield
    except ScaleException:
        raise
    except Exception as error:
        raise_interruption(error)
        reason = str(error) or type(error).__name__
        raise ScaleArgumentError("file", f"{what}: {reason}") from error


def _opened(source: Any, stack: ExitStack) -> IO[bytes]:
    if isinstance(source, (str, os.PathLike)):
        return _sendable(stack.enter_context(_opened_path(source)), stack)
    if hasattr(source, "read"):
        if getattr(source, "closed", False) is True:
            raise ScaleArgumentError("file", "is closed")
        if _is_async(source.read):
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
    if "O" in view.format:  # the bytes would be addresses
        raise ScaleArgumentError("file", "must not be an array of objects")
    _check_size(view.nbytes)
    return io.BytesIO(source if isinstance(source, bytes) else view.tobytes())


def _opened_path(source: str | os.PathLike[Any]) -> IO[bytes]:
    with _file_errors("cannot be opened"):
        path = os.fsdecode(source)
        if not path:
            raise ScaleArgumentError("file", "must not be an empty path")
        if stat.S_ISFIFO(Path(path).stat().st_mode):
            # Opening it could block forever.
            raise ScaleArgumentError("file", "is a named pipe; open it and pass the file object")
        return Path(path).open("rb")


def _sendable(file: Any, stack: ExitStack) -> IO[bytes]:
    """Return the file if it can be sent more than once, else a temporary copy of it."""
    size = _size_of(file)
    if size is not None:
        _check_size(size)
        seekable: IO[bytes] = file
        return seekable
    # A pipe can be read only once, but the upload may be retried.
    spool: IO[bytes] = stack.enter_context(tempfile.SpooledTemporaryFile(_PIECE))  # noqa: SIM115
    while spool.tell() <= UPLOAD_LIMIT and (piece := read_piece(file, _PIECE)):
        spool.write(piece)
    _check_size(spool.tell())
    spool.seek(0)
    return spool


def _size_of(file: Any) -> int | None:
    """Return how many bytes are left in a binary, seekable file; ``None`` for other files.

    ``seekable`` and the size are verified by reading a byte, because ``seekable`` may be wrong, and
    devices and kernel files report a size of 0.
    """
    if isinstance(file, io.TextIOBase):
        return None
    try:
        start = file.tell() if file.seekable() else None
    except Exception as error:  # noqa: BLE001 - read it as a pipe
        raise_interruption(error)
        return None
    if not isinstance(start, int):
        return None
    try:
        file.seek(0, os.SEEK_END)
        size = file.tell() - start
    except Exception as error:  # noqa: BLE001 - as above, if the position is unchanged
        raise_interruption(error)
        size = 0
    if file.tell() != start:
        _rewind(file, start)
    if size <= 0:
        return None
    head = _read(file, 1)
    _rewind(file, start)
    # Some files return text, or ignore the size argument.
    return size if isinstance(head, bytes) and len(head) == 1 else None


def _rewind(file: Any, start: int) -> None:
    file.seek(start)
    if file.tell() != start:
        raise ScaleArgumentError("file", "cannot be rewound")


def read_piece(file: Any, size: int) -> bytes:
    """Return the next bytes of a file; ``b""`` at the end. Text is encoded as UTF-8.

    Args:
        file: A file object.
        size: Number of bytes to read. Some files return more.

    Raises:
        ScaleArgumentError: If the file cannot be read.
    """
    with _file_errors("cannot be read"):
        piece = _read(file, size)
        return piece.encode() if isinstance(piece, str) else piece


def _is_async(read: Callable[..., object]) -> bool:
    from inspect import iscoroutinefunction  # noqa: PLC0415 - slow to import

    return iscoroutinefunction(read)


def _takes_size(read: Callable[..., object]) -> bool:
    """Return whether a read method has a size argument. Some can only read everything."""
    from inspect import signature  # noqa: PLC0415 - slow to import

    try:
        signature(read).bind(1)
    except TypeError:
        return False
    except ValueError:  # a built-in without a signature
        return True
    return True


def _read(file: Any, *size: int) -> bytes | str:
    piece = file.read(*size)
    if isinstance(piece, Awaitable):
        raise _async_read()
    if piece is None:
        raise ScaleArgumentError("file", "is non-blocking and has no data yet")
    return piece if isinstance(piece, (bytes, str)) else memoryview(piece).tobytes()


def _async_read() -> ScaleArgumentError:
    return ScaleArgumentError("file", "has an async read(); await it and pass the bytes")


def _check_size(size: int) -> None:
    if size > UPLOAD_LIMIT:
        limit = UPLOAD_LIMIT // (1024 * 1024)
        raise ScaleArgumentError("file", f"must be at most {limit} MB, not {size:,} bytes")


def _name_of(source: Any) -> str | None:
    """Return the name of a file or path without its folders; ``None`` if it has no name."""
    is_path = isinstance(source, (str, os.PathLike))
    name = source if is_path else getattr(source, "name", None)
    if not isinstance(name, (str, bytes, os.PathLike)):
        return None  # such as a file descriptor
    name = Path(os.fsdecode(name)).name
    if name.startswith("<") and name.endswith(">"):
        return None  # such as <stdin>
    # File names on disk may contain bytes that are not valid text.
    return name.encode(errors="replace").decode()


def _mime_type(name: str, *, decoded: bool) -> str:
    """Guess the MIME type from a file name.

    Args:
        name: The name of the file.
        decoded: Whether the content is already decompressed, contrary to its name.
    """
    # Replace special characters, because mimetypes would parse the name as a URL.
    mime_type, encoding = mimetypes.guess_type(re.sub(r"[^\w.+-]", "_", name))
    encoding = encoding or _ENCODINGS.get(Path(name).suffix.lower())
    if encoding is not None and not decoded:
        mime_type = _ENCODED_TYPES.get(encoding)
    return mime_type or "application/octet-stream"
