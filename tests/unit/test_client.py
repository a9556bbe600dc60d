"""The client: its structure, reprs, options and imports."""

from __future__ import annotations

import base64
import copy
import importlib
import inspect
import os
import pickle
import pkgutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import scaleapi
from scaleapi import Api, ScaleArgumentError, ScaleClient
from scaleapi._http.call import Options
from scaleapi._model.fields import Computed, Field
from scaleapi.api import Resource
from tests.compat.canned import client_returning

MIXINS = ScaleClient.__bases__

#: Modules that users import from; the sandbox and the command have tests of their own.
MODULES = [
    "scaleapi",
    *(
        f"scaleapi.{module.name}"
        for module in pkgutil.iter_modules(scaleapi.__path__)
        if not module.name.startswith("_") and module.name not in ("cli", "sandbox")
    ),
]


def public(thing: object) -> list[str]:
    return [name for name in vars(thing) if not name.startswith("_")]


def test_every_call_comes_from_exactly_one_mixin() -> None:
    """A second definition would silently override the first, depending on the order of bases."""
    calls = {name for name in dir(ScaleClient) if not name.startswith("_")}
    for name in calls - {"api"}:
        owners = [one.__name__ for one in (ScaleClient, *MIXINS) if name in vars(one)]
        assert len(owners) == 1, f"{name}: {owners}"
    assert len(calls) > 45


@pytest.mark.parametrize("mixin", MIXINS)
def test_mixins_contain_only_calls(mixin: type) -> None:
    """A mixin has no state and no constructor, and only Resource as a base."""
    assert mixin.__bases__ == (Resource,)
    assert "__init__" not in vars(mixin)
    assert public(mixin)
    assert all(inspect.isfunction(vars(mixin)[name]) for name in public(mixin))


def test_with_options_changes_only_what_is_given() -> None:
    client = ScaleClient("live_key", timeout=(1, 2), deadline=3, max_retries=4)
    assert client.api.options == Options(1.0, 2.0, 3.0, 4)
    assert client.with_options().api.options == Options(1.0, 2.0, 3.0, 4)
    assert client.with_options(timeout=9).api.options == Options(9.0, 9.0, 3.0, 4)
    assert client.with_options(timeout=None).api.options == Options(None, None, 3.0, 4)
    assert client.with_options(deadline=None).api.options == Options(1.0, 2.0, None, 4)
    assert client.with_options(max_retries=0).api.options == Options(1.0, 2.0, 3.0, 0)
    assert client.api.options == Options(1.0, 2.0, 3.0, 4)


def test_with_options_shares_the_connections() -> None:
    """They also share the retry budgets."""
    client = ScaleClient("live_key", "program", "http://127.0.0.1:1/v1")
    other = client.with_options(max_retries=0)
    assert type(other) is ScaleClient
    assert other.api is not client.api
    assert other.api._transport is client.api._transport
    assert (other.api.api_key, other.api.base_api_url) == ("live_key", "http://127.0.0.1:1/v1")


def test_with_options_of_a_subclass() -> None:
    class Ours(ScaleClient):
        name = "ours"

    client = Ours("live_key")
    client.name = "changed"
    assert type(client.with_options(deadline=1)) is Ours
    assert client.with_options(deadline=1).name == "changed"


@pytest.mark.parametrize(
    "option", [{"timeout": 0}, {"deadline": -1}, {"max_retries": "three"}, {"max_body": 0}]
)
def test_with_bad_options(option: dict[str, Any]) -> None:
    with pytest.raises(ScaleArgumentError, match=next(iter(option))):
        ScaleClient("live_key").with_options(**option)


def test_with_options_takes_no_other_setting() -> None:
    other: Any = ScaleClient("live_key").with_options
    with pytest.raises(TypeError):
        other(api_key="x")


@pytest.mark.parametrize("raising", [True, False])
def test_a_client_is_a_context_manager(raising: bool) -> None:
    """It closes its connections on exit, and does not suppress errors."""
    client = ScaleClient("live_key")
    closed: list[bool] = []
    client.api.close = lambda: closed.append(True)  # type: ignore[method-assign]
    try:
        with client as entered:
            assert entered is client
            assert not closed
            if raising:
                raise ZeroDivisionError
    except ZeroDivisionError:
        assert raising
    assert closed == [True]


def test_a_client_can_be_closed_twice_and_used_again() -> None:
    client = ScaleClient("live_key", api_instance_url="http://127.0.0.1:1/v1")
    session = client.api._transport.session
    client.close()
    client.close()
    assert client.api._transport.session is session


