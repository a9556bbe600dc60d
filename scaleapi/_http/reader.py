"""Responses that are read within the deadline of the call.

A signal handler that raises may interrupt any ``__init__``, so ``close()`` works without it.
"""

from __future__ import annotations

import io
import socket
from collections.abc import Callable
from http.client import HTTPResponse
from typing import TYPE_CHECKING

from .bounded_socket import receive
from .call import Call

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["BoundedReader", "BoundedResponse", "Incoming"]


class BoundedResponse(HTTPResponse):
    """The final response: interim ones are skipped, and malformed headers are not logged.

    urllib3 would log the text that is not a header as a warning, and a service may repeat the key
    in it.
    """

    fp = None  # type: ignore[assignment]  # the initial value is that of a closed response

    def begin(self) -> None:
        """Read the status and the headers of the final response."""
        super().begin()
        while 100 < self.status < 200 and self.status != 101:  # http.client skips only 100
            self.headers = None  # type: ignore[assignment]  # otherwise begin() does nothing
            super().begin()
        if self.length == 0:  # 204 and 304 have no body, even if they claim to be chunked
            self.chunked = False
        self.msg.defects.clear()
        self.msg.set_payload("")


class Incoming(io.BufferedReader):
    """The file that a response is read from, and the part of a socket that http.client uses.

    Attributes:
        reader: The reader of the socket.
        note: Called on close, with whether there are bytes after the response.
    """

    reader: BoundedReader | None = None
    note: Callable[[bool], None] | None = None

    def makefile(self, mode: str) -> io.BufferedReader:
        """Return the file, as a socket does."""
        return self

    def close(self) -> None:
        """Close the file, after looking for bytes after the response."""
        note, self.note = self.note, None
        if self.reader is not None and note is not None:
            self.reader.at_end = True
            note(bool(self.peek(1)))
        super().close()


class BoundedReader(io.RawIOBase):
    """A reader of a socket that limits each read to the deadline of the call.

    Args:
        sock: The socket.
        call: The call.
        timeout: Timeout of a read in seconds; ``None`` for no limit.

    Attributes:
        at_end: Whether to stop reading from the socket.
        ended: Whether the other side has sent everything.
    """

    def __init__(self, sock: socket.socket, call: Call, timeout: float | None) -> None:
        # The file keeps the socket open if the connection is closed before the body is read.
        self._file = sock.makefile("rb", buffering=0)
        self._sock = sock
        self._call = call
        self._timeout = timeout
        self.at_end = False
        self.ended = False

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: Buffer) -> int | None:
        """Read bytes into a buffer, and return how many; 0 at the end."""
        if self.at_end:
            return 0
        size = receive(self._sock, lambda: self._file.readinto(buffer), self._call, self._timeout)
        self.ended = size == 0
        return size

    def fileno(self) -> int:
        """Return the file descriptor of the socket."""
        return self._file.fileno()

    def close(self) -> None:
        """Close the file of the socket."""
        if hasattr(self, "_file"):
            self._file.close()
        super().close()
