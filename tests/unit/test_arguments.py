"""Checks of arguments: what passes, and what each says about what does not."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import date, datetime, timezone
from types import MappingProxyType
from typing import Any

import pytest

from scaleapi import ScaleArgumentError, TaskType
from scaleapi._arguments import (
    count_of,
    flag_of,
    object_of,
    page_size_of,
    query_of,
    strings_of,
    text_of,
    texts_of,
    time_of,
    unicode_of,
)

GOOD: list[tuple[Callable[[str, Any], Any], Any, Any]] = [
    (text_of, "x", "x"),
    (text_of, " ", " "),
    (text_of, TaskType.Chat, "chat"),
    (strings_of, ["a", TaskType.Chat], ["a", "chat"]),
    (strings_of, (), []),
    (strings_of, (name for name in "ab"), ["a", "b"]),
    (texts_of, "x", ["x"]),
    (texts_of, TaskType.Chat, ["chat"]),
    (texts_of, 7, ["7"]),
    (texts_of, ["a", 7], ["a", "7"]),
    (texts_of, [], []),
    (flag_of, True, True),
    (flag_of, False, False),
    (object_of, {}, {}),
    (object_of, OrderedDict(a=1), {"a": 1}),
    (object_of, MappingProxyType({"a": None}), {"a": None}),
    (page_size_of, 1, 1),
    (page_size_of, 100, 100),
    (count_of, 0, 0),
    (count_of, 10**6, 10**6),
    (time_of, "2020", "2020"),
    (time_of, date(2020, 1, 2), "2020-01-02"),
    (time_of, datetime(2020, 1, 2, 3, 4, 5, tzinfo=timezone.utc), "2020-01-02T03:04:05+00:00"),
    (unicode_of, "", ""),
    (unicode_of, "ü😀", "ü😀"),
]

BAD: list[tuple[Callable[[str, Any], Any], Any, str]] = [
    (text_of, "", "a must not be empty"),
    (text_of, None, "a must be a string, not NoneType"),
    (text_of, 5, "a must be a string, not int"),
    (text_of, b"x", "a must be a string, not bytes"),
    (text_of, "\udfff", "a must be valid Unicode text"),
    (strings_of, "abc", "a must be a list of strings, not 'abc'"),
    (strings_of, b"abc", "a must be a list of strings, not b'abc'"),
    (strings_of, {"a": 1}, "a must be a list of strings, not {'a': 1}"),
    (strings_of, None, "a must be a list of strings, not None"),
    (strings_of, 5, "a must be a list of strings, not 5"),
    (strings_of, ["a", ""], "each of a must not be empty"),
    (strings_of, ["a", None], "each of a must be a string, not NoneType"),
    (strings_of, [5], "each of a must be a string, not int"),
    (texts_of, "", "a must not be empty"),
    (texts_of, b"abc", "a must be a string, not bytes"),
    (texts_of, {"a": 1}, "a must be a string, not dict"),
    (texts_of, True, "a must be a string, not bool"),
    (texts_of, 1.5, "a must be a string, not float"),
    (texts_of, ["a", None], "a must be a string, not NoneType"),
    (flag_of, "false", "a must be True or False, not 'false'"),
    (flag_of, 1, "a must be True or False, not 1"),
    (flag_of, None, "a must be True or False, not None"),
    (object_of, [("a", 1)], "a must be a dict, not list"),
    (object_of, "{}", "a must be a dict, not str"),
    (object_of, None, "a must be a dict, not NoneType"),
    (page_size_of, 0, "a must be a whole number from 1 to 100, not 0"),
    (page_size_of, 101, "a must be a whole number from 1 to 100, not 101"),
    (page_size_of, "5", "a must be a whole number from 1 to 100, not '5'"),
    (page_size_of, 5.0, "a must be a whole number from 1 to 100, not 5.0"),
    (page_size_of, True, "a must be a whole number from 1 to 100, not True"),
    (count_of, -1, "a must be a whole number from 0, not -1"),
    (count_of, True, "a must be a whole number from 0, not True"),
    (count_of, "0", "a must be a whole number from 0, not '0'"),
    (time_of, "", "a must not be empty"),
    (time_of, 5, "a must be ISO 8601 text, a date or datetime, not 5"),
    (time_of, b"2020", "a must be ISO 8601 text, a date or datetime, not b'2020'"),
    (unicode_of, "\ud800", "a must be valid Unicode text"),
]


def named(value: object) -> str | None:
    return value.__name__ if callable(value) and not isinstance(value, type) else None


@pytest.mark.parametrize(("check", "given", "taken"), GOOD, ids=named)
def test_good(check: Callable[[str, Any], Any], given: Any, taken: Any) -> None:
    got = check("a", given)
    assert got == taken
    assert type(got) is type(taken)


@pytest.mark.parametrize(("check", "given", "text"), BAD, ids=named)
def test_bad(check: Callable[[str, Any], Any], given: Any, text: str) -> None:
    with pytest.raises(ScaleArgumentError) as caught:
        check("a", given)
    assert str(caught.value) == text


def test_an_object_is_a_copy() -> None:
    """The caller's dict is never the one that is sent or kept."""
    given = {"a": 1}
    assert object_of("a", given) is not given


WIRE_NAMES = {"project_name": "project"}
CHECKS = {"project": text_of, "limit": page_size_of}


def test_a_query_has_the_names_of_the_wire() -> None:
    filters = {"project_name": "p", "limit": None}
    assert query_of("m", filters, WIRE_NAMES, CHECKS) == {"project": "p"}
    assert filters == {"project_name": "p", "limit": None}


@pytest.mark.parametrize(
    ("filters", "text"),
    [
        ({"x": 1}, "x is an illegal parameter for ScaleClient.m()"),
        ({"x": None}, "x is an illegal parameter for ScaleClient.m()"),
        (
            {"project": "p", "project_name": "p"},
            "project_name and project are the same; give one of them",
        ),
        ({"project_name": ""}, "project_name must not be empty"),
        ({"limit": 0}, "limit must be a whole number from 1 to 100, not 0"),
    ],
)
def test_a_bad_query(filters: dict[str, object], text: str) -> None:
    with pytest.raises(ScaleArgumentError) as caught:
        query_of("m", filters, WIRE_NAMES, CHECKS)
    assert str(caught.value) == text
