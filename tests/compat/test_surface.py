"""Every name, signature and enum value of the released package, compared with public_api.json."""

from __future__ import annotations

import enum
import importlib
import inspect
import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest

TEXT = (Path(__file__).parent / "public_api.json").read_text(encoding="utf-8")
DATA: dict[str, Any] = json.loads(TEXT)
CLASSES: dict[str, Any] = DATA["classes"]

#: Parameters that have got a default, and why no caller notices.
NOW_OPTIONAL = {
    ("Api.__init__", "api_key"): "it may be in the environment variable SCALE_API_KEY",
    ("ScaleClient.__init__", "api_key"): "it may be in the environment variable SCALE_API_KEY",
    ("ScaleException.__init__", "message"): "exceptions of v2 are made from a status and a reason",
}

#: Keyword-only parameters that are new, and why.
NEW = {
    ("Api.__init__", "timeout"): "a dead service no longer hangs a call for ever",
    ("Api.__init__", "deadline"): "attempts and waits together have an end",
    ("Api.__init__", "max_retries"): "callers can ask for fewer or more retries",
    ("Api.__init__", "max_body"): "a response cannot fill the memory",
    ("Api.get_request", "headers"): "an idempotency key is one",
    ("Api.get_request", "deadline"): "a call may be a part of a larger one",
    ("Api.post_request", "headers"): "see get_request",
    ("Api.post_request", "deadline"): "see get_request",
    ("Api.put_request", "headers"): "see get_request",
    ("Api.put_request", "deadline"): "see get_request",
    ("Api.delete_request", "headers"): "see get_request",
    ("Api.delete_request", "deadline"): "see get_request",
    ("Api.get_request", "redirect"): "some calls of v2 respond with one",
    ("Api.post_request", "idempotent"): "a call with an idempotency key may be sent again",
    ("Api.post_request", "params"): "some calls of v2 have both a query and a body",
    ("ScaleClient.__init__", "timeout"): "see Api",
    ("ScaleClient.__init__", "deadline"): "see Api",
    ("ScaleClient.__init__", "max_retries"): "see Api",
    ("ScaleClient.__init__", "max_body"): "see Api",
    ("ScaleClient.__init__", "strict_parameters"): "a misspelled parameter can be an error",
    **{
        (f"Api.{verb}_request", parameter): why
        for verb, parameters in {
            "get": ("headers", "deadline", "redirect"),
            "post": ("headers", "deadline", "idempotent", "params"),
            "put": ("headers", "deadline"),
            "delete": ("headers", "deadline"),
        }.items()
        for parameter, why in {
            "headers": "v2 and idempotency keys need them",
            "deadline": "calls can be parts of a larger one",
            "redirect": "a redirect can be what a call is for",
            "idempotent": "only the caller knows what is safe to repeat",
            "params": "a POST has a query too",
        }.items()
        if parameter in parameters
    },
    ("ScaleException.__init__", "status"): "exceptions of v2 are made from it",
    ("ScaleException.__init__", "reason"): "as status",
    ("ScaleException.__init__", "http_resp"): "as status",
    ("ScaleException.__init__", "body"): "as status",
    ("ScaleException.__init__", "data"): "as status",
    ("ScaleClient.projects", "archived"): "the service documents the filter",
    ("ScaleClient.get_projects", "archived"): "the same call by its other name",
}


class Parameter(NamedTuple):
    """The visible properties of a parameter."""

    name: str
    kind: str
    default: Any


#: Stands for "no default", which JSON cannot hold.
REQUIRED = "<required>"

NAMES = [(module, name) for module, names in DATA["modules"].items() for name in names]
SIGNATURES = [
    (cls, method) for cls, facts in CLASSES.items() for method in facts.get("methods", {})
]
ENUM_VALUES = [
    (cls, member, value)
    for cls, facts in CLASSES.items()
    for member, value in facts.get("members", {}).items()
]


def released_class(name: str) -> type[Any]:
    """The class from the module that has it in the released package."""
    cls = getattr(importlib.import_module(CLASSES[name]["module"]), name)
    assert isinstance(cls, type)
    return cls


def our_parameters(function: Any) -> list[Parameter]:
    return [
        Parameter(
            parameter.name,
            parameter.kind.name.lower(),
            REQUIRED if parameter.default is parameter.empty else parameter.default,
        )
        for parameter in inspect.signature(function).parameters.values()
    ]


