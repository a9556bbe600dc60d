"""Flask and Starlette: routes with arguments, view classes, names."""

from __future__ import annotations

import asyncio
import functools
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import fastapi
import flask
import flask.views
import pytest
from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint
from starlette.routing import Mount, Route

from scaleapi.callbacks import (
    Callback,
    SeenCallbacks,
    flask_callback,
    starlette_callback,
)
from tests.unit.callbacks.receivers import (
    SECRETS,
    Post,
    Response,
    call_asgi,
    call_wsgi,
    task_callback,
)

Call = tuple[Any, ...]


@pytest.fixture
def calls() -> list[Call]:
    return []


def post_flask(app: flask.Flask, path: str) -> Response:
    return call_wsgi(app.wsgi_app, Post(path=path))


# Flask


@pytest.fixture
def app() -> flask.Flask:
    return flask.Flask("receiver")


def test_flask_route_arguments(app: flask.Flask, calls: list[Call]) -> None:
    @app.post("/<customer>/<int:version>", defaults={"color": "red"})
    @flask_callback(SECRETS)
    def labeled(callback: Callback, customer: str, version: int, **others: str) -> None:
        calls.append((callback.status, customer, version, others))

    assert post_flask(app, "/acme/7").status == 200
    assert calls == [("completed", "acme", 7, {"color": "red"})]


def test_flask_async_route_arguments(app: flask.Flask, calls: list[Call]) -> None:
    @app.post("/<customer>")
    @flask_callback(SECRETS)
    async def labeled(callback: Callback, *, customer: str) -> None:
        await asyncio.sleep(0)
        calls.append((callback.status, customer))

    assert post_flask(app, "/acme").status == 200
    assert calls == [("completed", "acme")]


def test_flask_method_view(app: flask.Flask, calls: list[Call]) -> None:
    class Hook(flask.views.MethodView):
        def __init__(self, kind: str) -> None:
            self.kind = kind

        @flask_callback(SECRETS)
        def post(self, callback: Callback, customer: str) -> None:
            """Note it."""
            calls.append((self.kind, callback.status, customer))

    app.add_url_rule("/<customer>", view_func=Hook.as_view("hook", "a"))
    assert post_flask(app, "/acme").status == 200
    assert post_flask(app, "/acme").status == 200
    assert calls == [("a", "completed", "acme")]
    assert call_wsgi(app.wsgi_app, Post(method="GET", path="/acme")).status == 405


def test_flask_async_method_view(app: flask.Flask, calls: list[Call]) -> None:
    class Hook(flask.views.MethodView):
        @flask_callback(SECRETS)
        async def post(self, callback: Callback) -> None:
            await asyncio.sleep(0)
            calls.append((type(self).__name__, callback.status))

    app.add_url_rule("/", view_func=Hook.as_view("hook"))
    assert post_flask(app, "/").status == 200
    assert calls == [("Hook", "completed")]


def test_flask_view_class(app: flask.Flask, calls: list[Call]) -> None:
    class Hook(flask.views.View):
        methods = ("POST",)
        init_every_request = False

        @flask_callback(SECRETS)
        def dispatch_request(self, callback: Callback, **arguments: str) -> None:
            calls.append((type(self).__name__, callback.status, arguments))

    app.add_url_rule("/<customer>", view_func=Hook.as_view("hook"))
    assert post_flask(app, "/acme").status == 200
    assert calls == [("Hook", "completed", {"customer": "acme"})]


def test_flask_static_method_and_blueprint(app: flask.Flask, calls: list[Call]) -> None:
    class Hooks:
        @staticmethod
        @flask_callback(SECRETS)
        def labeled(callback: Callback, tenant: str) -> None:
            calls.append((callback.status, tenant))

    hooks = flask.Blueprint("hooks", "hooks", url_prefix="/<tenant>")
    hooks.post("/scale")(Hooks.labeled)
    app.register_blueprint(hooks)
    assert post_flask(app, "/acme/scale").status == 200
    assert calls == [("completed", "acme")]


def test_flask_handler_that_does_not_take_the_argument(app: flask.Flask, calls: list[Call]) -> None:
    """The call fails, so the callback is sent again."""
    app.post("/<customer>")(flask_callback(SECRETS)(lambda callback: calls.append((callback,))))
    assert [post_flask(app, "/acme").status for _ in range(2)] == [500, 500]
    assert calls == []


def test_flask_sends_failures_to_its_error_handlers(app: flask.Flask) -> None:
    """So that error reporters see them."""

    def fail(callback: Callback) -> None:
        raise KeyError("broken")

    app.post("/")(flask_callback(SECRETS)(fail))
    app.register_error_handler(KeyError, lambda error: (f"seen: {error}", 500))
    assert post_flask(app, "/").text == "seen: 'broken'"


# Starlette and FastAPI


