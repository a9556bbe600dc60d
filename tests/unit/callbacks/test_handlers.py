"""Handlers of every kind: each runs, or its callback is not acknowledged."""

from __future__ import annotations

import asyncio
import functools
import logging
import threading
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Iterable
from types import coroutine
from typing import Any
from unittest.mock import AsyncMock, MagicMock, Mock

import pytest

from scaleapi.callbacks import (
    Callback,
    SeenCallbacks,
    flask_callback,
    starlette_callback,
    wsgi_callback_app,
)
from scaleapi.exceptions import ScaleArgumentError
from tests.unit.callbacks.receivers import (
    SECRETS,
    Handler,
    Post,
    Receive,
    by_flask,
    by_starlette,
    by_wsgi,
    every_receiver,
)

ran: list[Callback] = []


@pytest.fixture(autouse=True)
def _nothing_ran() -> None:
    ran.clear()


def note(callback: Callback) -> bool:
    ran.append(callback)
    return True


async def run_async(callback: Callback) -> None:
    await asyncio.sleep(0)
    ran.append(callback)


def run_generator(callback: Callback) -> Generator[None]:
    ran.append(callback)
    yield


async def run_async_generator(callback: Callback) -> AsyncGenerator[None]:
    ran.append(callback)
    yield


@coroutine
def run_old_coroutine(callback: Callback) -> Generator[Any, Any, None]:
    yield from asyncio.sleep(0).__await__()
    ran.append(callback)


class Later:
    """Another awaitable."""

    def __init__(self, callback: Callback) -> None:
        self.callback = callback

    def __await__(self) -> Generator[Any, Any, None]:
        return run_async(self.callback).__await__()


class Handlers:
    """Methods, and callables that are not functions."""

    def __init__(self, function: Callable[[Callback], Any]) -> None:
        self.function = function

    def method(self, callback: Callback) -> Any:
        return self.function(callback)

    def __call__(self, callback: Callback) -> Any:
        return self.function(callback)


class AsyncHandler:
    async def __call__(self, callback: Callback) -> None:
        await run_async(callback)

    async def method(self, callback: Callback) -> None:
        await run_async(callback)


class GeneratorHandler:
    def __call__(self, callback: Callback) -> Generator[None]:
        yield from run_generator(callback)

    def method(self, callback: Callback) -> Generator[None]:
        yield from run_generator(callback)


class AsyncGeneratorHandler:
    async def __call__(self, callback: Callback) -> AsyncGenerator[None]:
        ran.append(callback)
        yield


def decorated(function: Callable[[Callback], Any]) -> Callable[[Callback], Any]:
    @functools.wraps(function)
    def wrapper(callback: Callback) -> Any:
        return function(callback)

    return wrapper


class AsyncMethods:
    @staticmethod
    async def of_class(callback: Callback) -> None:
        await run_async(callback)

    @classmethod
    async def of_cls(cls, callback: Callback) -> None:
        await run_async(callback)


def hidden(function: Callable[[Callback], Any]) -> dict[str, Handler]:
    """Callables that can only be recognized by their result."""
    return {
        "lambda": lambda callback: function(callback),  # noqa: PLW0108 - it is what is tested
        "object": Handlers(function),
        "method": Handlers(function).method,
        "partial": functools.partial(lambda _, callback: function(callback), 1),
        "decorated": decorated(function),
        "partial of an object": functools.partial(Handlers(function)),
        "cached": functools.lru_cache(function),
        "dispatch": functools.singledispatch(decorated(function)),
    }


VISIBLE: dict[str, Handler] = {
    "async function": run_async,
    "async partial": functools.partial(run_async),
    "async partial of a partial": functools.partial(functools.partial(run_async)),
    "async object": AsyncHandler(),
    "async partial of an object": functools.partial(AsyncHandler()),
    "async method": AsyncHandler().method,
    "async static method": AsyncMethods.of_class,
    "async class method": AsyncMethods.of_cls,
    "async mock": AsyncMock(),
    "generator": run_generator,
    "generator partial": functools.partial(run_generator),
    "generator object": GeneratorHandler(),
    "generator partial of an object": functools.partial(GeneratorHandler()),
    "generator method": GeneratorHandler().method,
    "async generator": run_async_generator,
    "async generator partial": functools.partial(run_async_generator),
    "async generator object": AsyncGeneratorHandler(),
}
HIDDEN: dict[str, Handler] = {
    f"{kind}, {form}": handler
    for kind, function in {
        "coroutine": run_async,
        "generator": run_generator,
        "generator expression": lambda callback: (note(one) for one in [callback]),
        "map": lambda callback: map(note, [callback]),
        "filter": lambda callback: filter(note, [callback]),
        "async generator": run_async_generator,
        "old coroutine": run_old_coroutine,
        "awaitable": Later,
    }.items()
    for form, handler in hidden(function).items()
}
LAZY = [name for name in HIDDEN if "generator" in name or name.startswith(("map", "filter"))]


def awaited(names: Iterable[str]) -> list[str]:
    return [name for name in names if name not in LAZY and "generator" not in name]


@pytest.mark.parametrize("name", VISIBLE)
def test_wsgi_rejects_what_it_can_see_would_not_run(name: str) -> None:
    with pytest.raises(ScaleArgumentError, match=r"handler must be an? (ordinary )?function"):
        wsgi_callback_app(VISIBLE[name], SECRETS)


