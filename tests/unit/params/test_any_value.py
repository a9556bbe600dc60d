"""Values of any class: the check reads only dicts, lists and texts, and calls nothing of others."""

from __future__ import annotations

from collections import OrderedDict, UserDict, defaultdict
from types import MappingProxyType
from typing import Any

import pytest

from scaleapi.params.mistakes import suggestions
from scaleapi.params.table import every_type, shape_of


class Hostile:
    """An object whose every question is an error, as the truth of an array is."""

    def __bool__(self) -> bool:
        raise ValueError("ambiguous")

    def __eq__(self, other: object) -> bool:
        raise ValueError("ambiguous")

    def __hash__(self) -> int:
        raise TypeError("not hashable")

    def __len__(self) -> int:
        raise OverflowError("too long")

    def __iter__(self) -> Any:
        raise RuntimeError("no items")


class Text(str):
    """A text of another class."""

    __slots__ = ()


def values() -> list[Any]:
    found: list[Any] = [Hostile(), float("nan"), b"x", range(3), MappingProxyType({}), UserDict()]
    numpy = pytest.importorskip("numpy")
    return [*found, numpy.array([1, 2]), numpy.array([[{}], [{}]], dtype=object), iter([])]


@pytest.mark.parametrize("is_rejected", [False, True])
@pytest.mark.parametrize("task_type", [*every_type(), None, "quantumannotation"])
def test_values_of_other_classes_pass(task_type: str | None, is_rejected: bool) -> None:
    names = {name for one in every_type().values() for name in shape_of(one).names}
    for value in values():
        for name in [*names, "params", "box", "unknown"]:
            for body in ({name: value}, {name: [value]}, {name: {"box": value, "min": value}}):
                suggestions(task_type, body, is_rejected=is_rejected)


@pytest.mark.parametrize("dict_", [OrderedDict, lambda one: defaultdict(int, one)])
def test_dicts_of_other_classes_are_read(dict_: Any) -> None:
    (one,) = suggestions("imageannotation", dict_({"geometries": dict_({"boxes": {}})}))
    assert one.name == "geometries.boxes"
    (one,) = suggestions("imageannotation", {Text("uniqueid"): 1})
    assert one.name == "uniqueid"
