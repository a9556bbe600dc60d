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


def test_example_in_the_docs(pytester: pytest.Pytester, run: Run) -> None:
    """The tests that the page shows pass as they stand."""
    page = (ROOT / "docs" / "sandbox.rst").read_text(encoding="utf-8")
    section = page.partition("\npytest\n------\n")[2]
    code = re.search(r"\.\. code-block:: python\n\n((?:   .*\n|\n)+)", section)
    assert code is not None
    pytester.makepyfile(re.sub("^   ", "", code[1], flags=re.MULTILINE))
    assert run().parseoutcomes()["passed"] >= 1
