"""Callbacks in an application of Starlette or FastAPI."""

from __future__ import annotations

import functools
import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from ..exceptions import CallbackVerificationError
from .callback import Callback
from .handler import Handler, check_handler, check_result
from .headers import read_headers
from .seen import CallbackStore, SeenCallbacks, check_store
from .verification import (
    CALLBACK_BODY_LIMIT,
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
    seen: CallbackStore | None = None,
) -> Callable[[Handler], Callable[..., Awaitable[Any]]]:
    """Make an endpoint of Starlette or FastAPI out of a function that takes a callback.

    The parameters of the path are passed on as keyword arguments, after the callback. In an
    ``HTTPEndpoint`` class it decorates a method. The function may be ``async``; one that is not
    runs in a thread. What it returns is awaited if it can be, and ignored; if it raises, Scale
    sends the callback again.

    Args:
        secrets: The account's callback auth keys, of live and test mode.
        client: The client that methods of the task or batch use.
        seen: Where to remember which callbacks were handled. By default the memory of this
            endpoint. A store of your own runs in threads.

    Raises:
        ScaleArgumentError: If ``secrets`` has no secret; if ``seen`` is no store; or, when it
            decorates, if the function is a generator function or cannot be called.

    Example:
        >>> @app.post("/scale/{customer}")
        ... @starlette_callback("live_auth_...")
        ... async def labeled(callback, customer):
        ...     print(customer, callback.task.id, callback.response)
    """
    known = check_secrets(secrets)
    store = check_store(seen)

    def decorate(handler: Handler) -> Callable[..., Awaitable[Any]]:
        from starlette.requests import Request  # noqa: PLC0415 - only who uses Starlette has it
        from starlette.responses import PlainTextResponse  # noqa: PLC0415

        check_handler(handler)

        async def endpoint(*args: Any, **keyword: Any) -> PlainTextResponse:
            # A method has its object first, and FastAPI passes the request by its name.
            *instance, request = *args, *keyword.values()
            pieces = _body_pieces(request)
            try:
                headers = read_headers(request.headers)
                check_sender(headers.secret, known)
                body = b"".join([piece async for piece in pieces])
                callback = read_body(headers.content_type, body, client)
                async with _handling(store, callback) as new:
                    if new:
                        await _run(handler, *instance, callback, **request.path_params)
                    return PlainTextResponse("ok")
            except CallbackVerificationError as error:
                with suppress(CallbackVerificationError):
                    async for _ in pieces:
                        pass
                return PlainTextResponse(error.message, error.code or 400)
            raise RuntimeError("the store suppressed the error of a handler")

        endpoint.__name__ = getattr(handler, "__name__", endpoint.__name__)
        endpoint.__doc__ = handler.__doc__
        # What FastAPI reads.
        parameter = inspect.Parameter(
            "request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Request
        )
        endpoint.__signature__ = inspect.Signature([parameter])  # type: ignore[attr-defined]
        return endpoint

    return decorate


async def _run(handler: Handler, *args: object, **params: object) -> None:
    from starlette.concurrency import run_in_threadpool  # noqa: PLC0415 - as above

    async_function = inspect.iscoroutinefunction(handler)
    call = functools.partial(handler, *args, **params)
    result = call() if async_function else await run_in_threadpool(call)
    while inspect.isawaitable(result):
        result = await result
    check_result(result)


@asynccontextmanager
async def _handling(store: CallbackStore, callback: Callback) -> AsyncGenerator[bool, None]:
    """Enter and leave what a store returns, in threads if it may have to wait."""
    if type(store) is SeenCallbacks:
        with store.handling(callback) as new:
            yield new
        return

    from anyio import CancelScope  # noqa: PLC0415 - Starlette stands on it
    from starlette.concurrency import run_in_threadpool  # noqa: PLC0415

    def enter() -> tuple[AbstractContextManager[bool], bool]:
        manager = store.handling(callback)
        return manager, manager.__enter__()

    async def leave(error: BaseException | None) -> bool:
        kind, traceback = (type(error), error.__traceback__) if error is not None else (None, None)
        suppressed = None
        with CancelScope(shield=True):  # the store must also release canceled callbacks
            suppressed = await run_in_threadpool(manager.__exit__, kind, error, traceback)
        return bool(suppressed)

    manager, new = await run_in_threadpool(enter)
    try:
        yield new
    except BaseException as error:
        if not await leave(error):
            raise
    else:
        await leave(None)


async def _body_pieces(request: StarletteRequest) -> AsyncGenerator[bytes, None]:
    """Yield the body in pieces, but no more of it than a callback may have."""
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > CALLBACK_BODY_LIMIT:
            raise too_large()
        yield piece
