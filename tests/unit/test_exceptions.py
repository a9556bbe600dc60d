"""Exceptions: hierarchy, attributes, pickling and text."""

from __future__ import annotations

import copy
import pickle
import re
from collections.abc import Callable
from typing import Any

import pytest

from scaleapi import exceptions
from scaleapi.exceptions import (
    ExceptionMap,
    ScaleArgumentError,
    ScaleConnectionError,
    ScaleDeadlineExceeded,
    ScaleException,
    ScaleInvalidRequest,
    ScaleReadTimeout,
    ScaleResourceNotFound,
    ScaleTimeoutError,
)

CLASSES: dict[str, type[ScaleException]] = {
    name: value
    for name, value in vars(exceptions).items()
    if isinstance(value, type) and issubclass(value, ScaleException)
}


def drawn_tree() -> dict[str, tuple[str | None, str]]:
    """The classes in the module's docstring, with their base and description."""
    tree: dict[str, tuple[str | None, str]] = {}
    above: list[str] = []
    pattern = r"^    ((?:│   |    |├── |└── )*)(\w+)(?: {2,}(.*))?$"
    for line in (exceptions.__doc__ or "").splitlines():
        if found := re.match(pattern, line):
            depth, name = len(found[1]) // 4, found[2]
            del above[depth:]
            tree[name] = (above[-1] if above else None, found[3] or "")
            above.append(name)
    return tree


def test_the_docstring_shows_the_hierarchy() -> None:
    drawn = {name: parent for name, (parent, _) in drawn_tree().items()}
    real = {name: cls.__bases__[0].__name__ for name, cls in CLASSES.items()}
    assert drawn == {**real, "ScaleException": None}
    assert set(CLASSES) <= set(exceptions.__all__)


def test_the_docstring_shows_the_statuses() -> None:
    """A class with a status in the docstring has that code and is raised for it."""
    named = {
        name: int(found[0])
        for name, (_, text) in drawn_tree().items()
        if (found := re.match(r"\d{3}\b", text))
    }
    assert {status: name for name, status in named.items()} == {
        status: cls.__name__ for status, cls in ExceptionMap.items()
    }
    assert {name: CLASSES[name].code for name in named} == named


def test_classes_without_a_status_have_no_code_of_their_own() -> None:
    for cls in (ScaleException, ScaleConnectionError, ScaleReadTimeout, ScaleDeadlineExceeded):
        assert cls.code is None
        # As in the released package for its own class; without a response none is shown.
        prefix = "<Response> " if cls is ScaleException else ""
        assert str(cls("late")) == f"{prefix}late"


def test_base_classes_for_existing_except_clauses() -> None:
    """``except`` clauses for the old classes catch the new ones."""
    assert issubclass(ScaleArgumentError, (ScaleInvalidRequest, ValueError))
    assert issubclass(ScaleArgumentError, ValueError)
    assert issubclass(ScaleDeadlineExceeded, ScaleTimeoutError)
    assert all(issubclass(cls, ScaleException) for cls in CLASSES.values())


def make(cls: type[ScaleException]) -> ScaleException:
    """Return an error with something in every attribute."""
    made: Any = cls
    error: ScaleException = (
        made("argument", "is bad") if cls is ScaleArgumentError else made("message", 499)
    )
    error.method, error.path, error.status = "POST", "/v1/task/chat", 499
    error.headers, error.body = {"Date": "today"}, "the body"
    error.attempts, error.retry_after, error.may_have_been_applied = 3, 1.5, True
    error.add_hint("A hint.")
    return error


def pickled(error: ScaleException) -> Any:
    return pickle.loads(pickle.dumps(error))


def pickled_long_ago(error: ScaleException) -> Any:
    return pickle.loads(pickle.dumps(error, 2))


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy, pickled, pickled_long_ago])
def test_copies_keep_all_attributes(name: str, way: Callable[[Any], Any]) -> None:
    error = make(CLASSES[name])
    other = way(error)
    assert type(other) is type(error)
    assert other is not error
    assert other.args == error.args
    assert str(other) == str(error)
    assert vars(other) == vars(error)
    assert {"message", "method", "path", "status", "headers", "body", "attempts"} <= set(
        vars(other)
    )


def test_pickling_a_subclass_with_another_constructor() -> None:
    other = pickle.loads(pickle.dumps(Strange(1, 2, 3)))
    assert (type(other), other.sum, str(other)) == (Strange, 6, "strange")


class Strange(ScaleException):
    """An exception with another constructor."""

    def __init__(self, a: int, b: int, c: int) -> None:
        super().__init__("strange")
        self.sum = a + b + c


def test_attributes_before_there_is_a_response() -> None:
    error = ScaleException("m")
    assert (error.method, error.path, error.status, error.body) == (None, None, None, None)
    assert (error.headers, error.attempts, error.retry_after) == ({}, 0, None)
    assert error.may_have_been_applied is False


def test_headers_of_two_errors_are_not_shared() -> None:
    ScaleException("a").headers["x"] = "y"  # type: ignore[index]  # to be read by callers
    assert ScaleException("b").headers == {}


@pytest.mark.parametrize("message", ["m", "m."])
def test_add_hint_appends_a_sentence(message: str) -> None:
    error = ScaleResourceNotFound(message)
    error.add_hint("Look elsewhere.")
    assert error.message == "m. Look elsewhere."
    assert str(error) == "<Response [404]> m. Look elsewhere."


def test_an_argument_error() -> None:
    """The text is a sentence without a response status."""
    error = ScaleArgumentError("task_id", "must not be empty")
    assert str(error) == error.message == "task_id must not be empty"
    assert (error.argument, error.code, error.attempts) == ("task_id", 400, 0)


@pytest.mark.parametrize(("status", "cls"), ExceptionMap.items())
def test_exception_map_matches_the_codes(status: int, cls: type[ScaleException]) -> None:
    assert cls.code == status
    assert cls("m").code == status


def test_an_argument_error_shortens_a_long_name() -> None:
    """Parameters may have names that come from a file."""
    error = ScaleArgumentError("x" * 100_000, "must be JSON")
    assert len(str(error)) < 150
    assert str(error).endswith("... must be JSON")
    assert error.argument == "x" * 100_000
