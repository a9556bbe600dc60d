"""The receiving end of callbacks: who sent it, what it says, whether it came before.

Scale posts a task to its ``callback_url`` when it is completed, fails, is audited or is taken
back, and a batch when it is completed (https://scale.com/docs/api-reference/callbacks). Every
2xx is an acknowledgement; anything else is tried again, up to 20 times within 24 hours. The
same callback may come more than once, and callbacks may overtake each other.

:func:`wsgi_callback_app` serves any WSGI server, :func:`flask_callback` and
:func:`starlette_callback` decorate a route of a framework; all of them stand on
:func:`verify_callback`, which needs nothing but headers and body.
"""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterable
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ._callback import (
    CALLBACK_BODY_LIMIT,
    HEADER,
    Callback,
    CallbackEvent,
    SeenCallbacks,
    check_secrets,
    check_sender,
    read_body,
    too_large,
    verify_callback,
)
from .exceptions import CallbackVerificationError, ScaleArgumentError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from starlette.requests import Request as StarletteRequest

    from .client import ScaleClient

__all__ = [
    "CALLBACK_BODY_LIMIT",
    "Callback",
    "CallbackEvent",
    "CallbackVerificationError",
    "SeenCallbacks",
    "flask_callback",
    "starlette_callback",
    "verify_callback",
    "wsgi_callback_app",
]

log = logging.getLogger("scaleapi")

_FlaskAnswer = tuple[str, int, dict[str, str]]

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
        pieces = _pieces(environ)
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


def _pieces(environ: WSGIEnvironment) -> Generator[bytes]:
    """Yield the body of a request, but no more of it than tells that it is too large."""
    length = _length(environ)
    left = CALLBACK_BODY_LIMIT + 1 if length is None else length
    while left and (piece := environ["wsgi.input"].read(min(left, _PIECE))):
        left -= len(piece)
        yield piece
    if length is not None and left:
        raise CallbackVerificationError("the body is shorter than its Content-Length", 400)


def _length(environ: WSGIEnvironment) -> int | None:
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
                if _length(request.environ) is None:
                    body = b"".join(_pieces(request.environ))
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


def starlette_callback(
    secrets: str | Iterable[str],
    *,
    client: ScaleClient | None = None,
    seen: SeenCallbacks | None = None,
) -> Callable[[Callable[[Callback], object]], Callable[..., Awaitable[Any]]]:
    """Make a function that takes a callback into an endpoint of Starlette or FastAPI.

    The function may be ``async``; one that is not runs in a thread.

    Args:
        secrets: The account's callback auth keys.
        client: The client that calls of the task or batch go through.
        seen: What was handled before; by default the memory of this endpoint.

    Raises:
        ScaleArgumentError: There is no secret.

    Example:
        >>> @app.post("/scale")
        ... @starlette_callback("live_auth_...")
        ... async def labeled(callback):
        ...     print(callback.task.id, callback.response)
    """
    known = check_secrets(secrets)
    memory = SeenCallbacks() if seen is None else seen

    def decorate(handler: Callable[[Callback], object]) -> Callable[..., Awaitable[Any]]:
        from starlette.concurrency import run_in_threadpool  # noqa: PLC0415 - as above
        from starlette.requests import Request  # noqa: PLC0415
        from starlette.responses import PlainTextResponse  # noqa: PLC0415

        async def handle(callback: Callback) -> None:
            if inspect.iscoroutinefunction(handler):
                await handler(callback)
                return
            result = await run_in_threadpool(handler, callback)
            if inspect.isawaitable(result):
                await result

        async def endpoint(request: Request) -> PlainTextResponse:
            pieces = _async_pieces(request)
            try:
                check_sender(request.headers.get(HEADER), known)
                body = b"".join([piece async for piece in pieces])
                callback = read_body(request.headers.get("content-type"), body, client)
                with memory.handling(callback) as new:
                    if new:
                        await handle(callback)
            except CallbackVerificationError as error:
                with suppress(CallbackVerificationError):
                    async for _ in pieces:
                        pass
                return PlainTextResponse(error.message, error.code or 400)
            return PlainTextResponse("ok")

        endpoint.__name__ = getattr(handler, "__name__", endpoint.__name__)
        endpoint.__doc__ = handler.__doc__
        # FastAPI reads the annotations, and cannot look up names that are local to here.
        endpoint.__annotations__ = {"request": Request}
        return endpoint

    return decorate


async def _async_pieces(request: StarletteRequest) -> AsyncGenerator[bytes, None]:
    """Yield the body of a request, but no more of it than a callback may have."""
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > CALLBACK_BODY_LIMIT:
            raise too_large()
        yield piece
