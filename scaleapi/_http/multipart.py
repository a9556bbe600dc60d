"""A multipart body that is read from its file while it is sent."""

from __future__ import annotations

import os
from collections.abc import Mapping

from urllib3.fields import RequestField
from urllib3.filepost import choose_boundary, encode_multipart_formdata

from ..exceptions import ScaleArgumentError
from .uploads import Upload

__all__ = ["Multipart"]


class Multipart:
    """Form fields and one file, as a body that can be sent again.

    Args:
        fields: Form fields, in order; a list is a field that is repeated.
        upload: The file; sent from where it stands to its end.
    """

    def __init__(self, fields: Mapping[str, str | list[str]], upload: Upload) -> None:
        boundary, file = choose_boundary(), upload.file
        pairs = [
            (name, one)
            for name, value in fields.items()
            for one in (value if isinstance(value, list) else [value])
        ]
        head, self.content_type = encode_multipart_formdata(pairs, boundary)
        closing = f"--{boundary}--\r\n".encode()
        part = RequestField("file", b"", filename=upload.name)
        part.make_multipart(content_type=upload.mime_type)
        opening = f"--{boundary}\r\n{part.render_headers()}".encode()
        self._head = head.removesuffix(closing) + opening
        self._tail = b"\r\n" + closing
        self._file = file
        self._start = file.tell()
        self._size = file.seek(0, os.SEEK_END) - self._start
        self.rewind()

    def __len__(self) -> int:
        return len(self._head) + self._size + len(self._tail)

    def rewind(self) -> None:
        """Begin again, for another attempt."""
        try:
            self._file.seek(self._start)
        except (OSError, ValueError) as error:
            raise ScaleArgumentError("file", f"cannot be read again: {error}") from error
        self._left = self._size
        self._before, self._after = self._head, self._tail

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most ``size`` of them; ``b""`` at the end."""
        if size < 0:
            size = len(self)
        if self._before:
            piece, self._before = self._before[:size], self._before[size:]
        elif self._left:
            piece = self._read_file(min(size, self._left))
            if not piece:
                raise ScaleArgumentError(
                    "file", f"became {self._left} bytes shorter while it was sent"
                )
            self._left -= len(piece)
        else:
            piece, self._after = self._after[:size], self._after[size:]
        return piece

    def _read_file(self, size: int) -> bytes:
        # Named as what it is: to the layers above, an OSError is a fault of the network.
        try:
            return self._file.read(size)
        except (OSError, ValueError) as error:
            raise ScaleArgumentError("file", f"cannot be read: {error}") from error
