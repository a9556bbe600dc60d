"""Find names of parameters that are misspelled or in the wrong place, before they cost money.

Names that are close to no known one pass in silence: the service may know more of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from itertools import chain, islice
from typing import Any, NamedTuple

from .._arguments import shown
from .levels import beside_geometries, in_geometries, in_metadata
from .spelling import closest
from .table import COMMON, Child, Shape, shape_of, task_shape, words

__all__ = ["Suggestion", "suggestions"]

#: Objects that are looked into, so that a large body costs no more than a small one.
_MOST = 20

#: Unknown names that are compared with known ones, which takes about 50 microseconds each.
_MOST_UNKNOWN = 100

_LONGEST = 64  # characters of a name that is shown without quotes

#: Names and places of the objects that something is in.
_Path = tuple[object, ...]

#: An object, the names that it may have, and its place.
_Object = tuple[Mapping[str, Any], Shape, _Path]

#: A name that its object should not have, its place, and the names that are known there.
_Unknown = tuple[str, _Path, Shape]


class Suggestion(NamedTuple):
    """A name that is probably a mistake.

    Attributes:
        name: The name, with those of the objects that it is in.
        problem: What is wrong with it, and what it should be.
    """

    name: str
    problem: str

    def __str__(self) -> str:
        return f"{self.name} {self.problem}"


def suggestions(
    task_type: object,
    body: Mapping[str, Any],
    also: frozenset[str] = frozenset(),
    is_project: bool = False,
    is_rejected: bool = False,
) -> list[Suggestion]:
    """Return the names in a body that are probably mistakes.

    Args:
        task_type: The task type; ``None`` if it is not known.
        body: The parameters.
        also: Names that the call knows besides.
        is_project: Whether they are those of a project, which need not be complete.
        is_rejected: Whether the service has rejected the body. Then it may also be a name that
            the service takes with some types.
    """
    kind = task_type if isinstance(task_type, str) else None
    shape = task_shape(kind)
    required = frozenset[str]() if is_project else shape.required
    missing = {one for one in required if is_rejected and body.get(one) is None}
    found: list[Suggestion] = []
    for name, path, inside in _unknown(body, shape)[:_MOST_UNKNOWN]:
        if path:
            problem = _misplaced(name, path, inside, shape, body)
        elif name in also:
            continue
        else:
            problem = beside_geometries(name, body[name], kind, shape, is_rejected) or _misspelled(
                name, body[name], kind, shape.names | also, missing
            )
        if problem is not None:
            found.append(Suggestion(_text(path, name), problem))
    return found + [
        Suggestion(f"metadata.{name}", "is stored as metadata only; give it beside metadata")
        for name in in_metadata(body, required)
    ]


def _unknown(body: Mapping[str, Any], shape: Shape) -> list[_Unknown]:
    """Return the names that their objects should not have."""
    unknown: list[_Unknown] = []
    objects: list[_Object] = [(body, shape, ())]
    for json, inside, path in objects:  # grows while it is read
        names, children = inside.names, inside.children
        if not names.issuperset(json):
            unknown += [
                (name, path, inside) for name in json if name not in names and isinstance(name, str)
            ]
        for name in children:
            if name in json and len(objects) < _MOST:
                value = json[name]
                if isinstance(value, (dict, list)):
                    objects += _objects_in(value, children[name], (*path, name), unknown)
    return unknown


def _objects_in(
    value: dict[str, Any] | list[Any],
    children: tuple[Child, ...],
    path: _Path,
    unknown: list[_Unknown],
) -> list[_Object]:
    """Return the objects in a value, without those in which nothing could be found.

    Names in a dict of objects that are not objects, but are names of theirs, are unknown.
    """
    for container, kind in children:
        shape = shape_of(kind)
        if container is None and isinstance(value, dict):
            return [(value, shape, path)]
        if container is dict and isinstance(value, dict):
            entries = list(islice(value.values(), _MOST))
            keys: Iterable[Any] = value
        elif container is list and isinstance(value, list):
            entries = value[:_MOST]
            keys = range(len(entries))
        else:
            continue
        found = [one for one in entries if isinstance(one, dict)]
        if container is dict and len(found) < len(entries):
            unknown += [
                (name, path, shape)
                for name, one in zip(keys, entries, strict=False)
                if name in shape.names and one is not None and not isinstance(one, dict)
            ]
        if shape.plain.issuperset(chain.from_iterable(found)):
            return []
        return [
            (one, shape, (*path, key))
            for key, one in zip(keys, entries, strict=False)
            if isinstance(one, dict) and not shape.plain.issuperset(one)
        ]
    return []


def _misspelled(
    name: str, value: object, kind: str | None, known: frozenset[str], missing: Collection[str]
) -> str | None:
    """Return what is wrong with an unknown parameter, ``None`` if nothing is known to be."""
    if name == "params" and isinstance(value, dict) and not known.isdisjoint(value):
        return "is not a parameter; give those in it directly"
    meant = _closest(name, known)
    if meant is None or (name in COMMON and meant not in missing):
        return None
    where = "any task type" if kind is None else f"{kind:.40} tasks"
    return f"is not a parameter of {where}; did you mean {meant}?"


def _misplaced(
    name: str, path: _Path, inside: Shape, shape: Shape, body: Mapping[str, Any]
) -> str | None:
    """Return what is wrong with an unknown name in an object, ``None`` if nothing is."""
    where = _text(path)
    if name in inside.names:
        return f"belongs in one of {where}, as {where}.<name>.{name}"
    meant = _closest(name, inside.names)
    if meant is not None:
        return f"is not known in {where}; did you mean {meant}?"
    return in_geometries(name, path, shape, body) if path[0] == "geometries" else None


@lru_cache(maxsize=1024)
def _closest(name: str, known: frozenset[str]) -> str | None:
    return closest(name, known, words())


def _text(path: _Path, name: str | None = None) -> str:
    """Return where something is, as ``geometries.box.min_width`` or ``fields[0].title``."""
    parts = path if name is None else (*path, name)
    text = ""
    for part in parts:
        plain = isinstance(part, str) and part.isidentifier() and len(part) <= _LONGEST
        text += f".{part}" if plain else f"[{shown(part)}]"
    return text.removeprefix(".")
