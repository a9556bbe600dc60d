"""Which names each task type knows, read off its ``TypedDict``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints, is_typeddict

from .. import params
from .._enums import TaskType
from .spelling import words_of

__all__ = [
    "COMMON",
    "Child",
    "Shape",
    "every_type",
    "shape_of",
    "task_shape",
    "words",
]

#: Legacy types that are not in the enum, and another name that the service takes.
_OTHER_TYPES = {
    "audiotranscription": params.AudioTranscriptionParams,
    "categorize": params.CategorizationParams,
}

#: Names that the service takes with any type (https://scale.com/docs/api-reference/tasks).
COMMON = frozenset({"attachment", "attachments", "attachment_type", "project_version"})

#: Values of these packages are data, whose keys nobody checks.
_DATA = "scaleapi.responses."


class Child(NamedTuple):
    """A value that has names of its own.

    Attributes:
        container: ``dict`` if the value maps any key to objects, ``list`` if it lists them,
            ``None`` if it is one.
        type: The ``TypedDict`` of the objects.
    """

    container: Any
    type: Any


class Shape(NamedTuple):
    """The names that an object may have.

    Attributes:
        names: All of them.
        plain: Those whose values have no names of their own.
        required: Those that it must have.
        children: Those whose values have names of their own, and what these may be.
    """

    names: frozenset[str]
    plain: frozenset[str]
    required: frozenset[str]
    children: Mapping[str, tuple[Child, ...]]


@cache
def every_type() -> dict[str, Any]:
    """Return the ``TypedDict`` of every known type, by its name on the wire."""
    known = {kind.value: getattr(params, f"{kind.name}Params") for kind in TaskType}
    return known | _OTHER_TYPES


@cache
def shape_of(typed_dict: Any) -> Shape:
    """Return the names of a ``TypedDict``, whose class has no type of its own."""
    hints = get_type_hints(typed_dict)
    children = {name: tuple(dict.fromkeys(_children(hint))) for name, hint in hints.items()}
    return Shape(
        frozenset(hints),
        frozenset(name for name, found in children.items() if not found),
        typed_dict.__required_keys__,
        {name: found for name, found in children.items() if found},
    )


def _children(hint: Any, container: Any = None) -> Iterator[Child]:
    if is_typeddict(hint):
        if not f"{hint.__module__}.".startswith(_DATA):
            yield Child(container, hint)
        return
    origin = get_origin(hint)
    inner = list if origin is params.ListOf else origin if origin in (dict, list) else container
    for part in get_args(hint):
        yield from _children(part, inner)


def task_shape(task_type: str | None) -> Shape:
    """Return the names that a task of a type may have.

    Args:
        task_type: The type. If it is ``None``, the names are those of all types together; if it
            is not a known one, those that all types have in common. None is required then.
    """
    if task_type is None:
        return _any_task()
    return shape_of(every_type().get(task_type, params.CommonParams))


@cache
def _any_task() -> Shape:
    shapes = [shape_of(one) for one in every_type().values()]
    children: dict[str, tuple[Child, ...]] = {}
    for shape in shapes:
        for name, found in shape.children.items():
            children[name] = tuple(dict.fromkeys(children.get(name, ()) + found))
    names = COMMON.union(*(shape.names for shape in shapes))
    return Shape(names, names - children.keys(), frozenset(), children)


@cache
def words() -> frozenset[str]:
    """Return the words that names are made of. A name of such words alone is not misspelled."""
    every = {name for one in every_type().values() for name in _names_below(one, set())}
    return frozenset(word for name in every | COMMON for word in words_of(name))


def _names_below(typed_dict: Any, seen: set[Any]) -> set[str]:
    if typed_dict in seen:
        return set()
    seen.add(typed_dict)
    shape = shape_of(typed_dict)
    below = [child.type for found in shape.children.values() for child in found]
    return set(shape.names).union(*(_names_below(one, seen) for one in below))
