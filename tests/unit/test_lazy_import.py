"""``import scaleapi`` loads names when they are first used."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest

import scaleapi


def run(program: str) -> str:
    """Run a program in a new interpreter and return its output."""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


def test_modules_are_loaded_on_first_use() -> None:
    # What is loaded before: a Python that measures coverage has more.
    program = (
        "import sys; before = set(sys.modules); import scaleapi; "
        "print({'requests', 'urllib3', 'typing'} & (set(sys.modules) - before))"
    )
    assert run(program) == "set()"


def test_exceptions_need_no_requests() -> None:
    program = "import sys; from scaleapi import ScaleException; print('requests' in sys.modules)"
    assert run(program) == "False"


@pytest.mark.parametrize("name", scaleapi.__all__)
def test_every_name_is_importable(name: str) -> None:
    assert name in dir(scaleapi)
    assert getattr(scaleapi, name) is getattr(scaleapi, name)


@pytest.mark.slow
def test_every_module_is_an_attribute() -> None:
    program = (
        "import scaleapi\n"
        "print(all(getattr(scaleapi, m).__name__ == f'scaleapi.{m}' for m in scaleapi._MODULES))"
    )
    assert run(program) == "True"


def test_type_checkers_see_the_same_names() -> None:
    tree = ast.parse(Path(scaleapi.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    imported = {
        alias.asname or alias.name
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert imported | {"__version__"} == set(scaleapi.__all__)


def test_an_unknown_name_raises_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'scaleapi' has no attribute 'ScaleClent'"):
        scaleapi.ScaleClent  # type: ignore[attr-defined]  # noqa: B018


def test_a_name_can_be_patched() -> None:
    with mock.patch("scaleapi.ScaleClient") as patched:
        assert scaleapi.ScaleClient is patched
    assert scaleapi.ScaleClient.__name__ == "ScaleClient"


def test_concurrent_lazy_loading() -> None:
    program = """
import threading, scaleapi
found = []
threads = [threading.Thread(target=lambda: found.append(scaleapi.ScaleClient)) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(set(found)))
"""
    assert run(program) == "1"
