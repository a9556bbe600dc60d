"""Multipart bodies, streamed from a file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from urllib3.fields import RequestField
from urllib3.filepost import choose_boundary, encode_multipart_formdata

from .._arguments import is_bool, is_given, items_of, json_text, pairs_of, text_of
from .._interruption import raise_interruption
from ..exceptions import ScaleArgumentError
from .uploads import Upload, read_piece

__all__ = ["Fields", "Multipart"]

#: Form fields: a dict or a list of pairs, as in requests.
Fields = Mapping[str, Any] | Iterable[tuple[str, Any]]

#: Bytes to read at once when reading everything.
_PIECE = 64 * 1024


class Multipart:
    """A multipart body with form fields and one file. It can be sent more than once.

    Args:
        fields: The form fields, in order. A list is sent as a repeated field and a dict as JSON;
            ``None``, ``""`` and ``[]`` are omitted.
        upload: The file, sent from its current position to the end.

    Raises:
        ScaleArgumentError: If a field cannot be sent.
    """

    def __init__(self, fields: Fields, upload: Upload) -> None:
        boundary, file = choose_boundary(), upload.file
        pairs = [
            (text_of("name of a field", name), text)
            for name, value in pairs_of("data", fields)
            for text in _texts(name, value)
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
        file.seek(0, os.SEEK_END)
        self._size = file.tell() - self._start
        self.rewind()

    def __len__(self) -> int:
        return len(self._head) + self._size + len(self._tail)

    def rewind(self) -> None:
        """Start again from the beginning, for another attempt."""
        try:
            self._file.seek(self._start)
        except Exception as error:  # user-defined files may raise anything
            raise_interruption(error)
            raise ScaleArgumentError("file", f"cannot be read again: {error}") from error
        self._left = self._size
        self._before, self._after = self._head, self._tail

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes, by default all that are left; ``b""`` at the end."""
        if size < 0:
            return b"".join(iter(lambda: self.read(_PIECE), b""))
        if self._before:
            piece, self._before = self._before[:size], self._before[size:]
        elif self._left:
            piece = self._read_file(min(size, self._left))
            self._left -= len(piece)
        else:
            piece, self._after = self._after[:size], self._after[size:]
        return piece

    def _read_file(self, size: int) -> bytes:
        piece = read_piece(self._file, size)
        if not piece:
            raise ScaleArgumentError(
                "file", f"is {self._left} bytes shorter than when the upload began"
            )
        if len(piece) > size:
            raise ScaleArgumentError("file", f"returned more than {size} bytes from read({size})")
        return piece


def _texts(name: str, value: object) -> list[str]:
    """Return the values of a form field as text, one for each repetition."""
    if not is_given(value):
        return []
    if isinstance(value, Mapping):
        return [json_text(name, dict(value))]
    items = items_of(value)
    if items is None:
        return [_text(name, value)]
    return [_text(f"each of {name}", one) for one in items]


def _text(name: str, value: object) -> str:
    # Booleans are written as in a query.
    return str(bool(value)) if is_bool(value) else text_of(name, value)