def post_asgi(app: Any, path: str) -> Response:
    return asyncio.run(call_asgi(app, Post(path=path)))


def test_starlette_route_arguments(calls: list[Call]) -> None:
    @starlette_callback(SECRETS)
    async def labeled(callback: Callback, tenant: str, version: int) -> None:
        calls.append((callback.status, tenant, version))

    @starlette_callback(SECRETS)
    def noted(callback: Callback, tenant: str) -> None:
        calls.append((callback.status, tenant))

    routes = [
        Route("/async/{version:int}", labeled, methods=["POST"]),
        Route("/plain", noted, methods=["POST"]),
    ]
    app = Starlette(routes=[Mount("/{tenant}", routes=routes)])
    assert post_asgi(app, "/acme/async/7").status == 200
    assert post_asgi(app, "/acme/plain").status == 200
    assert calls == [("completed", "acme", 7), ("completed", "acme")]


def test_starlette_endpoint_class(calls: list[Call]) -> None:
    class Hook(HTTPEndpoint):
        @starlette_callback(SECRETS)
        async def post(self, callback: Callback, customer: str) -> None:
            calls.append((type(self).__name__, callback.status, customer))

    app = Starlette(routes=[Route("/{customer}", Hook)])
    assert post_asgi(app, "/acme").status == 200
    assert calls == [("Hook", "completed", "acme")]


def test_fastapi_route_arguments(calls: list[Call]) -> None:
    app = fastapi.FastAPI()

    @app.post("/{customer}")
    @starlette_callback(SECRETS)
    async def labeled(callback: Callback, customer: str) -> None:
        """Note it."""
        calls.append((callback.status, customer))

    assert post_asgi(app, "/acme").status == 200
    assert calls == [("completed", "acme")]
    operation = app.openapi()["paths"]["/{customer}"]["post"]
    assert (operation["summary"], operation["description"]) == ("Labeled", "Note it.")


def test_a_cancelled_handler_is_forgotten(calls: list[Call]) -> None:
    """With asyncio and anyio, and with a custom store."""

    class Store(SeenCallbacks):
        pass

    class Wrapping:
        def __init__(self) -> None:
            self.seen = SeenCallbacks()

        def handling(self, callback: Callback) -> Any:
            return self.seen.handling(callback)

    @asynccontextmanager
    async def by_anyio() -> AsyncGenerator[None]:
        with anyio.move_on_after(0.05):
            yield

    @asynccontextmanager
    async def by_asyncio() -> AsyncGenerator[None]:
        task = asyncio.current_task()
        assert task
        timer = asyncio.get_running_loop().call_later(0.05, task.cancel)
        try:
            yield
        except asyncio.CancelledError:
            calls.append(("cancelled",))
        finally:
            timer.cancel()

    async def hang(callback: Callback) -> None:
        await asyncio.sleep(60)

    for limit in (by_anyio, by_asyncio):
        for store in (SeenCallbacks(), Store(), Wrapping()):
            endpoint = starlette_callback(SECRETS, seen=store)(hang)
            app = Starlette(routes=[Route("/", endpoint, methods=["POST"])])

            async def cancel(app: Any = app, limit: Any = limit) -> None:
                async with limit():
                    await call_asgi(app, Post())

            asyncio.run(cancel())
            with store.handling(task_callback()) as new:
                assert new


# Names


def test_decorated_functions_keep_their_names() -> None:
    def labeled(callback: Callback) -> None:
        """Take it."""

    for view in (flask_callback(SECRETS)(labeled), starlette_callback(SECRETS)(labeled)):
        assert (view.__name__, view.__doc__) == ("labeled", "Take it.")


def test_attributes_of_a_handler_do_not_change_its_view(app: flask.Flask) -> None:
    """Such as the attribute that makes Flask await a function."""

    class Handler:
        def __init__(self) -> None:
            self.__wrapped__ = None
            self.methods = ["PUT"]
            self.calls: list[Callback] = []

        def __call__(self, callback: Callback) -> None:
            self.calls.append(callback)

    handler = Handler()
    view = flask_callback(SECRETS)(handler)
    assert not hasattr(view, "methods")
    app.post("/", endpoint="a")(view)
    app.post("/b", endpoint="b")(flask_callback(SECRETS)(functools.partial(print)))
    assert post_flask(app, "/").status == 200
    assert len(handler.calls) == 1


def test_no_framework_is_imported_before_it_is_used() -> None:
    # What is loaded before: a Python that measures coverage has more.
    code = (
        "import sys; before = set(sys.modules); import scaleapi.callbacks; "
        "print([n for n in sys.argv[1:] if n in set(sys.modules) - before])"
    )
    names = ["flask", "werkzeug", "starlette", "anyio", "fastapi", "django", "sqlite3"]
    done = subprocess.run(
        [sys.executable, "-c", code, *names], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
