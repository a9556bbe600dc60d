"""The fixtures that programs which use Scale are tested with."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

pytest_plugins = ["pytester"]

Run = Callable[..., pytest.RunResult]

ROOT = Path(__file__).parents[3]
PLUGIN = "scaleapi.pytest_plugin"

ONE_AFTER_ANOTHER = """
import pytest
import requests
from scaleapi import ScaleClient

urls = set()

def check_fresh(sandbox, client):
    from datetime import datetime, timezone
    urls.add(sandbox.url)
    assert len(urls) == 1
    assert list(sandbox.faults) == sandbox.requests == []
    assert sandbox.transition is None
    assert abs((sandbox.clock.now() - datetime.now(timezone.utc)).total_seconds()) < 60
    assert client.projects() == []
    assert client.tasks(project=None).total == 0

@pytest.mark.parametrize("number", range(3))
def test_each_is_alone(number, scale_sandbox, scale_client):
    check_fresh(scale_sandbox, scale_client)
    assert isinstance(scale_client, ScaleClient)
    scale_client.create_project("a", "imageannotation")
    task = scale_client.create_task(
        "imageannotation",
        attachment="https://example.com/a.jpg",
        unique_id="u",
        geometries={"box": {"objects_to_annotate": ["a"]}},
    )
    assert not task.as_dict()["is_test"]
    scale_sandbox.transition = "manual"
    scale_sandbox.clock.advance(10**6)
    scale_sandbox.faults.add("* ** reset")

@pytest.mark.scale_faults("GET /v1/projects 418 first 1", "GET /v1/** 404")
class TestMarked:
    @pytest.mark.scale_faults("GET /v1/projects 403 first 1")
    @pytest.mark.scale_transition("after 3 reads")
    def test_markers(self, scale_sandbox):
        assert scale_sandbox.transition == "after 3 reads"
        statuses = [requests.get(scale_sandbox.url + "/projects").status_code for _ in range(3)]
        assert statuses == [403, 418, 404]

def test_nothing_is_left_of_markers(scale_sandbox, scale_client):
    check_fresh(scale_sandbox, scale_client)

def test_an_outage(scale_sandbox):
    scale_sandbox.stop()

def test_the_outage_is_over(scale_client):
    assert scale_client.projects() == []
"""


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the tests in a process of their own, with this plugin and few others."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makeini("[pytest]\nstrict_markers = true\nfilterwarnings = error\n")
    return lambda *options: pytester.runpytest_subprocess("-p", PLUGIN, *options)


def test_every_test_gets_an_empty_sandbox(pytester: pytest.Pytester, run: Run) -> None:
    """One server serves all tests, and none finds anything of another."""
    pytester.makepyfile(ONE_AFTER_ANOTHER)
    run().assert_outcomes(passed=7)


def test_each_worker_has_its_own_server(pytester: pytest.Pytester, run: Run) -> None:
    """Tests that run in several processes at once do not meet."""
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("number", range(4))
        def test_alone(number, scale_sandbox, scale_client, worker_id, tmp_path_factory):
            assert scale_client.projects() == []
            scale_client.create_project("a", "imageannotation")
            shared = tmp_path_factory.getbasetemp().parent
            (shared / worker_id).write_text(scale_sandbox.url)
            assert len(scale_client.projects()) == 1
        """
    )
    result = run("-p", "xdist", "-n", "2", "--dist", "each", f"--basetemp={pytester.path / 'temp'}")
    result.assert_outcomes(passed=8)
    urls = [(pytester.path / "temp" / worker).read_text() for worker in ("gw0", "gw1")]
    assert len(set(urls)) == 2


def test_invalid_marker_fails_the_test(pytester: pytest.Pytester, run: Run) -> None:
    """A rule that is none fails the test before it begins."""
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.scale_faults("GET /v1/tasks explode")
        def test_never_run(scale_sandbox):
            pass

        @pytest.mark.scale_transition("soon")
        def test_never_run_either(scale_sandbox):
            pass
        """
    )
    result = run()
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(["E *effect must be*'explode'", "E *transition must be*'soon'"])


CODE_UNDER_TEST = """
import scaleapi

def order():
    with scaleapi.ScaleClient() as client:  # the settings of production
        return client.create_project("ordered", "imageannotation").name
