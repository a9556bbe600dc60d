"""Whether a handler ran when it was called.

Calling an async function or a generator function runs nothing. If that counted as handled, the
callback would be lost: it is acknowledged, and so does not come again.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from typing import TypeAlias

from ..exceptions import ScaleArgumentError
from .callback import Callback
from .seen import CallbackStore

__all__ = ["Handler", "check_handler", "check_result", "handle_once", "is_async"]

#: Called with the callback and, depending on the framework, with the arguments of the route.
Handler: TypeAlias = Callable[..., object]


def check_handler(handler: Handler) -> None:
    """Raise an error for a handler that cannot be called, or is seen to be a generator function.

    Raises:
        ScaleArgumentError: If so.
    """
    if not callable(handler):
        raise ScaleArgumentError(
            "handler", f"must be a function or another callable, got {type(handler).__name__}"
        )
    function = _function_of(handler)
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise ScaleArgumentError(
            "handler", "must be a function without yield: calling a generator function runs nothing"
        )


def is_async(handler: Handler) -> bool:
    """Return whether a handler is seen to be an async function, or an object that is like one."""
    return inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(
        _function_of(handler)
    )


def _function_of(handler: Handler) -> Handler:
    """Return the function or method that a call of the handler runs, as far as it can be seen."""
    while isinstance(handler, functools.partial):
        handler = handler.func
    if inspect.isroutine(handler) or isinstance(handler, type):
        return handler
    method: Handler = getattr(handler, "__call__")  # noqa: B004, B009 - of an object
    return method


def check_result(result: object) -> None:
    """Raise an error if a handler's result shows that it never ran.

    Raises:
        TypeError: If it is a coroutine, a generator or something else that is yet to run.
    """
    if not (
        isinstance(result, (Generator, AsyncGenerator, map, filter)) or inspect.isawaitable(result)
    ):
        return
    if isinstance(result, (Coroutine, Generator)):
        result.close()  # otherwise Python warns that it was never awaited
    raise TypeError(f"the handler returned a {type(result).__name__}, so it never ran")


def handle_once(store: CallbackStore, callback: Callback, handle: Callable[[], object]) -> None:
    """Call a function, unless its callback was handled before.

    Raises:
        CallbackVerificationError: If the callback is being handled at this moment.
        TypeError: If the function's result shows that it never ran.
    """
    with store.handling(callback) as new:
        if new:
            check_result(handle())
        return
    raise RuntimeError("the store suppressed the error of a handler")
