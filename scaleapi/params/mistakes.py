"""Find names of parameters that are misspelt or in the wrong place, before they cost money.

Names that are close to no known one pass in silence: the service may know more of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache, lru_cache
from itertools import islice
from typing import Any, NamedTuple

from .._arguments import shown
from .geometries import Geometries
from .spelling import closest
from .table import COMMON, Child, Shape, every_type, shape_of, task_shape, words

__all__ = ["Suggestion", "suggestions"]

#: Objects that are looked into, so that a large body costs no more than a small one.
_MOST = 20

#: Unknown names that are compared with known ones, which takes about 50 microseconds each.
_MOST_UNKNOWN = 100

#: Parameters that nobody would store as metadata on purpose.
_NEVER_METADATA = frozenset(
    {
        "annotation_attributes",
        "callback_url",
        "clear_unique_id_on_error",
        "geometries",
        "objects_to_annotate",
        "project_param_version",
        "unique_id",
    }
)

_LONGEST = 64  # characters of a name that is shown without quotes

#: Names and places of the objects that something is in.
_Path = tuple[object, ...]

#: An object, the names that it may have, and its place.
_Object = tuple[Mapping[str, Any], Shape, _Path]


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
            problem = _misspelt(name, body[name], kind, shape.names | also, missing)
        if problem is not None:
            found.append(Suggestion(_text(path, name), problem))
    metadata = body.get("metadata")
    if metadata and isinstance(metadata, dict):
        found += _hidden(metadata, body, required)
    return found


def _unknown(body: Mapping[str, Any], shape: Shape) -> list[tuple[str, _Path, Shape]]:
    """Return the names that their objects should not have: the name, its place, the shape there."""
    unknown: list[tuple[str, _Path, Shape]] = []
    objects: list[_Object] = [(body, shape, ())]
    for json, inside, path in objects:  # grows while it is read
        names, children = inside.names, inside.children
        if not names.issuperset(json):
            unknown += [
                (name, path, inside) for name in json if name not in names and isinstance(name, str)
            ]
        for name in [one for one in children if one in json]:
            value = json[name]
            if value and isinstance(value, (dict, list)) and len(objects) < _MOST:
                objects += _objects_in(value, children[name], (*path, name))
    return unknown


def _objects_in(
    value: dict[str, Any] | list[Any], children: tuple[Child, ...], path: _Path
) -> list[_Object]:
    """Return the objects in a value, without those in which nothing could be found."""
    for container, kind in children:
        shape = shape_of(kind)
        if container is None and isinstance(value, dict):
            return [(value, shape, path)]
        if container is dict and isinstance(value, dict):
            entries: Iterable[tuple[object, Any]] = islice(value.items(), _MOST)
        elif container is list and isinstance(value, list):
            entries = enumerate(value[:_MOST])
        else:
            continue
        is_fine, is_leaf = shape.names.issuperset, shape.children.keys().isdisjoint
        return [
            (one, shape, (*path, key))
            for key, one in entries
            if isinstance(one, dict) and not (is_fine(one) and is_leaf(one))
        ]
    return []


def _misspelt(
    name: str, value: object, kind: str | None, known: frozenset[str], missing: Collection[str]
) -> str | None:
    """Return what is wrong with an unknown parameter, ``None`` if nothing is known to be."""
    if name == "params" and isinstance(value, dict) and not known.isdisjoint(value):
        return "is not a parameter; give those in it directly"
    meant = _closest(name, known)
    if meant is None or (name in COMMON and meant not in missing):
        return None
    where = "any task type" if kind is None else f"{kind} tasks"
    return f"is not a parameter of {where}; did you mean {meant}?"


def _misplaced(
    name: str, path: _Path, inside: Shape, shape: Shape, body: Mapping[str, Any]
) -> str | None:
    """Return what is wrong with an unknown name in an object, ``None`` if nothing is."""
    where = _text(path)
    meant = _closest(name, inside.names)
    if meant is not None:
        return f"is not known in {where}; did you mean {meant}?"
    if path[0] != "geometries":
        return None
    if name in shape.names & _beside_geometries() and name not in body:
        return f"is not part of geometries; give {name} beside geometries"
    if len(path) == 1 and name in _inside_geometries():
        return f"belongs in one of the geometries, as geometries.box.{name}"
    return None


def _hidden(
    metadata: dict[str, Any], body: Mapping[str, Any], required: frozenset[str]
) -> list[Suggestion]:
    """Return the parameters that are in the metadata by mistake."""
    if "project" in body or "batch" in body:
        required = frozenset()  # the project may have what is required
    names = metadata.keys() & (_NEVER_METADATA | required) - body.keys()
    problem = "is stored as metadata only; give it beside metadata"
    return [Suggestion(_text(("metadata",), name), problem) for name in sorted(names)]


@cache
def _inside_geometries() -> frozenset[str]:
    """Return the names that geometries have."""
    geometries = shape_of(Geometries).children.values()
    return frozenset(name for (child,) in geometries for name in shape_of(child.type).names)


@cache
def _beside_geometries() -> frozenset[str]:
    """Return the other parameters of the types that have geometries."""
    shapes = [shape_of(one) for one in every_type().values()]
    names = frozenset[str]().union(*(one.names for one in shapes if "geometries" in one.names))
    return names - _inside_geometries()


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