"""


def test_code_under_test_reaches_the_sandbox(
    pytester: pytest.Pytester, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the environment of a developer, proxy included, and whatever it was is back after it."""
    monkeypatch.setenv("SCALE_API_KEY", "live_real_key")
    monkeypatch.setenv("SCALE_API_INSTANCE_URL", "https://api.scale.example/v1")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "internal.example")
    pytester.makepyfile(pipeline=CODE_UNDER_TEST)
    pytester.makepyfile(
        """
        import os
        import pipeline
        import pytest

        def check_restored():
            assert os.environ["SCALE_API_KEY"] == "live_real_key"
            assert os.environ["SCALE_API_INSTANCE_URL"] == "https://api.scale.example/v1"
            assert os.environ["no_proxy"] == "internal.example"
            assert "NO_PROXY" not in os.environ

        @pytest.mark.usefixtures("scale_env")
        def test_order(scale_sandbox, scale_client):
            pipeline.order()
            assert scale_client.get_project("ordered").name == "ordered"
            assert os.environ["SCALE_API_KEY"] == scale_sandbox.live_key
            assert os.environ["no_proxy"].startswith("internal.example,")

        def test_restored():
            check_restored()

        def test_a_client_without_the_environment(scale_client):
            assert scale_client.projects() == []
            assert os.environ["SCALE_API_KEY"] == "live_real_key"
        """
    )
    run().assert_outcomes(passed=3)


def test_session_fixtures_keep_their_state(pytester: pytest.Pytester, run: Run) -> None:
    """One sandbox lasts for the whole run, beside the one that each test gets empty."""
    pytester.makepyfile(pipeline=CODE_UNDER_TEST)
    for name in ("first", "second"):
        pytester.makepyfile(
            **{
                f"test_{name}": """
        import os
        import pipeline
        import pytest

        @pytest.fixture(scope="session")
        def ordered(scale_session_env):
            return pipeline.order()

        def test_it_is_there(ordered, scale_session_sandbox, scale_session_client):
            assert [one.name for one in scale_session_client.projects()] == ["ordered"]
            assert os.environ["SCALE_API_INSTANCE_URL"] == scale_session_sandbox.url

        def test_an_empty_one_beside_it(scale_env, scale_sandbox, scale_session_sandbox):
            assert pipeline.order() == "ordered"
            assert scale_sandbox.url != scale_session_sandbox.url
            assert len(scale_sandbox.requests) == 1
        """
                if name == "first"
                else """
        import os

        def test_it_is_still_there(scale_session_client, scale_session_sandbox):
            assert [one.name for one in scale_session_client.projects()] == ["ordered"]
            assert os.environ["SCALE_API_INSTANCE_URL"] == scale_session_sandbox.url
        """
            }
        )
    run().assert_outcomes(passed=3)


def test_seed_marker(pytester: pytest.Pytester, run: Run) -> None:
    """Seeds are loaded from the outside in: mappings, and files beside the test."""
    (pytester.path / "data").mkdir()
    (pytester.path / "data" / "seed.json").write_text(
        '{"live": {"batches": [{"name": "b", "project": "p"}]}}'
    )
    pytester.makepyfile(
        **{
            "data/test_seeded": """
        import pathlib
        import pytest

        PROJECT = {"live": {"projects": [{"name": "p", "type": "imageannotation"}]}}
        pytestmark = pytest.mark.scale_seed(PROJECT)

        @pytest.mark.scale_seed("seed.json", {"live": {"teammates": []}})
        def test_both(scale_client):
            assert [batch.name for batch in scale_client.batches()] == ["b"]

        @pytest.mark.scale_seed(pathlib.Path(__file__).with_name("seed.json"))
        @pytest.mark.scale_transition("manual")
        @pytest.mark.scale_faults("GET /v1/projects 503 first 1")
        def test_with_other_markers(scale_client):
            assert scale_client.get_project("p").name == "p"

        def test_one(scale_client):
            assert scale_client.batches().total == 0
            assert scale_client.projects()[0].name == "p"

        @pytest.mark.scale_seed({"live": {"taks": []}})
        def test_misspelled(scale_client):
            pass
        """
        }
    )
    result = run()
    result.assert_outcomes(passed=3, errors=1)
    result.stdout.fnmatch_lines(['E *(did you mean "tasks"?)*'])


