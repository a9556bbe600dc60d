"""The documentation lists the members of every enum."""

from __future__ import annotations

import importlib.util
import inspect
import pkgutil
import re
from enum import Enum
from pathlib import Path
from types import ModuleType

import pytest

import scaleapi
from scaleapi._enums import StringEnum

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def conf() -> ModuleType:
    pytest.importorskip("sphinx")
    spec = importlib.util.spec_from_file_location("docs_conf", DOCS / "conf.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def enums() -> dict[str, type[Enum]]:
    """Return the public enums of the package."""
    found: dict[str, type[Enum]] = {}
    for info in pkgutil.walk_packages(scaleapi.__path__, "scaleapi."):
        if re.match(
            r"scaleapi\.(sandbox|pytest_plugin|api_client|export\.spark)|.*__main__", info.name
        ):
            continue
        module = importlib.import_module(info.name)
        for name, value in vars(module).items():
            if inspect.isclass(value) and issubclass(value, StringEnum) and len(value):
                found[f"{value.__module__}.{name}"] = value
    return found


def test_members_of_every_enum_are_listed(conf: ModuleType) -> None:
    known = enums()
    assert len(known) >= 15
    for enum in known.values():
        lines: list[str] = []
        conf.show_members(None, "class", enum.__name__, enum, None, lines)
        text = "\n".join(lines)
        for member in enum:
            assert f"``{member.name}``" in text
            assert f"``{member.value!r}``" in text


def test_every_enum_is_on_a_page() -> None:
    text = "\n".join(path.read_text("utf-8") for path in DOCS.rglob("*.rst"))
    missing = [
        name
        for name, enum in enums().items()
        if not re.search(rf"auto(class|module):: scaleapi[\w.]*\b{enum.__name__}\b", text)
        and f"automodule:: {enum.__module__}" not in text
        and f"automodule:: {enum.__module__.rpartition('.')[0]}\n" not in text
    ]
    assert missing == []


def test_what_is_no_enum_gets_no_members(conf: ModuleType) -> None:
    lines: list[str] = []
    for value in (scaleapi.Task, StringEnum, print, 7):
        conf.show_members(None, "class", "x", value, None, lines)
    assert lines == []
