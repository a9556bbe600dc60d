"""Reading from a connection within time limits."""

from __future__ import annotations

import io
import socket
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class Reader(io.RawIOBase):
    """Reads from a connection.

    Attributes:
        wait: Timeout of each read, in seconds; None to wait forever.
        end: When reading must end, on the monotonic clock; None for no such time.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.wait: float | None = None
        self.end: float | None = None

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read what has arrived; raise `TimeoutError` if nothing does in time."""
        timeout = self.wait if self.end is None else self.end - time.monotonic()
        if timeout is not None and timeout <= 0:
            raise TimeoutError
        if timeout != self._connection.gettimeout():
            self._connection.settimeout(timeout)
        return self._connection.recv_into(buffer)