def released_parameters(cls: str, method: str) -> list[Parameter]:
    return [
        Parameter(one["name"], one["kind"], one.get("default", REQUIRED))
        for one in CLASSES[cls]["methods"][method]["parameters"]
    ]


@pytest.mark.parametrize("module", DATA["modules"])
def test_names(module: str) -> None:
    """They can be imported from the module, by themselves and with ``import *``."""
    released = set(DATA["modules"][module])
    assert {one for one in released if not hasattr(importlib.import_module(module), one)} == set()
    everything: dict[str, Any] = {}
    exec(f"from {module} import *", everything)
    assert released - everything.keys() == set()


@pytest.mark.parametrize("name", CLASSES)
def test_class(name: str) -> None:
    """The class has the same module, name and bases."""
    cls = released_class(name)
    assert cls.__name__ == name
    assert set(CLASSES[name]["bases"]) <= {base.__name__ for base in cls.__mro__}


@pytest.mark.parametrize(
    ("module", "name"),
    [pair for pair in NAMES if pair[1] in CLASSES and "v2" not in pair[0]],
)
def test_all_import_paths_give_the_same_class(module: str, name: str) -> None:
    """For v1 classes; v2 has other classes with the same names."""
    assert getattr(importlib.import_module(module), name) is released_class(name)


@pytest.mark.parametrize(
    ("cls", "attribute", "value"),
    [
        (cls, attribute, value)
        for cls, facts in CLASSES.items()
        for attribute, value in facts.get("attributes", {}).items()
    ],
)
def test_class_attribute(cls: str, attribute: str, value: object) -> None:
    assert getattr(released_class(cls), attribute) == value


@pytest.mark.parametrize(("cls", "method"), SIGNATURES, ids=[".".join(row) for row in SIGNATURES])
def test_signature(cls: str, method: str) -> None:
    """Parameters have the same names, order, kinds and defaults, except in the tables above."""
    where = f"{cls}.{method}"
    ours = [
        parameter._replace(default=REQUIRED)
        if (where, parameter.name) in NOW_OPTIONAL
        else parameter
        for parameter in our_parameters(getattr(released_class(cls), method))
        if not (parameter.kind == "keyword_only" and (where, parameter.name) in NEW)
    ]
    assert ours == released_parameters(cls, method)
    is_static = isinstance(inspect.getattr_static(released_class(cls), method), staticmethod)
    assert is_static == (method in CLASSES[cls]["static"])


@pytest.mark.parametrize(("where", "parameter"), [*NOW_OPTIONAL, *NEW])
def test_allowed_differences_exist(where: str, parameter: str) -> None:
    """An unneeded row in the tables could hide a new difference."""
    cls, method = where.split(".")
    released = {one.name for one in released_parameters(cls, method)}
    ours = {one.name: one for one in our_parameters(getattr(released_class(cls), method))}
    assert ours[parameter].default is not REQUIRED
    assert (parameter in released) == ((where, parameter) in NOW_OPTIONAL)
    assert (ours[parameter].kind == "keyword_only") == ((where, parameter) in NEW)


@pytest.mark.parametrize(("cls", "member", "value"), ENUM_VALUES)
def test_enum_value(cls: str, member: str, value: str) -> None:
    kind = released_class(cls)
    assert issubclass(kind, str)
    assert issubclass(kind, enum.Enum)
    assert kind[member].value == value
    assert kind(value) is kind[member]
    assert kind[member] == value


def test_the_comparison_is_complete() -> None:
    """The tests above cover all entries of the file; shown with ``pytest -rP``."""
    listed = sum(len(names) for names in DATA["modules"].values())
    members = re.findall(r'"members": \{([^}]*)\}', TEXT)
    assert len(NAMES) == listed == 308
    assert len(SIGNATURES) == TEXT.count('"parameters": [') == 91
    assert len(ENUM_VALUES) == sum(block.count(":") for block in members) == 47
    assert len(CLASSES) == TEXT.count('"module": ') == 34
    print(  # noqa: T201 - to be read
        f"compared: {len(NAMES)} names of modules and {len(CLASSES)} classes,"
        f" {len(SIGNATURES)} signatures, {len(ENUM_VALUES)} enum values"
    )
