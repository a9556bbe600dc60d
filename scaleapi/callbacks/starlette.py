"""Callbacks in an application of Starlette or FastAPI."""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..exceptions import CallbackVerificationError
from .callback import Callback
from .seen import SeenCallbacks
from .verification import (
    CALLBACK_BODY_LIMIT,
    HEADER,
    check_secrets,
    check_sender,
    read_body,
    too_large,
)

if TYPE_CHECKING:
    from starlette.requests import Request as StarletteRequest

    from ..client import ScaleClient

__all__ = ["starlette_callback"]


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
