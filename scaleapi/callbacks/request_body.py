"""The body of a WSGI request, read no further than a callback may go."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from ..exceptions import CallbackVerificationError
from .verification import CALLBACK_BODY_LIMIT, too_large

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

__all__ = ["PLAIN_TEXT", "body_length", "body_pieces"]

#: The content type of responses.
PLAIN_TEXT = "text/plain; charset=utf-8"

_PIECE = 65_536


def body_pieces(environ: WSGIEnvironment) -> Generator[bytes]:
    """Yield the body in pieces, at most one byte more than a callback may have."""
    length = body_length(environ)
    left = CALLBACK_BODY_LIMIT + 1 if length is None else length
    while left and (piece := environ["wsgi.input"].read(min(left, _PIECE))):
        left -= len(piece)
        yield piece
    if length is not None and left:
        raise CallbackVerificationError("the body is shorter than its Content-Length", 400)


def body_length(environ: WSGIEnvironment) -> int | None:
    """Return the length of a body in bytes, or ``None`` if the server ends the stream itself."""
    header = environ.get("CONTENT_LENGTH") or ""
    if not header and environ.get("wsgi.input_terminated"):
        return None
    if not (header.isascii() and header.isdigit()):
        raise CallbackVerificationError("the Content-Length is missing", 411)
    if len(header) > 18 or int(header) > CALLBACK_BODY_LIMIT:
        raise too_large()
    return int(header)
