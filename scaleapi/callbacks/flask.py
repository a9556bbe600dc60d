"""Callbacks in a Flask application."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeAlias

from ..exceptions import CallbackVerificationError, ScaleArgumentError
from .handler import Handler, check_handler, handle_once, is_async
from .headers import read_headers
from .request_body import PLAIN_TEXT, body_length, body_pieces
from .seen import CallbackStore, check_store
from .verification import check_secrets, check_sender, read_body

if TYPE_CHECKING:
    from flask import Request

    from ..client import ScaleClient

__all__ = ["flask_callback"]

_Response: TypeAlias = tuple[str, int, dict[str, str]]


def flask_callback(
    secrets: str | Iterable[str],
    *,
    client: ScaleClient | None = None,
    seen: CallbackStore | None = None,
) -> Callable[[Handler], Callable[..., _Response]]:
    """Make a view out of a function that takes a callback.

    The arguments of the route are passed on as keyword arguments, after the callback. In a
    ``View`` or ``MethodView`` class it decorates a method. The function may be ``async`` where
    Flask can run it, which needs ``flask[async]``. What it returns is ignored; if it raises, Scale
    sends the callback again.

    Args:
        secrets: The account's callback auth keys, of live and test mode.
        client: The client that methods of the task or batch use.
        seen: Where to remember which callbacks were handled. By default the memory of this view.

    Raises:
        ScaleArgumentError: If ``secrets`` has no secret; if ``seen`` is no store; or, when it
            decorates, if the function is a generator function or cannot be called.

    Example:
        >>> @app.post("/scale/<customer>")
        ... @flask_callback("live_auth_...")
        ... def labeled(callback, customer):
        ...     print(customer, callback.task.id, callback.response)
    """
    known = check_secrets(secrets)
    store = check_store(seen)

    def decorate(handler: Handler) -> Callable[..., _Response]:
        import flask  # noqa: PLC0415 - only who uses Flask has it

        check_handler(handler)
        if is_async(handler) and not inspect.iscoroutinefunction(handler):
            raise ScaleArgumentError(
                "handler", "must be a function: Flask does not await an object's __call__"
            )

        # Not its attributes: a mark for async functions, for one, would change the view.
        @functools.wraps(handler, updated=())
        def view(*instance: object, **arguments: object) -> _Response:
            try:
                headers = read_headers(flask.request.headers)
                check_sender(headers.secret, known)
                callback = read_body(headers.content_type, _body(flask.request), client)
                call = flask.current_app.ensure_sync(handler)
                handle_once(store, callback, lambda: call(*instance, callback, **arguments))
            except CallbackVerificationError as error:
                return error.message, error.code or 400, {"Content-Type": PLAIN_TEXT}
            return "ok", 200, {"Content-Type": PLAIN_TEXT}

        return view

    return decorate


def _body(request: Request) -> bytes:
    """Return the body, also if the application has read it before."""
    if body_length(request.environ) is None:
        return b"".join(body_pieces(request.environ)) or request.get_data()
    return request.get_data()
