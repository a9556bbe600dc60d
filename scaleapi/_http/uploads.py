"""What a caller may upload: a file object, a path, or bytes with a name."""

from __future__ import annotations

import io
import mimetypes
import os
import tempfile
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from .._arguments import text_of
from ..exceptions import ScaleArgumentError

__all__ = ["UPLOAD_LIMIT", "Upload", "Uploadable", "open_upload"]

#: Bytes of one file (https://scale.com/docs/api-reference/file-endpoints: 80 MB).
UPLOAD_LIMIT = 80 * 1024 * 1024

_PIECE = 1024 * 1024

Uploadable = IO[bytes] | str | os.PathLike[str] | bytes | bytearray | memoryview


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
def open_upload(source: Uploadable, filename: str | None) -> Generator[Upload]:
    """Open what is to be uploaded, and close it if it was opened here.

    Args:
        source: A binary file object, sent from where it stands; a path; or bytes.
        filename: The name to give it; by default that of the file. Bytes must have one.

    Raises:
        ScaleArgumentError: It cannot be read, or is larger than 80 MB.
    """
    if filename is not None:
        filename = text_of("filename", filename)
    with ExitStack() as stack:
        file = _opened(source, filename, stack)
        _check_size(file)
        name = filename or _name_of(file) or "file"
        yield Upload(file, name, mimetypes.guess_type(name)[0] or "application/octet-stream")


def _opened(source: Uploadable, filename: str | None, stack: ExitStack) -> IO[bytes]:
    if isinstance(source, (bytes, bytearray, memoryview)):
        if filename is None:
            raise ScaleArgumentError("filename", "must be given when the file is bytes")
        return io.BytesIO(source)
    if isinstance(source, (str, os.PathLike)):
        if not os.fspath(source):
            raise ScaleArgumentError("file", "must not be an empty path")
        try:
            return stack.enter_context(Path(source).open("rb"))
        except (OSError, ValueError) as error:
            raise ScaleArgumentError("file", f"cannot be opened: {error}") from error
    return _checked(source, stack)


def _checked(file: IO[bytes], stack: ExitStack) -> IO[bytes]:
    if not hasattr(file, "read"):
        raise ScaleArgumentError(
            "file", f"must be a binary file, a path or bytes, not {type(file).__name__}"
        )
    if getattr(file, "closed", False):
        raise ScaleArgumentError("file", "is closed")
    if isinstance(file, io.TextIOBase) or isinstance(file.read(0), str):
        raise ScaleArgumentError("file", "is open as text; open it with mode 'rb'")
    seekable = getattr(file, "seekable", None)
    if seekable is not None and seekable():
        return file
    # A pipe can be read only once, but an upload may have to be sent again.
    spool: IO[bytes] = stack.enter_context(tempfile.SpooledTemporaryFile(_PIECE))  # noqa: SIM115
    while spool.tell() <= UPLOAD_LIMIT and (piece := file.read(_PIECE)):
        spool.write(piece)
    spool.seek(0)
    return spool


def _check_size(file: IO[bytes]) -> None:
    start = file.tell()
    size = file.seek(0, os.SEEK_END) - start
    file.seek(start)
    if size > UPLOAD_LIMIT:
        limit = UPLOAD_LIMIT // (1024 * 1024)
        raise ScaleArgumentError("file", f"must be at most {limit} MB, not {size:,} bytes")


def _name_of(file: IO[bytes]) -> str | None:
    name = getattr(file, "name", None)
    if not isinstance(name, str):
        return None
    # A name on disk may hold bytes that are no text.
    return Path(name).name.encode(errors="replace").decode()
