"""The sandbox as an object."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from scaleapi.sandbox import Refusal, Sandbox, StartError
from scaleapi.sandbox.base.clock import Clock
from tests.sandbox.rules.caller import Caller


def test_it_starts_and_stops() -> None:
    """It has a URL while it runs, and can be started again."""
    sandbox = Sandbox()
    with pytest.raises(StartError, match="not running"):
        _ = sandbox.url
    for _ in range(2):
        with sandbox as same:
            assert same is sandbox
            assert sandbox.url.startswith("http://127.0.0.1:")
            assert Caller(sandbox, sandbox.test_key).get("/projects") == []
            with pytest.raises(StartError, match="running already"):
                sandbox.start()
    sandbox.stop()


@pytest.mark.parametrize(
    "host", ["", "*", "*.localhost", "http://localhost", "localhost:80", "a b", "0.0.0.0/0", "a/b"]
)
def test_host_must_be_a_host(host: str) -> None:
    """What is no name and no address is refused before anything starts."""
    with pytest.raises(ValueError, match="host"):
        Sandbox(host=host)


def test_localhost_and_ipv6() -> None:
    """Every loopback address will do."""
    with Sandbox(host="localhost") as sandbox:
        assert Caller(sandbox, sandbox.test_key).get("/projects") == []
    if socket.has_ipv6:
        try:
            sandbox = Sandbox(host="::1").start()
        except StartError:
            pytest.skip("this machine has no IPv6")
        assert sandbox.url.startswith("http://[::1]:")
        assert Caller(sandbox, sandbox.test_key).get("/projects") == []
        sandbox.stop()


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"port": -1}, "port"),
        ({"port": 65536}, "port"),
        ({"test_key": ""}, "test_key"),
        ({"live_key": "a:b"}, "live_key"),
        ({"live_key": "a b"}, "live_key"),
        ({"live_key": "ä"}, "live_key"),
        ({"live_key": "test_sandbox_key"}, "test_key and live_key"),
        ({"transition": "soon"}, "transition"),
    ],
)
def test_a_wrong_argument_is_named(arguments: dict[str, object], name: str) -> None:
    """An argument that is not what it should be is refused before anything starts."""
    with pytest.raises(ValueError, match=name):
        Sandbox(**arguments)  # type: ignore[arg-type]


def test_a_port_in_use() -> None:
    """A second sandbox on the same port says so."""
    with Sandbox() as sandbox:
        port = int(sandbox.url.split(":")[2].split("/")[0])
        with pytest.raises(StartError, match=f"port {port}"):
            Sandbox(port=port).start()


def test_a_refusal_can_be_pickled() -> None:
    """An error may travel between processes."""
    import pickle

    refusal = pickle.loads(pickle.dumps(Refusal(404, "Gone.")))
    assert (refusal.status_code, refusal.error, str(refusal)) == (404, "Gone.", "Gone.")


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), 1e12, 1e300])
def test_the_clock_goes_forward_only(seconds: float) -> None:
    """The clock cannot be moved back or past the end of the calendar."""
    clock = Clock()
    with pytest.raises(ValueError, match="seconds"):
        clock.advance(seconds)


def test_without_flask_the_import_says_what_to_install(tmp_path: Path) -> None:
    """Where Flask is missing, the error names the extra."""
    (tmp_path / "flask.py").write_text("raise ModuleNotFoundError(name='flask')")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import scaleapi.sandbox"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert 'pip install "scaleapi[sandbox]"' in done.stderr


def test_the_sandbox_imports_nothing_of_the_client() -> None:
    """No module of the sandbox imports a module of the client; drawing knows neither."""
    import ast

    root = Path(sys.modules["scaleapi.sandbox"].__file__ or "").parent
    for path in root.rglob("*.py"):
        depth = len(path.relative_to(root).parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.level <= depth, path
                module = node.module or ""
                assert module == "scaleapi.drawing" or not module.startswith("scaleapi"), path
            elif isinstance(node, ast.Import):
                assert not any(name.name.startswith("scaleapi") for name in node.names), path