SECRET = "live_0123456789"


def test_the_key_is_not_shown() -> None:
    """Neither in reprs nor by error reporters that print variables."""
    client = ScaleClient(SECRET, "program", "http://127.0.0.1:1/v1")
    shown = [
        repr(client),
        str(client),
        repr(client.api),
        repr(vars(client)),
        repr(vars(client.api)),
    ]
    shown.append(repr(client.with_options(deadline=1)))
    encoded = base64.b64encode(f"{SECRET}:".encode()).decode()
    for text in shown:
        assert SECRET not in text
        assert encoded not in text
    assert repr(client) == "ScaleClient(api_instance_url='http://127.0.0.1:1/v1')"
    assert repr(client.api) == "Api(base_api_url='http://127.0.0.1:1/v1')"


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickled_client_keeps_its_settings(protocol: int) -> None:
    client = ScaleClient(
        SECRET, "program", "http://127.0.0.1:1/v1", False, {"http": "http://127.0.0.1:2"}, timeout=7
    )
    _ = client.api._transport.session
    other = pickle.loads(pickle.dumps(client, protocol))
    for name in ("api_key", "base_api_url", "verify", "proxies", "cert", "options"):
        assert getattr(other.api, name) == getattr(client.api, name)
    assert other.api._transport is not client.api._transport
    assert other.api._transport.session is not client.api._transport.session
    assert SECRET not in repr(vars(other.api))


def test_an_unpickled_client_uses_the_proxy_of_its_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://10.0.0.1:1")
    pickled = pickle.dumps(ScaleClient(SECRET, api_instance_url="https://example.com/v1"))
    monkeypatch.setenv("HTTPS_PROXY", "http://10.0.0.2:2")
    api = pickle.loads(pickled).api
    for one in (api, api.for_v2()):
        assert one._proxy == "http://10.0.0.2:2"


def test_copying_a_client_returns_the_client() -> None:
    """A client represents an account and its connections."""
    client = ScaleClient("live_key")
    assert copy.copy(client) is client
    assert copy.deepcopy(client) is client
    assert copy.deepcopy({"client": client})["client"] is client


def test_concurrent_first_calls_create_one_session() -> None:
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    transport = ScaleClient("live_key", verify=False).api._transport
    start = Barrier(16)

    def session(_: int) -> object:
        start.wait()
        return transport.session

    with ThreadPoolExecutor(16) as pool:
        assert len({id(one) for one in pool.map(session, range(16))}) == 1


