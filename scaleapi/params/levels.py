"""Parameters in the wrong object: beside or inside of geometries, or in the metadata."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from .geometries import Geometries
from .table import Shape, every_type, shape_of

__all__ = ["beside_geometries", "in_geometries", "in_metadata"]

#: Types that may take labels beside geometries: nobody says what they take.
_LEGACY = frozenset({"videoboxannotation", "videocuboidannotation"})

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


def beside_geometries(
    name: str, value: object, kind: str | None, shape: Shape, is_rejected: bool
) -> str | None:
    """Return what is wrong with an unknown parameter that geometries have, ``None`` if nothing is.

    Args:
        name: The parameter.
        value: Its value.
        kind: The task type, if it is known.
        shape: What the type takes.
        is_rejected: Whether the service has rejected it. Until then, limits such as
            ``min_vertices`` may be parameters that are not known here.
    """
    if "geometries" not in shape.names or kind in _LEGACY:
        return None
    if name in shape_of(Geometries).names:
        is_geometry = isinstance(value, dict) and "objects_to_annotate" in value
        return f"belongs in geometries, as geometries.{name}" if is_geometry else None
    if name == "objects_to_annotate" or (is_rejected and name in _names_in_geometries()):
        return _in_one_of_them(name)
    return None


def in_geometries(
    name: str, path: tuple[object, ...], shape: Shape, body: Mapping[str, Any]
) -> str | None:
    """Return what is wrong with an unknown name in geometries, ``None`` if nothing is.

    Args:
        name: The name.
        path: Its place.
        shape: What the type takes.
        body: The parameters.
    """
    if name == path[-1]:
        return "is in itself; give what is in it directly"
    if name in shape.names & _names_beside_geometries() and name not in body:
        return f"is not part of geometries; give {name} beside geometries"
    if len(path) == 1 and name in _names_in_geometries():
        return _in_one_of_them(name)
    return None


def in_metadata(body: Mapping[str, Any], required: frozenset[str]) -> list[str]:
    """Return the parameters that are in the metadata by mistake.

    Args:
        body: The parameters.
        required: The names that the type requires.
    """
    metadata = body.get("metadata")
    if not isinstance(metadata, dict) or not metadata:
        return []
    if "project" in body or "batch" in body:
        required = frozenset()  # the project may have what is required
    return sorted(metadata.keys() & (_NEVER_METADATA | required) - body.keys())


def _in_one_of_them(name: str) -> str:
    return f"belongs in one of the geometries, as geometries.{_names_in_geometries()[name]}.{name}"


@cache
def _names_in_geometries() -> dict[str, str]:
    """Return the names that geometries have, and for each the first geometry that has it."""
    found: dict[str, str] = {}
    for geometry, (child,) in shape_of(Geometries).children.items():
        for name in shape_of(child.type).names:
            found.setdefault(name, geometry)
    return found


@cache
def _names_beside_geometries() -> frozenset[str]:
    """Return the other parameters of the types that have geometries."""
    shapes = [shape_of(one) for one in every_type().values()]
    names = frozenset[str]().union(*(one.names for one in shapes if "geometries" in one.names))
    return names - _names_in_geometries().keys()
