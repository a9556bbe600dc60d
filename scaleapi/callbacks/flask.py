"""Callbacks in a Flask application."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from ..exceptions import CallbackVerificationError
from .callback import Callback
from .seen import SeenCallbacks
from .verification import HEADER, check_secrets, check_sender, read_body
from .wsgi import body_length, body_pieces

if TYPE_CHECKING:
    from ..client import ScaleClient

__all__ = ["flask_callback"]

_FlaskAnswer = tuple[str, int, dict[str, str]]

_PLAIN_TEXT = "text/plain; charset=utf-8"


def flask_callback(
    secrets: str | Iterable[str],
    *,
    client: ScaleClient | None = None,
    seen: SeenCallbacks | None = None,
) -> Callable[[Callable[[Callback], object]], Callable[[], _FlaskAnswer]]:
    """Make a function that takes a callback into a view of Flask.

    Args:
        secrets: The account's callback auth keys.
        client: The client that calls of the task or batch go through.
        seen: What was handled before; by default the memory of this view.

    Raises:
        ScaleArgumentError: There is no secret.

    Example:
        >>> @app.post("/scale")
        ... @flask_callback("live_auth_...")
        ... def labeled(callback):
        ...     print(callback.task.id, callback.response)
    """
    known = check_secrets(secrets)
    memory = SeenCallbacks() if seen is None else seen

    def decorate(handler: Callable[[Callback], object]) -> Callable[[], _FlaskAnswer]:
        import flask  # noqa: PLC0415 - only who uses Flask has it

        @functools.wraps(handler)
        def view() -> _FlaskAnswer:
            request = flask.request
            try:
                check_sender(request.headers.get(HEADER), known)
                if body_length(request.environ) is None:
                    body = b"".join(body_pieces(request.environ))
                else:
                    body = request.get_data()
                callback = read_body(request.content_type, body, client)
                with memory.handling(callback) as new:
                    if new:
                        flask.current_app.ensure_sync(handler)(callback)
            except CallbackVerificationError as error:
                return error.message, error.code or 400, {"Content-Type": _PLAIN_TEXT}
            return "ok", 200, {"Content-Type": _PLAIN_TEXT}

        return view

    return decorate
