"""Names in paths stay one segment, whatever they are made of."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scaleapi import ScaleArgumentError, TaskType
from scaleapi._http.url import path
from tests.unit.quick import quick

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
    lambda name: name not in {".", ".."}
)


@given(NAMES, NAMES)
@example("a bc/def", "../..")
@example("%2F", "?#")
@quick
def test_quoting_round_trips(first: str, second: str) -> None:
    """Neither name leaves its segment, ends the path or is lost."""
    filled = path("studio/projects/{project}/groups/{group}", project=first, group=second)
    assert urlsplit(f"https://example.com/v1/{filled}").path == f"/v1/{filled}"
    segments = filled.split("/")
    assert [unquote(segment) for segment in segments] == [
        "studio",
        "projects",
        first,
        "groups",
        second,
    ]
    assert not {"", ".", ".."} & set(segments)
    assert filled.isascii()


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "must not be empty"),
        (".", r"must not be '\.'"),
        ("..", r"must not be '\.\.'"),
        (None, "must be a string, not NoneType"),
        (5, "must be a string, not int"),
        (b"x", "must be a string, not bytes"),
        (["x"], "must be a string, not list"),
        ("\ud800", "must be valid Unicode text"),
    ],
)
def test_what_is_no_name(name: object, problem: str) -> None:
    with pytest.raises(ScaleArgumentError, match=f"^task_id {problem}$") as caught:
        path("task/{task_id}", task_id=name)
    assert caught.value.argument == "task_id"


def test_an_enum_member_is_its_value() -> None:
    assert path("task/{task_type}", task_type=TaskType.Chat) == "task/chat"


def test_names_are_not_templates() -> None:
    assert path("batches/{batch}", batch="{batch}") == "batches/%7Bbatch%7D"
