"""A WSGI application that receives callbacks."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING

from ..exceptions import CallbackVerificationError, ScaleArgumentError
from .callback import Callback
from .seen import SeenCallbacks
from .verification import CALLBACK_BODY_LIMIT, check_secrets, check_sender, read_body, too_large

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from ..client import ScaleClient

__all__ = ["body_length", "body_pieces", "wsgi_callback_app"]

log = logging.getLogger("scaleapi")

_PIECE = 65_536
_PLAIN_TEXT = "text/plain; charset=utf-8"


def wsgi_callback_app(
    handler: Callable[[Callback], object],
    secrets: str | Iterable[str],
    *,
    client: ScaleClient | None = None,
    seen: SeenCallbacks | None = None,
) -> WSGIApplication:
    """Return a WSGI application that receives callbacks at every path.

    Args:
        handler: Called once for each callback. If it raises, the answer is 500, and the
            callback comes again.
        secrets: The account's callback auth keys.
        client: The client that calls of the task or batch go through.
        seen: What was handled before; by default the memory of this application.

    Raises:
        ScaleArgumentError: There is no secret.

    Example:
        >>> app = wsgi_callback_app(lambda callback: print(callback.task), "live_auth_...")
        >>> wsgiref.simple_server.make_server("", 8000, app).serve_forever()
    """
    if inspect.iscoroutinefunction(handler):
        raise ScaleArgumentError("handler", "must be an ordinary function, not an async one")
    known = check_secrets(secrets)
    memory = SeenCallbacks() if seen is None else seen

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        pieces = body_pieces(environ)
        try:
            if environ["REQUEST_METHOD"] != "POST":
                raise CallbackVerificationError("a callback is a POST", 405)
            check_sender(environ.get("HTTP_SCALE_CALLBACK_AUTH"), known)
            callback = read_body(environ.get("CONTENT_TYPE"), b"".join(pieces), client)
            with memory.handling(callback) as new:
                if new:
                    handler(callback)
        except CallbackVerificationError as error:
            # A server that closes on unread bytes may lose the answer.
            with suppress(CallbackVerificationError):
                for _ in pieces:
                    pass
            return _wsgi_answer(start_response, error.code or 400, error.message)
        except Exception:
            log.exception("a callback could not be handled; it will come again")
            return _wsgi_answer(start_response, 500, "the callback could not be handled")
        return _wsgi_answer(start_response, 200, "ok")

    return app


def body_pieces(environ: WSGIEnvironment) -> Generator[bytes]:
    """Yield the body of a request, but no more of it than tells that it is too large."""
    length = body_length(environ)
    left = CALLBACK_BODY_LIMIT + 1 if length is None else length
    while left and (piece := environ["wsgi.input"].read(min(left, _PIECE))):
        left -= len(piece)
        yield piece
    if length is not None and left:
        raise CallbackVerificationError("the body is shorter than its Content-Length", 400)


def body_length(environ: WSGIEnvironment) -> int | None:
    """Return how long a body is; nothing if the server knows where it ends."""
    header = environ.get("CONTENT_LENGTH") or ""
    if not header and environ.get("wsgi.input_terminated"):
        return None
    if not (header.isascii() and header.isdigit()):
        raise CallbackVerificationError("the Content-Length is missing", 411)
    if len(header) > 18 or int(header) > CALLBACK_BODY_LIMIT:
        raise too_large()
    return int(header)


def _wsgi_answer(start_response: StartResponse, status: int, text: str) -> Iterable[bytes]:
    body = text.encode()
    headers = [("Content-Type", _PLAIN_TEXT), ("Content-Length", str(len(body)))]
    if status == 405:
        headers.append(("Allow", "POST"))
    start_response(f"{status} {HTTPStatus(status).phrase}", headers)
    return [body]
