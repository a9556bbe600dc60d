"""``scaleapi listen``: receive callbacks, check who sent them, and pass them on."""

from __future__ import annotations

import argparse
import socketserver
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import requests

from .._http.url import parse_link
from ..callbacks import Callback, CallbackVerificationError, verify_callback
from ..callbacks.request_body import body_pieces
from .arguments import Commands, add_command
from .context import Context
from .errors import UsageError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["add_commands"]

#: Seconds that a connection may be silent, and that the receiver may take to respond.
_TIMEOUT = 30.0


def add_commands(nouns: Commands) -> None:
    """Add the command."""
    listening = add_command(
        nouns, "listen", "Receive callbacks, check who sent them, and forward them.", _listen
    )
    listening.add_argument(
        "--forward-to", metavar="URL", help="POST each callback to this URL; its status is returned"
    )
    listening.add_argument("--host", default="127.0.0.1", help="address to listen on")
    listening.add_argument("--port", type=_port, default=8000, help="port to listen on")


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 1 << 16):
        raise argparse.ArgumentTypeError(f"must be a number from 0 to 65535, not {text!r}")
    return int(text)


def _listen(context: Context) -> None:
    options = context.options
    secret = context.callback_secret
    if not secret:
        raise UsageError(
            "no callback auth key: set SCALE_CALLBACK_SECRET, or store one with"
            " `scaleapi profiles add NAME --callback-secret`"
        )
    if options.forward_to is not None:
        try:
            parse_link(options.forward_to)
        except ValueError as error:
            raise UsageError(f"--forward-to must be a URL: {error}") from None
    app = _app(context, secret, options.forward_to)
    with make_server(options.host, options.port, app, _Server, _Handler) as server:
        context.output.say(f"Listening on http://{options.host}:{server.server_port}")
        server.serve_forever()


def _app(context: Context, secret: str, forward_to: str | None) -> WSGIApplication:
    """Return a WSGI application that prints callbacks and passes them on."""
    printing = threading.Lock()

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        pieces = body_pieces(environ)
        try:
            if environ["REQUEST_METHOD"] != "POST":
                raise CallbackVerificationError("a callback is a POST", 405)
            body = _read(pieces)
            callback = verify_callback(environ, body, secret)
        except CallbackVerificationError as error:
            # A server that closes a connection with unread bytes may lose the response.
            with suppress(CallbackVerificationError, OSError):
                for _ in pieces:
                    pass
            with printing:
                context.output.say(f"rejected: {error.message}")
            return _respond(start_response, error.code or 400, error.message)
        status, text = (200, "ok") if forward_to is None else _forward(forward_to, secret, body)
        with printing:
            context.output.item({**_facts(callback), "forwarded": forward_to, "status": status})
        return _respond(start_response, status, text)

    return app


def _read(pieces: Iterable[bytes]) -> bytes:
    try:
        return b"".join(pieces)
    except OSError:
        raise CallbackVerificationError("the body did not arrive", 408) from None


def _respond(start_response: StartResponse, status: int, text: str) -> Iterable[bytes]:
    start_response(f"{status} {text}", [("Content-Type", "text/plain; charset=utf-8")])
    return [] if status in (204, 304) else [text.encode()]


def _facts(callback: Callback) -> dict[str, object]:
    """Return what the line of a callback shows."""
    name = callback.task.id if callback.task else callback.batch and callback.batch.name
    return {"event": callback.event, "id": name}


def _forward(url: str, secret: str, body: bytes) -> tuple[int, str]:
    """POST a callback as it came, and return the status and its text."""
    headers = {"scale-callback-auth": secret, "Content-Type": "application/json"}
    try:
        response = requests.post(
            url, body, headers=headers, timeout=_TIMEOUT, allow_redirects=False
        )
    except requests.RequestException as error:
        return 502, f"could not forward ({type(error).__name__})"
    return response.status_code, "forwarded"


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print no traceback: the sender is too slow or has closed the connection."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(WSGIRequestHandler):
    timeout = _TIMEOUT

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: each callback is printed by the application."""
