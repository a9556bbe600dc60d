"""Validation of arguments: accepted values, and errors for others."""

from __future__ import annotations

import math
from collections import OrderedDict, UserString
from collections.abc import Callable
from datetime import date, datetime, timezone
from decimal import Decimal
from enum import Enum, IntEnum
from fractions import Fraction
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any
from unittest.mock import Mock
from uuid import UUID

import numpy as np
import pytest

from scaleapi import ScaleArgumentError, Task, TaskType
from scaleapi._arguments import (
    count_of,
    flag_of,
    is_given,
    object_of,
    one_or_several,
    page_size_of,
    query_of,
    shown,
    strings_of,
    text_of,
    texts_of,
    time_of,
    unicode_of,
)

HUGE = 10**5000

NO_CLIENT: Any = None


def nested(depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for _ in range(depth):
        found = {"a": found}
    return found


def circular() -> dict[str, Any]:
    found: dict[str, Any] = {}
    found["a"] = found
    return found


class Color(Enum):
    RED = "red"


class Number(IntEnum):
    FIVE = 5


class ObjectId:
    """An id like that of MongoDB, a class of its own that is written as text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"ObjectId({self._text!r})"


class Moment(datetime):
    """A time like that of pandas, a subclass of datetime."""


GOOD: list[tuple[Callable[[str, Any], Any], Any, Any]] = [
    (text_of, "x", "x"),
    (text_of, " ", " "),
    (text_of, np.str_("x"), "x"),
    (text_of, TaskType.Chat, "chat"),
    (text_of, Color.RED, "red"),
    (text_of, Number.FIVE, "5"),
    (text_of, 5, "5"),
    (text_of, 10**30, "1" + "0" * 30),
    (text_of, 5.0, "5.0"),
    (text_of, np.int64(5), "5"),
    (text_of, np.float64(1.5), "1.5"),
    (text_of, Decimal("1.50"), "1.50"),
    (text_of, Fraction(1, 2), "1/2"),
    (text_of, UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    (text_of, date(2020, 1, 2), "2020-01-02"),
    (text_of, np.datetime64("2020-01-02"), "2020-01-02"),
    (text_of, b"x", "x"),
    (text_of, bytearray("ü".encode()), "ü"),
    (text_of, np.bytes_(b"x"), "x"),
    (text_of, ObjectId("65f0a1b2c3d4e5f60718293a"), "65f0a1b2c3d4e5f60718293a"),
    (text_of, ObjectId("week 11"), "week 11"),
    (text_of, UserString("week (11)"), "week (11)"),
    (text_of, PurePosixPath("a/b"), "a/b"),
    (strings_of, ["a", TaskType.Chat], ["a", "chat"]),
    (one_or_several, ["a", None, "", [], ObjectId("b")], ["a", "b"]),
    (one_or_several, [None], []),
    (one_or_several, (name for name in ("a", None)), ["a"]),
    (strings_of, [5, b"x"], ["5", "x"]),
    (strings_of, (), []),
    (strings_of, (name for name in "ab"), ["a", "b"]),
    (strings_of, {"a"}, ["a"]),
    (strings_of, {"a": 1}.keys(), ["a"]),
    (strings_of, np.array(["a", "b"]), ["a", "b"]),
    (texts_of, "x", ["x"]),
    (texts_of, TaskType.Chat, ["chat"]),
    (texts_of, 7, ["7"]),
    (texts_of, b"abc", ["abc"]),
    (texts_of, 1.5, ["1.5"]),
    (texts_of, ["a", 7], ["a", "7"]),
    (texts_of, np.array([1, 2]), ["1", "2"]),
    (texts_of, np.array(7), ["7"]),
    (texts_of, [], []),
    (texts_of, ["a", None, ""], ["a"]),
    (flag_of, True, True),
    (flag_of, False, False),
    (flag_of, np.bool_(True), True),
    (flag_of, np.bool_(False), False),
    (flag_of, 1, True),
    (flag_of, 0.0, False),
    (flag_of, Decimal(1), True),
    (flag_of, "true", True),
    (flag_of, " False ", False),
    (flag_of, b"TRUE", True),
    (flag_of, "0", False),
    (flag_of, "1", True),
    (object_of, {}, {}),
    (object_of, OrderedDict(a=1), {"a": 1}),
    (object_of, MappingProxyType({"a": None}), {"a": None}),
    (page_size_of, 1, 1),
    (page_size_of, 100, 100),
    (page_size_of, "100", 100),
    (page_size_of, " 5.0 ", 5),
    (page_size_of, b"5", 5),
    (page_size_of, 100.0, 100),
    (page_size_of, np.int64(5), 5),
    (page_size_of, Decimal("5.0"), 5),
    (page_size_of, Fraction(5), 5),
    (page_size_of, Number.FIVE, 5),
    (page_size_of, 0, None),
    (page_size_of, "0", None),
    (page_size_of, False, None),
    (count_of, 0, 0),
    (count_of, "7", 7),
    (count_of, 10**6, 10**6),
    (time_of, "2020", "2020"),
    (time_of, 2020, "2020"),
    (time_of, b"2020", "2020"),
    (time_of, date(2020, 1, 2), "2020-01-02"),
    (time_of, datetime(2020, 1, 2, 3, 4, 5, tzinfo=timezone.utc), "2020-01-02T03:04:05+00:00"),
    (time_of, Moment(2020, 1, 2), "2020-01-02T00:00:00+00:00"),
    (time_of, np.datetime64("2020-01-02T03"), "2020-01-02T03"),
    (unicode_of, "", ""),
    (unicode_of, "ü😀", "ü😀"),
]

BAD: list[tuple[Callable[[str, Any], Any], Any, str]] = [
    (text_of, "", "a must not be empty"),
    (text_of, b"", "a must not be empty"),
    (text_of, None, "a must be a string, not NoneType"),
    (text_of, True, "a must be a string, not bool"),
    (text_of, np.bool_(True), f"a must be a string, not {np.bool_.__name__}"),
    (text_of, math.nan, "a must be a string, not nan"),
    (text_of, -math.inf, "a must be a string, not -inf"),
    (text_of, Decimal("sNaN"), "a must be a string, not Decimal('sNaN')"),
    (text_of, np.datetime64("NaT", "s"), "a must be a string, not datetime64"),
    (text_of, HUGE, "a must be a string, not a value of type int"),
    (text_of, ["x"], "a must be a string, not list"),
    (text_of, 1j, "a must be a string, not complex"),
    (text_of, ValueError("x"), "a must be a string, not ValueError"),
    (text_of, ObjectId(""), "a must not be empty"),
    (text_of, ObjectId("Task(id='t')"), "a must be a string, not ObjectId"),
    (text_of, object(), "a must be a string, not object"),
    (text_of, print, "a must be a string, not builtin_function_or_method"),
    (text_of, str, "a must be a string, not type"),
    (text_of, range(2), "a must be a string, not range"),
    (text_of, Mock(), "a must be a string, not Mock"),
    (text_of, Task({"task_id": "t"}, NO_CLIENT), "a must be a string, not Task"),
    (text_of, b"\xff", "a must be valid Unicode text"),
    (text_of, "\udfff", "a must be valid Unicode text"),
    (strings_of, "abc", "a must be a list of strings, not 'abc'"),
    (strings_of, b"abc", "a must be a list of strings, not b'abc'"),
    (strings_of, {"a": 1}, "a must be a list of strings, not {'a': 1}"),
    (strings_of, None, "a must be a list of strings, not None"),
    (strings_of, 5, "a must be a list of strings, not 5"),
    (strings_of, np.array("x"), "a must be a list of strings, not array('x', dtype='<U1')"),
    (strings_of, memoryview(b"x"), "a must be a list of strings, not <memory at "),
    (strings_of, ["a", ""], "each of a must not be empty"),
    (strings_of, ["a", None], "each of a must be a string, not NoneType"),
    (strings_of, [["a"]], "each of a must be a string, not list"),
    (texts_of, "", "a must not be empty"),
    (texts_of, {"a": 1}, "a must be a string, not dict"),
    (texts_of, True, "a must be a string, not bool"),
    (texts_of, ["a", True], "a must be a string, not bool"),
    (flag_of, "yes", "a must be True or False, not 'yes'"),
    (flag_of, 2, "a must be True or False, not 2"),
    (flag_of, 0.5, "a must be True or False, not 0.5"),
    (flag_of, None, "a must be True or False, not None"),
    (flag_of, [], "a must be True or False, not []"),
    (flag_of, "", "a must be True or False, not ''"),
    (flag_of, HUGE, "a must be True or False, not a value of type int"),
    (object_of, [("a", 1)], "a must be a dict, not list"),
    (object_of, "{}", "a must be a dict, not str"),
    (object_of, None, "a must be a dict, not NoneType"),
    (object_of, {"a": math.nan}, "a must be JSON: Out of range float values"),
    (object_of, {"a": {1}}, "a must be JSON: Object of type set is not JSON serializable"),
    (object_of, {("a",): 1}, "a must be JSON: keys must be str, int, float, bool or None"),
    (object_of, {"a": HUGE}, "a must be JSON: Exceeds the limit"),
    (object_of, circular(), "a must be JSON: Circular reference detected"),
    (object_of, nested(10**5), "a must be JSON: it is nested too deeply"),
    (page_size_of, 101, "a must be a whole number from 1 to 100, not 101"),
    (page_size_of, -1, "a must be a whole number from 1 to 100, not -1"),
    (page_size_of, "x", "a must be a whole number from 1 to 100, not 'x'"),
    (page_size_of, "5.5", "a must be a whole number from 1 to 100, not '5.5'"),
    (page_size_of, 5.5, "a must be a whole number from 1 to 100, not 5.5"),
    (page_size_of, True, "a must be a whole number from 1 to 100, not True"),
    (page_size_of, np.bool_(True), "a must be a whole number from 1 to 100, not "),
    (page_size_of, math.inf, "a must be a whole number from 1 to 100, not inf"),
    (page_size_of, HUGE, "a must be a whole number from 1 to 100, not a value of type int"),
    (page_size_of, Decimal("1e999999999"), "a must be a whole number from 1 to 100, not Decimal("),
    (page_size_of, "1e999999999", "a must be a whole number from 1 to 100, not '1e999999999'"),
    (count_of, -1, "a must be a whole number from 0, not -1"),
    (count_of, True, "a must be a whole number from 0, not True"),
    (count_of, "-1", "a must be a whole number from 0, not '-1'"),
    (time_of, "", "a must not be empty"),
    (time_of, True, "a must be ISO 8601 text, a date or datetime, not True"),
    (time_of, ["2020"], "a must be ISO 8601 text, a date or datetime, not ['2020']"),
    (time_of, np.datetime64("NaT", "s"), "a must be ISO 8601 text, a date or datetime, not np"),
    (unicode_of, "\ud800", "a must be valid Unicode text"),
]


def ids(rows: list[tuple[Callable[[str, Any], Any], Any, Any]]) -> list[str]:
    return [f"{number} {row[0].__name__}" for number, row in enumerate(rows)]


@pytest.mark.parametrize(("check", "given", "taken"), GOOD, ids=ids(GOOD))
def test_good(check: Callable[[str, Any], Any], given: Any, taken: Any) -> None:
    got = check("a", given)
    assert got == taken
    assert type(got) is type(taken)


@pytest.mark.parametrize(("check", "given", "text"), BAD, ids=ids(BAD))
def test_bad(check: Callable[[str, Any], Any], given: Any, text: str) -> None:
    with pytest.raises(ScaleArgumentError) as caught:
        check("a", given)
    assert str(caught.value).startswith(text)
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize(("given", "flag"), [(None, True), ("", True), ((), True), (0, False)])
def test_a_flag_with_a_default(given: object, flag: bool) -> None:
    assert flag_of("a", given, default=True) is flag


class Hostile:
    """An object all of whose methods fail."""

    def fail(self, *_: object) -> Any:
        raise RuntimeError("no")

    __repr__ = __str__ = __len__ = __eq__ = __bool__ = __int__ = __index__ = __hash__ = fail  # type: ignore[assignment]


@pytest.mark.parametrize(
    "value",
    [HUGE, [HUGE], Hostile(), [Hostile()], "x" * 10**6, [0] * 10**6, nested(10**5), circular()],
    ids=["huge", "[huge]", "hostile", "[hostile]", "long", "many", "deep", "circular"],
)
def test_shown_is_always_short(value: object) -> None:
    assert 0 < len(shown(value)) < 120


@pytest.mark.parametrize("check", [text_of, flag_of, page_size_of, count_of, time_of, object_of])
def test_an_object_whose_methods_fail(check: Callable[[str, Any], Any]) -> None:
    with pytest.raises(ScaleArgumentError, match=r"^a must be "):
        check("a", Hostile())


@pytest.mark.parametrize("given", [None, "", b"", [], (), set(), np.array([]), {}.keys()], ids=repr)
def test_not_given(given: object) -> None:
    assert not is_given(given)


@pytest.mark.parametrize("given", [0, False, "x", [None], {}, np.array(1), np.array(["x"])])
def test_given(given: object) -> None:
    assert is_given(given)


def test_an_object_is_a_copy() -> None:
    """The caller's dict is copied."""
    given = {"a": 1}
    assert object_of("a", given) is not given


WIRE_NAMES = {"project_name": "project"}
CHECKS = {"project": text_of, "limit": page_size_of}


def test_query_uses_wire_names() -> None:
    filters = {"project_name": "p", "limit": None}
    assert query_of("m", filters, WIRE_NAMES, CHECKS) == {"project": "p"}
    assert filters == {"project_name": "p", "limit": None}


@pytest.mark.parametrize("given", [None, "", b"", [], (), {}, np.array([])], ids=repr)
def test_a_filter_that_is_not_given(given: object) -> None:
    assert query_of("m", {"project_name": given, "limit": given}, WIRE_NAMES, CHECKS) == {}


@pytest.mark.parametrize(
    ("filters", "text"),
    [
        ({"x": 1}, "x is an illegal parameter for ScaleClient.m()"),
        ({"x": None}, "x is an illegal parameter for ScaleClient.m()"),
        (
            {"project": "p", "project_name": "p"},
            "project_name and project are the same; give one of them",
        ),
        ({"limit": 101}, "limit must be a whole number from 1 to 100, not 101"),
    ],
)
def test_a_bad_query(filters: dict[str, object], text: str) -> None:
    with pytest.raises(ScaleArgumentError) as caught:
        query_of("m", filters, WIRE_NAMES, CHECKS)
    assert str(caught.value) == text