def objects(names: Iterable[str]) -> list[str]:
    return [name for name in names if "generator" in name or "object" in name]


@pytest.mark.parametrize("name", objects(VISIBLE))
def test_flask_rejects_what_it_can_see_would_not_run(name: str) -> None:
    with pytest.raises(ScaleArgumentError, match="handler must be a function"):
        flask_callback(SECRETS)(VISIBLE[name])


@pytest.mark.parametrize("name", [name for name in VISIBLE if "generator" in name])
def test_starlette_rejects_what_it_can_see_would_not_run(name: str) -> None:
    with pytest.raises(ScaleArgumentError, match="handler must be a function"):
        starlette_callback(SECRETS)(VISIBLE[name])


@pytest.mark.parametrize("handler", [None, "print", 5, [print], classmethod(by_wsgi)])
@every_receiver
def test_rejects_a_handler_that_cannot_be_called(by: Callable[..., Receive], handler: Any) -> None:
    with pytest.raises(ScaleArgumentError, match="handler must be a function"):
        by(handler)


@pytest.mark.parametrize("by", [by_wsgi, by_flask])
@pytest.mark.parametrize("name", HIDDEN)
def test_a_handler_that_did_not_run_is_not_acknowledged(
    by: Callable[..., Receive], name: str, recwarn: pytest.WarningsRecorder
) -> None:
    """Neither are duplicates; and the coroutine is closed, so that there is no warning."""
    receive = by(HIDDEN[name])
    assert [receive(Post()).status for _ in range(3)] == [500, 500, 500]
    assert ran == []
    assert not recwarn.list


@pytest.mark.parametrize("name", LAZY)
def test_starlette_rejects_generators_that_were_not_run(name: str) -> None:
    receive = by_starlette(HIDDEN[name])
    assert [receive(Post()).status for _ in range(3)] == [500, 500, 500]
    assert ran == []


@pytest.mark.parametrize("name", [*awaited(VISIBLE), *awaited(HIDDEN)])
def test_starlette_awaits_what_can_be_awaited(name: str) -> None:
    handler = {**VISIBLE, **HIDDEN}[name]
    if name == "async mock":
        handler = AsyncMock(side_effect=ran.append)
    receive = by_starlette(handler)
    assert receive(Post()).status == 200
    assert len(ran) == 1
    assert receive(Post()).status == 200
    assert len(ran) == 1


@pytest.mark.parametrize("name", [name for name in awaited(VISIBLE) if "object" not in name])
def test_flask_runs_async_functions(name: str) -> None:
    handler = AsyncMock(side_effect=ran.append) if name == "async mock" else VISIBLE[name]
    receive = by_flask(handler)
    assert [receive(Post()).status for _ in range(2)] == [200, 200]
    assert len(ran) == 1


async def return_coroutine(callback: Callback) -> Coroutine[Any, Any, None]:
    return run_async(callback)


async def return_generator(callback: Callback) -> Generator[None]:
    return run_generator(callback)


def test_results_of_async_handlers_are_checked() -> None:
    for by in (by_flask, by_starlette):
        assert by(return_generator)(Post()).status == 500
    assert by_flask(return_coroutine)(Post()).status == 500
    assert ran == []
    assert by_starlette(return_coroutine)(Post()).status == 200
    assert len(ran) == 1


@every_receiver
def test_the_log_says_what_is_wrong(
    by: Callable[..., Receive], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A framework that another test of this process has set up may have disabled other loggers.
    monkeypatch.setattr(logging.root.manager, "disable", logging.NOTSET)
    for logger in logging.root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            monkeypatch.setattr(logger, "disabled", False)
            monkeypatch.setattr(logger, "propagate", True)
    try:
        by(decorated(run_generator))(Post())
    finally:
        told = caplog.text
    # Starlette leaves logging to the server.
    assert by is by_starlette or "the handler returned a generator, so it never ran" in told


@every_receiver
@pytest.mark.parametrize(
    "result", [None, 5, "ok", [], ["a"], {}, iter([]), ("", 500), object(), MagicMock(), Mock()]
)
def test_any_other_result_is_ignored(by: Callable[..., Receive], result: object) -> None:
    receive = by(lambda callback: note(callback) and result)
    assert receive(Post()).status == 200
    assert len(ran) == 1


@every_receiver
def test_mocks_and_classes_are_handlers(by: Callable[..., Receive]) -> None:
    mock = MagicMock()
    assert by(mock)(Post()).status == 200
    assert mock.call_count == 1

    class Handled:
        def __init__(self, callback: Callback) -> None:
            ran.append(callback)

    assert by(Handled)(Post()).status == 200
    assert len(ran) == 1


def test_handlers_that_did_not_run_are_not_remembered() -> None:
    """The memory is shared with a corrected handler."""
    seen = SeenCallbacks()
    assert by_wsgi(decorated(run_async), seen)(Post()).status == 500
    assert by_wsgi(ran.append, seen)(Post()).status == 200
    assert len(ran) == 1


def test_starlette_runs_ordinary_functions_in_a_thread() -> None:
    threads: list[threading.Thread] = []
    by_starlette(lambda _: threads.append(threading.current_thread()))(Post())
    assert threads[0] is not threading.main_thread()
