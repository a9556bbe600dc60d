"""A WSGI application that receives callbacks."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING

from ..exceptions import CallbackVerificationError, ScaleArgumentError
from .callback import Callback
from .handler import check_handler, handle_once, is_async
from .headers import read_headers
from .request_body import PLAIN_TEXT, body_pieces
from .seen import CallbackStore, check_store
from .verification import check_secrets, check_sender, read_body

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from ..client import ScaleClient

__all__ = ["wsgi_callback_app"]

log = logging.getLogger("scaleapi")


def wsgi_callback_app(
    handler: Callable[[Callback], object],
    secrets: str | Iterable[str],
    *,
    client: ScaleClient | None = None,
    seen: CallbackStore | None = None,
) -> WSGIApplication:
    """Return a WSGI application that receives callbacks at every path.

    Args:
        handler: An ordinary function, called once for each callback. What it returns is ignored.
            If it raises, the response is 500, and Scale sends the callback again.
        secrets: The account's callback auth keys, of live and test mode.
        client: The client that methods of the task or batch use.
        seen: Where to remember which callbacks were handled. By default the memory of this
            application.

    Raises:
        ScaleArgumentError: If ``handler`` is an async function, a generator function or cannot be
            called; if ``secrets`` has no secret; or if ``seen`` is no store.

    Example:
        >>> app = wsgi_callback_app(lambda callback: print(callback.task), "live_auth_...")
        >>> wsgiref.simple_server.make_server("", 8000, app).serve_forever()
    """
    check_handler(handler)
    if is_async(handler):
        raise ScaleArgumentError("handler", "must be an ordinary function, not an async one")
    known = check_secrets(secrets)
    store = check_store(seen)

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        pieces = body_pieces(environ)
        try:
            if environ["REQUEST_METHOD"] != "POST":
                raise CallbackVerificationError("a callback is a POST", 405)
            headers = read_headers(environ)
            check_sender(headers.secret, known)
            callback = read_body(headers.content_type, b"".join(pieces), client)
            handle_once(store, callback, lambda: handler(callback))
        except CallbackVerificationError as error:
            # A server that closes a connection with unread bytes may lose the response.
            with suppress(CallbackVerificationError, OSError):
                for _ in pieces:
                    pass
            return _respond(start_response, error.code or 400, error.message)
        except Exception:
            log.exception("a callback could not be handled; Scale will send it again")
            return _respond(start_response, 500, "the callback could not be handled")
        return _respond(start_response, 200, "ok")

    return app


def _respond(start_response: StartResponse, status: int, text: str) -> Iterable[bytes]:
    body = text.encode()
    headers = [("Content-Type", PLAIN_TEXT), ("Content-Length", str(len(body)))]
    if status == 405:
        headers.append(("Allow", "POST"))
    start_response(f"{status} {HTTPStatus(status).phrase}", headers)
    return [body]
