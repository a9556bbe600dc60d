"""Distinguish exceptions raised by signal handlers from network errors."""

from __future__ import annotations

import functools
import inspect
import signal
from collections.abc import Iterator
from types import CodeType, FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TypeGuard

__all__ = ["Interruption", "causes", "interruption", "is_interrupt", "raise_interruption"]


class Interruption(BaseException):
    """Carry an exception of a signal handler through code that suppresses some errors.

    Args:
        error: The exception.
    """

    def __init__(self, error: BaseException) -> None:
        super().__init__(error)
        self.error = error


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all errors that caused it, each once, the innermost last."""
    waiting, seen = [error], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        inner = (one.__context__, one.__cause__, getattr(one, "reason", None), *one.args)
        waiting.extend(part for part in inner if isinstance(part, BaseException))


def interruption(error: BaseException) -> BaseException | None:
    """Return the exception of a signal handler that caused an error; ``None`` if there is none.

    Handlers may raise TimeoutError or another OSError, which looks like a network error. A frame
    belongs to a handler if it runs the code of one, or if one of its arguments is a frame, namely
    the interrupted one. Handlers may delete that argument, or may be replaced while they run.
    """
    found, handlers = None, _handlers()
    for one in causes(error):
        traceback = one.__traceback__
        while traceback is not None:
            frame = traceback.tb_frame
            if frame.f_code in handlers or _has_frame(frame):
                found = one
                break
            traceback = traceback.tb_next
    return found


def is_interrupt(error: BaseException | None) -> TypeGuard[BaseException]:
    """Return whether an error was raised by Ctrl-C or another signal handler."""
    if error is None:
        return False
    return isinstance(error, KeyboardInterrupt) or interruption(error) is not None


def raise_interruption(error: BaseException) -> None:
    """Raise the exception of a signal handler, if one caused an error.

    For code that converts or suppresses the errors of user-defined methods.
    """
    interrupting = interruption(error)
    if interrupting is not None:
        raise interrupting


def _handlers() -> set[CodeType]:
    """Return the code of the present signal handlers."""
    handlers = map(signal.getsignal, signal.valid_signals())
    return {code for one in handlers if callable(one) and (code := _code(one)) is not None}


def _code(handler: object) -> CodeType | None:
    """Return the code of a function, a method or another callable; ``None`` if it is built in."""
    while isinstance(handler, functools.partial):
        handler = handler.func
    if not inspect.isroutine(handler):
        handler = getattr(type(handler), "__call__", None)  # noqa: B004 - of an object
    code = getattr(handler, "__code__", None)  # that of a method is its function's
    return code if isinstance(code, CodeType) else None


def _has_frame(frame: FrameType) -> bool:
    return any(isinstance(argument, FrameType) for argument in _arguments(frame))


def _arguments(frame: FrameType) -> list[object]:
    """Return the positional arguments that a frame was called with."""
    code, variables = frame.f_code, frame.f_locals
    given: list[object] = [variables.get(name) for name in code.co_varnames[: code.co_argcount]]
    if code.co_flags & inspect.CO_VARARGS:
        name = code.co_varnames[code.co_argcount + code.co_kwonlyargcount]
        given += variables.get(name, ())
    return given
