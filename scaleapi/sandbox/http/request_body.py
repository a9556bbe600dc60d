"""The body of an HTTP/1.1 request: of a known length, or in chunks."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from .request_head import HEADER_LIMIT, LINE_LIMIT, Head, MalformedRequest

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BODY_KEPT = 4096
"""How much of each body a `Request` keeps, in bytes."""

_IN_MEMORY = 1_048_576
_ENDED = "The request ended before the end of its body."
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n")


class Body(io.RawIOBase):
    """The body of a request as it arrives.

    A read past the end returns no bytes.

    Args:
        stream: The stream of the connection, at the first byte of the body.
        length: The length in bytes; None if the body is sent in chunks.

    Attributes:
        complete: Whether the body was read to its end.
        broken: Whether it turned out to be malformed or late.
        start: The first bytes that were read.
    """

    def __init__(self, stream: io.BufferedReader, length: int | None) -> None:
        self._stream = stream
        self._chunked = length is None
        self._left = length or 0
        self.complete = False
        self.broken = False
        self.start = b""

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read what has arrived.

        Raises:
            MalformedRequest: If a chunk is malformed (400), if the client disconnects before the
                end of the body (400), or if nothing arrives in time (408).
        """
        view = memoryview(buffer)
        try:
            piece = b"" if self.complete else self._piece(len(view))
        except TimeoutError:
            self.broken = True
            raise MalformedRequest("The rest of the request body did not arrive.", 408) from None
        except ConnectionError:
            self.broken = True
            raise MalformedRequest(_ENDED) from None
        except MalformedRequest:
            self.broken = True
            raise
        view[: len(piece)] = piece
        if len(self.start) < BODY_KEPT:
            self.start += piece[: BODY_KEPT - len(self.start)]
        return len(piece)

    def _piece(self, most: int) -> bytes:
        """Read up to ``most`` bytes; return none at the end of the body."""
        if not self._left and not self._begin_chunk():
            return b""
        piece = self._stream.read1(min(most, self._left))
        if not piece:
            raise MalformedRequest(_ENDED)
        self._left -= len(piece)
        if not self._left:
            self._end_section()
        return piece

    def _begin_chunk(self) -> bool:
        """Read the size of the next chunk; return False at the end of the body."""
        line = self._line()
        match = _CHUNK_SIZE.fullmatch(line)
        if match is None:
            raise MalformedRequest("A chunk must start with its size in hexadecimal.")
        self._left = int(match[1], 16)
        if not self._left:
            self._skip_trailers()
        return self._left > 0

    def _end_section(self) -> None:
        """Finish a chunk, or a body of a known length."""
        if not self._chunked:
            self.complete = True
        elif self._line(3) not in (b"\r\n", b"\n"):
            raise MalformedRequest("A chunk must be as long as its size says.")

    def _skip_trailers(self) -> None:
        for _ in range(HEADER_LIMIT + 1):
            if self._line() in (b"\r\n", b"\n"):
                self.complete = True
                return
        raise MalformedRequest(f"A request may have at most {HEADER_LIMIT} trailers.")

    def _line(self, most: int = LINE_LIMIT) -> bytes:
        line = self._stream.readline(most)
        if not line.endswith(b"\n") and len(line) < most:
            raise MalformedRequest(_ENDED)
        return line


def read_body(stream: io.BufferedReader, head: Head) -> Body | io.BytesIO:
    """Return the body of a request; the application reads one that is long or in chunks itself.

    Raises:
        MalformedRequest: If its length is invalid (400), its encoding is not supported (501), or
            a short body is not complete (400) or does not arrive in time (408).
    """
    length = head.body_length
    if length == 0:
        return io.BytesIO()
    body = Body(stream, length)
    if length is None or length > _IN_MEMORY:
        return body
    return io.BytesIO(body.readall())
