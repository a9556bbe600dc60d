"""Distinguish exceptions raised by signal handlers from network errors."""

from __future__ import annotations

import functools
import signal
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from types import CodeType, FrameType, TracebackType

__all__ = [
    "Interruption",
    "causes",
    "clear_frames",
    "interruption",
    "raise_interruption",
    "suppressed",
]

#: ``inspect.CO_VARARGS``. Importing ``inspect`` takes 5 ms.
_CO_VARARGS = 0x04

#: ``signal.getsignal`` would convert to an enum, and catch ValueError, that of a handler too.
_getsignal: Callable[[int], object] = import_module("_signal").getsignal


class Interruption(BaseException):
    """Carry an exception of a signal handler through code that suppresses some errors.

    Args:
        error: The exception.
    """

    def __init__(self, error: BaseException) -> None:
        super().__init__(error)
        self.error = error


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all errors that caused it, each once, the innermost last.

    A call may be made in an ``except`` block. The error that is handled there is the context of
    errors of the call, but did not cause them.

    Args:
        error: The error, in the function that caught it.
    """
    waiting, seen, frames = [error], set[int](), set[FrameType]()
    is_raised = error.__traceback__ is not None
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        frames.update(_frames(one))  # it may have been raised in another thread, for this call
        context = one.__context__
        if context is not None and is_raised and not _was_caught_in(context, frames):
            context = None
        inner = (context, one.__cause__, getattr(one, "reason", None), *one.args)
        waiting.extend(part for part in inner if isinstance(part, BaseException))


def interruption(error: BaseException) -> BaseException | None:
    """Return the exception of a signal handler that caused an error; ``None`` if there is none.

    Handlers may raise TimeoutError or another OSError, which looks like a network error. A frame
    belongs to a handler if it runs the code of one, or if one of its arguments is a frame, namely
    the interrupted one. Handlers may delete that argument, or may be replaced while they run. An
    exception that a handler itself has caught is the cause of the one that it raised.
    """
    handlers, errors = _handlers(), list(causes(error))
    for number, one in enumerate(errors):
        # urllib3 appends the traceback of a cause to that of its own error.
        borrowed = {id(part) for cause in errors[number + 1 :] for part in _parts(cause)}
        own = [part.tb_frame for part in _parts(one) if id(part) not in borrowed]
        if isinstance(one, KeyboardInterrupt) or _has_handler(own, handlers):
            return one
    return None


def raise_interruption(error: BaseException) -> None:
    """Raise the exception of a signal handler, if one caused an error.

    For code that converts or suppresses the errors of user-defined methods.
    """
    interrupting = interruption(error)
    if interrupting is not None:
        raise interrupting


@contextmanager
def suppressed(kind: type[Exception]) -> Generator[None]:
    """Suppress errors of a kind, like :func:`contextlib.suppress`, but not those of handlers."""
    try:
        yield
    except kind as error:
        raise_interruption(error)


def clear_frames(error: BaseException) -> None:
    """Clear the frames of an error and its causes, which hold the request and passwords.

    Those that show that a signal handler raised the error are kept.
    """
    for one in causes(error):
        for frame in _frames(one):
            if not _has_frame(frame):
                with suppress(RuntimeError):  # it is still running
                    frame.clear()


def _frames(error: BaseException) -> list[FrameType]:
    """Return the frames that an error has passed through, outermost first."""
    return [part.tb_frame for part in _parts(error)]


def _parts(error: BaseException) -> Iterator[TracebackType]:
    """Yield the parts of a traceback, one for each frame, outermost first."""
    part = error.__traceback__
    while part is not None:
        yield part
        part = part.tb_next


def _callers(frame: FrameType | None) -> Iterator[FrameType]:
    """Yield a frame and its callers, outermost last."""
    while frame is not None:
        yield frame
        frame = frame.f_back


def _was_caught_in(error: BaseException, frames: set[FrameType]) -> bool:
    """Return whether an error was caught in these frames, or in functions that they called."""
    if error.__traceback__ is None:  # dropped by the caller that handles it
        return False
    return not frames.isdisjoint(_callers(error.__traceback__.tb_frame))


def _has_handler(frames: list[FrameType], handlers: set[CodeType]) -> bool:
    return any(frame.f_code in handlers or _has_frame(frame) for frame in frames)


def _handlers() -> set[CodeType]:
    """Return the code of the present signal handlers."""
    handlers = map(_getsignal, range(1, signal.NSIG))
    return {code for one in handlers if callable(one) and (code := _code(one)) is not None}


def _code(handler: object) -> CodeType | None:
    """Return the code of a function, a method or another callable; ``None`` if it is built in."""
    while isinstance(handler, functools.partial):
        handler = handler.func
    for function in (handler, getattr(type(handler), "__call__", None)):  # noqa: B004 - of an object
        code = getattr(function, "__code__", None)  # that of a method is its function's
        if isinstance(code, CodeType):
            return code
    return None


def _has_frame(frame: FrameType) -> bool:
    return any(isinstance(argument, FrameType) for argument in _arguments(frame))


def _arguments(frame: FrameType) -> list[object]:
    """Return the positional arguments that a frame was called with."""
    code, variables = frame.f_code, frame.f_locals
    given: list[object] = [variables.get(name) for name in code.co_varnames[: code.co_argcount]]
    if code.co_flags & _CO_VARARGS:
        rest = variables.get(code.co_varnames[code.co_argcount + code.co_kwonlyargcount])
        given += rest if isinstance(rest, tuple) else ()  # the function may have assigned to it
    return given