def run(program: str) -> str:
    """Run a program in a new interpreter, with warnings as errors, and return its output."""
    root = str(Path(scaleapi.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_import_loads_no_unneeded_modules() -> None:
    """Neither the sandbox and its dependencies, nor the v2 API."""
    program = """if True:
        import sys
        before = set(sys.modules)  # a Python that measures coverage has more
        import scaleapi
        scaleapi.ScaleClient("live_key")
        print(*set(sys.modules) - before)
    """
    loaded = set(run(program).split())
    assert "scaleapi.client" in loaded
    heavy = {"flask", "werkzeug", "jinja2", "sqlite3", "pydantic", "scaleapi.sandbox"}
    assert not heavy & loaded
    assert not [name for name in loaded if name.startswith(("scaleapi.v2", "scaleapi.api_client"))]


def test_star_import_provides_all() -> None:
    names = run("from scaleapi import *; print(*[n for n in dir() if n[:2] != '__'])").split()
    assert set(names) == {name for name in scaleapi.__all__ if not name.startswith("__")}


@pytest.mark.parametrize("name", MODULES)
def test_names_in_all_exist(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__
    assert len(set(module.__all__)) == len(module.__all__)
    assert all(hasattr(module, one) for one in module.__all__)
    assert list(module.__all__) == sorted(module.__all__, key=announced_order)


def announced_order(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions: the order that the linter keeps."""
    return (0 if name.isupper() else 1 if name[:1].isupper() else 2), name


@cache
def documented() -> dict[str, object]:
    """Every public class and function of the public modules, with their methods and fields."""
    found: dict[str, object] = {}
    for module in map(importlib.import_module, MODULES):
        for name in module.__all__:
            thing = getattr(module, name)
            if not (inspect.isclass(thing) or inspect.isfunction(thing)):
                continue
            found[f"{thing.__module__}.{thing.__qualname__}"] = thing
            if inspect.isclass(thing):
                for one in public(thing):
                    member = inspect.getattr_static(thing, one)
                    if isinstance(
                        member, (property, Computed, Field, staticmethod, classmethod)
                    ) or (inspect.isfunction(member)):
                        found[f"{thing.__module__}.{thing.__qualname__}.{one}"] = member
    return found


def is_documented(thing: object) -> bool:
    """Whether there is a docstring, and its first line is a complete sentence."""
    text = vars(thing).get("__doc__") if inspect.isclass(thing) else inspect.getdoc(thing)
    return bool(text) and str(text).strip().splitlines()[0].rstrip()[-1] in ".:;?"


def test_public_names_have_a_docstring() -> None:
    assert [name for name, thing in documented().items() if not is_documented(thing)] == []


def test_docstring_check_finds_the_public_names() -> None:
    assert {
        "scaleapi.client.ScaleClient",
        "scaleapi.tasks.methods.TaskMethods.get_tasks",
        "scaleapi.tasks.task.Task.id",
        "scaleapi.api.Api.quote_string",
        "scaleapi.batches.Batch.tasks_pending",
    } <= documented().keys()
    assert len(documented()) > 200


@pytest.mark.parametrize("mixin", MIXINS)
def test_every_argument_of_a_call_is_documented(mixin: type) -> None:
    """Arguments are documented in the call, or in the call that its docstring refers to."""
    for name in public(mixin):
        function = vars(mixin)[name]
        text = inspect.getdoc(function) or ""
        for parameter in list(inspect.signature(function).parameters.values())[1:]:
            stars = "**" if parameter.kind is parameter.VAR_KEYWORD else ""
            assert (
                f"    {stars}{parameter.name}:" in text or "The filters are those of :meth:" in text
            ), name


@pytest.mark.parametrize("files", [{}, {"other": b""}, {"file": b"", "second": b""}])
def test_post_request_takes_one_file(files: dict[str, Any]) -> None:
    def fail(request: object) -> object:
        raise AssertionError("it was sent")

    with pytest.raises(ScaleArgumentError, match=r"files must be \{'file': file\}"):
        client_returning(fail).api.post_request("files/upload", files=files)


@pytest.mark.parametrize("data", [{"a": "b"}, {"a": ["b", "c"]}])
def test_form_fields_require_a_file(data: dict[str, Any]) -> None:
    def fail(request: object) -> object:
        raise AssertionError("it was sent")

    with pytest.raises(ScaleArgumentError, match=r"^data must come with files; give body for JSON"):
        client_returning(fail).api.post_request("files/upload", data=data)
    assert client_returning({}).api.post_request("x", data={}) == {}


@pytest.mark.parametrize(
    ("endpoint", "params", "url"),
    [
        ("tasks", {"a": 1}, "tasks?a=1"),
        ("tasks?b=2", {"a": 1}, "tasks?b=2&a=1"),
        ("tasks?b=2", {"a": None}, "tasks?b=2"),
        ("tasks?b=2", None, "tasks?b=2"),
        ("tasks", {"a": [1, 2], "b": "ü&"}, "tasks?a=1&a=2&b=%C3%BC%26"),
        ("tasks", {}, "tasks"),
    ],
)
def test_query_of_get_request(endpoint: str, params: dict[str, Any] | None, url: str) -> None:
    sent: list[str] = []
    client_returning(lambda request: sent.append(request.url)).api.get_request(endpoint, params)
    assert sent == [f"https://127.0.0.1/v1/{url}"]


class OurApi(Api):
    """A subclass of Api."""

    def hello(self) -> str:
        return self.base_api_url


def test_with_options_keeps_the_subclass() -> None:
    api = OurApi("live_key", api_instance_url="http://127.0.0.1:1/v1")
    assert api.with_options(deadline=1).hello() == "http://127.0.0.1:1/v1"
    assert api.for_v2().hello() == "http://127.0.0.1:1/v2"


def test_api_methods_return_json() -> None:
    api: Api = client_returning([1, {"a": None}]).api
    assert api.get_request("x") == [1, {"a": None}]
    assert api.post_request("x", {"a": 1}) == [1, {"a": None}]
    assert api.put_request("x") == [1, {"a": None}]
    assert api.delete_request("x") == [1, {"a": None}]
    for body in (b"", b"OK", b"<html>"):
        assert client_returning(body).api.delete_request("x") is None