GUARDED = """
import asyncio, socket, threading, urllib.request
import pytest
import requests

def test_sandbox(scale_client):
    assert scale_client.projects() == []

def test_loopback_names():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        socket.create_connection(("localhost", port)).close()
    socket.getaddrinfo(None, 0)

@pytest.mark.xfail(raises=RuntimeError, strict=True)
def test_blocked_name():
    socket.create_connection(("api.scale.com", 443), timeout=1)

@pytest.mark.xfail(raises=RuntimeError, strict=True)
def test_blocked_address():
    socket.create_connection(("192.0.2.1", 443), timeout=1)

@pytest.mark.xfail(raises=RuntimeError, strict=True)
def test_blocked_datagram():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        datagrams.sendto(b"", ("192.0.2.1", 53))

@pytest.mark.xfail(raises=RuntimeError, strict=True)
def test_blocked_old_lookup():
    socket.gethostbyname("api.scale.com")

@pytest.mark.xfail(raises=RuntimeError, strict=True)
def test_blocked_asyncio():
    asyncio.run(asyncio.open_connection("192.0.2.1", 443))

def test_swallowed():
    try:
        requests.get("http://192.0.2.1/", timeout=1)
    except Exception:
        pass

def test_in_a_thread():
    def call():
        try:
            urllib.request.urlopen("http://192.0.2.1/", timeout=1)
        except Exception:
            pass
    thread = threading.Thread(target=call)
    thread.start()
    thread.join()

def test_after_all_that():
    pass
"""


@pytest.mark.parametrize("way", ["option", "setting"])
def test_guard(pytester: pytest.Pytester, run: Run, way: str) -> None:
    """A call to another host fails the test, even if the code under test handles the error."""
    pytester.makepyfile(GUARDED)
    setting = "" if way == "option" else "scale_guard = true\n"
    pytester.makeini(f"[pytest]\nstrict_markers = true\nfilterwarnings = error\n{setting}")
    result = run(*(["--scale-guard"] if way == "option" else []))
    result.assert_outcomes(passed=3, xfailed=5, failed=2)
    result.stdout.fnmatch_lines(
        ["*FAILED *::test_swallowed - *192.0.2.1*", "*FAILED *::test_in_a_thread - *192.0.2.1*"]
    )


def test_guard_is_off_by_default(pytester: pytest.Pytester, run: Run) -> None:
    """Without the option nothing is watched."""
    pytester.makepyfile(
        """
        import socket

        def test_datagram():
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
                try:
                    datagrams.connect(("192.0.2.1", 53))
                except OSError:
                    pass
        """
    )
    run().assert_outcomes(passed=1)


def test_guard_watches_fixtures(pytester: pytest.Pytester, run: Run) -> None:
    """Calls while a fixture is set up or torn down are errors."""
    pytester.makepyfile(
        """
        import socket
        import pytest

        def call():
            try:
                socket.create_connection(("192.0.2.1", 443), timeout=1)
            except RuntimeError:
                pass

        @pytest.fixture
        def before():
            call()

        @pytest.fixture
        def after():
            yield
            call()

        def test_before(before): pass
        def test_after(after): pass
        """
    )
    run("--scale-guard").assert_outcomes(passed=1, errors=2)


def test_unused_plugin_imports_nothing(pytester: pytest.Pytester, run: Run) -> None:
    """Neither the package nor what it needs is imported for those who do not use it."""
    pytester.makepyfile(
        """
        import sys

        def test_nothing_is_loaded():
            assert not {"scaleapi.client", "flask", "requests"} & set(sys.modules)
        """
    )
    run().assert_outcomes(passed=1)


def test_missing_flask_names_the_extra(pytester: pytest.Pytester, run: Run) -> None:
    """Where Flask is missing, tests that need the fixture fail with the name of the extra."""
    pytester.makepyfile(flask="raise ModuleNotFoundError(name='flask')")
    pytester.makepyfile(
        """
        def test_with(scale_client): pass
        def test_without(): pass
        """
    )
    result = run()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(['E *pip install "scaleapi[[]sandbox]"'])


def test_entry_point() -> None:
    """What pytest is told to load exists."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'[project.entry-points.pytest11]\nscaleapi = "{PLUGIN}"\n' in text
    assert find_spec(PLUGIN) is not None


@pytest.mark.parametrize(
    ("page", "heading"), [("sandbox.rst", "pytest\n------"), ("sandbox_pytest.rst", "=\n")]
)
def test_example_in_the_docs(pytester: pytest.Pytester, run: Run, page: str, heading: str) -> None:
    """The tests that the pages show pass as they stand."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    section = text.partition(f"{heading}\n")[2]
    code = re.search(r"\.\. code-block:: python\n\n((?:   .*\n|\n)+)", section)
    assert code is not None
    pytester.makepyfile(re.sub("^   ", "", code[1], flags=re.MULTILINE))
    assert run().parseoutcomes()["passed"] >= 1
